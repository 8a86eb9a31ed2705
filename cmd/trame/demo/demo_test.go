package demo

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"

	"trame"
)

func start(t *testing.T) *Web {
	t.Helper()
	w, err := Start(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// client does not follow redirects and holds no connection open.
func client(t *testing.T) *http.Client {
	tr := &http.Transport{MaxIdleConnsPerHost: 4}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{
		Transport: tr, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func get(t *testing.T, c *http.Client, address string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		t.Fatalf("read %s: %v", address, err)
	}
	return res, body
}

// visit is what the walk met at one address.
type visit struct {
	status int
	kind   string
	body   []byte
	links  []string // of pages, absolute
}

// walk follows every link from the homes of the sites, inside the web.
func walk(t *testing.T, w *Web) map[string]visit {
	t.Helper()
	c := client(t)
	seen := map[string]visit{}
	var queue []string
	for _, s := range w.Sources {
		queue = append(queue, s.URL, s.URL+"robots.txt")
	}
	for len(queue) > 0 {
		if len(seen) > 3000 {
			t.Fatal("the web has no end: more than 3000 addresses")
		}
		address := queue[0]
		queue = queue[1:]
		if _, ok := seen[address]; ok || !w.owns(address) {
			continue
		}
		res, body := get(t, c, address)
		v := visit{status: res.StatusCode, kind: res.Header.Get("Content-Type"), body: body}
		if l := res.Header.Get("Location"); l != "" {
			v.links = []string{resolve(t, address, l)}
		} else if strings.HasPrefix(v.kind, "text/html") {
			v.links = links(t, address, body)
		}
		seen[address] = v
		queue = append(queue, v.links...)
	}
	return seen
}

func (w *Web) owns(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains(strings.Split(w.Allow, ","), u.Host)
}

func resolve(t *testing.T, base, ref string) string {
	t.Helper()
	b, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u, err := b.Parse(ref)
	if err != nil {
		t.Fatalf("%s links to %q: %v", base, ref, err)
	}
	u.Fragment = ""
	return u.String()
}

func links(t *testing.T, address string, body []byte) []string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s is not HTML: %v", address, err)
	}
	var all []string
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "href" && (n.Data == "a" || n.Data == "link") {
				all = append(all, resolve(t, address, a.Val))
			}
		}
	}
	return all
}

func TestEveryTextIsLinkedAndServed(t *testing.T) {
	w := start(t)
	seen := walk(t, w)
	for _, x := range w.Truth() {
		v, ok := seen[x.URL]
		if !ok || v.status != http.StatusOK {
			t.Errorf("%s (%s): status %d, linked %v; want 200 and linked from a home", x.URL, x.Title, v.status, ok)
			continue
		}
		if text := pageText(t, v); !strings.Contains(text, x.Title) {
			t.Errorf("%s does not say %q", x.URL, x.Title)
		}
		if x.PDF != "" && !bytes.HasPrefix(seen[x.PDF].body, []byte("%PDF-")) {
			t.Errorf("%s is not a PDF, or not linked", x.PDF)
		}
	}
	for address, v := range seen {
		refused := address == w.source("reperes-deonto").URL+"user/" // and robots.txt says so
		if v.status >= 400 && !refused && !slices.Contains(w.Never(), address) {
			t.Errorf("%s is linked and answers %d", address, v.status)
		}
	}
}

// source returns the source with an id, or an empty one.
func (w *Web) source(id string) trame.Source {
	for _, s := range w.Sources {
		if s.ID == id {
			return s
		}
	}
	return trame.Source{}
}

