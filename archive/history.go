package archive

import (
	"context"
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

// maxChanges bounds one answer of Changes: its articles are in memory.
const maxChanges = 5000

// Changes returns at most limit entries after a number, in order, each article
// once (at its last entry). Numbers become visible in order: nothing can appear
// later before the last one returned.
func (a *Archive) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	if limit <= 0 {
		return nil, nil
	}
	changes, err := collect(ctx, a, func(row scanner) (Change, error) {
		s, err := a.scanStanding(row)
		c := Change{N: s.change, ID: s.id, Number: s.number}
		if s.visible() {
			c.Article = &s.Article
		}
		return c, err
	}, standingQuery+`WHERE a.change > $1 ORDER BY a.change LIMIT $2`, after, min(limit, maxChanges))
	if err != nil {
		return nil, fmt.Errorf("changes after %d: %w", after, err)
	}
	return changes, nil
}
