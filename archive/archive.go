// Package archive keeps what was fetched and read: sources, links to visit, raw
// pages, articles with their versions, and the numbered history of changes. It
// is the only truth; the index and everything else can be made again from it.
//
// One struct and one SQL text serve SQLite (modernc.org/sqlite) and PostgreSQL
// (pgx). The crawler writes; index, api, web and cmd read.
//
// Every string is cleaned on its way in: valid UTF-8, no NUL, no other control
// characters than tab and line feed, nothing that turns the direction of text.
// Moments are kept to the millisecond and come back in UTC.
package archive

import (
	"database/sql"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Options change how an archive behaves; the zero value works.
type Options struct {
	Now func() time.Time // the clock; nil means time.Now
	Log *slog.Logger     // nil means nothing is logged
}

// Archive is an open archive, safe for use by many goroutines. On PostgreSQL it
// may be open in several processes; on SQLite in one.
type Archive struct {
	path, dir  string   // of the SQLite file; empty on PostgreSQL
	lock       *os.File // held while open; nil on PostgreSQL
	w          *sql.DB  // writes; on SQLite one connection, so that writers queue here and not in the file
	r          *sql.DB  // reads; the same pool as w on PostgreSQL
	packer     packer
	statements sync.Map // of the reads on SQLite, *sql.Stmt by text
	recent     recent
	now        func() time.Time
	log        *slog.Logger

	writes sync.RWMutex // writes hold it for reading; Close waits for them

	mu      sync.Mutex
	changed chan struct{} // closed and replaced after each change
}

// Close ends the archive's use. It waits for the writes under way.
func (a *Archive) Close() error {
	a.writes.Lock()
	defer a.writes.Unlock()
	err := a.w.Close()
	if a.r != a.w {
		if rerr := a.r.Close(); err == nil {
			err = rerr
		}
	}
	a.packer.close()
	if a.lock != nil {
		a.lock.Close() // which gives the folder back
	}
	return err
}

// Changed returns a channel that is closed at the next change written by this
// process.
func (a *Archive) Changed() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.changed
}

func (a *Archive) announce() {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.changed)
	a.changed = make(chan struct{})
}

// millis is a moment as the tables hold it; fromMillis is its inverse.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
