package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler"
)

// TestShortRest: a host that asks for a second's rest is given it, and the crawl
// is not over before it has come back.
func TestShortRest(t *testing.T) {
	w := newWeb(t, "")
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(out, r)
		case r.URL.Path == "/":
			page(out, "Accueil", `<a href="/un-texte-demande-trop-vite">texte</a>`)
		case r.URL.Path == "/un-texte-demande-trop-vite" && w.asked(r.URL.Path) == 1:
			out.Header().Set("Retry-After", "1")
			out.WriteHeader(http.StatusTooManyRequests)
		case r.URL.Path == "/un-texte-demande-trop-vite":
			article(out, "Un texte demandé trop vite", 60, "")
		default:
			http.NotFound(out, r)
		}
	})
	a, c := crawlOf(t, w, trame.Source{Sitemap: "off"})
	mustCrawl(t, c, false)
	if got := articles(t, a, w); len(got) != 1 {
		t.Errorf("%d articles, want the one that was asked twice", len(got))
	}
}

// TestFeedTellsOfChange: when a feed says something else of a page that was read,
// the page is asked again in the crawl that reads the feed, though it is not due.
func TestFeedTellsOfChange(t *testing.T) {
	w := newWeb(t, "")
	var second atomic.Bool
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		title, n := "Un texte qui changera", 70
		if second.Load() {
			title, n = "Un texte qui a changé", 71
		}
		switch r.URL.Path {
		case "/flux":
			out.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(out, `<rss version="2.0"><channel><title>Revue</title><item><title>%s</title><link>%s/un-texte-qui-change</link></item></channel></rss>`, title, w.URL)
		case "/un-texte-qui-change":
			article(out, title, n, "")
		default:
			http.NotFound(out, r)
		}
	})
	a, _ := crawlOf(t, w, trame.Source{Kind: trame.KindFeed, Feeds: []string{w.URL + "/flux"}})
	now := time.Now()
	clock := func() time.Time { return now }
	c := crawlerWith(t, a, w, crawler.Options{Delay: -1, Now: clock})
	mustCrawl(t, c, false)
	second.Store(true)
	if r := mustCrawl(t, c, false); r.Visited != 0 {
		t.Fatalf("%d visits though nothing is due", r.Visited)
	}
	l := stateOf(t, a, w.URL+"/flux")
	l.Due = now
	if _, err := a.Save(t.Context(), archive.Visit{Link: l}); err != nil {
		t.Fatal(err)
	}
	if r := mustCrawl(t, c, false); r.Visited != 2 || r.Changed != 1 {
		t.Errorf("%d visits, %d changed, want the feed and the page, 1 changed", r.Visited, r.Changed)
	}
	if got := articles(t, a, w)["/un-texte-qui-change"]; got.Title != "Un texte qui a changé" {
		t.Errorf("title = %q", got.Title)
	}
}

// TestHeaderNoindex: X-Robots-Tag is obeyed as the meta element is.
func TestHeaderNoindex(t *testing.T) {
	w := newWeb(t, "")
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			page(out, "Accueil", `<a href="/un-texte-sans-index">a</a> <a href="/un-texte-pour-tous">b</a>`)
		case "/un-texte-sans-index":
			out.Header().Set("X-Robots-Tag", "none")
			article(out, "Un texte sans index", 80, `<a href="/un-texte-derriere">c</a>`)
		case "/un-texte-pour-tous":
			out.Header().Set("X-Robots-Tag", "googlebot: noindex, nofollow")
			article(out, "Un texte pour tous", 81, "")
		case "/un-texte-derriere":
			article(out, "Un texte derrière", 82, "")
		default:
			http.NotFound(out, r)
		}
	})
	a, c := crawlOf(t, w, trame.Source{Sitemap: "off"})
	mustCrawl(t, c, false)
	if got := articles(t, a, w); len(got) != 1 || got["/un-texte-pour-tous"].Title == "" {
		t.Errorf("%d articles, want /un-texte-pour-tous alone", len(got))
	}
	if n := w.asked("/un-texte-derriere"); n > 0 {
		t.Errorf("a link of a nofollow page was asked")
	}
	if _, err := a.Page(t.Context(), w.URL+"/un-texte-sans-index"); err == nil {
		t.Errorf("the page that asks not to be indexed is kept")
	}
}

// TestMovedHome: a source whose home redirects inside its site is crawled from
// where it is now, at once and after a restart.
func TestMovedHome(t *testing.T) {
	w := newWeb(t, "")
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/blog":
			http.Redirect(out, r, "/entree/", http.StatusMovedPermanently)
		case "/entree/":
			out.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(out, `<html><head><title>Entrée</title><meta http-equiv="refresh" content="0; url=/carnet/"></head><body></body></html>`)
		case "/carnet/":
			page(out, "Carnet", `<a href="/carnet/un-texte-du-carnet">a</a> <a href="/hors-du-carnet-du-site">b</a>`)
		case "/carnet/un-texte-du-carnet":
			article(out, "Un texte du carnet", 90, `<a href="/carnet/le-texte-suivant-du-carnet">c</a>`)
		case "/carnet/le-texte-suivant-du-carnet":
			article(out, "Le texte suivant du carnet", 91, "")
		default:
			http.NotFound(out, r)
		}
	})
	a, c := crawlOf(t, w, trame.Source{URL: w.URL + "/blog", Sitemap: "off"})
	for range 2 {
		mustCrawl(t, c, true)
		got := articles(t, a, w)
		if len(got) != 2 || got["/carnet/un-texte-du-carnet"].Title == "" {
			t.Errorf("%d articles, want the carnet's 2", len(got))
		}
	}
	if l := stateOf(t, a, w.URL+"/blog"); l.State != archive.StateMoved || l.Target != w.URL+"/entree/" {
		t.Errorf("the old home is %s to %s", l.State, l.Target)
	}
	if n := w.asked("/hors-du-carnet-du-site"); n > 0 {
		t.Errorf("a page outside the source was asked")
	}
}

