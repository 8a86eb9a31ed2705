package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trame"
)

// load imports articles, starts serve on them and searches.
func (b bench) load(ctx context.Context, n int) error {
	file := filepath.Join(b.dir, "articles.jsonl")
	size, err := writeArticles(file, n)
	if err != nil {
		return err
	}
	_, u, err := b.run(ctx, "load", "import", file)
	if err != nil {
		return err
	}
	fmt.Printf("import, archive and index   %d articles (%d MB) in %.1f s: %.0f a second, CPU %.1f s, memory %d MB\n",
		n, size>>20, u.Wall.Seconds(), float64(n)/u.Wall.Seconds(), u.CPU.Seconds(), u.RSS>>20)
	_, u, err = b.run(ctx, "load", "import", file)
	if err != nil {
		return err
	}
	fmt.Printf("the same once more          %.1f s, nothing changes\n", u.Wall.Seconds())
	return b.serveAndSearch(ctx)
}

// writeArticles writes n articles of about 300 words as JSON Lines.
func writeArticles(file string, n int) (size int64, err error) {
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	w := newWriter(1)
	enc := json.NewEncoder(out)
	for i := range n {
		address := fmt.Sprintf("https://source-%02d.example.org/article-%d/", i%40, i)
		a := trame.Article{
			ID: trame.ID(address), URL: address, Title: w.title(), Source: fmt.Sprintf("source-%02d", i%40),
			Country: []string{"BE", "FR"}[i%2], Language: "fr", Type: trame.TypeArticle,
			Published:     trame.Date{Year: 2005 + i%22, Month: time.Month(1 + i%12), Day: 1 + i%28},
			PublishedFrom: trame.FromMeta, Text: strings.Join(w.paragraphs(300), "\n\n"),
		}
		if err := enc.Encode(a); err != nil {
			return 0, err
		}
	}
	if err := out.Flush(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// serveAndSearch measures how soon serve answers and how fast it searches.
func (b bench) serveAndSearch(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	defer stop()
	began := time.Now()
	c, base, err := b.serve(ctx, "load")
	if err != nil {
		return err
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	client := &http.Client{Timeout: 10 * time.Second}
	fmt.Printf("serve answers /healthz      after %d ms\n", time.Since(began).Milliseconds())
	return searches(ctx, client, base)
}

// searches asks queries of one, two and three words, phrases and filters, each
// with three facets, one after another, over HTTP.
func searches(ctx context.Context, client *http.Client, base string) error {
	w := newWriter(2)
	var queries []url.Values
	for i := range 400 {
		q := url.Values{"facets": {"theme,source,year"}}
		switch i % 5 {
		case 0:
			q.Set("q", w.word())
		case 1:
			q.Set("q", w.word()+" "+w.word())
		case 2:
			q.Set("q", words[20+i%100]+" OU "+words[20+(i*7)%100])
		case 3:
			q.Set("q", `"`+words[20+i%100]+" "+words[20+(i*3)%100]+`"`)
		case 4:
			q.Set("q", words[20+(i*11)%100])
			q.Set("country", "BE")
			q.Set("from", "2012")
		}
		queries = append(queries, q)
	}
	for _, kind := range []string{"/api/v1/articles", "/recherche"} {
		var times []time.Duration
		for _, q := range queries {
			began := time.Now()
			resp, err := client.Get(base + kind + "?" + q.Encode())
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK {
				return fmt.Errorf("%s?%s: %s: %w", kind, q.Encode(), resp.Status, err)
			}
			times = append(times, time.Since(began))
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		fmt.Printf("%-27s %d queries, three facets, over HTTP: median %.1f ms, 99 %% %.1f ms\n", kind, len(times),
			ms(quantile(times, .5)), ms(quantile(times, .99)))
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
