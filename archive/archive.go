// Package archive keeps what was fetched and read: sources, links to visit, raw
// pages, articles with their versions, and the numbered history of changes. It
// is the only truth; the index and everything else can be made again from it.
//
// One struct and one SQL text serve SQLite (modernc.org/sqlite) and PostgreSQL
// (pgx). The crawler writes; index, api, web and cmd read.
package archive

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"trame"
)

// Options change how an archive behaves; the zero value works.
type Options struct {
	Now func() time.Time // the clock; nil means time.Now
	Log *slog.Logger     // nil means nothing is logged
}

// Archive is an open archive, safe for use by many goroutines. On PostgreSQL it
// may be open in several processes; on SQLite in one.
type Archive struct {
}

// Open opens, and where needed creates or migrates, the archive at a DSN:
// "sqlite:PATH" or "postgres://…". An archive written by a newer trame is
// refused. The error says what to do.
func Open(ctx context.Context, dsn string, o Options) (*Archive, error) { panic("todo") }

// Close ends the archive's use. It waits for the writes under way.
func (a *Archive) Close() error { panic("todo") }

// ---------------------------------------------------------------- sources

// SourceRecord is a source with what the archive knows of it.
type SourceRecord struct {
	trame.Source
	trame.Coverage
}

// PutSource adds a source or replaces its settings. Its links and articles stay.
func (a *Archive) PutSource(ctx context.Context, s trame.Source) error { panic("todo") }

// RemoveSource forgets a source and the links to visit for it. Its articles and
// pages stay. It returns trame.ErrNotFound for an unknown id.
func (a *Archive) RemoveSource(ctx context.Context, id string) error { panic("todo") }

// Source returns one source, or trame.ErrNotFound.
func (a *Archive) Source(ctx context.Context, id string) (SourceRecord, error) { panic("todo") }

// Sources returns all sources in the order of their names.
func (a *Archive) Sources(ctx context.Context) ([]SourceRecord, error) { panic("todo") }

// NoteSource records what a look at a source's home found: its platform
// ("wordpress", "spip"…; empty leaves it as it is) and what is wrong with it
// (empty: nothing).
func (a *Archive) NoteSource(ctx context.Context, id, platform, problem string) error {
	panic("todo")
}

// ---------------------------------------------------------------- links

// State names how the last visit left a link.
type State string

// States of a link.
const (
	StateNew       State = "new"       // found, never visited
	StateRead      State = "read"      // an article was read from it
	StateSeen      State = "seen"      // read, and not an article: a home, a feed, a listing
	StateMoved     State = "moved"     // answers with a redirect to Target
	StateDuplicate State = "duplicate" // says that its canonical address is Target
	StateGone      State = "gone"      // 404 or 410
	StateRefused   State = "refused"   // robots.txt, noindex or the address guard says no
	StateLocked    State = "locked"    // password, paywall, 401, 402, 403
	StateUnfit     State = "unfit"     // not something that is read: an image, a film, too large
	StateFailed    State = "failed"    // an error that may pass: it is tried again at Due
)

// LinkKind says what a link is expected to be; it decides how it is read and how
// often.
type LinkKind string

// Kinds of link, in the order in which they are visited.
const (
	LinkHome    LinkKind = "home"
	LinkFeed    LinkKind = "feed"
	LinkSitemap LinkKind = "sitemap"
	LinkPager   LinkKind = "pager" // a listing, or a further page of one
	LinkPage    LinkKind = "page"  // perhaps an article
)

// Link is an address to visit, or visited.
type Link struct {
	URL     string // canonical; the key
	Source  string
	Host    string // host:port, lower case; one connection at a time goes to it
	Kind    LinkKind
	Depth   int    // steps from the source's home
	From    string // the address that named it
	Hint    []byte // what the naming feed or sitemap said of it, JSON, at most 256 KiB
	State   State
	Due     time.Time // next visit; zero means never again
	Visited time.Time // last visit that got an answer; zero means never
	Changed time.Time // last visit at which the content had changed
	Every   time.Duration

	Status       int // of the last answer
	ETag         string
	LastModified string
	Target       string // of a moved or duplicate link
	Fails        int    // visits in a row that failed
	Problem      string // one line, for people
}

// AddLinks adds links that are not known yet and returns how many those were. A
// known link keeps its state; if Hint differs from the one kept, the hint is
// replaced and a page that was read before becomes due at once.
func (a *Archive) AddLinks(ctx context.Context, links []Link) (added int, err error) { panic("todo") }

// Link returns a link, or trame.ErrNotFound.
func (a *Archive) Link(ctx context.Context, url string) (Link, error) { panic("todo") }

// Links yields the links of a source (of all sources when it is empty) in the
// order of their addresses.
func (a *Archive) Links(ctx context.Context, source string) iter.Seq2[Link, error] { panic("todo") }

