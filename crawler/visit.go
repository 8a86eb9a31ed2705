package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
)

// visit is the line for one link: fetch ─▶ Extract (which dates) ─▶ Classify ─▶
// Save. Feeds and sitemaps have links where pages have an article. The error is
// of the archive alone: all else is a state of the link.
func (c *Crawler) visit(ctx context.Context, s *site, l archive.Link) (VisitReport, error) {
	switch {
	case isKnownPart(l): // it is visited together with the first page
		l.Due = time.Time{}
		return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{})
	case l.Kind == archive.LinkFeed:
		return c.visitFeed(ctx, s, l)
	case l.Kind == archive.LinkSitemap:
		return c.visitSitemap(ctx, s, l)
	}
	got, err := c.pages.get(ctx, l.URL, l.ETag, s.lastModified(l))
	if err != nil {
		return c.failed(ctx, s, l, err)
	}
	if got.Status == http.StatusNotModified {
		return c.notModified(ctx, s, l)
	}
	if len(got.Hops) > 0 {
		return c.redirected(ctx, s, l, got)
	}
	return c.arrived(ctx, s, l, got)
}

// lastModified returns the date to ask with. SPIP gives every page the moment
// of the answer: such a date means nothing and is not sent back.
func (s *site) lastModified(l archive.Link) string {
	if s.within().platform == "spip" && isReadAsPage(l.Kind) {
		return ""
	}
	return l.LastModified
}

// arrived deals with the answer of a page at its own address.
func (c *Crawler) arrived(ctx context.Context, s *site, l archive.Link, got *page) (VisitReport, error) {
	l.Status = got.Status
	if done, rep, err := c.byStatus(ctx, s, l, got.Answer); done {
		return rep, err
	}
	if got.NotPage != "" {
		if l.Kind == archive.LinkHome {
			if rep, ok, err := c.homeAsFeed(ctx, s, l); ok {
				return rep, err
			}
		}
		problem, stood := "N’est pas une page : "+got.NotPage+".", c.stood(ctx, l)
		if l.Kind == archive.LinkHome {
			return c.fail(ctx, s, l, problem, backOff(l.Fails+1))
		}
		l = c.settle(s, l, archive.StateUnfit, false, trame.Date{})
		if l.Problem = problem; !stood {
			l.Due = time.Time{}
		} else { // perhaps an error that says so in JSON
			l.Due = c.o.Now().Add(longest)
		}
		return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeUnfit})
	}
	l.ETag, l.LastModified = validator(got.Header, "Etag"), validator(got.Header, "Last-Modified")
	return c.readPage(ctx, s, l, got)
}

// stood reports whether an article was read at an address before, or may have
// been: the archive hides one whose address is unfit.
func (c *Crawler) stood(ctx context.Context, l archive.Link) bool {
	if l.State == archive.StateUnfit {
		return true
	}
	a, err := c.archive.Article(ctx, trame.ID(l.URL))
	return err == nil && a.URL == l.URL
}

// validator returns a header that is short enough to be kept and sent back.
func validator(h http.Header, name string) string {
	if v := h.Get(name); len(v) <= 512 {
		return v
	}
	return ""
}

// byStatus deals with every answer but a success. done is false on a success.
func (c *Crawler) byStatus(ctx context.Context, s *site, l archive.Link, a fetch.Answer) (done bool, rep VisitReport, err error) {
	switch code := a.Status; {
	case code == http.StatusOK, code == http.StatusNonAuthoritativeInfo:
		return false, VisitReport{}, nil
	case code == http.StatusNotFound, code == http.StatusGone:
		rep, err = c.gone(ctx, s, l, "", "")
	case code == http.StatusUnauthorized, code == http.StatusPaymentRequired, code == http.StatusForbidden:
		fails := l.Fails
		l = c.settle(s, l, archive.StateLocked, false, trame.Date{})
		l.Due, l.Problem = c.o.Now().Add(longest), "Accès réservé (réponse "+strconv.Itoa(code)+")."
		l = c.frontSoon(s, l, fails)
		rep, err = c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeLocked})
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		rep, err = c.fail(ctx, s, l, statusProblem(code), c.retryAfter(a.Header, l.Fails+1))
	case code >= 500, code == http.StatusRequestTimeout, code == http.StatusTooEarly:
		rep, err = c.fail(ctx, s, l, statusProblem(code), backOff(l.Fails+1))
	default:
		rep, err = c.fail(ctx, s, l, statusProblem(code), longest)
	}
	return true, rep, err
}

