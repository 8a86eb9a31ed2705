package trame

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestParseQuery(t *testing.T) {
	tests := []struct {
		url  string
		want Query
	}{
		{"", Query{}},
		{"q=+aide+&unknown=1", Query{Text: "aide"}},
		{"theme=logement&theme=mna&theme=logement&theme=&country=be&type=rapport&language=FR&author=Jeanne+Dupont&source=rtbf",
			Query{Themes: []string{"logement", "mna"}, Countries: []string{"BE"}, Types: []string{TypeReport}, Languages: []string{"fr"}, Authors: []string{"Jeanne Dupont"}, Sources: []string{"rtbf"}}},
		{"from=2015&to=2015-04", Query{From: Date{Year: 2015}, To: Date{Year: 2015, Month: 4}}},
		{"sort=newest&page=3&per_page=50", Query{Sort: SortNewest, Page: 3, PerPage: 50}},
		{"page=1&per_page=20", Query{}},
		{"facets=theme,source&facets=year,theme", Query{Facets: []string{"theme", "source", "year"}}},
	}
	for _, test := range tests {
		v, err := url.ParseQuery(test.url)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseQuery(v)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("ParseQuery(%s) = %+v, %v, want %+v", test.url, got, err, test.want)
		}
		again, err := ParseQuery(got.Values())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("ParseQuery(Values of %s) = %+v, %v, want %+v", test.url, again, err, got)
		}
	}
}

func TestParseQueryErrors(t *testing.T) {
	for _, test := range []struct{ url, field string }{
		{"q=ab*", "q"},
		{"q=" + strings.Repeat("a", MaxQueryBytes+1), "q"},
		{"q=" + strings.Repeat("a+", MaxQueryTerms+1), "q"},
		{"country=Belgique", "country"},
		{"type=roman", "type"},
		{"language=../../x", "language"},
		{"theme=" + strings.Repeat("a", MaxFilterBytes+1), "theme"},
		{"source=a%00b", "source"},
		{"from=2026-13-45", "from"},
		{"from=2026-02-01&to=2026-01-01", "to"},
		{"sort=__proto__", "sort"},
		{"page=0", "page"},
		{"page=-5", "page"},
		{"page=NaN", "page"},
		{"page=501", "page"},
		{"page=9223372036854775807", "page"},
		{"page=99999999999999999999999", "page"},
		{"per_page=101", "per_page"},
		{"per_page=2000000000", "per_page"},
		{"facets=constructor", "facets"},
	} {
		v, err := url.ParseQuery(test.url)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseQuery(v)
		var e *QueryError
		if !errors.As(err, &e) || e.Field != test.field || e.Msg == "" {
			t.Errorf("ParseQuery(%.60s) = %+v, %v, want an error about %s", test.url, got, err, test.field)
		}
	}
}

func TestToggle(t *testing.T) {
	q := Query{Text: "aide", Page: 3}
	with := q.Toggle("theme", "logement").Toggle("theme", "mna").Toggle("year", "2015")
	want := Query{Text: "aide", Themes: []string{"logement", "mna"}, From: Date{Year: 2015}, To: Date{Year: 2015}}
	if !reflect.DeepEqual(with, want) {
		t.Errorf("Toggle gives %+v, want %+v", with, want)
	}
	if got := with.Filter("year"); !reflect.DeepEqual(got, []string{"2015"}) {
		t.Errorf("Filter(year) = %v, want [2015]", got)
	}
	without := with.Toggle("theme", "logement").Toggle("theme", "mna").Toggle("year", "2015")
	if want := (Query{Text: "aide"}); !reflect.DeepEqual(without, want) {
		t.Errorf("Toggle back gives %+v, want %+v", without, want)
	}
}

// TestHostileQueries: every query of the pack is answered or refused with a
// sentence.
func TestHostileQueries(t *testing.T) {
	data, err := os.ReadFile("testdata/hostile-queries.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []hostileCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range append(cases, generated()...) {
		q, err := ParseQuery(url.Values{"q": {c.Q}})
		var e *QueryError
		if err != nil && (!errors.As(err, &e) || e.Msg == "") {
			t.Errorf("%s: ParseQuery: %v", c.ID, err)
		}
		if err == nil && !reflect.DeepEqual(q, Query{Text: q.Text}) {
			t.Errorf("%s: ParseQuery = %+v", c.ID, q)
		}
	}
	if len(cases) < 50 {
		t.Errorf("read %d cases", len(cases))
	}
}

type hostileCase struct{ ID, Q string }

// generated are the cases of the pack that are too long to be written out.
func generated() []hostileCase {
	words := func(n int, end string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "mot%d%s ", i, end)
		}
		return b.String()
	}
	return []hostileCase{
		{"letters-8k", strings.Repeat("a", 8192)}, {"letters-1M", strings.Repeat("a", 1<<20)},
		{"tilde-100k", "a" + strings.Repeat("~", 100_000)}, {"slash-100k", strings.Repeat("/", 100_000)},
		{"clauses-1k", words(1000, "")}, {"clauses-50k", words(50_000, "")},
		{"prefix-100", strings.Repeat("a* ", 100)}, {"stars-2000", strings.Repeat("*a", 2000)},
		{"fuzzy-200", words(200, "~2")}, {"phrase-10k", `"` + words(10_000, "") + `"`},
		{"long-word-fuzzy", strings.Repeat("abcdefghij", 100) + "~2"},
	}
}

// FuzzQuery: nothing panics, and Values is the inverse of ParseQuery.
func FuzzQuery(f *testing.F) {
	f.Add("q=aide&theme=a&theme=b&from=2015&to=2016-02&sort=oldest&page=2&per_page=10&facets=theme,year")
	f.Add("q=%22a&country=be&type=list&language=fr&author=x&source=y")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := url.ParseQuery(s)
		if err != nil {
			return
		}
		q, err := ParseQuery(v)
		if err != nil {
			if !errors.Is(err, ErrInvalidQuery) {
				t.Fatalf("ParseQuery(%q): %v", s, err)
			}
			return
		}
		again, err := ParseQuery(q.Values())
		if err != nil || !reflect.DeepEqual(again, q) {
			t.Fatalf("ParseQuery(%q) = %+v, read again %+v, %v", s, q, again, err)
		}
	})
}
