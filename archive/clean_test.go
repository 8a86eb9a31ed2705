package archive_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode/utf8"

	"trame"
	"trame/archive"
)

// odd are pieces that break stores, logs and pages.
var odd = []string{"\x00", "\xff", "\xc3", "\xed\xa0\x80", "\u202e", "\u2066", "\ufeff", "\x1b[31m", "\r\n", "\u0085", "é", "e\u0301", "’", "😀", "\t", "'; DROP TABLE articles; --", "\uffff", "$1", "%s", "\\"}

func oddString(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteString(odd[r.IntN(len(odd))])
		b.WriteString("mot ")
	}
	return b.String()
}

// fill sets every string that v holds to an odd one, addresses apart.
func fill(v reflect.Value, r *rand.Rand) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(oddString(r))
	case reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case f.Type == reflect.TypeFor[time.Time]() || f.Type == reflect.TypeFor[trame.Date]():
			case f.Name == "URL":
				v.Field(i).SetString("https://exemple.test/" + strings.ReplaceAll(oddString(r), "%", ""))
			default:
				fill(v.Field(i), r)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0), r)
			fill(v.Index(1), r)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), r)
	}
}

// unclean returns the strings in v that should have been cleaned.
func unclean(v reflect.Value) (bad []string) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x1b\r\u0085\u202e\u2066\ufeff") {
			bad = append(bad, s)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			bad = append(bad, unclean(v.Field(i))...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			bad = append(bad, unclean(v.Index(i))...)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			bad = append(bad, unclean(it.Key())...)
			bad = append(bad, unclean(it.Value())...)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			bad = unclean(v.Elem())
		}
	}
	return bad
}

func TestUncleanSees(t *testing.T) {
	for _, s := range odd[:10] {
		if len(unclean(reflect.ValueOf(trame.Article{Event: &trame.Event{Place: s}}))) == 0 {
			t.Errorf("unclean does not see %q", s)
		}
	}
}

// Whatever strings come in, what comes out is clean, and all of it comes out.
func TestOddStrings(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		round := func(seed uint64) bool {
			r := rand.New(rand.NewPCG(seed, 1))
			var v archive.Visit
			v.Article, v.Page = &trame.Article{}, &archive.Page{Header: map[string]string{oddString(r): oddString(r)}}
			fill(reflect.ValueOf(&v.Link).Elem(), r)
			fill(reflect.ValueOf(v.Article).Elem(), r)
			v.Link.URL = fmt.Sprintf("https://exemple.test/%d/%s", seed, strings.NewReplacer("%", "", "\r\n", "", "\t", "").Replace(oddString(r)))
			v.Link.Host = "exemple.test:443"
			v.Article.URL, v.Article.ID, v.Page.URL = "", "", ""
			v.Page.ContentType, v.Page.Body = oddString(r), []byte(oddString(r))
			v.Article.Text = "début\x00fin" + oddString(r) + "."
			v.Link.State = archive.StateRead
			v.Link.Source = "s" + v.Link.Source
			w.put(trame.Source{ID: v.Link.Source})
			n, err := w.Save(t.Context(), v)
			if err != nil {
				t.Error(err)
				return false
			}
			c, err := w.Changes(t.Context(), n-1, 1)
			if err != nil || len(c) != 1 {
				t.Errorf("Changes = %v, %v", c, err)
				return false
			}
			got := *c[0].Article
			p, perr := w.Page(t.Context(), got.URL)
			l, lerr := w.Link(t.Context(), got.URL)
			if perr != nil || lerr != nil {
				t.Errorf("page and link of %q: %v, %v", got.URL, perr, lerr)
				return false
			}
			if string(p.Body) != string(v.Page.Body) {
				t.Errorf("Body = %q, want the very bytes %q", p.Body, v.Page.Body)
			}
			p.Body, l.Hint = nil, nil
			bad := append(unclean(reflect.ValueOf(got)), unclean(reflect.ValueOf(p))...)
			if bad = append(bad, unclean(reflect.ValueOf(l))...); len(bad) > 0 {
				t.Errorf("not clean: %q", bad)
			}
			if !strings.HasPrefix(got.Text, "débutfin") || !strings.HasSuffix(got.Text, ".") || !utf8.ValidString(got.Text) {
				t.Errorf("Text = %q, want it whole", got.Text)
			}
			return !t.Failed()
		}
		if err := quick.Check(round, &quick.Config{MaxCount: 60}); err != nil {
			t.Error(err)
		}
		if err := w.PutSource(t.Context(), trame.Source{ID: "a\x00", Name: "\u202eabc\xff"}); err != nil {
			t.Fatal(err)
		}
		if s := w.source("a"); s.Name != "abc\ufffd" {
			t.Errorf("Name = %q, want it clean", s.Name)
		}
		if err := w.SetNote(t.Context(), "k\x00", "\x00v"); err != nil {
			t.Error(err)
		}
	})
}
