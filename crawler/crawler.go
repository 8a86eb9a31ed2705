// Package crawler turns addresses into articles: it visits politely, finds
// feeds, sitemaps and pagers, reads what it gets, and saves it in the archive.
//
// A visit is five calls and nothing else:
//
//	fetch ─▶ read.Extract (which dates) ─▶ Classify ─▶ archive.Save
//
// Whatever goes wrong in one of them becomes a named state of the link with the
// moment of its next visit; nothing stops the line. What a crawler remembers is
// in the archive: a process killed at any moment goes on where it was.
//
// Only cmd uses this package.
package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
	"trame/crawler/read"
)

// Options change how a Crawler behaves; the zero value works.
type Options struct {
	UserAgent string // as given to fetch.New, which is what sites see
	Contact   string // where the owner of a site may write; part of UserAgent, and said in logs
	Themes    []trame.Theme
	Workers   int           // hosts visited at the same time; 0 means 16
	Delay     time.Duration // between two visits to a host; 0 means 2 s, less than 0 none
	MaxPages  int           // pages visited of a source in one round; 0 means 2,000
	Log       *slog.Logger  // nil means nothing is logged
	Now       func() time.Time
	Owner     string                 // of leases; the same after a restart, another in each process on one archive; "" means the machine's name
	OnVisit   func(VisitReport)      // called after each visit, from many goroutines
	Free      func() (uint64, error) // bytes free where the archive lies; nil means no check
}

// Crawler visits the sources of an archive. It is safe for many goroutines.
type Crawler struct {
	archive *archive.Archive
	fetch   *fetch.Client
	pages   *visitor
	themes  *read.Classifier
	o       Options
	log     *slog.Logger
	desks   chan struct{} // one token a page that is being read: reading takes memory and a core

	mu     sync.Mutex
	panics int
}

// New returns a crawler that writes to a and fetches through f. The error names
// the theme whose query cannot be read.
func New(a *archive.Archive, f *fetch.Client, o Options) (*Crawler, error) {
	themes, err := read.NewClassifier(o.Themes)
	if err != nil {
		return nil, fmt.Errorf("crawler: %w", err)
	}
	if o.Workers <= 0 {
		o.Workers = 16
	}
	if o.Delay == 0 {
		o.Delay = 2 * time.Second
	}
	if o.MaxPages <= 0 {
		o.MaxPages = 2000
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Owner == "" {
		o.Owner = machine()
	}
	o.Log.Debug("crawler", "user_agent", o.UserAgent, "contact", o.Contact, "workers", o.Workers)
	return &Crawler{archive: a, fetch: f, pages: newVisitor(f, o.UserAgent), themes: themes, o: o, log: o.Log,
		desks: make(chan struct{}, runtime.GOMAXPROCS(0)+1)}, nil
}

// extract is read.Extract when a desk is free.
func (c *Crawler) extract(p read.Page) read.Reading {
	c.desks <- struct{}{}
	defer func() { <-c.desks }()
	return read.Extract(p)
}

func machine() string {
	if name, err := os.Hostname(); err == nil && name != "" {
		return "crawler@" + name
	}
	return "crawler"
}

// Run visits what is due until ctx ends, and then gives back what it has not
// visited. It notices new sources within half a minute.
func (c *Crawler) Run(ctx context.Context) error {
	r, err := c.newRound(ctx, nil)
	if err != nil {
		return err
	}
	r.endless = true
	return r.run(ctx)
}

// Crawl visits the links of the sources (all when empty) that are due, and what
// they lead to, until nothing of it is due. With all it asks everything known
// again, conditionally where the site gave validators. An unknown id is
// trame.ErrNotFound. When ctx ends it returns the report so far with ctx's error.
func (c *Crawler) Crawl(ctx context.Context, sources []string, all bool) (Report, error) {
	start := c.o.Now()
	r, err := c.newRound(ctx, sources)
	if err != nil {
		return Report{}, err
	}
	if all {
		if _, err := c.archive.MakeDue(ctx, r.ids()); err != nil {
			return Report{}, fmt.Errorf("crawl: %w", err)
		}
	}
	err = r.run(ctx)
	return r.report(start, c.o.Now()), err
}

// Panics returns how many visits ended in a panic that was caught.
func (c *Crawler) Panics() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.panics
}
