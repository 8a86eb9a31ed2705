package crawler_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"trame"
	"trame/crawler"
)

// TestSitemapOfTheMoment: a sitemap that gives every page the moment of its
// answer has nothing visited again.
func TestSitemapOfTheMoment(t *testing.T) {
	m, w, a, _ := routed(t, trame.Source{})
	now := time.Now()
	c := crawlerWith(t, a, w, crawler.Options{Delay: -1, Now: func() time.Time { return now }})
	paths := []string{"/aa-un-article", "/bb-autre-article", "/cc-encore-un-article"}
	m.set("/", listOf(paths...))
	for i, p := range paths {
		m.set(p, articleOf("Article "+p, i, ""))
	}
	m.set("/sitemap.xml", func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "application/xml")
		fmt.Fprint(out, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for _, p := range paths {
			fmt.Fprintf(out, "<url><loc>%s%s</loc><lastmod>%s</lastmod></url>", w.URL, p, now.UTC().Format(time.RFC3339))
		}
		fmt.Fprint(out, "</urlset>")
	})
	mustCrawl(t, c, false)
	for range 3 {
		now = now.Add(time.Hour)
		makeDue(t, a, w.URL+"/sitemap.xml")
		w.reset()
		mustCrawl(t, c, false)
		if w.asked("/sitemap.xml") != 1 {
			t.Fatal("the sitemap was not asked")
		}
		for _, p := range paths {
			if n := w.asked(p); n > 0 {
				t.Errorf("%s asked again", p)
			}
		}
	}
}
