package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"trame"
	"trame/archive"
	"trame/french"
)

// Texts reads the articles that results show; *archive.Archive is one.
type Texts interface {
	// Articles returns the articles with these ids in this order; unknown ids are
	// left out.
	Articles(ctx context.Context, ids []string) ([]trame.Article, error)
	// ArticlesByNumber is Articles by the numbers of the articles.
	ArticlesByNumber(ctx context.Context, numbers []int64) ([]trame.Article, error)
	// Titles yields the titles of all articles; see archive.Archive.Titles.
	Titles(ctx context.Context, known func(version int64) (string, bool)) iter.Seq2[archive.Title, error]
}

// bleveEngine is the Engine on Bleve.
type bleveEngine struct {
	folder *folder
	texts  Texts
	o      Options
	log    *slog.Logger

	shown titleKeeper

	writing sync.Mutex // held while a batch, a swap or a repair is under way

	mu     sync.RWMutex // guards what follows
	now    *generation  // nil after a repair that failed
	closed bool

	slots   chan struct{} // one for each search under way
	waiting atomic.Int64
}

// maxWaiting is how many searches may wait for a slot; further ones are told that
// the engine is busy.
const maxWaiting = 64

// openBleve opens the index in a folder. head is the last change of the archive:
// an index that knows more belongs to another archive.
func openBleve(path string, texts Texts, head int64, o Options) (_ *bleveEngine, err error) {
	o.Language = cmp.Or(o.Language, "fr")
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	f, err := openFolder(path)
	if err != nil {
		return nil, err
	}
	e := &bleveEngine{folder: f, texts: texts, o: o, log: log}
	e.slots = make(chan struct{}, cmp.Or(o.Searches, 2*runtime.GOMAXPROCS(0)))
	f.tidy()
	if e.now, err = e.load(head); err != nil {
		f.close()
		return nil, fmt.Errorf("open index: %w", err)
	}
	return e, nil
}

// load opens the generation in use; one that cannot be used is moved aside and an
// empty one made.
func (e *bleveEngine) load(head int64) (*generation, error) {
	if path := e.folder.current(); path != "" {
		g, err := openGeneration(path)
		if err == nil {
			if err = e.belongs(g, head); err == nil {
				return g, nil
			}
			g.close()
		}
		if !errors.Is(err, errDamaged) {
			return nil, err
		}
		e.log.Warn("index cannot be used and will be made again", "folder", path, "error", err)
		if err := e.folder.setAside(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("move damaged index aside: %w", err)
		}
	}
	g, err := e.create()
	if err != nil {
		return nil, err
	}
	if err := e.folder.use(g.path); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

// keyArchive says which archive a generation was made of.
var keyArchive = []byte("archive")

// belongs reports as damage a generation of another archive: one that a backup
// was put in the place of, for example.
func (e *bleveEngine) belongs(g *generation, head int64) error {
	n, err := g.cursor()
	if err != nil || n > head {
		return fmt.Errorf("%w: it has read %d changes of an archive of %d (%v)", errDamaged, n, head, err)
	}
	s, err := g.snapshot()
	if err != nil {
		return err
	}
	defer s.Close()
	if of := string(s.Internal()[string(keyArchive)]); e.o.archive != "" && of != e.o.archive {
		return fmt.Errorf("%w: it was made of another archive", errDamaged)
	}
	return nil
}

// create makes an empty generation of this archive.
func (e *bleveEngine) create() (*generation, error) {
	g, err := createGeneration(e.folder.next())
	if err != nil || e.o.archive == "" {
		return g, err
	}
	b := index.NewBatch()
	b.SetInternal(keyArchive, []byte(e.o.archive))
	if err := g.store.Batch(b); err != nil {
		g.close()
		return nil, fmt.Errorf("create index %s: %w", g.path, err)
	}
	return g, nil
}

// generation returns the one in use.
func (e *bleveEngine) generation() (*generation, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	switch {
	case e.closed:
		return nil, fmt.Errorf("index %s is closed", e.folder.path)
	case e.now == nil:
		return nil, fmt.Errorf("index %s is being repaired: %w", e.folder.path, trame.ErrBusy)
	}
	return e.now, nil
}

// repair closes and opens the index again after a failure of the generation bad.
// Bleve is not to be used any more after a full disk or a panic; what was
// written before is intact. e.writing is held.
func (e *bleveEngine) repair(bad *generation) {
	e.mu.Lock()
	if e.closed || e.now != bad {
		e.mu.Unlock()
		return
	}
	e.now = nil
	e.mu.Unlock()
	if bad != nil {
		if err := bad.close(); err != nil {
			e.log.Warn("close failing index", "folder", bad.path, "error", err)
		}
	}
	g, err := e.load(int64(^uint64(0) >> 1))
	if err != nil {
		e.log.Error("index cannot be opened again", "folder", e.folder.path, "error", err)
		return
	}
	e.mu.Lock()
	e.now = g
	e.mu.Unlock()
	e.log.Info("index opened again", "folder", g.path)
}

// Apply implements Engine.
func (e *bleveEngine) Apply(ctx context.Context, changes []archive.Change, upTo int64) error {
	write, err := e.prepare(ctx, changes)
	if err != nil {
		return fmt.Errorf("apply changes up to %d: %w", upTo, err)
	}
	return write(ctx, upTo)
}

// prepare analyses changes; what it returns writes them.
func (e *bleveEngine) prepare(ctx context.Context, changes []archive.Change) (prepared, error) {
	made, gone, err := analyse(ctx, changes)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, upTo int64) error {
		if err := e.write(ctx, made, gone, upTo); err != nil {
			return fmt.Errorf("apply changes up to %d: %w", upTo, err)
		}
		return nil
	}, nil
}

