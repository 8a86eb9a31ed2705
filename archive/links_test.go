package archive_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

func urls(links []archive.Link) []string {
	out := make([]string, len(links))
	for i, l := range links {
		out[i] = strings.TrimPrefix(l.URL, "https://")
	}
	return out
}

func (w *world) add(links ...archive.Link) int {
	w.t.Helper()
	n, err := w.AddLinks(w.t.Context(), links)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) lease(owner string, f archive.LinkFilter) []string {
	w.t.Helper()
	links, err := w.Lease(w.t.Context(), owner, time.Minute, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return urls(links)
}

func of(kind archive.LinkKind, depth int, l archive.Link) archive.Link {
	l.Kind, l.Depth = kind, depth
	return l
}

func TestLeaseOrder(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		later := page("b.test", "/plus-tard")
		later.Due = w.clock.now().Add(time.Hour)
		w.add(
			of(archive.LinkPage, 1, page("a.test", "/p1")),
			of(archive.LinkPage, 0, page("a.test", "/p0")),
			of(archive.LinkPager, 9, page("a.test", "/suite")),
			of(archive.LinkFeed, 1, page("a.test", "/flux")),
			of(archive.LinkSitemap, 0, page("b.test", "/plan.xml")),
			of(archive.LinkHome, 0, page("c.test", "/")), later)
		steps := []struct {
			filter archive.LinkFilter
			want   []string
		}{
			{archive.LinkFilter{Limit: 10}, []string{"c.test/", "a.test/flux", "b.test/plan.xml"}},
			{archive.LinkFilter{Limit: 10, PerHost: 3}, []string{"c.test/", "a.test/flux", "b.test/plan.xml", "a.test/suite", "a.test/p0"}},
			{archive.LinkFilter{Limit: 2, PerHost: 3}, []string{"c.test/", "a.test/flux"}},
			{archive.LinkFilter{Limit: 10, PerHost: 3, Hosts: 2}, []string{"c.test/", "a.test/flux", "a.test/suite", "a.test/p0"}},
			{archive.LinkFilter{Limit: 10, Hosts: 1}, []string{"c.test/"}},
			{archive.LinkFilter{Limit: 2, PerHost: 3, Hosts: 9}, []string{"c.test/", "a.test/flux"}},
			{archive.LinkFilter{Limit: 10, SkipHosts: []string{"a.test:443", "c.test:443"}}, []string{"b.test/plan.xml"}},
			{archive.LinkFilter{Limit: 10, PerHost: 9, Sources: []string{"b", "c"}}, []string{"c.test/", "b.test/plan.xml"}},
			{archive.LinkFilter{Sources: []string{"d"}}, []string{}},
		}
		for _, s := range steps {
			if got := w.lease("moi", s.filter); !slices.Equal(got, s.want) {
				t.Errorf("Lease(%+v) = %v, want %v", s.filter, got, s.want)
			}
			if err := w.Release(t.Context(), "moi"); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.advance(2 * time.Hour)
		if got := w.lease("moi", archive.LinkFilter{Sources: []string{"b"}, PerHost: 2}); !slices.Equal(got, []string{"b.test/plan.xml", "b.test/plus-tard"}) {
			t.Errorf("Lease two hours later = %v", got)
		}
	})
}

func TestLeaseHoldsHost(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.add(page("a.test", "/1"), page("a.test", "/2"), page("b.test", "/1"))
		if got := w.lease("x", archive.LinkFilter{Limit: 1}); !slices.Equal(got, []string{"a.test/1"}) {
			t.Fatalf("Lease = %v", got)
		}
		for _, owner := range []string{"x", "y"} {
			if got := w.lease(owner, archive.LinkFilter{Sources: []string{"a"}}); len(got) > 0 {
				t.Errorf("Lease(%s) of a host that is held = %v, want none", owner, got)
			}
		}
		l := page("a.test", "/1")
		l.State, l.Due = archive.StateSeen, w.clock.now().Add(time.Hour)
		w.save(archive.Visit{Link: l})
		if got := w.lease("y", archive.LinkFilter{}); !slices.Equal(got, []string{"a.test/2", "b.test/1"}) {
			t.Errorf("Lease after Save = %v, want a.test/2 and b.test/1", got)
		}
		w.clock.advance(2 * time.Minute) // y died
		if got := w.lease("z", archive.LinkFilter{}); !slices.Equal(got, []string{"a.test/2", "b.test/1"}) {
			t.Errorf("Lease after the first one's time = %v, want the same links", got)
		}
		if due, ok, err := w.NextDue(t.Context(), []string{"a"}); err != nil || !ok || !due.Equal(w.clock.now().Add(-2*time.Minute)) {
			t.Errorf("NextDue = %v, %v, %v, want leased links to count", due, ok, err)
		}
	})
}

