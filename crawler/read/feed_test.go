package read

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// readData returns a file of testdata, unpacked.
func readData(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if b, err = io.ReadAll(io.LimitReader(z, 64<<20)); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func address(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestHostileFeeds reads every feed of the pack of hostile inputs.
func TestHostileFeeds(t *testing.T) {
	const site = "https://exemple.test/flux.xml"
	for _, c := range []struct {
		file  string
		items int    // -1: an error
		title string // of the first item
		flaw  string // that one of the flaws holds
	}{
		{"feeds/changing-guid.rss", 5, "Même titre", ""},
		{"feeds/control-chars.rss", 1, "a[31mrouge[0mevil", ""},
		{"feeds/cp1252-smart-quotes.rss", 1, "", ""},
		{"feeds/duplicate-guid.rss", 3, "", ""},
		{"feeds/empty-channel.rss", 0, "", ""},
		{"feeds/empty.rss", -1, "", ""},
		{"feeds/future-dates.rss", 2, "", ""},
		{"feeds/html-error-page.rss", -1, "", "not a feed"},
		{"feeds/huge-title.rss.gz", 1, "", ""},
		{"feeds/js-links.rss", 2, "t4", "5 items without a web address"},
		{"feeds/jsonfeed-broken.json", -1, "", ""},
		{"feeds/jsonfeed-deep.json.gz", -1, "", "deep"},
		{"feeds/latin1-labelled-utf8.rss", 2, "", ""},
		{"feeds/leading-junk.rss", 1, "x", ""},
		{"feeds/no-guid-no-link.rss", 0, "", "3 items without a web address"},
		{"feeds/nul-bytes.rss", 1, "", ""},
		{"feeds/one-bad-byte.rss", 3, "Bon article", "no text"},
		{"feeds/php-warning-prefix.rss", 1, "x", "before the feed"},
		{"feeds/relative-links.rss", 4, "r", ""},
		{"feeds/truncated.rss", 1, "Premier", "1 complete items kept"},
		{"feeds/two-roots.rss", 1, "a", ""},
		{"feeds/unescaped-amp.rss", 1, "Droit & social été R&D", "ampersand"},
		{"feeds/unknown-charset.rss", 1, "", ""},
		{"feeds/utf16be-bom.rss", 1, "", ""},
		{"feeds/utf16le-bom.rss", 1, "", ""},
		{"feeds/utf8-bom.rss", 1, "", ""},
		{"feeds/utf8-labelled-latin1.rss", 1, "Société – CPAS de Liège : « l’aide aux réfugiés »", ""},
		{"feeds/xslt-pi.rss", 1, "", ""},
		{"xml/attrs-200000.xml.gz", -1, "", "attributes"},
		{"xml/billion-laughs-atom.xml", -2, "", ""},
		{"xml/billion-laughs-rss.xml", -2, "", ""},
		{"xml/deep-ext-100000.xml.gz", -1, "", "deep"},
		{"xml/deep-ext-2000000-unclosed.xml.gz", -1, "", "deep"},
		{"xml/deep-plain-100000.xml.gz", -1, "", ""},
		{"xml/one-text-50MB.xml.gz", -1, "", "larger"},
		{"xml/opml-billion-laughs.opml", -1, "", ""},
		{"xml/quadratic-entity.xml", -2, "", ""},
		{"xml/tiny-items-1400000.xml.gz", 0, "", "more than 5000 items"},
		{"xml/xinclude.xml", -2, "", ""},
		{"xml/xxe-file.xml", -2, "", ""},
		{"xml/xxe-http.xml", -2, "", ""},
	} {
		body := readData(t, c.file)
		start := cpuTime(t)
		f, err := ParseFeed(address(t, site), "application/rss+xml", body)
		if d := cpuTime(t) - start; d > 2*time.Second*slower {
			t.Errorf("%s took %v", c.file, d)
		}
		said := strings.Join(f.Flaws, "; ")
		if err != nil {
			said += err.Error()
		}
		t.Logf("%s: %d items, %q", c.file, len(f.Items), said)
		switch {
		case c.items == -2: // an error or an item that expands nothing
		case c.items == -1:
			if err == nil {
				t.Errorf("%s: %d items, want an error", c.file, len(f.Items))
			}
		case err != nil:
			t.Errorf("%s: %v, want %d items", c.file, err, c.items)
		case len(f.Items) != c.items:
			t.Errorf("%s: %d items, want %d", c.file, len(f.Items), c.items)
		case c.title != "" && f.Items[0].Hint.Title != c.title:
			t.Errorf("%s: title %q, want %q", c.file, f.Items[0].Hint.Title, c.title)
		}
		if !strings.Contains(said, c.flaw) {
			t.Errorf("%s: says %q, want %q in it", c.file, said, c.flaw)
		}
		for _, it := range f.Items {
			checkItem(t, c.file, it)
		}
	}
}

// checkItem holds what every item must be, whatever it was made from.
func checkItem(t *testing.T, file string, it Item) {
	t.Helper()
	if u, err := url.Parse(it.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" {
		t.Errorf("%s: address %q", file, it.URL)
	}
	if len(it.Hint.Title) > maxTitle || len(it.Hint.Summary) > maxFeedSummary || len(it.Hint.Content) > maxFeedContent {
		t.Errorf("%s: a field past its bound: %d %d %d", file, len(it.Hint.Title), len(it.Hint.Summary), len(it.Hint.Content))
	}
	for _, s := range []string{it.GUID, it.Hint.Title, it.Hint.Summary, it.Hint.Content, it.Hint.Section} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' || invisible(r) }) {
			t.Errorf("%s: %.80q is not clean", file, s)
		}
		if strings.Contains(s, "root:") || strings.Contains(s, "lollol") {
			t.Errorf("%s: %.80q was expanded", file, s)
		}
	}
}

