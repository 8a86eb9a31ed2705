package archive

import (
	"context"
	"fmt"
	"iter"

	"trame"
)

// Title is what an article is called in its last version.
type Title struct {
	ID        string
	Version   int64 // another one is another text
	Published int   // yyyymmdd; mm and dd are 00 as far as they are unknown
	Text      string
	number    int64
}

// Titles yields the titles of the articles that can be found, in the order of
// their first appearance. A title is inside its article, so that reading all of
// them reads all of the archive: known gives those of versions that were read
// before.
func (a *Archive) Titles(ctx context.Context, known func(version int64) (string, bool)) iter.Seq2[Title, error] {
	scan := func(row scanner) (t Title, err error) {
		return t, row.Scan(&t.ID, &t.number, &t.Version, &t.Published)
	}
	return batches(func(last Title) ([]Title, error) {
		found, err := collect(ctx, a, scan, `SELECT id, number, version, published FROM articles
			WHERE number > $1 AND moved_to = '' AND hidden = 0 ORDER BY number LIMIT 100`, last.number)
		if err != nil {
			return nil, fmt.Errorf("titles after article %d: %w", last.number, err)
		}
		return found, a.readTitles(ctx, found, known)
	})
}

// readTitles fills in the titles of articles.
func (a *Archive) readTitles(ctx context.Context, of []Title, known func(version int64) (string, bool)) error {
	at := map[int64]*Title{}
	var missing []int64
	for i := range of {
		t := &of[i]
		var ok bool
		if t.Text, ok = known(t.Version); !ok {
			at[t.Version] = t
			missing = append(missing, t.Version)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return a.eachVersion(ctx, missing, func(version int64, art trame.Article) { at[version].Text = art.Title })
}