// TestMovedWithoutRedirect: a site moves an article and for a while has it at both
// addresses. The new one is a copy until the old one is gone, and then the article.
func TestMovedWithoutRedirect(t *testing.T) {
	w := newWeb(t, "")
	var state atomic.Int64
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		at := state.Load()
		switch {
		case r.URL.Path == "/":
			page(out, "Accueil", `<a href="/ancien-nom-du-texte">a</a>`+map[bool]string{true: ` <a href="/nouveau-nom-du-texte">b</a>`}[at > 0])
		case r.URL.Path == "/ancien-nom-du-texte" && at < 2, r.URL.Path == "/nouveau-nom-du-texte" && at > 0:
			out.Header().Set("ETag", `"constant"`)
			if r.Header.Get("If-None-Match") != "" {
				out.WriteHeader(http.StatusNotModified)
				return
			}
			article(out, "Un texte qui déménage", 95, "")
		default:
			http.NotFound(out, r)
		}
	})
	a, c := crawlOf(t, w, trame.Source{Sitemap: "off"})
	for at, want := range []string{"/ancien-nom-du-texte", "/ancien-nom-du-texte", "/nouveau-nom-du-texte"} {
		state.Store(int64(at))
		mustCrawl(t, c, true)
		var there []string
		for path, art := range articles(t, a, w) {
			if !art.Gone {
				there = append(there, path)
			}
		}
		if len(there) != 1 || there[0] != want {
			t.Errorf("state %d: articles at %q, want %s", at, there, want)
		}
	}
}

// TestBytesAsTheyCame: the page kept is what the server sent, whatever charset it
// declares, and what it says is read by its bytes.
func TestBytesAsTheyCame(t *testing.T) {
	w := newWeb(t, "")
	titles := map[string]string{
		"/un-texte-en-utf8-qui-ment": "Été : l’écoute",
		"/un-texte-en-latin1-franc":  "\xc9t\xe9 : une \xe9coute",
		"/un-texte-sans-charset":     "\xc9t\xe9 : autre \xe9coute",
	}
	ascii := func(r rune) rune {
		if r > 127 {
			return '-'
		}
		return r
	}
	body := func(path string) string {
		return "<html><head><title>" + titles[path] + "</title></head><body><article><h1>" + titles[path] + "</h1>" + strings.Map(ascii, madeUp(len(path))) + "</article></body></html>"
	}
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			page(out, "Accueil", `<a href="/un-texte-en-utf8-qui-ment">a</a> <a href="/un-texte-en-latin1-franc">b</a> <a href="/un-texte-sans-charset">c</a>`)
		case "/un-texte-sans-charset":
			out.Header().Set("Content-Type", "text/html")
			fmt.Fprint(out, body(r.URL.Path))
		default:
			if titles[r.URL.Path] == "" {
				http.NotFound(out, r)
				return
			}
			out.Header().Set("Content-Type", "text/html; charset=ISO-8859-1")
			fmt.Fprint(out, body(r.URL.Path))
		}
	})
	a, c := crawlOf(t, w, trame.Source{Sitemap: "off"})
	mustCrawl(t, c, false)
	got := articles(t, a, w)
	for path, want := range map[string]string{
		"/un-texte-en-utf8-qui-ment": "Été : l’écoute", "/un-texte-en-latin1-franc": "Été : une écoute", "/un-texte-sans-charset": "Été : autre écoute",
	} {
		if got[path].Title != want {
			t.Errorf("%s: title %q, want %q", path, got[path].Title, want)
		}
		if p, err := a.Page(t.Context(), w.URL+path); err != nil || string(p.Body) != body(path) {
			t.Errorf("%s: the page kept differs from what was sent (%v)", path, err)
		}
	}
	if p, err := a.Page(t.Context(), w.URL+"/un-texte-en-latin1-franc"); err != nil || p.ContentType != "text/html; charset=ISO-8859-1" {
		t.Errorf("content type kept = %q, %v", p.ContentType, err)
	}
}

// TestFeedThroughACounter: the feed of one site names pages of another through an
// address that counts and redirects.
func TestFeedThroughACounter(t *testing.T) {
	pages, feeds := newWeb(t, ""), newWeb(t, "")
	pages.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/un-texte-compte-au-passage" {
			http.NotFound(out, r)
			return
		}
		article(out, "Un texte compté au passage", 97, "")
	})
	feeds.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/flux":
			out.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(out, `<rss version="2.0"><channel><title>Revue</title><item><title>Un texte compté au passage</title><link>%s/~r/1</link><pubDate>Sun, 05 Apr 2015 10:00:00 +0200</pubDate></item></channel></rss>`, feeds.URL)
		case "/~r/1":
			http.Redirect(out, r, pages.URL+"/un-texte-compte-au-passage?utm_source=flux", http.StatusFound)
		default:
			http.NotFound(out, r)
		}
	})
	a := openArchive(t)
	if err := a.PutSource(t.Context(), trame.Source{ID: "revue", URL: feeds.URL + "/", Kind: trame.KindFeed, Feeds: []string{feeds.URL + "/flux"}}); err != nil {
		t.Fatal(err)
	}
	c := newCrawler(t, a, "127.0.0.1:"+pages.port()+",127.0.0.1:"+feeds.port())
	for range 2 {
		mustCrawl(t, c, true)
		if got := articles(t, a, pages); len(got) != 1 || got["/un-texte-compte-au-passage"].Source != "revue" {
			t.Errorf("articles = %v, want the one behind the counter", got)
		}
	}
}
