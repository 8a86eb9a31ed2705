package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"trame"
)

// way is a way out of an empty result, with what it would find: it is only
// offered when that is something.
type way struct {
	Before, Bold, After string
	Count               int
	URL                 string
}

// maxWays bounds the searches that an empty result costs.
const maxWays = 5

// ways tries what may have been one word or one filter too many, and keeps what
// finds something. The counts are those that the links lead to.
func (s *site) ways(ctx context.Context, q trame.Query, res *trame.Results) ([]way, error) {
	q.Page = 0
	tries := wayWithout(q, s.chips(q, res.Facets))
	tries = append(tries, wayWords(q)...)
	var found []way
	for _, t := range tries[:min(len(tries), maxWays)] {
		t.q.PerPage, t.q.Facets = 1, nil
		res, err := s.search.Search(ctx, t.q)
		if err != nil {
			return nil, fmt.Errorf("look for a way out of an empty result: %w", err)
		}
		t.q.PerPage = q.PerPage
		if res.Total > 0 {
			t.way.Count, t.way.URL = res.Total, searchURL(t.q)
			found = append(found, t.way)
		}
	}
	slices.SortStableFunc(found, func(a, b way) int { return b.Count - a.Count })
	return found, nil
}

// try is a search that may find more.
type try struct {
	way way
	q   trame.Query
}

// wayWithout drops all filters, and each kind of filter where there are several.
func wayWithout(q trame.Query, chips []chip) []try {
	if len(chips) == 0 {
		return nil
	}
	bare := trame.Query{Text: q.Text, Sort: q.Sort}
	if len(chips) == 1 {
		return []try{{way{Before: "Sans le filtre ", Bold: chips[0].Label}, bare}}
	}
	tries := []try{{way{Before: "Sans ", Bold: "aucun filtre"}, bare}}
	drop := func(on bool, name string, cut func(*trame.Query)) {
		if on {
			less := q
			cut(&less)
			tries = append(tries, try{way{Before: "En gardant le reste, sans filtre de ", Bold: name}, less})
		}
	}
	drop(!q.From.IsZero() || !q.To.IsZero(), "date", func(q *trame.Query) { q.From, q.To = trame.Date{}, trame.Date{} })
	drop(len(q.Countries) > 0, "pays", func(q *trame.Query) { q.Countries = nil })
	drop(len(q.Themes) > 0, "thème", func(q *trame.Query) { q.Themes = nil })
	drop(len(q.Sources) > 0, "source", func(q *trame.Query) { q.Sources = nil })
	drop(len(q.Types) > 0, "type", func(q *trame.Query) { q.Types = nil })
	return tries[:min(len(tries), maxWays-1)]
}

// wayWords asks for fewer of the words: without quotation marks, and then any of
// them. A text with operators is left alone: its writer knows what it says.
func wayWords(q trame.Query) []try {
	var tries []try
	if strings.ContainsAny(q.Text, "()|:*-~") {
		return nil
	}
	words := strings.Fields(strings.ReplaceAll(q.Text, `"`, " "))
	if len(words) < 2 || len(words) > 12 || slices.ContainsFunc(words, isOperator) {
		return nil
	}
	if strings.Contains(q.Text, `"`) {
		loose := q
		loose.Text = strings.Join(words, " ")
		tries = append(tries, try{way{Before: "Les mêmes mots, ", Bold: "sans guillemets"}, loose})
	}
	anyOf := q
	anyOf.Text = strings.Join(words, " OU ")
	return append(tries, try{way{Before: "Chercher ", Bold: "au moins un", After: " des mots"}, anyOf})
}

func isOperator(w string) bool {
	return slices.Contains([]string{"OU", "OR", "ET", "AND", "SAUF", "NOT"}, w)
}
