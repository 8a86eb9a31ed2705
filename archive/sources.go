package archive

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"trame"
)

// SourceRecord is a source with what the archive knows of it.
type SourceRecord struct {
	trame.Source
	trame.Coverage
}

// Healths of a source.
const (
	HealthNew     = "new"     // no visit got an answer yet
	HealthOK      = "ok"      // visited when it should be
	HealthLate    = "late"    // its home or feeds should have been visited more than a day ago
	HealthFailing = "failing" // neither its home nor any of its feeds answers as it should
)

// lateAfter is how long a home or feed may wait beyond its time.
const lateAfter = 24 * time.Hour

// PutSource adds a source or replaces its settings. Its links and articles stay.
func (a *Archive) PutSource(ctx context.Context, s trame.Source) error {
	s = cleaned(s)
	if s.ID == "" {
		return errors.New("put source: it has no id")
	}
	if len(s.ID) > maxID {
		return fmt.Errorf("put source: its id %.80s… is longer than %d bytes", s.ID, maxID)
	}
	settings, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("put source %s: %w", s.ID, err)
	}
	err = a.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO sources (id, settings, added) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET settings = excluded.settings`,
			s.ID, string(settings), t.now.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("put source %s: %w", s.ID, err)
	}
	return nil
}

// knowSource adds a source of which only the name is known, unless it is known.
// It has no address, so there is nothing to visit.
func (t *tx) knowSource(id, name, country string) error {
	settings, err := json.Marshal(trame.Source{ID: id, Name: name, Country: country})
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO sources (id, settings, added) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
		id, string(settings), t.now.UnixMilli())
	return err
}

// holdSource reports whether a source is known, and keeps it from being removed
// until the transaction ends. SQLite has one writer anyway.
func (t *tx) holdSource(id string) (bool, error) {
	query := `SELECT 1 FROM sources WHERE id = $1`
	if t.a.dir == "" {
		query += ` FOR KEY SHARE`
	}
	var one int
	err := t.row(query, []any{id}, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// RemoveSource forgets a source and the links to visit for it. Its articles and
// pages stay; what a visit under way finds is not kept. It returns
// trame.ErrNotFound for an unknown id.
func (a *Archive) RemoveSource(ctx context.Context, id string) error {
	var known int64
	err := a.write(ctx, func(t *tx) (err error) {
		if known, err = t.exec(`DELETE FROM sources WHERE id = $1`, clean(id)); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM links WHERE source = $1`, clean(id))
		return err
	})
	if err == nil && known == 0 {
		err = trame.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove source %s: %w", id, err)
	}
	return nil
}

// NoteSource records what a look at a source's home found: its platform
// ("wordpress", "spip"…; empty leaves it as it is) and what is wrong with it
// (empty: nothing). It returns trame.ErrNotFound for an unknown id.
func (a *Archive) NoteSource(ctx context.Context, id, platform, problem string) error {
	var known int64
	err := a.write(ctx, func(t *tx) (err error) {
		known, err = t.exec(`UPDATE sources SET platform = CASE WHEN $1 = '' THEN platform ELSE $1 END, problem = $2 WHERE id = $3`,
			clean(platform), clean(problem), clean(id))
		return err
	})
	if err == nil && known == 0 {
		err = trame.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("note on source %s: %w", id, err)
	}
	return nil
}

// Source returns one source, or trame.ErrNotFound.
func (a *Archive) Source(ctx context.Context, id string) (SourceRecord, error) {
	found, err := a.sources(ctx, []string{clean(id)})
	if err == nil && len(found) == 0 {
		err = trame.ErrNotFound
	}
	if err != nil {
		return SourceRecord{}, fmt.Errorf("source %s: %w", id, err)
	}
	return found[0], nil
}

