package crawler

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
	"trame/crawler/read"
)

// keptHeaders are the headers of an answer that are kept with a page.
var keptHeaders = []string{"Content-Language", "Last-Modified", "Etag", "X-Robots-Tag"}

// input is what read.Extract needs of an answer.
func (s *site) input(l archive.Link, p archive.Page) (read.Page, error) {
	u, err := url.Parse(p.URL)
	return read.Page{URL: u, ContentType: p.ContentType, Body: p.Body, Source: s.Source,
		Platform: s.within().platform, Hint: decodeHint(l.Hint).Hint, Fetched: p.Fetched}, err
}

func (c *Crawler) kept(l archive.Link, a fetch.Answer) archive.Page {
	p := archive.Page{URL: l.URL, Fetched: c.o.Now(), Status: a.Status, ContentType: a.Header.Get("Content-Type"), Header: map[string]string{}, Body: a.Body}
	for _, h := range keptHeaders {
		if v := validator(a.Header, h); v != "" {
			p.Header[h] = v
		}
	}
	return p
}

// readPage reads a page that arrived at its own address and saves what it is.
func (c *Crawler) readPage(ctx context.Context, s *site, l archive.Link, got *page) (VisitReport, error) {
	kept := c.kept(l, got.Answer)
	in, err := s.input(l, kept)
	if err != nil {
		return c.fail(ctx, s, l, problemOf(err), longest)
	}
	r := c.extract(in)
	if s.learn(r.Platform) && l.Kind == archive.LinkHome {
		// Before the visit is saved: what follows from the platform must not be
		// lost where the process ends in between.
		if err := c.archive.NoteSource(ctx, s.ID, r.Platform, s.problem()); err != nil {
			return VisitReport{}, err
		}
	}
	c.log.Debug("read", "url", l.URL, "verdict", r.Verdict, "why", r.Why, "flagged", r.Flagged)
	if l.Kind == archive.LinkHome && r.Verdict == read.IsUnfit && len(r.Links) == 0 {
		if rep, ok, err := c.homeAsFeed(ctx, s, l); ok {
			return rep, err
		}
	}
	noindex, nofollow := robotsTag(got.Header)
	if noindex {
		r.Verdict = read.IsRefused
	}
	if r.Verdict == read.IsRedirect {
		return c.refreshed(ctx, s, l, r.Canonical)
	}
	first := l.Visited.IsZero()
	if r.Verdict == read.IsArticle && !c.joinParts(ctx, s, l, &r) {
		l.ETag, l.LastModified = "", "" // or a 304 would keep it as it is
	}
	o := c.judge(ctx, s, l, r, got.Hops)
	v := archive.Visit{Link: o.link, Article: o.article, Found: o.found}
	if r.Verdict != read.IsRefused && r.Verdict != read.IsUnfit {
		v.Page = &kept
	}
	if o.copyOf == "" && !nofollow && !r.NoFollow {
		v.Found = append(v.Found, c.linksOf(s, l, r)...)
	}
	if l.Kind == archive.LinkHome {
		v.Found = append(v.Found, c.beginnings(ctx, s, l, r)...)
	}
	c.count(s, l, first, v.Article != nil || leads(v.Found))
	return c.save(ctx, s, v, VisitReport{Outcome: o.outcome, Title: o.title, Bytes: len(got.Body)})
}

// leads reports whether links found look like articles.
func leads(found []archive.Link) bool {
	for _, l := range found {
		if l.Kind == archive.LinkPage && looksLikeArticle(l.URL) {
			return true
		}
	}
	return false
}

// robotsTag reads X-Robots-Tag. Rules for other agents ("googlebot: noindex,
// nofollow") are not ours.
func robotsTag(h http.Header) (noindex, nofollow bool) {
	for _, line := range h.Values("X-Robots-Tag") {
		for _, word := range strings.Split(strings.ToLower(line), ",") {
			agent, rule, named := strings.Cut(word, ":")
			if !named {
				rule = agent
			} else if strings.TrimSpace(agent) != "trame" && strings.TrimSpace(agent) != "unavailable_after" {
				break
			}
			switch strings.TrimSpace(rule) {
			case "noindex":
				noindex = true
			case "nofollow":
				nofollow = true
			case "none":
				noindex, nofollow = true, true
			}
		}
	}
	return noindex, nofollow
}

