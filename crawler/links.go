package crawler

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/read"
)

// maxFeeds is how many feeds of one source are read: its own, and those of its
// sections.
const maxFeeds = 64

// linksOf returns the links of a page that are new to the source and belong to it.
func (c *Crawler) linksOf(s *site, l archive.Link, r read.Reading) []archive.Link {
	if s.Kind == trame.KindFeed || s.Kind == trame.KindList {
		return nil
	}
	sc, now := s.within(), c.o.Now()
	var out []archive.Link
	add := func(raw string, kind archive.LinkKind, depth int) {
		if len(out) >= maxLinks || depth > maxDepth {
			return
		}
		u, err := sc.canonical(raw)
		if err != nil || u == l.URL || r.Verdict == read.IsArticle && isPartOf(u, l.URL) {
			return
		}
		shape, ok := sc.follows(u)
		if !ok || !looksLikeArticle(u) && !s.ledger.open(u) {
			return
		}
		if kind == "" {
			kind = shape
		}
		if isNew, ok := s.ledger.add(u); isNew && ok {
			out = append(out, archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: kind, Depth: depth, From: l.URL, State: archive.StateNew, Due: now})
		}
	}
	if r.Next != "" && r.Verdict != read.IsArticle {
		add(r.Next, archive.LinkPager, l.Depth)
	}
	for _, a := range r.Links {
		if relHas(a.Rel, "nofollow") {
			continue
		}
		if a.Region == "pager" && r.Verdict != read.IsArticle {
			add(a.URL, archive.LinkPager, l.Depth)
		} else {
			add(a.URL, "", l.Depth+1)
		}
	}
	if r.Verdict == read.IsListing {
		out = append(out, c.feedLinks(s, l, append(r.Feeds, sectionFeeds(sc.platform, l.URL)...), l.Kind == archive.LinkHome)...)
	}
	return out
}

// maxLinks is how many new links one page may bring.
const maxLinks = 2000

func relHas(rel, word string) bool {
	for _, r := range strings.Fields(strings.ToLower(rel)) {
		if r == word {
			return true
		}
	}
	return false
}

// notASiteFeed are feeds that bring no articles: comments, and calendars.
var notASiteFeed = regexp.MustCompile(`(?i)comment|replies|page=backend-(forum|commentaires)|/events?/.*ical|\.ics$|wp-json|oembed`)

var tagFeed = regexp.MustCompile(`(?i)/(tags?|author|auteurs?|mots-cles|label)/`)

// feedLinks returns the feeds among the addresses that are new to the source.
// Feeds on another site are read only when the home declares them.
func (c *Crawler) feedLinks(s *site, l archive.Link, feeds []string, home bool) []archive.Link {
	var out []archive.Link
	for _, raw := range feeds {
		u, err := s.within().canonical(raw)
		if err != nil || notASiteFeed.MatchString(u) {
			continue
		}
		p, err := url.Parse(u)
		if err != nil || !home && !s.within().sameSite(p) {
			continue
		}
		if !home && tagFeed.MatchString(u) {
			continue // the feeds of the site and of its sections name the same articles
		}
		if s.ledger.addFeed(u) {
			out = append(out, archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: archive.LinkFeed, Depth: min(l.Depth+1, maxDepth), From: l.URL, State: archive.StateNew, Due: c.o.Now()})
		}
	}
	return out
}

// addFeed is add for feeds, which are few and always find room.
func (l *ledger) addFeed(raw string) bool { return l.addOf(raw, &l.feeds, maxFeeds) }

// addSitemap is add for sitemaps, likewise.
func (l *ledger) addSitemap(raw string) bool { return l.addOf(raw, &l.sitemaps, maxSitemaps) }

func (l *ledger) addOf(raw string, count *int, most int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := digest(raw)
	if _, found := l.known[k]; found || *count >= most {
		return false
	}
	l.known[k] = knownLink{}
	*count++
	return true
}

// beginnings returns what a home leads to beside its links: the feeds and
// sitemaps of the usual places of its platform, and the Sitemap lines of
// robots.txt.
func (c *Crawler) beginnings(ctx context.Context, s *site, l archive.Link, r read.Reading) []archive.Link {
	sc := s.within()
	var out []archive.Link
	if s.Kind == trame.KindList {
		return nil // the page itself is what is wanted
	}
	if len(s.Feeds) == 0 {
		out = append(out, c.feedLinks(s, l, r.Feeds, true)...)
		out = append(out, c.feedLinks(s, l, usualFeeds(sc.platform, sc.home, len(out) > 0), true)...)
	}
	if s.Kind == trame.KindFeed || s.Sitemap != "" && s.Sitemap != "auto" {
		return out
	}
	maps, err := c.fetch.Sitemaps(ctx, l.URL)
	if err != nil || len(maps) == 0 {
		maps = usualSitemaps(sc.platform, sc.home)
	}
	return append(out, c.sitemapLinks(s, l, maps)...)
}

