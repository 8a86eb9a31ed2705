package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"trame"
)

// search is one question to one snapshot.
type search struct {
	q        trame.Query
	snapshot *scorch.IndexSnapshot
	view     *view
	plan     plan
	filters  []filter
	facets   []int // asked, as places in trame.FacetNames
	counts   [][]int
	total    int
	best     *ranking
	score    bool
	label    labeller
}

// validate refuses what ParseQuery would have refused, for queries made by hand.
func validate(q trame.Query) (trame.Expr, error) {
	e, err := q.Expr()
	if err != nil {
		return nil, err
	}
	if q.Size() > trame.MaxPerPage {
		return nil, &trame.QueryError{Field: "per_page", Msg: fmt.Sprintf("Le nombre de résultats par page est de 1 à %d.", trame.MaxPerPage)}
	}
	if q.Number() > trame.MaxResultDepth/q.Size() {
		return nil, &trame.QueryError{Field: "page", Msg: fmt.Sprintf("Seuls les %d premiers résultats peuvent être montrés : précisez la recherche ou choisissez des dates.", trame.MaxResultDepth)}
	}
	for _, f := range q.Facets {
		if !slices.Contains(trame.FacetNames, f) {
			return nil, &trame.QueryError{Field: "facets", Msg: fmt.Sprintf("La facette « %s » n’existe pas.", f)}
		}
	}
	return e, nil
}

// run answers the question but for what is read from the archive.
func (s *search) run(ctx context.Context, e trame.Expr) error {
	s.score = s.q.Order() == trame.SortRelevance
	if err := s.compile(e); err != nil {
		return err
	}
	s.filters = s.makeFilters()
	for _, name := range s.q.Facets {
		i := slices.Index(trame.FacetNames, name)
		s.facets = append(s.facets, i)
		s.counts = append(s.counts, make([]int, len(s.view.values[i])))
	}
	s.best = newRanking(s.q.Number()*s.q.Size(), s.q.Order())
	if s.plan.nothing {
		return nil
	}
	l := s.lengths()
	for i, seg := range s.snapshot.Segments() {
		if err := s.segment(ctx, i, seg, l); err != nil {
			return err
		}
	}
	return nil
}

func (s *search) compile(e trame.Expr) error {
	var failed error
	known := map[string]int{}
	frequency := func(field, term string) int {
		key := field + "\x00" + term
		if n, ok := known[key]; ok {
			return n
		}
		n := 0
		for _, seg := range s.snapshot.Segments() {
			k, err := count(seg.Segment(), field, term)
			if err != nil {
				failed = err
			}
			n += k
		}
		known[key] = n
		return n
	}
	documents := 0
	for _, cols := range s.view.columns {
		documents += len(cols.rows)
	}
	p := planner{&s.plan, frequency, documents, s.label}
	p.compile(e)
	return failed
}

// count returns how many documents of a segment hold a term, deleted ones
// included: weights need no more.
func count(seg segment.Segment, field, term string) (int, error) {
	dict, err := seg.Dictionary(field)
	if err != nil {
		return 0, err
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return 0, err
	}
	return int(list.Count()), nil
}

func (s *search) lengths() lengths {
	var l lengths
	n := 0
	for _, cols := range s.view.columns {
		l.title += float64(cols.titleLength)
		l.body += float64(cols.bodyLength)
		n += len(cols.rows)
	}
	n = max(n, 1)
	return lengths{max(l.title/float64(n), 1), max(l.body/float64(n), 1)}
}

// segment finds, filters, counts and ranks the documents of one segment.
func (s *search) segment(ctx context.Context, number int, seg *scorch.SegmentSnapshot, l lengths) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	cols := s.view.columns[number]
	ev := newEvaluator(ctx, seg, cols, s.view.values, l, s.score)
	found, err := ev.eval(s.plan.root, true)
	if err != nil {
		return err
	}
	found.each(func(doc uint32) bool {
		if err = ev.tick(); err != nil {
			return false
		}
		failing, by := 0, -1
		for i := range s.filters {
			if !s.filters[i].passes(cols, doc) {
				failing++
				by = s.filters[i].dimension
				if failing > 1 {
					return true
				}
			}
		}
		for i, f := range s.facets {
			if failing == 0 || by == dimension(f) {
				for _, o := range cols.facets[f].of(doc) {
					s.counts[i][o]++
				}
			}
		}
		if failing > 0 {
			return true
		}
		s.total++
		c := candidate{day: cols.rows[doc].day, number: cols.rows[doc].number, segment: number, doc: doc}
		if ev.scores != nil {
			c.score = ev.scores[doc]
		}
		s.best.offer(c)
		return true
	})
	return err
}

// filter narrows results to some values of a facet, or to a span of days.
type filter struct {
	dimension int
	facet     int    // in trame.FacetNames; -1: days
	allowed   []bool // by ordinal
	days      dayNode
}

// byDate is the dimension that year and month share with from and to.
const byDate = 100

