package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"trame"
)

// maxBody bounds a page that is kept.
const maxBody = 64 << 20

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
// history in one transaction. It returns that number (the last one where several
// articles changed), or 0 when no reader would notice a difference (the article's
// Fingerprint is unchanged). FirstSeen and LastSeen are the archive's to set.
//
// A visit for a source that is not known any more, because it was removed
// meanwhile, writes nothing and returns 0.
//
// Without an article in the visit, the link's state decides over the article
// that was read from it before, if any:
//
//   - read (an answer 304): it was seen again when the link was visited last; if
//     it was gone, it is back.
//   - moved, duplicate: it is handed over to Target: Article(old id) answers the
//     article there, and that one names the old address in AlsoAt, now or when it
//     comes.
//   - gone, refused, locked: it is gone: readers cannot open it any more, or its
//     owner does not want it found.
//   - seen, unfit: the page is there and is not an article any more: it is not
//     to be found, until it is read again.
//   - new, failed: nothing changes.
func (a *Archive) Save(ctx context.Context, v Visit) (change int64, err error) {
	link, err := checkLink(v.Link)
	if err != nil {
		return 0, fmt.Errorf("save a visit: %w", err)
	}
	if len(link.Hint) > maxHint {
		link.Hint = nil
	}
	page, err := a.packPage(link.URL, v.Page)
	if err != nil {
		return 0, fmt.Errorf("save %s: %w", link.URL, err)
	}
	var article *trame.Article
	if v.Article != nil {
		fit, err := fitArticle(*v.Article, link.URL)
		if err != nil {
			return 0, fmt.Errorf("save %s: %w", link.URL, err)
		}
		article = &fit
	}
	err = a.write(ctx, func(t *tx) error {
		change = 0
		if known, err := t.holdSource(link.Source); err != nil || !known {
			return err
		}
		if err := t.putLink(link); err != nil {
			return err
		}
		if page != nil {
			if _, err := t.exec(putPage, page...); err != nil {
				return err
			}
		}
		if _, err := t.addLinks(v.Found); err != nil {
			return err
		}
		change, err = t.settleArticle(link, article)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("save %s: %w", link.URL, err)
	}
	return change, nil
}

// settleArticle brings the article at a link's address in line with a visit.
func (t *tx) settleArticle(l Link, article *trame.Article) (int64, error) {
	if article != nil {
		if err := t.addAliases(article); err != nil {
			return 0, err
		}
		return t.putArticle(*article, t.now, t.now)
	}
	id := trame.ID(l.URL)
	switch l.State {
	case StateRead:
		return t.seenAgain(id, l.Visited)
	case StateMoved, StateDuplicate:
		if l.Target != "" && l.Target != l.URL {
			return t.handOver(l.URL, l.Target)
		}
		return t.setGone(id, true)
	case StateGone, StateRefused, StateLocked:
		return t.setGone(id, true)
	case StateSeen, StateUnfit:
		return t.hide(id)
	}
	return 0, nil
}

const putPage = `INSERT INTO pages (url, fetched, status, content_type, header, body) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (url) DO UPDATE SET fetched = excluded.fetched, status = excluded.status,
		content_type = excluded.content_type, header = excluded.header, body = excluded.body`

// packPage returns the arguments of putPage, or nil for no page. It compresses
// before the transaction begins: nobody waits for it.
func (a *Archive) packPage(url string, p *Page) ([]any, error) {
	if p == nil {
		return nil, nil
	}
	if len(p.Body) > maxBody {
		return nil, fmt.Errorf("a page of %d bytes is larger than the %d that are kept", len(p.Body), maxBody)
	}
	if p.URL != "" {
		if url = clean(p.URL); len(url) > maxURL {
			return nil, fmt.Errorf("the page's address %.80s… is longer than %d bytes", url, maxURL)
		}
	}
	header, err := json.Marshal(cleaned(p.Header))
	if err != nil {
		return nil, err
	}
	fetched := p.Fetched
	if fetched.IsZero() {
		fetched = a.now()
	}
	return []any{url, millis(fetched), p.Status, clean(p.ContentType), string(header), a.packer.packPage(p.Body)}, nil
}

const pageColumns = `p.url, p.fetched, p.status, p.content_type, p.header, p.body`

func (a *Archive) scanPage(row scanner) (p Page, err error) {
	var fetched int64
	var header string
	var body []byte
	if err = row.Scan(&p.URL, &fetched, &p.Status, &p.ContentType, &header, &body); err != nil {
		return p, err
	}
	p.Fetched = fromMillis(fetched)
	if err = json.Unmarshal([]byte(header), &p.Header); err != nil {
		return p, fmt.Errorf("headers of page %s: %w", p.URL, err)
	}
	if p.Body, err = a.packer.unpackPage(body); err != nil {
		return p, fmt.Errorf("page %s: %w", p.URL, err)
	}
	return p, nil
}

// Page returns the page kept for an address, or trame.ErrNotFound.
func (a *Archive) Page(ctx context.Context, url string) (Page, error) {
	found, err := collect(ctx, a, a.scanPage, `SELECT `+pageColumns+` FROM pages p WHERE p.url = $1`, clean(url))
	if err == nil && len(found) == 0 {
		err = trame.ErrNotFound
	}
	if err != nil {
		return Page{}, fmt.Errorf("page %s: %w", url, err)
	}
	return found[0], nil
}

// KeptPage is a page with the link that it answered. The link has only its
// address when it was removed with its source.
type KeptPage struct {
	Link Link
	Page Page
}

// Pages yields every kept page with its link, in the order of their addresses;
// writes may go on meanwhile.
func (a *Archive) Pages(ctx context.Context) iter.Seq2[KeptPage, error] {
	return batches(func(last KeptPage) ([]KeptPage, error) {
		kept, err := collect(ctx, a, func(row scanner) (k KeptPage, err error) {
			k.Page, err = a.scanPage(row)
			return k, err
		}, `SELECT `+pageColumns+` FROM pages p WHERE p.url > $1 ORDER BY p.url LIMIT 20`, last.Page.URL)
		if err != nil || len(kept) == 0 {
			return nil, err
		}
		args, byURL := []any{}, make(map[string]Link, len(kept))
		urls := make([]string, len(kept))
		for i, k := range kept {
			urls[i] = k.Page.URL
		}
		links, err := collect(ctx, a, scanLink, `SELECT `+linkColumns+` FROM links WHERE `+in("url", urls, &args), args...)
		for _, l := range links {
			byURL[l.URL] = l
		}
		for i, k := range kept {
			kept[i].Link = byURL[k.Page.URL]
			kept[i].Link.URL = k.Page.URL
		}
		return kept, err
	})
}

// SaveReading writes what a kept page says when it is read again, without a
// visit: the link's schedule and the article's LastSeen stay. A nil article means
// that the page is not an article any more: it is not to be found. What only a
// visit can tell stays as it is: whether it is gone, and which lists name it. It
// returns the change, or 0 when no reader would notice a difference.
func (a *Archive) SaveReading(ctx context.Context, url string, art *trame.Article) (change int64, err error) {
	url = clean(url)
	var article *trame.Article
	if art != nil {
		fit, err := fitArticle(*art, url)
		if err != nil {
			return 0, fmt.Errorf("save the reading of %s: %w", url, err)
		}
		article = &fit
	}
	err = a.write(ctx, func(t *tx) (err error) {
		change, err = t.saveReading(url, article)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("save the reading of %s: %w", url, err)
	}
	return change, nil
}

func (t *tx) saveReading(url string, article *trame.Article) (int64, error) {
	l, known, err := t.link(url)
	if err != nil {
		return 0, err
	}
	if known && (l.State == StateMoved || l.State == StateDuplicate) {
		return 0, nil // the page is of a time before it moved
	}
	if article == nil {
		if _, err := t.exec(`UPDATE links SET state = 'seen' WHERE url = $1 AND state = 'read'`, url); err != nil {
			return 0, err
		}
		return t.hide(trame.ID(url))
	}
	if _, err := t.exec(`UPDATE links SET state = 'read' WHERE url = $1 AND state = 'seen'`, url); err != nil {
		return 0, err
	}
	now := *article
	now.Gone = l.State == StateGone || l.State == StateRefused || l.State == StateLocked
	seen := t.now
	k, ok, err := t.kept(now.ID)
	if err != nil {
		return 0, err
	}
	if ok {
		before, err := t.article(k)
		if err != nil {
			return 0, err
		}
		now.Gone = before.Gone
		if now.ListedBy == nil {
			now.ListedBy = before.ListedBy
		}
		seen = k.lastSeen
	} else if !l.Visited.IsZero() {
		seen = l.Visited
	}
	if err := t.addAliases(&now); err != nil {
		return 0, err
	}
	return t.putArticle(now, t.now, seen)
}