// Eight crawlers, two processes' worth of archives, one queue: each link once.
func TestLeaseConcurrent(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		const hosts, perHost, crawlers = 40, 5, 8
		var links []archive.Link
		for h := range hosts {
			for p := range perHost {
				links = append(links, page(fmt.Sprintf("h%d.test", h), fmt.Sprintf("/%d", p)))
			}
			w.know(fmt.Sprintf("h%d", h))
		}
		w.add(links...)
		archives := []*archive.Archive{w.Archive, w.Archive}
		if !strings.HasPrefix(w.dsn, "sqlite:") {
			archives[1] = w.reopen()
		}
		var mu sync.Mutex
		given := map[string]int{}
		held := map[string]string{} // host → owner
		take := func(owner string, ls []archive.Link) {
			mu.Lock()
			defer mu.Unlock()
			for _, l := range ls {
				given[l.URL]++
				if other := held[l.Host]; other != "" {
					t.Errorf("host %s leased to %s while %s holds it", l.Host, owner, other)
				}
				held[l.Host] = owner
			}
		}
		var wg sync.WaitGroup
		for c := range crawlers {
			a, owner := archives[c%2], fmt.Sprintf("c%d", c)
			wg.Go(func() {
				for range 2 * hosts * perHost {
					ls, err := a.Lease(t.Context(), owner, time.Hour, archive.LinkFilter{Limit: 3})
					if err != nil {
						t.Error(err)
						return
					}
					take(owner, ls)
					for _, l := range ls {
						mu.Lock()
						delete(held, l.Host)
						mu.Unlock()
						l.State, l.Due = archive.StateSeen, time.Time{}
						if _, err := a.Save(t.Context(), archive.Visit{Link: l}); err != nil {
							t.Error(err)
							return
						}
					}
					mu.Lock()
					done := len(given) == len(links)
					mu.Unlock()
					if done {
						return
					}
				}
			})
		}
		wg.Wait()
		if len(given) != len(links) {
			t.Errorf("%d links were given, want %d", len(given), len(links))
		}
		for u, n := range given {
			if n != 1 {
				t.Errorf("%s was given %d times", u, n)
			}
		}
	})
}

func TestAddLinks(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.save(w.read(host, "/lu", "Lu", "Texte."))
		seen := page(host, "/vu")
		seen.State = archive.StateSeen
		w.save(archive.Visit{Link: seen})
		hinted := func(path, hint string) archive.Link {
			l := page(host, path)
			l.Hint = []byte(hint)
			return l
		}
		long := page(host, "/"+strings.Repeat("x", 3000))
		if n := w.add(hinted("/lu", `{"a":1}`), hinted("/vu", `{}`), hinted("/neuf", `{}`), long, archive.Link{}, hinted("/gros", strings.Repeat("x", 300<<10))); n != 2 {
			t.Errorf("AddLinks = %d, want 2: the new one and the one whose hint is too large", n)
		}
		for path, want := range map[string]bool{"/lu": true, "/vu": false, "/neuf": true, "/gros": true} {
			l, err := w.Link(t.Context(), "https://"+host+path)
			if err != nil {
				t.Fatal(err)
			}
			if due := !l.Due.IsZero() && !l.Due.After(w.clock.now()); due != want {
				t.Errorf("%s due = %v (%v), want %v", path, due, l.Due, want)
			}
		}
		w.save(w.read(host, "/lu", "Lu", "Texte."))
		w.add(hinted("/lu", `{"a":1}`))
		l, err := w.Link(t.Context(), "https://"+host+"/lu")
		if err != nil || string(l.Hint) != `{"a":1}` || !l.Due.After(w.clock.now()) {
			t.Errorf("after the same hint again: %+v, %v; want not due, hint kept", l, err)
		}
	})
}