// judged is what a reading means for a link.
type judged struct {
	link    archive.Link
	article *trame.Article
	found   []archive.Link // the address that the page points to, where it is another
	outcome string
	title   string
	copyOf  string // the address that has the same text
}

// judge turns a reading into the state of its link and, where it is one, an
// article. The hops are the redirects that led to the page.
func (c *Crawler) judge(ctx context.Context, s *site, l archive.Link, r read.Reading, hops []fetch.Hop) judged {
	if target := c.canonicalTarget(ctx, s, l, r, hops); target != "" {
		return c.pointsTo(s, l, archive.StateDuplicate, target, OutcomeDuplicate)
	}
	switch {
	case r.Verdict == read.IsRefused:
		l = c.settle(s, l, archive.StateRefused, false, trame.Date{})
		l.Problem, l.Due = "La page demande de ne pas être indexée (noindex).", c.o.Now().Add(longest)
		return judged{link: l, outcome: OutcomeRefused}
	case r.Verdict == read.IsLocked:
		l = c.settle(s, l, archive.StateLocked, false, trame.Date{})
		l.Problem, l.Due = "Accès réservé : la page demande un mot de passe ou un abonnement.", c.o.Now().Add(longest)
		return judged{link: l, outcome: OutcomeLocked}
	case r.Verdict == read.IsUnfit:
		l = c.settle(s, l, archive.StateUnfit, false, trame.Date{})
		l.Problem, l.Due = "Rien à lire à cette adresse.", c.o.Now().Add(longest)
		return judged{link: l, outcome: OutcomeUnfit}
	case s.Kind == trame.KindList && l.Kind == archive.LinkHome && len(r.Links) > 0:
		return c.asArticle(ctx, s, l, listArticle(s, r))
	case r.Verdict == read.IsArticle && l.Kind != archive.LinkHome && s.within().mayBeArticle(l.URL):
		return c.asArticle(ctx, s, l, r.Article)
	}
	return judged{link: c.settle(s, l, archive.StateSeen, false, trame.Date{}), outcome: OutcomeListing}
}

func orElse(s, other string) string {
	if s = strings.TrimRight(s, "."); s != "" {
		return s
	}
	return other
}

// asArticle completes an article and compares it with what is known. An address
// where an article stands does not become a copy of another by its text alone:
// while a site shows one notice everywhere, its articles would all be one.
func (c *Crawler) asArticle(ctx context.Context, s *site, l archive.Link, a trame.Article) judged {
	a = c.complete(s, l.URL, a)
	other := s.sameText(l.URL, a.TextKey())
	if old, stands := c.standing(ctx, l.URL); other != "" && (!stands || old.Gone) {
		o := c.pointsTo(s, l, archive.StateDuplicate, other, OutcomeDuplicate)
		o.copyOf = other
		return o
	}
	outcome := OutcomeNew
	if old, err := c.archive.Article(ctx, a.ID); err == nil && old.ID == a.ID {
		outcome = OutcomeUnchanged
		if differs(old, a) {
			outcome = OutcomeChanged
		}
	}
	l = c.settle(s, l, archive.StateRead, outcome != OutcomeUnchanged, a.Published)
	return judged{link: l, article: &a, outcome: outcome, title: a.Title}
}

// complete gives an article its identity, its source and its themes.
func (c *Crawler) complete(s *site, url string, a trame.Article) trame.Article {
	a.URL, a.ID = url, trame.ID(url)
	a.Source, a.SourceName = s.ID, s.Name
	if a.Country == "" {
		a.Country = s.Country
	}
	a.Themes = c.themes.Classify(a, s.Themes)
	return a
}

