package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trame"
	"trame/cmd/trame/demo"
)

// demoFolder writes the demo's sites as a list of sources and returns the
// arguments with which any command uses them and a data folder.
func demoFolder(t *testing.T, web *demo.Web, data string) []string {
	t.Helper()
	list, err := json.Marshal(web.Sources) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	// delays are nanoseconds in JSON and words in the list: the demo asks for none
	list = regexp.MustCompile(`,?"delay":\d+`).ReplaceAll(list, nil)
	file := filepath.Join(t.TempDir(), "sources.yaml")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"--data", data, "--sources", file, "--allow-net", web.Allow, "--delay", "0s"}
}

func startDemo(t *testing.T) *demo.Web {
	t.Helper()
	web, err := demo.Start(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = web.Close() })
	return web
}

// command runs a trame that must succeed and returns its standard output.
func command(t *testing.T, binary string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	c := exec.CommandContext(ctx, binary, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("trame %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

// archived is what an archive holds, without the moments at which it looked.
func archived(t *testing.T, export string) map[string]trame.Article {
	t.Helper()
	all := map[string]trame.Article{}
	for line := range strings.Lines(export) {
		var a trame.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		a.FirstSeen, a.LastSeen = time.Time{}, time.Time{}
		all[a.URL] = a
	}
	return all
}

// TestKill kills crawl and index at random moments, lets the last one end, and
// wants the archive and index of a crawl that nobody disturbed.
func TestKill(t *testing.T) {
	binary, web := trameBinary(t), startDemo(t)
	whole := demoFolder(t, web, filepath.Join(t.TempDir(), "whole"))
	began := time.Now()
	command(t, binary, append([]string{"crawl"}, whole...)...)
	took := time.Since(began)
	want := archived(t, command(t, binary, append([]string{"export"}, whole...)...))
	compareWithTruth(t, web, want)
	wantFound := command(t, binary, append([]string{"search", "--json", "social", "--per-page=100", "--sort=oldest"}, whole...)...)

	const folders, kills = 4, 5
	for range folders {
		killed := demoFolder(t, web, filepath.Join(t.TempDir(), "killed"))
		for range kills {
			killAfter(t, binary, rand.N(took/kills)+20*time.Millisecond, append([]string{"crawl"}, killed...))
		}
		command(t, binary, append([]string{"crawl"}, killed...)...)
		got := archived(t, command(t, binary, append([]string{"export"}, killed...)...))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d kills the archive differs (-undisturbed +killed):\n%s", kills, diff)
		}
		found := command(t, binary, append([]string{"search", "--json", "social", "--per-page=100", "--sort=oldest"}, killed...)...)
		if a, b := foundURLs(t, wantFound), foundURLs(t, found); !cmp.Equal(a, b) {
			t.Errorf("after %d kills a search differs: %s", kills, cmp.Diff(a, b))
		}
	}
}

// compareWithTruth wants every text that the demo serves with its title and its
// date as printed, and nothing else.
func compareWithTruth(t *testing.T, web *demo.Web, got map[string]trame.Article) {
	t.Helper()
	truth := web.Truth()
	if len(truth) < 280 {
		t.Fatalf("the demo serves %d texts, want about 300", len(truth))
	}
	expected := map[string]bool{}
	for _, want := range truth {
		expected[want.URL] = true
		a, found := got[want.URL]
		switch {
		case !found:
			t.Errorf("%s (%s) was not found", want.URL, want.Title)
		case a.Title != want.Title:
			t.Errorf("%s: title %q, want %q", want.URL, a.Title, want.Title)
		case a.Published != want.Date:
			t.Errorf("%s (%s): date %q from %s, want %q", want.URL, a.Title, a.Published, a.PublishedFrom, want.Date)
		case a.Type != want.Kind:
			t.Errorf("%s (%s): type %q, want %q", want.URL, a.Title, a.Type, want.Kind)
		case a.Event != nil && !slices.Equal(a.Event.Dates, want.Dates), a.Event == nil && len(want.Dates) > 0:
			t.Errorf("%s (%s): event %+v, want the days %v", want.URL, a.Title, a.Event, want.Dates)
		case want.PDF != "" && !slices.ContainsFunc(a.Attachments, func(d trame.Attachment) bool { return d.URL == want.PDF }):
			t.Errorf("%s (%s): attachments %v, want %s", want.URL, a.Title, a.Attachments, want.PDF)
		}
	}
	for url, a := range got {
		if !expected[url] {
			t.Errorf("%s (%s) is no text of the demo", url, a.Title)
		}
	}
}

// foundURLs returns the addresses of an answer in its order: equal dates break
// ties by first appearance, which a kill may change, so they are sorted within
// a date by address.
func foundURLs(t *testing.T, answer string) map[string]bool {
	t.Helper()
	var a struct {
		Total int
		Items []struct{ URL string }
	}
	if err := json.Unmarshal([]byte(answer), &a); err != nil {
		t.Fatal(err)
	}
	if a.Total == 0 {
		t.Fatal("the search finds nothing")
	}
	all := map[string]bool{fmt.Sprint("total ", a.Total): true}
	if a.Total <= len(a.Items) {
		for _, i := range a.Items {
			all[i.URL] = true
		}
	}
	return all
}

// killAfter starts trame and ends it with SIGKILL after a while, if it still runs.
func killAfter(t *testing.T, binary string, after time.Duration, args []string) {
	t.Helper()
	c := exec.Command(binary, args...)
	c.Stdout, c.Stderr = io.Discard, io.Discard
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer timer.Stop()
	_ = c.Wait() // killed, or done
}

// server is a running `trame serve`.
type server struct {
	*exec.Cmd
	base   string
	output *bytes.Buffer
}

// startServe starts trame serve on a free port and waits until it says where.
func startServe(t *testing.T, binary string, args ...string) *server {
	t.Helper()
	c := exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout, c.Stderr = write, write
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM) // a demo removes its folder
		timer := time.AfterFunc(30*time.Second, func() { _ = c.Process.Kill() })
		defer timer.Stop()
		_ = c.Wait()
		read.Close()
	})
	s := &server{Cmd: c, output: &bytes.Buffer{}}
	address := regexp.MustCompile(`(?:Open +|address=)(http://127\.0\.0\.1:\d+)`)
	lines := bufio.NewReader(read)
	for s.base == "" {
		line, err := lines.ReadString('\n')
		s.output.WriteString(line)
		if m := address.FindStringSubmatch(line); m != nil {
			s.base = m[1]
		} else if err != nil {
			t.Fatalf("trame serve ended: %s", s.output)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return s
}

// get asks the server; the body is read whole.
func (s *server) get(t *testing.T, path string) (int, []byte) {
	t.Helper()
	resp, err := http.Get(s.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// eventually asks again until a condition holds.
func eventually(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("after %s still not: %s", limit, what)
}

// TestLock: a second trame on the same folder ends within three seconds and
// names the folder.
func TestLock(t *testing.T) {
	binary, data := trameBinary(t), filepath.Join(t.TempDir(), "données")
	startServe(t, binary, "--crawl=off", "--data", data)
	began := time.Now()
	out, err := exec.Command(binary, "search", "x", "--data", data).CombinedOutput()
	if err == nil {
		t.Fatal("a second trame works on a folder in use")
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	if !bytes.Contains(out, []byte(data)) || bytes.Count(bytes.TrimSpace(out), []byte("\n")) > 0 {
		t.Errorf("the error is not one line that names the folder: %s", out)
	}
}

// TestTerm: SIGTERM ends a server in order, exit code 0.
func TestTerm(t *testing.T) {
	binary := trameBinary(t)
	s := startServe(t, binary, "--crawl=off", "--data", t.TempDir())
	if code, _ := s.get(t, "/healthz"); code != http.StatusOK {
		t.Fatalf("/healthz answers %d", code)
	}
	if out, err := exec.Command(binary, "healthcheck", "--listen", strings.TrimPrefix(s.base, "http://")).CombinedOutput(); err != nil {
		t.Errorf("healthcheck: %v: %s", err, out)
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	case <-time.After(25 * time.Second):
		t.Error("25 s after SIGTERM it still runs")
	}
}

// TestDemo starts the README's command, waits for the crawl to end, and looks at
// what a visitor would look at.
func TestDemo(t *testing.T) {
	s := startServe(t, trameBinary(t), "--demo")
	var status struct {
		Articles        int
		IndexArticles   int `json:"index_articles"`
		Waiting         int
		IndexGeneration int64 `json:"index_generation"`
		Change          int64
	}
	eventually(t, 90*time.Second, "the demo is crawled and indexed", func() bool {
		_, body := s.get(t, "/api/v1/status")
		if err := json.Unmarshal(body, &status); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		return status.Articles >= 280 && status.Waiting == 0 && status.IndexGeneration == status.Change
	})
	for _, page := range []string{"/", "/recherche?q=secret+professionnel", "/recherche?q=%22aller+vers%22&sort=newest", "/sources", "/aide", "/methode", "/api"} {
		if code, body := s.get(t, page); code != http.StatusOK || !bytes.Contains(body, []byte("</html>")) {
			t.Errorf("%s answers %d", page, code)
		}
	}
	for _, q := range []string{"secret professionnel", "travailleurs", "CPAS", "sans-abri", "l’aide à la jeunesse", "burn-out", "numérique", "maraude", "non-recours", "ASE OU SAJ"} {
		_, body := s.get(t, "/api/v1/articles?facets=theme,source,year&q="+url.QueryEscape(q))
		var answer struct{ Total int }
		if err := json.Unmarshal(body, &answer); err != nil || answer.Total == 0 {
			t.Errorf("%q finds nothing: %v %s", q, err, body)
		}
	}
	if code, body := s.get(t, "/recherche?q=%22oubli%C3%A9&from=hier"); code != http.StatusBadRequest || !bytes.Contains(body, []byte("</html>")) {
		t.Errorf("a wrong date answers %d, want 400 and a page", code)
	}
}
