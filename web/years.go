package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trame"
	"trame/french"
)

// maxBars keeps a bar wide enough to be hit: 24 pixels on a wide screen.
const maxBars = 34

// years is the block on dates: a bar for each year, two fields, quick choices.
type years struct {
	Period   string
	First    int // of the bars; for the script that drags over them
	Bars     []bar
	Many     bool // too many for a phone without scrolling further
	Few      bool
	Older    *link  // what is older than the first bar
	Undated  string // on the articles found that no bar counts
	From, To string
	Kept     []field
	Presets  []link
}

// bar is one year: its height is drawn by Y and Height, in hundredths.
type bar struct {
	Year, Count int
	URL         string
	On          bool // inside the period that is asked
	Y, Height   string
	Tick        bool // its year is written below
}

// years draws the counts by year; a facet's counts ignore its own filter, so the
// bars outside the period stay.
func (s *site) years(q trame.Query, undated int, values []trame.FacetValue) years {
	y := years{
		Period: period(q.From, q.To), From: dateField(q.From), To: dateField(q.To),
		Kept: kept(q, "from", "to"), Presets: s.presets(q),
	}
	counts, first, last := byYear(values)
	if undated > 0 {
		y.Undated = number(undated) + " sans date"
		if dated(q) {
			y.Undated += ", hors de toute période"
		}
	}
	if len(counts) < 2 {
		return y
	}
	if last-first >= maxBars {
		y.Older = older(q, counts, first, last-maxBars)
		first = last - maxBars + 1
	}
	y.First, y.Few, y.Many = first, last-first < 12, last-first >= 24
	top := 1
	for year := first; year <= last; year++ {
		top = max(top, counts[year])
	}
	step := 1 + (last-first)/12
	for year := first; year <= last; year++ {
		y.Bars = append(y.Bars, drawBar(q, year, counts[year], top, (last-year)%step == 0))
	}
	return y
}

func dated(q trame.Query) bool { return !q.From.IsZero() || !q.To.IsZero() }

// undated counts the articles without a date that the words and the other filters
// of q find. Where a period is asked they are not in res, and cost a search.
func (s *site) undated(ctx context.Context, q trame.Query, res *trame.Results) (int, error) {
	total := res.Total
	if dated(q) {
		q = q.At(1)
		q.From, q.To, q.PerPage, q.Facets = trame.Date{}, trame.Date{}, 1, nil
		open, err := s.search.Search(ctx, q)
		if err != nil {
			return 0, fmt.Errorf("count articles without a date: %w", err)
		}
		total = open.Total
	}
	counts, _, _ := byYear(res.Facets["year"])
	for _, n := range counts {
		total -= n
	}
	return max(total, 0), nil
}

func byYear(values []trame.FacetValue) (counts map[int]int, first, last int) {
	counts = map[int]int{}
	for _, v := range values {
		n, err := strconv.Atoi(v.Value)
		if err != nil || n < 1 || n > 9999 || v.Count <= 0 {
			continue
		}
		counts[n] = v.Count
		if first == 0 || n < first {
			first = n
		}
		last = max(last, n)
	}
	return counts, first, last
}

func older(q trame.Query, counts map[int]int, first, last int) *link {
	n := 0
	for year, c := range counts {
		if year <= last {
			n += c
		}
	}
	q = q.At(1)
	q.From, q.To = trame.Date{}, trame.Date{Year: last}
	return &link{fmt.Sprintf("%s de %d à %d", count(n, "article"), first, last), searchURL(q)}
}

func drawBar(q trame.Query, year, n, top int, tick bool) bar {
	h := 100 * float64(n) / float64(top)
	if n > 0 {
		h = max(h, 2)
	}
	open := q.From.IsZero() && q.To.IsZero()
	inside := (q.From.IsZero() || year >= q.From.Year) && (q.To.IsZero() || year <= q.To.Year)
	q = q.At(1)
	q.From, q.To = trame.Date{Year: year}, trame.Date{Year: year}
	return bar{
		Year: year, Count: n, URL: searchURL(q), On: open || inside, Tick: tick,
		Y: strconv.FormatFloat(100-h, 'f', 1, 64), Height: strconv.FormatFloat(h, 'f', 1, 64),
	}
}

// presets are periods that end now.
func (s *site) presets(q trame.Query) []link {
	today := s.Now().In(s.Zone)
	choices := []struct {
		label string
		from  time.Time
	}{
		{"7 jours", today.AddDate(0, 0, -7)},
		{"30 jours", today.AddDate(0, 0, -30)},
		{"12 mois", today.AddDate(-1, 0, 0)},
		{"5 ans", today.AddDate(-5, 0, 0)},
	}
	var ls []link
	q = q.At(1)
	q.To = trame.Date{}
	for _, c := range choices {
		q.From = trame.DateOf(c.from)
		ls = append(ls, link{c.label, searchURL(q)})
	}
	q.From = trame.Date{}
	return append(ls, link{"Tout", searchURL(q)})
}

// dateField writes a date as French forms do: 05/04/2015, 04/2015, 2015.
func dateField(d trame.Date) string {
	switch d.Precision() {
	case "none":
		return ""
	case "year":
		return strconv.Itoa(d.Year)
	case "month":
		return fmt.Sprintf("%02d/%04d", int(d.Month), d.Year)
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)
}

// isoDate turns 5/4/2015, 05.04.2015, 5-4-2015, 5 avril 2015, 04/2015, avril 2015
// and 2015-4-5 into the form that the vocabulary of queries knows; anything else
// passes as it is. A year has four digits: 5/4/15 may mean three days.
func isoDate(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/.- \u00a0\u202f", r) })
	n := len(parts)
	if n > 1 && n <= 3 && len(parts[n-1]) == 4 && len(parts[0]) != 4 {
		slices.Reverse(parts)
	}
	if n == 0 || n > 3 || len(parts[0]) != 4 {
		return strings.TrimSpace(s)
	}
	if n > 1 {
		parts[1] = monthNumber(parts[1])
	}
	if n > 2 && strings.EqualFold(parts[2], "1er") {
		parts[2] = "1"
	}
	for i, p := range parts {
		if len(p) == 1 {
			parts[i] = "0" + p
		}
	}
	return strings.Join(parts, "-")
}

// monthNumber turns the French name of a month into its number; anything else
// passes as it is.
func monthNumber(s string) string {
	for i := range months {
		if f := french.Fold(s); f == french.Fold(months[i]) || f == french.Fold(strings.TrimSuffix(monthsShort[i], ".")) {
			return strconv.Itoa(i + 1)
		}
	}
	return s
}
