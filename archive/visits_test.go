package archive_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

const host = "exemple.test"

func TestSaveArticle(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		v := w.read(host, "/a", "Le secret", "Un texte.\n\nDeux.")
		v.Article.Attachments = []trame.Attachment{{URL: "https://exemple.test/a.pdf", Title: "Le rapport", Pages: 3}}
		v.Found = []archive.Link{page(host, "/b"), page(host, "/a"), page(host, "/b")}
		if n := w.save(v); n != 1 {
			t.Errorf("first Save = %d, want 1", n)
		}
		first := w.clock.now()
		id := trame.ID("https://exemple.test/a")
		got := w.article(id)
		if got.Title != "Le secret" || got.Text != "Un texte.\n\nDeux." || got.Type != trame.TypeArticle || !got.FirstSeen.Equal(first) {
			t.Errorf("Article = %+v", got)
		}
		w.clock.advance(time.Hour)
		if n := w.save(v); n != 0 {
			t.Errorf("Save of the same = %d, want 0", n)
		}
		if got := w.article(id); !got.FirstSeen.Equal(first) || !got.LastSeen.Equal(w.clock.now()) {
			t.Errorf("seen %v to %v, want %v to %v", got.FirstSeen, got.LastSeen, first, w.clock.now())
		}
		if l, err := w.Link(t.Context(), "https://exemple.test/b"); err != nil || l.State != archive.StateNew || l.Kind != archive.LinkPage {
			t.Errorf("Link(b) = %+v, %v", l, err)
		}
		p, err := w.Page(t.Context(), v.Link.URL)
		if err != nil || string(p.Body) != "<p>Un texte.\n\nDeux.</p>" || p.Status != 200 {
			t.Errorf("Page = %+v, %v", p, err)
		}
		v.Article.Text = "Un autre texte."
		if n := w.save(v); n != 2 {
			t.Errorf("Save of another text = %d, want 2", n)
		}
		versions, err := w.Versions(t.Context(), id)
		if err != nil || len(versions) != 2 || versions[0].Article.Text != "Un texte.\n\nDeux." || versions[1].Change != 2 {
			t.Errorf("Versions = %+v, %v", versions, err)
		}
		if ids, err := w.AttachedTo(t.Context(), "https://exemple.test/a.pdf"); err != nil || len(ids) != 1 || ids[0] != id {
			t.Errorf("AttachedTo = %v, %v, want [%s]", ids, err, id)
		}
		if _, err := w.Article(t.Context(), "0000000000000000"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Article(unknown) = %v, want ErrNotFound", err)
		}
	})
}

// leave saves a visit that found no article, in a state.
func (w *world) leave(path string, s archive.State, target string) int64 {
	w.t.Helper()
	l := page(host, path)
	l.State, l.Target, l.Visited = s, target, w.clock.now()
	return w.save(archive.Visit{Link: l})
}

// What the state of a link does to the article that was read from it.
func TestStates(t *testing.T) {
	tests := []struct {
		state   archive.State
		change  bool
		found   bool // by readers
		gone    bool
		again   bool // a later 304 is a change
		reread  bool // a later visit with the same article is a change
		inTotal int
	}{
		{state: archive.StateRead, found: true, inTotal: 1},
		{state: archive.StateFailed, found: true, inTotal: 1},
		{state: archive.StateGone, change: true, found: true, gone: true, again: true, reread: true, inTotal: 1},
		{state: archive.StateRefused, change: true, found: true, gone: true, again: true, reread: true, inTotal: 1},
		{state: archive.StateLocked, change: true, found: true, gone: true, again: true, reread: true, inTotal: 1},
		{state: archive.StateSeen, change: true, reread: true},
		{state: archive.StateUnfit, change: true, reread: true},
	}
	for _, tt := range tests {
		t.Run(string(tt.state), func(t *testing.T) {
			both(t, func(t *testing.T, w *world) {
				id := trame.ID("https://" + host + "/a")
				w.save(w.read(host, "/a", "A", "Texte."))
				n := w.leave("/a", tt.state, "")
				if (n != 0) != tt.change {
					t.Errorf("change = %d, want one: %v", n, tt.change)
				}
				if again := w.leave("/a", tt.state, ""); again != 0 {
					t.Errorf("the same state again is change %d, want none", again)
				}
				last := w.changes(0)
				if len(last) != 1 || (last[0].Article != nil) != tt.found || tt.found && last[0].Article.Gone != tt.gone {
					t.Errorf("Changes = %+v, want found %v, gone %v", last, tt.found, tt.gone)
				}
				if _, err := w.Article(t.Context(), id); (err == nil) != tt.found {
					t.Errorf("Article: %v, want found %v", err, tt.found)
				}
				total, err := w.Totals(t.Context())
				if err != nil || total.Articles != tt.inTotal {
					t.Errorf("Totals = %+v, %v, want %d articles", total, err, tt.inTotal)
				}
				if n := w.leave("/a", archive.StateRead, ""); (n != 0) != tt.again {
					t.Errorf("304 afterwards is change %d, want one: %v", n, tt.again)
				}
				w.leave("/a", tt.state, "")
				n = w.save(w.read(host, "/a", "A", "Texte."))
				if (n != 0) != tt.reread {
					t.Errorf("the same article afterwards is change %d, want one: %v", n, tt.reread)
				}
				if got := w.article(id); got.Gone || got.Title != "A" {
					t.Errorf("Article = %+v, want it back", got)
				}
			})
		})
	}
}

