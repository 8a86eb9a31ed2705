package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trame"
)

// Change is an entry of the history, with the article as it stands now.
type Change struct {
	N       int64
	ID      string
	Number  int64          // of the article: grows with first appearance, never reused
	Article *trame.Article // nil: it has moved away and is not to be found any more
}

// Bounds of one answer of Changes: its articles are in memory.
const (
	maxChanges = 5000
	maxPacked  = 8 << 20 // bytes of packed articles that are asked of the database
	maxTexts   = 8 << 20 // bytes of text after which no further article is added
)

// Head returns the last number of the history, 0 when it is empty.
func (a *Archive) Head(ctx context.Context) (int64, error) {
	found, err := collect(ctx, a, func(row scanner) (n int64, err error) { return n, row.Scan(&n) },
		`SELECT n FROM counters WHERE name = 'change'`)
	if err == nil && len(found) == 0 {
		err = errors.New("no row")
	}
	if err != nil {
		return 0, fmt.Errorf("head of the history: %w", err)
	}
	return found[0], nil
}

// Changes returns at most limit entries after a number, in order, each article
// once (at its last entry). Large articles make it return fewer, but at least
// one where there is one: only an empty answer is the end. Numbers become visible
// in order: nothing can appear later before the last one returned.
func (a *Archive) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	if limit <= 0 {
		return nil, nil
	}
	var changes []Change
	texts := 0
	err := a.read(ctx, func() { changes, texts = nil, 0 }, func(rows *sql.Rows) error {
		if texts > maxTexts {
			return nil // those left are few: maxPacked
		}
		s, err := a.scanStanding(rows)
		c := Change{N: s.change, ID: s.id, Number: s.number}
		if s.visible() {
			c.Article = &s.Article
			texts += len(s.Text)
		}
		changes = append(changes, c)
		return err
	}, standingQuery+`WHERE a.change > $1 AND a.change <= (
			SELECT COALESCE(MAX(CASE WHEN packed <= $3 THEN change END), MIN(change)) FROM (
				SELECT f.change, SUM(LENGTH(p.body)) OVER (ORDER BY f.change) AS packed
				FROM (SELECT change, version FROM articles WHERE change > $1 ORDER BY change LIMIT $2) f
				JOIN versions p ON p.change = f.version) sizes)
		ORDER BY a.change`, after, min(limit, maxChanges), maxPacked)
	if err != nil {
		return nil, fmt.Errorf("changes after %d: %w", after, err)
	}
	return changes, nil
}
