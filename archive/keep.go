package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trame"
)

// maxAliases bounds AlsoAt.
const maxAliases = 20

// kept is the row of an article.
type kept struct {
	id                      string
	number, change, version int64
	fingerprint             string
	gone, hidden            bool
	movedTo                 string
	firstSeen, lastSeen     time.Time
}

// visible reports whether readers find the article.
func (k kept) visible() bool { return !k.hidden && k.movedTo == "" }

const keptColumns = `a.id, a.number, a.change, a.version, a.fingerprint, a.gone, a.hidden, a.moved_to, a.first_seen, a.last_seen`

func scanKept(row scanner, more ...any) (k kept, err error) {
	var gone, hidden int
	var first, last int64
	err = row.Scan(append([]any{&k.id, &k.number, &k.change, &k.version, &k.fingerprint, &gone, &hidden, &k.movedTo, &first, &last}, more...)...)
	k.gone, k.hidden = gone == 1, hidden == 1
	k.firstSeen, k.lastSeen = fromMillis(first), fromMillis(last)
	return k, err
}

// holds reports whether the article's version is this one. The programs before
// this one took the fingerprint of all of the article's JSON.
func (k kept) holds(a trame.Article, fingerprint string) bool {
	return k.fingerprint == fingerprint || k.fingerprint == a.Fingerprint()
}

