package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"trame"
	"trame/archive"
)

// TestDiskFull fills a small file system until a batch fails, searches, makes
// room, and goes on: nothing written before is lost.
func TestDiskFull(t *testing.T) {
	mount := t.TempDir()
	if err := syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("mounting needs root: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(mount, syscall.MNT_DETACH) })
	a := newArchive(t)
	e, err := openBleve(filepath.Join(mount, "index"), a, 1<<40, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	articles := compose(9000)
	apply := func(from int64) error {
		var changes []archive.Change
		for n := from + 1; n <= from+100; n++ {
			changes = append(changes, archive.Change{N: n, ID: articles[n-1].ID, Number: n, Article: &articles[n-1]})
		}
		return e.Apply(t.Context(), changes, from+100)
	}
	var written int64
	for err == nil && written < 8900 {
		if err = apply(written); err == nil {
			written += 100
		}
	}
	if !errors.Is(err, syscall.ENOSPC) && (err == nil || !strings.Contains(err.Error(), "no space")) {
		t.Fatalf("Apply after %d = %v, want that the disk is full", written, err)
	}
	for range 3 {
		r, err := e.Search(t.Context(), trame.Query{Text: "travail social", Facets: []string{"theme"}})
		if errors.Is(err, trame.ErrBusy) {
			continue // it could not even be opened again: said so
		}
		// A batch whose writing failed may have come to the disk all the same: what
		// is searched is then what the cursor says, and nothing acknowledged is lost.
		if err != nil || int64(r.TotalArchive) < written || int64(r.TotalArchive) > written+100 {
			t.Fatalf("Search on a full disk = %v, %v, want %d articles", r, err, written)
		}
		written = int64(r.TotalArchive)
		if cursor, err := e.Cursor(t.Context()); err != nil || cursor != written {
			t.Fatalf("cursor on a full disk = %d, %v, want %d", cursor, err, written)
		}
		if err := apply(written); err == nil {
			t.Log("a batch fitted after all")
			written += 100
		}
	}
	if err := syscall.Mount("tmpfs", mount, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if err := apply(written); err != nil {
		t.Fatalf("Apply with room again: %v", err)
	}
	written += 100
	r, err := e.Search(t.Context(), trame.Query{Text: "travail social"})
	if err != nil || int64(r.TotalArchive) != written {
		t.Fatalf("Search with room again: %v, %v, want %d articles", r, err, written)
	}
	if _, err := os.Stat(filepath.Join(mount, "index", "damaged")); err == nil {
		t.Error("the index was thrown away")
	}
	fmt.Fprintln(t.Output(), "written before the disk was full:", written-100)
}