// TestFeedSalvage loses the malformed item alone.
func TestFeedSalvage(t *testing.T) {
	const body = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Un flux</title><link>https://exemple.test/</link>
<item><title>Un</title><link>https://exemple.test/1</link><dc:date>2015-04-05</dc:date></item>
<item><title>Deux</titel><link>https://exemple.test/2</link></item>
<item><title>Jamais fermé</title>
<item><title>Trois</title><link>https://exemple.test/3</link></item>
<item><title>Coup`
	f, err := ParseFeed(address(t, "https://exemple.test/flux"), "", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range f.Items {
		got = append(got, it.Hint.Title)
	}
	// The first scan keeps what stands before the fault.
	if len(got) < 1 || got[0] != "Un" || f.Items[0].Hint.Published.String() != "2015-04-05" || f.Title != "Un flux" || len(f.Flaws) == 0 {
		t.Errorf("%q of %q, flaws %q", got, f.Title, f.Flaws)
	}
	if want := "Un Trois"; strings.Join(got, " ") != want {
		t.Errorf("items %q, want %q", got, want)
	}
}

// TestFeedsAreBounded gives feeds whose repair must not cost their square.
func TestFeedsAreBounded(t *testing.T) {
	const bad = "<item><title>a & b & c</titl><link>http://x.be/1</link></item>"
	for name, body := range map[string]string{
		"ampersands":     "<rss><channel>" + strings.Repeat("<item><title>a & b & c</title><link>http://x.be/1</link></item>", 100_000) + "</channel></rss>",
		"bad items":      "<rss><channel>" + strings.Repeat(bad, 100_000) + "</channel></rss>",
		"unclosed items": "<rss><channel>" + strings.Repeat("<item>", 200_000) + "</item></channel></rss>",
		"a long header":  "<rss>" + strings.Repeat("<a>", 10) + strings.Repeat("x", 500_000) + strings.Repeat(bad, 10_000) + "</rss>",
		"entities":       "<rss><channel><title>" + strings.Repeat("&a;&eacute;", 200_000) + "</title></channel></rss>",
	} {
		start := cpuTime(t)
		f, err := ParseFeed(address(t, "http://x.be/"), "", []byte(body))
		if d := cpuTime(t) - start; d > 3*time.Second*slower {
			t.Errorf("%s took %v (%d items, %v)", name, d, len(f.Items), err)
		}
	}
}

func TestFeedLinksAreAbsolute(t *testing.T) {
	f, err := ParseFeed(address(t, "https://exemple.test/flux.xml"), "", readData(t, "feeds/relative-links.rss"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"https://exemple.test/a/b", "https://exemple.test/c", "https://exemple.test/?id=5", "https://exemple.test/x"} {
		if f.Items[i].URL != want {
			t.Errorf("item %d: %s, want %s", i, f.Items[i].URL, want)
		}
	}
}

// TestFeedDatesInFrench reads the 46 dates of the pack inside an RSS and an Atom
// feed.
func TestFeedDatesInFrench(t *testing.T) {
	var cases []struct{ Expect *string }
	if err := json.Unmarshal(readData(t, "feeds/dates-fr.json"), &cases); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"feeds/french-dates.rss", "feeds/french-dates.atom"} {
		body := readData(t, file)
		if strings.HasSuffix(file, ".atom") { // its entries have ids that are no addresses
			body = bytes.ReplaceAll(body, []byte("<id>u"), []byte(`<link href="https://exemple.test/e"/><id>u`))
		}
		f, err := ParseFeed(address(t, "https://exemple.test/flux.xml"), "", body)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(f.Items) != 46 {
			t.Fatalf("%s: %d items, want 46", file, len(f.Items))
		}
		for i, it := range f.Items {
			want := ""
			if e := cases[i].Expect; e != nil {
				m, err := time.Parse(time.RFC3339, *e)
				if err != nil {
					t.Fatal(err)
				}
				want = dayOf(m).String()
			}
			if got := it.Hint.Published.String(); got != want {
				t.Errorf("%s item %d: %q, want %q", file, i, got, want)
			}
		}
	}
}

func TestSitemaps(t *testing.T) {
	base := address(t, "https://exemple.test/sitemap.xml")
	const good = `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://exemple.test/a?x=1&amp;y=2 </loc><lastmod>2024-03-05</lastmod><image:image><image:loc>https://exemple.test/i.jpg</image:loc></image:image></url>
<url><loc>https://exemple.test/b</loc></url><url><loc>javascript:alert(1)</loc></url>`
	pages, more, err := ParseSitemap(base, []byte(good)) // cut off
	if err != nil || len(pages) != 2 || len(more) != 0 || pages[0].URL != "https://exemple.test/a?x=1&y=2" || pages[0].LastMod.Year() != 2024 {
		t.Errorf("ParseSitemap = %v %v %v", pages, more, err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	io.WriteString(z, `<sitemapindex><sitemap><loc>https://exemple.test/s1.xml</loc></sitemap></sitemapindex>`)
	z.Close()
	pages, more, err = ParseSitemap(base, zipped.Bytes())
	if err != nil || len(pages) != 0 || len(more) != 1 || more[0] != "https://exemple.test/s1.xml" {
		t.Errorf("ParseSitemap(gzip) = %v %v %v", pages, more, err)
	}
	pages, _, err = ParseSitemap(base, []byte("https://exemple.test/a\nhttps://exemple.test/b\n"))
	if err != nil || len(pages) != 2 {
		t.Errorf("ParseSitemap(plain) = %v %v", pages, err)
	}
	if pages, _, err := ParseSitemap(base, readData(t, "xml/sitemap-billion-laughs.xml")); err == nil && len(pages) > 0 {
		t.Errorf("ParseSitemap(billion laughs) = %v", pages)
	}
	if _, _, err := ParseSitemap(base, []byte("<html><body>404</body></html>")); err == nil {
		t.Error("ParseSitemap(HTML) gave no error")
	}
	var bomb bytes.Buffer
	z = gzip.NewWriter(&bomb)
	for chunk := make([]byte, 1<<20); bomb.Len() < 1<<20 && bomb.Len() < 60<<10; {
		z.Write(chunk)
	}
	z.Close()
	if _, _, err := ParseSitemap(base, bomb.Bytes()); err == nil {
		t.Error("ParseSitemap(bomb) gave no error")
	}
}

func FuzzParseFeed(f *testing.F) {
	files, err := filepath.Glob("testdata/feeds/*.rss")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"https://a.test/1","date_published":"2020-01-01"}]}`))
	base := &url.URL{Scheme: "https", Host: "exemple.test", Path: "/flux"}
	f.Fuzz(func(t *testing.T, b []byte) {
		feed, err := ParseFeed(base, "application/rss+xml", b)
		if err == nil {
			for _, it := range feed.Items {
				checkItem(t, "fuzz", it)
			}
		}
	})
}
