package crawler

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"trame/archive"
)

// work visits a batch of links of one host, one after another.
func (r *round) work(ctx context.Context, batch []archive.Link) {
	begun, rests := time.Now(), false
	for _, l := range batch {
		if ctx.Err() == nil { // what was visited since the lease may have changed it
			now, err := r.c.archive.Link(ctx, l.URL)
			if err != nil || now.State != l.State || now.Fails != l.Fails || !now.Visited.Equal(l.Visited) {
				continue // a redirect has led to it meanwhile
			}
			l = now
		}
		s := r.site(l.Source)
		switch {
		case ctx.Err() != nil:
			return // the round gives all its leases back
		case s == nil, rests, isReadAsPage(l.Kind) && s.tally.full(r.c.maxPages(s.Source)), time.Since(begun) > batchTime:
			r.giveBack(ctx, l)
			continue
		case l.State == archive.StateNew && isReadAsPage(l.Kind) && !s.ledger.open(l.URL):
			r.park(ctx, l)
			continue
		}
		r.c.fetch.SetDelay(l.Host, r.c.delay(s.Source))
		rests = r.one(ctx, s, l)
	}
}

func isReadAsPage(k archive.LinkKind) bool { return k == archive.LinkPage || k == archive.LinkPager }

// one visits one link, catches what it may throw, and counts. rests means that
// the host is to be left alone for now.
func (r *round) one(ctx context.Context, s *site, l archive.Link) (rests bool) {
	start := r.c.o.Now()
	rep, err := r.c.caught(ctx, s, l)
	if ctx.Err() != nil && err != nil {
		return false // told to stop: the link stays as it was
	}
	r.saved(err)
	if err != nil {
		r.c.log.Error("visit not saved", "url", l.URL, "err", err)
		l.Due = r.c.o.Now().Add(shortest) // or it would come again at once
		r.giveBack(ctx, l)
		return false
	}
	if rep.Outcome == "" {
		return rep.rests // there was nothing to ask
	}
	rep.Source, rep.URL, rep.Kind = l.Source, l.URL, l.Kind
	rep.Duration = r.c.o.Now().Sub(start)
	r.tell(s, rep)
	if rep.also != nil {
		r.tell(s, *rep.also)
	}
	return false
}

// tell counts a visit and passes it on.
func (r *round) tell(s *site, rep VisitReport) {
	rep.also = nil
	s.tally.add(rep, r.c.o.Now())
	r.c.log.Debug("visit", "source", rep.Source, "url", rep.URL, "outcome", rep.Outcome, "status", rep.Status, "problem", rep.Problem, "ms", rep.Duration.Milliseconds())
	if r.c.o.OnVisit != nil {
		r.c.o.OnVisit(rep)
	}
}

func (r *round) saved(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.lost = 0
		return
	}
	r.lost++
	r.lastly = err
}

// caught visits, and turns a panic into a failed visit that is counted and
// logged with its stack.
func (c *Crawler) caught(ctx context.Context, s *site, l archive.Link) (rep VisitReport, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		c.countPanic()
		c.log.Error("panic in a visit", "url", l.URL, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		rep, err = c.fail(ctx, s, l, "Erreur interne pendant la lecture de cette page ; elle sera reprise plus tard.", longest)
	}()
	return c.visit(ctx, s, l)
}

// giveBack ends the lease of a link and leaves all else as it is.
func (r *round) giveBack(ctx context.Context, l archive.Link) {
	if _, err := r.c.archive.Save(ctx, archive.Visit{Link: l}); err != nil && ctx.Err() == nil {
		r.c.log.Error("lease not given back", "url", l.URL, "err", err)
	}
}

// caughtAtTop keeps a panic outside a visit from ending the process.
func (c *Crawler) caughtAtTop() {
	if p := recover(); p != nil {
		c.countPanic()
		c.log.Error("panic in a worker", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}

func (c *Crawler) countPanic() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.panics++
}

// park puts a first visit that is past a budget off for a week, and remembers it
// until all else is done: what is read meanwhile may raise the budget.
func (r *round) park(ctx context.Context, l archive.Link) {
	r.mu.Lock()
	r.parked[l.URL] = l
	r.mu.Unlock()
	l.Due = r.c.o.Now().Add(longest)
	l.Problem = "Mise de côté : beaucoup d’adresses de cette forme n’ont rien apporté (calendrier, filtres ou liste sans fin)."
	r.giveBack(ctx, l)
}

// unpark returns the parked links that the budgets let through now, at most a
// batch for each worker.
func (r *round) unpark() []archive.Link {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []archive.Link
	perHost := map[string]int{}
	for _, url := range slices.Sorted(maps.Keys(r.parked)) {
		l := r.parked[url]
		s := r.sites[l.Source]
		if s == nil || s.tally.full(r.c.maxPages(s.Source)) || !s.ledger.open(url) {
			continue
		}
		if perHost[l.Host] >= batchSize || perHost[l.Host] == 0 && len(perHost) >= r.c.o.Workers {
			continue
		}
		perHost[l.Host]++
		out = append(out, l)
		delete(r.parked, url)
	}
	return out
}
