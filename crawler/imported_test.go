package crawler_test

import (
	"testing"

	"trame"
)

// TestImportedSource: a source that only came with imported articles has nothing
// to visit, and that is no problem.
func TestImportedSource(t *testing.T) {
	m, _, a, c := routed(t, trame.Source{Sitemap: "off"})
	m.set("/", listOf("/un-bel-article", "/autre-article-ici", "/encore-un-article"))
	if _, err := a.Import(t.Context(), []trame.Article{{URL: "https://ailleurs.example/a", Title: "Un texte", Text: "Venu d’ailleurs.", Source: "ailleurs", SourceName: "Ailleurs"}}); err != nil {
		t.Fatal(err)
	}
	mustCrawl(t, c, false)
	rec, err := a.Source(t.Context(), "ailleurs")
	if err != nil || rec.Problem != "" {
		t.Errorf("problem of the imported source = %q, %v", rec.Problem, err)
	}
}
