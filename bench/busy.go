package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"trame"
	"trame/archive"
	"trame/french"
	"trame/index"
)

// What busy measures.
const (
	busyRounds  = 5                // of all queries, at rest
	busyFor     = 30 * time.Second // at least, while articles are indexed
	busyEach    = 200              // articles a second
	busyBatch   = 100              // imported at once
	busyQueries = 140
)

// busy asks queries in process, one after another, first at rest and then while
// 200 articles a second come into the archive and are indexed.
func (b bench) busy(ctx context.Context, n int, file, queries string) error {
	if file == "" {
		file = filepath.Join(b.dir, "articles.jsonl")
		if _, err := writeArticles(file, n+int(busyFor.Seconds()+30)*busyEach); err != nil {
			return err
		}
	}
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	articles := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	a, err := archive.Open(ctx, "sqlite:"+filepath.Join(b.dir, "busy.db"), archive.Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	e, err := index.Open(ctx, "bleve:"+filepath.Join(b.dir, "busy.bleve"), a, index.Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		return err
	}
	defer e.Close()
	for done := 0; done < n; done += busyBatch {
		if err := importSome(ctx, a, articles, busyBatch); err != nil {
			return fmt.Errorf("load %d articles: %w", n, err)
		}
		if done%5000 == 0 {
			if err := index.CatchUp(ctx, a, e, nil); err != nil {
				return err
			}
		}
	}
	if err := index.CatchUp(ctx, a, e, nil); err != nil {
		return err
	}
	asked, err := busyAsked(queries)
	if err != nil {
		return err
	}
	ask := func(rounds int, until time.Time) (times []time.Duration, err error) {
		for round := 0; round < rounds || time.Now().Before(until); round++ {
			for _, q := range asked {
				began := time.Now()
				if _, err := e.Search(ctx, q); err != nil {
					return nil, fmt.Errorf("%s: %w", q.Text, err)
				}
				times = append(times, time.Since(began))
			}
		}
		return times, nil
	}
	if _, err := ask(2, time.Time{}); err != nil { // warm up
		return err
	}
	rest, err := ask(busyRounds, time.Time{})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var came atomic.Int64
	failed := make(chan error, 2)
	go func() { failed <- index.Follow(ctx, a, e, slog.Default()) }()
	go func() { failed <- arrive(ctx, a, articles, &came) }()
	began := time.Now()
	busy, err := ask(1, began.Add(busyFor))
	took := time.Since(began)
	stop()
	for range cap(failed) {
		if err := <-failed; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	if err != nil {
		return err
	}
	row := func(name string, times []time.Duration) {
		fmt.Printf("%-12s %d searches, median %.2f ms, 95 %% %.2f ms, 99 %% %.2f ms, slowest %.1f ms\n", name, len(times),
			ms(quantile(times, .5)), ms(quantile(times, .95)), ms(quantile(times, .99)), ms(quantile(times, 1)))
	}
	fmt.Printf("%d articles; top 10, exact total, three facets, ten highlights, in process\n", n)
	row("at rest", rest)
	row("indexing", busy)
	fmt.Printf("%.0f articles a second came meanwhile; 99 %%: %.2f times that at rest\n", float64(came.Load())/took.Seconds(), ms(quantile(busy, .99))/ms(quantile(rest, .99)))
	return nil
}

// importSome imports the next articles of a file.
func importSome(ctx context.Context, a *archive.Archive, from *json.Decoder, n int) error {
	some := make([]trame.Article, 0, n)
	for range n {
		var article trame.Article
		if err := from.Decode(&article); err != nil {
			if errors.Is(err, io.EOF) {
				return errors.New("the file has too few articles")
			}
			return err
		}
		article.ID = "" // as their addresses give it
		some = append(some, article)
	}
	_, err := a.Import(ctx, some)
	return err
}

// arrive imports busyEach articles a second until ctx ends.
func arrive(ctx context.Context, a *archive.Archive, from *json.Decoder, came *atomic.Int64) error {
	const part = busyEach / 10
	tick := time.NewTicker(time.Second / 10)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := importSome(ctx, a, from, part); err != nil {
			return err
		}
		came.Add(part)
	}
}

// busyAsked reads queries of lines of a class and words, or composes some.
func busyAsked(file string) (all []trame.Query, err error) {
	var lines []string
	if file == "" {
		w := newWriter(2)
		for range busyQueries / 4 {
			lines = append(lines, "common\t"+w.word(), "and2\t"+w.word()+" "+w.word(), "or2\t"+w.word()+" "+w.word(), "phrase\ttravail social")
		}
	} else {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		lines = strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	for _, line := range lines {
		class, words, _ := strings.Cut(line, "\t")
		q, err := peerQuery("b", class, words)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		q.Bare = false
		all = append(all, q)
	}
	return all, nil
}
