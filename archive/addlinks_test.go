package archive_test

import (
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// link returns a link that must be known.
func (w *world) link(url string) archive.Link {
	w.t.Helper()
	l, err := w.Link(w.t.Context(), url)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// A hint that comes after its page was read is of use only when the page is
// asked for whole.
func TestHintAfterReading(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		v := w.read(host, "/lu", "Lu", "Texte.")
		v.Link.ETag, v.Link.LastModified = `"1"`, "Mon, 02 Mar 2026 08:00:00 GMT"
		w.save(v)
		seen := v.Link
		seen.URL, seen.State = "https://"+host+"/vu", archive.StateSeen
		w.save(archive.Visit{Link: seen})
		hinted := func(l archive.Link, hint string) archive.Link {
			l.Hint = []byte(hint)
			return l
		}
		feed := of(archive.LinkFeed, 1, page(host, "/flux"))
		feed.State = archive.StateSeen
		w.save(archive.Visit{Link: feed, Found: []archive.Link{hinted(page(host, "/lu"), "un"), hinted(page(host, "/vu"), "un")}})
		l := w.link(v.Link.URL)
		if string(l.Hint) != "un" || !l.Due.Equal(w.clock.now()) || l.ETag != "" || l.LastModified != "" {
			t.Errorf("page read before its hint: %+v, want it due and without validators", l)
		}
		if l := w.link(seen.URL); string(l.Hint) != "un" || l.Due.Equal(w.clock.now()) || l.ETag != `"1"` {
			t.Errorf("page that is no article: %+v, want the hint alone", l)
		}
		// The page is visited with one hint while its feed brings another.
		v.Link.Hint = []byte("un")
		w.add(hinted(page(host, "/lu"), "deux"))
		w.save(v)
		if l := w.link(v.Link.URL); string(l.Hint) != "deux" || !l.Due.Equal(w.clock.now()) || l.ETag != "" {
			t.Errorf("after a visit with the hint of before: %+v, want the new hint kept and the page due", l)
		}
		if got := w.lease("x", archive.LinkFilter{}); len(got) != 1 || got[0] != host+"/lu" {
			t.Errorf("Lease = %v, want the page", got)
		}
		v.Link.Hint = []byte("deux")
		w.save(v)
		if l := w.link(v.Link.URL); !l.Due.Equal(v.Link.Due) || l.ETag != v.Link.ETag {
			t.Errorf("after a visit with the hint: %+v, want its own time and validators", l)
		}
	})
}

