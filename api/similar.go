package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Numbers of relatives.
const (
	defaultRelatives = 5
	maxRelatives     = 50
)

// Relatives are the articles most like one.
type Relatives struct {
	ID    string     `json:"id" doc:"De l’article demandé"`
	Items []Relative `json:"items" nullable:"false" doc:"Le plus proche d’abord ; sans les copies du même texte"`
}

// Relative is an article like another one.
type Relative struct {
	Item
	SharedWords  []string `json:"shared_words" nullable:"false" doc:"Les mots communs, les plus parlants d’abord"`
	SharedThemes []string `json:"shared_themes" nullable:"false" doc:"Identifiants des thèmes communs"`
	Reason       string   `json:"reason" doc:"Pourquoi, en français"`
}

type similarInput struct {
	articleInput
	limit string
}

// Resolve takes the id from the path, and the limit.
func (in *similarInput) Resolve(ctx huma.Context) []error {
	in.limit = ctx.Query("limit")
	return in.articleInput.Resolve(ctx)
}

type similarOutput struct{ Body Relatives }

// similar answers the articles most like one, by the id of where it is now.
func (d *door) similar(doc huma.API) {
	one, most := 1.0, float64(maxRelatives)
	params := []*huma.Param{idParameter(), single("limit", "Combien, 5 si absent", &huma.Schema{Type: "integer", Minimum: &one, Maximum: &most})}
	op := operation(doc, "similar", "/articles/{id}/similar", "Les articles les plus proches d’un article", params,
		http.StatusBadRequest, http.StatusNotFound, http.StatusPermanentRedirect)
	op.Responses["308"].Description = "L’article a déménagé : sa nouvelle adresse est dans Location"
	register(d, doc, op, func(ctx context.Context, in *similarInput) (*similarOutput, error) {
		limit, err := relativesAsked(in.limit)
		if err != nil {
			return nil, err
		}
		a, err := d.standing(ctx, in.id, "/similar")
		if err != nil {
			return nil, err
		}
		found, err := d.search.Similar(ctx, a.ID, limit)
		if err != nil {
			return nil, err
		}
		out := &similarOutput{Relatives{ID: a.ID, Items: []Relative{}}}
		for _, r := range found {
			out.Body.Items = append(out.Body.Items, Relative{newItem(r.Hit), append([]string{}, r.Words...), append([]string{}, r.Themes...), r.Reason})
		}
		return out, nil
	})
}

func relativesAsked(s string) (int, error) {
	if s == "" {
		return defaultRelatives, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxRelatives {
		return 0, &trame.QueryError{Field: "limit", Msg: "Le nombre d’articles proches est de 1 à " + strconv.Itoa(maxRelatives) + "."}
	}
	return n, nil
}
