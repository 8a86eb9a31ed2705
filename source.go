package trame

import "time"

// Kinds of source.
const (
	KindAuto   = "auto"   // found by looking
	KindFeed   = "feed"   // read by its feeds alone
	KindSite   = "site"   // crawled, with or without feeds
	KindList   = "list"   // curated links: each goes to an article elsewhere
	KindEvents = "events" // announcements of trainings and study days
)

// Source is a site or a feed that the archive gathers. Only URL is required;
// the rest is found or guessed when absent.
type Source struct {
	ID       string            `json:"id" yaml:"id"`
	URL      string            `json:"url" yaml:"url"`
	Name     string            `json:"name,omitempty" yaml:"name"`
	Country  string            `json:"country,omitempty" yaml:"country"` // BE, FR, CH, LU, CA…
	Kind     string            `json:"kind,omitempty" yaml:"kind"`       // a Kind… constant; empty means auto
	Feeds    []string          `json:"feeds,omitempty" yaml:"feeds"`
	Sitemap  string            `json:"sitemap,omitempty" yaml:"sitemap"` // "", auto, off, or an address
	Include  []string          `json:"include,omitempty" yaml:"include"` // which paths may be articles: regular expressions
	Exclude  []string          `json:"exclude,omitempty" yaml:"exclude"`
	Themes   map[string]string `json:"themes,omitempty" yaml:"themes"`       // the source's own section → our theme
	Delay    time.Duration     `json:"delay,omitempty" yaml:"-"`             // between two visits to a host; 0 means the crawler's default, less than 0 none
	MaxPages int               `json:"max_pages,omitempty" yaml:"max_pages"` // pages visited in one round; 0 means the crawler's default
	Every    string            `json:"every,omitempty" yaml:"every"`         // auto, or a Go duration
	Text     string            `json:"text,omitempty" yaml:"text"`           // extract (default) or full, where the licence allows republishing
	Note     string            `json:"note,omitempty" yaml:"note"`
}

// Coverage says what the archive holds of a source and how its visits go.
type Coverage struct {
	Articles  int       `json:"articles"`
	Gone      int       `json:"gone,omitempty"`
	Undated   int       `json:"undated,omitempty"`
	First     Date      `json:"first,omitzero"` // earliest publication
	Last      Date      `json:"last,omitzero"`  // latest publication
	LastVisit time.Time `json:"last_visit,omitzero"`
	NextVisit time.Time `json:"next_visit,omitzero"`
	Waiting   int       `json:"waiting"` // links found, not yet visited, and due
	Failing   int       `json:"failing"` // links whose last visit failed
	Platform  string    `json:"platform,omitempty"`
	Health    string    `json:"health"` // new, ok, late, failing
	Problem   string    `json:"problem,omitempty"`
}
