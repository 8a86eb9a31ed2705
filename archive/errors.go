package archive

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// explain adds to an error of the database the sentence that says what to do,
// and puts it on one line.
func (a *Archive) explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	msg := strings.Join(strings.Fields(err.Error()), " ")
	if hint := a.hint(err); hint != "" {
		msg += "; " + hint
	}
	return &explained{msg, err}
}

// explained is an error in words for people.
type explained struct {
	msg string
	err error
}

func (e *explained) Error() string { return e.msg }
func (e *explained) Unwrap() error { return e.err }

// hint says what to do about an error, where that is known.
func (a *Archive) hint(err error) string {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return a.hintSQLite(lite.Code() & 0xff)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return hintPostgres(pg.Code)
	}
	if a.dir == "" && isConnectionLoss(err) {
		return "is PostgreSQL running, and is the address in TRAME_ARCHIVE right?"
	}
	return ""
}

func (a *Archive) hintSQLite(code int) string {
	switch code {
	case sqlite3.SQLITE_FULL:
		return "the disk of " + a.dir + " is full: free some space and go on, what was saved before is safe"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return a.path + " cannot be written: give this user the right to write to it and to " + a.dir
	case sqlite3.SQLITE_CANTOPEN:
		return a.path + " cannot be opened: give this user the right to read and write it and " + a.dir
	case sqlite3.SQLITE_NOTADB:
		return a.path + " is not an archive: choose another data folder, or put a backup in its place"
	case sqlite3.SQLITE_CORRUPT:
		return a.path + " is damaged: stop trame and put a backup in its place"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program holds " + a.path + ": close it and try again"
	case sqlite3.SQLITE_IOERR:
		return "the disk of " + a.dir + " failed: look at the system's log and at the free space"
	}
	return ""
}

func hintPostgres(code string) string {
	switch {
	case code == "53100":
		return "the disk of PostgreSQL is full: free some space and go on, what was saved before is safe"
	case code == "53300":
		return "PostgreSQL has no connection left: raise max_connections, or stop another client"
	case code == "3D000":
		return "create the database first: createdb NAME"
	case strings.HasPrefix(code, "28"):
		return "check user and password in TRAME_ARCHIVE"
	case code == "42501":
		return "give this user the right to create tables: GRANT CREATE, USAGE ON SCHEMA public TO NAME"
	case code == "25006":
		return "this PostgreSQL is read-only, perhaps a replica: use the primary's address in TRAME_ARCHIVE"
	}
	return ""
}

// isPassing reports whether the same work may succeed when it is done again.
func isPassing(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", // serialization failure, deadlock
			"53300",                   // too many connections
			"57P01", "57P02", "57P03": // shut down, crashed, starting up
			return true
		}
		return strings.HasPrefix(pg.Code, "08") // connection
	}
	return isConnectionLoss(err)
}

func isConnectionLoss(err error) bool {
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &network) || pgconn.SafeToRetry(err)
}
