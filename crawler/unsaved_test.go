package crawler_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"trame"
	"trame/archive"
)

// TestUnsavedVisit: a visit that cannot be saved leaves its host free: all other
// pages are visited in the same crawl.
func TestUnsavedVisit(t *testing.T) {
	m := &routes{to: map[string]http.HandlerFunc{}}
	w := newWeb(t, "")
	w.handler = m
	const pages = 12
	var links []string
	for i := range pages {
		links = append(links, fmt.Sprintf("/un-texte-du-site-%c", 'a'+i))
		m.set(links[i], articleOf("Un texte "+links[i], i, ""))
	}
	m.set("/", listOf(links...))
	file := filepath.Join(t.TempDir(), "a.db")
	a, err := archive.Open(t.Context(), "sqlite:"+file, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if err := a.PutSource(t.Context(), trame.Source{ID: "site", URL: w.URL + "/", Sitemap: "off"}); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `CREATE TRIGGER never BEFORE INSERT ON articles
		WHEN NEW.url LIKE '%site-a' BEGIN SELECT RAISE(ABORT, 'not this one'); END`); err != nil {
		t.Fatal(err)
	}
	mustCrawl(t, newCrawler(t, a, "127.0.0.1:"+w.port()), false)
	if n := len(articles(t, a, w)); n != pages-1 {
		t.Errorf("%d articles, want all but one of %d", n, pages)
	}
}
