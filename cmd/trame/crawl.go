package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"trame/archive"
	"trame/crawler"
	"trame/index"
)

type crawlCmd struct {
	Source []string `arg:"" optional:"" help:"Ids of the sources to visit; all when none is named."`
	All    bool     `help:"Visit every known link now, due or not."`
	JSON   bool     `name:"json" help:"Print the report as one JSON document."`
}

// Run visits what is due, then brings the index up to date.
func (c *crawlCmd) Run(ctx context.Context, s *Settings, io streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	if err := h.syncSources(ctx); err != nil {
		return err
	}
	if err := h.checkSourceIDs(ctx, c.Source); err != nil {
		return err
	}
	// Before anything is written: an index of another archive, or of a later state of
	// this one, is known by its cursor now and not any more afterwards.
	if err := h.openIndex(ctx); err != nil {
		return explain(err, s)
	}
	bar := newProgress(io.err, "visits")
	var visits atomic.Int64
	cr, err := h.newCrawler(func(crawler.VisitReport) { bar.set(visits.Add(1), 0) })
	if err != nil {
		return err
	}
	report, err := cr.Crawl(ctx, c.Source, c.All)
	bar.end()
	// What was read before it was stopped is indexed and told all the same.
	indexing := ctx
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		indexing, cancel = context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
	}
	return explain(errors.Join(err, h.catchUp(indexing, io.err), c.print(io.out, report)), s)
}

func (c *crawlCmd) print(out io.Writer, report crawler.Report) error {
	if c.JSON {
		return printJSON(out, report)
	}
	return printReport(out, report)
}

// checkSourceIDs reports ids that no source has, and sources on the public web
// that may not be crawled for want of a contact.
func (h *house) checkSourceIDs(ctx context.Context, ids []string) error {
	wanted, err := h.archive.Sources(ctx)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		wanted = wanted[:0:0]
		for _, id := range ids {
			src, err := h.archive.Source(ctx, id)
			if err != nil {
				return usageError{fmt.Errorf("no source has the id %q; trame sources list shows them", id)}
			}
			wanted = append(wanted, src)
		}
	}
	if !slices.ContainsFunc(wanted, func(src archive.SourceRecord) bool { return src.URL != "" }) {
		return errors.New("there is no source to visit; add one with trame sources add https://example.org/")
	}
	return h.needContact(wanted)
}

// indexNow opens the index and brings it up to date with the archive.
func (h *house) indexNow(ctx context.Context, show io.Writer) error {
	if err := h.openIndex(ctx); err != nil {
		return err
	}
	return h.catchUp(ctx, show)
}

// catchUp brings the open index up to date.
func (h *house) catchUp(ctx context.Context, show io.Writer) error {
	bar := newProgress(show, "index")
	defer bar.end()
	return index.CatchUp(ctx, h.archive, h.index, bar.set)
}

// printReport writes a line per source.
func printReport(out io.Writer, r crawler.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tVISITS\tUNCHANGED\tNEW\tCHANGED\tGONE\tFAILED\tTIME\t")
	for _, s := range r.Sources {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n", s.ID, s.Visited, s.NotModified+s.Unchanged,
			s.New, s.Changed, s.Gone, s.Failed, s.Duration.Round(100*time.Millisecond), s.Problem)
	}
	return w.Flush()
}
