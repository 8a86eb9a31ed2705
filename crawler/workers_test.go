package crawler_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler"
	"trame/crawler/fetch"
)

// manyHosts makes an archive with so many sources, each on a host of its own that
// answers with h, and a crawler with so many workers.
func manyHosts(t *testing.T, hosts, workers int, h http.HandlerFunc) (*archive.Archive, *crawler.Crawler) {
	t.Helper()
	a := openArchive(t)
	var allow []string
	for i := range hosts {
		s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(out, r)
				return
			}
			h(out, r)
		}))
		t.Cleanup(s.Close)
		allow = append(allow, fmt.Sprintf("127.0.0.1:%d", s.Listener.Addr().(*net.TCPAddr).Port))
		if err := a.PutSource(t.Context(), trame.Source{ID: fmt.Sprintf("s%02d", i), URL: s.URL + "/", Sitemap: "off"}); err != nil {
			t.Fatal(err)
		}
	}
	nets, err := fetch.ParseAllowNet(strings.Join(allow, ","))
	if err != nil {
		t.Fatal(err)
	}
	c, err := crawler.New(a, fetch.New(fetch.Options{AllowNet: nets}), crawler.Options{Workers: workers, Delay: -1})
	if err != nil {
		t.Fatal(err)
	}
	return a, c
}

// TestNoMoreThanWorkers: however many hosts are due, no more are asked at the
// same time than there are workers, and each has its turn.
func TestNoMoreThanWorkers(t *testing.T) {
	const hosts, workers = 12, 3
	var now, most, homes atomic.Int64
	_, c := manyHosts(t, hosts, workers, func(out http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if r.URL.Path == "/" {
			homes.Add(1)
			<-time.After(30 * time.Millisecond) // slow enough for the others to come too
		}
		http.NotFound(out, r)
	})
	mustCrawl(t, c, false)
	if n := most.Load(); n > workers {
		t.Errorf("%d hosts asked at the same time by %d workers", n, workers)
	}
	if n := homes.Load(); n != hosts {
		t.Errorf("%d homes asked, want %d", n, hosts)
	}
}

// TestRunEnds: being told to stop ends a Run at once, with all workers busy and
// more hosts waiting.
func TestRunEnds(t *testing.T) {
	const hosts, workers = 12, 3
	in := make(chan bool, hosts)
	_, c := manyHosts(t, hosts, workers, func(_ http.ResponseWriter, r *http.Request) {
		in <- true
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	for range workers {
		<-in
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("Run has not ended 10 s after its context")
	}
}
