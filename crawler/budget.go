package crawler

import (
	"hash/fnv"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"trame/archive"
)

// Limits that end every crawl, whatever a site answers.
const (
	maxDepth    = 8       // steps from the home; the further pages of one list count as one step
	maxSegments = 14      // of a path
	maxArgs     = 6       // parameters of a query
	freeShape   = 40      // visits of one shape of address that brought nothing
	freeFamily  = 55      // the same for all addresses that begin alike
	freeSource  = 600     // the same for a whole source
	credit      = 3       // more of each for every visit that brought an article
	knownTimes  = 10      // links of one source that are kept, in multiples of its max_pages
	feedReserve = 100_000 // more of them, for what feeds name: that is what is new
)

// isTrapShape reports addresses that only a trap makes: a folder repeated in
// its own path (Heritrix' PathologicalPathDecideRule), paths without end, or
// the full product of many filters.
func isTrapShape(u *url.URL) bool {
	if u.RawQuery != "" && strings.Count(u.RawQuery, "&")+1 > maxArgs {
		return true
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(segments) > maxSegments {
		return true
	}
	seen := map[string]int{}
	for i, s := range segments {
		seen[s]++
		if seen[s] > 2 && !shortNumber.MatchString(s) {
			return true
		}
		if i >= 3 && s == segments[i-2] && segments[i-1] == segments[i-3] && !shortNumber.MatchString(s) {
			return true
		}
	}
	return false
}

var (
	shortNumber = regexp.MustCompile(`^\d{1,4}$`)
	digits      = regexp.MustCompile(`\d+`)
	longHex     = regexp.MustCompile(`[0-9a-fA-F]{16,}`)
)

// shapes returns the names under which visits to an address are counted: its
// own shape (numbers and digests blanked), its folder with any query, and the
// family of everything that begins alike.
func shapes(raw string) [3]string {
	u, err := url.Parse(raw)
	if err != nil {
		return [3]string{}
	}
	var keys []string
	bare := ""
	for _, part := range strings.Split(u.RawQuery, "&") {
		k, _, valued := strings.Cut(part, "=")
		keys = append(keys, blank(k))
		if !valued && bare == "" {
			bare = "?" + blank(k)
		}
	}
	p := blank(u.Path)
	shape := p + "?" + strings.Join(keys, "&")
	segments := strings.Split(strings.Trim(p, "/"), "/")
	dir := p + "*" + bare
	if u.RawQuery == "" {
		dir = p[:strings.LastIndexByte(strings.TrimSuffix(p, "/"), '/')+1] + "*"
	}
	if dir == "/*" && u.RawQuery == "" { // the root holds every page of many sites
		dir = shape
	}
	return [3]string{shape, dir, "/" + segments[0] + bare}
}

func blank(s string) string {
	return digits.ReplaceAllString(longHex.ReplaceAllString(s, "#"), "#")
}

// ledger counts, for one source, what its visits brought. It is filled from the
// archive at the start, so that a crawl cut short goes on with the same budgets.
type ledger struct {
	mu       sync.Mutex
	known    map[uint64]knownLink
	wasted   map[string]int // visits that brought nothing, by shape
	brought  map[string]int // visits that brought an article or the way to some
	nWasted  int
	nBrought int
	feeds    int  // links of kind feed
	sitemaps int  // links of kind sitemap
	max      int  // known links that are kept
	full     bool // a link was refused because max are kept
	told     bool // and filled has said so
}

// knownLink is what a ledger remembers of a link: which feed or sitemap spoke
// of it, and a digest of what that said.
type knownLink struct {
	by      string
	hint    uint64
	visited int64 // seconds; 0 is never
}

func newLedger(maxPages int) *ledger {
	return &ledger{known: map[uint64]knownLink{}, wasted: map[string]int{}, brought: map[string]int{}, max: maxPages * knownTimes}
}

func digest(b string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(b))
	return h.Sum64()
}

