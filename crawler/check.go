package crawler

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"trame"
	"trame/archive"
	"trame/crawler/fetch"
	"trame/crawler/read"
)

// Finding is what a look at an address found, before it becomes a source.
type Finding struct {
	URL      string          `json:"url"`  // canonical, after redirects
	Name     string          `json:"name"` // as the site calls itself
	Language string          `json:"language,omitempty"`
	Platform string          `json:"platform,omitempty"` // "" is hand-made or unknown
	Feeds    []FoundFeed     `json:"feeds"`
	Sitemaps []FoundSitemap  `json:"sitemaps"`
	Pager    string          `json:"pager,omitempty"` // the next page of the home's list
	Links    int             `json:"links"`           // of the home that belong to the site
	Samples  []trame.Article `json:"samples"`         // a few pages, read
	Problems []string        `json:"problems,omitempty"`
}

// FoundFeed is a feed that answers.
type FoundFeed struct {
	URL   string   `json:"url"`
	Title string   `json:"title,omitempty"`
	Items int      `json:"items"`
	Flaws []string `json:"flaws,omitempty"`
}

// FoundSitemap is a sitemap that answers.
type FoundSitemap struct {
	URL      string `json:"url"`
	Pages    int    `json:"pages"`
	Sitemaps int    `json:"sitemaps,omitempty"` // further ones that it names
}

// Limits of a look.
const (
	maxSamples  = 3
	maxTries    = 8 // pages visited to find samples
	maxLookFeed = 4
)

// Check looks at an address as a crawl would (platform, feeds, sitemap, a few
// sample articles) and writes nothing. What fails on the way is in
// Finding.Problems; the error is for an address that cannot be read at all.
func (c *Crawler) Check(ctx context.Context, rawURL string) (Finding, error) {
	src := trame.Source{ID: "check", URL: rawURL}
	sc, err := newScope(src, "")
	if err != nil {
		return Finding{}, fmt.Errorf("check: %w", err)
	}
	c.fetch.SetDelay(hostOf(sc.home.String()), c.delay(src))
	got, err := c.pages.get(ctx, sc.home.String(), "", "")
	if err != nil {
		return Finding{}, fmt.Errorf("check: %w", err)
	}
	switch {
	case got.Off != "":
		return Finding{}, fmt.Errorf("check %s: the address redirects to another site: give %s instead", rawURL, got.Off)
	case got.Status != http.StatusOK:
		return Finding{}, fmt.Errorf("check %s: the site answers %d %s", rawURL, got.Status, http.StatusText(got.Status))
	case got.NotPage != "":
		return c.checkFeedOnly(ctx, sc)
	}
	if src.URL, err = CanonicalURL(got.URL); err != nil {
		return Finding{}, fmt.Errorf("check: %w", err)
	}
	if sc, err = newScope(src, ""); err != nil {
		return Finding{}, fmt.Errorf("check: %w", err)
	}
	s := &site{Source: src, scope: sc, ledger: newLedger(c.o.MaxPages), texts: map[uint64]string{}, textOf: map[string]uint64{}, copies: map[string][]string{}, problems: map[string]string{}}
	return c.lookAround(ctx, s, got), nil
}

// lookAround reads a home and what it leads to.
func (c *Crawler) lookAround(ctx context.Context, s *site, got *page) Finding {
	home := archive.Link{URL: s.URL, Source: s.ID, Kind: archive.LinkHome}
	in, _ := s.input(home, c.kept(home, got.Answer))
	r := read.Extract(in)
	s.learn(r.Platform)
	f := Finding{URL: s.URL, Name: r.Sitename, Language: r.Article.Language, Platform: r.Platform, Feeds: []FoundFeed{}, Sitemaps: []FoundSitemap{}, Samples: []trame.Article{}}
	if r.Verdict != read.IsArticle {
		f.Pager = r.Next
	}
	links := c.linksOf(s, home, r)
	var pages []string
	for _, l := range links {
		switch l.Kind {
		case archive.LinkPage:
			pages = append(pages, l.URL)
			f.Links++
		case archive.LinkPager:
			f.Links++
		}
	}
	for _, l := range append(links, c.beginnings(ctx, s, home, r)...) {
		switch {
		case l.Kind == archive.LinkFeed && len(f.Feeds) < maxLookFeed:
			pages = append(c.lookAtFeed(ctx, s, &f, l.URL), pages...)
		case l.Kind == archive.LinkSitemap && len(f.Sitemaps) < maxLookFeed:
			c.lookAtSitemap(ctx, &f, l.URL)
		}
	}
	if f.Name == "" && len(f.Feeds) > 0 {
		f.Name = f.Feeds[0].Title
	}
	c.sample(ctx, s, &f, pages)
	return f
}

