package index

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	bolterrors "go.etcd.io/bbolt/errors"

	"trame"
	"trame/archive"
)

// TestDamage harms the files of an index in the ways that disks and people do.
// Whatever was done, opening it again and catching up gives every article, and
// nothing that was wrong is served.
func TestDamage(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	cases := []struct {
		name string
		harm func(t *testing.T, generation string)
		kept bool // nothing is wrong: the index is used as it is
	}{
		{"none", func(*testing.T, string) {}, true},
		{"segment missing", func(t *testing.T, g string) { remove(t, segmentOf(t, g)) }, false},
		{"segment empty", func(t *testing.T, g string) { cutTo(t, segmentOf(t, g), 0) }, false},
		{"segment cut in half", func(t *testing.T, g string) { cutTo(t, segmentOf(t, g), -2) }, false},
		{"segment without its last byte", func(t *testing.T, g string) { cutTo(t, segmentOf(t, g), -1) }, false},
		{"segment zeroed", func(t *testing.T, g string) { overwrite(t, segmentOf(t, g), func(b []byte) { clear(b) }) }, false},
		{"a byte at the beginning", func(t *testing.T, g string) { overwrite(t, segmentOf(t, g), func(b []byte) { b[5] ^= 1 }) }, false},
		{"a byte in the middle", func(t *testing.T, g string) { overwrite(t, segmentOf(t, g), func(b []byte) { b[len(b)/2] ^= 0x40 }) }, false},
		{"a byte in the footer", func(t *testing.T, g string) { overwrite(t, segmentOf(t, g), func(b []byte) { b[len(b)-10] ^= 0x40 }) }, false},
		{"all but the footer shuffled", func(t *testing.T, g string) {
			overwrite(t, segmentOf(t, g), func(b []byte) { slices.Reverse(b[:len(b)-64]) })
		}, false},
		{"a stray file", func(t *testing.T, g string) { write(t, filepath.Join(g, "._x.zap"), "x") }, false},
		{"root.bolt missing", func(t *testing.T, g string) { remove(t, filepath.Join(g, "root.bolt")) }, false},
		{"root.bolt empty", func(t *testing.T, g string) { cutTo(t, filepath.Join(g, "root.bolt"), 0) }, false},
		{"root.bolt cut", func(t *testing.T, g string) { cutTo(t, filepath.Join(g, "root.bolt"), 8192) }, false},
		{"root.bolt cut to a page", func(t *testing.T, g string) { cutTo(t, filepath.Join(g, "root.bolt"), 4096) }, false},
		{"root.bolt zeroed", func(t *testing.T, g string) {
			overwrite(t, filepath.Join(g, "root.bolt"), func(b []byte) { clear(b) })
		}, false},
		{"folder empty", func(t *testing.T, g string) { remove(t, g); mkdir(t, g) }, false},
		{"folder missing", func(t *testing.T, g string) { remove(t, g) }, false},
		{"a file in the folder's place", func(t *testing.T, g string) { remove(t, g); write(t, g, "x") }, false},
		{"CURRENT empty", func(t *testing.T, g string) { cutTo(t, filepath.Join(filepath.Dir(g), "CURRENT"), 0) }, false},
		{"CURRENT names elsewhere", func(t *testing.T, g string) { write(t, filepath.Join(filepath.Dir(g), "CURRENT"), "../../etc") }, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			e := newEngine(t, folder, a)
			generation := e.(*bleveEngine).folder.current()
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			c.harm(t, generation)

			e, err := Open(t.Context(), "bleve:"+folder, a, Options{})
			if err != nil {
				t.Fatalf("Open: %v", err)
			}
			defer e.Close()
			cursor, err := e.Cursor(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if (cursor > 0) != c.kept && c.name != "a stray file" {
				t.Errorf("the index was used at change %d", cursor)
			}
			if err := CatchUp(t.Context(), a, e, nil); err != nil {
				t.Fatalf("CatchUp: %v", err)
			}
			testSearches(t, e)
		})
	}
}

// TestDiagnose: only what is wrong with the index itself makes it damaged.
func TestDiagnose(t *testing.T) {
	for _, err := range []error{syscall.ENOSPC, syscall.EMFILE, fs.ErrPermission, &fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}} {
		if got := diagnose(err); errors.Is(got, errDamaged) || !errors.Is(got, err) {
			t.Errorf("diagnose(%v) = %v", err, got)
		}
	}
	if got := diagnose(bolterrors.ErrTimeout); !errors.Is(got, trame.ErrBusy) {
		t.Errorf("diagnose(timeout) = %v, want ErrBusy", got)
	}
	if got := diagnose(bolterrors.ErrChecksum); !errors.Is(got, errDamaged) {
		t.Errorf("diagnose(checksum) = %v, want damaged", got)
	}
}

