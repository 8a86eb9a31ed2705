package crawler_test

import (
	"testing"

	"trame"
)

// TestNumberedArticles: the numbered articles and the pagers of a list that is
// not the home are visited, though their addresses look like its further parts.
func TestNumberedArticles(t *testing.T) {
	m, w, a, c := routed(t, trame.Source{Sitemap: "off"})
	m.set("/", listOf("/articles/", "/equipe", "/contact"))
	m.set("/articles/", listOf("/articles/1", "/articles/2", "/articles/37", "/articles/page/2/", "/articles/?page=2"))
	m.set("/articles/page/2/", listOf("/articles/120", "/articles/121", "/articles/122"))
	m.set("/articles/?page=2", listOf("/articles/4000", "/articles/4001", "/articles/4002"))
	paths := []string{"/articles/1", "/articles/2", "/articles/37", "/articles/120", "/articles/4000"}
	for i, p := range paths {
		m.set(p, articleOf("Article "+p, i, ""))
	}
	mustCrawl(t, c, false)
	got := articles(t, a, w)
	for _, p := range paths {
		if got[p].Title == "" {
			t.Errorf("%s is not in the archive", p)
		}
	}
}
