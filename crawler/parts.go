package crawler

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/read"
)

// maxParts is how many pages one article may be split over.
const maxParts = 10

var (
	partPath = regexp.MustCompile(`^/?(?:page[-/]?)?(\d{1,2})/?$`)
	partArg  = regexp.MustCompile(`^(?:page|p|part|partie|paged|debut_page)=\d{1,4}$`)
)

// isPartOf reports whether an address is that of a further page of the article
// at another: the same with a number behind ("…/titre/2/"), or with a page
// parameter. A link rel=next that leads to the next article is not.
func isPartOf(next, first string) bool {
	n, err1 := url.Parse(next)
	f, err2 := url.Parse(first)
	if err1 != nil || err2 != nil || n.Host != f.Host {
		return false
	}
	path := strings.TrimSuffix(f.Path, "/")
	if n.RawQuery == f.RawQuery && path != "" && strings.HasPrefix(n.Path, path+"/") {
		return partPath.MatchString(n.Path[len(path):])
	}
	if n.Path != f.Path {
		return false
	}
	rest := n.RawQuery
	if f.RawQuery != "" {
		var cut bool
		if rest, cut = strings.CutPrefix(n.RawQuery, f.RawQuery+"&"); !cut {
			return false
		}
	} else if path == "" {
		return false // the pager of a home
	}
	return partArg.MatchString(rest)
}

// joinParts reads the further pages of a split article and adds their text to
// the first's. Each is kept as a page of its own, whose link points to the first
// and is not visited by itself. A part that fails is taken as it was kept; whole
// is false then, for it has to be asked again.
func (c *Crawler) joinParts(ctx context.Context, s *site, l archive.Link, r *read.Reading) (whole bool) {
	whole = true
	c.join(s, l, r, func(u string) (archive.Page, bool) {
		got, err := c.pages.get(ctx, u, "", "")
		if err != nil || got.Status == http.StatusTooManyRequests || got.Status >= 500 {
			whole = false
			kept, err := c.archive.Page(ctx, u)
			return kept, err == nil
		}
		if got.Status != http.StatusOK || got.NotPage != "" || len(got.Hops) > 0 {
			return archive.Page{}, false
		}
		part := archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: archive.LinkPage, Depth: l.Depth, From: l.URL}
		if known, err := c.archive.Link(ctx, u); err == nil {
			part = known
		}
		page := c.kept(part, got.Answer)
		part = c.settle(s, part, archive.StateDuplicate, false, trame.Date{})
		part.Status, part.Target, part.Due = got.Status, l.URL, time.Time{}
		s.ledger.add(u)
		s.forgetText(u)
		if _, err := c.archive.Save(ctx, archive.Visit{Link: part, Page: &page}); err != nil {
			c.log.Error("part of an article not saved", "url", u, "err", err)
			return archive.Page{}, false
		}
		return page, true
	})
	return whole
}

// join adds the text of the parts that get returns. Reread calls it with the
// pages kept.
func (c *Crawler) join(s *site, l archive.Link, r *read.Reading, get func(url string) (archive.Page, bool)) {
	sc := s.within()
	seen := map[string]bool{l.URL: true}
	next := r.Next
	for n := 1; n < maxParts && next != ""; n++ {
		u, err := sc.canonical(next)
		if err != nil || seen[u] || !isPartOf(u, l.URL) {
			return
		}
		seen[u] = true
		page, ok := get(u)
		if !ok {
			return
		}
		in, err := s.input(archive.Link{URL: u}, page)
		if err != nil {
			return
		}
		part := c.extract(in)
		if part.Verdict != read.IsArticle {
			return
		}
		appendPart(&r.Article, part.Article)
		next = part.Next
	}
}

func appendPart(a *trame.Article, part trame.Article) {
	if part.Text == "" || strings.Contains(a.Text, part.Text) {
		return
	}
	a.Text += "\n\n" + part.Text
	a.Words += part.Words
	have := map[string]bool{}
	for _, d := range a.Attachments {
		have[d.URL] = true
	}
	for _, d := range part.Attachments {
		if !have[d.URL] {
			a.Attachments = append(a.Attachments, d)
		}
	}
}

// isKnownPart reports a link that a split article has brought in already.
func isKnownPart(l archive.Link) bool {
	return l.State == archive.StateDuplicate && l.Target != "" && isPartOf(l.URL, l.Target)
}

// listArticle makes the article of a curated list: one paragraph a link, its text
// and what the page says of it, without the address: nobody searches for that.
func listArticle(s *site, r read.Reading) trame.Article {
	a := r.Article
	a.Type = trame.TypeList
	if a.Title == "" {
		a.Title = orElse(s.Name, s.URL)
	}
	own := s.within()
	var lines []string
	seen := map[string]bool{}
	for _, k := range r.Links {
		u, err := url.Parse(k.URL)
		if err != nil || own.sameSite(u) || strings.TrimSpace(k.Text) == "" || seen[k.URL] {
			continue
		}
		seen[k.URL] = true
		line := k.Around
		if line == "" {
			line = strings.TrimSpace(k.Text)
		}
		if !seen[line] { // one paragraph may hold several links
			lines = append(lines, line)
		}
		seen[line] = true
	}
	if len(lines) > 0 {
		a.Text = strings.Join(lines, "\n\n")
		a.Words = len(strings.Fields(a.Text))
		if r.Verdict == read.IsArticle { // then it is cut out of the same links
			a.Summary = ""
		}
	}
	return a
}