// A source added later may have as its home what another knows as a page.
func TestTakeOver(t *testing.T) {
	far := func(w *world) time.Time { return w.clock.now().Add(100 * time.Hour) }
	from := func(by string, l archive.Link) archive.Link {
		l.From = by
		return l
	}
	with := func(source string, l archive.Link) archive.Link {
		l.Source = source
		return l
	}
	here := page(host, "/blog/")
	for _, tt := range []struct {
		what       string
		had, added archive.Link
		source     string
		kind       archive.LinkKind
	}{
		{"home over page", here, of(archive.LinkHome, 0, with("blog", here)), "blog", archive.LinkHome},
		{"home over home", of(archive.LinkHome, 0, here), of(archive.LinkHome, 0, with("blog", here)), "blog", archive.LinkHome},
		{"home that a page names, over page", here, from("https://blog.test/", of(archive.LinkHome, 0, with("blog", here))), "blog", archive.LinkHome},
		{"home that a page names, over feed", of(archive.LinkFeed, 1, here), from("https://blog.test/", of(archive.LinkHome, 0, with("blog", here))), "exemple", archive.LinkFeed},
		{"feed of the settings over feed", from("x", of(archive.LinkFeed, 1, here)), of(archive.LinkFeed, 0, with("blog", here)), "blog", archive.LinkFeed},
		{"feed that a page names", here, from("x", of(archive.LinkFeed, 0, with("blog", here))), "exemple", archive.LinkPage},
		{"page", of(archive.LinkPager, 1, here), with("blog", here), "exemple", archive.LinkPager},
		{"home of the same source over page", here, of(archive.LinkHome, 0, here), "exemple", archive.LinkHome},
		{"feed of the same source over home", of(archive.LinkHome, 0, here), of(archive.LinkFeed, 0, here), "exemple", archive.LinkHome},
	} {
		t.Run(tt.what, func(t *testing.T) {
			both(t, func(t *testing.T, w *world) {
				had := tt.had
				had.State, had.Due, had.ETag, had.LastModified, had.Visited = archive.StateSeen, far(w), "e", "m", w.clock.now()
				had.Every = 7 * 24 * time.Hour
				w.save(archive.Visit{Link: had})
				if n := w.add(tt.added); n != 0 {
					t.Errorf("AddLinks = %d, want 0: it is known", n)
				}
				l := w.link(here.URL)
				if l.Source != tt.source || l.Kind != tt.kind {
					t.Errorf("Link = %s of %s, want %s of %s", l.Kind, l.Source, tt.kind, tt.source)
				}
				taken := tt.source != had.Source || tt.kind != had.Kind
				if due := l.Due.Equal(w.clock.now()) && l.ETag == "" && l.LastModified == "" && l.Every == 0; due != taken {
					t.Errorf("Link = %+v, want it due and without validators: %v", l, taken)
				}
				if got := w.lease("x", archive.LinkFilter{Sources: []string{"blog"}}); (len(got) == 1) != (tt.source == "blog") {
					t.Errorf("Lease for the new source = %v", got)
				}
				w.add(tt.added)
				if again := w.link(here.URL); again.Source != tt.source || again.Kind != tt.kind {
					t.Errorf("added once more it is %s of %s", again.Kind, again.Source)
				}
			})
		})
	}
}

// The first source visits the page while the second takes it for its home.
func TestTakeOverWhileVisited(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.know("exemple", "blog")
		l := page(host, "/blog/")
		w.add(l)
		if got := w.lease("x", archive.LinkFilter{}); len(got) != 1 {
			t.Fatalf("Lease = %v", got)
		}
		home := of(archive.LinkHome, 0, l)
		home.Source = "blog"
		w.add(home)
		w.clock.advance(time.Minute)
		l.State, l.Visited, l.Due, l.ETag = archive.StateSeen, w.clock.now(), w.clock.now().Add(24*time.Hour), "e"
		w.save(archive.Visit{Link: l})
		got := w.link(l.URL)
		if got.Source != "blog" || got.Kind != archive.LinkHome || got.Due.After(w.clock.now()) || got.ETag != "" {
			t.Errorf("Link = %+v, want the home of the second source, due", got)
		}
		if got := w.lease("y", archive.LinkFilter{Sources: []string{"blog"}}); len(got) != 1 {
			t.Errorf("Lease for the second source = %v, want its home", got)
		}
		home.State, home.Visited, home.Due, home.ETag = archive.StateSeen, w.clock.now(), w.clock.now().Add(time.Hour), "e"
		w.save(archive.Visit{Link: home})
		if got := w.link(l.URL); !got.Due.Equal(home.Due) || got.ETag != "e" {
			t.Errorf("Link = %+v, want it as its own visit left it", got)
		}
	})
}

// A source's id is indexed with an address, so it has a bound.
func TestLongSourceID(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		long := make([]byte, 301)
		for i := range long {
			long[i] = 'a' + byte(i*i%26)
		}
		if err := w.PutSource(t.Context(), trame.Source{ID: string(long)}); err == nil {
			t.Error("PutSource takes an id of 301 bytes")
		}
		w.put(trame.Source{ID: string(long[:300])})
		l := page(host, "/")
		l.Source = string(long)
		if n := w.add(l); n != 0 {
			t.Error("AddLinks takes a link of a source with an id of 301 bytes")
		}
		a := batch(0, 1)
		a[0].Source = string(long)
		if _, err := w.Import(t.Context(), a); err == nil {
			t.Error("Import takes a source with an id of 301 bytes")
		}
	})
}
