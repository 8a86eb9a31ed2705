package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var errDown = errors.New("connection refused")

// ask takes and ends a turn with an answer of the given status, 0 for none, and
// returns how long it waited.
func ask(t *testing.T, p *pace, key string, status int, retryAfter string) time.Duration {
	t.Helper()
	start := time.Now()
	turn, err := p.take(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	waited := time.Since(start)
	if status == 0 {
		turn.end(errDown)
		return waited
	}
	turn.answered(status, http.Header{"Retry-After": {retryAfter}})
	turn.end(nil)
	return waited
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(New(Options{Delay: 2 * time.Second}).o)
		if d := ask(t, p, "a:80", 200, ""); d != 0 {
			t.Errorf("first turn waited %v", d)
		}
		if d := ask(t, p, "b:80", 200, ""); d != 0 {
			t.Errorf("another host waited %v", d)
		}
		turn, err := p.take(t.Context(), "a:80")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second) // a long answer
		turn.end(nil)
		if d := ask(t, p, "a:80", 200, ""); d != 2*time.Second {
			t.Errorf("waited %v after the end of the last turn, want 2s", d)
		}
		p.setDelay("A:80", 500*time.Millisecond)
		if d := ask(t, p, "a:80", 200, ""); d != 500*time.Millisecond {
			t.Errorf("waited %v with a delay of its own, want 500ms", d)
		}
		p.setDelay("b", 3*time.Second)
		if d := ask(t, p, "b:80", 200, ""); d != 0 {
			t.Errorf("waited %v, long after the last turn", d)
		}
		if d := ask(t, p, "b:80", 200, ""); d != 3*time.Second {
			t.Errorf("waited %v with the delay of all ports, want 3s", d)
		}
		h := p.use("a:80")
		for asked, want := range map[time.Duration]time.Duration{
			100 * time.Millisecond: 500 * time.Millisecond, 7 * time.Second: 7 * time.Second, time.Hour: time.Minute,
		} {
			p.setCrawlDelay(h, asked)
			ask(t, p, "a:80", 200, "")
			if d := ask(t, p, "a:80", 200, ""); d != want {
				t.Errorf("waited %v with Crawl-delay %v, want %v", d, asked, want)
			}
		}
		p.leave(h)
	})
}

func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(New(Options{}).o)
		first, err := p.take(t.Context(), "a:80")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.take(ctx, "a:80"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second turn of a host: %v, want it to wait until its deadline", err)
		}
		var order []int
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				turn, err := p.take(t.Context(), "a:80")
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, i)
				turn.end(nil)
			})
			synctest.Wait()
		}
		first.end(nil)
		wg.Wait()
		if fmt.Sprint(order) != "[0 1 2 3 4]" {
			t.Errorf("turns came in the order %v", order)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if h := p.hosts["a:80"]; h.users != 0 || len(h.turn) != 0 {
			t.Errorf("%d users, turn taken %d", h.users, len(h.turn))
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "0": time.Second, " 5 ": 5 * time.Second,
		"99999999999": 24 * time.Hour, "99999999999999999999999999": 24 * time.Hour, "86401": 24 * time.Hour,
		"Wed, 25 Nov 2026 13:00:00 GMT":     time.Hour,
		"Wed, 25 Nov 2020 13:00:00 GMT":     time.Second,
		"Wed, 25 Nov 2026 14:00:00 +0100":   0, // not a date of HTTP
		"Sun, 06 Nov 2094 08:49:37 GMT":     24 * time.Hour,
		"Wednesday, 25-Nov-26 12:30:00 GMT": 30 * time.Minute,
		"-1":                                0, "": 0, "bientôt": 0, "1.5": 0, "0x10": 0,
	} {
		got, ok := RetryAfter(http.Header{"Retry-After": {s}}, now)
		if got != want || ok != (want != 0) {
			t.Errorf("RetryAfter(%q) = %v, %t, want %v", s, got, ok, want)
		}
	}
}