func TestMakeDue(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for i, s := range []archive.State{archive.StateRead, archive.StateRefused, archive.StateUnfit, archive.StateGone} {
			l := page(host, fmt.Sprintf("/%d", i))
			l.State = s
			w.save(archive.Visit{Link: l})
		}
		if _, ok, err := w.NextDue(t.Context(), nil); ok || err != nil {
			t.Errorf("NextDue with nothing due = %v, %v", ok, err)
		}
		if n, err := w.MakeDue(t.Context(), []string{"exemple"}); n != 2 || err != nil {
			t.Errorf("MakeDue = %d, %v, want 2", n, err)
		}
		if got := w.lease("x", archive.LinkFilter{PerHost: 9}); len(got) != 2 {
			t.Errorf("Lease = %v, want 2 links", got)
		}
	})
}

// What was refused or unfit is asked again after a day: robots.txt may have
// changed.
func TestMakeDueAfterADay(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.leave("/interdit", archive.StateRefused, "")
		w.leave("/image", archive.StateUnfit, "")
		for _, tt := range []struct {
			after time.Duration
			want  int
		}{{0, 0}, {23 * time.Hour, 0}, {2 * time.Hour, 2}} {
			w.clock.advance(tt.after)
			if n, err := w.MakeDue(t.Context(), nil); n != tt.want || err != nil {
				t.Errorf("MakeDue %v later = %d, %v, want %d", tt.after, n, err, tt.want)
			}
		}
	})
}

// Links given back are as they were, and their host is free.
func TestGiveBack(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		v := w.read("a.test", "/lu", "Lu", "Texte.")
		v.Link.Due, v.Link.ETag = w.clock.now(), "x"
		w.save(v)
		w.add(of(archive.LinkPage, 2, page("a.test", "/neuf")), page("b.test", "/"))
		before, err := w.Link(t.Context(), v.Link.URL)
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(time.Hour)
		if got := w.lease("x", archive.LinkFilter{PerHost: 2}); len(got) != 3 {
			t.Fatalf("Lease = %v, want 3 links", got)
		}
		if err := w.GiveBack(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.lease("y", archive.LinkFilter{}); len(got) > 0 {
			t.Errorf("giving back nothing freed %v", got)
		}
		if err := w.GiveBack(t.Context(), v.Link.URL, "https://a.test/neuf", "https://inconnu.test/"); err != nil {
			t.Fatal(err)
		}
		if after, err := w.Link(t.Context(), v.Link.URL); err != nil || !reflect.DeepEqual(after, before) {
			t.Errorf("Link = %+v, %v, want %+v", after, err, before)
		}
		if got := w.article(trame.ID(v.Link.URL)); !got.LastSeen.Equal(v.Link.Visited) {
			t.Errorf("LastSeen = %v, want the visit's %v", got.LastSeen, v.Link.Visited)
		}
		if got := w.lease("y", archive.LinkFilter{PerHost: 2}); !slices.Equal(got, []string{"a.test/lu", "a.test/neuf"}) {
			t.Errorf("Lease after GiveBack = %v, want the links of a.test alone", got)
		}
	})
}

func TestLinksInOrder(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		var want []string
		var links []archive.Link
		for i := range 450 {
			l := page("a.test", fmt.Sprintf("/%04d", i))
			links, want = append(links, l), append(want, "a.test"+fmt.Sprintf("/%04d", i))
		}
		w.add(append(links, page("b.test", "/"))...)
		var got []archive.Link
		for l, err := range w.Links(t.Context(), "a") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, l)
		}
		if !slices.Equal(urls(got), want) {
			t.Errorf("Links = %d links, want %d in order", len(got), len(want))
		}
		if _, err := w.Link(t.Context(), "https://nulle.part/"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Link(unknown) = %v, want ErrNotFound", err)
		}
	})
}
