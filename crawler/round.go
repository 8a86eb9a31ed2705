package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"trame"
	"trame/archive"
)

const (
	leaseTime  = 15 * time.Minute
	batchTime  = 10 * time.Minute // after it a worker gives up the rest of its batch
	batchSize  = 8                // links of one host handed to one worker
	sourceLook = 30 * time.Second // how often a running crawler looks for new sources
	roundTime  = 24 * time.Hour   // after it a running crawler counts max_pages anew
	shortRest  = 20 * time.Second // a host's rest that a crawl waits for
	minFree    = 200 << 20        // bytes: below it nothing is downloaded
	maxLost    = 10               // visits in a row that could not be saved before a crawl gives up
)

// ErrDiskFull ends a Crawl when less than 200 MB are free where the archive lies.
var ErrDiskFull = errors.New("less than 200 MB free on the disk of the archive")

// round is one Run or Crawl: a dispatcher that leases links, and workers that
// each visit a few links of one host, one after another. So a slow host holds up
// one worker and no other host.
type round struct {
	c       *Crawler
	only    []string // ids asked for; empty: all
	endless bool
	begun   time.Time
	peeked  time.Time // when the full sources were last looked at

	sites map[string]*site
	busy  map[string]bool // hosts in the hands of a worker; the dispatcher's own
	done  chan string     // hosts that a worker has finished with
	queue []batch         // leased, and waiting for a worker; the dispatcher's own

	mu     sync.Mutex              // guards what follows, and writing to sites
	parked map[string]archive.Link // first visits past a budget: tried again when all else is done
	lost   int                     // visits in a row that could not be saved
	lastly error                   // why the last of them could not
}

// batch is what one worker does at a time: links of one host.
type batch struct {
	host   string
	links  []archive.Link
	leased time.Time
}

// newRound opens the sources and adds the links that they begin with.
func (c *Crawler) newRound(ctx context.Context, only []string) (*round, error) {
	r := &round{c: c, only: only, begun: c.o.Now(), sites: map[string]*site{}, busy: map[string]bool{},
		done: make(chan string, c.o.Workers), parked: map[string]archive.Link{}}
	if err := c.archive.Release(ctx, c.o.Owner); err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	if err := r.look(ctx); err != nil {
		return nil, err
	}
	for _, id := range only {
		if r.sites[id] != nil {
			continue
		}
		rec, err := c.archive.Source(ctx, id)
		if err == nil {
			_, err = newScope(rec.Source, "")
		}
		return nil, fmt.Errorf("crawl: source %q: %w", id, cmp.Or(err, trame.ErrNotFound))
	}
	return r, nil
}