func TestRest(t *testing.T) {
	type step struct {
		status int
		retry  string
		rest   time.Duration // from the answer on; 0: none
	}
	for name, steps := range map[string][]step{
		"429 asks for a time":         {{429, "120", 2 * time.Minute}},
		"429 asks for ever":           {{429, "99999999999", day}},
		"429 in numbers below":        {{429, "-1", 10 * time.Second}},
		"429 asks in words":           {{429, "garbage", 10 * time.Second}},
		"503 once":                    {{503, "3600", 10 * time.Second}, {200, "", 0}, {503, "3600", 10 * time.Second}},
		"503 again and again":         {{503, "3600", 10 * time.Second}, {503, "3600", time.Hour}},
		"503 in a hurry":              {{503, "3", 3 * time.Second}, {200, "", 0}},
		"503 without a time":          {{503, "", 10 * time.Second}, {503, "", 20 * time.Second}, {503, "", 40 * time.Second}},
		"two failures":                {{0, "", 0}, {0, "", 0}, {200, "", 0}, {0, "", 0}, {0, "", 0}},
		"three failures":              {{0, "", 0}, {0, "", 0}, {0, "", time.Minute}, {0, "", 2 * time.Minute}, {404, "", 0}, {0, "", 0}},
		"404 and 500 are no refusals": {{404, "3600", 0}, {500, "3600", 0}, {301, "3600", 0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPace(New(Options{}).o)
				for i, s := range steps {
					ask(t, p, "a:80", s.status, s.retry)
					until, resting := p.resting()["a:80"]
					if got := time.Until(until); resting != (s.rest != 0) || resting && got != s.rest {
						t.Errorf("step %d: rests %v, want %v", i, got, s.rest)
					}
					if _, err := p.take(t.Context(), "a:80"); s.rest > maxWait && !errors.Is(err, ErrResting) {
						t.Errorf("step %d: take = %v, want ErrResting", i, err)
					} else if s.rest > maxWait {
						time.Sleep(s.rest)
					} else if err != nil {
						t.Fatal(err)
					} else { // waited for
						giveBackUnused(p, "a:80")
					}
				}
			})
		})
	}
}

// giveBackUnused ends the only turn of a host as if it had not been taken.
func giveBackUnused(p *pace, key string) { (&turn{pace: p, host: p.hosts[key]}).giveBack() }

func TestBackOffEnds(t *testing.T) {
	r, now := rest{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 200 {
		now = now.Add(day)
		r.refused(now, 429, nil)
		if d := r.until.Sub(now); d < firstBackOff || d > maxBackOff {
			t.Fatalf("rest of %v after %d refusals", d, r.refusals)
		}
	}
	r = rest{}
	for range 200 {
		now = now.Add(day)
		r.failed(now, errDown)
		if d := r.until.Sub(now); d > maxDown {
			t.Fatalf("rest of %v after %d failures", d, r.failures)
		}
	}
	if d := r.until.Sub(now); d != maxDown {
		t.Errorf("rest of %v in the end, want %v", d, maxDown)
	}
}

const day = 24 * time.Hour

// Hosts without end are forgotten; those that rest, and those in use, are not.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(New(Options{}).o)
		ask(t, p, "repos:80", 429, "3600")
		turn, err := p.take(t.Context(), "occupe:80")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 * maxHosts {
			ask(t, p, fmt.Sprintf("%d.exemple.test:80", i), 200, "")
		}
		if n := len(p.hosts); n > maxHosts {
			t.Errorf("%d hosts remembered", n)
		}
		if p.hosts["repos:80"] == nil || p.hosts["occupe:80"] != turn.host {
			t.Error("a host was forgotten that rests or is in use")
		}
		turn.end(nil)
	})
}