// Sources returns all sources in the French order of their names.
func (a *Archive) Sources(ctx context.Context) ([]SourceRecord, error) {
	found, err := a.sources(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	return found, nil
}

func (a *Archive) sources(ctx context.Context, ids []string) ([]SourceRecord, error) {
	var args []any
	found, err := collect(ctx, a, scanSource, `
		SELECT s.settings, s.platform, s.problem,
			COALESCE(a.articles, 0), COALESCE(a.gone, 0), COALESCE(a.undated, 0), COALESCE(a.first, 0), COALESCE(a.last, 0),
			COALESCE(l.visited, 0), COALESCE(l.next, 0), COALESCE(l.waiting, 0), COALESCE(l.failing, 0)
		FROM sources s
		LEFT JOIN (SELECT source, COUNT(*) AS articles, SUM(gone) AS gone,
				COUNT(CASE WHEN published = 0 THEN 1 END) AS undated,
				MIN(CASE WHEN published > 0 THEN published END) AS first, MAX(published) AS last
			FROM articles WHERE moved_to = '' AND hidden = 0 AND `+in("source", ids, &args)+` GROUP BY source) a ON a.source = s.id
		LEFT JOIN (SELECT source, MAX(visited) AS visited, MIN(CASE WHEN due > 0 THEN due END) AS next,
				COUNT(CASE WHEN state = 'new' AND ready = 1 THEN 1 END) AS waiting,
				COUNT(CASE WHEN fails > 0 THEN 1 END) AS failing
			FROM links WHERE `+in("source", ids, &args)+` GROUP BY source) l ON l.source = s.id
		WHERE `+in("s.id", ids, &args)+` ORDER BY s.id`, args...)
	if err != nil {
		return nil, err
	}
	// Sorted here: the databases do not agree on where É belongs.
	french := collate.New(language.French)
	slices.SortStableFunc(found, func(x, y SourceRecord) int {
		return french.CompareString(cmp.Or(x.Name, x.ID), cmp.Or(y.Name, y.ID))
	})
	fronts, err := a.fronts(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range found {
		judge(&found[i].Coverage, fronts[found[i].ID], a.now())
	}
	return found, nil
}

func scanSource(row scanner) (r SourceRecord, err error) {
	var settings string
	var first, last int
	var visited, next int64
	c := &r.Coverage
	err = row.Scan(&settings, &c.Platform, &c.Problem, &c.Articles, &c.Gone, &c.Undated, &first, &last,
		&visited, &next, &c.Waiting, &c.Failing)
	if err != nil {
		return r, err
	}
	c.First, c.Last = dateOf(first), dateOf(last)
	c.LastVisit, c.NextVisit = fromMillis(visited), fromMillis(next)
	return r, json.Unmarshal([]byte(settings), &r.Source)
}

// dateNumber is a date as the tables hold it: yyyymmdd with 00 for what is not
// known, so that the earliest and latest keep their precision.
func dateNumber(d trame.Date) int { return d.Year*10000 + int(d.Month)*100 + d.Day }

func dateOf(n int) trame.Date {
	return trame.Date{Year: n / 10000, Month: time.Month(n / 100 % 100), Day: n % 100}
}

// front is a home or feed link of a source: what its health is judged by.
type front struct {
	source, problem string
	state           State
	fails           int
	due, visited    time.Time
}

func (a *Archive) fronts(ctx context.Context, ids []string) (map[string][]front, error) {
	var args []any
	bySource := map[string][]front{}
	err := a.read(ctx, func() { clear(bySource) }, func(rows *sql.Rows) error {
		var f front
		var due, visited int64
		if err := rows.Scan(&f.source, &f.problem, &f.state, &f.fails, &due, &visited); err != nil {
			return err
		}
		f.due, f.visited = fromMillis(due), fromMillis(visited)
		bySource[f.source] = append(bySource[f.source], f)
		return nil
	}, `SELECT source, problem, state, fails, due, visited FROM links WHERE kind <= 1 AND `+in("source", ids, &args)+` ORDER BY source, kind, url`, args...)
	return bySource, err
}

// answers reports whether the last visit went well.
func (f front) answers() bool {
	switch f.state {
	case StateRead, StateSeen, StateMoved, StateDuplicate:
		return f.fails == 0
	}
	return false
}

// judge sets the health of a source, and its problem where none was noted.
func judge(c *trame.Coverage, fronts []front, now time.Time) {
	tried, well, late := 0, 0, false
	problem := ""
	for _, f := range fronts {
		if f.state != StateNew {
			tried++
		}
		if f.answers() {
			well++
		} else if f.state != StateNew {
			problem = cmp.Or(problem, f.problem)
		}
		late = late || !f.due.IsZero() && now.Sub(f.due) > lateAfter
	}
	switch {
	case tried > 0 && well == 0:
		c.Health, c.Problem = HealthFailing, cmp.Or(c.Problem, problem)
	case c.LastVisit.IsZero():
		c.Health = HealthNew
	case late:
		c.Health = HealthLate
	default:
		c.Health = HealthOK
	}
}
