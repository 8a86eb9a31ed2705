package crawler_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler"
)

// routes is a site made of handlers that a test may replace between two crawls.
type routes struct {
	mu sync.Mutex
	to map[string]http.HandlerFunc // by path and query
}

func (m *routes) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	h := m.to[r.URL.RequestURI()]
	m.mu.Unlock()
	if h == nil {
		http.NotFound(out, r)
		return
	}
	h(out, r)
}

func (m *routes) set(uri string, h http.HandlerFunc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.to[uri] = h
}

// routed makes a site of routes, an archive with it as a source, and a crawler.
func routed(t *testing.T, s trame.Source) (*routes, *web, *archive.Archive, *crawler.Crawler) {
	t.Helper()
	m := &routes{to: map[string]http.HandlerFunc{}}
	w := newWeb(t, "")
	w.handler = m
	a, c := crawlOf(t, w, s)
	return m, w, a, c
}

// listOf answers a list of links.
func listOf(links ...string) http.HandlerFunc {
	body := ""
	for _, l := range links {
		body += `<h2><a href="` + l + `">Titre de ` + l + `</a></h2>`
	}
	return htmlOf(`<!DOCTYPE html><html lang="fr"><head><title>Liste</title></head><body><main><h1>Liste</h1>` + body + `</main></body></html>`)
}

// articleOf answers an article with the n-th text.
func articleOf(title string, n int, head string) http.HandlerFunc {
	return htmlOf(`<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>` + title + `</title>` + head +
		`</head><body><main><article><h1>` + title + `</h1>` + madeUp(n) + `</article></main></body></html>`)
}

func htmlOf(s string) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(out, s)
	}
}

func statusOf(code int) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) { http.Error(out, "non", code) }
}

// tagged answers h with an ETag, and 304 to who has it.
func tagged(tag string, h http.HandlerFunc) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			out.WriteHeader(http.StatusNotModified)
			return
		}
		h(out, r)
	}
}

// makeDue has a link visited by the next crawl.
func makeDue(t *testing.T, a *archive.Archive, url string) {
	t.Helper()
	l := stateOf(t, a, url)
	l.Due = time.Now()
	if _, err := a.Save(t.Context(), archive.Visit{Link: l}); err != nil {
		t.Fatal(err)
	}
}

func wantState(t *testing.T, a *archive.Archive, url string, want archive.State) {
	t.Helper()
	if got := stateOf(t, a, url).State; got != want {
		t.Errorf("%s is %s, want %s", url, got, want)
	}
}
