package crawler_test

import (
	"net/http"
	"strings"
	"testing"

	"trame"
)

// TestPartFailsOnce: when a further part of an article fails, the article keeps
// the part as it was; where it was never there, the article is whole as soon as
// the part answers, though its first page has not changed.
func TestPartFailsOnce(t *testing.T) {
	m, w, a, c := routed(t, trame.Source{Sitemap: "off"})
	first := func(tag, title string) http.HandlerFunc {
		return tagged(tag, articleOf(title, 1, `<link rel="next" href="/un-bel-article/2/">`))
	}
	second := articleOf("Un bel article", 33, "")
	whole := func() bool { return strings.Contains(articles(t, a, w)["/un-bel-article/"].Text, "MARQUE-33-") }

	m.set("/", listOf("/un-bel-article/", "/autre-article-ici", "/encore-un-article"))
	m.set("/un-bel-article/", first(`"v1"`, "Un bel article"))
	m.set("/un-bel-article/2/", statusOf(http.StatusInternalServerError))
	mustCrawl(t, c, false)
	if whole() {
		t.Fatal("the second part came though it failed")
	}
	m.set("/un-bel-article/2/", second)
	mustCrawl(t, c, true)
	if !whole() {
		t.Error("the second part did not come after it had failed once")
	}

	m.set("/un-bel-article/", first(`"v2"`, "Un très bel article"))
	m.set("/un-bel-article/2/", statusOf(http.StatusInternalServerError))
	mustCrawl(t, c, true)
	if !whole() {
		t.Error("the second part is lost because it failed once")
	}
	if got := articles(t, a, w)["/un-bel-article/"].Title; got != "Un très bel article" {
		t.Errorf("title = %q, want the new one", got)
	}
}