// maxSitemaps is how many sitemaps of one source are read.
const maxSitemaps = 200

// The names that WordPress, and the plug-ins that replace its sitemaps, give to
// the sitemap of the posts and to those of their lists.
var (
	postsSitemap = regexp.MustCompile(`(?i)/(?:wp-sitemap-posts-post-|post-sitemap)`)
	listsSitemap = regexp.MustCompile(`(?i)/(?:wp-sitemap-(?:taxonomies|users)-|(?:category|post_tag|post_format|author)-sitemap)`)
)

// sitemapLinks returns the sitemaps among the addresses that are new to the
// source. Beside a sitemap of the posts, those of their lists bring nothing.
func (c *Crawler) sitemapLinks(s *site, l archive.Link, addresses []string) []archive.Link {
	var out []archive.Link
	posts := slices.ContainsFunc(addresses, postsSitemap.MatchString)
	for _, raw := range addresses {
		if posts && listsSitemap.MatchString(raw) {
			continue
		}
		u, err := s.within().canonical(raw)
		if err != nil {
			continue
		}
		p, err := url.Parse(u)
		if err != nil || !s.within().sameSite(p) {
			continue
		}
		if s.ledger.addSitemap(u) {
			out = append(out, archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: archive.LinkSitemap, Depth: min(l.Depth+1, maxDepth), From: l.URL, State: archive.StateNew, Due: c.o.Now()})
		}
	}
	return out
}

// hinted returns the links that a feed or sitemap names: new ones, and known
// ones of which it says something else than before.
func (s *site) hinted(l archive.Link, raw string, kind archive.LinkKind, h read.Hint, now time.Time) (archive.Link, bool) {
	by := s.speaker(l)
	link := archive.Link{URL: raw, Source: s.ID, Host: hostOf(raw), Kind: kind, Depth: min(l.Depth+1, maxDepth), From: l.URL, State: archive.StateNew, Due: now}
	more := 0
	if l.Kind == archive.LinkFeed {
		more = feedReserve
	}
	isNew, ok := s.ledger.addBeyond(raw, more)
	if !ok {
		return link, false
	}
	b := encodeHint(keptHint{h, by})
	keep, changed := s.ledger.hinted(raw, by, b)
	if keep {
		link.Hint = b
	}
	return link, isNew || keep && changed
}

// speaker names who gives a hint: a feed of the source or its home before the
// feed of a section, any feed before a sitemap, and among equals one for ever.
func (s *site) speaker(l archive.Link) string {
	switch {
	case l.Kind == archive.LinkSitemap:
		return "3 " + l.URL
	case l.From == "" || s.within().isHome(l.From):
		return "1 " + l.URL
	}
	return "2 " + l.URL
}

// usualFeeds are the addresses at which a platform puts its feeds. found says
// that the home declares one: then only those are asked that it does not tell.
func usualFeeds(platform string, home *url.URL, found bool) []string {
	var places []string
	switch platform {
	case "spip":
		places = []string{"spip.php?page=backend", "spip.php?page=backend-breves"}
	case "wordpress":
		places = []string{"feed/", "?feed=rss2"}
	case "hypotheses":
		places = []string{"feed"}
	case "hugo":
		places = []string{"index.xml"}
	case "blogger":
		places = []string{"feeds/posts/default"}
	case "drupal":
		places = []string{"rss.xml"}
	case "joomla":
		places = []string{"?format=feed&type=rss"}
	default:
		places = []string{"feed/", "rss.xml", "index.xml"}
	}
	if found && platform != "spip" {
		return nil
	}
	return resolveAll(home, places)
}

var spipSection = regexp.MustCompile(`^(.*/spip\.php)\?(rubrique|mot|auteur)(\d+)$`)

// sectionFeeds are the feeds that a platform keeps for a list without telling:
// SPIP has one for each section, keyword and author.
func sectionFeeds(platform, list string) []string {
	if m := spipSection.FindStringSubmatch(list); platform == "spip" && m != nil {
		return []string{m[1] + "?page=backend&id_" + m[2] + "=" + m[3]}
	}
	return nil
}

// usualSitemaps are the addresses to try when robots.txt names none.
func usualSitemaps(platform string, home *url.URL) []string {
	root := &url.URL{Scheme: home.Scheme, Host: home.Host, Path: "/"}
	switch platform {
	case "wordpress", "hypotheses":
		return resolveAll(root, []string{"wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml"})
	}
	return resolveAll(root, []string{"sitemap.xml"})
}

func resolveAll(base *url.URL, refs []string) []string {
	b := *base
	if !strings.HasSuffix(b.Path, "/") {
		b.Path = prefixOf(b.Path)
		if !strings.HasSuffix(b.Path, "/") {
			b.Path += "/"
		}
	}
	b.RawPath, b.RawQuery = "", ""
	var out []string
	for _, r := range refs {
		if u, err := b.Parse(r); err == nil {
			out = append(out, u.String())
		}
	}
	return out
}
