package index

import (
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"trame"
)

// TestPaging reads results page by page while articles are added, changed and
// removed and segments merged: what was there at the first page and has not
// changed since comes once, in the order that one long page would have had. What
// has changed is another text, and may come where that stands.
func TestPaging(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		w.apply(w.plan(30, 0, 0))
	}
	pages := 0
	for i := range 12 * effort() {
		order := []trame.Sort{trame.SortRelevance, trame.SortNewest, trame.SortOldest}[i%3]
		q := trame.Query{Bare: true, Sort: order, Strict: i%2 == 0, Text: pick(w.r, []string{
			"travail OU social", "travail", "social OU enfants OU famille OU droits", `"travail social" OU logement`, "", "tra* OU soc*", "secret travail enfants",
		})}
		want := everything(t, w.engine, q)
		before := maps.Clone(w.now)
		q.PerPage = 5 + w.r.IntN(30)
		var got []string
		for {
			r, err := w.engine.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Items {
				got = append(got, h.ID)
			}
			if pages++; r.Next == "" {
				break
			}
			q.Cursor = r.Next
			w.apply(w.plan(w.r.IntN(5), w.r.IntN(3), w.r.IntN(3)))
			if pages%20 == 0 {
				if err := w.engine.now.store.(*scorch.Scorch).ForceMerge(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		same := func(id string) bool { return before[id] != nil && before[id] == w.now[id] }
		kept := func(ids []string) []string {
			return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !same(id) })
		}
		if got, want := kept(got), kept(want); !slices.Equal(got, want) {
			t.Errorf("%s: pages of %d hold %d, one long page %d; they part at %d: %v", name(q), q.PerPage, len(got), len(want), parting(got, want), q.Sort)
		}
	}
	if pages < 60*effort() {
		t.Errorf("read %d pages", pages)
	}
}

// parting returns the first place where two lists differ.
func parting(a, b []string) int {
	for i := range a {
		if i == len(b) || a[i] != b[i] {
			return i
		}
	}
	return len(a)
}

// everything returns the ids of all results in order, by page numbers.
func everything(t *testing.T, e Engine, q trame.Query) (ids []string) {
	t.Helper()
	q.PerPage = trame.MaxPerPage
	for {
		r, err := e.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Items {
			ids = append(ids, h.ID)
		}
		if len(ids) >= r.Total || len(r.Items) == 0 {
			return ids
		}
		q.Page = q.Number() + 1
	}
}

// TestAsOf asks for the archive as it was: an article first seen later is neither
// found nor counted, and nothing else changes, scores included.
func TestAsOf(t *testing.T) {
	w := newWorld(t)
	w.apply(w.plan(150, 0, 0))
	q := trame.Query{Bare: true, Text: "travail social enfants logement", PerPage: 100, Facets: trame.FacetNames}
	before, err := w.engine.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	q.AsOf = time.Unix(1_600_000_000+w.number, 0)
	for range 8 {
		w.apply(w.plan(20, 0, 0))
	}
	after, err := w.engine.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if after.Total != before.Total || after.TotalArchive != 150 || after.Whole != before.Whole {
		t.Errorf("as it was, %d of %d are found, %d whole; then it was %d of 150, %d whole", after.Total, after.TotalArchive, after.Whole, before.Total, before.Whole)
	}
	for i, h := range before.Items {
		if after.Items[i].ID != h.ID || after.Items[i].Score != h.Score {
			t.Errorf("result %d is %s with %v, and was %s with %v", i, after.Items[i].ID, after.Items[i].Score, h.ID, h.Score)
		}
	}
	for f, values := range before.Facets {
		if got, want := lines(after.Facets[f]), lines(values); !slices.Equal(got, want) {
			t.Errorf("%s is counted %v, and was %v", f, got, want)
		}
	}
}

// TestCursorsRefused: a cursor of another order, or that nobody gave, is refused
// with a sentence.
func TestCursorsRefused(t *testing.T) {
	w := newWorld(t)
	w.apply(w.plan(50, 0, 0))
	r, err := w.engine.Search(t.Context(), trame.Query{Bare: true, PerPage: 5, Sort: trame.SortNewest})
	if err != nil || r.Next == "" {
		t.Fatalf("Search = %v, %v, want a cursor", r, err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(r.Next)
	if err != nil {
		t.Fatal(err)
	}
	longer := base64.RawURLEncoding.EncodeToString(append(raw, 0))
	shorter := base64.RawURLEncoding.EncodeToString(raw[:len(raw)-1])
	for _, q := range []trame.Query{
		{Cursor: r.Next, Sort: trame.SortOldest}, {Cursor: r.Next, Text: "travail"}, {Cursor: "abc"}, {Cursor: "é"}, {Cursor: longer}, {Cursor: shorter},
		{Cursor: r.Next[:len(r.Next)-1] + "="}, {Page: trame.MaxResultDepth/20 + 1},
	} {
		var bad *trame.QueryError
		if _, err := w.engine.Search(t.Context(), q); !errors.As(err, &bad) || bad.Msg == "" || bad.Field != "cursor" && bad.Field != "page" {
			t.Errorf("Search(%s) = %v, want a QueryError", name(q), err)
		}
	}
	for range 2000 { // what nobody wrote is refused or answered
		forged := slices.Clone(raw)
		for range 1 + w.r.IntN(3) {
			forged[1+w.r.IntN(len(forged)-1)] = byte(w.r.IntN(256))
		}
		q := trame.Query{Bare: true, Sort: trame.SortNewest, Text: "travail social enfants", Cursor: base64.RawURLEncoding.EncodeToString(forged)}
		if _, err := w.engine.Search(t.Context(), q); err != nil && !errors.Is(err, trame.ErrInvalidQuery) {
			t.Errorf("Search(%s): %v", name(q), err)
		}
	}
	if _, err := w.engine.Search(t.Context(), trame.Query{Cursor: r.Next, Text: "travail", Sort: trame.SortNewest}); err != nil {
		t.Errorf("the same order with other words: %v", err)
	}
}
