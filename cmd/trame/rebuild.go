package main

import (
	"context"
	"fmt"

	"trame/index"
)

type reindexCmd struct{}

// Run builds a new index beside the old one and puts it in its place.
func (c *reindexCmd) Run(ctx context.Context, s *Settings, io streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	bar := newProgress(io.err, "index")
	err = index.Rebuild(ctx, s.indexDSN(), h.archive, index.Options{Themes: h.themes, Log: h.log}, bar.set)
	bar.end()
	if err != nil {
		return explain(err, s)
	}
	totals, err := h.archive.Totals(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "index rebuilt: %d articles\n", totals.Articles)
	return err
}

type rereadCmd struct{}

// Run reads every kept page again with the rules and themes of today.
func (c *rereadCmd) Run(ctx context.Context, s *Settings, io streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	if err := h.openIndex(ctx); err != nil { // before anything is written, as for a crawl
		return explain(err, s)
	}
	cr, err := h.newCrawler(nil)
	if err != nil {
		return err
	}
	bar := newProgress(io.err, "pages")
	changed, err := cr.Reread(ctx, func(done, total int) { bar.set(int64(done), int64(total)) })
	bar.end()
	if err != nil {
		return explain(err, s)
	}
	if err := h.catchUp(ctx, io.err); err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%d articles changed\n", changed)
	return err
}