// note counts a first visit. useful means that it brought an article, or links
// that look like some.
func (l *ledger) note(raw string, useful bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := l.wasted
	if useful {
		counts = l.brought
		l.nBrought++
	} else {
		l.nWasted++
	}
	s := shapes(raw)
	counts[s[0]]++
	if s[1] != s[0] {
		counts[s[1]]++
	}
	if s[2] != s[0] && s[2] != s[1] {
		counts[s[2]]++
	}
}

// open reports whether a first visit to an address is within the budgets.
func (l *ledger) open(raw string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := shapes(raw)
	for i, free := range []int{freeShape, freeFamily, freeFamily} {
		if l.wasted[s[i]] >= free+credit*l.brought[s[i]] {
			return false
		}
	}
	return l.nWasted < freeSource+credit*l.nBrought
}

// add remembers a link and reports whether it is new to the source. It refuses
// (false, false) when the source has as many as are kept.
func (l *ledger) add(raw string) (isNew, ok bool) { return l.addBeyond(raw, 0) }

// addBeyond is add with room for so many more.
func (l *ledger) addBeyond(raw string, more int) (isNew, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := digest(raw)
	if _, found := l.known[k]; found {
		return false, true
	}
	if len(l.known) >= l.max+more {
		l.full = true
		return false, false
	}
	l.known[k] = knownLink{}
	return true, true
}

// filled reports, once, that a link was refused for lack of room.
func (l *ledger) filled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := l.full && !l.told
	l.told = l.full
	return news
}

// hinted decides whether what a feed or sitemap says of a link replaces what is
// kept. by names the speaker so that the lesser string has the greater say (see
// speaker): whatever the order in which feeds are read, the same one is heard in
// the end, and two feeds with different summaries of one article do not make it
// due at each other's turn for ever.
func (l *ledger) hinted(raw, by string, hint []byte) (keep, changed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := digest(raw)
	had := l.known[k]
	if had.by != "" && had.by < by {
		return false, false
	}
	h := digest(string(hint))
	l.known[k] = knownLink{by: by, hint: h, visited: had.visited}
	return true, had.by != by || had.hint != h
}

// know remembers a link of the archive, and which feed or sitemap spoke of it.
func (l *ledger) know(k archive.Link, by string) {
	had := knownLink{by: by, visited: seconds(k.Visited)}
	if len(k.Hint) > 0 {
		had.hint = digest(string(k.Hint))
	}
	l.known[digest(k.URL)] = had
	switch k.Kind {
	case archive.LinkFeed:
		l.feeds++
	case archive.LinkSitemap:
		l.sitemaps++
	}
}

// load counts what the first visits to the links of a source have brought.
func (l *ledger) load(links []archive.Link) {
	children := map[string]int{}
	for _, k := range links {
		if k.Kind == archive.LinkPage && looksLikeArticle(k.URL) {
			children[k.From]++
		}
	}
	for _, k := range links {
		if k.State != archive.StateNew && isReadAsPage(k.Kind) {
			l.note(k.URL, k.State == archive.StateRead || children[k.URL] > 0)
		}
	}
}

var articleShape = regexp.MustCompile(`(?i)[a-z]{2,}[-_][a-z0-9]{2,}[-_]|[?&]?(article|breve|billet)s?[-_]?\d+|/node/\d+|[?&]p=\d+`)

// looksLikeArticle reports whether an address has a slug of words or an
// article's number: a list that shows new ones of these is worth its visit,
// a calendar that shows new days is not.
func looksLikeArticle(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	p := strings.TrimSuffix(u.Path, "/")
	return articleShape.MatchString(p[strings.LastIndexByte(p, '/')+1:] + "?" + u.RawQuery)
}

// forget undoes add for links that could not be saved.
func (l *ledger) forget(links []archive.Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range links {
		if d := digest(k.URL); l.known[d].visited == 0 {
			delete(l.known, d)
		}
	}
}

// visited remembers when a link was last visited with an answer.
func (l *ledger) visited(k archive.Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := digest(k.URL)
	had := l.known[d]
	had.visited = seconds(k.Visited)
	l.known[d] = had
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// visitedBefore reports whether a known link was last visited before a moment.
func (l *ledger) visitedBefore(raw string, t time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	had := l.known[digest(raw)]
	return had.visited != 0 && had.visited < t.Unix()
}
