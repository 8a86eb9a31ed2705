package read

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPackAnswers writes answers for the scorer.
func TestPackAnswers(t *testing.T) {
	dir, out := os.Getenv("PACK"), os.Getenv("OUT")
	if dir == "" {
		t.Skip()
	}
	f, _ := os.Create(out)
	defer f.Close()
	files, _ := filepath.Glob(dir + "/*.json")
	more, _ := filepath.Glob(dir + "/*/*.json")
	_ = base64.StdEncoding
	for _, name := range append(files, more...) {
		b, _ := os.ReadFile(name)
		var c struct {
			ID, URL     string
			ContentType string `json:"content_type"`
			Kind, Lang  string
		}
		if json.Unmarshal(b, &c) != nil || c.ID == "" {
			continue
		}
		h, err := os.ReadFile(strings.TrimSuffix(name, ".json") + ".html")
		if err != nil {
			h, err = os.ReadFile(strings.TrimSuffix(name, ".json") + ".html.gz")
			if err != nil {
				continue
			}
			z, _ := gzip.NewReader(bytes.NewReader(h))
			h, _ = io.ReadAll(z)
		}
		u, _ := url.Parse(c.URL)
		if u == nil || u.Host == "" {
			u, _ = url.Parse("https://example.org/a-page")
		}
		ct := c.ContentType
		if ct == "" {
			ct = "text/html"
		}
		start := time.Now()
		r := Extract(Page{URL: u, ContentType: ct, Body: h, Fetched: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)})
		ms := float64(time.Since(start).Microseconds()) / 1000
		a := map[string]any{"id": c.ID, "title": r.Article.Title, "authors": r.Article.Authors, "date": r.Article.Published.String(), "text": r.Article.Text, "language": r.Article.Language,
			"canonical": r.Canonical, "description": r.Article.Summary, "image": r.Article.Image, "sitename": r.Sitename, "tags": r.Article.Tags, "headings": r.Headings, "ms": ms}
		if r.Article.Section != "" {
			a["categories"] = []string{r.Article.Section}
		}
		var at, ev []string
		for _, x := range r.Article.Attachments {
			at = append(at, x.URL)
		}
		if r.Article.Event != nil {
			for _, d := range r.Article.Event.Dates {
				ev = append(ev, d.String())
			}
		}
		a["attachments"], a["event_dates"] = at, ev
		j, _ := json.Marshal(a)
		f.Write(append(j, '\n'))
		if r.Verdict != IsArticle {
			t.Logf("%s %s: %s (%s) %s", c.ID, c.Kind, r.Verdict, r.Why, c.URL)
		}
	}
}
