package archive

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// patience is how long work is tried again after an error that may pass: a
// restart of PostgreSQL, a deadlock, a serialization failure.
const patience = 30 * time.Second

// retry does work until it succeeds, fails for good, or has failed for max. The
// waits double from 20 ms to 1 s, each cut at random so that processes that
// failed together do not come back together.
func (a *Archive) retry(ctx context.Context, max time.Duration, work func() error) error {
	start, wait, said := time.Now(), 20*time.Millisecond, false
	for {
		err := work()
		if err == nil || ctx.Err() != nil || !isPassing(err) || time.Since(start)+wait > max {
			return err
		}
		if !said && time.Since(start) > time.Second {
			a.log.Warn("the archive's database does not answer as it should; trying again", "for", max, "error", err)
			said = true
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait/2 + rand.N(wait/2)):
		}
		wait = min(2*wait, time.Second)
	}
}

// write runs work in one transaction and commits it; errors that may pass make
// it run again from its beginning, so work must set its results, not add to
// them. A commit whose answer was lost may have happened: every work here finds
// nothing left to do the second time.
func (a *Archive) write(ctx context.Context, work func(*tx) error) error {
	a.writes.RLock()
	defer a.writes.RUnlock()
	var numbered bool
	err := a.retry(ctx, patience, func() error {
		t, err := a.begin(ctx)
		if err != nil {
			return err
		}
		defer t.Rollback()
		if err := work(t); err != nil {
			return err
		}
		numbered = t.numbers["change"] != nil
		if err := t.settle(); err != nil {
			return err
		}
		return t.Commit()
	})
	if err != nil {
		return a.explain(err)
	}
	if numbered {
		a.announce()
	}
	return nil
}

// read runs a query and hands each row to scan, again from the beginning after
// an error that may pass; start is called before each attempt.
func (a *Archive) read(ctx context.Context, start func(), scan func(*sql.Rows) error, query string, args ...any) error {
	return a.explain(a.retry(ctx, patience, func() error {
		start()
		rows, err := a.query(ctx, query, args)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}))
}

// query runs a query outside a transaction. pgx keeps its statements by text;
// SQLite would compile the text at each call, so those are kept here. There are
// few texts: what varies in number is asked for in the steps of in.
func (a *Archive) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if a.dir == "" {
		return a.r.QueryContext(ctx, query, args...)
	}
	s, ok := a.statements.Load(query)
	if !ok {
		fresh, err := a.r.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		if s, ok = a.statements.LoadOrStore(query, fresh); ok {
			fresh.Close() // another reader was faster
		}
	}
	return s.(*sql.Stmt).QueryContext(ctx, args...)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, a *Archive, scan func(scanner) (T, error), query string, args ...any) (out []T, err error) {
	err = a.read(ctx, func() { out = nil }, func(rows *sql.Rows) error {
		v, err := scan(rows)
		if err == nil {
			out = append(out, v)
		}
		return err
	}, query, args...)
	return out, err
}

// scanner is a row, alone or among others.
type scanner interface{ Scan(...any) error }

// tx is a transaction that keeps its statements and the numbers it has taken.
type tx struct {
	*sql.Tx
	ctx     context.Context
	a       *Archive
	now     time.Time
	numbers map[string]*taken
	stmts   map[string]*sql.Stmt

	form   form   // of the article that is written now
	packed []byte // the same, packed: the drivers copy it
}

func (a *Archive) begin(ctx context.Context) (*tx, error) {
	t, err := a.w.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &tx{Tx: t, ctx: ctx, a: a, now: fromMillis(a.now().UnixMilli()), numbers: map[string]*taken{}, stmts: map[string]*sql.Stmt{}}, nil
}

// prepared returns the statement for a query. pgx keeps its own by text; SQLite
// would compile the text at each call.
func (t *tx) prepared(query string) (*sql.Stmt, error) {
	if s := t.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.PrepareContext(t.ctx, query)
	if err == nil {
		t.stmts[query] = s
	}
	return s, err
}

func (t *tx) exec(query string, args ...any) (affected int64, err error) {
	var res sql.Result
	if t.a.dir == "" {
		res, err = t.ExecContext(t.ctx, query, args...)
	} else {
		var s *sql.Stmt
		if s, err = t.prepared(query); err == nil {
			res, err = s.ExecContext(t.ctx, args...)
		}
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *tx) row(query string, args []any, dest ...any) error {
	if t.a.dir == "" {
		return t.QueryRowContext(t.ctx, query, args...).Scan(dest...)
	}
	s, err := t.prepared(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(t.ctx, args...).Scan(dest...)
}

// rows reads all rows of a query.
func rows[T any](t *tx, scan func(scanner) (T, error), query string, args ...any) (out []T, err error) {
	rs, err := t.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	for rs.Next() {
		v, err := scan(rs)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rs.Err()
}

// next takes the next number of a counter. The first call locks the counter's
// row until the transaction ends: whoever takes a later number commits later,
// and so numbers become visible in order.
func (t *tx) next(counter string) (int64, error) {
	if had := t.numbers[counter]; had != nil {
		had.last++
		had.more = true
		return had.last, nil
	}
	var n int64
	err := t.row(`UPDATE counters SET n = n + 1 WHERE name = $1 RETURNING n`, []any{counter}, &n)
	if err != nil {
		return 0, fmt.Errorf("take a number of %s: %w", counter, err)
	}
	t.numbers[counter] = &taken{last: n}
	return n, nil
}

// taken is the last number that a transaction took of a counter, and whether it
// took more than the one that the counter's row knows.
type taken struct {
	last int64
	more bool
}

// settle writes the numbers taken back to the rows of their counters.
func (t *tx) settle() error {
	for counter, had := range t.numbers {
		if !had.more {
			continue
		}
		if _, err := t.exec(`UPDATE counters SET n = $1 WHERE name = $2`, had.last, counter); err != nil {
			return err
		}
	}
	return nil
}

// list writes n parameters, from number first on: "$3, $4, $5".
func list(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}

// in writes a condition that column is one of the values, and true for none;
// args grows by them. Up to 256 the last value is repeated until there are 1, 2,
// 4, 8… of them: statements are kept by their text.
func in[T string | int64](column string, values []T, args *[]any) string {
	if len(values) == 0 {
		return "1 = 1"
	}
	first, n := len(*args)+1, 1
	for n < len(values) && n < 256 {
		n *= 2
	}
	n = max(n, len(values))
	for i := range n {
		*args = append(*args, cleaned(values[min(i, len(values)-1)]))
	}
	return column + " IN (" + list(first, n) + ")"
}
