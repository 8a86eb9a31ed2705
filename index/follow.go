package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"trame/archive"
)

const (
	batchSize  = 1000    // changes written at once, at most
	batchText  = 5 << 20 // bytes of text in them, at most: their analysis takes many times as much memory
	lookEvery  = 5 * time.Second
	firstPause = time.Second // after a failure; doubled up to lastPause
	lastPause  = 30 * time.Second
)

// Follow applies the archive's history to e until ctx ends. It looks for changes
// whenever the archive says so and at least every few seconds. What fails is
// logged and tried again.
func Follow(ctx context.Context, a *archive.Archive, e Engine, log *slog.Logger) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	pause := firstPause
	for {
		changed := a.Changed()
		err := catchUp(ctx, a, e)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait := lookEvery
		if err != nil {
			log.Error("index does not follow the archive; trying again", "in", pause, "error", err)
			wait, changed = pause, nil
			pause = min(2*pause, lastPause)
		} else {
			pause = firstPause
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// catchUp is CatchUp with panics made errors, for Follow never ends.
func catchUp(ctx context.Context, a *archive.Archive, e Engine) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("follow archive: panic: %v", p)
		}
	}()
	return CatchUp(ctx, a, e, nil)
}

// CatchUp applies what the history holds now and returns. progress, when not
// nil, is called with the changes applied and the last number after each batch.
func CatchUp(ctx context.Context, a *archive.Archive, e Engine, progress func(done, head int64)) error {
	head, err := a.Head(ctx)
	if err != nil {
		return fmt.Errorf("follow archive: %w", err)
	}
	p, ok := e.(preparer)
	if !ok {
		p = unprepared{e}
	}
	return read(ctx, a, head, e.Cursor, p.prepare, progress)
}

// preparer is an engine that can get changes ready while others are written.
type preparer interface {
	prepare(ctx context.Context, changes []archive.Change) (prepared, error)
}

// prepared are changes ready to be written.
type prepared func(ctx context.Context, upTo int64) error

// unprepared gets nothing ready.
type unprepared struct{ Engine }

func (e unprepared) prepare(_ context.Context, changes []archive.Change) (prepared, error) {
	return func(ctx context.Context, upTo int64) error { return e.Apply(ctx, changes, upTo) }, nil
}

// batch is a step on its way from the archive to the index.
type batch struct {
	write prepared
	upTo  int64
	n     int
}

// read hands the history after cursor to the index until nothing is left. Numbers
// written meanwhile are read too. While a batch is written the next one is made
// ready.
func read(ctx context.Context, a *archive.Archive, head int64,
	cursor func(context.Context) (int64, error),
	prepare func(context.Context, []archive.Change) (prepared, error),
	progress func(done, head int64),
) error {
	after, err := cursor(ctx)
	if err != nil {
		return err
	}
	steps := make(chan batch)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		defer close(steps)
		defer recovered(&err, "read history")
		return readSteps(ctx, a, after, prepare, steps)
	})
	group.Go(func() error {
		var done int64
		for s := range steps {
			if err := s.write(ctx, s.upTo); err != nil {
				return err
			}
			done += int64(s.n)
			if progress != nil {
				progress(done, max(head, s.upTo))
			}
		}
		return nil
	})
	return group.Wait()
}

// readSteps reads the history after a number and makes it ready, batch by batch.
func readSteps(ctx context.Context, a *archive.Archive, after int64, prepare func(context.Context, []archive.Change) (prepared, error), steps chan<- batch) error {
	for {
		changes, err := a.Changes(ctx, after, batchSize)
		if err != nil {
			return fmt.Errorf("read history after %d: %w", after, err)
		}
		if len(changes) == 0 {
			return nil
		}
		if changes[0].N <= after {
			return errors.New("history does not move on")
		}
		for len(changes) > 0 {
			n := fit(changes)
			after = changes[n-1].N
			write, err := prepare(ctx, changes[:n])
			if err != nil {
				return err
			}
			select {
			case steps <- batch{write, after, n}:
			case <-ctx.Done():
				return ctx.Err()
			}
			changes = changes[n:]
		}
	}
}

// fit returns how many of the first changes make one batch: at least one.
func fit(changes []archive.Change) int {
	size := 0
	for i, c := range changes {
		if c.Article != nil {
			size += len(c.Article.Text)
		}
		if size > batchText && i > 0 {
			return i
		}
	}
	return len(changes)
}

// Rebuild implements Engine: a new generation is filled beside the one in use,
// then takes its place.
func (e *bleveEngine) Rebuild(ctx context.Context, a *archive.Archive, progress func(done, head int64)) (err error) {
	head, err := a.Head(ctx)
	if err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	e.writing.Lock()
	g, err := e.create()
	e.writing.Unlock()
	if err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	prepare := func(ctx context.Context, changes []archive.Change) (prepared, error) {
		made, gone, err := analyse(ctx, changes)
		return func(_ context.Context, upTo int64) error { return g.apply(made, gone, upTo) }, err
	}
	fill := func() error {
		return read(ctx, a, head, func(context.Context) (int64, error) { return g.cursor() }, prepare, progress)
	}
	if err = fill(); err == nil {
		err = e.swap(g, fill)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("rebuild index: %w", err), g.discard())
	}
	return nil
}

// swap puts a generation in the place of the one in use, once fill has given it
// what came meanwhile.
func (e *bleveEngine) swap(g *generation, fill func() error) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	if err := fill(); err != nil {
		return err
	}
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return errors.New("the index was closed meanwhile")
	}
	if err := e.folder.use(g.path); err != nil {
		e.mu.Unlock()
		return err
	}
	old := e.now
	e.now = g
	e.mu.Unlock()
	if old != nil {
		if err := old.discard(); err != nil {
			e.log.Warn("remove old index", "folder", old.path, "error", err)
		}
	}
	return nil
}
