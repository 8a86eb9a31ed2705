package archive

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// LinkFilter chooses among the links that are due.
type LinkFilter struct {
	Sources   []string // empty: all
	SkipHosts []string // hosts that are busy or asked for rest
	Limit     int      // at most so many links; 0 means 100; of one host at most PerHost
	PerHost   int      // 0 means 1
	Hosts     int      // of at most so many hosts; 0 means no bound
}

// Bounds of one lease.
const (
	defaultLease = 100
	maxLease     = 1000
)

// Lease takes links that are due, for owner, for a time: nobody else is given
// them until then, and a process that dies gives them back by not renewing. The
// links come home first, then feeds, sitemaps, pagers, pages; of equal kind the
// smaller depth and the earlier due first. While somebody, owner included, holds
// a lease on a link of a host, no other link of that host is given away: its
// lease ends with Save, GiveBack, Release or its time.
func (a *Archive) Lease(ctx context.Context, owner string, ttl time.Duration, f LinkFilter) (leased []Link, err error) {
	if owner == "" || ttl <= 0 {
		return nil, fmt.Errorf("lease links: needs an owner and a time, not %q and %v", owner, ttl)
	}
	if f.Limit <= 0 {
		f.Limit = defaultLease
	}
	f.Limit = min(f.Limit, maxLease)
	f.PerHost = min(max(f.PerHost, 1), f.Limit)
	err = a.write(ctx, func(t *tx) error {
		if err := t.lockLeases(); err != nil {
			return err
		}
		urls, err := t.choose(f)
		if err != nil || len(urls) == 0 {
			leased = nil
			return err
		}
		leased, err = t.take(urls, owner, t.now.Add(ttl))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lease links: %w", err)
	}
	return leased, nil
}

// leaseLock is the advisory lock of PostgreSQL that a lease holds: the letters
// of "lease".
const leaseLock = 0x6c65617365

// lockLeases makes processes lease one after the other: two that choose at once
// would choose the same hosts. SQLite has one writer anyway.
func (t *tx) lockLeases() error {
	if t.a.dir != "" {
		return nil
	}
	_, err := t.exec(`SELECT pg_advisory_xact_lock($1)`, int64(leaseLock))
	return err
}

// choice is what decides the order of a link.
type choice struct {
	url, host   string
	kind, depth int
	due         int64
}

func (c choice) compare(d choice) int {
	return cmp.Or(cmp.Compare(c.kind, d.kind), cmp.Compare(c.depth, d.depth), cmp.Compare(c.due, d.due), cmp.Compare(c.url, d.url))
}

func scanChoice(row scanner) (c choice, err error) {
	return c, row.Scan(&c.url, &c.host, &c.kind, &c.depth, &c.due)
}

// choose returns the addresses of the links to lease, best first.
//
// The work grows with the number of hosts, not of links: links_ready holds only
// links whose time has come, each host's in the order of visits. The recursive
// part steps through that index from host to host.
func (t *tx) choose(f LinkFilter) ([]string, error) {
	now := t.now.UnixMilli()
	_, err := t.exec(`UPDATE links SET ready = 1 WHERE ready = 0 AND due > 0 AND due <= $1`, now)
	if err != nil {
		return nil, err
	}
	hosts := f.Limit
	if f.Hosts > 0 {
		hosts = min(hosts, f.Hosts)
	}
	args := []any{now, hosts}
	sources := in("l.source", f.Sources, &args)
	skip := ""
	if len(f.SkipHosts) > 0 {
		skip = "AND NOT " + in("hosts.host", f.SkipHosts, &args)
	}
	heads, err := rows(t, scanChoice, `
		WITH RECURSIVE hosts (host) AS (
			SELECT MIN(host) FROM links WHERE ready = 1
			UNION ALL
			SELECT (SELECT MIN(l.host) FROM links l WHERE l.ready = 1 AND l.host > hosts.host)
			FROM hosts WHERE hosts.host IS NOT NULL
		), heads (url) AS (
			SELECT (SELECT l.url FROM links l WHERE l.ready = 1 AND l.host = hosts.host AND `+sources+`
				ORDER BY l.kind, l.depth, l.due LIMIT 1)
			FROM hosts WHERE hosts.host IS NOT NULL `+skip+` AND NOT EXISTS (
				SELECT 1 FROM links held WHERE held.host = hosts.host AND held.owner <> '' AND held.leased_until > $1)
		)
		SELECT l.url, l.host, l.kind, l.depth, l.due FROM heads JOIN links l ON l.url = heads.url
		ORDER BY l.kind, l.depth, l.due, l.url LIMIT $2`, args...)
	if err != nil || f.PerHost == 1 {
		return urlsOf(heads), err
	}
	// The best links of all are among those of the hosts with the best heads.
	var all []choice
	for _, h := range heads {
		args := []any{h.host, f.PerHost}
		sources := in("l.source", f.Sources, &args)
		more, err := rows(t, scanChoice, `SELECT l.url, l.host, l.kind, l.depth, l.due FROM links l
			WHERE l.ready = 1 AND l.host = $1 AND `+sources+` ORDER BY l.kind, l.depth, l.due LIMIT $2`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	slices.SortFunc(all, choice.compare)
	return urlsOf(all[:min(len(all), f.Limit)]), nil
}

func urlsOf(choices []choice) []string {
	urls := make([]string, len(choices))
	for i, c := range choices {
		urls[i] = c.url
	}
	return urls
}

// take leases the links; one that somebody else holds stays with them.
func (t *tx) take(urls []string, owner string, until time.Time) ([]Link, error) {
	args := []any{owner, until.UnixMilli(), t.now.UnixMilli()}
	links, err := rows(t, scanLink, `UPDATE links SET owner = $1, leased_until = $2
		WHERE `+in("url", urls, &args)+` AND (owner = '' OR leased_until <= $3) RETURNING `+linkColumns, args...)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(urls))
	for i, u := range urls {
		place[u] = i
	}
	slices.SortFunc(links, func(x, y Link) int { return cmp.Compare(place[x.URL], place[y.URL]) })
	return links, nil
}

// GiveBack ends the leases on links that were not visited after all, and leaves
// all else of them as it is; unknown addresses are passed over. It does not ask
// whose leases those are: call it before their time is over.
func (a *Archive) GiveBack(ctx context.Context, urls ...string) error {
	err := a.write(ctx, func(t *tx) error {
		for part := range slices.Chunk(urls, chunk) {
			var args []any
			_, err := t.exec(`UPDATE links SET owner = '', leased_until = 0 WHERE owner <> '' AND `+in("url", part, &args), args...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("give back %d links: %w", len(urls), err)
	}
	return nil
}

// Release gives back all links that owner has leased.
func (a *Archive) Release(ctx context.Context, owner string) error {
	err := a.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE links SET owner = '', leased_until = 0 WHERE owner <> '' AND owner = $1`, owner)
		return err
	})
	if err != nil {
		return fmt.Errorf("release the links of %s: %w", owner, err)
	}
	return nil
}

// NextDue returns when the next link of the sources (all when empty) is due, and
// false when none ever is. Leased links count.
func (a *Archive) NextDue(ctx context.Context, sources []string) (time.Time, bool, error) {
	args := []any{}
	of := in("source", sources, &args)
	var due sql.NullInt64
	err := a.read(ctx, func() { due = sql.NullInt64{} }, func(rows *sql.Rows) error { return rows.Scan(&due) },
		`SELECT MIN(due) FROM (
			SELECT MIN(due) AS due FROM links WHERE ready = 1 AND `+of+`
			UNION ALL
			SELECT MIN(due) AS due FROM links WHERE ready = 0 AND due > 0 AND `+of+`) AS next`, args...)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("next link due: %w", err)
	}
	return fromMillis(due.Int64), due.Valid, nil
}

// noAgain is how long a refused or unfit link keeps out of MakeDue.
const noAgain = 24 * time.Hour

// MakeDue makes every link of the sources (all when empty) due now and returns
// how many it did. One that is refused or unfit is asked again when its last
// answer is more than a day old: robots.txt or the page may say something else
// now, and the address guard says no again without a request. One that never
// answered, such as a file that is too large, stays out.
func (a *Archive) MakeDue(ctx context.Context, sources []string) (made int, err error) {
	err = a.write(ctx, func(t *tx) error {
		args := []any{t.now.UnixMilli(), t.now.Add(-noAgain).UnixMilli()}
		n, err := t.exec(`UPDATE links SET due = $1, ready = 1
			WHERE (state NOT IN ('refused', 'unfit') OR visited > 0 AND visited < $2) AND `+in("source", sources, &args), args...)
		made = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("make links due: %w", err)
	}
	return made, nil
}