// lookAtFeed adds a feed that answers and returns the pages that it names.
func (c *Crawler) lookAtFeed(ctx context.Context, s *site, f *Finding, raw string) (pages []string) {
	a, err := c.fetch.Get(ctx, fetch.Request{URL: raw, Accept: acceptFeed})
	if err != nil {
		f.Problems = append(f.Problems, raw+" : "+problemOf(err))
		return nil
	}
	base, err := url.Parse(a.URL)
	if err != nil || a.Status != http.StatusOK {
		return nil // a usual place, where there is nothing
	}
	feed, err := read.ParseFeed(base, a.Header.Get("Content-Type"), a.Body)
	if err != nil {
		return nil
	}
	f.Feeds = append(f.Feeds, FoundFeed{URL: raw, Title: feed.Title, Items: len(feed.Items), Flaws: feed.Flaws})
	for _, item := range feed.Items {
		if u, err := s.within().canonical(item.URL); err == nil {
			pages = append(pages, u)
		}
	}
	return pages
}

func (c *Crawler) lookAtSitemap(ctx context.Context, f *Finding, raw string) {
	a, err := c.fetch.Get(ctx, fetch.Request{URL: raw, Accept: acceptSitemap})
	if err != nil {
		f.Problems = append(f.Problems, raw+" : "+problemOf(err))
		return
	}
	base, err := url.Parse(a.URL)
	if err != nil || a.Status != http.StatusOK {
		return
	}
	if pages, more, err := read.ParseSitemap(base, a.Body); err == nil {
		f.Sitemaps = append(f.Sitemaps, FoundSitemap{URL: raw, Pages: len(pages), Sitemaps: len(more)})
	}
}

// sample reads pages until a few articles are found.
func (c *Crawler) sample(ctx context.Context, s *site, f *Finding, pages []string) {
	seen := map[string]bool{}
	for _, u := range pages {
		if len(f.Samples) >= maxSamples || len(seen) >= maxTries || ctx.Err() != nil {
			return
		}
		if seen[u] {
			continue
		}
		seen[u] = true
		got, err := c.pages.get(ctx, u, "", "")
		if err != nil {
			f.Problems = append(f.Problems, u+" : "+problemOf(err))
			continue
		}
		if got.Status != http.StatusOK || got.NotPage != "" || got.Off != "" {
			continue
		}
		l := archive.Link{URL: u, Kind: archive.LinkPage}
		in, err := s.input(l, c.kept(l, got.Answer))
		if err != nil {
			continue
		}
		if r := read.Extract(in); r.Verdict == read.IsArticle {
			a := c.complete(s, u, r.Article)
			a.Source, a.SourceName = "", f.Name
			f.Samples = append(f.Samples, a)
		}
	}
}

// checkFeedOnly looks at an address that is not a page: perhaps a feed.
func (c *Crawler) checkFeedOnly(ctx context.Context, sc *scope) (Finding, error) {
	raw := sc.home.String()
	s := &site{Source: trame.Source{ID: "check", URL: raw, Kind: trame.KindFeed}, scope: sc, ledger: newLedger(c.o.MaxPages), texts: map[uint64]string{}, textOf: map[string]uint64{}, copies: map[string][]string{}}
	f := Finding{URL: raw, Feeds: []FoundFeed{}, Sitemaps: []FoundSitemap{}, Samples: []trame.Article{}}
	pages := c.lookAtFeed(ctx, s, &f, raw)
	if len(f.Feeds) == 0 {
		return Finding{}, fmt.Errorf("check %s: neither a page nor a feed", raw)
	}
	f.Name = f.Feeds[0].Title
	c.sample(ctx, s, &f, pages)
	return f, nil
}
