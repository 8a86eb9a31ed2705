package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler"
	"trame/crawler/fetch"
)

// summary is what an archive holds of a site, without moments.
func summary(t *testing.T, a *archive.Archive, w *web) []string {
	t.Helper()
	var out []string
	for path, art := range articles(t, a, w) {
		out = append(out, fmt.Sprintf("article %s %q %s %v %d", path, art.Title, art.Published, art.Tags, len(art.Text)))
	}
	for l, err := range a.Links(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("link %s %s %s %s", strings.TrimPrefix(l.URL, w.URL), l.Kind, l.State, strings.TrimPrefix(l.Target, w.URL)))
	}
	slices.Sort(out)
	return out
}

// TestInterrupted stops a crawl after every number of visits and lets another
// crawler, with nothing but the archive, go on: the end is the same.
func TestInterrupted(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, c := crawlOf(t, w, trame.Source{})
	mustCrawl(t, c, false)
	want := summary(t, a, w)
	for stop := int64(1); stop < 24; stop++ {
		a, _ := crawlOf(t, w, trame.Source{})
		ctx, cancel := context.WithCancel(t.Context())
		var visits atomic.Int64
		o := crawler.Options{Delay: -1, OnVisit: func(crawler.VisitReport) {
			if visits.Add(1) == stop {
				cancel()
			}
		}}
		if _, err := crawlerWith(t, a, w, o).Crawl(ctx, nil, false); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d visits: %v, want context.Canceled", stop, err)
		}
		cancel()
		mustCrawl(t, crawlerWith(t, a, w, crawler.Options{Delay: -1}), false)
		if got := summary(t, a, w); !slices.Equal(got, want) {
			t.Fatalf("stopped after %d visits: the archive holds\n%s\nwant\n%s", stop, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func crawlerWith(t *testing.T, a *archive.Archive, w *web, o crawler.Options) *crawler.Crawler {
	t.Helper()
	nets, err := fetch.ParseAllowNet("127.0.0.1:" + w.port())
	if err != nil {
		t.Fatal(err)
	}
	c, err := crawler.New(a, fetch.New(fetch.Options{AllowNet: nets, Timeout: 2 * time.Second}), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSlowHost: a host that never answers takes nothing from another.
func TestSlowHost(t *testing.T) {
	slow, fast := newWeb(t, ""), newWeb(t, "carnets.txtar")
	slow.handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			<-r.Context().Done() // until the client gives up
			return
		}
	})
	a := openArchive(t)
	for id, w := range map[string]*web{"lent": slow, "vif": fast} {
		if err := a.PutSource(t.Context(), trame.Source{ID: id, URL: w.URL + "/"}); err != nil {
			t.Fatal(err)
		}
	}
	nets, err := fetch.ParseAllowNet("127.0.0.1:" + slow.port() + ",127.0.0.1:" + fast.port())
	if err != nil {
		t.Fatal(err)
	}
	c, err := crawler.New(a, fetch.New(fetch.Options{AllowNet: nets, Timeout: 4 * time.Second}), crawler.Options{Delay: -1})
	if err != nil {
		t.Fatal(err)
	}
	r := mustCrawl(t, c, false)
	lent, vif := r.Sources[0], r.Sources[1]
	if vif.New != 7 || vif.Duration > 3*time.Second {
		t.Errorf("beside a slow host: %d articles in %v, want 7 in less than 3 s", vif.New, vif.Duration)
	}
	if lent.Failed == 0 || !strings.Contains(lent.Problem, "n’a pas répondu à temps") {
		t.Errorf("the slow host: %d failed, problem %q", lent.Failed, lent.Problem)
	}
	rec, err := a.Source(t.Context(), "lent")
	if err != nil || !strings.Contains(rec.Problem, "n’a pas répondu à temps") {
		t.Errorf("the archive's health of the slow host: %q, %v", rec.Problem, err)
	}
}

// TestRun: a running crawler visits what is due, notices a new source, and ends
// without an error when it is told to.
func TestRun(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, _ := crawlOf(t, w, trame.Source{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var visits atomic.Int64
	c := crawlerWith(t, a, w, crawler.Options{Delay: -1, OnVisit: func(v crawler.VisitReport) {
		if visits.Add(1) == 10 {
			cancel()
		}
	}})
	if err := c.Run(ctx); err != nil {
		t.Fatalf("Run = %v, want nil", err)
	}
	if visits.Load() < 10 {
		t.Errorf("%d visits, want 10 at least", visits.Load())
	}
	leased, err := a.Lease(t.Context(), "another", time.Minute, archive.LinkFilter{Limit: 1})
	if err != nil || len(leased) != 1 {
		t.Errorf("after Run another may lease %d links (%v), want 1: its leases were not given back", len(leased), err)
	}
}

// TestDiskFull: with too little room a crawl stops with a named error before it
// fetches anything, and a running one goes on once there is room.
func TestDiskFull(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, _ := crawlOf(t, w, trame.Source{})
	o := crawler.Options{Delay: -1, Free: func() (uint64, error) { return 150 << 20, nil }}
	if _, err := crawlerWith(t, a, w, o).Crawl(t.Context(), nil, false); !errors.Is(err, crawler.ErrDiskFull) {
		t.Errorf("Crawl = %v, want ErrDiskFull", err)
	}
	if n := w.total(); n > 0 {
		t.Errorf("%d requests with a full disk, want none", n)
	}
	o.Free = func() (uint64, error) { return 1 << 40, nil }
	if r := mustCrawl(t, crawlerWith(t, a, w, o), false); r.New != 7 {
		t.Errorf("once there is room: %d articles, want 7", r.New)
	}
}

func TestUnknownSource(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	_, c := crawlOf(t, w, trame.Source{})
	if _, err := c.Crawl(t.Context(), []string{"nulle-part"}, false); !errors.Is(err, trame.ErrNotFound) {
		t.Errorf("Crawl of an unknown source = %v, want ErrNotFound", err)
	}
}

// TestReread reads the kept pages again without a request: nothing changes, and
// after an article was spoilt it is mended.
func TestReread(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, c := crawlOf(t, w, trame.Source{})
	mustCrawl(t, c, false)
	before := summary(t, a, w)
	w.reset()
	var last, total int
	changed, err := c.Reread(t.Context(), func(done, of int) { last, total = done, of })
	if err != nil || changed != 0 {
		t.Fatalf("Reread = %d, %v, want 0", changed, err)
	}
	if last != total || total == 0 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	url := w.URL + "/un-toit-pour-l-hiver/"
	art, err := a.Article(t.Context(), trame.ID(url))
	if err != nil {
		t.Fatal(err)
	}
	art.Title, art.Text = "Abîmé", "Abîmé"
	if _, err := a.SaveReading(t.Context(), url, &art); err != nil {
		t.Fatal(err)
	}
	if changed, err = c.Reread(t.Context(), nil); err != nil || changed != 1 {
		t.Errorf("Reread of a spoilt article = %d, %v, want 1", changed, err)
	}
	if got := summary(t, a, w); !slices.Equal(got, before) {
		t.Errorf("after rereading the archive holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
	}
	if n := w.total(); n > 0 {
		t.Errorf("%d requests while rereading, want none", n)
	}
}

// TestCheck looks at a site, finds what a crawl would, and writes nothing.
func TestCheck(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a := openArchive(t)
	c := newCrawler(t, a, "127.0.0.1:"+w.port())
	f, err := c.Check(t.Context(), w.URL)
	if err != nil {
		t.Fatal(err)
	}
	if f.Platform != "wordpress" || len(f.Feeds) != 1 || f.Feeds[0].Items != 3 || len(f.Sitemaps) != 1 || len(f.Samples) != 3 || f.Pager != w.URL+"/page/2/" {
		t.Errorf("Check = %s, feeds %+v, sitemaps %+v, %d samples, pager %q", f.Platform, f.Feeds, f.Sitemaps, len(f.Samples), f.Pager)
	}
	for _, s := range f.Samples {
		if strings.HasPrefix(s.Title, "Protégé") || s.Published.IsZero() {
			t.Errorf("sample %q of %s", s.Title, s.Published)
		}
	}
	totals, err := a.Totals(t.Context())
	if err != nil || totals.Articles+totals.Pages+totals.Sources+totals.Waiting > 0 {
		t.Errorf("Check wrote: %+v, %v", totals, err)
	}
	for address, want := range map[string]string{
		w.URL + "/rien":          "404",
		"ftp://exemple.be/":      "http",
		"http://127.0.0.1:1/":    "not allowed",
		w.URL + "/reserve/note/": "robots.txt",
	} {
		if _, err := c.Check(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Check(%s) = %v, want an error with %q", address, err, want)
		}
	}
	if f, err := c.Check(t.Context(), w.URL+"/feed/"); err != nil || len(f.Feeds) != 1 {
		t.Errorf("Check of a feed = %+v, %v", f.Feeds, err)
	}
}

// TestTwoCrawls: what a crawl has done is in the archive when it opens again.
func TestTwoCrawls(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	for i := range 2 {
		a, err := archive.Open(t.Context(), dsn, archive.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.PutSource(t.Context(), trame.Source{ID: "site", URL: w.URL + "/"}); err != nil {
			t.Fatal(err)
		}
		r := mustCrawl(t, crawlerWith(t, a, w, crawler.Options{Delay: -1}), false)
		if want := []int{7, 0}[i]; r.New != want || i == 1 && r.Visited > 0 {
			t.Errorf("crawl %d: %d new of %d visited, want %d new, and nothing due at once", i+1, r.New, r.Visited, want)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNoLeak: crawling again and again leaves no goroutine behind.
func TestNoLeak(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, _ := crawlOf(t, w, trame.Source{})
	nets, err := fetch.ParseAllowNet("127.0.0.1:" + w.port())
	if err != nil {
		t.Fatal(err)
	}
	f := fetch.New(fetch.Options{AllowNet: nets})
	c, err := crawler.New(a, f, crawler.Options{Delay: -1})
	if err != nil {
		t.Fatal(err)
	}
	mustCrawl(t, c, true)
	base := runtime.NumGoroutine()
	for range 5 {
		mustCrawl(t, c, true)
	}
	f.CloseIdleConnections()
	w.CloseClientConnections()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > base+5; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines after five crawls, %d after one", runtime.NumGoroutine(), base)
		}
	}
}
