package crawler

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"trame"
	"trame/archive"
	"trame/crawler/read"
)

// Reread reads every kept page again, dates and classifies it, without any
// download, and returns how many articles changed. progress, where not nil, is
// called after each page. A page that this version does not take for an article
// any more is not found any more. Articles without a page of ours, which were
// imported, are classified again by their text.
func (c *Crawler) Reread(ctx context.Context, progress func(done, total int)) (changed int, err error) {
	totals, err := c.archive.Totals(ctx)
	if err != nil {
		return 0, fmt.Errorf("reread: %w", err)
	}
	sites, err := c.rereadSites(ctx)
	if err != nil {
		return 0, err
	}
	var done, news atomic.Int64
	var mu sync.Mutex
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(max(runtime.GOMAXPROCS(0), 1))
	for kept, err := range c.archive.Pages(gctx) {
		if err != nil {
			return int(news.Load()), fmt.Errorf("reread: %w", joinWait(g, err))
		}
		if gctx.Err() != nil {
			break
		}
		g.Go(func() error {
			change, err := c.reread(gctx, sites[kept.Link.Source], kept)
			if err != nil {
				return fmt.Errorf("reread %s: %w", kept.Page.URL, err)
			}
			if change {
				news.Add(1)
			}
			n := int(done.Add(1))
			if progress != nil {
				mu.Lock()
				defer mu.Unlock()
				progress(n, max(totals.Pages, n))
			}
			return nil
		})
	}
	if err = g.Wait(); err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return int(news.Load()), err
	}
	imported, err := c.reclassify(ctx, sites)
	return int(news.Load()) + imported, err
}

// reclassify gives the articles that were never visited the themes of today, and
// returns how many had others.
func (c *Crawler) reclassify(ctx context.Context, sites map[string]*site) (changed int, err error) {
	for a, err := range c.archive.All(ctx) {
		if err != nil {
			return changed, fmt.Errorf("reread: %w", err)
		}
		if _, err := c.archive.Link(ctx, a.URL); !errors.Is(err, trame.ErrNotFound) {
			continue
		}
		var sections map[string]string
		if s := sites[a.Source]; s != nil {
			sections = s.Themes
		}
		themes := c.themes.Classify(a, sections)
		if slices.Equal(themes, a.Themes) {
			continue
		}
		a.Themes = themes
		change, err := c.archive.SaveReading(ctx, a.URL, &a)
		if err != nil {
			return changed, fmt.Errorf("reread: %w", err)
		}
		if change > 0 {
			changed++
		}
	}
	return changed, nil
}

func joinWait(g *errgroup.Group, err error) error {
	if e := g.Wait(); e != nil {
		return e
	}
	return err
}

func (c *Crawler) rereadSites(ctx context.Context) (map[string]*site, error) {
	records, err := c.archive.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("reread: %w", err)
	}
	sites := map[string]*site{}
	for _, rec := range records {
		if rec.URL == "" { // known by an import alone
			continue
		}
		sc, err := newScope(rec.Source, rec.Platform)
		if err != nil {
			c.log.Warn("source left out", "source", rec.ID, "err", err)
			continue
		}
		sites[rec.ID] = &site{Source: rec.Source, scope: sc, ledger: newLedger(1), texts: map[uint64]string{}, textOf: map[string]uint64{}, copies: map[string][]string{}}
	}
	return sites, nil
}

// reread does for one kept page what a visit does after the download. Duplicates,
// moved pages and the parts of split articles are left alone: the article is at
// their target.
func (c *Crawler) reread(ctx context.Context, s *site, kept archive.KeptPage) (changed bool, err error) {
	l := kept.Link
	if s == nil || !isReadAsPage(l.Kind) && l.Kind != archive.LinkHome {
		return false, nil
	}
	if l.State != archive.StateRead && l.State != archive.StateSeen && l.State != archive.StateFailed {
		return false, nil
	}
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("panic in rereading", "url", l.URL, "panic", fmt.Sprint(p))
			changed, err = false, nil
		}
	}()
	in, err := s.input(l, kept.Page)
	if err != nil {
		return false, nil
	}
	a := c.rereadArticle(ctx, s, l, read.Extract(in))
	if a == nil && l.State == archive.StateSeen {
		return false, nil
	}
	change, err := c.archive.SaveReading(ctx, l.URL, a)
	return change > 0, err
}

func (c *Crawler) rereadArticle(ctx context.Context, s *site, l archive.Link, r read.Reading) *trame.Article {
	switch {
	case s.Kind == trame.KindList && l.Kind == archive.LinkHome && len(r.Links) > 0:
		a := c.complete(s, l.URL, listArticle(s, r))
		return &a
	case r.Verdict != read.IsArticle || l.Kind == archive.LinkHome || !s.scope.mayBeArticle(l.URL):
		return nil
	}
	c.join(s, l, &r, func(u string) (archive.Page, bool) {
		p, err := c.archive.Page(ctx, u)
		return p, err == nil
	})
	a := c.complete(s, l.URL, r.Article)
	return &a
}
