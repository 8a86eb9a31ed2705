package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"trame"
	"trame/french"
)

// TestScan compares hits, totals and facet counts with a plain scan of the same
// articles, over thousands of random queries to the letter, while articles are
// added, changed and removed.
func TestScan(t *testing.T) {
	w := newWorld(t)
	rounds := 14 * effort()
	asked, finding := 0, 0
	for round := range rounds {
		var steps []step
		switch {
		case round == 0:
			steps = []step{w.plan(120, 10, 5)}
		case round%3 == 1: // many small segments
			for range 25 {
				steps = append(steps, w.plan(w.r.IntN(2), w.r.IntN(2), w.r.IntN(2)))
			}
		default:
			steps = []step{w.plan(w.r.IntN(30), w.r.IntN(25), w.r.IntN(25))}
		}
		s := newScan(w, 300)
		states := map[int64]state{}
		for _, step := range steps {
			states[step.upTo] = step.after
		}
		answers := s.during(func() {
			for _, step := range steps {
				w.apply(step)
			}
			if round%4 == 3 {
				if err := w.engine.now.store.(*scorch.Scorch).ForceMerge(t.Context(), nil); err != nil {
					t.Error(err)
				}
			}
		})
		for _, a := range answers {
			if of, ok := states[a.Generation]; ok {
				s.compare(a.question, of, a.Results)
				asked++
			}
		}
		for i := range s.questions {
			finding += one(uint32(s.check(i, w.now)))
			asked++
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	t.Logf("%d queries compared; of %d, %d find something", asked, 300*rounds, finding)
	if asked < 300*rounds || finding < 100*rounds {
		t.Errorf("only %d queries in %d rounds, and %d find something", asked, rounds, finding)
	}
}

// scan is what queries find by reading every article.
type scan struct {
	w         *world
	questions []trame.Query
	matcher   *french.Matcher
	matching  map[*known][]bool // by question
}

// newScan makes random queries to the letter.
func newScan(w *world, n int) *scan {
	labels := map[string]map[string]string{trame.FieldTheme: worldThemes, trame.FieldType: worldTypes, trame.FieldCountry: worldCountries}
	s := &scan{w: w, matching: map[*known][]bool{}}
	s.matcher = &french.Matcher{Label: func(field, value string) string { return labels[field][value] }}
	for len(s.questions) < n {
		q := trame.Query{Strict: true, Bare: true, PerPage: 100, Facets: trame.FacetNames, Sort: pick(w.r, []trame.Sort{"", trame.SortRelevance, trame.SortNewest, trame.SortOldest})}
		var parts []string
		for range w.r.IntN(4) {
			parts = append(parts, w.part(2))
		}
		q.Text = strings.Join(parts, pick(w.r, []string{" ", " ", " OU "}))
		w.filters(&q)
		e, err := q.Expr()
		if err != nil {
			continue // too long, a star within a word
		}
		s.matcher.Add(e)
		s.questions = append(s.questions, q)
	}
	return s
}

// text reports whether the text of a query matches an article.
func (s *scan) text(i int, k *known) bool {
	all := s.matching[k]
	if all == nil {
		r := s.matcher.Read(&k.Article)
		defer r.Close()
		for q := range s.questions {
			all = append(all, r.Matches(q))
		}
		s.matching[k] = all
	}
	return all[i]
}

// values returns those of an article in a facet.
func (k *known) values(facet string) []string {
	switch facet {
	case "theme":
		return k.Themes
	case "country":
		return []string{k.Country}
	case "source":
		return []string{k.Source}
	case "type":
		return []string{k.Type}
	case "author":
		return k.Authors
	case "language":
		return []string{k.Language}
	case "year":
		if !k.Published.IsZero() {
			return []string{k.Published.String()[:4]}
		}
	case "month":
		if k.Published.Month != 0 {
			return []string{k.Published.String()[:7]}
		}
	}
	return nil
}

// failing returns the filters of a query that an article does not pass; year and
// month are narrowed by the dates.
func (k *known) failing(q trame.Query) (failing []string) {
	for _, facet := range []string{"theme", "country", "source", "type", "author", "language"} {
		asked := q.Filter(facet)
		if len(asked) > 0 && !slices.ContainsFunc(k.values(facet), func(v string) bool { return slices.Contains(asked, v) }) {
			failing = append(failing, facet)
		}
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		d := k.Published
		if d.IsZero() || d.First().Number() < q.From.Number() || !q.To.IsZero() && d.Last().Number() > q.To.Last().Number() {
			failing = append(failing, "dates")
		}
	}
	return failing
}

// narrowed is the filter that a facet ignores.
func narrowed(facet string) string {
	if facet == "year" || facet == "month" {
		return "dates"
	}
	return facet
}

// want returns what a query should find in a state, and what its facets should
// count.
func (s *scan) want(i int, in state) (found []*known, facets map[string][]string, archive int) {
	q := s.questions[i]
	counts := map[string]map[string]int{}
	for _, f := range trame.FacetNames {
		counts[f] = map[string]int{}
		for _, v := range q.Filter(f) {
			counts[f][v] = 0
		}
	}
	for _, k := range in {
		if !q.AsOf.IsZero() && k.FirstSeen.After(q.AsOf) {
			continue
		}
		archive++
		if !s.text(i, k) {
			continue
		}
		failing := k.failing(q)
		if len(failing) == 0 {
			found = append(found, k)
		}
		for _, f := range trame.FacetNames {
			if len(failing) == 0 || len(failing) == 1 && failing[0] == narrowed(f) {
				for _, v := range slices.Compact(slices.Sorted(slices.Values(k.values(f)))) {
					if v != "" {
						counts[f][v]++
					}
				}
			}
		}
	}
	facets = map[string][]string{}
	for f, of := range counts {
		for v, n := range of {
			facets[f] = append(facets[f], fmt.Sprintf("%s %d", v, n))
		}
		slices.Sort(facets[f])
	}
	return found, facets, archive
}

// compare reports where an answer has another total or other counts than a scan.
func (s *scan) compare(i int, in state, r *trame.Results) (found []*known, ok bool) {
	s.w.t.Helper()
	found, facets, archive := s.want(i, in)
	ok = true
	if r.Total != len(found) || r.TotalArchive != archive {
		s.w.t.Errorf("%s: finds %d of %d, a scan %d of %d", name(s.questions[i]), r.Total, r.TotalArchive, len(found), archive)
		ok = false
	}
	for f, want := range facets {
		if got := slices.Sorted(slices.Values(lines(r.Facets[f]))); !slices.Equal(got, want) {
			s.w.t.Errorf("%s: counts %s %v, a scan %v", name(s.questions[i]), f, got, want)
			ok = false
		}
	}
	return found, ok
}

// name names a query in reports.
func name(q trame.Query) string {
	v := q.Values()
	v.Del("facets")
	text := v.Get("q")
	v.Del("q")
	return fmt.Sprintf("%q %s", text, v.Encode())
}

// check compares the answer to a query, all its pages, with a scan. It returns how
// many articles were found.
func (s *scan) check(i int, in state) int {
	s.w.t.Helper()
	q := s.questions[i]
	var got []string
	var first *trame.Results
	score := 0.0
	for page := 1; ; page++ {
		r, err := s.w.engine.Search(s.w.t.Context(), q)
		if err != nil {
			s.w.t.Errorf("%s: %v", name(q), err)
			return 0
		}
		if first == nil {
			first = r
		}
		for k, h := range r.Items {
			got = append(got, h.ID)
			if q.Order() == trame.SortRelevance && (page > 1 || k > 0) && h.Score > score {
				s.w.t.Errorf("%s: a score of %v after %v", name(q), h.Score, score)
			}
			score = h.Score
		}
		if r.Next == "" {
			break
		}
		if i%2 == 0 {
			q.Cursor = r.Next
		} else {
			q.Page = page + 1
		}
	}
	found, ok := s.compare(i, in, first)
	order := func(a, b *known) int { return cmp.Compare(a.ID, b.ID) }
	switch q.Order() {
	case trame.SortNewest:
		order = func(a, b *known) int { return cmp.Or(cmp.Compare(day(b), day(a)), cmp.Compare(b.number, a.number)) }
	case trame.SortOldest:
		undated := func(k *known) int { return one(uint32(1 - min(day(k), 1))) }
		order = func(a, b *known) int {
			return cmp.Or(undated(a)-undated(b), cmp.Compare(day(a), day(b)), cmp.Compare(a.number, b.number))
		}
	default:
		slices.Sort(got)
	}
	slices.SortFunc(found, order)
	var want []string
	for _, k := range found {
		want = append(want, k.ID)
	}
	if !slices.Equal(got, want) {
		s.w.t.Errorf("%s: finds %v, a scan %v", name(q), got, want)
		ok = false
	}
	if !ok {
		s.explain(i, got, want, in)
	}
	return len(got)
}

// day is 20150405, with 00 for what is unknown.
func day(k *known) int { return k.Published.Year*10_000 + int(k.Published.Month)*100 + k.Published.Day }

// explain shows an article that only one of the two finds.
func (s *scan) explain(i int, got, want []string, in state) {
	for id, k := range in {
		if slices.Contains(got, id) != slices.Contains(want, id) {
			_, body := french.Searched(&k.Article)
			s.w.t.Logf("%s: found %v, by a scan %v, of %v %v %v: %q %.2000q", name(s.questions[i]), slices.Contains(got, id), slices.Contains(want, id),
				k.Source, k.Authors, k.Published, k.Title, body)
			return
		}
	}
}

// answer is what a question got while the index was written to.
type answer struct {
	question int
	*trame.Results
}

// maxDuring bounds the answers that are kept of one round.
const maxDuring = 300

// during searches while work goes on.
func (s *scan) during(work func()) []answer {
	ctx, cancel := context.WithCancel(s.w.t.Context())
	var group sync.WaitGroup
	all := make([][]answer, 2)
	for g := range all {
		group.Go(func() {
			for i := g; ctx.Err() == nil && len(all[g]) < maxDuring; i = (i + len(all)) % len(s.questions) {
				r, err := s.w.engine.Search(ctx, s.questions[i])
				switch {
				case err == nil:
					all[g] = append(all[g], answer{i, r})
				case !errors.Is(err, context.Canceled):
					s.w.t.Errorf("%s: %v", name(s.questions[i]), err)
				}
			}
		})
	}
	work()
	cancel()
	group.Wait()
	return slices.Concat(all...)
}
