package api

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Answer is a page of results.
type Answer struct {
	Total           int                  `json:"total" doc:"Articles trouvés, exactement"`
	TotalArchive    int                  `json:"total_archive" doc:"Articles dans l’index"`
	TookMS          float64              `json:"took_ms" doc:"Temps passé dans l’index, en millisecondes"`
	IndexGeneration int64                `json:"index_generation" doc:"Numéro de la dernière modification lue par l’index"`
	Items           []Item               `json:"items" nullable:"false"`
	Facets          map[string]FacetList `json:"facets" doc:"Par nom de facette ; une facette ne tient pas compte de son propre filtre"`
	Query           Understood           `json:"query"`
	Next            string               `json:"next,omitempty" doc:"L’adresse de la page suivante, s’il y en a une"`
}

// Item is an article found.
type Item struct {
	Article
	Snippet string  `json:"snippet" doc:"Texte échappé où seul <mark> est une balise"`
	Score   float64 `json:"score" doc:"Comparable dans une même réponse ; 0 dans un tri par date"`
}

// Facet is a value with the number of articles that carry it.
type Facet struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
	Count int    `json:"count"`
}

// FacetList is the values of a facet, the most frequent first.
type FacetList []Facet

// Schema implements huma.SchemaProvider: a list is never null.
func (FacetList) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: r.Schema(reflect.TypeFor[Facet](), true, "Facet")}
}

// Understood says how the query was read.
type Understood struct {
	Understood string   `json:"understood"`
	Terms      []string `json:"terms" nullable:"false" doc:"Les termes cherchés"`
	Dropped    []string `json:"dropped,omitempty" nullable:"false" doc:"Les mots demandés qui n’ont pas été exigés"`
}

// articlesInput is a query in its URL form. The root package reads it, so that
// pages and API share one vocabulary and one set of checks.
type articlesInput struct {
	values url.Values
	bad    error
}

// Resolve takes the parameters as they came.
func (in *articlesInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.values, in.bad = url.ParseQuery(u.RawQuery)
	return nil
}

type articlesOutput struct{ Body Answer }

func (d *door) articles(doc huma.API) {
	op := operation(doc, "articles", "/articles", "Chercher des articles", parameters(), http.StatusBadRequest)
	register(d, doc, op, func(ctx context.Context, in *articlesInput) (*articlesOutput, error) {
		if in.bad != nil {
			return nil, &trame.QueryError{Field: "q", Msg: "L’adresse est mal formée : un signe % n’y est pas suivi de deux chiffres hexadécimaux."}
		}
		if err := planned(in.values); err != nil {
			return nil, err
		}
		q, err := trame.ParseQuery(in.values)
		if err != nil {
			return nil, err
		}
		res, err := d.search.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		return &articlesOutput{d.answer(q, res)}, nil
	})
}

// planned refuses the parameters that are announced but not there yet: to leave
// them out would answer something else than what was asked.
func planned(v url.Values) error {
	if v.Has("cursor") {
		return &trame.QueryError{Field: "cursor", Msg: "Le paramètre « cursor » n’est pas encore dans cette version. Avancez avec page et per_page, ou par périodes avec from et to."}
	}
	if v.Has("twins") {
		return &trame.QueryError{Field: "twins", Msg: "Le paramètre « twins » n’est pas encore dans cette version : les copies d’un texte ne sont pas regroupées dans les résultats."}
	}
	return nil
}

func (d *door) answer(q trame.Query, res *trame.Results) Answer {
	a := Answer{
		Total: res.Total, TotalArchive: res.TotalArchive, IndexGeneration: res.Generation,
		TookMS: math.Round(float64(res.Took.Microseconds())/10) / 100,
		Items:  []Item{}, Facets: map[string]FacetList{},
		Query: Understood{Understood: res.Understood, Terms: append([]string{}, res.Terms...), Dropped: res.Dropped},
	}
	for _, h := range res.Items {
		a.Items = append(a.Items, Item{newArticle(h.Article), string(h.Snippet), h.Score})
	}
	for name, values := range res.Facets {
		a.Facets[name] = FacetList{}
		for _, v := range values {
			a.Facets[name] = append(a.Facets[name], Facet(v))
		}
	}
	a.Next = d.next(q, res.Total)
	return a
}

// next is the address of the page after q, or empty after the last one that may
// be asked for.
func (d *door) next(q trame.Query, total int) string {
	page, size := q.Number(), q.Size()
	if page*size >= total || (page+1)*size > trame.MaxResultDepth {
		return ""
	}
	return d.BaseURL + "/api/v1/articles?" + q.At(page+1).Values().Encode()
}

// parameters describe the URL form of a query.
func parameters() []*huma.Param {
	text := &huma.Schema{Type: "string"}
	list := &huma.Schema{Type: "array", Items: text}
	date := &huma.Schema{Type: "string", Pattern: "^[0-9]{4}(-[0-9]{2}){0,2}$", Examples: []any{"2015-04"}}
	one, hundred, bytes := 1.0, float64(trame.MaxPerPage), trame.MaxQueryBytes
	explode := true
	repeated := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: list, Style: "form", Explode: &explode}
	}
	single := func(name, doc string, s *huma.Schema) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: s}
	}
	return []*huma.Param{
		single("q", "Les mots cherchés, avec la syntaxe décrite à /aide", &huma.Schema{Type: "string", MaxLength: &bytes}),
		repeated("theme", "Identifiant d’un thème ; répétable (« ou »)"),
		repeated("source", "Identifiant d’une source ; répétable"),
		repeated("country", "Code du pays (BE, FR…) ; répétable"),
		repeated("type", "article, event, report ou list ; répétable"),
		repeated("author", "Nom d’auteur ; répétable"),
		repeated("language", "Code de langue ; répétable"),
		single("from", "Publié depuis (borne comprise)", date),
		single("to", "Publié jusqu’à (borne comprise)", date),
		single("sort", "L’ordre ; pertinence s’il y a des mots, sinon les plus récents", enum("relevance", "newest", "oldest")),
		single("page", "À partir de 1", &huma.Schema{Type: "integer", Minimum: &one}),
		single("per_page", "Par page, 20 si absent", &huma.Schema{Type: "integer", Minimum: &one, Maximum: &hundred}),
		single("facets", "Facettes à compter, séparées par des virgules : "+strings.Join(trame.FacetNames, ", "), text),
	}
}

func enum(values ...string) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, v)
	}
	return s
}
