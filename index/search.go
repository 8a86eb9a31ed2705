package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trame"
	"trame/french"
)

// search is one question to one snapshot.
type search struct {
	q      trame.Query
	e      trame.Expr
	view   *view
	cache  *postingsCache
	label  labeller
	words  *french.Thesaurus
	spell  func(word string) (string, bool)
	scope  scope
	stats  statistics
	plan   plan
	facets []int // asked, as places in trame.FacetNames
	counts [][]int32
	first  *first // what the first page counted; nil on it
	found  int    // before filters
	total  int
	best   *ranking

	relaxed    bool // less was asked than at first
	began      time.Time
	generation int64                  // the last change that the index has read
	lexicon    func() *french.Lexicon // the words of the index; nil while they are read
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
func (s *search) run(ctx context.Context) error {
	if s.first != nil {
		s.stats = s.first.statistics
	} else {
		s.stats = s.view.statistics(s.scope)
	}
	p := s.planner(ctx, &s.plan)
	p.first = s.first
	if err := p.compile(s.e); err != nil {
		return err
	}
	for _, name := range s.q.Facets {
		s.facets = append(s.facets, slices.Index(trame.FacetNames, name))
	}
	if err := s.evaluate(ctx); err != nil {
		return err
	}
	found := s.found
	if s.first != nil { // as it was then
		if found = littleFound; s.first.relaxed {
			found = 0
		}
	}
	if s.relaxed = s.plan.relax(found); !s.relaxed {
		return nil
	}
	return s.evaluate(ctx)
}

// relax makes a plan ask for less where it has found little, and reports whether
// it did. How much is found counts before filters: they do not change what a
// question means.
func (p *plan) relax(found int) bool {
	switch {
	case p.most == nil:
		return false
	case p.fallback != nil && found > 0: // both words are needed
		p.most, p.asked = nil, nil
		return false
	case p.fallback == nil && found >= littleFound:
		return false
	case p.fallback != nil:
		p.root = p.fallback
	}
	p.most.least = fewerShare * p.most.whole
	return true
}

func (s *search) planner(ctx context.Context, to *plan) *planner {
	return &planner{
		plan: to, ctx: ctx, view: s.view, scope: s.scope, stats: s.stats, cache: s.cache, label: s.label, thesaurus: s.words, respell: s.spell,
		strict: s.q.Strict, twins: s.q.Twins, scoring: s.q.Order() == trame.SortRelevance,
	}
}

// evaluate finds, filters, counts and ranks.
func (s *search) evaluate(ctx context.Context) error {
	s.found, s.total = 0, 0
	s.best.heap, s.best.floor = s.best.heap[:0], candidate{}
	s.counts = s.counts[:0]
	for _, f := range s.facets {
		s.counts = append(s.counts, make([]int32, len(s.view.facets[f].sets)))
	}
	if s.plan.nothing {
		return nil
	}
	filters := s.makeFilters()
	return s.eachSegment(ctx, s.plan.root, func(ev *evaluator, m matches) {
		s.found += len(m.docs)
		s.take(ev, m, filters)
	})
}

// eachSegment evaluates a node in each segment and calls f with what it finds
// among the live documents of the scope.
func (s *search) eachSegment(ctx context.Context, n node, f func(ev *evaluator, m matches)) error {
	room := scratches.Get().(*scratch)
	for i, seg := range s.view.segments {
		if seg.n == 0 {
			continue
		}
		room.fit(seg.n)
		ev := &evaluator{ctx: ctx, seg: seg, number: i, view: s.view, stats: s.stats, scratch: room}
		m, err := ev.eval(n)
		if err != nil {
			return err // and the room is lost: it may be half used
		}
		if !s.scope.whole() || seg.deleted != nil {
			m = ev.keep(m, func(doc uint32) bool { return seg.holds(s.scope, doc) })
		}
		f(ev, m)
		room.done()
	}
	scratches.Put(room)
	return nil
}

// count returns how many documents a node finds under the filters of the query.
func (s *search) count(ctx context.Context, n node) (total int, err error) {
	filters := s.makeFilters()
	err = s.eachSegment(ctx, n, func(ev *evaluator, m matches) {
		for _, f := range filters {
			m = ev.keep(m, f.test(ev.view, ev.seg))
		}
		total += len(m.docs)
	})
	return total, err
}

// take filters, counts and ranks what was found in a segment.
func (s *search) take(ev *evaluator, m matches, filters []filter) {
	if len(filters) == 0 {
		for i, f := range s.facets {
			tallySets(s.counts[i], ev.seg.columns.facets[f], m.docs)
		}
	} else {
		m = s.narrow(ev, m, filters)
	}
	s.total += len(m.docs)
	s.rank(ev, m)
}

// tallySets counts the sets of values that documents have.
func tallySets(counts []int32, sets []uint32, docs []uint32) {
	for _, doc := range docs {
		counts[sets[doc]]++
	}
}

// narrow returns what passes all filters. A facet counts what passes all but its
// own.
func (s *search) narrow(ev *evaluator, m matches, filters []filter) matches {
	tests := make([]func(uint32) bool, len(filters))
	for i, f := range filters {
		tests[i] = f.test(ev.view, ev.seg)
	}
	columns := ev.seg.columns
	return ev.keep(m, func(doc uint32) bool {
		failing, by := 0, -1
		for i, test := range tests {
			if !test(doc) {
				if failing++; failing > 1 {
					return false
				}
				by = filters[i].dimension
			}
		}
		for i, f := range s.facets {
			if failing == 0 || by == dimension(f) {
				s.counts[i][columns.facets[f][doc]]++
			}
		}
		return failing == 0
	})
}

// rank offers the documents found to the ranking.
func (s *search) rank(ev *evaluator, m matches) {
	c := ev.seg.columns
	at := func(i int) candidate {
		doc := m.docs[i]
		return candidate{score: m.scores[i], day: c.day[doc], number: c.number[doc], segment: ev.number, doc: doc}
	}
	switch s.best.order {
	case trame.SortRelevance:
		for i, score := range m.scores {
			if score >= s.best.floor.score {
				s.best.offer(at(i))
			}
		}
	case trame.SortNewest:
		for i, doc := range m.docs {
			if c.day[doc] >= s.best.floor.day {
				s.best.offer(at(i))
			}
		}
	default:
		for i := range m.docs {
			s.best.offer(at(i))
		}
	}
}

// filter narrows results to some values of a facet, or to a span of days.
type filter struct {
	dimension int
	tester
}

// tester is a node that tests documents one by one.
type tester interface {
	test(v *view, seg *segmentView) func(doc uint32) bool
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
		if asked := s.q.Filter(name); len(asked) > 0 {
			fits := func(value string) bool { return slices.Contains(asked, value) }
			filters = append(filters, filter{i, facetNode{i, fits}})
		}
	}
	if !s.q.From.IsZero() || !s.q.To.IsZero() {
		filters = append(filters, filter{byDate, daysIn(s.q.From, s.q.To)})
	}
	return filters
}

