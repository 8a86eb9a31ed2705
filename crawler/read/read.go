// Package read says what a page says: text, title, authors, dates, attachments,
// themes, links, and the items of a feed or sitemap. Every function is pure: no
// network, no clock, no database. The crawler calls it on every visit and
// `trame reread` calls it again over the whole archive.
package read

import (
	"net/url"
	"time"

	"trame"
)

// Page is what a server answered, decompressed and not yet decoded.
type Page struct {
	URL         *url.URL // after redirects
	ContentType string   // header, may lie
	Body        []byte
	Source      trame.Source
	Platform    string    // as found for the source; "" is unknown
	Hint        Hint      // what feeds and sitemaps said of it
	Fetched     time.Time // bounds dates: nothing is published after it
}

// Hint is what a feed or a sitemap says of a page.
type Hint struct {
	Title     string     `json:"title,omitempty"`
	Authors   []string   `json:"authors,omitempty"`
	Published trame.Date `json:"published,omitzero"`
	Updated   time.Time  `json:"updated,omitzero"`  // a sitemap's lastmod, or a feed's updated
	Summary   string     `json:"summary,omitempty"` // plain text
	Content   string     `json:"content,omitempty"` // HTML of the whole text, where the feed carries it
	Section   string     `json:"section,omitempty"`
	Tags      []string   `json:"tags,omitempty"`
	From      string     `json:"from,omitempty"` // "feed" or "sitemap"
}

// Verdict says what a page is.
type Verdict string

// Verdicts.
const (
	IsArticle  Verdict = "article"
	IsListing  Verdict = "listing"  // a home, a category, a search result: links, no text of its own
	IsLocked   Verdict = "locked"   // a password form or a paywall instead of the text
	IsRefused  Verdict = "refused"  // noindex
	IsRedirect Verdict = "redirect" // meta refresh to Reading.Canonical
	IsUnfit    Verdict = "unfit"    // not HTML, or nothing in it
)

// Reading is what Extract found.
type Reading struct {
	Verdict   Verdict
	Why       string        // one line, for people: which rule gave the verdict
	Article   trame.Article // without ID, Source, seen times and themes
	Canonical string        // the page's own canonical address, absolute, same site; "" when it names none
	Links     []Anchor      // links out of the page, in order, absolute, http(s) only
	Feeds     []string      // feed addresses that it declares
	Platform  string        // wordpress, spip, drupal, hugo, hypotheses, blogger, joomla, "" (hand-made or unknown)
	NoFollow  bool          // meta robots nofollow
	Next      string        // the next page of a listing, or of a split article
	Headings  []string
	Sitename  string
	Charset   string   // that the bytes were decoded with
	Flagged   []string // odd things that a maintainer may want to know: "deep nesting"…
}

// Anchor is a link out of a page.
type Anchor struct {
	URL    string
	Text   string
	Rel    string // as written
	Region string // main, nav, aside, footer, pager, "" unknown
	Around string // on the page of a curated list: the line that it stands in
}

// Feed is a parsed feed.
type Feed struct {
	Title string
	Items []Item
	Next  string   // the next page of a paged feed (RFC 5005), "" when none
	Flaws []string // what was repaired or lost, one line each
}

// Item is one entry of a feed.
type Item struct {
	URL  string // absolute, http(s)
	GUID string
	Hint Hint
}

// SitemapEntry is one line of a sitemap.
type SitemapEntry struct {
	URL     string
	LastMod time.Time
}
