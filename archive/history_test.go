package archive_test

import (
	"fmt"
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
