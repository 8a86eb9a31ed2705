package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"trame"
)

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

// kinds are the kinds in the order in which they are visited; the tables hold
// their place in it. Only ever add at the end.
var kinds = [...]LinkKind{LinkHome, LinkFeed, LinkSitemap, LinkPager, LinkPage}

// place is the kind's number in the tables; an unknown kind is a page.
func (k LinkKind) place() int {
	if i := slices.Index(kinds[:], k); i >= 0 {
		return i
	}
	return slices.Index(kinds[:], LinkPage)
}

// Limits of a link.
const (
	maxURL  = 2000      // bytes; PostgreSQL cannot index much more
	maxID   = 300       // bytes of a source's id, indexed with an address
	maxHint = 256 << 10 // bytes
	chunk   = 200       // links asked for in one query

	insertRows = 50 // links added in one statement
)

// Link is an address to visit, or visited.
type Link struct {
	URL     string // canonical; the key; at most 2,000 bytes
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

// linkColumns are the columns of a Link in the order of its fields.
const linkColumns = `url, source, host, kind, depth, named_by, hint, state, due, visited, changed, every,
	status, etag, last_modified, target, fails, problem`

func scanLink(row scanner) (l Link, err error) {
	var kind int
	var due, visited, changed, every int64
	err = row.Scan(&l.URL, &l.Source, &l.Host, &kind, &l.Depth, &l.From, &l.Hint, &l.State, &due, &visited, &changed, &every,
		&l.Status, &l.ETag, &l.LastModified, &l.Target, &l.Fails, &l.Problem)
	if err != nil {
		return l, err
	}
	l.Kind = kinds[min(max(kind, 0), len(kinds)-1)]
	if len(l.Hint) == 0 {
		l.Hint = nil
	}
	l.Due, l.Visited, l.Changed = fromMillis(due), fromMillis(visited), fromMillis(changed)
	l.Every = time.Duration(every) * time.Millisecond
	return l, nil
}

// linkArgs are the values of linkColumns and, last, of ready.
func linkArgs(l Link, now time.Time) []any {
	hint := l.Hint
	if hint == nil {
		hint = []byte{}
	}
	return []any{l.URL, l.Source, l.Host, l.Kind.place(), l.Depth, l.From, hint, string(l.State),
		millis(l.Due), millis(l.Visited), millis(l.Changed), l.Every.Milliseconds(),
		l.Status, l.ETag, l.LastModified, l.Target, l.Fails, l.Problem, ready(l.Due, now)}
}

// ready is 1 for a link that may be visited now. Links whose time comes later
// are made ready by Lease.
func ready(due, now time.Time) int {
	if !due.IsZero() && !due.After(now) {
		return 1
	}
	return 0
}

// checkLink cleans a link and says what makes it unfit to be kept.
func checkLink(l Link) (Link, error) {
	l = cleaned(l)
	l.Host = strings.ToLower(l.Host)
	if l.State == "" {
		l.State = StateNew
	}
	switch {
	case l.URL == "":
		return l, errors.New("a link without an address")
	case len(l.URL) > maxURL:
		return l, fmt.Errorf("the address %.80s… is longer than %d bytes", l.URL, maxURL)
	case len(l.Source) > maxID:
		return l, fmt.Errorf("the source's id %.80s… is longer than %d bytes", l.Source, maxID)
	case l.Host == "":
		return l, fmt.Errorf("the link %s names no host", l.URL)
	}
	if len(l.Target) > maxURL { // it could not be kept as a link either
		l.Target = ""
	}
	return l, nil
}

// Link returns a link, or trame.ErrNotFound.
func (a *Archive) Link(ctx context.Context, url string) (Link, error) {
	found, err := collect(ctx, a, scanLink, `SELECT `+linkColumns+` FROM links WHERE url = $1`, clean(url))
	if err != nil {
		return Link{}, fmt.Errorf("link %s: %w", url, err)
	}
	if len(found) == 0 {
		return Link{}, fmt.Errorf("link %s: %w", url, trame.ErrNotFound)
	}
	return found[0], nil
}

// link returns a link inside a transaction, and whether there is one.
func (t *tx) link(url string) (Link, bool, error) {
	l, err := scanLink(t.QueryRowContext(t.ctx, `SELECT `+linkColumns+` FROM links WHERE url = $1`, url))
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	return l, err == nil, err
}

// Links yields the links of a source (of all sources when it is empty) in the
// order of their addresses; writes may go on meanwhile.
func (a *Archive) Links(ctx context.Context, source string) iter.Seq2[Link, error] {
	return batches(func(last Link) ([]Link, error) {
		args := []any{last.URL}
		query := `SELECT ` + linkColumns + ` FROM links WHERE url > $1`
		if source != "" {
			args, query = append(args, source), query+` AND source = $2`
		}
		return collect(ctx, a, scanLink, query+` ORDER BY url LIMIT 200`, args...)
	})
}

// batches yields what more answers, batch after batch, until a batch is empty or
// fails. No query stays open between two batches, so writes can go on.
func batches[T any](more func(last T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last T
		for {
			batch, err := more(last)
			if err != nil {
				yield(last, err)
				return
			}
			if len(batch) == 0 {
				return
			}
			for _, v := range batch {
				if !yield(v, nil) {
					return
				}
			}
			last = batch[len(batch)-1]
		}
	}
}
