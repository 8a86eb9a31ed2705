package read

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

// extractFile reads a page of testdata as its server would send it.
func extractFile(t testing.TB, name, contentType string) Reading {
	t.Helper()
	return Extract(Page{URL: address(t, "https://exemple.test/a/page"), ContentType: contentType, Body: readData(t, name),
		Fetched: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)})
}

// cpuTime is what the process has used: a busy machine must not fail a test.
func cpuTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestHostilePages reads the pages of the pack of hostile inputs: none may take
// more than 5 s of CPU, end the process, or give what is not clean.
func TestHostilePages(t *testing.T) {
	for _, c := range []struct {
		file, contentType string
		verdict           Verdict // "" is any
		text              string  // that the text holds
		flagged           string
	}{
		{"html/base-javascript.html", "text/html", "", "", ""},
		{"html/binary-as-html.html", "text/html", IsUnfit, "", ""},
		{"html/br-200000.html.gz", "text/html", "", "", ""},
		{"html/canonical-hijack.html", "text/html", "", "", ""},
		{"html/charset-header-vs-meta.html", "text/html; charset=utf-8", "", "é", ""},
		{"html/dates-20000.html.gz", "text/html", "", "", ""},
		{"html/deep-div-100000.html.gz", "text/html", "", "", "deep nesting"},
		{"html/deep-div-600-links.html", "text/html", "", "", "deep nesting"},
		{"html/latin1-no-label.html", "text/html", "", "Société à Liège", ""},
		{"html/meta-refresh-ssrf.html", "text/html", "", "", ""},
		{"html/nest400x1000.html.gz", "text/html", "", "", ""},
		{"html/noindex.html", "text/html", IsRefused, "", ""},
		{"html/unclosed-font-700.html", "text/html", "", "", ""},
		{"html/utf7.html", "text/html; charset=utf-7", "", "", ""},
	} {
		start := cpuTime(t)
		r := extractFile(t, c.file, c.contentType)
		took := cpuTime(t) - start
		t.Logf("%s: %s (%s) %v words %d links %d flagged %q title %q text %.80q", c.file, r.Verdict, r.Why, took.Round(time.Millisecond), r.Article.Words, len(r.Links), r.Flagged, r.Article.Title, r.Article.Text)
		if took > 5*time.Second*slower {
			t.Errorf("%s took %v", c.file, took)
		}
		if c.verdict != "" && r.Verdict != c.verdict {
			t.Errorf("%s: %s (%s), want %s", c.file, r.Verdict, r.Why, c.verdict)
		}
		if !strings.Contains(r.Article.Title+r.Article.Text, c.text) {
			t.Errorf("%s: title %q and text %.200q, want %q in them", c.file, r.Article.Title, r.Article.Text, c.text)
		}
		if c.flagged != "" && !slices.Contains(r.Flagged, c.flagged) {
			t.Errorf("%s: flagged %q, want %q", c.file, r.Flagged, c.flagged)
		}
		checkReading(t, c.file, r)
	}
}

// checkReading holds what every reading must be, whatever it was made from.
func checkReading(t testing.TB, name string, r Reading) {
	t.Helper()
	a := r.Article
	for _, s := range append([]string{a.Title, a.Text, a.Summary, a.Section, r.Sitename, r.Why}, append(append(a.Authors, a.Tags...), r.Headings...)...) {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, invisible) {
			t.Errorf("%s: %.100q is not clean", name, s)
		}
	}
	urls := append([]string{r.Canonical, r.Next, a.Image, a.URL}, r.Feeds...)
	for _, l := range r.Links {
		urls = append(urls, l.URL)
	}
	for _, d := range a.Attachments {
		urls = append(urls, d.URL)
	}
	for _, s := range urls {
		if s == "" {
			continue
		}
		if u, err := url.Parse(s); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			t.Errorf("%s: address %.100q", name, s)
		}
	}
	if len(a.Title) > maxTitle || len(a.Summary) > maxSummary || len(r.Links) > maxLinks || len(a.Text) > maxText {
		t.Errorf("%s: a field past its bound: title %d, summary %d, links %d, text %d", name, len(a.Title), len(a.Summary), len(r.Links), len(a.Text))
	}
	if !a.Published.IsZero() && !realDate(a.Published) {
		t.Errorf("%s: published %v", name, a.Published)
	}
	if r.Verdict == IsArticle && a.Title == "" {
		t.Errorf("%s: an article without title", name)
	}
}

func TestHostileLinks(t *testing.T) {
	r := extractFile(t, "html/deep-div-600-links.html", "text/html")
	if !slices.ContainsFunc(r.Links, func(a Anchor) bool { return a.URL == "https://exemple.test/suite" }) {
		t.Errorf("links %v, want /suite among them", r.Links)
	}
	r = extractFile(t, "html/canonical-hijack.html", "text/html")
	if r.Canonical != "" {
		t.Errorf("canonical %q of another host", r.Canonical)
	}
	r = extractFile(t, "html/noindex.html", "text/html")
	if !r.NoFollow {
		t.Error("nofollow was not seen")
	}
}

func FuzzExtract(f *testing.F) {
	for _, name := range []string{"html/noindex.html", "html/latin1-no-label.html", "html/meta-refresh-ssrf.html", "html/unclosed-font-700.html"} {
		f.Add(readData(f, name))
	}
	f.Add([]byte(`<html lang=fr><head><title>Un titre – Site</title><script type="application/ld+json">{"@type":"Article","headline":"Un titre","datePublished":"2020-01-02"}</script></head>
<body class="single"><h1>Un titre</h1><p class="info-publi">Publié le 5 avril 2015 par Anne Dupont</p><p>Du texte.</p><a href="/r.pdf">Rapport</a></body></html>`))
	u := &url.URL{Scheme: "https", Host: "exemple.test", Path: "/a/page"}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkReading(t, "fuzz", Extract(Page{URL: u, ContentType: "text/html", Body: b, Fetched: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}))
	})
}

// TestHostileMarkup puts every vector of the XSS corpus into a page and holds
// that nothing but http(s) addresses and clean text come out.
func TestHostileMarkup(t *testing.T) {
	var vectors []struct{ ID, Input string }
	if err := json.Unmarshal(readData(t, "xss.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 200 {
		t.Fatalf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		html := page("Un titre", "", "<h1>Un titre</h1>"+someProse+v.Input+`<a href="`+v.Input+`">x</a>`)
		checkReading(t, v.ID, Extract(Page{URL: address(t, "https://exemple.test/a"), ContentType: "text/html; charset=utf-8", Body: []byte(html), Fetched: rigSeen}))
	}
}
