package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"trame"
)

// rigSites are the recorded sites that are compared with their truth. Sites of
// one truth file differ by their port.
var rigSites = []struct{ port, truth, kind string }{
	{"8101", "wordpress", "WordPress, twentytwentyone"},
	{"8102", "wordpress", "WordPress, block theme"},
	{"8103", "wordpress", "WordPress, Royal Magazine"},
	{"8111", "spip", "SPIP, standard"},
	{"8112", "spip", "SPIP, no date on the page"},
	{"8121", "hugo", "Hugo"},
}

// truth is a truth file of the rig, as far as it is compared here.
type truth struct {
	Base     string
	Articles []struct {
		URL     string
		Title   string
		Date    string
		Must    []string `json:"must_contain"`
		MustNot []string `json:"must_not_contain"`
	}
	NotArticles []struct{ URL string }  `json:"not_articles"`
	NeverFound  []struct{ Text string } `json:"never_found"`
	Chrome      []string                `json:"chrome_never_in_body"`
}

// rig crawls the recorded sites of ../shared/rig with the binary, twice, and
// compares what it archived with the truth.
func (b bench) rig(ctx context.Context) error {
	home := filepath.Join(b.dir, "rig")
	ci := func(word string) error {
		out, err := exec.CommandContext(context.WithoutCancel(ctx), "../shared/rig/ci.sh", word, home).CombinedOutput()
		if err != nil {
			return fmt.Errorf("rig %s: %w: %s", word, err, out)
		}
		return nil
	}
	if err := ci("start"); err != nil {
		return err
	}
	defer func() { _ = ci("stop") }()
	list := ""
	for _, s := range rigSites {
		list += fmt.Sprintf("- {url: http://127.0.0.1:%s/, id: site-%s, delay: 0s}\n", s.port, s.port)
	}
	file := filepath.Join(b.dir, "rig.yaml")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		return err
	}
	args := []string{"--sources", file, "--allow-net", "127.0.0.1:8101-8136"}
	first, err := b.rigCrawl(ctx, args)
	if err != nil {
		return err
	}
	export, _, err := b.run(ctx, "rig-data", append([]string{"export"}, args...)...)
	if err != nil {
		return err
	}
	second, err := b.rigCrawl(ctx, args)
	if err != nil {
		return err
	}
	fmt.Println("| port | site | articles found | title | date | whole text | never to be found | other pages taken | visits, time | second crawl: new, changed, 304 of visits |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, s := range rigSites {
		if err := compareSite(s.port, s.truth, s.kind, home, export, first["site-"+s.port], second["site-"+s.port]); err != nil {
			return err
		}
	}
	canary, err := os.ReadFile(filepath.Join(home, "log", "canary.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	fmt.Printf("\ncanary: %d requests\n", bytes.Count(canary, []byte("\n")))
	return nil
}

// siteReport is a line of the report of trame crawl --json.
type siteReport struct {
	ID                    string
	Visited, New, Changed int
	NotModified           int           `json:"not_modified"`
	Duration              time.Duration `json:"duration_ns"`
}

func (b bench) rigCrawl(ctx context.Context, args []string) (map[string]siteReport, error) {
	out, _, err := b.run(ctx, "rig-data", append([]string{"crawl", "--all", "--json"}, args...)...)
	if err != nil {
		return nil, err
	}
	var report struct{ Sources []siteReport }
	if err := json.Unmarshal([]byte(out[strings.Index(out, "{"):]), &report); err != nil {
		return nil, fmt.Errorf("report of trame crawl: %w", err)
	}
	byID := map[string]siteReport{}
	for _, s := range report.Sources {
		byID[s.ID] = s
	}
	return byID, nil
}

// compareSite prints a line of the table.
func compareSite(port, name, kind, home, export string, first, second siteReport) error {
	text, err := os.ReadFile(filepath.Join(home, "data", "truth", name+".json"))
	if err != nil {
		return err
	}
	var t truth
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("truth of %s: %w", name, err)
	}
	here := func(url string) string { return strings.Replace(url, t.Base, "http://127.0.0.1:"+port, 1) }
	got, forbidden, err := archivedAt(export, "http://127.0.0.1:"+port+"/", t)
	if err != nil {
		return err
	}
	found, titles, dates, whole := 0, 0, 0, 0
	for _, want := range t.Articles {
		a, ok := got[here(want.URL)]
		if !ok {
			continue
		}
		found++
		titles += count(letters(a.Title) == letters(want.Title))
		dates += count(a.Published.String() == want.Date[:min(10, len(want.Date))])
		body := letters(a.Text + a.Summary)
		whole += count(!slices.ContainsFunc(want.Must, func(s string) bool { return !strings.Contains(body, letters(s)) }) &&
			!slices.ContainsFunc(append(want.MustNot, t.Chrome...), func(s string) bool { return strings.Contains(letters(a.Text), letters(s)) }))
		delete(got, here(want.URL))
	}
	n := len(t.Articles)
	fmt.Printf("| %s | %s | %d of %d | %d | %d | %d | %d | %d | %d, %.0f s | %d, %d, %d of %d |\n", port, kind, found, n, titles, dates, whole,
		forbidden, len(got), first.Visited, first.Duration.Seconds(), second.New, second.Changed, second.NotModified, second.Visited)
	return nil
}

// archivedAt returns the articles of a site by address, and how many of the
// texts that must never be found are in them.
func archivedAt(export, base string, t truth) (map[string]trame.Article, int, error) {
	got, forbidden := map[string]trame.Article{}, 0
	lines := bufio.NewScanner(strings.NewReader(export))
	lines.Buffer(nil, 32<<20)
	for lines.Scan() {
		var a trame.Article
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, 0, err
		}
		if !strings.HasPrefix(a.URL, base) {
			continue
		}
		got[a.URL] = a
		for _, never := range t.NeverFound {
			forbidden += count(never.Text != "" && strings.Contains(lines.Text(), never.Text))
		}
	}
	return got, forbidden, lines.Err()
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// letters keeps letters and digits: what a CMS leaves of a text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