// page returns the candidates to show, and whether others come after them.
func (s *search) page() (shown []candidate, more bool) {
	all := s.best.sorted()
	from := 0
	if s.q.Cursor == "" {
		from = min((s.q.Number()-1)*s.q.Size(), len(all))
	}
	all = all[from:]
	return all[:min(len(all), s.q.Size())], len(all) > s.q.Size()
}

// snippetLength is how many characters of the text a result shows.
const snippetLength = 240

// hit makes the result of an article found.
func (s *search) hit(a trame.Article, c candidate) trame.Hit {
	h := trame.Hit{Score: float64(c.score), Missing: s.missing(c)}
	h.TitleMarked, h.Snippet = s.plan.marks.show(&a)
	if s.q.Explain {
		h.Parts = s.explain(c)
	}
	a.Text = ""
	h.Article = a
	return h
}

// missing returns the words of a question that needs most of them which a result
// lacks.
func (s *search) missing(c candidate) (words []string) {
	for _, w := range s.plan.asked {
		if !s.matches(w.node, c) {
			words = append(words, w.text)
		}
	}
	return words
}

// matches reports whether a result matches a part of the plan.
func (s *search) matches(n node, c candidate) bool {
	match := func(part node) bool { return s.matches(part, c) }
	switch n := n.(type) {
	case *leaf:
		_, found := slices.BinarySearch(n.postings[c.segment].docs, c.doc)
		return found
	case allOf:
		return !slices.ContainsFunc(n, func(part node) bool { return !match(part) })
	case anyOf:
		return slices.ContainsFunc(n, match)
	case bestOf:
		return slices.ContainsFunc(n, match)
	case noneOf:
		return !match(n.of)
	case boosted:
		return match(n.of)
	case scaled:
		return match(n.of)
	case *mostOf:
		var sum float32
		for i, part := range n.of {
			if match(part) {
				sum += n.weights[i]
			}
		}
		return sum >= n.least
	case tester:
		return n.test(s.view, s.view.segments[c.segment])(c.doc)
	}
	return true
}

