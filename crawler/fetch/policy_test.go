package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestRobotsStatus walks through the states of the pack in which a server may
// answer for its robots.txt.
func TestRobotsStatus(t *testing.T) {
	const text = "User-agent: *\nDisallow: /prive\n"
	elsewhere := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/autre.txt" {
			fmt.Fprint(w, text)
		} else {
			fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
		}
	})
	redirect := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/autre.txt", status)
		}
	}
	status := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			if status != 204 {
				fmt.Fprint(w, "User-agent: *\nDisallow: /\n") // the page of an error is no robots.txt
			}
		}
	}
	hops := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var i int
			if _, err := fmt.Sscanf(r.URL.RawQuery, "%d", &i); err != nil {
				i = 0
			}
			if i == n {
				fmt.Fprint(w, text)
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/robots.txt?%d", i+1), 302)
		}
	}
	const (
		all    = "allow-all"
		none   = "disallow-all"
		parsed = "parse"
	)
	cases := map[string]struct {
		robots http.HandlerFunc
		want   string
	}{
		"200":         {func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text) }, parsed},
		"204":         {status(204), all},
		"301":         {redirect(301), parsed},
		"302":         {redirect(302), parsed},
		"308":         {redirect(308), parsed},
		"redirect x5": {hops(5), parsed},
		"redirect x6": {hops(6), all},
		"400":         {status(400), all},
		"401":         {status(401), all},
		"403":         {status(403), all},
		"404":         {status(404), all},
		"410":         {status(410), all},
		"429":         {status(429), none},
		"500":         {status(500), none},
		"502":         {status(502), none},
		"503":         {status(503), none},
		"timeout":     {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, none},
		"redirect to a host that is down": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.2/robots.txt", 302)
		}, none},
		"redirect to file": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
		}, none},
		"cut short": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, text)
		}, none},
		"unreadable": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, text)
		}, none},
		"content-type text/html": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, text)
		}, parsed},
		"body 600 KiB": {func(w http.ResponseWriter, r *http.Request) {
			// The cap falls after "Disallow: /", of a line that goes on.
			fill := strings.Repeat("#", maxRobots-len(text)-len("\nDisallow: /"))
			fmt.Fprint(w, text, fill, "\nDisallow: /"+strings.Repeat("a", 80<<10), "\n")
		}, parsed},
		"body 400 MB": {func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, text)
			line := []byte(strings.Repeat("# remplissage\n", 1000))
			for range 400 << 20 / len(line) {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		}, parsed},
	}
	elsewhereTested := []string{
		"connection refused", "tls error", "dns failure", // TestRobotsUnreachable
		"cache 25 h",               // TestRobotsCache
		"redirect to a private IP", // TestRobotsRedirectInward
		"500 for 30 days",          // may be opened then; here it stays closed: TestRobotsCache
	}
	for _, x := range readJSON[[]struct{ Answer any }](t, "robots/status-cases.json") {
		name := fmt.Sprint(x.Answer)
		if _, ok := cases[name]; !ok && !slices.Contains(elsewhereTested, name) {
			t.Errorf("the case %q of the pack is not tested", name)
		}
	}
	for name, x := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var pages atomic.Int64
			s := site(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					x.robots(w, r)
					return
				}
				pages.Add(1)
			})
			o := Options{}
			if name == "timeout" {
				o.Timeout = 200 * time.Millisecond
			}
			c := client(t, o, s.URL, elsewhere.URL)
			// 429 and 503 make the host rest; that is looked at elsewhere.
			open, shut := c.Allowed(t.Context(), s.URL+"/page"), c.Allowed(t.Context(), s.URL+"/prive")
			want := map[string][2]bool{all: {true, true}, none: {false, false}, parsed: {true, false}}[x.want]
			if (open == nil) != want[0] || (shut == nil) != want[1] {
				t.Errorf("/page: %v, /prive: %v, want %s", open, shut, x.want)
			}
			if down := errors.Is(shut, ErrUnavailable); down != (x.want == none) || shut != nil && !errors.Is(shut, ErrRobots) {
				t.Errorf("/prive: %v, which is not what it should match", shut)
			}
			if open != nil {
				if _, err := c.Get(t.Context(), Request{URL: s.URL + "/page"}); !errors.Is(err, ErrRobots) || pages.Load() != 0 {
					t.Errorf("Get(/page) = %v after %d pages", err, pages.Load())
				}
			}
		})
	}
}

func TestRobotsUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + l.Addr().String()
	l.Close()
	plain := site(t, func(w http.ResponseWriter, r *http.Request) {})
	c := client(t, Options{}, refused, plain.URL)
	c.dialer.Resolver = (&names{}).resolver(t)
	for name, address := range map[string]string{
		"connection refused": refused,
		"tls error":          strings.Replace(plain.URL, "http:", "https:", 1),
		"dns failure":        "http://absent.test/",
	} {
		if _, err := c.Get(t.Context(), Request{URL: address}); !errors.Is(err, ErrRobots) || !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: Get = %v, want ErrRobots and ErrUnavailable", name, err)
		}
	}
}

func TestRobotsCache(t *testing.T) {
	var asked, status atomic.Int64
	status.Store(200)
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			return
		}
		asked.Add(1)
		w.WriteHeader(int(status.Load()))
		fmt.Fprint(w, "User-agent: *\nDisallow: /prive\nSitemap: /plan.xml\n")
	})
	now := newClock()
	c := client(t, Options{Now: now.now}, s.URL)
	look := func(wantAsked int64, want error) {
		t.Helper()
		if err := c.Allowed(t.Context(), s.URL+"/page"); !errors.Is(err, want) {
			t.Errorf("Allowed = %v, want %v", err, want)
		}
		if n := asked.Load(); n != wantAsked {
			t.Errorf("robots.txt asked %d times, want %d", n, wantAsked)
		}
	}
	look(1, nil)
	look(1, nil)
	if list, err := c.Sitemaps(t.Context(), s.URL+"/a/b?c"); err != nil || len(list) != 1 || list[0] != s.URL+"/plan.xml" {
		t.Errorf("Sitemaps = %q, %v", list, err)
	}
	now.advance(24*time.Hour - time.Second)
	look(1, nil)
	now.advance(2 * time.Second)
	look(2, nil)
	status.Store(500)
	now.advance(25 * time.Hour)
	look(3, ErrUnavailable)
	look(3, ErrUnavailable)
	if _, err := c.Sitemaps(t.Context(), s.URL); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Sitemaps = %v, want ErrUnavailable", err)
	}
	status.Store(200)
	now.advance(robotsRetry + time.Second)
	look(4, nil)
}

// However many pages are wanted at once, robots.txt is asked for once.
func TestRobotsOnce(t *testing.T) {
	var asked atomic.Int64
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {}))
	counted := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			asked.Add(1)
		}
		counted.ServeHTTP(w, r)
	})
	c := client(t, Options{}, s.URL)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.URL, i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("robots.txt asked %d times, want once", n)
	}
}

// Who gives up while robots.txt is on its way decides nothing for the others.
func TestRobotsGivenUp(t *testing.T) {
	asked := make(chan bool, 2)
	var held atomic.Bool
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- true
		if held.CompareAndSwap(false, true) {
			<-r.Context().Done()
		}
	})
	c := client(t, Options{}, s.URL)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if err := c.Allowed(ctx, s.URL); !errors.Is(err, context.Canceled) || errors.Is(err, ErrRobots) {
		t.Errorf("Allowed = %v, want the end of the context", err)
	}
	if err := c.Allowed(t.Context(), s.URL); err != nil {
		t.Errorf("Allowed = %v", err)
	}
}
