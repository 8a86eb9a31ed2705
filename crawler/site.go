package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler/read"
)

// site is a source with what a crawl knows of it.
type site struct {
	trame.Source
	ledger *ledger
	tally  tally

	mu       sync.Mutex
	scope    *scope
	texts    map[uint64]string // digest of an article's text → the first address that had it
	textOf   map[string]uint64
	copies   map[string][]string // by address, those known as its duplicates
	problems map[string]string   // by address of a home or feed
	noted    string              // the problem last told to the archive
}

// keptHint is the JSON form of archive.Link.Hint: what a feed or sitemap said,
// and which of them.
type keptHint struct {
	read.Hint
	By string `json:"by,omitempty"`
}

// maxHint is the longest hint that a link may carry, in bytes of JSON.
const maxHint = 256 << 10

// encodeHint drops the text that a feed carries when it would be too long: the
// page has it.
func encodeHint(h keptHint) []byte {
	for range 3 {
		b, err := json.Marshal(h)
		if err == nil && len(b) <= maxHint {
			return b
		}
		if h.Content == "" {
			h.Summary, h.Tags = "", nil
		}
		h.Content = ""
	}
	return nil
}

func decodeHint(b []byte) keptHint {
	var h keptHint
	if len(b) > 0 && json.Unmarshal(b, &h) != nil {
		return keptHint{}
	}
	return h
}

// openSite loads what the archive knows of a source.
func (c *Crawler) openSite(ctx context.Context, rec archive.SourceRecord) (*site, error) {
	sc, err := newScope(rec.Source, rec.Platform)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", rec.ID, err)
	}
	s := &site{Source: rec.Source, scope: sc, ledger: newLedger(c.maxPages(rec.Source)),
		texts: map[uint64]string{}, textOf: map[string]uint64{}, copies: map[string][]string{}, problems: map[string]string{}, noted: rec.Problem}
	s.tally.r.ID, s.tally.r.Name = rec.ID, rec.Name
	var links []archive.Link
	movedHomes := map[string]string{}
	for l, err := range c.archive.Links(ctx, rec.ID) {
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", rec.ID, err)
		}
		if l.Kind == archive.LinkHome && l.State == archive.StateMoved {
			movedHomes[l.URL] = l.Target
		}
		s.ledger.know(l, decodeHint(l.Hint).By)
		l.Hint = nil
		links = append(links, l)
		if l.State == archive.StateDuplicate && l.Target != "" {
			s.copies[l.Target] = append(s.copies[l.Target], l.URL)
		}
		if l.Problem != "" && (l.Kind == archive.LinkHome || l.Kind == archive.LinkFeed) {
			s.problems[l.URL] = l.Problem
		}
	}
	at := sc.home.String()
	for range maxHops {
		if at = movedHomes[at]; at != "" {
			s.rebase(at)
		}
	}
	s.ledger.load(links)
	return s, nil
}

func (c *Crawler) maxPages(s trame.Source) int {
	if s.MaxPages > 0 {
		return s.MaxPages
	}
	return c.o.MaxPages
}

// delay is the pace at which the source wants to be visited.
func (c *Crawler) delay(s trame.Source) time.Duration {
	if s.Delay != 0 {
		return max(s.Delay, 0)
	}
	return max(c.o.Delay, 0)
}

// within returns the scope as it is now.
func (s *site) within() *scope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scope
}

// learn takes a platform into account, and reports whether it is news.
func (s *site) learn(platform string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if platform == "" || s.scope.platform == platform {
		return false
	}
	next := *s.scope
	next.platform = platform
	s.scope = &next
	return true
}

// follows is scope.follows; but a source that is read by its feeds alone takes
// what its feeds name, on whatever site.
func (s *site) follows(raw string) (archive.LinkKind, bool) {
	if s.Kind != trame.KindFeed {
		return s.within().follows(raw)
	}
	u, err := url.Parse(raw)
	return archive.LinkPage, err == nil && !otherFile.MatchString(u.Path)
}

// rebase says where the home answers, when its address redirects inside the site.
func (s *site) rebase(target string) {
	u, err := url.Parse(target)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || !s.scope.sameSite(u) {
		return
	}
	next := *s.scope
	next.base = u
	if p := prefixOf(u.Path); next.prefix != "/" && p != "/" { // a part of a site, which has moved inside it
		next.prefix = p
	}
	s.scope = &next
}

// problem is what is wrong with the source, as last told to the archive.
func (s *site) problem() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.noted
}

// seeds are the links that a source begins with.
func (s *site) seeds(now time.Time) []archive.Link {
	var out []archive.Link
	add := func(raw string, kind archive.LinkKind) {
		if u, err := s.scope.canonical(raw); err == nil {
			s.ledger.add(u)
			out = append(out, archive.Link{URL: u, Source: s.ID, Host: hostOf(u), Kind: kind, State: archive.StateNew, Due: now})
		}
	}
	if s.Kind != trame.KindFeed || len(s.Feeds) == 0 {
		add(s.URL, archive.LinkHome)
	}
	for _, f := range s.Feeds {
		add(f, archive.LinkFeed)
	}
	if s.Kind != trame.KindFeed && s.Sitemap != "" && s.Sitemap != "auto" && s.Sitemap != "off" {
		add(s.Sitemap, archive.LinkSitemap)
	}
	return out
}

// sameText remembers the key of the text of the article at an address (see
// trame.Article.TextKey) and returns the address of this source that has had the
// same text before, or "".
func (s *site) sameText(url string, k uint64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.textOf[url] != k {
		s.dropText(url)
	}
	if k != 0 {
		if other, found := s.texts[k]; found && other != url {
			return other
		}
	}
	if k != 0 {
		s.texts[k], s.textOf[url] = url, k
	}
	return ""
}

// forgetText is called when the article at an address is gone or moved.
func (s *site) forgetText(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropText(url)
}

func (s *site) dropText(url string) {
	if k, found := s.textOf[url]; found {
		delete(s.texts, k)
		delete(s.textOf, url)
	}
}

// health records what is wrong with a home or feed ("" when nothing) and
// returns the problem of the source, and whether that is news.
func (s *site) health(url, problem string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if problem == "" {
		delete(s.problems, url)
	} else {
		s.problems[url] = problem
	}
	all := ""
	for _, u := range slices.Sorted(maps.Keys(s.problems)) {
		all = s.problems[u]
		break
	}
	if all == s.noted {
		return all, false
	}
	s.noted = all
	return all, true
}

// isCopy remembers that an address is a duplicate of another.
func (s *site) isCopy(url, of string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.copies[of]) < 50 && !slices.Contains(s.copies[of], url) {
		s.copies[of] = append(s.copies[of], url)
	}
}

// copiesOf returns the duplicates of an address and forgets them.
func (s *site) copiesOf(url string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.copies[url]
	delete(s.copies, url)
	return out
}
