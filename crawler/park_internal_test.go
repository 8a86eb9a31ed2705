package crawler

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
)

// TestUnparked: links that were put aside are all visited when their turn comes,
// though the archive has them due in a week.
func TestUnparked(t *testing.T) {
	var asked atomic.Int64
	w := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			asked.Add(1)
		}
		http.NotFound(out, r)
	}))
	t.Cleanup(w.Close)
	a, err := archive.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "a.db"), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if err := a.PutSource(t.Context(), trame.Source{ID: "s", URL: w.URL + "/"}); err != nil {
		t.Fatal(err)
	}
	nets, err := fetch.ParseAllowNet(strings.TrimPrefix(w.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(a, fetch.New(fetch.Options{AllowNet: nets}), Options{Delay: -1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.newRound(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range batchSize {
		u := fmt.Sprintf("%s/page-%c-x", w.URL, 'a'+i)
		l := archive.Link{URL: u, Source: "s", Host: hostOf(u), Kind: archive.LinkPage, State: archive.StateNew, Due: time.Now()}
		if _, err := a.AddLinks(t.Context(), []archive.Link{l}); err != nil {
			t.Fatal(err)
		}
		r.park(t.Context(), l)
	}
	batch := r.unpark()
	r.work(t.Context(), batch)
	if n := asked.Load(); len(batch) != batchSize || n != batchSize {
		t.Errorf("%d of %d links unparked, %d visited", len(batch), batchSize, n)
	}
}