// understood says in French how the text was read.
func (s *search) understood() string {
	if s.plan.nothing {
		if words, ok := plainWords(s.e); ok {
			return "aucun mot à chercher : " + strings.Join(textsOf(words), ", ")
		}
		return "aucun mot à chercher : " + trame.Describe(s.e)
	}
	if s.plan.most != nil {
		words := make([]string, len(s.plan.asked))
		for i, w := range s.plan.asked {
			words[i] = "« " + w.text + " »"
		}
		if s.plan.fallback != nil {
			return "l’un de ces mots, car aucun article ne contient les deux : " + strings.Join(words, ", ")
		}
		return "la plupart de ces mots : " + strings.Join(words, ", ")
	}
	return trame.Describe(s.plan.understood)
}

// maxTwins is how many concepts of a query have their twins counted.
const maxTwins = 3

// gains says what the other country's words add, or would add.
func (s *search) gains(ctx context.Context, r *trame.Results) error {
	for _, t := range s.plan.offered[:min(len(s.plan.offered), maxTwins)] {
		var other plan
		p := s.planner(ctx, &other)
		with := s.total
		if p.twins = false; !s.q.Twins {
			p.tried = []string{t.Words}
		}
		if err := p.compile(s.e); err != nil {
			return err
		}
		if s.plan.most != nil && s.plan.most.least < neededShare*s.plan.most.whole {
			other.relax(0)
		}
		n, err := s.count(ctx, other.root)
		if err != nil {
			return err
		}
		if t.Gain = n - with; s.q.Twins {
			t.Gain = with - n
		}
		if t.Gain > 0 {
			r.Twins = append(r.Twins, t)
		}
	}
	return nil
}

// results puts the answer together. texts reads articles by their ids.
func (s *search) results(ctx context.Context, texts Texts) (*trame.Results, error) {
	shown, more := s.page()
	r := &trame.Results{
		Total:        s.total,
		TotalArchive: s.stats.documents,
		Facets:       map[string][]trame.FacetValue{},
		Items:        []trame.Hit{},
		Understood:   s.understood(),
		Terms:        s.plan.terms,
		Dropped:      s.plan.dropped,
		Added:        s.plan.added,
	}
	if s.plan.most != nil {
		var err error
		if r.Whole, err = s.count(ctx, allOf(s.plan.most.of)); err != nil {
			return nil, err
		}
	}
	if err := s.gains(ctx, r); err != nil {
		return nil, err
	}
	var err error
	if r.Suggestion, err = s.otherSpelling(ctx); err != nil {
		return nil, err
	}
	if more {
		r.Next = s.cursorAfter(shown[len(shown)-1])
	}
	for i, f := range s.facets {
		name := trame.FacetNames[f]
		v := s.view.facets[f]
		r.Facets[name] = facetValues(v.values, v.open(s.counts[i]), s.q.Filter(name), name, s.label)
	}
	articles, err := s.articles(ctx, texts, shown)
	if err != nil {
		return nil, err
	}
	for i, a := range articles {
		if a.ID != "" {
			r.Items = append(r.Items, s.hit(a, shown[i]))
		}
	}
	return r, nil
}

// articles reads the articles of results, in their order; one that the archive
// does not hold any more is empty.
func (s *search) articles(ctx context.Context, texts Texts, shown []candidate) ([]trame.Article, error) {
	if len(shown) == 0 {
		return nil, nil
	}
	if !s.q.Bare {
		numbers := make([]int64, len(shown))
		for i, c := range shown {
			numbers[i] = c.number
		}
		found, err := texts.ArticlesByNumber(ctx, numbers)
		if err != nil {
			return nil, fmt.Errorf("read articles found: %w", err)
		}
		if len(found) == len(shown) {
			return found, nil
		}
	}
	articles := make([]trame.Article, len(shown))
	ids := make([]string, len(shown))
	for i, c := range shown {
		id, err := s.view.segments[c.segment].DocID(uint64(c.doc))
		if err != nil {
			return nil, err
		}
		ids[i] = string(id)
		articles[i].ID = ids[i]
	}
	if s.q.Bare {
		return articles, nil
	}
	found, err := texts.Articles(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read articles found: %w", err)
	}
	clear(articles)
	for _, a := range found {
		if i := slices.Index(ids, a.ID); i >= 0 {
			articles[i] = a
		}
	}
	return articles, nil
}
