package archive_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// childEnv makes the test binary a process of its own that opens an archive.
const childEnv = "TRAME_TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(childEnv); role != "" {
		os.Exit(child(role, os.Args[1]))
	}
	os.Exit(m.Run())
}

// child opens the archive, says so, and saves visits until it is killed
// ("save", from the number that it is given) or until its input ends ("hold").
func child(role, dsn string) int {
	ctx := context.Background()
	a, err := archive.Open(ctx, dsn, archive.Options{})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	defer a.Close()
	fmt.Println("open")
	if role == "hold" {
		io.Copy(io.Discard, os.Stdin)
		return 0
	}
	w := &world{clock: newClock()}
	if err := a.PutSource(ctx, trame.Source{ID: "h"}); err != nil {
		fmt.Println("error", err)
		return 1
	}
	from, _ := strconv.Atoi(role)
	for i := from; i < from+100_000; i++ {
		v := w.read("h.test", fmt.Sprintf("/%d", i), "Titre", strings.Repeat("Un texte. ", 200))
		v.Found = []archive.Link{page("h.test", fmt.Sprintf("/%d-suite", i))}
		n, err := a.Save(ctx, v)
		if err != nil {
			fmt.Println("error", err)
			return 1
		}
		fmt.Println("saved", i, n) // the acknowledgement: it must be true for ever
	}
	return 0
}

func startChild(t *testing.T, role, dsn string) (*exec.Cmd, *bufio.Scanner, io.WriteCloser) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, dsn)
	cmd.Env = append(os.Environ(), childEnv+"="+role)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the child says %q, want open", lines.Text())
	}
	return cmd, lines, in
}

// Twelve times a process is killed while it saves; whatever it had acknowledged
// is there, with its number, and the file is whole.
func TestKill(t *testing.T) {
	dsn := sqliteDSN(t)
	acked := map[int]int64{} // article → change
	next := 0
	for range 12 {
		cmd, lines, _ := startChild(t, strconv.Itoa(next), dsn)
		dying := false
		for lines.Scan() {
			if !dying { // once it works, however slow the machine is
				dying = true
				time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { cmd.Process.Kill() })
			}
			var i int
			var n int64
			if _, err := fmt.Sscanf(lines.Text(), "saved %d %d", &i, &n); err == nil {
				acked[i] = n
				next = max(next, i+1)
			} else if strings.HasPrefix(lines.Text(), "error") {
				t.Fatal(lines.Text())
			}
		}
		if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the child ended with %v, want it killed", err)
		}
		next++ // the one under way may be there or not
	}
	w := open(t, dsn)
	changes := w.changes(0)
	byID := map[string]archive.Change{}
	for i, c := range changes {
		byID[c.ID] = c
		if c.N != int64(i+1) || c.Number != int64(i+1) {
			t.Errorf("entry %d of the history is change %d of article %d: a number was lost or doubled", i+1, c.N, c.Number)
		}
	}
	for i, n := range acked {
		u := fmt.Sprintf("https://h.test/%d", i)
		if byID[trame.ID(u)].N != n {
			t.Errorf("article %d was acknowledged as change %d, the archive has %d", i, n, byID[trame.ID(u)].N)
		}
		if _, err := w.Page(t.Context(), u); err != nil {
			t.Error(err)
		}
		if _, err := w.Link(t.Context(), u+"-suite"); err != nil {
			t.Error(err)
		}
	}
	if len(acked) < 12 {
		t.Errorf("only %d saves were acknowledged in 12 lives", len(acked))
	}
	t.Logf("%d acknowledged, %d in the archive", len(acked), len(changes))
	w.Close()
	checkIntegrity(t, strings.TrimPrefix(dsn, "sqlite:"))
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check = %s, %v", verdict, err)
	}
}

func TestSecondProcess(t *testing.T) {
	dsn := sqliteDSN(t)
	dir := filepath.Dir(strings.TrimPrefix(dsn, "sqlite:"))
	cmd, _, in := startChild(t, "hold", dsn)
	start := time.Now()
	_, err := archive.Open(t.Context(), dsn, archive.Options{})
	if !errors.Is(err, trame.ErrBusy) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), strconv.Itoa(cmd.Process.Pid)) {
		t.Errorf("Open = %v, want ErrBusy with %s and process %d", err, dir, cmd.Process.Pid)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("Open took %v to refuse, want at most 3 s", took)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	open(t, dsn)
	if _, err := archive.Open(t.Context(), dsn, archive.Options{}); !errors.Is(err, trame.ErrBusy) {
		t.Errorf("a second Open in one process = %v, want ErrBusy", err)
	}
}
