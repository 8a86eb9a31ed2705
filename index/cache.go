package index

import (
	"container/list"
	"sync"
)

// postingsCacheBytes is the memory that postings kept for later may take.
const postingsCacheBytes = 384 << 20

// postingsCache keeps postings that searches have read, until others used later
// need their place. They are what answers are made of, never answers.
type postingsCache struct {
	mu      sync.Mutex
	entries map[postingsKey]*list.Element
	order   list.List // of *cached, used last first
	bytes   int64
}

type postingsKey struct {
	segment uint64
	source  string
}

type cached struct {
	key      postingsKey
	postings *postings
	bytes    int64
}

func (c *postingsCache) get(k postingsKey) *postings {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[k]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).postings
}

func (c *postingsCache) put(k postingsKey, p *postings, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[postingsKey]*list.Element{}
	}
	if c.entries[k] != nil || bytes > postingsCacheBytes/4 {
		return
	}
	c.entries[k] = c.order.PushFront(&cached{k, p, bytes})
	for c.bytes += bytes; c.bytes > postingsCacheBytes; {
		c.remove(c.order.Back())
	}
}

// keep forgets the postings of all segments but these.
func (c *postingsCache) keep(segments map[uint64]*columns) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.entries {
		if segments[k.segment] == nil {
			c.remove(e)
		}
	}
}

func (c *postingsCache) remove(e *list.Element) {
	gone := c.order.Remove(e).(*cached)
	delete(c.entries, gone.key)
	c.bytes -= gone.bytes
}