// TestOneConnection measures at the server: one request at a time, and the delay
// from the end of one to the start of the next.
func TestOneConnection(t *testing.T) {
	const delay = 20 * time.Millisecond
	var inside, most atomic.Int64
	var mu sync.Mutex
	var last time.Time
	shortest := time.Hour
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if !last.IsZero() {
			shortest = min(shortest, time.Since(last))
		}
		mu.Unlock()
		if n := inside.Add(1); n > most.Load() {
			most.Store(n)
		}
		if r.URL.Path == "/robots.txt" {
			fmt.Fprint(w, "User-agent: *\nCrawl-delay: 0.02\n")
		} else {
			fmt.Fprint(w, "page")
		}
		mu.Lock()
		inside.Add(-1)
		last = time.Now()
		mu.Unlock()
	})
	c := client(t, Options{Delay: delay / 2}, s.URL)
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", s.URL, i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 || shortest < delay {
		t.Errorf("%d requests at once, %v apart; want 1 and %v", most.Load(), shortest, delay)
	}
}

// A host that hangs holds up nobody but itself.
func TestOthersNotDelayed(t *testing.T) {
	hanging := raw(t, func(c net.Conn) { drip(c, "HTTP/1.1 100 Continue\r\n\r\n", 10*time.Millisecond) })
	good := site(t, free(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "page") }))
	c := client(t, Options{Timeout: 20 * time.Second}, hanging, good.URL)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Get(ctx, Request{URL: hanging}); err == nil {
				t.Error("the hanging host answered")
			}
		})
	}
	start := time.Now()
	for i := range 200 {
		if _, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("%s/%d", good.URL, i)}); err != nil {
			t.Fatal(err)
		}
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("200 pages of the good host took %v", d)
	}
	cancel()
	wg.Wait()
}

// The 429 of a real server, with a clock that the test moves.
func TestRestOverHTTP(t *testing.T) {
	var refuse atomic.Bool
	var asked atomic.Int64
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if refuse.Load() {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(429)
		}
	}))
	now := newClock()
	c := client(t, Options{Now: now.now}, s.URL)
	refuse.Store(true)
	a, err := c.Get(t.Context(), Request{URL: s.URL})
	if want := now.now().Add(2 * time.Hour); err != nil || a.Status != 429 || !a.Retry.Equal(want) {
		t.Fatalf("Get = %+v, %v, want status 429 until %v", a, err, want)
	}
	refuse.Store(false)
	for range 3 {
		if _, err := c.Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, ErrResting) {
			t.Errorf("Get = %v, want ErrResting", err)
		}
	}
	if until := c.Resting()[hostOf(s.URL)]; !until.Equal(a.Retry) {
		t.Errorf("Resting = %v, want %v until %v", c.Resting(), hostOf(s.URL), a.Retry)
	}
	now.advance(2*time.Hour + time.Second)
	if len(c.Resting()) != 0 {
		t.Errorf("Resting = %v after the rest", c.Resting())
	}
	if a, err := c.Get(t.Context(), Request{URL: s.URL}); err != nil || a.Status != 200 || asked.Load() != 2 {
		t.Errorf("Get = %v, %v after the rest; asked %d times, want 2", a, err, asked.Load())
	}
}

func TestFailuresMakeRest(t *testing.T) {
	address := raw(t, func(net.Conn) {})
	now := newClock()
	c := client(t, Options{Now: now.now}, address)
	for range patience {
		if _, err := c.Get(t.Context(), Request{URL: address}); err == nil || errors.Is(err, ErrResting) {
			t.Errorf("Get = %v, want the fault of the server", err)
		}
	}
	if _, err := c.Get(t.Context(), Request{URL: address}); !errors.Is(err, ErrResting) {
		t.Errorf("Get = %v, want ErrResting", err)
	}
	now.advance(firstDown + time.Second)
	if _, err := c.Get(t.Context(), Request{URL: address}); err == nil || errors.Is(err, ErrResting) {
		t.Errorf("Get = %v, want the host asked again", err)
	}
}

// Who gives up does not tell against the host.
func TestGivingUpIsNoFailure(t *testing.T) {
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	c := client(t, Options{}, s.URL)
	for range 2 * patience {
		if _, err := c.Get(within(t, 20*time.Millisecond), Request{URL: s.URL}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Get = %v, want the end of the context", err)
		}
	}
	if rest := c.Resting(); len(rest) != 0 {
		t.Errorf("Resting = %v", rest)
	}
}
