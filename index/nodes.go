package index

import (
	"math/bits"
	"slices"
)

// The nodes of a plan. They are resolved: the postings of each segment are read,
// and what they weigh is known.
type (
	node any

	// leaf is one thing that is looked up.
	leaf struct {
		source
		text     string      // as it was asked
		postings []*postings // by segment
		held     held        // by live documents of the scope
		weights  weights
		scale    scales
	}
	allOf  []node
	anyOf  []node
	noneOf struct{ of node }
	// bestOf matches what one of its parts matches and scores it by the best of
	// them: one thing written in several ways.
	bestOf []node
	// mostOf matches what matches parts that together weigh at least least.
	mostOf struct {
		of      []node
		weights []float32
		least   float32
		whole   float32 // what all weigh
	}
	// boosted matches what its first part matches; the others only add to scores.
	boosted struct {
		of node
		by []node
	}
	// scaled is a part that counts for less.
	scaled struct {
		of    node
		share float32
	}
	// facetNode matches what has a value in a facet that fits.
	facetNode struct {
		facet int
		fits  func(value string) bool
	}
	dayNode struct{ from, to int32 } // yyyymmdd, inclusive; 0 is open
)

// test returns a test of the documents of a segment.
func (n facetNode) test(v *view, seg *segmentView) func(doc uint32) bool {
	sets, passing := seg.columns.facets[n.facet], v.facets[n.facet].passing(n.fits)
	return func(doc uint32) bool { return passing[sets[doc]] }
}

// passing returns which sets of values hold one that fits.
func (f facetView) passing(fits func(value string) bool) []bool {
	values := make([]bool, len(f.values))
	for i, v := range f.values {
		values[i] = fits(v)
	}
	sets := make([]bool, len(f.sets))
	for i, set := range f.sets {
		sets[i] = slices.ContainsFunc(set, func(o uint32) bool { return values[o] })
	}
	return sets
}

func (n dayNode) test(_ *view, seg *segmentView) func(doc uint32) bool {
	days := seg.columns.day
	return func(doc uint32) bool { return n.includes(days[doc]) }
}

// includes reports whether a date lies in the span as far as it is known: 2015
// lies in 2014 to 2016, and not in March 2015.
func (n dayNode) includes(day int32) bool {
	if day == 0 {
		return false
	}
	first, last := day, day
	switch {
	case day%10_000 == 0:
		first, last = day+101, day+1231
	case day%100 == 0:
		first, last = day+1, day+daysOf(day/10_000, day/100%100)
	}
	return first >= n.from && (n.to == 0 || last <= n.to)
}

// daysOf returns how many days a month of the Gregorian calendar has.
func daysOf(year, month int32) int32 {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

func trailing(w uint64) uint32 { return uint32(bits.TrailingZeros64(w)) }
