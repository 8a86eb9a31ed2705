package index

import (
	"context"
	"sync"
)

// matches are documents of a segment, in order, with what each scores so far.
type matches struct {
	docs   []uint32
	scores []float32
	mine   bool // docs and scores may be written to
}

// evaluator answers a plan for one segment.
type evaluator struct {
	ctx    context.Context
	seg    *segmentView
	number int // of the segment in the view
	view   *view
	stats  statistics
	*scratch
}

// scratch is memory that evaluations use again.
type scratch struct {
	numbers [][]uint32
	floats  [][]float32
	sums    []float32 // by document; all zero between two uses
	weights []float32 // the same
	touched bitset    // empty between two uses
	used    int
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func (s *scratch) fit(n int) {
	if len(s.sums) < n {
		s.sums, s.weights = make([]float32, n), make([]float32, n)
		s.touched = newBitset(n)
	}
}

// matches returns room for n documents.
func (s *scratch) matches(n int) matches {
	if s.used == len(s.numbers) {
		s.numbers, s.floats = append(s.numbers, nil), append(s.floats, nil)
	}
	k := s.used
	s.used++
	if cap(s.numbers[k]) < n {
		s.numbers[k], s.floats[k] = make([]uint32, n+n/4), make([]float32, n+n/4)
	}
	return matches{docs: s.numbers[k][:0:n], scores: s.floats[k][:0:n], mine: true}
}

// done makes the room free again. What was returned from it is lost.
func (s *scratch) done() { s.used = 0 }

// eval returns the documents that match a node, deleted ones included; nil
// matches all.
func (ev *evaluator) eval(n node) (matches, error) {
	if err := ev.ctx.Err(); err != nil {
		return matches{}, err
	}
	switch n := n.(type) {
	case nil:
		return ev.everything(), nil
	case *leaf:
		return ev.leaf(n), nil
	case allOf:
		return ev.all(n)
	case anyOf:
		return ev.any(n, plus)
	case bestOf:
		return ev.any(anyOf(n), highest)
	case *mostOf:
		return ev.most(n)
	case boosted:
		return ev.boost(n)
	case scaled:
		m, err := ev.eval(n.of)
		if err != nil {
			return m, err
		}
		m = ev.own(m)
		for i := range m.scores {
			m.scores[i] *= n.share
		}
		return m, nil
	case noneOf:
		m, err := ev.eval(n.of)
		if err != nil {
			return m, err
		}
		return ev.without(ev.everything(), m), nil
	case tester:
		return ev.keep(ev.everything(), n.test(ev.view, ev.seg)), nil
	}
	return matches{}, nil
}

func (ev *evaluator) everything() matches {
	m := ev.matches(ev.seg.n)
	m.docs, m.scores = m.docs[:ev.seg.n], m.scores[:ev.seg.n]
	for doc := range m.docs {
		m.docs[doc] = uint32(doc)
	}
	clear(m.scores)
	return m
}

func (ev *evaluator) leaf(l *leaf) matches {
	p := l.postings[ev.number]
	s := p.score(ev.seg.columns, l.weights, l.scale)
	return matches{docs: p.docs, scores: s.scores}
}

// own returns matches that may be written to.
func (ev *evaluator) own(m matches) matches {
	if m.mine {
		return m
	}
	o := ev.matches(len(m.docs))
	o.docs = append(o.docs, m.docs...)
	o.scores = append(o.scores, m.scores...)
	return o
}

// all intersects in the order of the parts, which is the same in all segments: so
// a score does not depend on the segment. What tests documents one by one comes
// last.
func (ev *evaluator) all(parts allOf) (matches, error) {
	var positive []matches
	var negative []node
	var tests []func(doc uint32) bool
	for _, part := range parts {
		switch part := part.(type) {
		case noneOf:
			negative = append(negative, part.of)
		case tester:
			tests = append(tests, part.test(ev.view, ev.seg))
		default:
			m, err := ev.eval(part)
			if err != nil || len(m.docs) == 0 {
				return matches{}, err
			}
			positive = append(positive, m)
		}
	}
	var found matches
	if len(positive) == 0 {
		found = ev.everything()
	} else {
		found = positive[0]
		for _, m := range positive[1:] {
			found = ev.both(found, m)
		}
	}
	for _, n := range negative {
		if len(found.docs) == 0 {
			break
		}
		m, err := ev.eval(n)
		if err != nil {
			return matches{}, err
		}
		found = ev.without(found, m)
	}
	for _, test := range tests {
		found = ev.keep(found, test)
	}
	return found, nil
}

// both intersects.
func (ev *evaluator) both(a, b matches) matches {
	o := a
	if !a.mine {
		o = ev.matches(len(a.docs))
	}
	docs, scores := o.docs[:len(a.docs)], o.scores[:len(a.docs)]
	n := 0
	at := 0
	for i, doc := range a.docs {
		if at = seek(b.docs, at, doc); at == len(b.docs) {
			break
		}
		if b.docs[at] == doc {
			docs[n], scores[n] = doc, a.scores[i]+b.scores[at]
			n++
		}
	}
	return matches{docs: docs[:n], scores: scores[:n], mine: true}
}

// without takes b's documents from a's.
func (ev *evaluator) without(a, b matches) matches {
	if len(b.docs) == 0 {
		return a
	}
	at := 0
	return ev.keep(a, func(doc uint32) bool {
		at = seek(b.docs, at, doc)
		return at == len(b.docs) || b.docs[at] != doc
	})
}

// keep keeps the documents that pass a test.
func (ev *evaluator) keep(m matches, test func(doc uint32) bool) matches {
	o := m
	if !m.mine {
		o = ev.matches(len(m.docs))
	}
	docs, scores := o.docs[:len(m.docs)], o.scores[:len(m.docs)]
	n := 0
	for i, doc := range m.docs {
		if test(doc) {
			docs[n], scores[n] = doc, m.scores[i]
			n++
		}
	}
	return matches{docs: docs[:n], scores: scores[:n], mine: true}
}

// seek returns the first place from at where docs holds doc or a later one.
func seek(docs []uint32, at int, doc uint32) int {
	if at >= len(docs) || docs[at] >= doc {
		return at
	}
	step := 1
	for at+step < len(docs) && docs[at+step] < doc {
		at += step
		step *= 2
	}
	low, high := at+1, min(at+step, len(docs)) // docs[at] < doc
	for low < high {
		mid := int(uint(low+high) / 2)
		if docs[mid] < doc {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// How the scores of a document that several parts match become one.
type joining int

const (
	plus joining = iota
	highest
)

// any unites.
func (ev *evaluator) any(parts anyOf, how joining) (matches, error) {
	if len(parts) == 1 {
		return ev.eval(parts[0])
	}
	found, total, err := ev.each(parts)
	if err != nil {
		return matches{}, err
	}
	for _, m := range found {
		for i, doc := range m.docs {
			ev.touched[doc/64] |= 1 << (doc % 64)
			if s := m.scores[i]; how == plus {
				ev.sums[doc] += s
			} else if s > ev.sums[doc] {
				ev.sums[doc] = s
			}
		}
	}
	return ev.gather(total), nil
}

// each evaluates several nodes; most is the largest number of documents that they
// match together.
func (ev *evaluator) each(parts []node) (found []matches, most int, err error) {
	found = make([]matches, len(parts))
	for i, part := range parts {
		if found[i], err = ev.eval(part); err != nil {
			return nil, 0, err
		}
		most += len(found[i].docs)
	}
	return found, min(most, ev.seg.n), nil
}

// gather returns the documents touched with their sums, at most n, and clears
// both.
func (ev *evaluator) gather(n int) matches {
	m := ev.matches(n)
	for i, w := range ev.touched[:(ev.seg.n+63)/64] {
		if w == 0 {
			continue
		}
		ev.touched[i] = 0
		for ; w != 0; w &= w - 1 {
			doc := uint32(i*64) + trailing(w)
			m.docs = append(m.docs, doc)
			m.scores = append(m.scores, ev.sums[doc])
			ev.sums[doc] = 0
		}
	}
	return m
}

// most unites, and keeps what matches parts that weigh enough together.
func (ev *evaluator) most(n *mostOf) (matches, error) {
	found, total, err := ev.each(n.of)
	if err != nil {
		return matches{}, err
	}
	for k, m := range found {
		for i, doc := range m.docs {
			ev.touched[doc/64] |= 1 << (doc % 64)
			ev.sums[doc] += m.scores[i]
			ev.weights[doc] += n.weights[k]
		}
	}
	m := ev.gather(total)
	k := 0
	for i, doc := range m.docs {
		if ev.weights[doc] >= n.least {
			m.docs[k], m.scores[k] = doc, m.scores[i]
			k++
		}
		ev.weights[doc] = 0
	}
	m.docs, m.scores = m.docs[:k], m.scores[:k]
	return m, nil
}

// boost adds the scores of what else a document holds.
func (ev *evaluator) boost(n boosted) (matches, error) {
	m, err := ev.eval(n.of)
	if err != nil || len(m.docs) == 0 {
		return m, err
	}
	m = ev.own(m)
	for _, by := range n.by {
		b, err := ev.eval(by)
		if err != nil {
			return m, err
		}
		if len(b.docs) < len(m.docs) {
			at := 0
			for i, doc := range b.docs {
				if at = seek(m.docs, at, doc); at == len(m.docs) {
					break
				}
				if m.docs[at] == doc {
					m.scores[at] += b.scores[i]
				}
			}
			continue
		}
		at := 0
		for i, doc := range m.docs {
			if at = seek(b.docs, at, doc); at == len(b.docs) {
				break
			}
			if b.docs[at] == doc {
				m.scores[i] += b.scores[at]
			}
		}
	}
	return m, nil
}
