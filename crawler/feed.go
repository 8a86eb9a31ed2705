package crawler

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
	"trame/crawler/read"
)

const (
	acceptFeed    = "application/rss+xml,application/atom+xml,application/feed+json;q=0.9,application/xml;q=0.8,text/xml;q=0.8,*/*;q=0.1"
	acceptSitemap = "application/xml,text/xml;q=0.9,*/*;q=0.1"
	maxItems      = 5000  // of a feed
	maxEntries    = 50000 // of a sitemap (the limit of sitemaps.org)

	// A lastmod nearer than this to the moment of the answer is that moment itself,
	// as sites that make their sitemap anew for each request write it, and says
	// nothing. What has really just changed is told by the next answer.
	justNow = 5 * time.Minute
)

// ask fetches a feed or sitemap. done is true where there is nothing to parse.
func (c *Crawler) ask(ctx context.Context, s *site, l archive.Link, accept string) (a *fetch.Answer, next archive.Link, done bool, rep VisitReport, err error) {
	a, err = c.fetch.Get(ctx, fetch.Request{URL: l.URL, ETag: l.ETag, LastModified: l.LastModified, Accept: accept})
	if err != nil {
		rep, err = c.failed(ctx, s, l, err)
		return nil, l, true, rep, err
	}
	l.Status = a.Status
	if a.Status == http.StatusNotModified {
		rep, err = c.notModified(ctx, s, l)
		return nil, l, true, rep, err
	}
	if done, rep, err = c.byStatus(ctx, s, l, *a); done {
		return nil, l, true, rep, err
	}
	l.ETag, l.LastModified = validator(a.Header, "Etag"), validator(a.Header, "Last-Modified")
	return a, l, false, VisitReport{}, nil
}

// visitFeed reads a feed: what it names becomes links with a hint.
func (c *Crawler) visitFeed(ctx context.Context, s *site, l archive.Link) (VisitReport, error) {
	a, l, done, rep, err := c.ask(ctx, s, l, acceptFeed)
	if done {
		return rep, err
	}
	base, err := url.Parse(a.URL)
	if err != nil {
		return c.fail(ctx, s, l, problemOf(err), longest)
	}
	feed, err := read.ParseFeed(base, a.Header.Get("Content-Type"), a.Body)
	if err != nil {
		return c.notAFeed(ctx, s, l, err, len(a.Body))
	}
	return c.readFeed(ctx, s, l, feed, a.Body)
}

// readFeed saves what a feed names.
func (c *Crawler) readFeed(ctx context.Context, s *site, l archive.Link, feed read.Feed, body []byte) (VisitReport, error) {
	found, news := c.itemLinks(s, l, feed)
	found = append(found, c.spipSections(s, l, body)...)
	l = c.settle(s, l, archive.StateSeen, news > 0 || l.Visited.IsZero(), trame.Date{})
	if len(feed.Flaws) > 0 {
		c.log.Debug("feed repaired", "url", l.URL, "flaws", feed.Flaws)
		l.Problem = "Flux abîmé : il est lu malgré tout, peut-être en partie."
	}
	return c.save(ctx, s, archive.Visit{Link: l, Found: found}, VisitReport{Outcome: OutcomeListing, Bytes: len(body)})
}

// homeAsFeed looks whether the address of a source is that of a feed, for people
// give what they have. ok is false where it is none.
func (c *Crawler) homeAsFeed(ctx context.Context, s *site, l archive.Link) (rep VisitReport, ok bool, err error) {
	a, err := c.fetch.Get(ctx, fetch.Request{URL: l.URL, Accept: acceptFeed})
	if err != nil || a.Status != http.StatusOK {
		return rep, false, nil
	}
	base, err := url.Parse(a.URL)
	if err != nil {
		return rep, false, nil
	}
	feed, err := read.ParseFeed(base, a.Header.Get("Content-Type"), a.Body)
	if err != nil {
		return rep, false, nil
	}
	l.Kind, l.From = archive.LinkFeed, ""
	l.ETag, l.LastModified = validator(a.Header, "Etag"), validator(a.Header, "Last-Modified")
	rep, err = c.readFeed(ctx, s, l, feed, a.Body)
	return rep, true, err
}

// notAFeed is said once of an address that was only guessed; one that was a feed
// before, or that the source names, is tried again.
func (c *Crawler) notAFeed(ctx context.Context, s *site, l archive.Link, cause error, size int) (VisitReport, error) {
	c.log.Debug("not a feed", "url", l.URL, "err", cause)
	const problem = "Ce n’est pas un flux lisible."
	if l.State != archive.StateNew || s.hasFeed(l.URL) {
		return c.fail(ctx, s, l, problem, backOff(l.Fails+1))
	}
	l = c.settle(s, l, archive.StateUnfit, false, trame.Date{})
	l.Due, l.Problem = c.o.Now().Add(longest), problem
	return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeUnfit, Bytes: size})
}

// itemLinks returns the links of a feed's items. A source that is read by its
// feeds alone may name pages of any site; for others they must be its own.
func (c *Crawler) itemLinks(s *site, l archive.Link, feed read.Feed) (found []archive.Link, news int) {
	sc, now := s.within(), c.o.Now()
	for _, item := range feed.Items[:min(len(feed.Items), maxItems)] {
		u, err := sc.canonical(item.URL)
		if err != nil || sc.isHome(u) {
			continue
		}
		kind, ok := s.follows(u)
		if !ok {
			continue
		}
		h := item.Hint
		if h.From == "" {
			h.From = "feed"
		}
		if link, send := s.hinted(l, u, kind, h, now); send {
			found = append(found, link)
			news++
		}
	}
	if feed.Next != "" && l.Depth < maxDepth {
		found = append(found, c.feedLinks(s, l, []string{feed.Next}, false)...)
	}
	return found, news
}

