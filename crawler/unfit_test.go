package crawler_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// TestUnfitForOnce: an article that answers for once with something that is no
// page, or is too large, is asked again; one that is too large stays meanwhile.
func TestUnfitForOnce(t *testing.T) {
	const path = "/un-bel-article"
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		stays  bool
	}{
		"JSON": {func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", "application/json")
			fmt.Fprint(out, `{"error":"db"}`)
		}, false},
		"too large": {func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", "text/html")
			blank := make([]byte, 1<<20)
			for range 12 {
				out.Write(blank)
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			m, w, a, c := routed(t, trame.Source{Sitemap: "off"})
			m.set("/", listOf(path, "/autre-article-ici", "/encore-un-article"))
			m.set(path, articleOf("Un bel article", 1, ""))
			mustCrawl(t, c, false)
			m.set(path, test.answer)
			for range 2 {
				makeDue(t, a, w.URL+path)
				mustCrawl(t, c, false)
				if l := stateOf(t, a, w.URL+path); l.Due.Before(time.Now().Add(24 * time.Hour)) {
					t.Errorf("next visit at %v, want it in a week", l.Due)
				}
			}
			if got, there := articles(t, a, w)[path]; test.stays && (!there || got.Gone) {
				t.Error("the article is hidden")
			}
			m.set(path, articleOf("Un bel article", 1, ""))
			makeDue(t, a, w.URL+path)
			mustCrawl(t, c, false)
			wantState(t, a, w.URL+path, archive.StateRead)
		})
	}
}
