package archive_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"trame/archive"
)

// Four writers; a reader that follows its cursor must end with every article,
// though it never looks back.
func TestHistoryOrder(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		const writers, each = 4, 40
		archives := []*archive.Archive{w.Archive, w.Archive}
		if !strings.HasPrefix(w.dsn, "sqlite:") {
			archives[1] = w.reopen() // as another process would
		}
		w.know("h0", "h1", "h2", "h3")
		done := make(chan struct{})
		go func() {
			defer close(done)
			var wg sync.WaitGroup
			for i := range writers {
				wg.Go(func() {
					for n := range each {
						v := w.read(fmt.Sprintf("h%d.test", i), fmt.Sprintf("/%d", n), "T", "Texte.")
						if _, err := archives[i%2].Save(t.Context(), v); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		}()
		seen := map[string]bool{}
		cursor := int64(0)
		follow := func() {
			changes, err := w.Changes(t.Context(), cursor, 7)
			for ; err == nil && len(changes) > 0; changes, err = w.Changes(t.Context(), cursor, 7) {
				for _, c := range changes {
					if c.N <= cursor || seen[c.ID] {
						t.Errorf("change %d of %s after cursor %d, seen before: %v", c.N, c.ID, cursor, seen[c.ID])
					}
					seen[c.ID], cursor = true, c.N
				}
			}
			if err != nil {
				t.Error(err)
			}
		}
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			follow()
		}
		if len(seen) != writers*each || cursor != writers*each {
			t.Errorf("followed %d articles up to %d, want %d", len(seen), cursor, writers*each)
		}
	})
}

func TestChangesOnce(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for i := range 3 {
			w.save(w.read(host, fmt.Sprintf("/%d", i), "T", "Texte."))
		}
		w.save(w.read(host, "/0", "T", "Un autre."))
		got := w.changes(1)
		if len(got) != 3 || got[0].N != 2 || got[2].N != 4 || got[2].Number != 1 || got[2].Article.Text != "Un autre." {
			t.Errorf("Changes(1) = %+v, want 2, 3 and 4, the last of article 1", got)
		}
		if c, err := w.Changes(t.Context(), 0, 2); err != nil || len(c) != 2 {
			t.Errorf("Changes with limit 2 = %+v, %v", c, err)
		}
		total, err := w.Totals(t.Context())
		if err != nil || total.Change != 4 || total.Articles != 3 || total.Pages != 3 {
			t.Errorf("Totals = %+v, %v, want change 4, 3 articles, 3 pages", total, err)
		}
	})
}

// Large articles come a few at a time, all of them and in order.
func TestChangesLarge(t *testing.T) {
	const size = 3 << 20
	r := rand.New(rand.NewPCG(1, 1))
	noise := make([]byte, size*3/4) // that no packing makes smaller than 2 MiB
	for i := range noise {
		noise[i] = byte(r.UintN(256))
	}
	for what, text := range map[string]string{
		"packs well":  strings.Repeat("Un texte. ", size/10),
		"packs badly": base64.StdEncoding.EncodeToString(noise),
	} {
		t.Run(what, func(t *testing.T) {
			both(t, func(t *testing.T, w *world) {
				const n = 9
				given := batch(0, n)
				for i := range given {
					given[i].Text = text
				}
				given[4].Text = strings.Repeat(text, 4) // more than is returned at once
				if _, err := w.Import(t.Context(), given); err != nil {
					t.Fatal(err)
				}
				var last int64
				answers := 0
				for ; last < n; answers++ {
					c, err := w.Changes(t.Context(), last, 100)
					if err != nil || len(c) == 0 || len(c) > 4 {
						t.Fatalf("Changes(%d) = %d entries, %v, want 1 to 4", last, len(c), err)
					}
					for _, c := range c {
						if c.N != last+1 || c.Article.Text != given[c.N-1].Text {
							t.Fatalf("change %d with %d bytes after %d", c.N, len(c.Article.Text), last)
						}
						last = c.N
					}
				}
				if answers > 6 {
					t.Errorf("%d answers for %d articles, want some together", answers, n)
				}
				if c := w.changes(last); len(c) > 0 {
					t.Errorf("%d changes after the last", len(c))
				}
			})
		})
	}
}

func TestHead(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		head := func(want int64) {
			t.Helper()
			if n, err := w.Head(t.Context()); n != want || err != nil {
				t.Errorf("Head = %d, %v, want %d", n, err, want)
			}
		}
		head(0)
		w.save(w.read(host, "/a", "A", "Texte."))
		w.save(w.read(host, "/a", "A", "Un autre."))
		head(2)
		if _, err := w.Import(t.Context(), batch(0, 5)); err != nil {
			t.Fatal(err)
		}
		head(7)
	})
}

func TestChanged(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		ch := w.Changed()
		v := w.read(host, "/a", "T", "Texte.")
		w.save(v)
		select {
		case <-ch:
		case <-time.After(5 * time.Second):
			t.Fatal("Changed is still open after a change")
		}
		ch = w.Changed()
		w.save(v) // no change
		select {
		case <-ch:
			t.Error("Changed was closed without a change")
		default:
		}
	})
}