func segmentOf(t *testing.T, generation string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(generation, "*.zap"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no segment in %s: %v", generation, err)
	}
	return all[len(all)-1]
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, path string) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// cutTo cuts a file to a size; -1 takes its last byte, -2 its second half.
func cutTo(t *testing.T, path string, size int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	switch size {
	case -1:
		size = info.Size() - 1
	case -2:
		size = info.Size() / 2
	}
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, path string, change func(b []byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	change(b)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOtherMapping: an index of another version of the program is made again,
// and so is one that has read more than the archive holds.
func TestOtherMapping(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	folder := t.TempDir()
	e := newEngine(t, folder, a)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	smaller := newArchive(t)
	importAll(t, smaller, examples(t)[:3])
	e = newEngine(t, folder, smaller)
	if r := ask(t, e, ""); r.Total != 3 {
		t.Errorf("the index of a smaller archive holds %d, want 3", r.Total)
	}
	if _, err := os.Stat(filepath.Join(folder, "damaged")); err != nil {
		t.Errorf("nothing was kept aside: %v", err)
	}
}

// TestInUse: a second opening of the same folder fails at once and names it.
func TestInUse(t *testing.T) {
	a := newArchive(t)
	folder := t.TempDir()
	newEngine(t, folder, a)
	began := time.Now()
	e, err := Open(t.Context(), "bleve:"+folder, a, Options{})
	if err == nil {
		e.Close()
		t.Fatal("a second Open succeeded")
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("Open took %s", took)
	}
	if !errors.Is(err, trame.ErrBusy) || !strings.Contains(err.Error(), folder) {
		t.Errorf("Open says %v, want ErrBusy and the folder", err)
	}
	if err := Rebuild(t.Context(), "bleve:"+folder, a, Options{}, nil); !errors.Is(err, trame.ErrBusy) {
		t.Errorf("Rebuild says %v, want ErrBusy", err)
	}
}

// TestKill kills a process that writes one change after another, at many moments.
// What it had reported as written is there afterwards.
func TestKill(t *testing.T) {
	if folder := os.Getenv("TRAME_TEST_WRITER"); folder != "" {
		writeUntilKilled(t, folder)
		return
	}
	kills := 12
	if testing.Short() {
		kills = 3
	}
	a := newArchive(t)
	folder := t.TempDir()
	var reported int64
	for i := range kills {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "TRAME_TEST_WRITER="+folder)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		reported = max(reported, killAfter(t, out, cmd.Process.Kill, 3+7*i))
		cmd.Wait()
	}
	e, err := openBleve(folder, a, 1<<40, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cursor, err := e.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if cursor < reported || reported == 0 {
		t.Errorf("Cursor = %d after %d was reported", cursor, reported)
	}
	if r := ask(t, e, ""); int64(r.Total) != cursor {
		t.Errorf("%d articles after change %d", r.Total, cursor)
	}
	if _, err := os.Stat(filepath.Join(folder, "damaged")); err == nil {
		t.Error("a killed index was taken for damaged")
	}
}

// killAfter kills once n lines have come, and returns the greatest number read.
func killAfter(t *testing.T, out io.Reader, kill func() error, n int) int64 {
	t.Helper()
	var last int64
	var text strings.Builder
	b := make([]byte, 256)
	for {
		k, err := out.Read(b)
		text.Write(b[:k])
		if strings.Count(text.String(), "\n") >= n || err != nil {
			if e := kill(); e != nil && err == nil {
				t.Fatal(e)
			}
			if err != nil {
				break
			}
		}
	}
	for line := range strings.Lines(text.String()) {
		var k int64
		if _, err := fmt.Sscanf(line, "written %d\n", &k); err == nil && strings.HasSuffix(line, "\n") {
			last = max(last, k)
		}
	}
	return last
}

func writeUntilKilled(t *testing.T, folder string) {
	e, err := openBleve(folder, newArchive(t), 1<<40, Options{})
	if err != nil {
		t.Fatal(err)
	}
	article := examples(t)[0]
	for range 10_000 {
		n, err := e.Cursor(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		n++
		a := article
		a.URL = fmt.Sprintf("%s/%d", article.URL, n)
		a.ID = trame.ID(a.URL)
		if err := e.Apply(context.Background(), []archive.Change{{N: n, ID: a.ID, Number: n, Article: &a}}, n); err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString(fmt.Sprintf("written %d\n", n))
	}
}
