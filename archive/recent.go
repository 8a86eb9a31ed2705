package archive

import (
	"sync"

	"trame"
)

// Bounds of the versions kept in memory.
const (
	recentBytes = 32 << 20 // of their texts, with what else an article takes
	recentLarge = 1 << 20  // a text from here on is not kept
	recentEach  = 1 << 10  // what an article takes besides its text, about
)

// recent keeps the versions that readers asked for last, by their numbers: a
// version never changes, and the articles on the first pages of what people
// search are asked for again and again. The zero recent is empty and works.
type recent struct {
	mu       sync.Mutex
	now, old map[int64]trame.Article // old was now until it held half of recentBytes
	size     int                     // of now
}

func (r *recent) get(version int64) (trame.Article, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, ok := r.now[version]
	if !ok {
		if a, ok = r.old[version]; ok {
			r.add(version, a)
		}
	}
	return a, ok
}

func (r *recent) put(version int64, a trame.Article) {
	if len(a.Text) >= recentLarge {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(version, a)
}

func (r *recent) add(version int64, a trame.Article) {
	if r.now == nil || r.size > recentBytes/2 {
		r.now, r.old, r.size = map[int64]trame.Article{}, r.now, 0
	}
	if _, ok := r.now[version]; !ok {
		r.size += len(a.Text) + recentEach
	}
	r.now[version] = a
}
