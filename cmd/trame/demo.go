package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"trame/cmd/trame/demo"
	"trame/crawler"
)

// demo serves a small web of its own, crawls it into a temporary folder and
// serves the result; both are gone when it ends.
func (c *serveCmd) demo(ctx context.Context, s *Settings, io streams) error {
	dir, err := os.MkdirTemp("", "trame-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	own := *s
	own.Data, own.Archive, own.Index, own.Sources = dir, "sqlite:", "bleve:", ""
	own.Delay = "0s"
	l, err := listenNear(ctx, c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	log := own.logger(true)
	sites, err := demo.Start(ctx, log)
	if err != nil {
		return err
	}
	defer sites.Close()
	own.AllowNet = sites.Allow
	h, err := enter(ctx, &own, log)
	if err != nil {
		return err
	}
	defer h.leave()
	h.notice = "Démonstration : des sites, des textes et des personnes inventés, moissonnés sur cette machine."
	base := "http://" + l.Addr().String()
	fmt.Fprintf(io.out, "Trame demo: %d small sites on this machine, crawled for real. Nothing leaves it.\n\n", len(sites.Sources))
	for _, src := range sites.Sources {
		fmt.Fprintf(io.out, "  %-28s %s\n", src.URL, src.Name)
		if err := h.archive.PutSource(ctx, src); err != nil {
			return err
		}
	}
	fmt.Fprintf(io.out, "\nOpen  %s/  (it fills while you look; Ctrl-C stops and removes everything)\n\n", base)
	var visits atomic.Int64
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go h.tellDemo(ctx, io, base, &visits)
	return c.serve(ctx, h, l, base, true, func(crawler.VisitReport) { visits.Add(1) })
}

// tellDemo says on the terminal how far the crawl is, until nothing is left to
// visit and all is searchable.
func (h *house) tellDemo(ctx context.Context, io streams, base string, visits *atomic.Int64) {
	began := time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		totals, err := h.archive.Totals(ctx)
		if err != nil {
			continue // it is closing
		}
		cursor, err := h.index.Cursor(ctx)
		if err != nil {
			continue
		}
		due, _, err := h.archive.NextDue(ctx, nil)
		if err != nil {
			continue
		}
		took := time.Since(began).Seconds()
		fmt.Fprintf(io.out, "%5.0f s  %4d pages visited, %3d articles read\n", took, visits.Load(), totals.Articles)
		if totals.Articles > 0 && due.After(time.Now()) && cursor == totals.Change {
			fmt.Fprintf(io.out, "\nDone in %.0f s: %d articles of %d sites are searchable. Try:\n\n", took, totals.Articles, totals.Sources)
			for _, q := range []string{`q=secret+professionnel`, `q=%22aller+vers%22&sort=newest`, `q=CPAS&country=BE`} {
				fmt.Fprintf(io.out, "  %s/recherche?%s\n", base, q)
			}
			return
		}
	}
}

// listenNear listens on an address, or, where that is taken, on the next free
// port: a demo should not ask for settings.
func listenNear(ctx context.Context, addr string) (net.Listener, error) {
	l, err := listen(ctx, addr)
	if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	host, _, splitErr := net.SplitHostPort(addr)
	if splitErr != nil {
		return nil, err
	}
	return listen(ctx, net.JoinHostPort(host, "0"))
}