// An article was seen when its page was visited, not when the link was saved.
func TestSeenWhenVisited(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		v := w.read(host, "/a", "A", "Texte.")
		w.save(v)
		seen := func(what string, want time.Time) {
			t.Helper()
			if got := w.article(trame.ID(v.Link.URL)).LastSeen; !got.Equal(want) {
				t.Errorf("LastSeen after %s = %v, want %v", what, got, want)
			}
		}
		first := w.clock.now()
		w.clock.advance(time.Hour)
		w.save(archive.Visit{Link: v.Link})
		seen("a save without a visit", first)
		w.leave("/a", archive.StateRead, "")
		seen("an answer 304", w.clock.now())
		w.save(archive.Visit{Link: v.Link})
		seen("a link of an hour ago", w.clock.now())
	})
}

// Once its source is removed, a visit under way brings nothing back.
func TestSaveAfterRemoval(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.save(w.read(host, "/a", "A", "Texte."))
		if err := w.RemoveSource(t.Context(), "exemple"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/a", "/b"} {
			v := w.read(host, path, "Autre", "Un autre texte.")
			v.Found = []archive.Link{page(host, "/suite")}
			if n, err := w.Save(t.Context(), v); n != 0 || err != nil {
				t.Errorf("Save of %s = %d, %v, want 0", path, n, err)
			}
		}
		for l, err := range w.Links(t.Context(), "") {
			t.Errorf("link %s came back (%v)", l.URL, err)
		}
		if got := w.article(trame.ID("https://" + host + "/a")); got.Title != "A" {
			t.Errorf("Title = %q, want the article as it was", got.Title)
		}
		if _, err := w.Article(t.Context(), trame.ID("https://"+host+"/b")); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Article(b) = %v, want ErrNotFound", err)
		}
		if _, err := w.Page(t.Context(), "https://"+host+"/b"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Page(b) = %v, want ErrNotFound", err)
		}
		if n := w.changes(0); len(n) != 1 || n[0].N != 1 {
			t.Errorf("Changes = %+v, want the first alone", n)
		}
		w.put(trame.Source{ID: "exemple", URL: "https://" + host})
		if n := w.save(w.read(host, "/b", "B", "Texte.")); n != 2 {
			t.Errorf("Save once the source is back = %d, want 2", n)
		}
	})
}

// Visits go on while their source is removed: no link is left of it.
func TestRemoveWhileSaving(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.know("exemple")
		const writers, each = 3, 30
		begun := make(chan struct{}, writers*each)
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for n := range each {
					if _, err := w.Save(t.Context(), w.read(host, fmt.Sprintf("/%d/%d", i, n), "T", "Texte.")); err != nil {
						t.Error(err)
						return
					}
					begun <- struct{}{}
				}
			})
		}
		for range writers * each / 3 {
			<-begun
		}
		if err := w.RemoveSource(t.Context(), "exemple"); err != nil {
			t.Error(err)
		}
		wg.Wait()
		for l, err := range w.Links(t.Context(), "") {
			t.Errorf("link %s is left (%v)", l.URL, err)
		}
	})
}

