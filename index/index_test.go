package index

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

// newArchive returns an empty archive in a folder of the test.
func newArchive(t testing.TB) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "archive.db"), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// examples are the articles of testdata/articles.json.
func examples(t testing.TB) []trame.Article {
	t.Helper()
	return readJSON[[]trame.Article](t, "testdata/articles.json")
}

func readJSON[T any](t testing.TB, name string) (v T) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// newEngine returns an engine on a folder, with everything of the archive in it.
func newEngine(t testing.TB, folder string, a *archive.Archive) Engine {
	t.Helper()
	e, err := Open(t.Context(), "bleve:"+folder, a, Options{Themes: []trame.Theme{{ID: "logement", Label: map[string]string{"fr": "Logement"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

func importAll(t testing.TB, a *archive.Archive, articles []trame.Article) {
	t.Helper()
	if _, err := a.Import(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
}

func ask(t testing.TB, s trame.Searcher, query string) *trame.Results {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := trame.ParseQuery(v)
	if err != nil {
		t.Fatalf("ParseQuery(%s): %v", query, err)
	}
	r, err := s.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("Search(%s): %v", query, err)
	}
	return r
}

// slugs returns the last part of the addresses found.
func slugs(r *trame.Results) []string {
	names := []string{}
	for _, h := range r.Items {
		names = append(names, path.Base(h.URL))
	}
	return names
}

func lines(values []trame.FacetValue) []string {
	var lines []string
	for _, v := range values {
		lines = append(lines, fmt.Sprintf("%s %d", v.Value, v.Count))
	}
	return lines
}

// TestSearches asks the questions of testdata/searches.json, on one batch and on
// many segments with deletions.
func TestSearches(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	t.Run("one batch", func(t *testing.T) { testSearches(t, newEngine(t, t.TempDir(), a)) })
	t.Run("one by one, each twice", func(t *testing.T) {
		e, err := Open(t.Context(), "bleve:"+t.TempDir(), a, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		changes, err := a.Changes(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range slices.Concat(changes, changes) {
			if err := e.Apply(t.Context(), []archive.Change{c}, c.N); err != nil {
				t.Fatal(err)
			}
		}
		testSearches(t, e)
	})
}

func testSearches(t *testing.T, e Engine) {
	type search struct {
		Q, First, Facets string
		Total            *int
		IDs, Page        []string // in any order; in this order
		Want             map[string][]string
		Dropped          []string
	}
	searches := readJSON[[]search](t, "testdata/searches.json")
	for _, s := range searches {
		query := s.Q
		if s.Facets != "" {
			query += "&facets=" + s.Facets
		}
		r := ask(t, e, query)
		got := slugs(r)
		if s.Total != nil && r.Total != *s.Total {
			t.Errorf("Search(%s) finds %d %v, want %d", s.Q, r.Total, got, *s.Total)
		}
		if s.First != "" && (len(got) == 0 || got[0] != s.First) {
			t.Errorf("Search(%s) = %v, want %s first", s.Q, got, s.First)
		}
		if s.Page != nil && !slices.Equal(got, s.Page) {
			t.Errorf("Search(%s) = %v, want %v", s.Q, got, s.Page)
		}
		if s.IDs != nil {
			want := s.IDs
			if !strings.Contains(s.Q, "sort=") {
				got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
			}
			if !slices.Equal(got, want) || r.Total != len(want) {
				t.Errorf("Search(%s) = %d %v, want %v", s.Q, r.Total, got, want)
			}
		}
		for name, want := range s.Want {
			if got := lines(r.Facets[name]); !reflect.DeepEqual(got, want) {
				t.Errorf("Search(%s) counts %s %v, want %v", s.Q, name, got, want)
			}
		}
		if s.Dropped != nil {
			got, want := slices.Sorted(slices.Values(r.Dropped)), slices.Sorted(slices.Values(s.Dropped))
			if !slices.Equal(got, want) {
				t.Errorf("Search(%s) drops %v, want %v", s.Q, got, want)
			}
		}
		if r.TotalArchive != 12 {
			t.Errorf("Search(%s): the archive holds %d, want 12", s.Q, r.TotalArchive)
		}
	}
	if len(searches) < 50 {
		t.Errorf("read %d searches", len(searches))
	}
}

func TestHit(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	r := ask(t, e, "q=psychiatrique+pr%C3%A9carit%C3%A9&facets=theme,source,type")
	h := r.Items[0]
	if want := trame.Markup("<mark>Psychiatrie</mark> et <mark>précarité</mark>"); h.TitleMarked != want {
		t.Errorf("TitleMarked = %s, want %s", h.TitleMarked, want)
	}
	if s := string(h.Snippet); !strings.Contains(s, "équipes <mark>psychiatriques</mark> mobiles") || !strings.Contains(s, "&lt;script&gt;") {
		t.Errorf("Snippet = %s", s)
	}
	if h.Text != "" || h.Score <= 0 {
		t.Errorf("Text = %q, Score = %v", h.Text, h.Score)
	}
	if want := []trame.FacetValue{{Value: "perles", Label: "Perles", Count: 1}}; !reflect.DeepEqual(r.Facets["source"], want) {
		t.Errorf("source = %v, want %v", r.Facets["source"], want)
	}
	if want := "tous ces mots : psychiatrique, précarité"; r.Understood != want {
		t.Errorf("Understood = %s, want %s", r.Understood, want)
	}
	totals, err := a.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Generation != totals.Change {
		t.Errorf("Generation = %d, want %d", r.Generation, totals.Change)
	}
}
