package index

import (
	"context"
	"slices"
	"sync"
	"time"

	"trame"
)

// titleKeeper keeps the titles of the archive. They are read in the background
// when a completion is asked for the first time, and again as words are (see
// lexiconKeeper); then only the articles that changed are read. Titles that went
// meanwhile are not shown.
type titleKeeper struct {
	mu       sync.Mutex
	titles   *titles
	of       int64     // cursor of the index when they began to be read
	articles int       // in it then
	made     time.Time // when they had been read
	making   chan struct{}
	stop     context.CancelFunc // ends making
}

// titles returns the titles as they were read last, nil before the first time, and
// whether nothing has changed since.
func (e *bleveEngine) titles(g *generation) (_ *titles, current bool, err error) {
	s, err := g.snapshot()
	if err != nil {
		return nil, false, err
	}
	defer s.Close()
	n, err := s.DocCount()
	if err != nil {
		return nil, false, err
	}
	cursor := decodeNumber(s.Internal()[string(keyCursor)])
	k := &e.shown
	k.mu.Lock()
	defer k.mu.Unlock()
	current = cursor == k.of
	grown := int(n)*100 > k.articles*(100+lexiconGrowth)
	if k.making == nil && (k.titles == nil || !current && (grown || time.Since(k.made) > lexiconAge)) {
		k.making = make(chan struct{})
		ctx, stop := context.WithCancel(context.Background())
		k.stop = stop
		go e.readTitles(ctx, cursor, int(n), k.making)
	}
	return k.titles, current, nil
}

// readTitles reads the titles and ends making.
func (e *bleveEngine) readTitles(ctx context.Context, of int64, articles int, making chan struct{}) {
	k := &e.shown
	k.mu.Lock()
	before := k.titles
	k.mu.Unlock()
	t, err := func() (t *titles, err error) {
		defer recovered(&err, "read titles")
		return newTitles(ctx, e.texts.Titles(ctx, before.known))
	}()
	if err != nil {
		if ctx.Err() == nil {
			e.log.Warn("titles of the archive cannot be read: no completions by the newest", "error", err)
		}
		if t = before; t == nil {
			t = &titles{}
		}
	}
	k.mu.Lock()
	k.titles, k.of, k.articles, k.made, k.making = t, of, articles, time.Now(), nil
	k.stop()
	k.mu.Unlock()
	close(making)
}

// close ends the reading under way and waits for its end.
func (k *titleKeeper) close() {
	k.mu.Lock()
	making := k.making
	if making != nil {
		k.stop()
	}
	k.mu.Unlock()
	if making != nil {
		<-making
	}
}

// standing leaves out the titles of articles that the index does not hold any more.
func (g *generation) standing(found []trame.Completion) ([]trame.Completion, error) {
	if len(found) == 0 {
		return nil, nil
	}
	snapshot, err := g.snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	s := &search{}
	if s.view, err = g.columns.of(snapshot); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(c trame.Completion) bool {
		_, err := s.find(c.ID)
		return err != nil
	}), nil
}
