package web_test

import (
	"testing"

	"context"
	"html"
	"sort"
	"strings"
	"unicode"

	"trame"
	"trame/archive"
)

type fake struct{ a *archive.Archive }

func (f fake) Search(ctx context.Context, q trame.Query) (*trame.Results, error) {
	all := []trame.Article{}
	for a, err := range f.a.All(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	words := strings.FieldsFunc(strings.ToLower(q.Text), func(r rune) bool { return !unicode.IsLetter(r) && r != '’' })
	match := func(a trame.Article, skip string) bool {
		in := func(name string, have []string, want []string) bool {
			if name == skip || len(want) == 0 {
				return true
			}
			for _, w := range want {
				for _, h := range have {
					if h == w {
						return true
					}
				}
			}
			return false
		}
		if !(in("theme", a.Themes, q.Themes) && in("source", []string{a.Source}, q.Sources) && in("country", []string{a.Country}, q.Countries) && in("type", []string{a.Type}, q.Types)) {
			return false
		}
		if skip != "year" {
			if !q.From.IsZero() && (a.Published.IsZero() || a.Published.Last().Number() < q.From.Number()) {
				return false
			}
			if !q.To.IsZero() && (a.Published.IsZero() || a.Published.Number() > q.To.Last().Number()) {
				return false
			}
		}
		t := strings.ToLower(a.Title + " " + a.Text + " " + a.Summary)
		if strings.Contains(q.Text, " OU ") {
			for _, w := range words {
				if w != "ou" && strings.Contains(t, w) {
					return true
				}
			}
			return false
		}
		for _, w := range words {
			if !strings.Contains(t, w) {
				return false
			}
		}
		return true
	}
	mark := func(s string) trame.Markup {
		s = html.EscapeString(s)
		for _, w := range words {
			for i := 0; ; {
				j := strings.Index(strings.ToLower(s[i:]), w)
				if j < 0 {
					break
				}
				s = s[:i+j] + "<mark>" + s[i+j:i+j+len(w)] + "</mark>" + s[i+j+len(w):]
				i += j + len(w) + 13
			}
		}
		return trame.Markup(s)
	}
	r := &trame.Results{TotalArchive: len(all), Facets: map[string][]trame.FacetValue{}}
	for _, a := range all {
		if match(a, "") {
			r.Items = append(r.Items, trame.Hit{Article: a, TitleMarked: mark(a.Title), Snippet: mark(a.Summary)})
		}
	}
	for _, f := range q.Facets {
		n := map[string]int{}
		for _, a := range all {
			if !match(a, f) {
				continue
			}
			switch f {
			case "theme":
				for _, t := range a.Themes {
					n[t]++
				}
			case "source":
				n[a.Source]++
			case "country":
				n[a.Country]++
			case "type":
				n[a.Type]++
			case "year":
				if !a.Published.IsZero() {
					n[a.Published.String()[:4]]++
				}
			}
		}
		for v, c := range n {
			r.Facets[f] = append(r.Facets[f], trame.FacetValue{Value: v, Count: c})
		}
		sort.Slice(r.Facets[f], func(i, j int) bool {
			x, y := r.Facets[f][i], r.Facets[f][j]
			return x.Count > y.Count || x.Count == y.Count && x.Value < y.Value
		})
	}
	r.Total = len(r.Items)
	if q.Order() != trame.SortRelevance {
		sort.SliceStable(r.Items, func(i, j int) bool { return r.Items[i].Published.Number() > r.Items[j].Published.Number() })
	}
	lo := min((q.Number()-1)*q.Size(), len(r.Items))
	hi := min(lo+q.Size(), len(r.Items))
	r.Items = r.Items[lo:hi]
	return r, nil
}

func newSearcher(t *testing.T, a *archive.Archive) trame.Searcher { return fake{a} }
