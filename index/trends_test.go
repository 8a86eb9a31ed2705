package index

import (
	"errors"
	"net/url"
	"testing"

	"trame"
)

func parse(t testing.TB, query string) trame.Query {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := trame.ParseQuery(v)
	if err != nil {
		t.Fatalf("ParseQuery(%s): %v", query, err)
	}
	return q
}

// TestTrends compares each point with a search for that year or month alone.
func TestTrends(t *testing.T) {
	a := newArchive(t)
	articles := compose(600)
	for i := range articles { // dates of which only the month or the year is known
		if d := &articles[i].Published; i%7 == 1 && !d.IsZero() {
			d.Day = 0
			if i%2 == 1 {
				d.Month = 0
			}
		}
	}
	importAll(t, a, articles)
	e := newEngine(t, t.TempDir(), a)
	for _, query := range []string{
		"q=", "q=famille&country=FR", "q=logement+OU+droit&theme=theme3&theme=theme4", "q=travail+-social", "q=zyzomys",
		"q=famille+enfant+santé+droit&from=2011-03&to=2013", "author=Auteur+7", "q=%22travail+social%22&source=source4&sort=oldest&page=3&per_page=10", "q=enfant&country=CH",
	} {
		q := parse(t, query)
		for name, limit := range map[string]int{"year": 20, "month": 240} {
			tr, err := e.Trends(t.Context(), q, name)
			if err != nil {
				t.Fatal(err)
			}
			count := func(q trame.Query, period string) int {
				d, err := trame.ParseDate(period)
				if err != nil {
					t.Fatal(err)
				}
				q.From, q.To, q.Page = d, d, 0
				r, err := e.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				return r.Total
			}
			sum, filters := tr.Undated+tr.Earlier, q
			filters.Text = ""
			for i, p := range tr.Points {
				sum += p.Count
				if i > 0 && p.Period <= tr.Points[i-1].Period {
					t.Errorf("%s by %s: %s after %s", query, name, p.Period, tr.Points[i-1].Period)
				}
				if name == "month" && i%20 != 3 { // a search each is slow
					continue
				}
				if want := count(q, p.Period); p.Count != want && q.From.IsZero() {
					t.Errorf("%s by %s: %d in %s, want %d", query, name, p.Count, p.Period, want)
				}
				if want := count(filters, p.Period); p.Archive != want && q.From.IsZero() {
					t.Errorf("%s by %s: archive %d in %s, want %d", query, name, p.Archive, p.Period, want)
				}
			}
			q.Page = 0
			if r, err := e.Search(t.Context(), q); err != nil || r.Total != tr.Total || sum != tr.Total || r.Understood != tr.Understood {
				t.Errorf("%s by %s: points add up to %d of %d (%s), a search finds %+v, %v", query, name, sum, tr.Total, tr.Understood, r, err)
			}
			if len(tr.Points) > limit {
				t.Errorf("%s by %s: %d points", query, name, len(tr.Points))
			}
		}
	}
	if _, err := e.Trends(t.Context(), trame.Query{}, "week"); !errors.Is(err, trame.ErrInvalidQuery) {
		t.Errorf("Trends by week: %v", err)
	}
}

// TestTrendsAreBounded: one article of the year 1 does not make a list of
// thousands of months, and is still counted.
func TestTrendsAreBounded(t *testing.T) {
	months, years := intervals[1], intervals[0]
	found := map[int32]int{0: 3, 12: 1, 2015*12 + 3: 4}
	tr := newTrends(months, found, found)
	if len(tr.Points) != trame.MaxTrendPoints || tr.Earlier != 1 || tr.Undated != 3 {
		t.Errorf("%d points, %d earlier, %d undated", len(tr.Points), tr.Earlier, tr.Undated)
	}
	if last := tr.Points[len(tr.Points)-1]; last != (trame.TrendPoint{Period: "2015-04", Count: 4, Archive: 4, Share: 1}) {
		t.Errorf("last point %+v", last)
	}
	tr = newTrends(years, map[int32]int{2012: 1}, map[int32]int{2010: 2, 2012: 4})
	if len(tr.Points) != 3 || tr.Points[0].Share != 0 || tr.Points[1].Archive != 0 || tr.Points[2].Share != 0.25 {
		t.Errorf("%+v", tr.Points)
	}
}
