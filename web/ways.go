package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"trame"
	"trame/french"
)

// way is a way out of an empty result, with what it would find: it is only
// offered when that is something.
type way struct {
	Before, Bold, After string
	Count               int
	URL                 string
}

// Bounds of the searches that an empty result costs: of all, and of those with
// fewer filters.
const (
	maxTries = 9
	maxWays  = 5
)

// ways tries what may have been one word or one filter too many, and keeps what
// finds something. The counts are those that the links lead to.
func (s *site) ways(ctx context.Context, q trame.Query, res *trame.Results) ([]way, error) {
	q = q.At(1)
	tries := wayWithout(q, s.chips(q, res.Facets))
	tries = append(tries, wayWider(q, len(tries) > 0)...)
	tries = append(tries, wayWords(q)...)
	var found []way
	for _, t := range tries[:min(len(tries), maxTries)] {
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
	bare := unfiltered(q)
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

// wayWider undoes what narrows the reading of the words, and the moment; where
// several things narrow the search, all of them too.
func wayWider(q trame.Query, filtered bool) []try {
	var tries []try
	if q.Strict {
		wide := q
		wide.Strict = false
		tries = append(tries, try{way{Before: "Sans chercher ", Bold: "à la lettre"}, wide})
	}
	if !q.AsOf.IsZero() {
		today := q
		today.AsOf = time.Time{}
		tries = append(tries, try{way{Before: "Dans l’archive ", Bold: "d’aujourd’hui"}, today})
	}
	if len(tries) > 1 || len(tries) == 1 && filtered {
		tries = append(tries, try{way{Before: "Les mêmes mots, ", Bold: "sans aucune condition"}, trame.Query{Text: q.Text, Sort: q.Sort}})
	}
	return tries
}

// wayWords asks for fewer of the words: without quotation marks, with « ou » as it
// was meant, without one of them, and any of them. A text with operators is left
// alone: its writer knows what it says.
func wayWords(q trame.Query) []try {
	words, quoted := wordsAsked(q)
	if len(words) < 2 || len(words) > 12 {
		return nil
	}
	ask := func(w way, text string) try {
		less := q
		less.Text = text
		return try{w, less}
	}
	if i := slices.Index(words, "ou"); i > 0 && i < len(words)-1 {
		for i, w := range words {
			if w == "ou" {
				words[i] = "OU"
			}
		}
		either := strings.Join(words, " ")
		return []try{ask(way{Before: "L’un ou l’autre, avec OU en capitales : ", Bold: either}, either)}
	}
	var tries []try
	if quoted {
		tries = append(tries, ask(way{Before: "Les mêmes mots, ", Bold: "sans guillemets"}, strings.Join(words, " ")))
	}
	units := unitsOf(words)
	if len(units) < 2 {
		return tries
	}
	tries = append(tries, ask(way{Before: "Chercher ", Bold: "au moins un", After: " des mots"}, strings.Join(units, " OU ")))
	for i, u := range units {
		if quoted {
			break
		}
		rest := slices.Delete(slices.Clone(units), i, i+1)
		tries = append(tries, ask(way{Before: "Sans ", Bold: "«\u00a0" + strings.Trim(u, `"`) + "\u00a0»"}, strings.Join(rest, " ")))
	}
	return tries
}

// wordsAsked returns the words of a text that holds nothing else but quotation
// marks, and whether there are any; of other texts, none.
func wordsAsked(q trame.Query) (words []string, quoted bool) {
	e, err := q.Expr()
	if err != nil {
		return nil, false
	}
	parts, ok := e.(trame.And)
	if !ok {
		parts = trame.And{e}
	}
	for _, part := range parts {
		switch e := part.(type) {
		case trame.Word:
			if e.Field != "" {
				return nil, false
			}
			words = append(words, e.Text)
		case trame.Phrase:
			if e.Field != "" || e.Slop > 0 {
				return nil, false
			}
			quoted = true
			words = append(words, strings.Fields(e.Text)...)
		default:
			return nil, false
		}
	}
	return words, quoted
}

// unitsOf leaves out the words that are not looked up and joins sans with the word
// that it denies: a search for sans alone helps nobody.
func unitsOf(words []string) []string {
	var units []string
	for i := 0; i < len(words); i++ {
		if strings.EqualFold(words[i], "sans") && i+1 < len(words) {
			units = append(units, `"`+words[i]+" "+words[i+1]+`"`)
			i++
			continue
		}
		if len(french.Analyze(words[i])) > 0 {
			units = append(units, words[i])
		}
	}
	return units
}
