package index

import (
	"context"
	"fmt"
	"strings"

	"trame"
)

// interval counts time in steps of a year or of a month.
type interval struct {
	name string
	step func(day int32) int32 // which step a day lies in, from 1; 0 when it is unknown
	text func(step int32) string
}

var intervals = []interval{
	{"year", func(day int32) int32 { return day / 10_000 }, func(step int32) string { return fmt.Sprintf("%04d", step) }},
	{"month", func(day int32) int32 {
		if day/100%100 == 0 {
			return 0
		}
		return day/10_000*12 + day/100%100 - 1
	}, func(step int32) string { return fmt.Sprintf("%04d-%02d", step/12, step%12+1) }},
}

func intervalOf(name string) (interval, error) {
	for _, i := range intervals {
		if i.name == name {
			return i, nil
		}
	}
	return interval{}, &trame.QueryError{Field: "interval", Msg: "L’intervalle n’est pas compris. Choisissez year (par année) ou month (par mois)."}
}

// Trends implements trame.Searcher.
func (e *bleveEngine) Trends(ctx context.Context, q trame.Query, name string) (t *trame.Trends, err error) {
	by, err := intervalOf(name)
	if err != nil {
		return nil, err
	}
	q.Sort, q.Page, q.Cursor, q.PerPage, q.Facets = trame.SortNewest, 0, "", 1, nil
	err = e.answer(ctx, q, func(s *search) error {
		if err := s.run(ctx); err != nil {
			return err
		}
		found := map[int32]int{}
		if !s.plan.nothing {
			if found, err = s.countBy(ctx, s.plan.root, by); err != nil {
				return err
			}
		}
		all := found
		if strings.TrimSpace(q.Text) != "" {
			if all, err = s.countBy(ctx, nil, by); err != nil {
				return err
			}
		}
		t = newTrends(by, found, all)
		t.Total, t.Understood = s.total, s.understood()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// countBy counts what a node finds under the filters of the query by steps of
// time; step 0 is unknown.
func (s *search) countBy(ctx context.Context, n node, by interval) (map[int32]int, error) {
	filters := s.makeFilters()
	days := map[int32]int{}
	err := s.eachSegment(ctx, n, func(ev *evaluator, m matches) {
		for _, f := range filters {
			m = ev.keep(m, f.test(ev.view, ev.seg))
		}
		for _, doc := range m.docs {
			days[ev.seg.columns.day[doc]]++
		}
	})
	steps := map[int32]int{}
	for day, n := range days {
		steps[by.step(day)] += n
	}
	return steps, err
}

// newTrends makes points of counts. What was found is among all.
func newTrends(by interval, found, all map[int32]int) *trame.Trends {
	t := &trame.Trends{Interval: by.name, Points: []trame.TrendPoint{}, Undated: found[0]}
	var first, last int32
	for step := range all {
		if step == 0 {
			continue
		}
		if first == 0 || step < first {
			first = step
		}
		last = max(last, step)
	}
	if last == 0 {
		return t
	}
	first = max(first, last-trame.MaxTrendPoints+1)
	for step := first; step <= last; step++ {
		p := trame.TrendPoint{Period: by.text(step), Count: found[step], Archive: all[step]}
		if p.Archive > 0 {
			p.Share = float64(p.Count) / float64(p.Archive)
		}
		t.Points = append(t.Points, p)
	}
	for step, n := range found {
		if step != 0 && step < first {
			t.Earlier += n
		}
	}
	return t
}
