package index

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// hostileQuery is a query that somebody means ill with.
type hostileQuery struct {
	ID string
	v  url.Values
}

// hostileQueries reads those of the tests. Long ones are described: a text, or one
// repeated between two others, or values repeated.
func hostileQueries(t *testing.T) (all []hostileQuery) {
	t.Helper()
	type written struct {
		ID, Q string
		Text  struct {
			Before, Repeat, After string
			Times                 int
		}
		Values url.Values
		Copies int
	}
	for _, w := range readJSON[[]written](t, "../testdata/hostile-queries.json") {
		q := hostileQuery{w.ID, url.Values{}}
		for name, values := range w.Values {
			q.v[name] = slices.Repeat(values, max(w.Copies, 1))
		}
		if len(q.v) == 0 {
			var b strings.Builder
			b.WriteString(w.Q + w.Text.Before)
			for i := range w.Text.Times {
				b.WriteString(strings.ReplaceAll(w.Text.Repeat, "%d", strconv.Itoa(i)))
			}
			q.v.Set("q", b.String()+w.Text.After)
		}
		all = append(all, q)
	}
	return all
}

// TestHostileQueries asks every query of the pack eight times at once, and others
// that are hard for this engine. Each gets an answer or a sentence.
func TestHostileQueries(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, compose(1000))
	e := newEngine(t, t.TempDir(), a)
	cases := hostileQueries(t)
	if len(cases) != 83 {
		t.Errorf("read %d cases, want 83", len(cases))
	}
	for _, more := range []string{
		"aaa* bbb* con* pre* tra* soc* sec* acc*", "a OU b OU c OU d OU e", "travail social travail social travail social travail social",
		`"travail social"~100 "social travail"~100`, `"travail social travail social"`, "-(travail OU social) -date:1900.. tra*",
		strings.Repeat("con* OU ", 50) + "tra*", strings.Repeat("-(", 30) + "travail", `"` + strings.Repeat("travail ", 60) + `"~100`, strings.Repeat("travail social ", 32),
		strings.Repeat("-(travail OU -(social ", 15), `"` + strings.TrimSpace(strings.Repeat("burn-out ", 30)) + `"~60`,
	} {
		cases = append(cases, hostileQuery{more, url.Values{"q": {more}}})
	}
	for _, c := range cases {
		q, err := trame.ParseQuery(c.v)
		if err != nil {
			if !errors.Is(err, trame.ErrInvalidQuery) {
				t.Errorf("%s: ParseQuery: %v", c.ID, err)
			}
			continue
		}
		q.Facets = trame.FacetNames
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if r, err := e.Search(t.Context(), q); err != nil || len(r.Facets) != len(trame.FacetNames) {
					t.Errorf("%s: Search: %v", c.ID, err)
				}
			})
		}
		group.Wait()
		if _, err := e.Trends(t.Context(), q, "month"); err != nil {
			t.Errorf("%s: Trends: %v", c.ID, err)
		}
		if _, err := e.Concordance(t.Context(), q, trame.ConcordanceOptions{Sort: "left", Limit: 100}); err != nil && !errors.Is(err, trame.ErrInvalidQuery) {
			t.Errorf("%s: Concordance: %v", c.ID, err)
		}
	}
}

// TestReadWhileWriting asks everything that can be asked while the index is
// written to, made again and taken from. Every answer is whole: what it counts is
// what one state of the index holds.
func TestReadWhileWriting(t *testing.T) {
	a := newArchive(t)
	articles := compose(1200)
	importAll(t, a, articles[:600])
	e := newEngine(t, t.TempDir(), a)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	ask := func(what string, f func(i int) error) {
		group.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := f(i); err != nil && !errors.Is(err, trame.ErrNotFound) {
					t.Errorf("%s while writing: %v", what, err)
					return
				}
			}
		})
	}
	texts := []string{"travail social", "", "tra*", `"travail social" OU sociaa`, "comment aider la famille et l’enfant dans la ville", "zzz travial"}
	ask("Search", func(i int) error {
		r, err := e.Search(t.Context(), trame.Query{Text: texts[i%len(texts)], Facets: trame.FacetNames, Explain: i%2 == 0})
		if err == nil && i%len(texts) == 1 {
			for _, f := range []string{"source", "country", "language", "type"} { // everything has one
				n := 0
				for _, v := range r.Facets[f] {
					n += v.Count
				}
				if n != r.Total || r.Total != r.TotalArchive {
					t.Errorf("%s counts %d of %d found in %d", f, n, r.Total, r.TotalArchive)
				}
			}
		}
		return err
	})
	ask("Trends", func(i int) error {
		r, err := e.Trends(t.Context(), trame.Query{Text: texts[i%len(texts)]}, "year")
		if err == nil {
			n := r.Earlier + r.Undated
			for _, p := range r.Points {
				n += p.Count
			}
			if n != r.Total {
				t.Errorf("trends count %d of %d", n, r.Total)
			}
		}
		return err
	})
	ask("Similar", func(i int) error {
		_, err := e.Similar(t.Context(), articles[i%600].ID, 5)
		return err
	})
	ask("Concordance", func(i int) error {
		_, err := e.Concordance(t.Context(), trame.Query{Text: texts[0]}, trame.ConcordanceOptions{Sort: "date", Limit: 20})
		return err
	})
	for i := 600; i < 1200; i += 100 {
		importAll(t, a, articles[i:i+100])
		for k := i - 300; k < i; k += 60 { // and some change
			articles[k].Text += " changé"
		}
		importAll(t, a, articles[i-300:i])
		if err := CatchUp(t.Context(), a, e, nil); err != nil {
			t.Fatal(err)
		}
		if i == 800 {
			if err := e.Rebuild(t.Context(), a, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	head, err := e.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		head++
		if err := e.Apply(t.Context(), []archive.Change{{N: head, ID: articles[i*7].ID, Number: int64(i*7 + 1)}}, head); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	group.Wait()
	if r, err := e.Search(t.Context(), trame.Query{}); err != nil || r.Total != 1180 {
		t.Errorf("Search = %v, %v, want 1180", r, err)
	}
}

// TestPatience: a search does not wait for ever for words that are being read.
func TestPatience(t *testing.T) {
	w := newWorld(t)
	w.apply(w.plan(20, 0, 0))
	w.engine.o.Patience = time.Millisecond
	making := make(chan struct{}) // never ends
	w.engine.now.words.making = making
	r, err := w.engine.Search(t.Context(), trame.Query{Text: "travial"})
	if err != nil || r.Total != 0 || len(r.Added) > 0 {
		t.Errorf("Search = %v, %v, want nothing", r, err)
	}
	w.engine.now.words.making = nil
	w.engine.o.Patience = 0
	if r, err = w.engine.Search(t.Context(), trame.Query{Text: "travial"}); err != nil || r.Total == 0 {
		t.Errorf("Search = %v, %v, want what travail finds", r, err)
	}
}
