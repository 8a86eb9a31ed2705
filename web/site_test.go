package web_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"trame"
	"trame/archive"
	"trame/french"
	"trame/index"
	"trame/web"
)

// now is the clock of the pages in tests.
var now = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)

var themes = []trame.Theme{
	{ID: "travail-social", Label: map[string]string{"fr": "Travail social"}, Query: `titre:"travail social"`},
	{ID: "deontologie", Label: map[string]string{"fr": "Éthique et déontologie"}, Parent: "travail-social", Query: "déontologie"},
	{ID: "secret-professionnel", Label: map[string]string{"fr": "Secret professionnel"}, Parent: "deontologie", Query: `"secret professionnel"`},
	{ID: "protection-enfance", Label: map[string]string{"fr": "Protection de l’enfance"}, Query: "placement"},
	{ID: "logement", Label: map[string]string{"fr": "Logement"}, Query: "logement"},
}

// world is a site over a real archive and a real index.
type world struct {
	archive *archive.Archive
	search  trame.Searcher
	options web.Options
}

func (w world) handler() http.Handler { return web.New(w.archive, w.search, w.options) }

// newWorld fills an archive and an index with articles.
func newWorld(t *testing.T, articles ...trame.Article) world {
	t.Helper()
	a, err := archive.Open(t.Context(), "sqlite:"+t.TempDir()+"/trame.db", archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	for _, art := range articles {
		home := strings.Join(strings.SplitN(art.URL, "/", 4)[:3], "/") + "/"
		if err := a.PutSource(t.Context(), trame.Source{ID: art.Source, Name: art.SourceName, Country: art.Country, URL: home}); err != nil {
			t.Fatal(err)
		}
	}
	if len(articles) > 0 {
		if _, err := a.Import(t.Context(), articles); err != nil {
			t.Fatal(err)
		}
	}
	o := web.Options{Themes: themes, Version: "essai", Now: func() time.Time { return now }}
	return world{a, newIndex(t, a), o}
}

// newIndex reads an archive into an index.
func newIndex(t *testing.T, a *archive.Archive) trame.Searcher {
	t.Helper()
	e, err := index.Open(t.Context(), "bleve:"+t.TempDir()+"/index", a, index.Options{Themes: themes, Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := index.CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// sample reads the articles of testdata: invented, for these tests.
func sample(t *testing.T) []trame.Article {
	t.Helper()
	f, err := os.Open("testdata/articles.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var as []trame.Article
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var a trame.Article
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		as = append(as, a)
	}
	return as
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec
}

// shown is an answer parsed.
type shown struct {
	status int
	text   string // as a reader sees it, spaces put together
	root   *html.Node
}

func getPage(t *testing.T, h http.Handler, path string) shown {
	t.Helper()
	rec := get(t, h, path)
	root, err := html.Parse(strings.NewReader(rec.Body.String()))
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return shown{rec.Code, visible(root), root}
}

func visible(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// find returns the elements with a name, and where class is given, that class.
func (p shown) find(name, class string) []*html.Node {
	var ns []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name && (class == "" || hasClass(n, class)) {
			ns = append(ns, n)
		}
	}
	return ns
}

func hasClass(n *html.Node, class string) bool {
	for _, c := range strings.Fields(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
