package index

import (
	"math"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// phrase matches the slots in each field: first what holds all of their terms,
// then, for those documents alone, where the terms stand.
func (ev *evaluator) phrase(n phraseNode, positive bool) (bitset, error) {
	found := newBitset(ev.n)
	for _, f := range n.fields {
		candidates, err := ev.holding(f.name, n.slots)
		if err != nil {
			return nil, err
		}
		if candidates.empty() {
			continue
		}
		readers, err := ev.readers(f.name, n.slots)
		if err != nil {
			return nil, err
		}
		places := make([][]uint64, len(n.slots))
		var failed error
		candidates.each(func(doc uint32) bool {
			for i := range readers {
				if places[i], failed = readers[i].places(uint64(doc), places[i][:0]); failed != nil {
					return false
				}
			}
			if failed = ev.tick(); failed != nil {
				return false
			}
			times := n.match(places)
			if times == 0 {
				return true
			}
			found.add(doc)
			if positive && ev.scores != nil {
				ev.scores[doc] += float32(f.idf * ev.lengths.saturate(f.name, ev.columns.rows[doc], float64(times)))
			}
			return true
		})
		if failed != nil {
			return nil, failed
		}
	}
	return found, nil
}

// holding returns the documents that hold a term of every slot in a field.
func (ev *evaluator) holding(field string, slots []slot) (bitset, error) {
	var all bitset
	for _, s := range slots {
		n := make(termNode, len(s.terms))
		for i, t := range s.terms {
			n[i] = clause{field: field, term: []byte(t)}
		}
		some, err := ev.term(n, false)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = some
		} else {
			all.and(some)
		}
		if all.empty() {
			break
		}
	}
	return all, nil
}

// reader gives the places of a slot's terms, document after document.
type reader struct {
	lists []segment.PostingsIterator
	heads []segment.Posting // nil: at the end
}

func (ev *evaluator) readers(field string, slots []slot) ([]reader, error) {
	readers := make([]reader, len(slots))
	for i, s := range slots {
		for _, t := range s.terms {
			list, err := ev.postings(field, []byte(t), true, true)
			if err != nil {
				return nil, err
			}
			head, err := list.Next()
			if err != nil {
				return nil, err
			}
			readers[i].lists = append(readers[i].lists, list)
			readers[i].heads = append(readers[i].heads, head)
		}
	}
	return readers, nil
}

// places appends where the slot's terms stand in a document, in order. Documents
// are asked in order.
func (r *reader) places(doc uint64, to []uint64) ([]uint64, error) {
	for i, head := range r.heads {
		if head != nil && head.Number() < doc {
			var err error
			if head, err = r.lists[i].Advance(doc); err != nil {
				return nil, err
			}
			r.heads[i] = head
		}
		if head == nil || head.Number() != doc {
			continue
		}
		for _, l := range head.Locations() {
			to = append(to, l.Pos())
		}
	}
	slices.Sort(to)
	return to, nil
}

// match returns how many times the phrase stands in a document, given the places
// of each slot, each in order.
func (n phraseNode) match(places [][]uint64) int {
	if n.slop > 0 {
		return n.near(places)
	}
	times := 0
	next := make([]int, len(places))
	for _, first := range places[0] {
		whole := true
		for i := 1; i < len(places) && whole; i++ {
			want := first + uint64(n.slots[i].position-n.slots[0].position)
			for next[i] < len(places[i]) && places[i][next[i]] < want {
				next[i]++
			}
			whole = next[i] < len(places[i]) && places[i][next[i]] == want
		}
		if whole {
			times++
		}
	}
	return times
}

// near returns how many times one place of each slot can be taken with at most
// slop other words between the first and the last.
func (n phraseNode) near(places [][]uint64) int {
	times := 0
	next := make([]int, len(places))
	for {
		lowest, least, most := 0, uint64(math.MaxUint64), uint64(0)
		distinct := true
		for i, p := range places {
			if next[i] == len(p) {
				return times
			}
			at := p[next[i]]
			for j := range i {
				distinct = distinct && places[j][next[j]] != at
			}
			if at < least {
				lowest, least = i, at
			}
			most = max(most, at)
		}
		if distinct && int(most-least)+1-len(places) <= n.slop {
			times++
		}
		next[lowest]++
	}
}
