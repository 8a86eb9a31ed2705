package archive

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Connections that an archive may hold open.
const (
	readersSQLite = 4
	connsPostgres = 10
)

// openPatience is how long Open waits for a PostgreSQL that is starting.
const openPatience = 10 * time.Second

// Open opens, and where needed creates or migrates, the archive at a DSN:
// "sqlite:PATH" or "postgres://…". An archive written by a newer trame is
// refused. On SQLite the folder of PATH belongs to one process at a time: for a
// second one the error matches trame.ErrBusy. The error says what to do.
func Open(ctx context.Context, dsn string, o Options) (*Archive, error) {
	a := &Archive{now: o.Now, log: o.Log, changed: make(chan struct{})}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if a.packer, err = newPacker(); err != nil {
		return nil, err
	}
	path, lite := strings.CutPrefix(dsn, "sqlite:")
	switch {
	case lite:
		err = a.openSQLite(path)
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		err = a.openPostgres(dsn)
	default:
		err = errors.New("an archive is written sqlite:PATH or postgres://USER@HOST/NAME")
	}
	if err == nil {
		err = a.retry(ctx, openPatience, func() error { return a.migrate(ctx) })
	}
	if err != nil {
		err = fmt.Errorf("open the archive %s: %w", a.name(dsn), a.explain(err))
		a.abandon()
		return nil, err
	}
	return a, nil
}

// name is the DSN without its password.
func (a *Archive) name(dsn string) string {
	if a.path != "" {
		return a.path
	}
	if u, err := url.Parse(dsn); err == nil && u.Scheme != "" {
		q := u.Query()
		q.Del("password")
		u.RawQuery = q.Encode()
		return u.Redacted()
	}
	return "of this setting"
}

// abandon lets go of what a failed Open has taken.
func (a *Archive) abandon() {
	for _, db := range []*sql.DB{a.w, a.r} {
		if db != nil {
			db.Close()
		}
	}
	if a.lock != nil {
		a.lock.Close()
	}
	a.packer.close()
}

func (a *Archive) openSQLite(path string) (err error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return errors.New("sqlite: needs a path, as in sqlite:trame-data/archive.db")
	}
	if a.path, err = filepath.Abs(path); err != nil {
		return err
	}
	a.dir = filepath.Dir(a.path)
	if err = os.MkdirAll(a.dir, 0o755); err != nil {
		return fmt.Errorf("%w; choose a folder that this user may create", err)
	}
	if a.lock, err = lockFolder(a.dir); err != nil {
		return err
	}
	// Pragmas stand in the DSN: through Exec they would reach one connection.
	// FULL makes every commit last through a power cut, not only through a kill.
	// Of pages of 8 KiB a version fills more than of 4: a new file is a tenth
	// smaller. Their size must be set before the journal's mode is: _journal_mode
	// comes after all _pragma, which the driver sorts.
	file := "file:" + (&url.URL{Path: a.path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)" +
		"&_pragma=page_size(8192)&_journal_mode=WAL&_pragma=synchronous(FULL)&_pragma=journal_size_limit(67108864)&_pragma=cache_size(-8000)"
	if a.w, err = sql.Open("sqlite", file+"&_txlock=immediate"); err != nil {
		return err
	}
	a.w.SetMaxOpenConns(1)
	if a.r, err = sql.Open("sqlite", file+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	a.r.SetMaxOpenConns(readersSQLite)
	a.r.SetMaxIdleConns(readersSQLite)
	return nil
}

func (a *Archive) openPostgres(dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return err
	}
	a.w = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		// A plan made while the tables were empty, and kept with its statement,
		// reads them from end to end once they are full.
		_, err := c.Exec(ctx, `SET plan_cache_mode = force_custom_plan`)
		return err
	}))
	a.w.SetMaxOpenConns(connsPostgres)
	a.w.SetMaxIdleConns(connsPostgres)
	a.w.SetConnMaxIdleTime(5 * time.Minute)
	a.r = a.w
	return nil
}

// migrate brings the tables to the form that this program knows. Each migration
// is one transaction; on PostgreSQL one process at a time runs them.
func (a *Archive) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return a.migrateFrom(ctx, files)
}

func (a *Archive) migrateFrom(ctx context.Context, files fs.FS) error {
	dialect := goose.DialectSQLite3
	if a.dir == "" {
		dialect = goose.DialectPostgres
		unlock, err := a.lockMigrations(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	p, err := goose.NewProvider(dialect, a.w, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if have > want {
		return fmt.Errorf("it was written by a newer trame (schema %d, this one knows %d): use that version, or a backup made with this one", have, want)
	}
	if have == want {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate from schema %d to %d: %w", have, want, err)
	}
	a.log.Info("archive migrated", "from", have, "to", want)
	return nil
}

// migrationLock is the advisory lock of PostgreSQL that a migrating process
// holds: the letters of "trame".
const migrationLock = 0x7472616d65

// lockMigrations waits until no other process migrates, and keeps it so until
// unlock is called.
func (a *Archive) lockMigrations(ctx context.Context) (unlock func(), err error) {
	conn, err := a.w.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		conn.Close()
		return nil, fmt.Errorf("wait for another migration: %w", err)
	}
	return func() {
		// A connection that is lost has lost its locks too.
		conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		conn.Close()
	}, nil
}