// pageText returns the text of a page, decoded as its bytes are.
func pageText(t *testing.T, v visit) string {
	t.Helper()
	body := v.body
	if !utf8.Valid(body) {
		var err error
		if body, err = charmap.Windows1252.NewDecoder().Bytes(body); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	return out.String()
}

func TestHonestStates(t *testing.T) {
	w := start(t)
	seen := walk(t, w)
	states := map[string]bool{}
	for _, address := range w.Never() {
		v, ok := seen[address]
		switch {
		case !ok:
			t.Errorf("%s is linked nowhere", address)
		case v.status == http.StatusGone:
			states[isGone] = true
		case bytes.Contains(v.body, []byte(`type="password"`)):
			states[isLocked] = true
		case bytes.Contains(v.body, []byte(`content="noindex`)):
			states[isNoindex] = true
		default:
			t.Errorf("%s answers %d and says nothing", address, v.status)
		}
	}
	if len(states) != 3 {
		t.Errorf("states %v, want one gone, one locked, one noindex", states)
	}
	c := client(t)
	if len(w.Moved()) == 0 {
		t.Error("no moved page")
	}
	for from, to := range w.Moved() {
		res, _ := get(t, c, from)
		if got := res.Header.Get("Location"); res.StatusCode != 301 || got != to {
			t.Errorf("%s answers %d to %q, want 301 to %q", from, res.StatusCode, got, to)
		}
		if _, ok := seen[from]; !ok {
			t.Errorf("the old address %s is linked nowhere", from)
		}
	}
}

func TestValidators(t *testing.T) {
	w := start(t)
	c := client(t)
	for _, x := range w.Truth() {
		res, _ := get(t, c, x.URL)
		tag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
		switch x.Source {
		case "lignes-de-faille":
			if tag != "" || modified != "" {
				t.Errorf("%s has validators; WordPress pages have none", x.URL)
			}
		case "comite-haute-ornelle":
			if tag != "" || modified == "" {
				t.Errorf("%s: ETag %q, Last-Modified %q; want the second alone", x.URL, tag, modified)
			}
		default:
			if res, body := get(t, c, x.URL, "If-None-Match", tag); res.StatusCode != http.StatusNotModified || len(body) != 0 {
				t.Errorf("%s with its ETag: %d and %d bytes, want 304 and none", x.URL, res.StatusCode, len(body))
			}
		}
	}
}

func TestFeeds(t *testing.T) {
	w := start(t)
	c := client(t)
	for id, f := range map[string]struct {
		path, must string
		items      int
	}{
		"lignes-de-faille":     {"feed/", "<pubDate>", 10},
		"comite-haute-ornelle": {"spip.php?page=backend", "<dc:date>", 10},
		"le-seuil-et-la-rue":   {"index.xml", "<pubDate>", 15},
	} {
		_, body := get(t, c, w.source(id).URL+f.path)
		if got := bytes.Count(body, []byte("<item>")); got > f.items || got == 0 || !bytes.Contains(body, []byte(f.must)) {
			t.Errorf("feed of %s: %d items, want at most %d, with %s", id, got, f.items, f.must)
		}
	}
}

func TestHandmadeBytes(t *testing.T) {
	w := start(t)
	res, body := get(t, client(t), w.source("grenier-de-maurice").URL)
	if got := res.Header.Get("Content-Type"); got != "text/html; charset=iso-8859-1" {
		t.Errorf("Content-Type %q", got)
	}
	if utf8.Valid(body) {
		t.Error("the bytes are UTF-8; want windows-1252")
	}
}

func TestPDFText(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("pdftotext is not installed")
	}
	w := start(t)
	c := client(t)
	for _, x := range w.Truth() {
		if x.PDF == "" {
			continue
		}
		_, body := get(t, c, x.PDF)
		file := filepath.Join(t.TempDir(), "r.pdf")
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), tool, "-raw", "-enc", "UTF-8", file, "-").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", x.PDF, err, out)
		}
		if got := strings.Join(strings.Fields(string(out)), " "); !strings.Contains(got, x.Title) {
			t.Errorf("pdftotext of %s does not say %q", x.PDF, x.Title)
		}
	}
}

func TestStopsWithContext(t *testing.T) {
	w := start(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := client(t).Get(w.Sources[0].URL); err == nil {
		t.Error("the web still answers after Close")
	}
}
