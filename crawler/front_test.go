package crawler_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"trame"
)

// TestFrontAskedAgain: a home or a feed that the source names is asked again
// within the hour after one 403 or 404, and later and later after more.
func TestFrontAskedAgain(t *testing.T) {
	for _, code := range []int{http.StatusForbidden, http.StatusNotFound} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			m, w, a, _ := routed(t, trame.Source{})
			if err := a.PutSource(t.Context(), trame.Source{ID: "site", URL: w.URL + "/", Sitemap: "off", Feeds: []string{w.URL + "/flux"}}); err != nil {
				t.Fatal(err)
			}
			c := newCrawler(t, a, "127.0.0.1:"+w.port())
			m.set("/", statusOf(code))
			m.set("/flux", statusOf(code))
			var waits [2]time.Duration
			for i := range waits {
				mustCrawl(t, c, true)
				for _, path := range []string{"/", "/flux"} {
					l := stateOf(t, a, w.URL+path)
					waits[i] = time.Until(l.Due)
					if waits[i] > time.Hour {
						t.Errorf("%s after %d times %d: next visit in %v", path, i+1, code, waits[i])
					}
				}
			}
			if waits[1] < waits[0]+10*time.Minute {
				t.Errorf("the waits %v do not grow", waits)
			}
			m.set("/", listOf("/un-bel-article", "/autre-article-ici", "/encore-un-article"))
			mustCrawl(t, c, true)
			if l := stateOf(t, a, w.URL+"/"); l.Fails != 0 || l.Problem != "" {
				t.Errorf("the home after it came back: %d fails, %q", l.Fails, l.Problem)
			}
		})
	}
}
