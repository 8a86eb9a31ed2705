package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"golang.org/x/sync/errgroup"

	"trame"
)

// columns hold, for each document of a segment, what filters, facets, sorting and
// scores need. A segment never changes, so its columns never do; deletions are
// apart.
type columns struct {
	number []int64  // of the article in the archive
	day    []int32  // yyyymmdd; mm and dd are 00 as far as they are unknown
	seen   []uint32 // when the article was seen first, in seconds since 1970
	title  []uint16 // lengths in terms
	body   []uint32
	facets [][]uint32 // in the order of trame.FacetNames: places in table.sets

	last int64 // highest number

	mu   sync.Mutex
	live *live // of the deletions seen last
}

// live is what deletions leave of a segment. It never changes.
type live struct {
	deleted        *roaring.Bitmap // nil when nothing is
	dead           bitset          // the same
	documents      int
	titles, bodies int64 // lengths added up
}

// without returns what is live when these documents are deleted.
func (c *columns) without(deleted *roaring.Bitmap) *live {
	if deleted != nil && deleted.IsEmpty() {
		deleted = nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live != nil && c.live.deleted == deleted {
		return c.live
	}
	l := &live{deleted: deleted}
	if deleted != nil {
		l.dead = newBitset(len(c.number))
		for docs := deleted.Iterator(); docs.HasNext(); {
			l.dead.add(docs.Next())
		}
	}
	for doc, title := range c.title {
		if !l.dead.contains(uint32(doc)) {
			l.documents++
			l.titles += int64(title)
			l.bodies += int64(c.body[doc])
		}
	}
	c.live = l
	return l
}

// table numbers the values of a facet, and the sets of values that documents
// have: set 0 is none, every other one is a set before it and one value more. Two
// sets may hold the same values. A table only grows while the index is open.
type table struct {
	ordinals map[string]uint32
	values   []string
	sets     [][]uint32 // of ordinals
	before   []uint32   // the set that each was made of
	grown    map[uint64]uint32
}

func newTables() []table {
	tables := make([]table, len(trame.FacetNames))
	for i := range tables {
		tables[i] = table{ordinals: map[string]uint32{}, sets: [][]uint32{nil}, before: []uint32{0}, grown: map[uint64]uint32{}}
	}
	return tables
}

func (t *table) ordinal(value string) uint32 {
	if o, ok := t.ordinals[value]; ok {
		return o
	}
	o := uint32(len(t.values))
	value = strings.Clone(value)
	t.ordinals[value] = o
	t.values = append(t.values, value)
	return o
}

// with returns the set of another one and a value more.
func (t *table) with(set, ordinal uint32) uint32 {
	key := uint64(set)<<32 | uint64(ordinal)
	if s, ok := t.grown[key]; ok {
		return s
	}
	s := t.grow(set, ordinal)
	t.grown[key] = s
	return s
}

// grow makes a set of another one and a value more.
func (t *table) grow(set, ordinal uint32) uint32 {
	t.sets = append(t.sets, append(slices.Clone(t.sets[set]), ordinal))
	t.before = append(t.before, set)
	return uint32(len(t.sets) - 1)
}

// adopt renumbers the sets of a column from another table.
func (t *table) adopt(other *table, column []uint32) {
	ordinals := make([]uint32, len(other.values))
	for o, value := range other.values {
		ordinals[o] = t.ordinal(value)
	}
	sets := make([]uint32, len(other.sets))
	for s := 1; s < len(sets); s++ {
		of := other.sets[s]
		sets[s] = t.with(sets[other.before[s]], ordinals[of[len(of)-1]])
	}
	for doc, s := range column {
		column[doc] = sets[s]
	}
}

// columnCache keeps the columns of an index's segments by the segments' numbers.
type columnCache struct {
	mu       sync.Mutex
	segments map[uint64]*columns
	tables   []table           // in the order of trame.FacetNames
	sources  map[string]string // names of sources by id
	postings postingsCache
}

// view is what a search sees of an index. Values and sets may be added behind it.
type view struct {
	segments []*segmentView
	facets   []facetView // in the order of trame.FacetNames
	sources  map[string]string
}

type facetView struct {
	values []string
	sets   [][]uint32
}

// of returns the view of a snapshot, making the columns of segments that are new
// and forgetting those of segments that are no more.
func (c *columnCache) of(s *scorch.IndexSnapshot) (*view, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.segments == nil {
		c.segments = map[uint64]*columns{}
		c.tables = newTables()
	}
	if err := c.readNew(s); err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	v := &view{sources: c.sources}
	for _, seg := range s.Segments() {
		cols := c.segments[seg.Id()]
		v.segments = append(v.segments, &segmentView{SegmentSnapshot: seg, live: cols.without(seg.Deleted()), columns: cols, n: len(cols.number)})
	}
	if len(c.segments) > 2*len(v.segments)+8 {
		c.forget(s)
	}
	for i := range c.tables {
		v.facets = append(v.facets, facetView{c.tables[i].values, c.tables[i].sets})
	}
	return v, nil
}

func (c *columnCache) forget(s *scorch.IndexSnapshot) {
	kept := map[uint64]*columns{}
	for _, seg := range s.Segments() {
		kept[seg.Id()] = c.segments[seg.Id()]
	}
	c.segments = kept
	c.postings.keep(kept)
}

// readNew reads the segments that are not known yet, side by side, each with
// tables of its own; these are then numbered as the index does.
func (c *columnCache) readNew(s *scorch.IndexSnapshot) error {
	type made struct {
		id   uint64
		cols *columns
		own  columnCache
	}
	var all []*made
	var group errgroup.Group
	group.SetLimit(columnReaders)
	for _, seg := range s.Segments() {
		if c.segments[seg.Id()] != nil {
			continue
		}
		m := &made{id: seg.Id(), own: columnCache{tables: newTables()}}
		all = append(all, m)
		group.Go(func() (err error) {
			defer recovered(&err, "read columns")
			if m.cols, err = readNumbers(seg.Segment()); err != nil {
				return err
			}
			return m.own.readFacets(&segmentView{SegmentSnapshot: seg, columns: m.cols, n: len(m.cols.number)})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, m := range all {
		for i := range c.tables {
			c.tables[i].adopt(&m.own.tables[i], m.cols.facets[i])
		}
		c.name(m.own.sources)
		c.segments[m.id] = m.cols
	}
	return nil
}

// name learns the names of sources. The map is replaced, never changed: searches
// hold on to it.
func (c *columnCache) name(sources map[string]string) {
	names := maps.Clone(c.sources)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, sources)
	c.sources = names
}

// columnReaders is how many segments are read at once.
const columnReaders = 4

func readNumbers(seg segment.Segment) (*columns, error) {
	values, ok := seg.(segment.DocValueVisitable)
	if !ok {
		return nil, fmt.Errorf("segment without values")
	}
	n := int(seg.Count())
	c := &columns{number: make([]int64, n), day: make([]int32, n), seen: make([]uint32, n), title: make([]uint16, n), body: make([]uint32, n)}
	var state segment.DocVisitState
	var err error
	fields := []string{fieldRow}
	for i := range n {
		state, err = values.VisitDocValues(uint64(i), fields, func(_ string, term []byte) {
			r := decodeRow(term)
			c.number[i], c.day[i], c.seen[i], c.title[i], c.body[i] = r.number, r.day, r.seen, r.title, r.body
		}, state)
		if err != nil {
			return nil, err
		}
		c.last = max(c.last, c.number[i])
	}
	return c, nil
}

func (c *columnCache) readFacets(seg *segmentView) error {
	seg.columns.facets = make([][]uint32, len(trame.FacetNames))
	for i, name := range trame.FacetNames {
		var err error
		switch name {
		case "year":
			seg.columns.facets[i] = periods(&c.tables[i], seg.columns.day, yearOf)
		case "month":
			seg.columns.facets[i] = periods(&c.tables[i], seg.columns.day, monthOf)
		default:
			seg.columns.facets[i], err = readFacet(seg, name, &c.tables[i])
		}
		if err != nil {
			return err
		}
	}
	return c.readSources(seg)
}

// periods makes a facet of days.
func periods(t *table, days []int32, period func(day int32) string) []uint32 {
	sets := make([]uint32, len(days))
	known := map[int32]uint32{}
	for i, day := range days {
		s, ok := known[day]
		if !ok {
			if p := period(day); p != "" {
				s = t.with(0, t.ordinal(p))
			}
			known[day] = s
		}
		sets[i] = s
	}
	return sets
}

// yearOf returns 2015, or "" when it is unknown.
func yearOf(day int32) string {
	if day < 10_000 {
		return ""
	}
	return fmt.Sprintf("%04d", day/10_000)
}

// monthOf returns 2015-04, or "" when it is unknown.
func monthOf(day int32) string {
	if day/100%100 == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", day/10_000, day/100%100)
}

// readFacet reads the values of a field. Values come in order, and so do their
// ordinals in a table that is new: the set of a document grows by one value at a
// time.
func readFacet(seg *segmentView, name string, t *table) ([]uint32, error) {
	sets := make([]uint32, seg.n)
	var grown []uint32 // by set: that set with the value at hand; 0 where not made yet
	var made []uint32  // the sets that grown holds
	err := seg.eachTerm(name, nil, nil, func(value string) error {
		list, err := seg.list(name, value)
		if err != nil {
			return err
		}
		ordinal := t.ordinal(value)
		docs := list.Iterator(false, false, false, nil)
		for {
			p, err := docs.Next()
			if err != nil {
				return err
			}
			if p == nil {
				break
			}
			before := sets[p.Number()]
			if int(before) >= len(grown) {
				grown = append(grown, make([]uint32, len(t.sets)+64-len(grown))...)
			}
			if grown[before] == 0 {
				grown[before] = t.grow(before, ordinal)
				made = append(made, before)
			}
			sets[p.Number()] = grown[before]
		}
		for _, s := range made {
			grown[s] = 0
		}
		made = made[:0]
		return nil
	})
	return sets, err
}

// readSources reads the names of sources.
func (c *columnCache) readSources(seg *segmentView) error {
	c.sources = map[string]string{}
	return seg.eachTerm(fieldSourceName, nil, nil, func(term string) error {
		if id, name, ok := strings.Cut(term, "\x00"); ok {
			c.sources[strings.Clone(id)] = strings.Clone(name)
		}
		return nil
	})
}
