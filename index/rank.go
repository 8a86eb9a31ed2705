package index

import (
	"slices"

	"trame"
)

// candidate is a document that matches.
type candidate struct {
	score   float32
	day     int32
	number  int64 // of the article
	segment int
	doc     uint32
}

// ranking keeps the first of the candidates offered, in a heap whose top is the
// last of them.
type ranking struct {
	size   int
	order  trame.Sort
	before func(a, b candidate) bool
	heap   []candidate
	floor  candidate // nothing that scores less, or is older, need be offered
	past   *candidate
}

// newRanking keeps the first size of those that come after past, where that is
// not nil.
func newRanking(size int, order trame.Sort, past *candidate) *ranking {
	r := &ranking{size: size, order: order, past: past}
	switch order {
	case trame.SortNewest:
		r.before = newer
	case trame.SortOldest:
		r.before = older
	default:
		r.before = func(a, b candidate) bool {
			if a.score != b.score {
				return a.score > b.score
			}
			return newer(a, b)
		}
	}
	return r
}

// newer orders by date, newest first, unknown dates last, then by number.
func newer(a, b candidate) bool {
	if a.day != b.day {
		return a.day > b.day
	}
	return a.number > b.number
}

// older orders by date, oldest first, unknown dates last, then by number.
func older(a, b candidate) bool {
	if a.day != b.day {
		return b.day == 0 || a.day != 0 && a.day < b.day
	}
	return a.number < b.number
}

func (r *ranking) offer(c candidate) {
	if r.past != nil && !r.before(*r.past, c) {
		return
	}
	switch {
	case len(r.heap) < r.size:
		r.heap = append(r.heap, c)
		r.up(len(r.heap) - 1)
	case r.size > 0 && r.before(c, r.heap[0]):
		r.heap[0] = c
		r.down(0)
	default:
		return
	}
	if len(r.heap) == r.size {
		r.floor = r.heap[0]
	}
}

func (r *ranking) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !r.before(r.heap[parent], r.heap[i]) {
			return
		}
		r.heap[parent], r.heap[i] = r.heap[i], r.heap[parent]
		i = parent
	}
}

func (r *ranking) down(i int) {
	for {
		last := i
		for _, child := range []int{2*i + 1, 2*i + 2} {
			if child < len(r.heap) && r.before(r.heap[last], r.heap[child]) {
				last = child
			}
		}
		if last == i {
			return
		}
		r.heap[i], r.heap[last] = r.heap[last], r.heap[i]
		i = last
	}
}

// sorted returns the candidates in order and empties the ranking.
func (r *ranking) sorted() []candidate {
	all := r.heap
	r.heap = nil
	slices.SortFunc(all, func(a, b candidate) int {
		switch {
		case r.before(a, b):
			return -1
		case r.before(b, a):
			return 1
		}
		return 0
	})
	return all
}