// retryAfter reads Retry-After (seconds or a date; RFC 9110, 10.2.3), at most a
// day and never less than the back-off once a host has said it three times.
func (c *Crawler) retryAfter(h http.Header, fails int) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	asked := time.Duration(-1)
	if n, err := strconv.ParseFloat(v, 64); err == nil && n >= 0 {
		asked = time.Duration(min(n, day.Seconds())) * time.Second
	} else if t, err := http.ParseTime(v); err == nil {
		asked = min(max(t.Sub(c.o.Now()), 0), day)
	}
	if asked < 0 || fails > 3 {
		return max(asked, backOff(fails))
	}
	return max(asked, time.Second)
}

// settle returns a link as it stands after a visit that got an answer.
func (c *Crawler) settle(s *site, l archive.Link, state archive.State, changed bool, published trame.Date) archive.Link {
	now := c.o.Now()
	l.Every = nextEvery(l, s.Source, changed, published, now)
	l.State, l.Visited, l.Due = state, now, now.Add(l.Every)
	l.Fails, l.Problem, l.Target = 0, "", ""
	if changed {
		l.Changed = now
	}
	return l
}

// save writes a visit and completes its report.
func (c *Crawler) save(ctx context.Context, s *site, v archive.Visit, rep VisitReport) (VisitReport, error) {
	switch v.Link.State {
	case archive.StateLocked, archive.StateRefused, archive.StateDuplicate, archive.StateUnfit:
		// A later 304 would say that the page is as it was, and not what it is.
		v.Link.ETag, v.Link.LastModified = "", ""
	}
	change, err := c.archive.Save(ctx, v)
	if err != nil {
		s.ledger.forget(v.Found)
		return rep, err
	}
	s.ledger.visited(v.Link)
	if s.ledger.filled() {
		if err := c.noteFull(ctx, s); err != nil {
			return rep, err
		}
	}
	switch { // the archive decides what readers would notice
	case rep.Outcome == OutcomeChanged && change == 0:
		rep.Outcome = OutcomeUnchanged
	case rep.Outcome == OutcomeUnchanged && change > 0:
		rep.Outcome = OutcomeChanged
	}
	rep.Change, rep.State, rep.Status, rep.Problem, rep.Found = change, v.Link.State, v.Link.Status, v.Link.Problem, len(v.Found)
	if err := c.unread(ctx, s, v.Link); err != nil {
		return rep, err
	}
	if s.isFront(v.Link) {
		return rep, c.noteHealth(ctx, s, v.Link)
	}
	return rep, nil
}

// noteHealth tells the archive when the home or a feed of a source begins or
// ceases to fail.
func (c *Crawler) noteHealth(ctx context.Context, s *site, l archive.Link) error {
	problem := l.Problem
	switch {
	case l.State == archive.StateSeen, l.State == archive.StateRead, l.State == archive.StateMoved && l.Problem == "":
		problem = "" // a repaired feed is no fault of health
	case l.State == archive.StateGone && problem == "":
		problem = "La page n’existe plus (réponse " + strconv.Itoa(l.Status) + ")."
	}
	if problem != "" {
		problem = l.URL + " : " + problem
	}
	all, news := s.health(l.URL, problem)
	if !news && l.Kind != archive.LinkHome {
		return nil
	}
	return c.archive.NoteSource(ctx, s.ID, s.within().platform, all)
}

// noteFull says that a source has as many known links as are kept, for its owner
// may raise max_pages.
func (c *Crawler) noteFull(ctx context.Context, s *site) error {
	const noAddress = "\xff" // after all addresses: what fails is said first
	all, news := s.health(noAddress, fmt.Sprintf("Plus de %d adresses connues (dix fois max_pages) : de nouvelles pages ne sont plus suivies que si un flux les annonce.", s.ledger.max))
	if !news {
		return nil
	}
	return c.archive.NoteSource(ctx, s.ID, s.within().platform, all)
}

// frontSoon has the home and the feeds of a source asked again as after a
// failure: one 403 or 404 of theirs must not keep the whole source waiting.
func (c *Crawler) frontSoon(s *site, l archive.Link, fails int) archive.Link {
	if s.isFront(l) {
		l.Fails = fails + 1
		l.Due = c.o.Now().Add(backOff(l.Fails))
	}
	return l
}

// isFront reports what the health of a source is judged by: its home, and the
// feeds that it names.
func (s *site) isFront(l archive.Link) bool {
	return l.Kind == archive.LinkHome || l.Kind == archive.LinkFeed && s.hasFeed(l.URL)
}

func (s *site) hasFeed(url string) bool {
	for _, f := range s.Feeds {
		if u, err := s.within().canonical(f); err == nil && u == url {
			return true
		}
	}
	return false
}

