package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

// TestFullSourceHearsItsFeed: a source that has as many known links as are kept
// says so, and still reads what its feed announces.
func TestFullSourceHearsItsFeed(t *testing.T) {
	m, w, a, c := routed(t, trame.Source{MaxPages: 3, Sitemap: "off"})
	feed := func(items ...string) http.HandlerFunc {
		return func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprint(out, `<?xml version="1.0"?><rss version="2.0"><channel><title>Revue</title>`)
			for _, i := range items {
				fmt.Fprintf(out, `<item><title>Un texte tout neuf</title><link>%s%s</link></item>`, w.URL, i)
			}
			fmt.Fprint(out, `</channel></rss>`)
		}
	}
	var links []string
	for i := range 40 {
		links = append(links, fmt.Sprintf("/un-article-numero-%da", i))
	}
	m.set("/", listOf(links...))
	m.set("/feed/", feed())
	m.set("/un-article-tout-neuf", articleOf("Un texte tout neuf", 1, ""))
	mustCrawl(t, c, false)
	rec, err := a.Source(t.Context(), "site")
	if err != nil || !strings.Contains(rec.Problem, "max_pages") {
		t.Errorf("problem of the full source = %q, %v", rec.Problem, err)
	}
	m.set("/feed/", feed("/un-article-tout-neuf"))
	makeDue(t, a, w.URL+"/feed/")
	mustCrawl(t, c, false)
	if l, err := a.Link(t.Context(), w.URL+"/un-article-tout-neuf"); err != nil || l.Kind != archive.LinkPage {
		t.Errorf("the link that the feed announces: %v", err)
	}
}
