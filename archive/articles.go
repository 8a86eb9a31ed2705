package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"trame"
)

// maxMoves bounds how many moves in a row are followed.
const maxMoves = 5

// standing is an article as it stands, with its row.
type standing struct {
	kept
	trame.Article
}

const standingQuery = `SELECT ` + keptColumns + `, v.body FROM articles a JOIN versions v ON v.change = a.version `

func (a *Archive) scanStanding(row scanner) (s standing, err error) {
	var body []byte
	if s.kept, err = scanKept(row, &body); err != nil {
		return s, err
	}
	if s.Article, err = a.packer.unpackArticle(body); err != nil {
		return s, fmt.Errorf("version %d of article %s: %w", s.version, s.id, err)
	}
	s.FirstSeen, s.LastSeen = s.firstSeen, s.lastSeen
	return s, nil
}

// Article returns an article, or trame.ErrNotFound. For the id of an article
// that moved it returns the article at the new address: its ID differs. Where
// no article is known at the new address (it is not read yet, or is a home page),
// it returns the last version of the old one, marked gone.
func (a *Archive) Article(ctx context.Context, id string) (trame.Article, error) {
	var last *standing
	for next, moves := id, 0; next != "" && moves <= maxMoves; moves++ {
		found, err := collect(ctx, a, a.scanStanding, standingQuery+`WHERE a.id = $1`, clean(next))
		if err != nil {
			return trame.Article{}, fmt.Errorf("article %s: %w", id, err)
		}
		if len(found) == 0 || found[0].hidden {
			break
		}
		last = &found[0]
		if next = last.movedTo; next == "" {
			return last.Article, nil
		}
	}
	if last == nil {
		return trame.Article{}, fmt.Errorf("article %s: %w", id, trame.ErrNotFound)
	}
	last.Article.Gone = true
	return last.Article, nil
}

// Articles returns the articles with these ids in this order; unknown ids are
// left out, and so are those that moved or are not articles any more. What the
// articles' slices and pointers lead to is shared by all callers: it is for
// reading.
func (a *Archive) Articles(ctx context.Context, ids []string) ([]trame.Article, error) {
	return articlesBy(ctx, a, "a.id", ids, func(k kept) string { return k.id })
}

// ArticlesByNumber is Articles for their numbers, those of [Change].
func (a *Archive) ArticlesByNumber(ctx context.Context, numbers []int64) ([]trame.Article, error) {
	return articlesBy(ctx, a, "a.number", numbers, func(k kept) int64 { return k.number })
}

func articlesBy[K string | int64](ctx context.Context, a *Archive, column string, keys []K, key func(kept) K) ([]trame.Article, error) {
	known := make(map[K]trame.Article, len(keys))
	for part := range slices.Chunk(keys, chunk) {
		var args []any
		found, err := collect(ctx, a, func(row scanner) (kept, error) { return scanKept(row) },
			`SELECT `+keptColumns+` FROM articles a WHERE a.moved_to = '' AND a.hidden = 0 AND `+in(column, part, &args), args...)
		if err != nil {
			return nil, fmt.Errorf("%d articles: %w", len(keys), err)
		}
		texts, err := a.versions(ctx, found)
		if err != nil {
			return nil, fmt.Errorf("%d articles: %w", len(keys), err)
		}
		for _, k := range found {
			art := texts[k.version]
			art.FirstSeen, art.LastSeen = k.firstSeen, k.lastSeen
			known[key(k)] = art
		}
	}
	out := make([]trame.Article, 0, len(known))
	for _, k := range keys {
		if art, ok := known[k]; ok {
			out = append(out, art)
		}
	}
	return out, nil
}

