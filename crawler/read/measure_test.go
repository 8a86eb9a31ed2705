package read

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// measure is what a public set of pages gives, as its own scorer counts.
type measure struct {
	pages                  int
	right, wrong, lost     int // snippets: found, had though they do not belong, lacked
	titles, titlesRight    int
	dates, datesRight      int
	datesWrong, datesNoned int
}

// TestPublicPages measures on the public development pages of
// ../shared/packs/extract-dev: 66 of trafilatura's, 86 of htmldate's, 18 whose
// machine-readable dates were taken out. The floors are a little below what was
// reached on 25 November 2026; the pages are data for tests and stay outside.
func TestPublicPages(t *testing.T) {
	for _, c := range []struct {
		set             string
		f1, title, date float64
	}{
		{"traf", 0.91, 0.87, 0.87},
		{"date", 0, 0, 0.80},
		{"dateabl", 0, 0, 0.88},
	} {
		files, err := filepath.Glob(shared(t, "packs", "extract-dev", "public", c.set) + "/*.json")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no pages: %v", c.set, err)
		}
		var m measure
		for _, f := range files {
			m.add(t, f)
		}
		f1 := ratio(2*m.right, 2*m.right+m.wrong+m.lost)
		title, date := ratio(m.titlesRight, m.titles), ratio(m.datesRight, m.dates)
		t.Logf("%s: %d pages; snippets F1 %.3f; titles right %.3f of %d; dates right %.3f of %d (wrong %d, not given %d)",
			c.set, m.pages, f1, title, m.titles, date, m.dates, m.datesWrong, m.datesNoned)
		if f1 < c.f1 || title < c.title || date < c.date {
			t.Errorf("%s: snippets F1 %.3f, titles %.3f, dates %.3f; want %.3f, %.3f, %.3f", c.set, f1, title, date, c.f1, c.title, c.date)
		}
	}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (m *measure) add(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		URL    string
		Expect struct {
			Title, Date   *string
			With, Without []string
		}
	}
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	html, err := os.ReadFile(strings.TrimSuffix(file, ".json") + ".html.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if html, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	r := Extract(Page{URL: address(t, c.URL), ContentType: "text/html", Body: html, Fetched: rigSeen})
	checkReading(t, file, r)
	m.pages++
	text := line(r.Article.Text)
	for _, w := range c.Expect.With {
		if strings.Contains(text, line(w)) {
			m.right++
		} else {
			m.lost++
		}
	}
	for _, w := range c.Expect.Without {
		if strings.Contains(text, line(w)) {
			m.wrong++
		}
	}
	if e := c.Expect.Title; e != nil {
		m.titles++
		if key(*e) == key(r.Article.Title) {
			m.titlesRight++
		}
	}
	if e := c.Expect.Date; e != nil {
		m.dates++
		switch got := r.Article.Published.String(); got {
		case *e:
			m.datesRight++
		case "":
			m.datesNoned++
		default:
			m.datesWrong++
		}
	}
}

func BenchmarkExtract(b *testing.B) {
	files, err := filepath.Glob("testdata/pages/*.html")
	if err != nil || len(files) == 0 {
		b.Fatal(err)
	}
	var pages []Page
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		pages = append(pages, Page{URL: address(b, readWant(b, f).URL), ContentType: "text/html", Body: body, Fetched: rigSeen})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Extract(pages[i%len(pages)])
	}
}
