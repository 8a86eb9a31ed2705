package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestConditional(t *testing.T) {
	const etag, date = `W/"12-é"`, "Wed, 25 Nov 2026 12:00:00 GMT"
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/vieille":
			http.Redirect(w, r, "/page", 301)
		case r.URL.Path == "/menteur":
			w.WriteHeader(304)
		case r.URL.Path == "/morceau":
			w.Header().Set("Content-Range", "bytes 0-3/1000")
			w.WriteHeader(206)
			fmt.Fprint(w, "page")
		case r.URL.Path == "/absente":
			w.WriteHeader(404)
			for range 1000 {
				fmt.Fprint(w, strings.Repeat("a", 20<<10))
			}
		case r.Header.Get("If-None-Match") == etag || r.Header.Get("If-Modified-Since") == date:
			w.WriteHeader(304)
		default:
			w.Header().Set("ETag", etag)
			w.Header().Set("Last-Modified", date)
			fmt.Fprint(w, "page ", r.Header.Get("Accept"))
		}
	}))
	c := client(t, Options{}, s.URL)
	a, err := c.Get(t.Context(), Request{URL: s.URL + "/page"})
	if err != nil || a.Status != 200 || string(a.Body) != "page "+acceptHTML {
		t.Fatalf("Get = %+v, %v", a, err)
	}
	for _, r := range []Request{
		{URL: s.URL + "/page", ETag: a.Header.Get("ETag")},
		{URL: s.URL + "/page", LastModified: a.Header.Get("Last-Modified")},
		{URL: s.URL + "/vieille", ETag: a.Header.Get("ETag"), LastModified: a.Header.Get("Last-Modified")},
	} {
		if a, err := c.Get(t.Context(), r); err != nil || a.Status != 304 || a.Body != nil || a.URL != s.URL+"/page" {
			t.Errorf("Get(%+v) = %+v, %v, want 304", r, a, err)
		}
	}
	if a, err := c.Get(t.Context(), Request{URL: s.URL + "/page", Accept: "application/rss+xml"}); err != nil || string(a.Body) != "page application/rss+xml" {
		t.Errorf("Get with Accept = %v, %v", a, err)
	}
	for _, path := range []string{"/menteur", "/morceau"} {
		if a, err := c.Get(t.Context(), Request{URL: s.URL + path}); err == nil {
			t.Errorf("Get(%s) = %+v, want an error for a status that nobody asked for", path, a)
		}
	}
	if a, err := c.Get(t.Context(), Request{URL: s.URL + "/absente"}); err != nil || a.Status != 404 || len(a.Body) != maxError {
		t.Errorf("Get(/absente) = %v, want status 404 and %d bytes of its 20 MB", err, maxError)
	}
	for _, bad := range []string{"", "exemple.be", "http://", "http://[::1", "http:///chemin", "http://a b/", "http://exemple.be:0/", "http://\x00/", "mailto:a@b.be"} {
		if _, err := c.Get(t.Context(), Request{URL: bad}); !errors.Is(err, ErrAddress) && !errors.Is(err, ErrScheme) {
			t.Errorf("Get(%q) = %v, want ErrAddress or ErrScheme", bad, err)
		}
	}
}

// The turn of a host ends with the body, however that ends, and once.
func TestTurnEnds(t *testing.T) {
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Repeat("a", 100))
		if r.URL.Path == "/endless" {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	}))
	c := client(t, Options{Timeout: 10 * time.Second}, s.URL)
	for name, end := range map[string]func(*http.Response, context.CancelFunc){
		"/read to the end":    func(r *http.Response, _ context.CancelFunc) { io.Copy(io.Discard, r.Body) },
		"/closed unread":      func(r *http.Response, _ context.CancelFunc) { r.Body.Close() },
		"/closed twice":       func(r *http.Response, _ context.CancelFunc) { r.Body.Close(); r.Body.Close() },
		"/read, closed, read": func(r *http.Response, _ context.CancelFunc) { io.ReadAll(r.Body); r.Body.Close(); io.ReadAll(r.Body) },
		"/endless": func(r *http.Response, cancel context.CancelFunc) {
			io.ReadFull(r.Body, make([]byte, 100))
			cancel()
			if _, err := io.ReadAll(r.Body); !errors.Is(err, context.Canceled) {
				t.Errorf("read after the caller gave up: %v", err)
			}
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Path = name
		res, err := c.RoundTrip(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		early, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if _, err := c.Get(early, Request{URL: s.URL}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: the host had two turns at once: %v", name, err)
		}
		stop()
		end(res, cancel)
		if a, err := c.Get(within(t, 5*time.Second), Request{URL: s.URL}); err != nil || len(a.Body) != 100 {
			t.Errorf("%s: the next request got %v, %v", name, a, err)
		}
		cancel()
	}
}

// After every kind of trouble the goroutines are as many as before.
func TestNoLeaks(t *testing.T) {
	hang := raw(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb(t, 20))
		case "/cut":
			w.Header().Set("Content-Length", "1000")
		}
	}))
	c := client(t, Options{Timeout: 50 * time.Millisecond}, s.URL, hang)
	round := func() {
		var wg sync.WaitGroup
		for range 10 {
			for _, address := range []string{s.URL + "/gzip", s.URL + "/cut", s.URL + "/", hang, "http://10.0.0.1/", "file:///"} {
				wg.Go(func() { _, _ = c.Get(within(t, 100*time.Millisecond), Request{URL: address}) })
			}
		}
		wg.Wait()
		c.CloseIdleConnections()
	}
	round()
	var before int
	eventually(func() bool { n := runtime.NumGoroutine(); same := n == before; before = n; return same })
	for range 5 {
		round()
	}
	if !eventually(func() bool { return runtime.NumGoroutine() <= before+5 }) {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
	}
}