func (e *bleveEngine) write(ctx context.Context, made []*document, gone []string, upTo int64) error {
	e.writing.Lock()
	defer e.writing.Unlock()
	g, err := e.generation()
	if errors.Is(err, trame.ErrBusy) { // an earlier repair failed
		e.repair(nil)
		g, err = e.generation()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	if err = g.apply(made, gone, upTo); err != nil && ctx.Err() == nil {
		e.repair(g)
	}
	return err
}

// analyse makes the documents of changes on all processors, and says which
// articles are gone. Of several changes of one article the last counts.
func analyse(ctx context.Context, changes []archive.Change) (documents []*document, gone []string, err error) {
	last := map[string]int{}
	for i, c := range changes {
		last[c.ID] = i
	}
	made := make([]*document, len(changes))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range changes {
		switch {
		case last[c.ID] != i:
		case c.Article == nil:
			gone = append(gone, c.ID)
		default:
			group.Go(func() (err error) {
				defer recovered(&err, "analyse article "+c.ID)
				made[i] = newDocument(c)
				return ctx.Err()
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for _, d := range made {
		if d != nil {
			documents = append(documents, d)
		}
	}
	return documents, gone, nil
}

// Cursor implements Engine. Where an earlier repair failed it tries again: Follow
// asks it before anything else.
func (e *bleveEngine) Cursor(ctx context.Context) (int64, error) {
	g, err := e.generation()
	if errors.Is(err, trame.ErrBusy) && e.writing.TryLock() {
		e.repair(nil)
		e.writing.Unlock()
		g, err = e.generation()
	}
	if err != nil {
		return 0, err
	}
	return g.cursor()
}

// Close implements Engine. It waits for the batch under way.
func (e *bleveEngine) Close() error {
	e.writing.Lock()
	defer e.writing.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	e.shown.close()
	var err error
	if e.now != nil {
		err = e.now.close()
	}
	return errors.Join(err, e.folder.close())
}

// Search implements trame.Searcher.
func (e *bleveEngine) Search(ctx context.Context, q trame.Query) (r *trame.Results, err error) {
	err = e.answer(ctx, q, func(s *search) error {
		if err := s.run(ctx); err != nil {
			return err
		}
		if r, err = s.results(ctx, e.texts); err != nil {
			return err
		}
		r.Generation = s.generation
		r.Took = time.Since(s.began)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// answer has work done for a query on the state that the index has now. An index
// that turns out to be damaged is repaired, and the engine busy meanwhile.
func (e *bleveEngine) answer(ctx context.Context, q trame.Query, work func(*search) error) error {
	expr, err := validate(q)
	if err != nil {
		return err
	}
	if err := e.enter(ctx); err != nil {
		return err
	}
	defer func() { <-e.slots }()
	g, err := e.generation()
	if err != nil {
		return err
	}
	err = e.search(g, q, expr, work)
	if errors.Is(err, errDamaged) {
		e.log.Error("search failed", "error", err)
		e.writing.Lock()
		e.repair(g)
		e.writing.Unlock()
		return fmt.Errorf("index %s is being repaired (%v): %w", e.folder.path, err, trame.ErrBusy)
	}
	return err
}

// enter takes a slot, waiting for one if not too many wait already.
func (e *bleveEngine) enter(ctx context.Context) error {
	select {
	case e.slots <- struct{}{}:
		return nil
	default:
	}
	defer e.waiting.Add(-1)
	if e.waiting.Add(1) > maxWaiting {
		return fmt.Errorf("too many searches at once: %w", trame.ErrBusy)
	}
	select {
	case e.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *bleveEngine) search(g *generation, q trame.Query, expr trame.Expr, work func(*search) error) (err error) {
	debug.SetPanicOnFault(true)
	defer recovered(&err, "search index "+g.path)
	began := time.Now()
	snapshot, err := g.snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	s := &search{q: q, e: expr, cache: &g.columns.postings, words: e.o.Thesaurus, began: began}
	s.generation = decodeNumber(snapshot.Internal()[string(keyCursor)])
	s.spell = func(word string) (string, bool) {
		if words := e.lexicon(g, true); words != nil {
			return words.Respell(word)
		}
		return word, false
	}
	s.lexicon = func() *french.Lexicon { return e.lexicon(g, false) }
	if s.view, err = g.columns.of(snapshot); err != nil {
		return err
	}
	s.label = newLabeller(e.o.Language, e.o.Themes, s.view.sources)
	if err := s.place(); err != nil {
		return err
	}
	return work(s)
}