// notModified keeps everything as it was; the time between visits grows.
func (c *Crawler) notModified(ctx context.Context, s *site, l archive.Link) (VisitReport, error) {
	if l.Visited.IsZero() || l.ETag == "" && l.LastModified == "" {
		l.ETag, l.LastModified = "", ""
		return c.fail(ctx, s, l, "Le serveur répond 304 à une première demande.", backOff(l.Fails+1))
	}
	state := l.State
	if state == archive.StateFailed || state == archive.StateGone || state == archive.StateNew {
		state = archive.StateSeen
		if _, err := c.archive.Article(ctx, trame.ID(l.URL)); err == nil {
			state = archive.StateRead
		}
	}
	target, problem := l.Target, l.Problem
	l.Status = http.StatusNotModified
	l = c.settle(s, l, state, false, trame.Date{})
	if l.Target = target; state == archive.StateLocked || state == archive.StateRefused {
		l.Problem = problem
	}
	return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeNotModified})
}

// gone says that a page is no more. It is looked for again after a week: pages
// come back.
func (c *Crawler) gone(ctx context.Context, s *site, l archive.Link, why, target string) (VisitReport, error) {
	first, fails := l.Visited.IsZero(), l.Fails
	outcome := OutcomeMissing
	if old, err := c.archive.Article(ctx, trame.ID(l.URL)); err == nil && old.URL == l.URL && !old.Gone {
		outcome = OutcomeGone
	}
	l = c.settle(s, l, archive.StateGone, outcome == OutcomeGone, trame.Date{})
	l.Due, l.ETag, l.LastModified, l.Problem, l.Target = c.o.Now().Add(longest), "", "", why, target
	l = c.frontSoon(s, l, fails)
	c.count(s, l, first, false)
	return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: outcome})
}

// count notes a first visit to a page in the budgets.
func (c *Crawler) count(s *site, l archive.Link, first, useful bool) {
	if first && isReadAsPage(l.Kind) {
		s.ledger.note(l.URL, useful)
	}
}

// fail puts a link off. The article that it gave, if any, stays.
func (c *Crawler) fail(ctx context.Context, s *site, l archive.Link, problem string, again time.Duration) (VisitReport, error) {
	if l.Visited.IsZero() && l.Fails == 0 {
		c.count(s, l, true, false)
	}
	l.State, l.Problem = archive.StateFailed, problem
	l.Fails++
	l.Due = c.o.Now().Add(again)
	return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeFailed})
}

// failed names the state for a fetch that got no whole answer.
func (c *Crawler) failed(ctx context.Context, s *site, l archive.Link, cause error) (VisitReport, error) {
	if ctx.Err() != nil {
		return VisitReport{}, ctx.Err()
	}
	waits := l
	l.Status = 0
	again := backOff(l.Fails + 1)
	switch {
	case errors.Is(cause, fetch.ErrResting):
		// Nothing was asked: that is no visit, and says nothing of the link.
		waits.Due, waits.Problem = c.o.Now().Add(c.restOf(l.Host)), problemOf(cause)
		return c.save(ctx, s, archive.Visit{Link: waits}, VisitReport{rests: true})
	case errors.Is(cause, fetch.ErrUnavailable):
	case errors.Is(cause, fetch.ErrRobots), errors.Is(cause, fetch.ErrAddress), errors.Is(cause, fetch.ErrScheme):
		return c.refused(ctx, s, l, cause)
	case errors.Is(cause, fetch.ErrTooLarge) && (l.Kind == archive.LinkHome || c.stood(ctx, l)):
		again = longest
	case errors.Is(cause, fetch.ErrTooLarge):
		l.State, l.Due, l.Problem = archive.StateUnfit, time.Time{}, problemOf(cause)
		c.count(s, l, l.Visited.IsZero(), false)
		return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeUnfit})
	case errors.Is(cause, fetch.ErrRedirect), errors.Is(cause, errTooManyHops), errors.Is(cause, errNotAPage), errors.Is(cause, fetch.ErrEncoding):
		again = longest
	}
	return c.fail(ctx, s, l, problemOf(cause), again)
}

// restOf is the time until a host may be asked again.
func (c *Crawler) restOf(host string) time.Duration {
	if until, found := c.fetch.Resting()[host]; found {
		return max(until.Sub(c.o.Now()), time.Second)
	}
	return shortest
}

// refused records that robots.txt or the address guard says no. A source read by
// its feeds alone still has what the feed itself publishes.
func (c *Crawler) refused(ctx context.Context, s *site, l archive.Link, cause error) (VisitReport, error) {
	now := c.o.Now()
	c.count(s, l, l.Visited.IsZero() && l.State == archive.StateNew, false)
	l.State, l.Visited, l.Due, l.Problem = archive.StateRefused, now, now.Add(longest), problemOf(cause)
	v := archive.Visit{Link: l}
	if s.Kind == trame.KindFeed && errors.Is(cause, fetch.ErrRobots) {
		v.Article = c.fromHint(s, l)
	}
	return c.save(ctx, s, v, VisitReport{Outcome: OutcomeRefused})
}
