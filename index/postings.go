package index

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// postings say which documents of a segment hold something that was asked, and
// how often. Deleted documents are among them: a segment never changes, so its
// postings are true as long as it lives, and are kept (postingsCache).
type postings struct {
	docs  []uint32
	times []times
	held  held

	live   atomic.Pointer[liveHeld]
	scored atomic.Pointer[scored]
}

// times are five numbers in one: how often something stands in the title, in the
// body, in each of them just as it was written, and in the lead. They stop at 15
// in title and lead, at 1,023 in the body.
type times uint32

const (
	mostTitle = 1<<4 - 1
	mostBody  = 1<<10 - 1
)

func (t times) title() uint32      { return uint32(t) & mostTitle }
func (t times) exactTitle() uint32 { return uint32(t) >> 4 & mostTitle }
func (t times) lead() uint32       { return uint32(t) >> 8 & mostTitle }
func (t times) body() uint32       { return uint32(t) >> 12 & mostBody }
func (t times) exactBody() uint32  { return uint32(t) >> 22 }

// plus counts n more in a field, some of them in the lead of the body.
func (t times) plus(field string, n, inLead uint32, exact bool) times {
	title, exactTitle, lead, body, exactBody := t.title(), t.exactTitle(), t.lead(), t.body(), t.exactBody()
	switch field {
	case fieldTitle:
		title = min(title+n, mostTitle)
		if exact {
			exactTitle = min(exactTitle+n, mostTitle)
		}
	case fieldBody:
		body = min(body+n, mostBody)
		lead = min(lead+inLead, mostTitle)
		if exact {
			exactBody = min(exactBody+n, mostBody)
		}
	}
	return times(title | exactTitle<<4 | lead<<8 | body<<12 | exactBody<<22)
}

// in returns how often it stands in a field.
func (t times) in(field string) uint32 {
	if field == fieldTitle {
		return t.title()
	}
	return t.body()
}

// held counts documents: that hold something at all, in the title, in the body,
// and in each of them just as it was written.
type held struct{ any, title, body, exactTitle, exactBody int }

func (h *held) count(t times) {
	h.any++
	h.title += one(t.title())
	h.body += one(t.body())
	h.exactTitle += one(t.exactTitle())
	h.exactBody += one(t.exactBody())
}

func one(n uint32) int {
	if n > 0 {
		return 1
	}
	return 0
}

func (h *held) add(o held) {
	h.any += o.any
	h.title += o.title
	h.body += o.body
	h.exactTitle += o.exactTitle
	h.exactBody += o.exactBody
}

// liveHeld is held without the documents deleted.
type liveHeld struct {
	deleted *roaring.Bitmap
	held    held
}

// heldIn returns what the documents of a scope hold.
func (p *postings) heldIn(seg *segmentView, s scope) held {
	if s.whole() && seg.deleted == nil {
		return p.held
	}
	if known := p.live.Load(); s.whole() && known != nil && known.deleted == seg.deleted {
		return known.held
	}
	var h held
	for i, doc := range p.docs {
		if seg.holds(s, doc) {
			h.count(p.times[i])
		}
	}
	if s.whole() {
		p.live.Store(&liveHeld{seg.deleted, h})
	}
	return h
}

// bytes is about the memory that they take, with the scores to come.
func (p *postings) bytes() int64 { return int64(len(p.docs))*12 + 300 }

// checkEvery is how many documents are looked at between two looks at the clock.
const checkEvery = 1 << 13

// tally adds up what several terms hold.
type tally struct {
	ctx     context.Context
	times   []times // by document; all zero between two uses
	touched bitset
	steps   int
}

// tallies are used again: they are as large as a segment.
var tallies = sync.Pool{New: func() any { return new(tally) }}

func newTally(ctx context.Context, n int) *tally {
	t := tallies.Get().(*tally)
	t.ctx = ctx
	if len(t.times) < n {
		t.times = make([]times, n)
	}
	t.touched = newBitset(n)
	return t
}

// add counts the documents of a term.
func (t *tally) add(field string, list segment.PostingsList, exact bool) error {
	docs := list.Iterator(true, false, false, nil)
	for {
		p, err := docs.Next()
		if err != nil || p == nil {
			return err
		}
		if t.steps++; t.steps%checkEvery == 0 && t.ctx.Err() != nil {
			return t.ctx.Err()
		}
		n, lead := countPlaces(p.Frequency())
		t.plus(uint32(p.Number()), field, n, lead, exact)
	}
}

func (t *tally) plus(doc uint32, field string, n, lead uint32, exact bool) {
	t.touched.add(doc)
	t.times[doc] = t.times[doc].plus(field, n, lead, exact)
}

// postings returns what was counted, and ends the tally.
func (t *tally) postings() *postings {
	n := t.touched.count()
	p := &postings{docs: make([]uint32, 0, n), times: make([]times, 0, n)}
	t.touched.each(func(doc uint32) {
		p.docs = append(p.docs, doc)
		p.times = append(p.times, t.times[doc])
		p.held.count(t.times[doc])
		t.times[doc] = 0
	})
	t.put()
	return p
}

// drop ends a tally that failed.
func (t *tally) drop() {
	t.touched.each(func(doc uint32) { t.times[doc] = 0 })
	t.put()
}

func (t *tally) put() {
	t.ctx, t.touched = nil, nil
	tallies.Put(t)
}
