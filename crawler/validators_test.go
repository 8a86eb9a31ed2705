package crawler_test

import (
	"net/http"
	"testing"

	"trame"
	"trame/archive"
)

// TestOpenAgainWith304: what was refused or locked for a while, or was a copy,
// and is as it was before, is an article again.
func TestOpenAgainWith304(t *testing.T) {
	const path = "/un-bel-article"
	shut := map[string]func(*routes) (open func()){
		"locked": func(m *routes) func() {
			m.set(path, statusOf(http.StatusForbidden))
			return func() { m.set(path, tagged(`"v1"`, articleOf("Un bel article", 1, ""))) }
		},
		"robots.txt": func(m *routes) func() {
			m.set("/robots.txt", htmlOf("User-agent: *\nDisallow: /un-bel\n"))
			return func() { m.set("/robots.txt", nil) }
		},
		"not a page": func(m *routes) func() {
			m.set(path, func(out http.ResponseWriter, _ *http.Request) {
				out.Header().Set("Content-Type", "image/png")
			})
			return func() { m.set(path, tagged(`"v1"`, articleOf("Un bel article", 1, ""))) }
		},
	}
	for name, shutOff := range shut {
		t.Run(name, func(t *testing.T) {
			m, w, a, c := routed(t, trame.Source{Sitemap: "off"})
			m.set("/", listOf(path, "/autre-article-ici", "/encore-un-article"))
			m.set(path, tagged(`"v1"`, articleOf("Un bel article", 1, "")))
			mustCrawl(t, c, false)
			wantState(t, a, w.URL+path, archive.StateRead)

			open := shutOff(m)
			makeDue(t, a, w.URL+path)
			mustCrawl(t, newCrawler(t, a, "127.0.0.1:"+w.port()), false)
			if got := stateOf(t, a, w.URL+path).State; got == archive.StateRead {
				t.Fatalf("the page is still read")
			}

			open()
			makeDue(t, a, w.URL+path)
			mustCrawl(t, newCrawler(t, a, "127.0.0.1:"+w.port()), false)
			wantState(t, a, w.URL+path, archive.StateRead)
			if got := articles(t, a, w)[path]; got.Title == "" || got.Gone {
				t.Errorf("article %q, gone: %v", got.Title, got.Gone)
			}
		})
	}
}

// TestCopyNoMore: two pages had the same text for a while; the one that was held
// for a copy and has not changed since is an article when the other is another.
func TestCopyNoMore(t *testing.T) {
	m, w, a, c := routed(t, trame.Source{Sitemap: "off"})
	m.set("/", listOf("/aa-un-article", "/bb-autre-article", "/encore-un-article"))
	m.set("/aa-un-article", tagged(`"a1"`, articleOf("Site en travaux", 5, "")))
	m.set("/bb-autre-article", tagged(`"b"`, articleOf("Site en travaux", 5, "")))
	mustCrawl(t, c, false)
	copied, first := "/bb-autre-article", "/aa-un-article"
	if stateOf(t, a, w.URL+first).State == archive.StateDuplicate {
		copied, first = first, copied
	}
	wantState(t, a, w.URL+copied, archive.StateDuplicate)
	m.set(first, articleOf("Le vrai titre", 6, ""))
	for range 2 {
		mustCrawl(t, c, true)
	}
	wantState(t, a, w.URL+copied, archive.StateRead)
}

// TestRedirectWithoutValidators: a page that redirects to another is moved, though
// that one would answer 304 to the date of the first.
func TestRedirectWithoutValidators(t *testing.T) {
	m, w, a, c := routed(t, trame.Source{Sitemap: "off"})
	dated := func(date string, h http.HandlerFunc) http.HandlerFunc {
		return func(out http.ResponseWriter, r *http.Request) {
			out.Header().Set("Last-Modified", date)
			if since := r.Header.Get("If-Modified-Since"); since == "Mon, 02 Jun 2025 10:00:00 GMT" || since == date {
				out.WriteHeader(http.StatusNotModified)
				return
			}
			h(out, r)
		}
	}
	m.set("/", listOf("/un-bel-article", "/autre-article-ici", "/encore-un-article"))
	m.set("/un-bel-article", dated("Mon, 02 Jun 2025 10:00:00 GMT", articleOf("Un bel article", 1, "")))
	m.set("/autre-article-ici", dated("Sun, 01 Jun 2025 10:00:00 GMT", articleOf("Un autre article", 2, "")))
	mustCrawl(t, c, false)
	m.set("/un-bel-article", func(out http.ResponseWriter, r *http.Request) {
		http.Redirect(out, r, "/autre-article-ici", http.StatusMovedPermanently)
	})
	mustCrawl(t, c, true)
	if l := stateOf(t, a, w.URL+"/un-bel-article"); l.State != archive.StateMoved || l.Target != w.URL+"/autre-article-ici" {
		t.Errorf("the page is %s to %q, want moved", l.State, l.Target)
	}
	wantState(t, a, w.URL+"/autre-article-ici", archive.StateRead)
}
