package archive_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"

	"trame"
	"trame/archive"
)

// pgEnv names the PostgreSQL that the suite runs on too; CI fails without it.
const pgEnv = "TRAME_TEST_PG"

// schemas numbers the schemas of this process.
var schemas atomic.Int64

// clock is a clock that tests move.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// world is an empty archive with its clock.
type world struct {
	*archive.Archive
	clock *clock
	dsn   string
	t     testing.TB
	known map[string]bool // sources that know has added
}

// both runs a test on SQLite and, where there is one, on PostgreSQL.
func both(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, open(t, sqliteDSN(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, open(t, postgresDSN(t))) })
}

func sqliteDSN(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "archive.db")
}

// postgresDSN makes a schema of its own and returns how to reach it.
func postgresDSN(t testing.TB) string {
	t.Helper()
	server := os.Getenv(pgEnv)
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set: in CI the suite must run on PostgreSQL too", pgEnv)
		}
		t.Skipf("%s is not set", pgEnv)
	}
	c, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatalf("%s: %v", pgEnv, err)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("t%d_%d_%d", os.Getpid(), time.Now().UnixNano(), schemas.Add(1))
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA `+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `DROP SCHEMA `+schema+` CASCADE`); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	q := url.Values{"host": {c.Host}, "port": {fmt.Sprint(c.Port)}, "user": {c.User}, "search_path": {schema}}
	if c.Password != "" {
		q.Set("password", c.Password)
	}
	return "postgres:///" + c.Database + "?" + q.Encode()
}

func open(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{clock: newClock(), dsn: dsn, t: t, known: map[string]bool{}}
	w.Archive = w.reopen()
	return w
}

// reopen opens the same archive again; the test's end closes it.
func (w *world) reopen() *archive.Archive {
	w.t.Helper()
	a, err := archive.Open(w.t.Context(), w.dsn, archive.Options{Now: w.clock.now})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { a.Close() })
	return a
}

// page is a link to a page of a host.
func page(host, path string) archive.Link {
	return archive.Link{URL: "https://" + host + path, Source: strings.TrimSuffix(host, ".test"), Host: host + ":443", Kind: archive.LinkPage, Depth: 1}
}

func article(host, path, title, text string) *trame.Article {
	u := "https://" + host + path
	return &trame.Article{URL: u, Title: title, Text: text, Source: strings.TrimSuffix(host, ".test"), Language: "fr"}
}

// read is a visit that found an article.
func (w *world) read(host, path, title, text string) archive.Visit {
	l := page(host, path)
	l.State, l.Visited, l.Due, l.Status = archive.StateRead, w.clock.now(), w.clock.now().Add(24*time.Hour), 200
	return archive.Visit{Link: l, Article: article(host, path, title, text),
		Page: &archive.Page{Fetched: w.clock.now(), Status: 200, ContentType: "text/html", Body: []byte("<p>" + text + "</p>")}}
}

// know adds sources unless they are there: a visit is kept for a known one alone.
func (w *world) know(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		if w.known[id] {
			continue
		}
		if _, err := w.Source(w.t.Context(), id); err != nil {
			w.put(trame.Source{ID: id, URL: "https://" + id + ".test/"})
		}
		w.known[id] = true
	}
}

// save saves a visit, of a known source, and returns its change.
func (w *world) save(v archive.Visit) int64 {
	w.t.Helper()
	w.know(v.Link.Source)
	n, err := w.Save(w.t.Context(), v)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) article(id string) trame.Article {
	w.t.Helper()
	a, err := w.Article(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) changes(after int64) []archive.Change {
	w.t.Helper()
	var all []archive.Change
	for {
		c, err := w.Changes(w.t.Context(), after, 1000)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(c) == 0 {
			return all
		}
		all, after = append(all, c...), c[len(c)-1].N
	}
}

// A new file has large pages and a write-ahead log; one that has others stays as
// it is.
func TestPageSize(t *testing.T) {
	dsn := sqliteDSN(t)
	path := strings.TrimPrefix(dsn, "sqlite:")
	pragma := func(name string) (v string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.QueryRowContext(t.Context(), `PRAGMA `+name).Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	open(t, dsn).Close()
	if size, mode := pragma("page_size"), pragma("journal_mode"); size != "8192" || mode != "wal" {
		t.Errorf("a new file has pages of %s and the journal %s", size, mode)
	}
	db, err := sql.Open("sqlite", path+"2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE before (a TEXT)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	w := open(t, dsn+"2")
	w.save(w.read("h.test", "/", "T", "t"))
	w.Close()
	path += "2"
	if size, mode := pragma("page_size"), pragma("journal_mode"); size != "4096" || mode != "wal" {
		t.Errorf("an old file has pages of %s and the journal %s", size, mode)
	}
}
