package crawler

import (
	"context"
	"net/http"
	"slices"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
)

// redirected deals with an answer that came from another address.
func (c *Crawler) redirected(ctx context.Context, s *site, l archive.Link, got *page) (VisitReport, error) {
	sc := s.within()
	l.ETag, l.LastModified, l.Status = "", "", got.Hops[0].Status
	if got.Off != "" {
		return c.leftSite(ctx, s, l, got.Off)
	}
	if l.Kind == archive.LinkHome && got.Status == http.StatusOK {
		s.rebase(got.URL)
		sc = s.within()
	}
	target, err := sc.canonical(got.URL)
	if err != nil {
		return c.fail(ctx, s, l, problemOf(err), longest)
	}
	if target == l.URL { // http to https of one address, a lost parameter
		return c.arrived(ctx, s, l, got)
	}
	if got.Status != http.StatusOK { // the target is what is missing or failing
		l.Status = got.Status
		_, rep, err := c.byStatus(ctx, s, l, got.Answer)
		return rep, err
	}
	if sc.isHome(target) && l.Kind != archive.LinkHome {
		return c.gone(ctx, s, l, goneHome, target)
	}
	if _, stands := c.standing(ctx, l.URL); stands && !permanent(got.Hops) {
		return c.fail(ctx, s, l, "Redirection provisoire vers "+target+".", backOff(l.Fails+1))
	}
	return c.follow(ctx, s, l, target, got)
}

// refreshed deals with a page that sends its readers elsewhere by meta refresh.
func (c *Crawler) refreshed(ctx context.Context, s *site, l archive.Link, to string) (VisitReport, error) {
	sc := s.within()
	target, err := sc.canonical(to)
	if err != nil || target == l.URL {
		return c.fail(ctx, s, l, "La page renvoie à une adresse qui ne peut pas être visitée.", longest)
	}
	if !oneSite(target, l.URL) {
		return c.leftSite(ctx, s, l, target)
	}
	if l.Kind != archive.LinkHome && sc.isHome(target) {
		return c.gone(ctx, s, l, goneHome, target)
	}
	if l.Kind == archive.LinkHome {
		s.rebase(target)
	}
	first := l.Visited.IsZero()
	o := c.pointsTo(s, l, archive.StateMoved, target, OutcomeMoved)
	if l.Kind == archive.LinkHome {
		for i := range o.found {
			o.found[i].Kind = archive.LinkHome
		}
	}
	c.count(s, o.link, first, false)
	return c.save(ctx, s, archive.Visit{Link: o.link, Found: o.found}, VisitReport{Outcome: OutcomeMoved})
}

const goneHome = "L’adresse renvoie à l’accueil du site : la page n’existe plus."

// standing returns the article that is found at an address, gone or not, and
// whether there is one. A link that failed may have one, a link that moved has none.
func (c *Crawler) standing(ctx context.Context, url string) (trame.Article, bool) {
	found, err := c.archive.Articles(ctx, []string{trame.ID(url)})
	if err != nil || len(found) == 0 {
		return trame.Article{}, false
	}
	return found[0], true
}

// cameFrom reports whether redirects led away from a canonical address.
func cameFrom(sc *scope, list []fetch.Hop, address string) bool {
	return slices.ContainsFunc(list, func(h fetch.Hop) bool {
		from, err := sc.canonical(h.From)
		return err == nil && from == address
	})
}

func permanent(list []fetch.Hop) bool {
	for _, h := range list {
		if h.Status != http.StatusMovedPermanently && h.Status != http.StatusPermanentRedirect {
			return false
		}
	}
	return true
}

// leftSite records a redirect to another site. It is not followed: the other
// site has its own rules, and may be a source of its own. Only a source that is
// read by its feeds alone goes there: feeds often name pages through a counter.
func (c *Crawler) leftSite(ctx context.Context, s *site, l archive.Link, to string) (VisitReport, error) {
	target, err := CanonicalURL(to)
	if err != nil {
		target = ""
	}
	why := "L’adresse renvoie à un autre site : " + shortened(to, 200)
	if _, err := c.archive.Article(ctx, trame.ID(l.URL)); err == nil {
		return c.gone(ctx, s, l, why, target)
	}
	first := l.Visited.IsZero()
	if s.Kind == trame.KindFeed && l.Kind == archive.LinkPage && target != "" && l.Depth < maxDepth {
		l.Depth++ // a chain of sites ends too
		o := c.pointsTo(s, l, archive.StateMoved, target, OutcomeMoved)
		return c.save(ctx, s, archive.Visit{Link: o.link, Found: o.found}, VisitReport{Outcome: OutcomeMoved})
	}
	l = c.settle(s, l, archive.StateMoved, false, trame.Date{})
	l.Target, l.Due, l.Problem = target, c.o.Now().Add(longest), why
	c.count(s, l, first, false)
	return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeMoved})
}

// follow hands the answer over to the address that it came from, so that it is
// fetched once: the target is read first, then the old address moves to it. An
// article that now leads to a page of another kind (a list) is gone.
func (c *Crawler) follow(ctx context.Context, s *site, l archive.Link, target string, got *page) (VisitReport, error) {
	kind, ok := s.follows(target)
	if !ok {
		o := c.pointsTo(s, l, archive.StateMoved, target, OutcomeMoved)
		o.link.Problem = "Renvoie hors de ce qui est visité pour cette source."
		return c.save(ctx, s, archive.Visit{Link: o.link}, VisitReport{Outcome: OutcomeMoved})
	}
	t, err := c.archive.Link(ctx, target)
	if err != nil {
		t = archive.Link{URL: target, Source: s.ID, Host: hostOf(target), Kind: kind, Depth: l.Depth, From: l.URL, State: archive.StateNew}
		s.ledger.add(target)
	}
	if len(t.Hint) == 0 {
		t.Hint = l.Hint
	}
	if l.Kind == archive.LinkHome {
		t.Kind = archive.LinkHome // "/" that redirects to "/fr/": the home is there
	}
	s.forgetText(l.URL) // or the target would count as a copy of its old address
	_, stands := c.standing(ctx, l.URL)
	rep, err := c.arrived(ctx, s, t, got)
	if err != nil {
		return rep, err
	}
	if stands && rep.State != archive.StateRead && rep.State != archive.StateDuplicate {
		return c.gone(ctx, s, l, "L’adresse renvoie à une page qui n’est pas un article : "+target, target)
	}
	first := l.Visited.IsZero()
	o := c.pointsTo(s, l, archive.StateMoved, target, OutcomeMoved)
	c.count(s, o.link, first, rep.Outcome == OutcomeNew)
	moved, err := c.save(ctx, s, archive.Visit{Link: o.link}, VisitReport{Outcome: OutcomeMoved})
	rep.Source, rep.URL, rep.Kind = s.ID, target, t.Kind
	moved.also = &rep
	return moved, err
}
