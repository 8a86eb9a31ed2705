package archive

import (
	"context"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"trame"
)

func openAt(t *testing.T, path string) *Archive {
	t.Helper()
	a, err := Open(t.Context(), "sqlite:"+path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	putExample(t, a)
	return a
}

// putExample adds the source of visit.
func putExample(t *testing.T, a *Archive) {
	t.Helper()
	if err := a.PutSource(t.Context(), trame.Source{ID: "exemple"}); err != nil {
		t.Fatal(err)
	}
}

func visit(path string) Visit {
	u := "https://exemple.test" + path
	return Visit{Link: Link{URL: u, Source: "exemple", Host: "exemple.test:443", State: StateRead}, Article: &trame.Article{Title: "T", Text: strings.Repeat("texte ", 50)},
		Page: &Page{Body: []byte("<p>" + path)}}
}

func TestMigrateAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	for want := int64(1); want <= 3; want++ {
		a, err := Open(t.Context(), "sqlite:"+path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		putExample(t, a)
		if n, err := a.Save(t.Context(), visit("/"+string(rune('a'+want)))); n != want || err != nil {
			t.Errorf("Save after opening %d times = %d, %v", want, n, err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A migration that fails half way leaves nothing behind, and the next program
// that can run it does.
func TestMigrateHalf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	with := func(text string) fs.FS {
		first, err := migrations.ReadFile("migrations/0001_archive.sql")
		if err != nil {
			t.Fatal(err)
		}
		return fstest.MapFS{"0001_archive.sql": {Data: first}, "0002_more.sql": {Data: []byte("-- +goose Up\n" + text)}}
	}
	if err := a.migrateFrom(t.Context(), with("CREATE TABLE more (a TEXT);\nINSERT INTO nowhere VALUES (1);")); err == nil {
		t.Fatal("a broken migration ran")
	}
	if err := a.migrateFrom(t.Context(), with("CREATE TABLE more (a TEXT);")); err != nil {
		t.Fatalf("after a migration that failed: %v", err)
	}
	a.Close()
	_, err := Open(t.Context(), "sqlite:"+path, Options{})
	if err == nil || !strings.Contains(err.Error(), "newer trame (schema 2, this one knows 1)") {
		t.Errorf("Open of a newer archive = %v, want it refused", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "g.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("not a database ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string]string{
		"sqlite:":                       "needs a path",
		"mysql://x":                     "sqlite:PATH or postgres://",
		"sqlite:" + garbage:             "is not an archive",
		"sqlite:" + garbage + "/sub/db": "not a directory",
	} {
		_, err := Open(t.Context(), dsn, Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%s) = %v, want an error with %q", dsn, err, want)
		}
	}
}

func TestOpenHidesPassword(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	_, err := Open(ctx, "postgres://moi:secret123@127.0.0.1:1/x?password=secret123", Options{})
	if err == nil || strings.Contains(err.Error(), "secret123") {
		t.Errorf("Open = %v, want an error without the password", err)
	}
}

func TestOddFolders(t *testing.T) {
	for _, name := range []string{"données élève", "a?b=c", "50%25", "x#y", "a&_pragma=query_only(1)"} {
		path := filepath.Join(t.TempDir(), name, "a.db")
		a := openAt(t, path)
		if _, err := a.Save(t.Context(), visit("/")); err != nil {
			t.Errorf("Save in %q: %v", name, err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the archive is not where it should be: %v (%s)", err, url.PathEscape(name))
		}
	}
}

// The errors are SQLite's own; only what provokes them is not a real disk.
func TestErrorsSayWhatToDo(t *testing.T) {
	for _, tt := range []struct{ provoke, undo, want string }{
		{"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "is full: free some space"},
		{"PRAGMA query_only = 1", "PRAGMA query_only = 0", "give this user the right to write"},
	} {
		dir := t.TempDir()
		a := openAt(t, filepath.Join(dir, "a.db"))
		if _, err := a.Save(t.Context(), visit("/avant")); err != nil {
			t.Fatal(err)
		}
		if _, err := a.w.ExecContext(t.Context(), tt.provoke); err != nil {
			t.Fatal(err)
		}
		var err error
		for i := 0; err == nil && i < 1000; i++ {
			_, err = a.Save(t.Context(), visit("/"+strings.Repeat("a", i+1)))
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("Save after %s = %v, want an error with %q and the folder", tt.provoke, err, tt.want)
		}
		if _, err := a.Article(t.Context(), trame.ID("https://exemple.test/avant")); err != nil {
			t.Errorf("reading afterwards: %v", err)
		}
		if _, err := a.w.ExecContext(t.Context(), tt.undo); err != nil {
			t.Fatal(err)
		}
		if n, err := a.Save(t.Context(), visit("/encore")); n == 0 || err != nil {
			t.Errorf("Save once it is mended = %d, %v", n, err)
		}
	}
}

func TestCloseWaits(t *testing.T) {
	a := openAt(t, filepath.Join(t.TempDir(), "a.db"))
	inside, ended := make(chan struct{}), make(chan error, 1)
	var finished atomic.Bool
	go func() {
		ended <- a.write(context.Background(), func(t *tx) error {
			close(inside)
			for range 1000 { // long enough for Close to come before the end
				if _, err := t.next("change"); err != nil {
					return err
				}
				if _, err := t.exec(`UPDATE counters SET n = n WHERE name = 'article'`); err != nil {
					return err
				}
			}
			finished.Store(true)
			return nil
		})
	}()
	<-inside
	if err := a.Close(); err != nil {
		t.Errorf("Close = %v", err)
	}
	if !finished.Load() {
		t.Error("Close returned before the write under way had ended")
	}
	if err := <-ended; err != nil {
		t.Errorf("the write under way ended with %v", err)
	}
}
