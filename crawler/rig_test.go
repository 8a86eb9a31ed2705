package crawler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"trame"
	"trame/archive"
	"trame/crawler"
	"trame/crawler/fetch"
)

// truth is what the rig knows of one of its sites.
type truth struct {
	Base     string `json:"base"`
	Articles []struct {
		URL         string   `json:"url"`
		Title       string   `json:"title"`
		Date        string   `json:"date"`
		MustContain []string `json:"must_contain"`
		Note        string   `json:"note"`
	} `json:"articles"`
	NotArticles []struct {
		URL string `json:"url"`
	} `json:"not_articles"`
	NeverFound []struct {
		Text string `json:"text"`
	} `json:"never_found"`
}

// TestRig crawls the real sites of the rig (recorded WordPress, SPIP and Hugo
// answers) twice and compares with what they are known to hold. It needs the rig
// running and its truth files: TRAME_RIG names its home, or ../shared is beside
// the clone.
func TestRig(t *testing.T) {
	home := rigHome(t)
	sites := []struct{ port, file string }{
		{"8101", "wordpress"}, {"8102", "wordpress"}, {"8103", "wordpress"},
		{"8111", "spip"}, {"8112", "spip"}, {"8121", "hugo"},
	}
	if only := os.Getenv("TRAME_RIG_PORTS"); only != "" {
		kept := sites[:0]
		for _, s := range sites {
			if strings.Contains(only, s.port) {
				kept = append(kept, s)
			}
		}
		sites = kept
	}
	canary := fileSize(filepath.Join("/tmp/rig/log", "canary.jsonl"))
	ctx := t.Context()
	a := openArchive(t)
	for _, s := range sites {
		if err := a.PutSource(ctx, trame.Source{ID: "rig-" + s.port, URL: "http://127.0.0.1:" + s.port + "/", Kind: trame.KindAuto}); err != nil {
			t.Fatal(err)
		}
	}
	c := newCrawler(t, a, "127.0.0.1:8101-8121")
	first, err := c.Crawl(ctx, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range first.Sources {
		t.Logf("%+v", line)
	}
	for _, s := range sites {
		compareSite(t, a, "rig-"+s.port, s.port, readTruth(t, filepath.Join(home, s.file+".json")))
	}
	second, err := c.Crawl(ctx, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range second.Sources {
		t.Logf("second crawl: %+v", line)
	}
	if second.New+second.Changed+second.Gone > 0 {
		t.Errorf("second crawl: %d new, %d changed, %d gone, want none", second.New, second.Changed, second.Gone)
	}
	for art, err := range a.All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if v, err := a.Versions(ctx, art.ID); err != nil || len(v) != 1 {
			t.Errorf("%s has %d versions, want 1 (%v)", art.URL, len(v), err)
			for _, v := range v {
				v.Article.Text = ""
				t.Logf("%+v", v.Article)
			}
		}
	}
	if got := fileSize(filepath.Join("/tmp/rig/log", "canary.jsonl")); got != canary {
		t.Errorf("the canary was asked: its log grew from %d to %d bytes", canary, got)
	}
}

func fileSize(path string) int64 {
	if info, err := os.Stat(path); err == nil {
		return info.Size()
	}
	return 0
}

// rigHome returns the folder of truth files, and skips the test (fails in CI)
// when the rig is not there.
func rigHome(t *testing.T) string {
	t.Helper()
	miss := t.Skipf
	if os.Getenv("CI") != "" {
		miss = t.Fatalf
	}
	home := filepath.Join("..", "..", "shared", "rig", "truth")
	if dir := os.Getenv("TRAME_RIG"); dir != "" {
		home = filepath.Join(dir, "data", "truth")
	}
	if _, err := os.Stat(home); err != nil {
		miss("no rig: %v", err)
	}
	conn, err := net.DialTimeout("tcp", "127.0.0.1:8101", time.Second)
	if err != nil {
		miss("the rig is not running: %v", err)
	}
	conn.Close()
	return home
}

func readTruth(t *testing.T, path string) truth {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	if err := json.Unmarshal(b, &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

var port = regexp.MustCompile(`127\.0\.0\.1:\d+`)

func compareSite(t *testing.T, a *archive.Archive, source, onPort string, tr truth) {
	t.Helper()
	here := func(u string) string { return port.ReplaceAllString(u, "127.0.0.1:"+onPort) }
	got := map[string]trame.Article{}
	for art, err := range a.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if art.Source == source && !art.Gone {
			got[art.URL] = art
		}
	}
	found, titles, dates, texts := 0, 0, 0, 0
	wanted := map[string]bool{}
	for _, w := range tr.Articles {
		url := here(w.URL)
		wanted[url] = true
		art, ok := got[url]
		if !ok {
			t.Errorf("%s: not found", url)
			continue
		}
		found++
		if key(art.Title) == key(w.Title) {
			titles++
		} else {
			t.Errorf("%s: title %q, want %q", url, art.Title, w.Title)
		}
		if day := w.Date[:min(10, len(w.Date))]; art.Published.String() == day || day == "" && art.Published.IsZero() {
			dates++
		} else {
			t.Errorf("%s: date %q from %s, want %q", url, art.Published, art.PublishedFrom, day)
		}
		whole := true
		for _, m := range w.MustContain {
			if !strings.Contains(key(art.Text), key(m)) {
				whole = false
				t.Logf("%s: text lacks %q (%s)", url, m, w.Note)
			}
		}
		if whole {
			texts++
		}
	}
	for url := range got {
		if !wanted[url] {
			t.Errorf("%s: is no article of the truth file (%q)", url, got[url].Title)
		}
	}
	for _, n := range tr.NotArticles {
		if _, bad := got[here(n.URL)]; bad {
			t.Errorf("%s: an article, want none", here(n.URL))
		}
	}
	for _, n := range tr.NeverFound {
		for url, art := range got {
			if strings.Contains(art.Title+art.Text+art.Summary, n.Text) {
				t.Errorf("%s: holds %s", url, n.Text)
			}
		}
	}
	never := []byte("INTERDIT-")
	for p, err := range a.Pages(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(p.Page.Body, never) {
			t.Errorf("page %s holds a text that nobody may find", p.Page.URL)
		}
	}
	n := len(tr.Articles)
	fmt.Printf("%s: %d/%d found, %d titles, %d dates, %d whole texts, %d in archive\n", source, found, n, titles, dates, texts, len(got))
}

// key keeps letters and digits, as the rig's truth asks to compare.
func key(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func openArchive(t *testing.T) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "archive.db"), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func newCrawler(t *testing.T, a *archive.Archive, allow string) *crawler.Crawler {
	t.Helper()
	nets, err := fetch.ParseAllowNet(allow)
	if err != nil {
		t.Fatal(err)
	}
	f := fetch.New(fetch.Options{UserAgent: "Trame-test/0.1 (+mailto:test@example.org)", AllowNet: nets})
	o := crawler.Options{UserAgent: "Trame-test/0.1", Delay: -1}
	if os.Getenv("TRAME_TEST_VISITS") != "" {
		o.OnVisit = func(v crawler.VisitReport) {
			fmt.Println(v.Outcome, v.Status, v.Kind, v.URL, v.Found, v.Problem)
		}
	}
	c, err := crawler.New(a, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
