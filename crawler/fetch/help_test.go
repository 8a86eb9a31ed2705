package fetch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// site is a real server on loopback; without a robots.txt of its own it answers
// 404 to it.
func site(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// free wraps a handler with a robots.txt that forbids nothing.
func free(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}
}

func allow(t testing.TB, urls ...string) []AddrPorts {
	t.Helper()
	var list []AddrPorts
	for _, s := range urls {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		ap, err := netip.ParseAddrPort(u.Host)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, AddrPorts{Addr: ap.Addr(), First: ap.Port(), Last: ap.Port()})
	}
	return list
}

// client returns a client that may reach the servers at the addresses, and
// checks at the end of the test that no host's turn was kept.
func client(t testing.TB, o Options, urls ...string) *Client {
	t.Helper()
	o.AllowNet = append(o.AllowNet, allow(t, urls...)...)
	c := New(o)
	t.Cleanup(func() {
		checkTurns(t, c)
		c.CloseIdleConnections()
	})
	return c
}

func checkTurns(t testing.TB, c *Client) {
	t.Helper()
	kept := func() (list []string) {
		c.pace.mu.Lock()
		defer c.pace.mu.Unlock()
		for key, h := range c.pace.hosts {
			if h.users != 0 || len(h.turn) != 0 || len(h.asking) != 0 {
				list = append(list, key)
			}
		}
		return list
	}
	if !eventually(func() bool { return len(kept()) == 0 }) {
		t.Errorf("turns kept after the test: %v", kept())
	}
}

// eventually reports whether a condition comes true within five seconds.
func eventually(ok func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); <-tick.C {
		if ok() {
			return true
		}
	}
	return ok()
}

// canary is a listener that must never be reached.
type canary struct {
	net.Listener
	accepts atomic.Int64
}

func newCanary(t testing.TB, address string) *canary {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("listen on %s: %v", address, err)
	}
	c := &canary{Listener: l}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.accepts.Add(1)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
		if n := c.accepts.Load(); n != 0 {
			t.Errorf("canary on %s was reached %d times", address, n)
		}
	})
	return c
}

func (c *canary) port() string {
	_, port, _ := net.SplitHostPort(c.Addr().String())
	return port
}

// clock is a clock that the test moves.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.ns.Add(int64(d)) }

// heap returns the memory taken from the system for the heap, which is given back
// so rarely that a difference is a peak.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapSys)
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func hostOf(s string) string { return strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://") }