var spipListed = regexp.MustCompile(`spip\.php\?(?:rubrique|mot)\d{1,6}\b`)

// spipSections returns the sections and keywords that a feed of SPIP names behind
// each item. Their lists, and the feeds of these, reach back further than the
// feed of the site, and on templates that print no date nothing else tells it.
func (c *Crawler) spipSections(s *site, l archive.Link, body []byte) []archive.Link {
	sc := s.within()
	if sc.platform != "spip" || s.Kind == trame.KindFeed || s.Kind == trame.KindList {
		return nil
	}
	var out []archive.Link
	for _, m := range spipListed.FindAll(body, 1000) {
		u, err := sc.canonical(resolveAll(sc.home, []string{string(m)})[0])
		if err != nil || len(out) >= maxFeeds {
			continue
		}
		if kind, ok := sc.follows(u); ok {
			if isNew, ok := s.ledger.add(u); isNew && ok {
				out = append(out, archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: kind, Depth: min(l.Depth+1, maxDepth), From: l.URL, State: archive.StateNew, Due: c.o.Now()})
			}
		}
	}
	return out
}

// visitSitemap reads a sitemap or an index of sitemaps, newest entries first.
func (c *Crawler) visitSitemap(ctx context.Context, s *site, l archive.Link) (VisitReport, error) {
	a, l, done, rep, err := c.ask(ctx, s, l, acceptSitemap)
	if done {
		return rep, err
	}
	base, err := url.Parse(a.URL)
	if err != nil {
		return c.fail(ctx, s, l, problemOf(err), longest)
	}
	pages, more, err := read.ParseSitemap(base, a.Body)
	if err != nil {
		l = c.settle(s, l, archive.StateUnfit, false, trame.Date{})
		l.Due, l.Problem = c.o.Now().Add(longest), "Ce n’est pas un plan de site lisible."
		return c.save(ctx, s, archive.Visit{Link: l}, VisitReport{Outcome: OutcomeUnfit, Bytes: len(a.Body)})
	}
	found := c.entryLinks(ctx, s, l, pages)
	news := len(found)
	if l.Depth < maxDepth {
		found = append(found, c.sitemapLinks(s, l, more)...)
	}
	l = c.settle(s, l, archive.StateSeen, news > 0 || l.Visited.IsZero(), trame.Date{})
	return c.save(ctx, s, archive.Visit{Link: l, Found: found}, VisitReport{Outcome: OutcomeListing, Bytes: len(a.Body)})
}

func (c *Crawler) entryLinks(ctx context.Context, s *site, l archive.Link, pages []read.SitemapEntry) []archive.Link {
	sc, now := s.within(), c.o.Now()
	slices.SortStableFunc(pages, func(a, b read.SitemapEntry) int { return b.LastMod.Compare(a.LastMod) })
	var found []archive.Link
	for _, e := range pages[:min(len(pages), maxEntries)] {
		u, err := sc.canonical(e.URL)
		if err != nil || sc.isHome(u) {
			continue
		}
		kind, ok := sc.follows(u)
		if !ok {
			continue
		}
		if e.LastMod.IsZero() || now.Sub(e.LastMod).Abs() < justNow {
			if isNew, ok := s.ledger.add(u); isNew && ok {
				found = append(found, archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: kind, Depth: min(l.Depth+1, maxDepth), From: l.URL, State: archive.StateNew, Due: now})
			}
			continue
		}
		link, send := s.hinted(l, u, kind, read.Hint{Updated: e.LastMod, From: "sitemap"}, now)
		if !send && s.ledger.visitedBefore(u, e.LastMod) {
			link, send = c.mergedHint(ctx, link, e)
		}
		if send {
			found = append(found, link)
		}
	}
	return found
}

// mergedHint tells a page that a feed speaks of, and that the sitemap says was
// changed after its last visit: the feed's hint with the sitemap's moment.
func (c *Crawler) mergedHint(ctx context.Context, link archive.Link, e read.SitemapEntry) (archive.Link, bool) {
	known, err := c.archive.Link(ctx, link.URL)
	if err != nil {
		return link, false
	}
	h := decodeHint(known.Hint)
	if h.Updated.Equal(e.LastMod) {
		return link, false
	}
	h.Updated = e.LastMod
	link.Hint = encodeHint(h)
	return link, !bytes.Equal(link.Hint, known.Hint)
}

// fromHint makes an article of what a feed itself publishes of a page that may
// not be visited, nil where that is no more than a title.
func (c *Crawler) fromHint(s *site, l archive.Link) *trame.Article {
	h := decodeHint(l.Hint)
	u, err := url.Parse(l.URL)
	if err != nil || h.Title == "" || h.Content == "" && h.Summary == "" {
		return nil
	}
	body := h.Content
	if body == "" {
		body = "<p>" + html.EscapeString(h.Summary) + "</p>"
	}
	title := html.EscapeString(h.Title)
	doc := "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + title + "</title></head><body><article><h1>" + title + "</h1>" + body + "</article></body></html>"
	r := c.extract(read.Page{URL: u, ContentType: "text/html; charset=utf-8", Body: []byte(doc), Source: s.Source, Hint: h.Hint, Fetched: c.o.Now()})
	if r.Verdict != read.IsArticle {
		return nil
	}
	a := c.complete(s, l.URL, r.Article)
	return &a
}
