// Package index makes the archive searchable. It follows the archive's history
// after a cursor that it keeps inside itself; api and web ask it as a
// [trame.Searcher].
//
// Bleve (scorch) keeps the inverted index on disk: for each term the documents,
// and a number for each that holds the places. It stores no text. What is done with
// this is ours: a question becomes a plan, a tree whose leaves are things to look
// up; the postings of the leaves are read segment by segment and kept in memory;
// the tree unites and intersects them, scores them by BM25, and filters, counts and
// sorts on columns held in memory. The articles shown come from the archive.
//
// Everything rests on one property of Bleve: a segment never changes. Its columns
// and postings are read once and stay true; deletions are a set laid over them; a
// search sees a snapshot of segments and nothing that happens afterwards.
//
// To read it, in this order:
//
//	what is written     document.go: the fields and terms of an article; places.go
//	                    bleve.go: Apply, Search, repair; follow.go: the history
//	                    folder.go, generation.go: what lies on disk, checked when opened
//	what memory holds   columns.go: numbers and sets of values; segment.go
//	                    postings.go, cache.go: what was looked up
//	a question          question.go: plain words, which of them are needed
//	                    plan.go, nodes.go: any question as a tree of nodes
//	                    sources.go, phrase.go: what a leaf reads of a segment
//	its answer          search.go: from the plan to trame.Results
//	                    eval.go, score.go: what matches a node, and its score
//	                    rank.go, facets.go, cursor.go, explain.go, marks.go
//	other answers       similar.go, trends.go, concordance.go, suggest.go
//	other spellings     lexicon.go, spelling.go
//
// The tests hold it to other ways of finding out: scan_test.go to a scan of all
// texts, damage_test.go to damaged and half-written files, load_test.go to many
// searches while articles come and go.
package index

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"trame"
	"trame/archive"
	"trame/french"
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
	// Rebuild makes the index again from the archive. Searches go on from the old
	// one until the new one is complete; changes may be applied meanwhile. progress
	// is as for CatchUp.
	Rebuild(ctx context.Context, a *archive.Archive, progress func(done, head int64)) error
	Close() error
}

// Options change how an index behaves; the zero value works.
type Options struct {
	Themes    []trame.Theme     // for labels
	Thesaurus *french.Thesaurus // nil searches and offers nothing besides what was written
	Language  string            // of labels; "" means fr
	Log       *slog.Logger
	Searches  int           // at the same time; 0 means two for each processor
	Patience  time.Duration // of a search with the words of the index, while they are read for the first time; 0 has no end

	archive string // which archive the index is of; "" is not checked
}

// Open opens, and where needed creates, the index at a DSN: "bleve:PATH". An
// index that is damaged or was made by another version of the mapping is moved
// aside, and an empty one takes its place: Follow fills it again. It reads
// article texts for snippets from a. An index in use by another process gives an
// error that matches trame.ErrBusy and names the folder.
func Open(ctx context.Context, dsn string, a *archive.Archive, o Options) (Engine, error) {
	path, ok := strings.CutPrefix(dsn, "bleve:")
	if !ok || path == "" {
		return nil, fmt.Errorf("open index %q: the address must be bleve: and a folder, for example bleve:./trame-data/index", dsn)
	}
	head, err := a.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", path, err)
	}
	if o.archive, err = identityOf(ctx, a); err != nil {
		return nil, fmt.Errorf("open index %s: %w", path, err)
	}
	e, err := openBleve(path, a, head, o)
	if err != nil {
		return nil, err // and no engine: a nil *bleveEngine would not be a nil Engine
	}
	return e, nil
}

// noteIdentity is the archive's note of what tells it from every other archive.
const noteIdentity = "archive identity"

// identityOf returns what tells an archive from every other one, and gives it to
// an archive that has none yet.
func identityOf(ctx context.Context, a *archive.Archive) (string, error) {
	id, err := a.Note(ctx, noteIdentity)
	if !errors.Is(err, trame.ErrNotFound) {
		return id, err
	}
	id = rand.Text()
	return id, a.SetNote(ctx, noteIdentity, id)
}

// Rebuild makes the index at a DSN again while no other process uses it. In a
// process that serves it, use the method of the engine.
func Rebuild(ctx context.Context, dsn string, a *archive.Archive, o Options, progress func(done, head int64)) error {
	e, err := Open(ctx, dsn, a, o)
	if err != nil {
		return err
	}
	defer e.Close()
	return e.Rebuild(ctx, a, progress)
}