func TestMove(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		old, heir := trame.ID("https://"+host+"/ancien"), trame.ID("https://"+host+"/neuf")
		w.save(w.read(host, "/ancien", "A", "Texte."))
		n := w.leave("/ancien", archive.StateMoved, "https://"+host+"/neuf")
		if n == 0 {
			t.Fatal("a move is no change")
		}
		if c := w.changes(n - 1); len(c) != 1 || c[0].ID != old || c[0].Article != nil {
			t.Errorf("Changes = %+v, want the old one without article", c)
		}
		if got := w.article(old); got.ID != old || !got.Gone {
			t.Errorf("Article(old) before the new one = %+v, want the last version, gone", got)
		}
		w.save(w.read(host, "/neuf", "A", "Texte."))
		got := w.article(old)
		if got.ID != heir || len(got.AlsoAt) != 1 || got.AlsoAt[0].URL != "https://"+host+"/ancien" || got.AlsoAt[0].Source != "exemple" {
			t.Errorf("Article(old) = %+v, want the new one, also at the old address", got)
		}
		if n := w.save(w.read(host, "/neuf", "A", "Texte.")); n != 0 {
			t.Errorf("the new one again is change %d, want none", n)
		}
		var all []string
		for a, err := range w.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, a.ID)
		}
		if len(all) != 1 || all[0] != heir {
			t.Errorf("All = %v, want [%s]", all, heir)
		}
	})
}

// The new address was read first; then the old one says that it moved.
func TestDuplicateLater(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.save(w.read(host, "/a", "A", "Texte."))
		w.save(w.read(host, "/b", "A", "Texte."))
		w.leave("/c", archive.StateDuplicate, "https://"+host+"/b") // never an article: tells a reader nothing
		if n := w.leave("/a", archive.StateDuplicate, "https://"+host+"/b"); n != 4 {
			t.Errorf("Save = %d, want 4: one change for the old, one for the new", n)
		}
		foreign := page("ailleurs.test", "/copie")
		foreign.State, foreign.Target = archive.StateDuplicate, "https://"+host+"/b"
		w.save(archive.Visit{Link: foreign})
		got := w.article(trame.ID("https://" + host + "/a"))
		if len(got.AlsoAt) != 2 || got.AlsoAt[0] != (trame.Place{URL: "https://ailleurs.test/copie", Source: "ailleurs"}) || got.AlsoAt[1].URL != "https://"+host+"/a" {
			t.Errorf("AlsoAt = %+v, want the other source's and the old address", got.AlsoAt)
		}
	})
}

func TestMoveChain(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		path := func(i int) string { return "/" + string(rune('a'+i)) }
		for i := range 6 {
			w.save(w.read(host, path(i), "A", "Texte."))
		}
		for i := range 5 {
			w.leave(path(i), archive.StateMoved, "https://"+host+path(i+1))
		}
		if got := w.article(trame.ID("https://" + host + "/a")); got.URL != "https://"+host+"/f" {
			t.Errorf("Article(a) = %s, want f after five moves", got.URL)
		}
		w.leave("/f", archive.StateMoved, "https://"+host+"/a") // a circle
		if got := w.article(trame.ID("https://" + host + "/c")); !got.Gone {
			t.Errorf("Article in a circle = %+v, want a gone one", got)
		}
	})
}

func TestSaveReading(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		u := "https://" + host + "/a"
		v := w.read(host, "/a", "A", "Texte.")
		v.Article.ListedBy = []trame.Place{{URL: "https://liste.test/"}}
		w.save(v)
		seen := w.clock.now()
		w.clock.advance(time.Hour)
		reading := func(art *trame.Article, want int64) {
			t.Helper()
			if n, err := w.SaveReading(t.Context(), u, art); n != want || err != nil {
				t.Errorf("SaveReading = %d, %v, want %d", n, err, want)
			}
		}
		reading(article(host, "/a", "A", "Texte."), 0)
		reading(article(host, "/a", "A", "Mieux lu."), 2)
		if got := w.article(trame.ID(u)); got.Text != "Mieux lu." || len(got.ListedBy) != 1 || !got.LastSeen.Equal(seen) {
			t.Errorf("Article = %+v, want the new text, the list kept, LastSeen kept", got)
		}
		reading(nil, 3)
		reading(nil, 0)
		if _, err := w.Article(t.Context(), trame.ID(u)); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Article = %v, want ErrNotFound", err)
		}
		l, err := w.Link(t.Context(), u)
		if err != nil || l.State != archive.StateSeen || !l.Due.Equal(v.Link.Due) {
			t.Errorf("Link = %+v, %v, want seen and its schedule untouched", l, err)
		}
		reading(article(host, "/a", "A", "Mieux lu."), 4)
		w.leave("/a", archive.StateGone, "")
		reading(article(host, "/a", "A", "Encore mieux."), 6)
		if got := w.article(trame.ID(u)); !got.Gone {
			t.Error("reading again brought a gone article back")
		}
		kept := 0
		for k, err := range w.Pages(t.Context()) {
			if err != nil || k.Link.State != archive.StateGone || k.Page.URL != u {
				t.Errorf("Pages: %+v, %v", k, err)
			}
			kept++
		}
		if kept != 1 {
			t.Errorf("Pages yields %d, want 1", kept)
		}
	})
}