// dimension returns what a facet's own filter narrows.
func dimension(facet int) int {
	if name := trame.FacetNames[facet]; name == "year" || name == "month" {
		return byDate
	}
	return facet
}

func (s *search) makeFilters() []filter {
	var filters []filter
	for i, name := range trame.FacetNames {
		if dimension(i) == byDate {
			continue
		}
		asked := s.q.Filter(name)
		if len(asked) == 0 {
			continue
		}
		f := filter{dimension: i, facet: i, allowed: make([]bool, len(s.view.values[i]))}
		for o, v := range s.view.values[i] {
			f.allowed[o] = slices.Contains(asked, v)
		}
		filters = append(filters, f)
	}
	if !s.q.From.IsZero() || !s.q.To.IsZero() {
		days := dayNode{int32(s.q.From.Number()), int32(s.q.To.Last().Number())}
		filters = append(filters, filter{dimension: byDate, facet: -1, days: days})
	}
	return filters
}

func (f *filter) passes(cols *columns, doc uint32) bool {
	if f.facet < 0 {
		return f.days.includes(cols.rows[doc].day)
	}
	for _, o := range cols.facets[f.facet].of(doc) {
		if f.allowed[o] {
			return true
		}
	}
	return false
}

// page returns the candidates to show.
func (s *search) page() []candidate {
	all := s.best.sorted()
	from := (s.q.Number() - 1) * s.q.Size()
	if from >= len(all) {
		return nil
	}
	return all[from:]
}

// snippetLength is how many characters of the text a result shows.
const snippetLength = 240

// hit makes the result of an article found.
func (s *search) hit(a trame.Article, c candidate) trame.Hit {
	text := a.Text
	if strings.TrimSpace(text) == "" {
		text = a.Summary
	}
	h := trame.Hit{
		TitleMarked: trame.Markup(s.plan.title.Mark(a.Title)),
		Snippet:     trame.Markup(s.plan.marks.Passage(text, snippetLength)),
		Score:       float64(c.score),
	}
	a.Text = ""
	h.Article = a
	return h
}

// missing returns the words of a long question that one of the results lacks.
func (s *search) missing(ctx context.Context, shown []candidate) ([]string, error) {
	dropped := slices.Clone(s.plan.dropped)
	if len(s.plan.words) == 0 {
		return dropped, nil
	}
	for _, w := range s.plan.words {
		lacking := false
		for number, seg := range s.snapshot.Segments() {
			ev := newEvaluator(ctx, seg, s.view.columns[number], s.view.values, lengths{1, 1}, false)
			found, err := ev.eval(w.node, false)
			if err != nil {
				return nil, err
			}
			lacking = lacking || slices.ContainsFunc(shown, func(c candidate) bool { return c.segment == number && !found.contains(c.doc) })
		}
		if lacking {
			dropped = append(dropped, w.text)
		}
	}
	return dropped, nil
}

// understood says in French how the text was read.
func (s *search) understood(e trame.Expr) string {
	if s.plan.nothing {
		return "aucun mot à chercher : " + trame.Describe(e)
	}
	if most, ok := s.plan.root.(mostOf); ok {
		words := make([]string, len(s.plan.words))
		for i, w := range s.plan.words {
			words[i] = "« " + w.text + " »"
		}
		return fmt.Sprintf("au moins %d de ces %d mots : %s", most.least, len(words), strings.Join(words, ", "))
	}
	return trame.Describe(e)
}

// results puts the answer together. texts reads articles by their ids.
func (s *search) results(ctx context.Context, e trame.Expr, texts Texts, began time.Time) (*trame.Results, error) {
	shown := s.page()
	ids := make([]string, len(shown))
	for i, c := range shown {
		id, err := s.snapshot.Segments()[c.segment].DocID(uint64(c.doc))
		if err != nil {
			return nil, err
		}
		ids[i] = string(id)
	}
	dropped, err := s.missing(ctx, shown)
	if err != nil {
		return nil, err
	}
	all, err := s.snapshot.DocCount()
	if err != nil {
		return nil, err
	}
	r := &trame.Results{
		Total:        s.total,
		TotalArchive: int(all),
		Generation:   decodeNumber(s.snapshot.Internal()[string(keyCursor)]),
		Facets:       map[string][]trame.FacetValue{},
		Items:        []trame.Hit{},
		Understood:   s.understood(e),
		Terms:        s.plan.terms,
		Dropped:      dropped,
	}
	for i, f := range s.facets {
		name := trame.FacetNames[f]
		r.Facets[name] = facetValues(s.view.values[f], s.counts[i], s.q.Filter(name), name, s.label)
	}
	if len(ids) > 0 {
		articles, err := texts.Articles(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("read articles found: %w", err)
		}
		for _, a := range articles {
			if i := slices.Index(ids, a.ID); i >= 0 {
				r.Items = append(r.Items, s.hit(a, shown[i]))
			}
		}
	}
	r.Took = time.Since(began)
	return r, nil
}
