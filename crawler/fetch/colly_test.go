package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"
)

// TestColly: colly's own robots handling, body limit and gunzip are wrong or
// absent; behind this door they need not be right.
func TestColly(t *testing.T) {
	big := bomb(t, 1500)
	var mu sync.Mutex
	fetched := map[string]int{}
	var inside, most atomic.Int64
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		if n := inside.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer inside.Add(-1)
		mu.Lock()
		fetched[r.URL.RequestURI()]++
		mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /prive\n")
		case "/":
			for _, p := range []string{"page", "prive/page", "vers-prive", "boucle", "bombe", "plan.xml.gz", "gzip/plan.xml.gz", "abime"} {
				fmt.Fprintf(w, "<a href=%q>%s</a>\n", "/"+p, p)
			}
		case "/vers-prive":
			http.Redirect(w, r, "/prive/cachee", 301)
		case "/boucle":
			http.Redirect(w, r, "/boucle?x="+r.URL.Query().Get("x")+"1", 302)
		case "/plan.xml.gz": // a file that is gzip, as sitemaps are
			w.Header().Set("Content-Type", "application/x-gzip")
			_, _ = w.Write(big)
		case "/bombe", "/gzip/plan.xml.gz":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(big)
		case "/abime":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zip(t, bytes.Repeat([]byte("x"), 1000))[:20])
		default:
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			fmt.Fprintf(w, "<title>%s</title>", r.URL.Path)
		}
	})
	c := client(t, Options{UserAgent: "TrameBot/1.0"}, s.URL)
	col := colly.NewCollector(colly.Async(true))
	col.IgnoreRobotsTxt = true
	col.WithTransport(c)
	col.SetRequestTimeout(time.Minute)
	got, failed := map[string][]byte{}, map[string]error{}
	col.OnResponse(func(r *colly.Response) {
		mu.Lock()
		got[r.Request.URL.Path] = r.Body
		mu.Unlock()
	})
	col.OnError(func(r *colly.Response, err error) {
		mu.Lock()
		failed[r.Request.URL.Path] = err
		mu.Unlock()
	})
	col.OnHTML("a[href]", func(e *colly.HTMLElement) { _ = e.Request.Visit(e.Attr("href")) })
	before := heap()
	if err := col.Visit(s.URL + "/"); err != nil {
		t.Fatal(err)
	}
	col.Wait()
	if grown := heap() - before; grown > 100<<20 { // four bodies of 10 MiB may be held at once
		t.Errorf("heap grew by %d MiB", grown>>20)
	}
	for path, want := range map[string]error{
		"/prive/page": ErrRobots, "/vers-prive": ErrRobots, "/boucle": ErrRedirect, "/bombe": ErrTooLarge,
		"/gzip/plan.xml.gz": ErrTooLarge, "/abime": ErrEncoding,
	} {
		if !errors.Is(failed[path], want) {
			t.Errorf("%s: %v, want %v", path, failed[path], want)
		}
		if got[path] != nil {
			t.Errorf("%s came through with %d bytes", path, len(got[path]))
		}
	}
	if !bytes.Equal(got["/plan.xml.gz"], big) {
		t.Errorf("/plan.xml.gz: %d bytes, %v, want the file as it is", len(got["/plan.xml.gz"]), failed["/plan.xml.gz"])
	}
	if string(got["/page"]) != "<title>/page</title>" {
		t.Errorf("/page = %q", got["/page"])
	}
	for path := range fetched {
		if strings.HasPrefix(path, "/prive") {
			t.Errorf("%s was fetched", path)
		}
	}
	if fetched["/robots.txt"] != 1 || most.Load() != 1 {
		t.Errorf("robots.txt asked %d times, %d requests at once; want 1 and 1", fetched["/robots.txt"], most.Load())
	}
}
