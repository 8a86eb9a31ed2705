package index

import (
	"context"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// evaluator answers a plan for one segment.
type evaluator struct {
	ctx     context.Context
	seg     *scorch.SegmentSnapshot
	n       int
	columns *columns
	values  [][]string // of the facets
	lengths lengths
	scores  []float32 // by document; nil when nobody asks
	live    bitset
	dicts   map[string]segment.TermDictionary
	steps   int
}

func newEvaluator(ctx context.Context, seg *scorch.SegmentSnapshot, cols *columns, values [][]string, l lengths, score bool) *evaluator {
	ev := &evaluator{ctx: ctx, seg: seg, n: int(seg.Segment().Count()), columns: cols, values: values, lengths: l, dicts: map[string]segment.TermDictionary{}}
	if score {
		ev.scores = make([]float32, ev.n)
	}
	ev.live = newBitset(ev.n)
	for i := range ev.n {
		ev.live.add(uint32(i))
	}
	if deleted := seg.Deleted(); deleted != nil {
		for docs := deleted.Iterator(); docs.HasNext(); {
			ev.live.remove(docs.Next())
		}
	}
	return ev
}

// checkEvery is how many documents are looked at between two looks at the clock.
const checkEvery = 1 << 13

func (ev *evaluator) tick() error {
	if ev.steps++; ev.steps%checkEvery == 0 {
		return ev.ctx.Err()
	}
	return nil
}

func (ev *evaluator) dict(field string) (segment.TermDictionary, error) {
	if d, ok := ev.dicts[field]; ok {
		return d, nil
	}
	d, err := ev.seg.Segment().Dictionary(field)
	if err != nil {
		return nil, err
	}
	ev.dicts[field] = d
	return d, nil
}

// eval returns the documents that match a node, deleted ones left out; nil
// matches all. What is positive adds to the scores.
func (ev *evaluator) eval(n node, positive bool) (bitset, error) {
	switch n := n.(type) {
	case nil:
		return append(bitset(nil), ev.live...), nil
	case allOf:
		return ev.all(n, positive)
	case anyOf:
		found := newBitset(ev.n)
		for _, part := range n {
			some, err := ev.eval(part, positive)
			if err != nil {
				return nil, err
			}
			found.or(some)
		}
		return found, nil
	case noneOf:
		found := append(bitset(nil), ev.live...)
		some, err := ev.eval(n.of, false)
		if err != nil {
			return nil, err
		}
		found.without(some)
		return found, nil
	case mostOf:
		return ev.most(n)
	case bestOf:
		return ev.best(n, positive)
	case termNode:
		return ev.term(n, positive)
	case phraseNode:
		return ev.phrase(n, positive)
	case prefixNode:
		return ev.prefix(n, positive)
	case facetNode:
		return ev.facet(n), nil
	case dayNode:
		found := newBitset(ev.n)
		ev.live.each(func(doc uint32) bool {
			if n.includes(ev.columns.rows[doc].day) {
				found.add(doc)
			}
			return true
		})
		return found, nil
	}
	return newBitset(ev.n), nil
}

func (d dayNode) includes(day int32) bool {
	return day != 0 && day >= d.from && (d.to == 0 || day <= d.to)
}

func (ev *evaluator) all(parts allOf, positive bool) (bitset, error) {
	found := append(bitset(nil), ev.live...)
	for _, part := range parts {
		if not, ok := part.(noneOf); ok {
			some, err := ev.eval(not.of, false)
			if err != nil {
				return nil, err
			}
			found.without(some)
			continue
		}
		some, err := ev.eval(part, positive)
		if err != nil {
			return nil, err
		}
		found.and(some)
		if found.empty() {
			break
		}
	}
	return found, nil
}

func (ev *evaluator) most(n mostOf) (bitset, error) {
	held := make([]uint8, ev.n)
	for _, part := range n.of {
		some, err := ev.eval(part, true)
		if err != nil {
			return nil, err
		}
		some.each(func(doc uint32) bool {
			held[doc]++
			return true
		})
	}
	found := newBitset(ev.n)
	for doc, k := range held {
		if int(k) >= n.least {
			found.add(uint32(doc))
		}
	}
	return found, nil
}

func (ev *evaluator) term(n termNode, positive bool) (bitset, error) {
	found := newBitset(ev.n)
	score := positive && ev.scores != nil
	for _, c := range n {
		if c.exact && !score {
			continue
		}
		docs, err := ev.postings(c.field, c.term, score, false)
		if err != nil {
			return nil, err
		}
		for {
			p, err := docs.Next()
			if err != nil {
				return nil, err
			}
			if p == nil {
				break
			}
			if err := ev.tick(); err != nil {
				return nil, err
			}
			doc := uint32(p.Number())
			if !c.exact {
				found.add(doc)
			}
			if score {
				ev.scores[doc] += float32(c.idf * ev.lengths.saturate(c.field, ev.columns.rows[doc], float64(p.Frequency())))
			}
		}
	}
	return found, nil
}

func (ev *evaluator) postings(field string, term []byte, frequencies, places bool) (segment.PostingsIterator, error) {
	d, err := ev.dict(field)
	if err != nil {
		return nil, err
	}
	list, err := d.PostingsList(term, ev.seg.Deleted(), nil)
	if err != nil {
		return nil, err
	}
	return list.Iterator(frequencies, false, places, nil), nil
}

// best is anyOf, but of the scores of the parts the highest is added.
func (ev *evaluator) best(parts bestOf, positive bool) (bitset, error) {
	found := newBitset(ev.n)
	before := ev.scores
	defer func() { ev.scores = before }()
	var highest []float32
	if positive && before != nil {
		highest = make([]float32, ev.n)
	}
	for _, part := range parts {
		if highest != nil {
			ev.scores = make([]float32, ev.n)
		}
		some, err := ev.eval(part, positive)
		if err != nil {
			return nil, err
		}
		found.or(some)
		if highest != nil {
			some.each(func(doc uint32) bool {
				highest[doc] = max(highest[doc], ev.scores[doc])
				return true
			})
		}
	}
	for doc, score := range highest {
		before[doc] += score
	}
	return found, nil
}

// prefix matches every word that begins so; they count as one word.
func (ev *evaluator) prefix(n prefixNode, positive bool) (bitset, error) {
	found := newBitset(ev.n)
	score := positive && ev.scores != nil
	for _, field := range n.fields {
		var times []uint32 // by document
		if score {
			times = make([]uint32, ev.n)
		}
		err := eachTerm(ev.seg.Segment(), field, []byte(n.prefix), after(n.prefix), func(_ string, list segment.PostingsList) error {
			docs := list.Iterator(score, false, false, nil)
			for {
				p, err := docs.Next()
				if err != nil || p == nil {
					return err
				}
				if err := ev.tick(); err != nil {
					return err
				}
				found.add(uint32(p.Number()))
				if score {
					times[p.Number()] += uint32(p.Frequency())
				}
			}
		})
		if err != nil {
			return nil, err
		}
		weight := prefixBody
		if field == fieldTitleExact {
			weight = prefixTitle
		}
		for doc, tf := range times {
			if tf > 0 {
				ev.scores[doc] += float32(weight * ev.lengths.saturate(field, ev.columns.rows[doc], float64(tf)))
			}
		}
	}
	found.and(ev.live)
	return found, nil
}

// after returns the first key that does not begin with prefix.
func after(prefix string) []byte {
	b := []byte(prefix)
	b[len(b)-1]++ // the last byte of UTF-8 is never 0xff
	return b
}

func (ev *evaluator) facet(n facetNode) bitset {
	fits := make([]bool, len(ev.values[n.facet]))
	for i, v := range ev.values[n.facet] {
		fits[i] = n.fits(v)
	}
	found := newBitset(ev.n)
	ev.live.each(func(doc uint32) bool {
		for _, o := range ev.columns.facets[n.facet].of(doc) {
			if fits[o] {
				found.add(doc)
			}
		}
		return true
	})
	return found
}