// LinkFilter chooses among the links that are due.
type LinkFilter struct {
	Sources   []string // empty: all
	SkipHosts []string // hosts that are busy or asked for rest
	Limit     int      // at most so many links; of one host at most PerHost
	PerHost   int      // 0 means 1
}

// Lease takes links that are due, for owner, for a time: nobody else is given
// them until then, and a process that dies gives them back by not renewing. The
// links come home first, then feeds, sitemaps, pagers, pages; of equal kind the
// smaller depth and the earlier due first.
func (a *Archive) Lease(ctx context.Context, owner string, ttl time.Duration, f LinkFilter) ([]Link, error) {
	panic("todo")
}

// Release gives back all links that owner has leased.
func (a *Archive) Release(ctx context.Context, owner string) error { panic("todo") }

// NextDue returns when the next link of the sources (all when empty) is due, and
// false when none ever is. Leased links count.
func (a *Archive) NextDue(ctx context.Context, sources []string) (time.Time, bool, error) {
	panic("todo")
}

// MakeDue makes every link of the sources (all when empty) due now, but those
// that are refused or unfit, and returns how many it did.
func (a *Archive) MakeDue(ctx context.Context, sources []string) (int, error) { panic("todo") }

// ---------------------------------------------------------------- visits

// Page is an answer as it came, decompressed.
type Page struct {
	URL         string
	Fetched     time.Time
	Status      int
	ContentType string
	Header      map[string]string // the few headers that reading needs, canonical names
	Body        []byte
}

// Visit is the outcome of one visit, written in one transaction by Save.
type Visit struct {
	Link    Link           // as it stands after the visit, Due included; its lease ends
	Page    *Page          // nil on 304 and where nothing is worth keeping
	Article *trame.Article // nil where the page is not an article
	Found   []Link         // as for AddLinks
}

// Save writes a visit: link, page, article, version and the next number of the
// history in one transaction. It returns that number, or 0 when no reader would
// notice a difference (the article's Fingerprint is unchanged). A link in state
// gone marks its article gone; a link that moved or is a duplicate hands its
// article over to Target: Article(old id) then answers the article at Target. FirstSeen and LastSeen are the archive's to set.
func (a *Archive) Save(ctx context.Context, v Visit) (change int64, err error) { panic("todo") }

// Page returns the page kept for an address, or trame.ErrNotFound.
func (a *Archive) Page(ctx context.Context, url string) (Page, error) { panic("todo") }

// Pages yields every kept page with its link, in the order of their addresses;
// writes may go on meanwhile.
func (a *Archive) Pages(ctx context.Context) iter.Seq2[KeptPage, error] { panic("todo") }

// KeptPage is a page with the link that it answered.
type KeptPage struct {
	Link Link
	Page Page
}

// ---------------------------------------------------------------- articles

// Article returns an article, or trame.ErrNotFound. For the id of an article
// that moved it returns the article at the new address: its ID differs.
func (a *Archive) Article(ctx context.Context, id string) (trame.Article, error) { panic("todo") }

// Articles returns the articles with these ids in this order; unknown ids are
// left out.
func (a *Archive) Articles(ctx context.Context, ids []string) ([]trame.Article, error) {
	panic("todo")
}

// All yields every article but those that moved, in the order of their first
// appearance; writes may go on meanwhile.
func (a *Archive) All(ctx context.Context) iter.Seq2[trame.Article, error] { panic("todo") }

// Version is one state of an article that readers could see.
type Version struct {
	Change  int64 // its number in the history
	Seen    time.Time
	Article trame.Article
}

// Versions returns the versions of an article, oldest first.
func (a *Archive) Versions(ctx context.Context, id string) ([]Version, error) { panic("todo") }

// Import writes articles that come from elsewhere, in one transaction, and
// returns how many were new or changed. An article without ID gets that of its
// URL; a source that is unknown is added by name.
func (a *Archive) Import(ctx context.Context, articles []trame.Article) (changed int, err error) {
	panic("todo")
}

// Totals are the sizes of an archive.
type Totals struct {
	Articles, Gone, Pages, Sources, Waiting int
	Change                                  int64 // the last number of the history
}

// Totals counts.
func (a *Archive) Totals(ctx context.Context) (Totals, error) { panic("todo") }

// ---------------------------------------------------------------- history

// Change is an entry of the history, with the article as it stands now.
type Change struct {
	N       int64
	ID      string
	Number  int64          // of the article: grows with first appearance, never reused
	Article *trame.Article // nil: it has moved away and is not to be found any more
}

// Changes returns at most limit entries after a number, in order, each article
// once (at its last entry). Numbers become visible in order: nothing can appear
// later before the last one returned.
func (a *Archive) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	panic("todo")
}

// Changed returns a channel that is closed at the next change written by this
// process.
func (a *Archive) Changed() <-chan struct{} { panic("todo") }
