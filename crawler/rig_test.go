package crawler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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
	canary := canaryLog(home)
	ctx := t.Context()
	a := openArchive(t)
	allow := "127.0.0.1:8101-8121"
	ports := map[string]string{} // on which a site is asked
	for _, s := range sites {
		ports[s.port] = s.port
		if s.file == "spip" && os.Getenv("TRAME_RIG_PATIENCE") == "" {
			ports[s.port] = withoutDelay(t, "127.0.0.1:"+s.port)
			allow += ",127.0.0.1:" + ports[s.port]
		}
		if err := a.PutSource(ctx, trame.Source{ID: "rig-" + s.port, URL: "http://127.0.0.1:" + ports[s.port] + "/", Kind: trame.KindAuto}); err != nil {
			t.Fatal(err)
		}
	}
	c := newCrawler(t, a, allow)
	first, err := c.Crawl(ctx, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range first.Sources {
		t.Logf("%+v", line)
	}
	for _, s := range sites {
		compareSite(t, a, "rig-"+s.port, ports[s.port], readTruth(t, filepath.Join(home, s.file+".json")))
	}
	before, err := a.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Crawl(ctx, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	after, err := a.Head(ctx)
	if err != nil || after != before {
		t.Errorf("the second crawl made %d changes (%v), want no article and no version", after-before, err)
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
		v, err := a.Versions(ctx, art.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(v) != 1 {
			t.Errorf("%s has %d versions, want 1", art.URL, len(v))
		}
	}
	if got := canaryLog(home); got != canary {
		t.Errorf("the canary was asked: its log grew from %d to %d bytes", canary, got)
	}
}

// withoutDelay relays a site of the rig and leaves out the Crawl-delay of its
// robots.txt: SPIP asks for a second between two visits, four minutes in all.
// That it is obeyed is the matter of package fetch; TRAME_RIG_PATIENCE=1 asks
// the sites themselves.
func withoutDelay(t *testing.T, site string) (relayPort string) {
	t.Helper()
	delay := regexp.MustCompile(`(?im)^crawl-delay:.*$`)
	var relay *httptest.Server
	relay = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here := relay.Listener.Addr().String()
		req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://"+site+r.URL.RequestURI(), nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		for _, h := range []string{"If-None-Match", "If-Modified-Since"} {
			req.Header.Set(h, r.Header.Get(h))
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(io.LimitReader(res.Body, 10<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		body = bytes.ReplaceAll(body, []byte(site), []byte(here))
		if r.URL.Path == "/robots.txt" {
			body = delay.ReplaceAll(body, nil)
		}
		for _, h := range []string{"Content-Type", "Etag", "Last-Modified", "Composed-By"} {
			if v := res.Header.Get(h); v != "" {
				w.Header().Set(h, v)
			}
		}
		if to := res.Header.Get("Location"); to != "" {
			w.Header().Set("Location", strings.ReplaceAll(to, site, here))
		}
		w.WriteHeader(res.StatusCode)
		w.Write(body)
	}))
	t.Cleanup(relay.Close)
	_, relayPort, err := net.SplitHostPort(relay.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return relayPort
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

// canaryLog is the size of the rig's log of requests that must never be made: it
// lies beside the truth files of the folder that TRAME_RIG names.
func canaryLog(truth string) int64 {
	info, err := os.Stat(filepath.Join(truth, "..", "..", "log", "canary.jsonl"))
	if err != nil {
		return 0 // nothing was ever written to it
	}
	return info.Size()
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
	t.Logf("%s: %d/%d found, %d titles, %d dates, %d whole texts, %d in archive", source, found, n, titles, dates, texts, len(got))
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
