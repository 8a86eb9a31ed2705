package index

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// phrase is a source: words in order in one field; with slop, near each other in
// any order.
type phrase struct {
	field string
	slots []slot
	slop  int
}

type slot struct {
	position int
	word     word
}

func (p phrase) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "f%s\x00%d", p.field, p.slop)
	for _, s := range p.slots {
		fmt.Fprintf(&b, "\x00%d", s.position-p.slots[0].position)
		for _, t := range s.word.terms {
			b.WriteString("\x00" + t.stem)
		}
	}
	return b.String()
}

func (p phrase) read(ctx context.Context, seg *segmentView, others reader) (*postings, error) {
	words := make([]word, len(p.slots))
	for i, s := range p.slots {
		words[i] = s.word
	}
	return readTogether(ctx, seg, others, p.field, words, p.match)
}

// readTogether finds what holds all of the words in one field, then, for those
// documents alone, where the words stand; match counts how often they stand as
// they should.
func readTogether(ctx context.Context, seg *segmentView, others reader, field string, words []word, match func([]*places) int) (_ *postings, err error) {
	all := make([]*postings, len(words))
	for i, w := range words {
		if all[i], err = others(w); err != nil {
			return nil, err
		}
	}
	t := newTally(ctx, seg.n)
	defer func() {
		if err != nil {
			t.drop()
		}
	}()
	for _, name := range textFields(field) {
		docs := together(all, name)
		if len(docs) == 0 {
			continue
		}
		at := make([]*places, len(words))
		for i, w := range words {
			if at[i], err = newPlaces(seg, name, w); err != nil {
				return nil, err
			}
		}
		for i, doc := range docs {
			if i%256 == 255 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			for _, of := range at {
				if err := of.move(uint64(doc)); err != nil {
					return nil, err
				}
			}
			if n := match(at); n > 0 {
				t.plus(doc, name, uint32(n), 0, false)
			}
		}
	}
	return t.postings(), nil
}

// together returns the documents that all hold in a field.
func together(all []*postings, field string) []uint32 {
	shortest := slices.MinFunc(all, func(a, b *postings) int { return len(a.docs) - len(b.docs) })
	var docs []uint32
	for i, doc := range shortest.docs {
		if shortest.times[i].in(field) > 0 {
			docs = append(docs, doc)
		}
	}
	for _, p := range all {
		if p == shortest {
			continue
		}
		kept, at := docs[:0], 0
		for _, doc := range docs {
			at = seek(p.docs, at, doc)
			if at == len(p.docs) {
				break
			}
			if p.docs[at] == doc && p.times[at].in(field) > 0 {
				kept = append(kept, doc)
			}
		}
		docs = kept
	}
	return docs
}

// pair is a source: two words, the second soon after the first.
type pair struct{ first, second word }

// pairWindow is how many places after the first word the second may stand.
const pairWindow = 3

func (p pair) key() string { return "n" + p.first.key() + "\x00\x00" + p.second.key() }

func (p pair) read(ctx context.Context, seg *segmentView, others reader) (*postings, error) {
	return readTogether(ctx, seg, others, "", []word{p.first, p.second}, func(at []*places) (times int) {
		next, second := 0, at[1].at
		for _, first := range at[0].at {
			for next < len(second) && second[next] <= first {
				next++
			}
			if next < len(second) && second[next] <= first+pairWindow {
				times++
			}
		}
		return times
	})
}

// places gives where the forms of a word stand, document after document.
type places struct {
	lists []segment.PostingsIterator
	heads []segment.Posting // nil: at the end
	at    []uint64          // in the document moved to, in order
}

func newPlaces(seg *segmentView, field string, w word) (*places, error) {
	p := &places{}
	for i, asked := range w.terms {
		if slices.ContainsFunc(w.terms[:i], func(o term) bool { return o.stem == asked.stem }) {
			continue
		}
		err := seg.eachForm(field, asked.stem, func(_ string, list segment.PostingsList) error {
			docs := list.Iterator(true, false, true, nil)
			head, err := docs.Next()
			if head != nil {
				p.lists = append(p.lists, docs)
				p.heads = append(p.heads, head)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// move reads the places in a document. Documents are asked in order.
func (p *places) move(doc uint64) (err error) {
	p.at = p.at[:0]
	parts := 0
	for i, head := range p.heads {
		if head != nil && head.Number() < doc {
			if head, err = p.lists[i].Advance(doc); err != nil {
				return err
			}
			p.heads[i] = head
		}
		if head == nil || head.Number() != doc {
			continue
		}
		p.at = appendPlaces(p.at, head)
		parts++
	}
	if parts > 1 {
		p.at = inOrder(p.at)
	}
	return nil
}

// appendPlaces appends where a term stands in a document.
func appendPlaces(to []uint64, head segment.Posting) []uint64 {
	if number := head.Frequency(); number&1 == 1 {
		return unpackPlaces(to, number)
	}
	for _, l := range head.Locations() {
		at := l.Pos()
		to = append(to, at)
		for _, d := range l.ArrayPositions() {
			at += d
			to = append(to, at)
		}
	}
	return to
}

// match returns how many times the phrase stands in a document.
func (p phrase) match(places []*places) int {
	if p.slop > 0 {
		return p.near(places)
	}
	times := 0
	next := make([]int, 0, 16)
	for range places {
		next = append(next, 0)
	}
	for _, first := range places[0].at {
		whole := true
		for i := 1; i < len(places) && whole; i++ {
			at := places[i].at
			want := first + uint64(p.slots[i].position-p.slots[0].position)
			for next[i] < len(at) && at[next[i]] < want {
				next[i]++
			}
			whole = next[i] < len(at) && at[next[i]] == want
		}
		if whole {
			times++
		}
	}
	return times
}

// near returns how many times one place of each slot can be taken with at most
// slop other words between the first and the last.
func (p phrase) near(places []*places) int {
	times, shared := 0, false
	next := make([]int, len(places))
	for {
		lowest, least, most := 0, uint64(math.MaxUint64), uint64(0)
		distinct := true
		for i, of := range places {
			if next[i] == len(of.at) {
				if times == 0 && shared && p.apart(places) {
					return 1
				}
				return times
			}
			at := of.at[next[i]]
			for j := range i {
				distinct = distinct && places[j].at[next[j]] != at
			}
			if at < least {
				lowest, least = i, at
			}
			most = max(most, at)
		}
		if distinct && int(most-least)+1-len(places) <= p.slop {
			times++
		}
		shared = shared || !distinct
		next[lowest]++
	}
}

// apart reports whether there is a stretch in which every slot has a place of its
// own, where slots may stand at the same places (burn out burnout).
func (p phrase) apart(places []*places) bool {
	for _, start := range places {
		for _, from := range start.at {
			to := from + uint64(len(places)+p.slop) - 1
			taken := map[uint64]int{} // place to slot
			seated := 0
			for i := range places {
				if !seat(places, i, from, to, taken, map[uint64]bool{}) {
					break
				}
				seated++
			}
			if seated == len(places) {
				return true
			}
		}
	}
	return false
}

// seat finds a place for a slot, moving others (Kuhn's algorithm for bipartite
// matching).
func seat(places []*places, slot int, from, to uint64, taken map[uint64]int, tried map[uint64]bool) bool {
	first, _ := slices.BinarySearch(places[slot].at, from)
	for _, at := range places[slot].at[first:] {
		if at > to {
			break
		}
		if tried[at] {
			continue
		}
		tried[at] = true
		if other, used := taken[at]; !used || seat(places, other, from, to, taken, tried) {
			taken[at] = slot
			return true
		}
	}
	return false
}
