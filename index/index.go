// Package index makes the archive searchable. It follows the archive's history
// after a cursor that it keeps inside itself; api, web and digest ask it as a
// trame.Searcher.
package index

import (
	"context"
	"log/slog"

	"trame"
	"trame/archive"
)

// Engine is an index that can be written to. Its methods are safe for use by
// many goroutines.
type Engine interface {
	trame.Searcher
	// Apply writes the changes and the cursor upTo in one batch: both are there
	// after a crash, or neither is.
	Apply(ctx context.Context, changes []archive.Change, upTo int64) error
	// Cursor returns the number up to which the history has been applied.
	Cursor(ctx context.Context) (int64, error)
	Close() error
}

// Options change how an index behaves; the zero value works.
type Options struct {
	Themes   []trame.Theme // for labels
	Language string        // of labels; "" means fr
	Log      *slog.Logger
}

// Open opens, and where needed creates, the index at a DSN: "bleve:PATH". An
// index that is damaged or was made by another version of the mapping is moved
// aside, and an empty one takes its place: Follow fills it again. It reads
// article texts for snippets from a.
func Open(ctx context.Context, dsn string, a *archive.Archive, o Options) (Engine, error) {
	panic("todo")
}

// Follow applies the archive's history to e until ctx ends. It looks for changes
// whenever the archive says so and at least every few seconds.
func Follow(ctx context.Context, a *archive.Archive, e Engine, log *slog.Logger) error {
	panic("todo")
}

// CatchUp applies what the history holds now and returns. progress, when not
// nil, is called with the changes applied and the last number after each batch.
func CatchUp(ctx context.Context, a *archive.Archive, e Engine, progress func(done, head int64)) error {
	panic("todo")
}