// look opens the sources that are new to the round and forgets those removed. A
// source that cannot be opened is noted and left out.
func (r *round) look(ctx context.Context) error {
	records, err := r.c.archive.Sources(ctx)
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	var seeds []archive.Link
	fresh := map[string]*site{}
	there := map[string]bool{}
	for _, rec := range records {
		if rec.URL == "" { // it came with imported articles: there is nothing to visit
			continue
		}
		there[rec.ID] = true
		if len(r.only) > 0 && !slices.Contains(r.only, rec.ID) || r.sites[rec.ID] != nil && sameSettings(r.sites[rec.ID].Source, rec.Source) {
			continue
		}
		s, err := r.c.openSite(ctx, rec)
		if err != nil {
			r.c.log.Warn("source left out", "source", rec.ID, "err", err)
			if err := r.c.archive.NoteSource(ctx, rec.ID, "", "Réglages de la source à corriger : "+err.Error()); err != nil {
				return fmt.Errorf("crawl: %w", err)
			}
			continue
		}
		fresh[rec.ID] = s
		seeds = append(seeds, s.seeds(r.c.o.Now())...)
	}
	if err := r.c.loadTexts(ctx, fresh); err != nil {
		return err
	}
	if _, err := r.c.archive.AddLinks(ctx, seeds); err != nil {
		return fmt.Errorf("crawl: add the sources' homes and feeds: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.sites, func(id string, _ *site) bool { return !there[id] })
	maps.Copy(r.sites, fresh)
	return nil
}

// site returns a source of the round, nil once it is removed. The dispatcher
// alone changes the map, and reads it without asking here.
func (r *round) site(id string) *site {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sites[id]
}

func sameSettings(a, b trame.Source) bool {
	return a.URL == b.URL && a.Kind == b.Kind && a.Sitemap == b.Sitemap && a.Delay == b.Delay && a.MaxPages == b.MaxPages && a.Every == b.Every &&
		slices.Equal(a.Feeds, b.Feeds) && slices.Equal(a.Include, b.Include) && slices.Equal(a.Exclude, b.Exclude) && maps.Equal(a.Themes, b.Themes)
}

// loadTexts remembers the texts of the sources' articles, so that a copy under
// another address is known as one.
func (c *Crawler) loadTexts(ctx context.Context, sites map[string]*site) error {
	if len(sites) == 0 {
		return nil
	}
	for t, err := range c.archive.Texts(ctx) {
		if err != nil {
			return fmt.Errorf("crawl: read the texts known: %w", err)
		}
		if s := sites[t.Source]; s != nil {
			s.sameText(t.URL, t.Key)
		}
	}
	return nil
}

func (r *round) ids() []string { return slices.Sorted(maps.Keys(r.sites)) }

// active returns the sources that may be visited now.
func (r *round) active() []string {
	var ids []string
	for id, s := range r.sites {
		if !s.tally.full(r.c.maxPages(s.Source)) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// run dispatches until ctx ends or, unless the round is endless, nothing is due.
func (r *round) run(ctx context.Context) (err error) {
	var workers sync.WaitGroup
	defer func() {
		go func() {
			workers.Wait()
			close(r.done)
		}()
		for range r.done { // nobody else listens any more
		}
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, r.c.archive.Release(cleanup, r.c.o.Owner))
	}()
	looked := r.c.o.Now()
	for ctx.Err() == nil {
		if now := r.c.o.Now(); r.endless && now.Sub(looked) >= sourceLook {
			looked = now
			if err := r.refresh(ctx, now); err != nil {
				r.c.log.Error("look for new sources", "err", err)
			}
		}
		if err := r.mayGoOn(ctx); err != nil {
			return err
		}
		links, err := r.lease(ctx)
		if err != nil {
			if !r.endless || ctx.Err() != nil {
				return r.ended(ctx, fmt.Errorf("crawl: %w", err))
			}
			r.c.log.Error("lease links", "err", err)
		}
		if len(links) == 0 && len(r.busy) == 0 && len(r.queue) == 0 {
			if links = r.unpark(); len(links) == 0 && !r.endless && !r.restsShortly(ctx) {
				return r.ended(ctx, nil)
			}
		}
		r.queue = append(r.queue, r.byHost(links)...)
		r.begin(ctx, &workers)
		if len(links) == 0 || len(r.busy) >= r.c.o.Workers {
			r.wait(ctx)
		}
		r.collect()
	}
	return r.ended(ctx, nil)
}

// begin hands batches to workers as long as one is free. A batch that has waited
// for so long that its lease could end under the worker is given back.
func (r *round) begin(ctx context.Context, workers *sync.WaitGroup) {
	for len(r.queue) > 0 && len(r.busy) < r.c.o.Workers {
		b := r.queue[0]
		r.queue = r.queue[1:]
		if r.c.o.Now().Sub(b.leased) > leaseTime-batchTime {
			for _, l := range b.links {
				r.giveBack(ctx, l)
			}
			continue
		}
		r.busy[b.host] = true
		workers.Add(1)
		go func() {
			defer workers.Done()
			defer func() { r.done <- b.host }()
			defer r.c.caughtAtTop()
			r.work(ctx, b.links)
		}()
	}
}

// ended turns the end of ctx into its error for a Crawl, and into none for a
// Run: being told to stop is how it ends.
func (r *round) ended(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	if r.endless {
		return nil
	}
	return context.Cause(ctx)
}

func (r *round) refresh(ctx context.Context, now time.Time) error {
	if now.Sub(r.begun) >= roundTime {
		r.begun = now
		for _, s := range r.sites {
			s.tally.reset()
		}
	}
	return r.look(ctx)
}

// lease takes links of hosts that are neither busy nor resting, once those taken
// before are in the hands of workers: they may be of more hosts than workers are
// free, but of no more than are soon visited. A source that
// has had its pages of this round is looked at now and then all the same: its
// feeds are still to be read.
func (r *round) lease(ctx context.Context) ([]archive.Link, error) {
	free := r.c.o.Workers - len(r.busy)
	if free <= 0 || len(r.queue) > 0 {
		return nil, nil
	}
	skip := slices.Collect(maps.Keys(r.busy))
	for host := range r.c.fetch.Resting() {
		skip = append(skip, host)
	}
	sources, perHost := r.active(), batchSize
	if now := r.c.o.Now(); r.endless && len(sources) < len(r.sites) && now.Sub(r.peeked) >= sourceLook {
		r.peeked = now
		sources, perHost = r.ids(), 1
	}
	if len(sources) == 0 {
		return nil, nil
	}
	return r.c.archive.Lease(ctx, r.c.o.Owner, leaseTime, archive.LinkFilter{
		Sources: sources, SkipHosts: skip, Limit: free * perHost, PerHost: perHost,
	})
}

// byHost groups links and keeps their order.
func (r *round) byHost(links []archive.Link) []batch {
	var out []batch
	at := map[string]int{}
	for _, l := range links {
		i, found := at[l.Host]
		if !found {
			i = len(out)
			at[l.Host] = i
			out = append(out, batch{host: l.Host, leased: r.c.o.Now()})
		}
		out[i].links = append(out[i].links, l)
	}
	return out
}

// wait returns when a worker has finished, or something may be due. Asking the
// archive costs a write, so an idle crawler asks seldom.
func (r *round) wait(ctx context.Context) {
	t := time.NewTimer(r.pause(ctx))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case host := <-r.done:
		delete(r.busy, host)
	case <-t.C:
	}
}

func (r *round) pause(ctx context.Context) time.Duration {
	const short, long = time.Second, 3 * time.Second
	switch {
	case !r.endless && len(r.busy) == 0:
		return short // a host's short rest
	case len(r.busy) > 0:
		return long
	}
	due, any, err := r.c.archive.NextDue(ctx, r.active())
	if err != nil || !any {
		return sourceLook
	}
	return min(max(due.Sub(r.c.o.Now()), long), sourceLook)
}

// collect takes note of the workers that have finished meanwhile.
func (r *round) collect() {
	for {
		select {
		case host := <-r.done:
			delete(r.busy, host)
		default:
			return
		}
	}
}

// restsShortly reports whether a link of the round will be due in some seconds
// (a host asked for a short rest), so that a crawl is not over yet.
func (r *round) restsShortly(ctx context.Context) bool {
	active := r.active()
	if len(active) == 0 {
		return false
	}
	soon := r.c.o.Now().Add(shortRest)
	due, any, err := r.c.archive.NextDue(ctx, active)
	if err != nil || !any || due.After(soon) {
		return false
	}
	if due.After(r.c.o.Now()) {
		return true
	}
	for _, until := range r.c.fetch.Resting() { // due, and not given: its host rests
		if until.Before(soon) {
			return true
		}
	}
	return false
}

// mayGoOn stops a Crawl, and makes a Run wait, while the disk is nearly full or
// the archive takes nothing.
func (r *round) mayGoOn(ctx context.Context) error {
	r.mu.Lock()
	lost, lastly := r.lost, r.lastly
	r.mu.Unlock()
	switch {
	case lost >= maxLost && !r.endless:
		return fmt.Errorf("crawl: %d visits in a row could not be saved: %w", lost, lastly)
	case lost >= maxLost: // do not fetch what cannot be kept
		r.c.log.Error("the archive takes nothing: crawling rests for a minute", "err", lastly)
		r.saved(nil)
		rest(ctx, time.Minute)
	}
	if r.c.o.Free == nil {
		return nil
	}
	for said := false; ; said = true {
		free, err := r.c.o.Free()
		if err != nil || free >= minFree {
			if said {
				r.c.log.Info("there is room on the disk again: crawling goes on")
			}
			return nil
		}
		if !r.endless {
			return fmt.Errorf("crawl stopped at %d MB free: %w; make room and start it again, nothing is lost", free>>20, ErrDiskFull)
		}
		if !said {
			r.c.log.Error("crawling stopped: less than 200 MB free on the disk of the archive; it goes on by itself when there is room", "free_mb", free>>20)
		}
		if !rest(ctx, 5*time.Second) {
			return nil
		}
	}
}

// rest waits, and reports whether ctx has not ended meanwhile.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (r *round) report(start, end time.Time) Report {
	rep := Report{Sources: []SourceReport{}, Duration: end.Sub(start)}
	resting := r.c.fetch.Resting()
	for _, id := range r.ids() {
		s := r.sites[id]
		line := s.tally.sum()
		line.Full = s.tally.full(r.c.maxPages(s.Source))
		line.Problem = s.problem()
		if until, rests := resting[hostOf(s.within().home.String())]; rests && line.Problem == "" {
			line.Problem = "Le site demande une pause jusqu’au " + until.Format("02/01/2006 à 15:04") + " : la suite attend."
		}
		rep.Sources = append(rep.Sources, line)
		rep.Visited += line.Visited
		rep.New += line.New
		rep.Changed += line.Changed
		rep.Gone += line.Gone
		rep.Failed += line.Failed
		rep.Bytes += line.Bytes
	}
	return rep
}
