package index

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"trame"
)

// columns hold, for each document of a segment, what filters, facets and sorting
// need. A segment never changes, so its columns never do; deletions are apart.
type columns struct {
	rows   []row
	facets []column // in the order of trame.FacetNames

	titleLength, bodyLength int64 // added up
}

// column holds the values of a facet as ordinals of the index's table: those of
// document i are values[start[i]:start[i+1]].
type column struct {
	start  []uint32
	values []uint32
}

func (c *column) of(doc uint32) []uint32 { return c.values[c.start[doc]:c.start[doc+1]] }

// table numbers the values of a facet. It only grows while the index is open.
type table struct {
	ordinals map[string]uint32
	values   []string
}

func (t *table) ordinal(value string) uint32 {
	if o, ok := t.ordinals[value]; ok {
		return o
	}
	if t.ordinals == nil {
		t.ordinals = map[string]uint32{}
	}
	o := uint32(len(t.values))
	t.ordinals[value] = o
	t.values = append(t.values, value)
	return o
}

// columnCache keeps the columns of an index's segments by the segments' numbers.
type columnCache struct {
	mu       sync.Mutex
	segments map[uint64]*columns
	tables   []table           // in the order of trame.FacetNames
	sources  map[string]string // names of sources by id
}

// view is what a search sees of the tables: values may be added behind it.
type view struct {
	columns []*columns // of each segment
	values  [][]string // of each facet, by ordinal
	sources map[string]string
}

// of returns the columns of a snapshot's segments, making those that are new and
// forgetting those that are no more.
func (c *columnCache) of(s *scorch.IndexSnapshot) (*view, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.segments == nil {
		c.segments = map[uint64]*columns{}
		c.tables = make([]table, len(trame.FacetNames))
	}
	v := &view{}
	for _, seg := range s.Segments() {
		cols := c.segments[seg.Id()]
		if cols == nil {
			var err error
			if cols, err = c.read(seg.Segment()); err != nil {
				return nil, fmt.Errorf("read columns: %w", err)
			}
			c.segments[seg.Id()] = cols
		}
		v.columns = append(v.columns, cols)
	}
	if len(c.segments) > 2*len(v.columns)+8 {
		c.forget(s)
	}
	for i := range c.tables {
		v.values = append(v.values, c.tables[i].values)
	}
	v.sources = c.sources
	return v, nil
}

func (c *columnCache) forget(s *scorch.IndexSnapshot) {
	kept := map[uint64]*columns{}
	for _, seg := range s.Segments() {
		kept[seg.Id()] = c.segments[seg.Id()]
	}
	c.segments = kept
}

func (c *columnCache) read(seg segment.Segment) (*columns, error) {
	cols := &columns{rows: make([]row, seg.Count()), facets: make([]column, len(trame.FacetNames))}
	if err := cols.readRows(seg); err != nil {
		return nil, err
	}
	for i, name := range trame.FacetNames {
		var err error
		if cols.facets[i], err = readFacet(seg, name, &c.tables[i]); err != nil {
			return nil, err
		}
	}
	return cols, c.readSources(seg)
}

func (cols *columns) readRows(seg segment.Segment) error {
	values, ok := seg.(segment.DocValueVisitable)
	if !ok {
		return fmt.Errorf("segment without values")
	}
	var state segment.DocVisitState
	var err error
	for i := range cols.rows {
		state, err = values.VisitDocValues(uint64(i), []string{fieldRow}, func(_ string, term []byte) {
			cols.rows[i] = decodeRow(term)
		}, state)
		if err != nil {
			return err
		}
		cols.titleLength += int64(cols.rows[i].title)
		cols.bodyLength += int64(cols.rows[i].body)
	}
	return nil
}

// eachTerm calls f with every term of a field and its postings, deleted documents
// included.
func eachTerm(seg segment.Segment, field string, from, to []byte, f func(term string, list segment.PostingsList) error) error {
	dict, err := seg.Dictionary(field)
	if err != nil {
		return err
	}
	terms := dict.AutomatonIterator(nil, from, to)
	var entry *index.DictEntry
	for entry, err = terms.Next(); err == nil && entry != nil; entry, err = terms.Next() {
		list, err := dict.PostingsList([]byte(entry.Term), nil, nil)
		if err != nil {
			return err
		}
		if err := f(entry.Term, list); err != nil {
			return err
		}
	}
	return err
}

func readFacet(seg segment.Segment, name string, t *table) (column, error) {
	n := int(seg.Count())
	type pair struct{ doc, ordinal uint32 }
	var pairs []pair
	start := make([]uint32, n+1)
	err := eachTerm(seg, name, nil, nil, func(term string, list segment.PostingsList) error {
		ordinal := t.ordinal(strings.Clone(term))
		docs := list.Iterator(false, false, false, nil)
		for {
			p, err := docs.Next()
			if err != nil || p == nil {
				return err
			}
			pairs = append(pairs, pair{uint32(p.Number()), ordinal})
			start[p.Number()+1]++
		}
	})
	if err != nil {
		return column{}, err
	}
	for i := range n {
		start[i+1] += start[i]
	}
	next := slices.Clone(start)
	values := make([]uint32, len(pairs))
	for _, p := range pairs {
		values[next[p.doc]] = p.ordinal
		next[p.doc]++
	}
	return column{start, values}, nil
}

// readSources learns the names of sources. The map is replaced, never changed:
// searches hold on to it.
func (c *columnCache) readSources(seg segment.Segment) error {
	names := map[string]string{}
	for id, name := range c.sources {
		names[id] = name
	}
	err := eachTerm(seg, fieldSourceName, nil, nil, func(term string, _ segment.PostingsList) error {
		if id, name, ok := strings.Cut(term, "\x00"); ok {
			names[id] = strings.Clone(name)
		}
		return nil
	})
	c.sources = names
	return err
}
