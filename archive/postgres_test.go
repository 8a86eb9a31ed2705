package archive_test

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// All connections are cut again and again while four writers save. No writer
// sees an error, what was acknowledged is there, and nothing is there twice.
func TestConnectionsCut(t *testing.T) {
	dsn := postgresDSN(t)
	name := "trame-cut-" + fmt.Sprint(os.Getpid())
	w := open(t, dsn+"&application_name="+name)
	killer, err := sql.Open("pgx", os.Getenv(pgEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer killer.Close()
	const writers, cuts = 4, 20
	saved := make(chan struct{}, 10_000)
	var stop atomic.Bool
	var wg sync.WaitGroup
	var mu sync.Mutex
	acked := map[string]int64{}
	for i := range writers {
		w.know(fmt.Sprintf("h%d", i))
		wg.Go(func() {
			for n := 0; !stop.Load() && n < 2000; n++ {
				v := w.read(fmt.Sprintf("h%d.test", i), fmt.Sprintf("/%d", n), "T", strings.Repeat("texte ", 100))
				v.Found = []archive.Link{page("commun.test", fmt.Sprintf("/%d", n))}
				change, err := w.Save(t.Context(), v)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acked[v.Link.URL] = change
				mu.Unlock()
				saved <- struct{}{}
			}
		})
	}
	for range cuts {
		for range 3 * writers { // each life saves something
			select {
			case <-saved:
			case <-time.After(time.Minute):
				t.Fatal("nothing is saved any more")
			}
		}
		var n int
		if err := killer.QueryRowContext(t.Context(), `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1`, name).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	stop.Store(true)
	wg.Wait()
	changes := w.changes(0)
	byID := map[string]int64{}
	for i, c := range changes {
		byID[c.ID] = c.N
		if c.N != int64(i+1) {
			t.Errorf("entry %d of the history is change %d", i+1, c.N)
		}
	}
	lost := 0 // the commit happened and its answer was cut: 0 for "no difference"
	for u, n := range acked {
		switch got := byID[trame.ID(u)]; {
		case got == 0:
			t.Errorf("%s was acknowledged and is not there", u)
		case n == 0:
			lost++
		case got != n:
			t.Errorf("%s was acknowledged as change %d and is %d", u, n, got)
		}
	}
	if len(changes) != len(acked) {
		t.Errorf("%d articles, %d acknowledged", len(changes), len(acked))
	}
	t.Logf("%d cuts, %d saved, %d commits whose answer was cut", cuts, len(acked), lost)
}

// Four processes open an empty database at once; one of them migrates it.
func TestOpenTogether(t *testing.T) {
	dsn := postgresDSN(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			a, err := archive.Open(t.Context(), dsn, archive.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer a.Close()
			if _, err := a.Totals(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
