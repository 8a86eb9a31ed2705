package index

import (
	"iter"
	"strings"
	"sync"
	"time"

	"trame/french"
)

// lexiconKeeper keeps the words of an index as people write them. They are read
// again in the background when the index has grown; what is missing meanwhile are
// completions and corrections to the newest words, never results.
type lexiconKeeper struct {
	mu       sync.Mutex
	lexicon  *french.Lexicon
	names    *names
	of       int64     // cursor of the index that it was made of
	articles int       // in it then
	made     time.Time // when that was done
	making   chan struct{}
}

// A lexicon is made again when the index has this many articles more in a
// hundred, or other ones and some time has passed.
const (
	lexiconGrowth = 5
	lexiconAge    = 10 * time.Minute
)

// lexicon returns the words of the index; nil while they are read for the first
// time, and with wait, where that takes longer than the options have patience for.
func (e *bleveEngine) lexicon(g *generation, wait bool) *french.Lexicon {
	k := &g.words
	k.mu.Lock()
	if k.stale(g) && k.making == nil {
		k.making = make(chan struct{})
		go e.readLexicon(g, k.making)
	}
	lexicon, making := k.lexicon, k.making
	k.mu.Unlock()
	if lexicon != nil || making == nil || !wait {
		return lexicon
	}
	var late <-chan time.Time
	if e.o.Patience > 0 {
		late = time.After(e.o.Patience)
	}
	select {
	case <-making:
	case <-late:
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lexicon
}

// names returns the names of themes, sources and authors as they were read last.
func (e *bleveEngine) names(g *generation) *names {
	g.words.mu.Lock()
	defer g.words.mu.Unlock()
	return g.words.names
}

func (k *lexiconKeeper) stale(g *generation) bool {
	if k.lexicon == nil {
		return true
	}
	s, err := g.snapshot()
	if err != nil {
		return false
	}
	defer s.Close()
	n, err := s.DocCount()
	if err != nil {
		return false
	}
	grown := int(n)*100 > k.articles*(100+lexiconGrowth)
	return grown || time.Since(k.made) > lexiconAge && decodeNumber(s.Internal()[string(keyCursor)]) != k.of
}

// readLexicon reads the words and ends making.
func (e *bleveEngine) readLexicon(g *generation, making chan struct{}) {
	k := &g.words
	lexicon, of, articles, err := e.readWords(g)
	if err != nil {
		e.log.Warn("words of the index cannot be read: no completions and corrections", "folder", g.path, "error", err)
		lexicon = french.NewLexicon(func(func(string, int) bool) {})
	}
	k.mu.Lock()
	k.lexicon, k.of, k.articles, k.made, k.making = lexicon, of, articles, time.Now(), nil
	k.mu.Unlock()
	close(making)
}

func (e *bleveEngine) readWords(g *generation) (_ *french.Lexicon, of int64, articles int, err error) {
	defer recovered(&err, "read words of "+g.path)
	s, err := g.snapshot()
	if err != nil {
		return nil, 0, 0, err
	}
	defer s.Close()
	v, err := g.columns.of(s)
	if err != nil {
		return nil, 0, 0, err
	}
	names := newNames(v, newLabeller(e.o.Language, e.o.Themes, v.sources))
	g.words.mu.Lock()
	g.words.names = names
	g.words.mu.Unlock()
	l := french.NewLexicon(v.surfaces(&err))
	for _, seg := range v.segments {
		articles += seg.documents
	}
	return l, decodeNumber(s.Internal()[string(keyCursor)]), articles, err
}

// surfaces gives the surface forms of all texts with the number of articles that
// hold them, segment by segment. A failure ends it.
func (v *view) surfaces(failed *error) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, seg := range v.segments {
			for _, field := range []string{fieldBody, fieldTitle} {
				going := true
				err := seg.eachEntry(field, nil, nil, func(term string, count uint64) error {
					_, surface, _ := strings.Cut(term, "\x00")
					if going = yield(surface, int(count)); !going {
						return errStopped
					}
					return nil
				})
				if !going {
					return
				}
				if err != nil {
					*failed = err
					return
				}
			}
		}
	}
}