// kept returns the row of an article, and whether there is one.
func (t *tx) kept(id string) (kept, bool, error) {
	k, err := scanKept(t.QueryRowContext(t.ctx, `SELECT `+keptColumns+` FROM articles a WHERE a.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	return k, err == nil, err
}

// article returns the version that stands in a row.
func (t *tx) article(k kept) (trame.Article, error) {
	var body []byte
	if err := t.row(`SELECT body FROM versions WHERE change = $1`, []any{k.version}, &body); err != nil {
		return trame.Article{}, fmt.Errorf("version %d of %s: %w", k.version, k.id, err)
	}
	return t.a.packer.unpackArticle(body)
}

// putArticle writes an article that fitArticle has passed: a version and a
// number when readers would notice, else only that it was seen. An article that
// is there again after it was hidden or had moved takes a number too.
func (t *tx) putArticle(a trame.Article, first, last time.Time) (change int64, err error) {
	k, ok, err := t.kept(a.ID)
	if err != nil {
		return 0, err
	}
	return t.putOver(k, ok, a, first, last)
}

func (t *tx) putOver(k kept, ok bool, a trame.Article, first, last time.Time) (change int64, err error) {
	if t.form, err = formOf(a, t.form); err != nil {
		return 0, err
	}
	fingerprint := t.form.fingerprint()
	same := ok && k.holds(a, fingerprint)
	if !ok {
		k = kept{id: a.ID, firstSeen: first}
		if k.number, err = t.next("article"); err != nil {
			return 0, err
		}
	}
	if same && k.visible() {
		_, err := t.exec(`UPDATE articles SET last_seen = $1 WHERE id = $2`, millis(last), a.ID)
		return 0, err
	}
	if change, err = t.next("change"); err != nil {
		return 0, err
	}
	if !same {
		k.version = change
		if err := t.putVersion(change, a, !ok); err != nil {
			return 0, err
		}
	}
	gone := 0
	if a.Gone {
		gone = 1
	}
	_, err = t.exec(`INSERT INTO articles (id, number, change, version, fingerprint, source, url, text_key, published, gone, hidden, moved_to, first_seen, last_seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11, $12)
		ON CONFLICT (id) DO UPDATE SET change = excluded.change, version = excluded.version, fingerprint = excluded.fingerprint,
			source = excluded.source, url = excluded.url, text_key = excluded.text_key, published = excluded.published, gone = excluded.gone, hidden = 0, moved_to = '',
			last_seen = excluded.last_seen`,
		a.ID, k.number, change, k.version, fingerprint, a.Source, a.URL, int64(a.TextKey()), dateNumber(a.Published), gone, millis(k.firstSeen), millis(last))
	return change, err
}

// putVersion writes the version in t.form, the first one or a further one, and the
// documents of the article as it stands now.
func (t *tx) putVersion(change int64, a trame.Article, first bool) error {
	t.packed = t.a.packer.version.EncodeAll(t.form, t.packed[:0])
	_, err := t.exec(`INSERT INTO versions (change, id, seen, body) VALUES ($1, $2, $3, $4)`, change, a.ID, t.now.UnixMilli(), t.packed)
	if err != nil {
		return err
	}
	if !first {
		if _, err = t.exec(`DELETE FROM attachments WHERE article = $1`, a.ID); err != nil {
			return err
		}
	}
	for i, d := range a.Attachments {
		_, err = t.exec(`INSERT INTO attachments (article, place, url, title, media_type, pages) VALUES ($1, $2, $3, $4, $5, $6)`,
			a.ID, i, d.URL, d.Title, d.MediaType, d.Pages)
		if err != nil {
			return err
		}
	}
	return nil
}

// seenAgain notes that an article's page was visited and had not changed.
func (t *tx) seenAgain(id string, visited time.Time) (int64, error) {
	seen := min(millis(visited), t.now.UnixMilli())
	if _, err := t.exec(`UPDATE articles SET last_seen = $1 WHERE id = $2 AND last_seen < $1`, seen, id); err != nil {
		return 0, err
	}
	return t.setGone(id, false)
}

// setGone writes whether the page of an article is gone.
func (t *tx) setGone(id string, gone bool) (int64, error) {
	k, ok, err := t.kept(id)
	if err != nil || !ok || !k.visible() || k.gone == gone {
		return 0, err
	}
	a, err := t.article(k)
	if err != nil {
		return 0, err
	}
	a.Gone = gone
	return t.putOver(k, true, a, k.firstSeen, k.lastSeen)
}

// hide takes an article out of what is to be found: its page says something
// else now.
func (t *tx) hide(id string) (int64, error) {
	k, ok, err := t.kept(id)
	if err != nil || !ok || !k.visible() {
		return 0, err
	}
	return t.retire(k, "")
}

// retire gives an article that is not to be found any more its change.
func (t *tx) retire(k kept, movedTo string) (int64, error) {
	change, err := t.next("change")
	if err != nil {
		return 0, err
	}
	hidden := 0
	if movedTo == "" {
		hidden = 1
	}
	_, err = t.exec(`UPDATE articles SET change = $1, hidden = $2, moved_to = $3 WHERE id = $4`, change, hidden, movedTo, k.id)
	return change, err
}

// handOver gives the article at one address to the article at another.
func (t *tx) handOver(from, to string) (change int64, err error) {
	k, ok, err := t.kept(trame.ID(from))
	if err != nil {
		return 0, err
	}
	heir := trame.ID(to)
	if ok && k.movedTo != heir {
		if change, err = t.retire(k, heir); err != nil {
			return 0, err
		}
	}
	h, ok, err := t.kept(heir)
	if err != nil || !ok || !h.visible() {
		return change, err
	}
	a, err := t.article(h)
	if err != nil {
		return 0, err
	}
	if err := t.addAliases(&a); err != nil {
		return 0, err
	}
	n, err := t.putOver(h, true, a, h.firstSeen, h.lastSeen)
	return max(change, n), err
}

// addAliases adds to AlsoAt the addresses that lead to the article by redirect
// or by naming it as canonical, where that tells a reader something: an article
// stood there once, or another source names it. The many short forms of an
// address on its own site are left out.
func (t *tx) addAliases(a *trame.Article) error {
	aliases, err := rows(t, func(row scanner) (p trame.Place, err error) { return p, row.Scan(&p.URL, &p.Source) },
		`SELECT url, source FROM links WHERE target <> '' AND target = $1 AND state IN ('moved', 'duplicate') ORDER BY url LIMIT 200`, a.URL)
	if err != nil || len(aliases) == 0 {
		return err
	}
	ids := make([]string, len(aliases))
	for i, p := range aliases {
		ids[i] = trame.ID(p.URL)
	}
	var args []any
	once, err := rows(t, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM articles WHERE `+in("id", ids, &args), args...)
	if err != nil {
		return err
	}
	all := slices.Clone(a.AlsoAt)
	for i, p := range aliases {
		listed := slices.ContainsFunc(all, func(q trame.Place) bool { return q.URL == p.URL })
		if !listed && p.URL != a.URL && (p.Source != a.Source || slices.Contains(once, ids[i])) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(p, q trame.Place) int { return strings.Compare(p.URL, q.URL) })
	a.AlsoAt = all[:min(len(all), maxAliases)]
	return nil
}