// versions returns the versions of articles by their numbers.
func (a *Archive) versions(ctx context.Context, of []kept) (map[int64]trame.Article, error) {
	all := make(map[int64]trame.Article, len(of))
	var missing []int64
	for _, k := range of {
		art, ok := a.recent.get(k.version)
		if ok {
			all[k.version] = art
		} else {
			missing = append(missing, k.version)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	err := a.eachVersion(ctx, missing, func(version int64, art trame.Article) {
		all[version] = art
		a.recent.put(version, art)
	})
	if err == nil && len(all) < len(of) {
		err = fmt.Errorf("%d of %d versions are missing", len(of)-len(all), len(of))
	}
	return all, err
}

// All yields every article but those that moved or are not articles any more,
// in the order of their first appearance; writes may go on meanwhile.
func (a *Archive) All(ctx context.Context) iter.Seq2[trame.Article, error] {
	return func(yield func(trame.Article, error) bool) {
		found := batches(func(last standing) ([]standing, error) {
			return collect(ctx, a, a.scanStanding, standingQuery+`WHERE a.number > $1 AND a.moved_to = '' AND a.hidden = 0 ORDER BY a.number LIMIT 100`, last.number)
		})
		for s, err := range found {
			if !yield(s.Article, err) {
				return
			}
		}
	}
}

// KnownText says that a text is at an address of a source.
type KnownText struct {
	Source, URL string
	Key         uint64 // trame.Article.TextKey
	number      int64
}

// Texts yields the texts of the articles that can be read at their address, but
// those too short to tell apart, in the order of their first appearance.
func (a *Archive) Texts(ctx context.Context) iter.Seq2[KnownText, error] {
	scan := func(row scanner) (t KnownText, err error) {
		var key int64
		err = row.Scan(&t.Source, &t.URL, &key, &t.number)
		t.Key = uint64(key)
		return t, err
	}
	return batches(func(last KnownText) ([]KnownText, error) {
		return collect(ctx, a, scan, `SELECT source, url, text_key, number FROM articles
			WHERE number > $1 AND text_key <> 0 AND gone = 0 AND moved_to = '' AND hidden = 0 ORDER BY number LIMIT 1000`, last.number)
	})
}

// Version is one state of an article that readers could see.
type Version struct {
	Change  int64 // its number in the history
	Seen    time.Time
	Article trame.Article
}

// Versions returns the versions of an article, oldest first, or
// trame.ErrNotFound. Their FirstSeen is the article's, their LastSeen is Seen.
func (a *Archive) Versions(ctx context.Context, id string) ([]Version, error) {
	found, err := collect(ctx, a, func(row scanner) (v Version, err error) {
		var seen, first int64
		var body []byte
		if err = row.Scan(&v.Change, &seen, &first, &body); err != nil {
			return v, err
		}
		if v.Article, err = a.packer.unpackArticle(body); err != nil {
			return v, fmt.Errorf("version %d: %w", v.Change, err)
		}
		v.Seen = fromMillis(seen)
		v.Article.FirstSeen, v.Article.LastSeen = fromMillis(first), v.Seen
		return v, nil
	}, `SELECT v.change, v.seen, a.first_seen, v.body FROM versions v JOIN articles a ON a.id = v.id WHERE v.id = $1 ORDER BY v.change`, clean(id))
	if err == nil && len(found) == 0 {
		err = trame.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("versions of article %s: %w", id, err)
	}
	return found, nil
}

// AttachedTo returns the ids of the articles that have a document attached, in
// the order of their first appearance.
func (a *Archive) AttachedTo(ctx context.Context, document string) ([]string, error) {
	ids, err := collect(ctx, a, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT a.id FROM attachments d JOIN articles a ON a.id = d.article WHERE d.url = $1 GROUP BY a.id, a.number ORDER BY a.number`, clean(document))
	if err != nil {
		return nil, fmt.Errorf("articles with document %s: %w", document, err)
	}
	return ids, nil
}

// Import writes articles that come from elsewhere, in one transaction, and
// returns how many were new or changed. An article without ID gets that of its
// URL; one that names no source gets its host without "www." as such. A source
// that is unknown is added with the article's SourceName and Country and without
// an address, so that nothing is visited for it. Given
// FirstSeen and LastSeen are kept for new articles, LastSeen for changed ones.
// One article that cannot be kept makes the whole import fail, and the error
// names it. Some hundred at once are fastest.
func (a *Archive) Import(ctx context.Context, articles []trame.Article) (changed int, err error) {
	fit := make([]trame.Article, len(articles))
	for i, art := range articles {
		if fit[i], err = fitArticle(art, ""); err != nil {
			return 0, fmt.Errorf("import article %d of %d: %w", i+1, len(articles), err)
		}
		fit[i].Source = cmp.Or(fit[i].Source, hostSource(fit[i].URL))
	}
	err = a.write(ctx, func(t *tx) (err error) {
		changed, err = t.importAll(fit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("import %d articles: %w", len(articles), err)
	}
	return changed, nil
}

// hostSource is the source of an article that names none.
func hostSource(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

func (t *tx) importAll(articles []trame.Article) (changed int, err error) {
	sources := map[string]bool{}
	for part := range slices.Chunk(articles, chunk) {
		var args []any
		ids := make([]string, len(part))
		for i, a := range part {
			ids[i] = a.ID
			if a.Source != "" && !sources[a.Source] {
				sources[a.Source] = true
				if err := t.knowSource(a.Source, a.SourceName, a.Country); err != nil {
					return 0, err
				}
			}
		}
		known, err := rows(t, func(row scanner) (kept, error) { return scanKept(row) },
			`SELECT `+keptColumns+` FROM articles a WHERE `+in("a.id", ids, &args), args...)
		if err != nil {
			return 0, err
		}
		n, err := t.importChunk(part, known)
		if err != nil {
			return 0, err
		}
		changed += n
	}
	return changed, nil
}

func (t *tx) importChunk(articles []trame.Article, known []kept) (changed int, err error) {
	byID := make(map[string]kept, len(known))
	for _, k := range known {
		byID[k.id] = k
	}
	fresh := map[string]bool{} // written by this chunk: to be looked up again
	for _, a := range articles {
		k, ok := byID[a.ID]
		if fresh[a.ID] {
			if k, ok, err = t.kept(a.ID); err != nil {
				return 0, err
			}
		}
		first, last := a.FirstSeen, a.LastSeen
		a.FirstSeen, a.LastSeen = time.Time{}, time.Time{}
		if ok && !k.hidden {
			if t.form, err = formOf(a, t.form); err != nil {
				return 0, err
			}
			if k.holds(a, t.form.fingerprint()) {
				continue // the same text; if it moved since, it stays where it moved to
			}
		}
		if first.IsZero() {
			first = t.now
		}
		if last.IsZero() {
			last = t.now
		}
		change, err := t.putOver(k, ok, a, first, last)
		if err != nil {
			return 0, err
		}
		if change > 0 {
			changed++
		}
		fresh[a.ID] = true
	}
	return changed, nil
}

// Totals are the sizes of an archive.
type Totals struct {
	Articles, Gone, Pages, Sources, Waiting int   // Gone articles count among Articles
	Change                                  int64 // the last number of the history
}

// Totals counts.
func (a *Archive) Totals(ctx context.Context) (Totals, error) {
	found, err := collect(ctx, a, func(row scanner) (s Totals, err error) {
		return s, row.Scan(&s.Articles, &s.Gone, &s.Pages, &s.Sources, &s.Waiting, &s.Change)
	}, `SELECT
		(SELECT COUNT(*) FROM articles WHERE moved_to = '' AND hidden = 0),
		(SELECT COUNT(*) FROM articles WHERE moved_to = '' AND hidden = 0 AND gone = 1),
		(SELECT COUNT(*) FROM pages),
		(SELECT COUNT(*) FROM sources),
		(SELECT COUNT(*) FROM links WHERE state = 'new' AND ready = 1),
		(SELECT n FROM counters WHERE name = 'change')`)
	if err == nil && len(found) == 0 {
		err = errors.New("no row")
	}
	if err != nil {
		return Totals{}, fmt.Errorf("totals: %w", err)
	}
	return found[0], nil
}

// eachVersion calls f with the articles of versions, in any order.
func (a *Archive) eachVersion(ctx context.Context, versions []int64, f func(version int64, art trame.Article)) error {
	var args []any
	query := `SELECT change, body FROM versions WHERE ` + in("change", versions, &args)
	return a.read(ctx, func() {}, func(rows *sql.Rows) error {
		var version int64
		var body sql.RawBytes
		if err := rows.Scan(&version, &body); err != nil {
			return err
		}
		art, err := a.packer.unpackArticle(body)
		if err != nil {
			return fmt.Errorf("version %d: %w", version, err)
		}
		f(version, art)
		return nil
	}, query, args...)
}
