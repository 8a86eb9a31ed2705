package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Theme is a theme with the themes under it.
type Theme struct {
	ID       string            `json:"id"`
	Label    map[string]string `json:"label" doc:"Par langue : fr, en"`
	Query    string            `json:"query" doc:"La recherche enregistrée qu’est ce thème"`
	Count    int               `json:"count" doc:"Articles qui le portent, sans ceux de ses sous-thèmes"`
	Children []Theme           `json:"children" nullable:"false"`
}

// ThemeTree is all themes.
type ThemeTree struct {
	Themes []Theme `json:"themes" nullable:"false"`
}

type themesOutput struct{ Body ThemeTree }

func (d *door) themes(doc huma.API) {
	op := operation(doc, "themes", "/themes", "Les thèmes, en arbre", nil)
	register(d, doc, op, func(ctx context.Context, _ *struct{}) (*themesOutput, error) {
		res, err := d.search.Search(ctx, trame.Query{PerPage: 1, Facets: []string{"theme"}})
		if err != nil {
			return nil, err
		}
		counts := map[string]int{}
		for _, v := range res.Facets["theme"] {
			counts[v.Value] = v.Count
		}
		return &themesOutput{ThemeTree{d.themesUnder("", counts, len(d.Themes))}}, nil
	})
}

// themesUnder returns the children of a theme. depth ends a circle of parents.
func (d *door) themesUnder(parent string, counts map[string]int, depth int) []Theme {
	out := []Theme{}
	if depth < 0 {
		return out
	}
	for _, t := range d.Themes {
		if t.Parent == parent || parent == "" && !d.known(t.Parent) {
			label := t.Label
			if label == nil {
				label = map[string]string{}
			}
			out = append(out, Theme{t.ID, label, t.Query, counts[t.ID], d.themesUnder(t.ID, counts, depth-1)})
		}
	}
	return out
}

func (d *door) known(id string) bool {
	for _, t := range d.Themes {
		if t.ID == id {
			return true
		}
	}
	return false
}
