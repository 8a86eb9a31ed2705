package archive

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// AddLinks adds links that are not known yet and returns how many those were. A
// new link without Due is due at once; one with an address that cannot be kept is
// left out, and so is a hint that is too large.
//
// A known link keeps its state. If Hint differs from the one kept, the hint is
// replaced, and a page that was read before becomes due at once and is asked for
// whole: an answer 304 would leave the hint without use. A home, or a feed that
// no page names (From is empty), takes a known link over for its source; a home
// that a page names does so where the link is neither home nor feed. The link is
// due at once then and asked for whole.
func (a *Archive) AddLinks(ctx context.Context, links []Link) (added int, err error) {
	err = a.write(ctx, func(t *tx) (err error) {
		added, err = t.addLinks(links)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("add %d links: %w", len(links), err)
	}
	return added, nil
}

func (t *tx) addLinks(links []Link) (added int, err error) {
	good := make([]Link, 0, len(links))
	for _, l := range links {
		l, err := checkLink(l)
		if err != nil {
			t.a.log.Debug("link left out", "error", err)
			continue
		}
		if len(l.Hint) > maxHint {
			l.Hint = nil
		}
		if l.Due.IsZero() && l.State == StateNew {
			l.Due = t.now
		}
		good = append(good, l)
	}
	// In one order everywhere, so that two writers cannot wait for each other.
	slices.SortStableFunc(good, func(x, y Link) int { return strings.Compare(x.URL, y.URL) })
	good = slices.CompactFunc(good, func(x, y Link) bool { return x.URL == y.URL })
	for part := range slices.Chunk(good, chunk) {
		n, err := t.addChunk(part)
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

func (t *tx) addChunk(links []Link) (added int, err error) {
	known, err := t.known(links)
	if err != nil {
		return 0, err
	}
	fresh := make([]Link, 0, len(links))
	for _, l := range links {
		had, ok := known[l.URL]
		if !ok {
			fresh = append(fresh, l)
			continue
		}
		if l.Hint != nil && !bytes.Equal(had.hint, l.Hint) {
			if err := t.newHint(l); err != nil {
				return 0, err
			}
		}
		if had.yields(l) {
			if err := t.takeOver(l); err != nil {
				return 0, err
			}
		}
	}
	for part := range slices.Chunk(fresh, insertRows) {
		n, err := t.insertLinks(part)
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

// insertLinks adds links in one statement; one that another process has added
// meanwhile stays as it is.
func (t *tx) insertLinks(links []Link) (added int, err error) {
	var values []string
	var args []any
	for _, l := range links {
		values = append(values, "("+list(len(args)+1, 19)+")")
		args = append(args, linkArgs(l, t.now)...)
	}
	n, err := t.exec(`INSERT INTO links (`+linkColumns+`, ready) VALUES `+strings.Join(values, ", ")+` ON CONFLICT (url) DO NOTHING`, args...)
	return int(n), err
}

// known is what decides whether a link that is added again changes.
type known struct {
	url, source string
	kind        int
	hint        []byte
}

// known returns those of the links that are known, by address.
func (t *tx) known(links []Link) (map[string]known, error) {
	var args []any
	urls := make([]string, len(links))
	for i, l := range links {
		urls[i] = l.URL
	}
	found, err := rows(t, func(row scanner) (k known, err error) { return k, row.Scan(&k.url, &k.source, &k.kind, &k.hint) },
		`SELECT url, source, kind, hint FROM links WHERE `+in("url", urls, &args), args...)
	if err != nil {
		return nil, err
	}
	byURL := make(map[string]known, len(found))
	for _, k := range found {
		byURL[k.url] = k
	}
	return byURL, nil
}

// yields reports whether the link becomes l, a home or a feed that a source's
// settings name or that its home has moved to. Within one source only what was
// less becomes more: its settings may name one address twice.
func (k known) yields(l Link) bool {
	front := l.Kind == LinkHome || l.Kind == LinkFeed && l.From == ""
	switch {
	case !front:
		return false
	case k.source == l.Source:
		return l.Kind.place() < k.kind
	}
	return l.From == "" || k.kind > LinkFeed.place()
}

// takeOver gives a known link to the source of l, to be read for what it leads
// to. A lease on it lasts.
func (t *tx) takeOver(l Link) error {
	_, err := t.exec(`UPDATE links SET source = $1, kind = $2, depth = $3, named_by = $4, due = $5, ready = 1,
			every = $6, etag = '', last_modified = '', fails = 0, problem = '' WHERE url = $7`,
		l.Source, l.Kind.place(), l.Depth, l.From, t.now.UnixMilli(), l.Every.Milliseconds(), l.URL)
	return err
}

// newHint replaces the hint of a known link; a page that an article was read
// from becomes due, for its feed says that it is another one now.
func (t *tx) newHint(l Link) error {
	_, err := t.exec(`UPDATE links SET hint = $1,
			due   = CASE WHEN state = 'read' THEN $2 ELSE due END,
			ready = CASE WHEN state = 'read' THEN 1 ELSE ready END,
			etag  = CASE WHEN state = 'read' THEN '' ELSE etag END,
			last_modified = CASE WHEN state = 'read' THEN '' ELSE last_modified END
		WHERE url = $3 AND hint <> $1`, l.Hint, t.now.UnixMilli(), l.URL)
	return err
}

// putLink writes a link as it stands after a visit; its lease ends. Two things
// may have been written since the visit began, and stay: a hint (where the page
// gave an article it is due again, for the visit knew another one), and that
// another source made the link its home or feed, which is due for that.
func (t *tx) putLink(l Link) error {
	const taken, hinted = `links.source <> excluded.source AND links.kind <= 1`,
		`excluded.state = 'read' AND excluded.hint <> $20 AND links.hint <> $20 AND excluded.hint <> links.hint`
	_, err := t.exec(`INSERT INTO links (`+linkColumns+`, ready) VALUES (`+list(1, 19)+`)
		ON CONFLICT (url) DO UPDATE SET
			source = CASE WHEN `+taken+` THEN links.source ELSE excluded.source END,
			kind = CASE WHEN `+taken+` THEN links.kind ELSE excluded.kind END,
			host = excluded.host, depth = excluded.depth, named_by = excluded.named_by,
			hint = CASE WHEN links.hint = $20 THEN excluded.hint ELSE links.hint END,
			state = excluded.state, visited = excluded.visited, changed = excluded.changed, every = excluded.every,
			due = CASE WHEN `+taken+` THEN links.due WHEN `+hinted+` THEN $21 ELSE excluded.due END,
			ready = CASE WHEN `+taken+` THEN links.ready WHEN `+hinted+` THEN 1 ELSE excluded.ready END,
			etag = CASE WHEN `+taken+` OR `+hinted+` THEN '' ELSE excluded.etag END,
			last_modified = CASE WHEN `+taken+` OR `+hinted+` THEN '' ELSE excluded.last_modified END,
			status = excluded.status, target = excluded.target, fails = excluded.fails,
			problem = excluded.problem, owner = '', leased_until = 0`,
		append(linkArgs(l, t.now), []byte{}, t.now.UnixMilli())...)
	return err
}
