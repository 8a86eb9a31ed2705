package api

import (
	"context"
	"maps"
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
	Next            string               `json:"next,omitempty" doc:"L’adresse de la suite, s’il y en a une ; elle reste juste quand des articles arrivent"`
	NextCursor      string               `json:"next_cursor,omitempty" doc:"Le curseur de cette adresse"`
}

// Item is an article found.
type Item struct {
	Article
	Snippet string   `json:"snippet" doc:"Texte échappé où seul <mark> est une balise"`
	Score   float64  `json:"score" doc:"Comparable dans une même réponse"`
	Missing []string `json:"missing,omitempty" nullable:"false" doc:"Ceux des mots d’une longue question que l’article n’a pas"`
	Parts   []Part   `json:"parts,omitempty" nullable:"false" doc:"Avec explain=1 : de quoi le score est fait ; leur somme est le score"`
}

// Part is what one thing found adds to a score.
type Part struct {
	Words string  `json:"words" doc:"Ce qui était demandé"`
	Field string  `json:"field,omitempty" doc:"Où : titre, texte, début du texte"`
	Why   string  `json:"why" doc:"Pourquoi, en français"`
	Gain  float64 `json:"gain"`
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

// Understood says how the query was read, and what else could be asked.
type Understood struct {
	Understood string      `json:"understood" doc:"La recherche telle qu’elle a été comprise, en français"`
	Terms      []string    `json:"terms" nullable:"false" doc:"Les termes cherchés"`
	Dropped    []string    `json:"dropped,omitempty" nullable:"false" doc:"Les mots demandés qui n’ont pas été exigés"`
	Whole      int         `json:"whole,omitempty" doc:"Pour une longue question : combien d’articles ont tous ses mots"`
	Remarks    []string    `json:"remarks,omitempty" nullable:"false" doc:"Ce qui, dans q, a été lu autrement que ne le ferait un autre moteur"`
	Added      []Expansion `json:"added,omitempty" nullable:"false" doc:"Ce qui a été cherché en plus des mots écrits ; strict=on n’ajoute rien"`
	Suggestion *Suggestion `json:"suggestion,omitempty" nullable:"false" doc:"Une autre orthographe, qui trouve davantage"`
	Twins      []Twin      `json:"twins,omitempty" nullable:"false" doc:"Les mots de l’autre pays, que twins=on cherche aussi"`
}

// Expansion is other forms in which words were searched too.
type Expansion struct {
	Words string   `json:"words" doc:"Tels qu’écrits"`
	With  []string `json:"with" nullable:"false"`
}

// Suggestion is another spelling of a query.
type Suggestion struct {
	Q     string `json:"q"`
	Total int    `json:"total" doc:"Articles qu’elle trouverait, sous les mêmes filtres"`
}

// Twin is what the other country calls something that was asked.
type Twin struct {
	Term    string   `json:"term" doc:"Tel que demandé : CPAS"`
	Words   []string `json:"words" nullable:"false" doc:"Dans l’autre pays : CCAS"`
	Country string   `json:"country" doc:"Celui de ces mots"`
	Gain    int      `json:"gain" doc:"Articles qu’ils ajoutent"`
}

// queryInput is a query in its URL form. The root package reads it, so that
// pages and API share one vocabulary and one set of checks.
type queryInput struct {
	values url.Values
	bad    error
}

// Resolve takes the parameters as they came.
func (in *queryInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.values, in.bad = url.ParseQuery(u.RawQuery)
	return nil
}

// query reads the query but for some parameters, which mean something else here.
func (in *queryInput) query(but ...string) (trame.Query, error) {
	if in.bad != nil {
		return trame.Query{}, &trame.QueryError{Field: "q", Msg: "L’adresse est mal formée : un signe % n’y est pas suivi de deux chiffres hexadécimaux."}
	}
	v := maps.Clone(in.values)
	for _, name := range but {
		v.Del(name)
	}
	return trame.ParseQuery(v)
}

type articlesOutput struct{ Body Answer }

func (d *door) articles(doc huma.API) {
	op := operation(doc, "articles", "/articles", "Chercher des articles", parameters(), http.StatusBadRequest)
	register(d, doc, op, func(ctx context.Context, in *queryInput) (*articlesOutput, error) {
		q, err := in.query()
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

func (d *door) answer(q trame.Query, res *trame.Results) Answer {
	a := Answer{
		Total: res.Total, TotalArchive: res.TotalArchive, IndexGeneration: res.Generation,
		TookMS: math.Round(float64(res.Took.Microseconds())/10) / 100,
		Items:  []Item{}, Facets: map[string]FacetList{},
		Query: newUnderstood(q, res),
	}
	for _, h := range res.Items {
		a.Items = append(a.Items, newItem(h))
	}
	for name, values := range res.Facets {
		a.Facets[name] = FacetList{}
		for _, v := range values {
			a.Facets[name] = append(a.Facets[name], Facet(v))
		}
	}
	if res.Next != "" {
		next := q.At(1)
		next.Cursor = res.Next
		a.NextCursor, a.Next = res.Next, d.BaseURL+"/api/v1/articles?"+next.Values().Encode()
	}
	return a
}

func newItem(h trame.Hit) Item {
	it := Item{Article: newArticle(h.Article), Snippet: string(h.Snippet), Score: h.Score, Missing: h.Missing}
	for _, p := range h.Parts {
		it.Parts = append(it.Parts, Part(p))
	}
	return it
}

func newUnderstood(q trame.Query, res *trame.Results) Understood {
	u := Understood{
		Understood: res.Understood, Terms: append([]string{}, res.Terms...), Dropped: res.Dropped, Whole: res.Whole,
		Remarks: trame.Remarks(q.Text),
	}
	for _, e := range res.Added {
		u.Added = append(u.Added, Expansion{e.Words, append([]string{}, e.With...)})
	}
	if s := res.Suggestion; s != nil {
		u.Suggestion = &Suggestion{s.Text, s.Total}
	}
	for _, t := range res.Twins {
		u.Twins = append(u.Twins, Twin{t.Words, append([]string{}, t.Others...), t.Country, t.Gain})
	}
	return u
}

// parameters describe the URL form of a query.
func parameters() []*huma.Param {
	text := &huma.Schema{Type: "string"}
	one, hundred, bytes := 1.0, float64(trame.MaxPerPage), trame.MaxCursorBytes
	return append(filterParameters(),
		single("sort", "L’ordre ; pertinence s’il y a des mots, sinon les plus récents", enum("relevance", "newest", "oldest")),
		single("page", "À partir de 1", &huma.Schema{Type: "integer", Minimum: &one}),
		single("cursor", "Au lieu de page : next_cursor de la réponse précédente", &huma.Schema{Type: "string", MaxLength: &bytes}),
		single("per_page", "Par page, 20 si absent", &huma.Schema{Type: "integer", Minimum: &one, Maximum: &hundred}),
		single("facets", "Facettes à compter, séparées par des virgules : "+strings.Join(trame.FacetNames, ", "), text),
		single("explain", "1 : dire de quoi chaque score est fait", enum("1", "on", "0", "off")),
	)
}

// filterParameters describe what a query finds, in whatever form it is answered.
func filterParameters() []*huma.Param {
	date := &huma.Schema{Type: "string", Pattern: "^[0-9]{4}(-[0-9]{2}){0,2}$", Examples: []any{"2015-04"}}
	length := trame.MaxQueryLength
	return []*huma.Param{
		single("q", "Les mots cherchés, avec la syntaxe décrite à /aide", &huma.Schema{Type: "string", MaxLength: &length}),
		repeated("theme", "Identifiant d’un thème ; répétable (« ou »)"),
		repeated("source", "Identifiant d’une source ; répétable"),
		repeated("country", "Code du pays (BE, FR…) ; répétable"),
		repeated("type", "article, event, report ou list ; répétable"),
		repeated("author", "Nom d’auteur ; répétable"),
		repeated("language", "Code de langue ; répétable"),
		single("from", "Publié depuis (borne comprise)", date),
		single("to", "Publié jusqu’à (borne comprise)", date),
		single("as_of", "Seulement ce qui avait été vu à ce moment : une date (sa fin, en temps universel) ou un moment",
			&huma.Schema{Type: "string", Examples: []any{"2026-11-25", "2026-11-25T10:30:00Z"}}),
		single("strict", "on : à la lettre, tous les mots et rien d’autre", enum("on", "1", "off", "0")),
		single("twins", "on : chercher aussi les mots de l’autre pays", enum("on", "1", "off", "0")),
	}
}

func single(name, doc string, s *huma.Schema) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: s}
}

func repeated(name, doc string) *huma.Param {
	explode := true
	list := &huma.Schema{Type: "array", Items: &huma.Schema{Type: "string"}}
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: list, Style: "form", Explode: &explode}
}

func enum(values ...string) *huma.Schema {
	s := &huma.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, v)
	}
	return s
}
