package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"trame"
	"trame/crawler"
	"trame/crawler/read"
	"trame/index"
)

// Bounds of the articles that one transaction of an import holds.
const (
	importBatch   = 1000
	importBytes   = 4 << 20 // of their lines
	maxImportLine = 32 << 20
)

type importCmd struct {
	File string `arg:"" help:"File of articles, one JSON object a line; - reads standard input." placeholder:"FILE.jsonl"`
	JSON bool   `name:"json" help:"Print the counts as JSON."`
}

// Run writes the articles in batches, each whole or not at all, then indexes
// them. A bad line stops it and is named; what came before it stays, and running
// it again changes nothing there.
func (c *importCmd) Run(ctx context.Context, s *Settings, st streams) error {
	in := st.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		defer f.Close()
		in = f
	}
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	classifier, err := read.NewClassifier(h.themes)
	if err != nil {
		return usageError{err}
	}
	if err := h.openIndex(ctx); err != nil {
		return err
	}
	began := time.Now()
	count, changed, err := h.importIndexing(ctx, classifier, in, newProgress(st.err, "import"))
	if indexErr := h.catchUp(ctx, st.err); err == nil {
		err = indexErr
	}
	if err != nil {
		return err
	}
	seconds := time.Since(began).Seconds()
	if c.JSON {
		return printJSON(st.out, map[string]any{"read": count, "changed": changed, "seconds": seconds})
	}
	_, err = fmt.Fprintf(st.out, "%d articles read, %d new or changed, %.1f s\n", count, changed, seconds)
	return err
}

// importIndexing imports while the index follows.
func (h *house) importIndexing(ctx context.Context, c *read.Classifier, in io.Reader, bar *progress) (count, changed int, err error) {
	following, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		done <- guarded(func() error { return index.Follow(following, h.archive, h.index, h.log) })
	}()
	count, changed, err = h.importLines(ctx, c, in, bar)
	stop()
	if followErr := <-done; err == nil && !errors.Is(followErr, context.Canceled) {
		err = followErr
	}
	return count, changed, err
}

// importLines writes the articles of in, in order, and returns how many were
// read and how many were new or changed.
func (h *house) importLines(ctx context.Context, c *read.Classifier, in io.Reader, bar *progress) (count, changed int, err error) {
	defer bar.end()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for batch := range completed(ctx, c, in) {
		b := <-batch
		n, err := h.archive.Import(ctx, b.articles)
		count, changed = count+len(b.articles), changed+n
		bar.set(int64(count), 0)
		if err := errors.Join(b.err, err); err != nil {
			return count, changed, err
		}
	}
	return count, changed, ctx.Err()
}

// importLine is one line of an import that holds something.
type importLine struct {
	number int
	text   []byte
}

// completedBatch is a run of articles, up to the first line that is none.
type completedBatch struct {
	articles []trame.Article
	err      error
}

// completed reads lines and yields, in order, the batches of articles that they
// hold, each as a promise: as many as there are cores are completed at a time.
func completed(ctx context.Context, c *read.Classifier, in io.Reader) <-chan chan completedBatch {
	batches := make(chan chan completedBatch, runtime.GOMAXPROCS(0))
	go func() {
		defer close(batches)
		lines := bufio.NewReaderSize(in, 1<<20)
		for number, last := 0, error(nil); last == nil; {
			var batch []importLine
			for size := 0; len(batch) < importBatch && size < importBytes && last == nil; {
				var text []byte
				number++
				if text, last = readLine(lines, maxImportLine); number == 1 {
					text = bytes.TrimPrefix(text, []byte("\ufeff"))
				}
				if size += len(text); len(text) > 0 {
					batch = append(batch, importLine{number, text})
				}
			}
			promise := make(chan completedBatch, 1)
			go func() { promise <- completeBatch(c, batch, number, last) }()
			select {
			case batches <- promise:
			case <-ctx.Done():
				return
			}
		}
	}()
	return batches
}

// completeBatch reads the articles of lines. last is what ended the reading at
// line number, nil or io.EOF when nothing is wrong.
func completeBatch(c *read.Classifier, lines []importLine, number int, last error) (b completedBatch) {
	for _, line := range lines {
		err := guarded(func() error {
			a, err := articleOf(line.text, c)
			if err == nil {
				b.articles = append(b.articles, a)
			}
			return err
		})
		if err != nil {
			b.err = fmt.Errorf("import: line %d: %w", line.number, err)
			return b
		}
	}
	if last != nil && !errors.Is(last, io.EOF) {
		b.err = fmt.Errorf("import: line %d: %w", number, last)
	}
	return b
}

// articleOf reads and completes one article. Its id follows from its address: one
// of another form gives way to it, one of this form must be it.
func articleOf(line []byte, c *read.Classifier) (trame.Article, error) {
	a, err := decodeArticle(line)
	if err != nil {
		return a, err
	}
	canonical, err := crawler.CanonicalURL(a.URL)
	if err != nil {
		return a, fmt.Errorf("url %q: %w", a.URL, err)
	}
	a.URL = canonical
	switch {
	case strings.TrimSpace(a.Title) == "":
		return a, errors.New("an article needs a title")
	case !trame.ValidID(a.ID): // none, or that of another program
		a.ID = trame.ID(a.URL)
	case a.ID != trame.ID(a.URL):
		return a, fmt.Errorf("id %q is not that of %s: leave it out, it follows from the address", a.ID, a.URL)
	}
	if a.Source == "" {
		a.Source = "import"
	}
	switch a.Type {
	case "":
		a.Type = trame.TypeArticle
	case trame.TypeArticle, trame.TypeEvent, trame.TypeReport, trame.TypeList:
	default:
		return a, fmt.Errorf("type %q: want article, event, report or list", a.Type)
	}
	if a.Words == 0 {
		a.Words = countWords(a.Text)
	}
	if len(a.Themes) == 0 {
		a.Themes = c.Classify(a, nil)
	}
	return a, nil
}
