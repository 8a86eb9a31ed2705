package crawler_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"trame"
	"trame/archive"
)

// TestRestIsNoVisit: what waits because a host asked for a rest is neither a
// visit nor a failure, and does not use up max_pages.
func TestRestIsNoVisit(t *testing.T) {
	var asked atomic.Int64
	m, _, a, c := routed(t, trame.Source{Sitemap: "off"})
	var links []string
	for i := range 6 {
		links = append(links, fmt.Sprintf("/un-texte-du-site-%c", 'a'+i))
		m.set(links[i], func(out http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			out.Header().Set("Retry-After", "3600")
			out.WriteHeader(http.StatusTooManyRequests)
		})
	}
	m.set("/", listOf(links...))
	r := mustCrawl(t, c, false)
	if n := asked.Load(); n != 1 || r.Failed != 1 {
		t.Errorf("%d pages asked, %d failed, want one", n, r.Failed)
	}
	waiting := 0
	for l, err := range a.Links(t.Context(), "site") {
		if err != nil {
			t.Fatal(err)
		}
		if l.Kind == archive.LinkPage && l.State == archive.StateNew {
			waiting++
		}
	}
	if waiting != len(links)-1 {
		t.Errorf("%d links wait, want %d", waiting, len(links)-1)
	}
}