// differs compares what the crawler writes of an article; what the archive adds
// (other addresses, lists) is left out.
func differs(old, now trame.Article) bool {
	now.AlsoAt, now.ListedBy = old.AlsoAt, old.ListedBy
	if now.Updated.Equal(old.Updated) {
		now.Updated = old.Updated // in whatever zone
	}
	return old.Fingerprint() != now.Fingerprint()
}

// pointsTo says that the page of a link is at another address, and has that
// visited too.
func (c *Crawler) pointsTo(s *site, l archive.Link, state archive.State, target, outcome string) judged {
	first := l.Target != target
	depth := l.Depth
	hint := l.Hint
	l = c.settle(s, l, state, first, trame.Date{})
	l.Target, l.Due = target, c.o.Now().Add(longest)
	s.forgetText(l.URL)
	if state == archive.StateDuplicate {
		s.isCopy(l.URL, target)
	}
	o := judged{link: l, outcome: outcome}
	if kind, ok := s.follows(target); ok {
		if isNew, _ := s.ledger.add(target); isNew {
			o.found = []archive.Link{{URL: target, Source: s.ID, Host: hostOf(target), Kind: kind, Depth: depth, From: l.URL, Hint: hint, State: archive.StateNew, Due: c.o.Now()}}
		}
	}
	return o
}

// unread looks after a visit at an address where no article is read: what was
// taken for a copy of it may be the article. An article that stands while its
// address fails is still known by its text.
func (c *Crawler) unread(ctx context.Context, s *site, l archive.Link) error {
	switch l.State {
	case archive.StateNew, archive.StateRead, archive.StateDuplicate:
		return nil
	case archive.StateMoved:
		if _, ok := s.follows(l.Target); ok {
			return nil // it is read there
		}
	case archive.StateFailed:
		if _, stands := c.standing(ctx, l.URL); stands {
			return nil
		}
	}
	s.forgetText(l.URL)
	return c.askCopies(ctx, s, l.URL)
}

// askCopies makes the copies of an article due that is not read at its address:
// it is gone (a site that moved it without a redirect had both for a while), or
// the address that they name as canonical has something else.
func (c *Crawler) askCopies(ctx context.Context, s *site, url string) error {
	for _, u := range s.copiesOf(url) {
		l, err := c.archive.Link(ctx, u)
		if err != nil || l.State != archive.StateDuplicate || l.Target != url || isKnownPart(l) {
			continue
		}
		l.Due, l.ETag, l.LastModified = c.o.Now(), "", "" // a 304 would say nothing
		if _, err := c.archive.Save(ctx, archive.Visit{Link: l}); err != nil {
			return err
		}
	}
	return nil
}

// canonicalTarget returns the address that a page names as its own, where it is
// another one that may be believed: on the same site, visited for this source (or
// for another), not the home for a deeper page (a common mistake of templates),
// not one that redirects here (a page that moved and still names its old
// address), and not one that is known to be gone, to be a list or to point
// elsewhere.
func (c *Crawler) canonicalTarget(ctx context.Context, s *site, l archive.Link, r read.Reading, hops []fetch.Hop) string {
	if r.Canonical == "" || l.Kind == archive.LinkHome {
		return ""
	}
	sc := s.within()
	target, err := sc.canonical(r.Canonical)
	if err != nil || target == l.URL || sc.isHome(target) {
		return ""
	}
	if !oneSite(target, l.URL) || cameFrom(sc, hops, target) {
		return ""
	}
	if r.Verdict != read.IsArticle && l.Kind == archive.LinkPager {
		return "" // the pages of a list often all name the first
	}
	known, err := c.archive.Link(ctx, target)
	if _, ok := s.follows(target); !ok && (err != nil || known.State != archive.StateRead) {
		return "" // nobody reads the article there
	}
	if err == nil {
		switch known.State {
		case archive.StateSeen, archive.StateGone, archive.StateRefused, archive.StateUnfit, archive.StateFailed, archive.StateLocked, archive.StateMoved, archive.StateDuplicate:
			return ""
		}
	}
	return target
}
