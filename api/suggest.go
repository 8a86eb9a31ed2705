package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// maxCompletions is how many completions of each kind may be asked.
const maxCompletions = 10

// Completions are what may be meant by what is being typed.
type Completions struct {
	Items []Completion `json:"items" nullable:"false" doc:"Les mots d’abord, puis les titres, les thèmes, les sources et les auteurs"`
}

// Completion is one line under a search field.
type Completion struct {
	Kind   string `json:"kind" enum:"word,title,theme,source,author"`
	Text   string `json:"text" doc:"D’un mot : toute la recherche, telle qu’elle s’écrirait"`
	Marked string `json:"marked" doc:"Le même texte échappé, où seul <mark> est une balise : ce qui est déjà tapé"`
	ID     string `json:"id,omitempty" doc:"De l’article, du thème ou de la source"`
	Count  int    `json:"count,omitempty" doc:"Articles ; absent des mots et des titres"`
	URL    string `json:"url" doc:"Où cela mène, sur ce site"`
}

type suggestInput struct {
	text, limit string
	bad         error
}

// Resolve takes the parameters as they came.
func (in *suggestInput) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	values, err := url.ParseQuery(u.RawQuery)
	in.text, in.limit, in.bad = values.Get("q"), values.Get("limit"), err
	return nil
}

type suggestOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Completions
}

// suggest completes what is being typed. An answer may be kept for a minute: the
// same letters are typed again and again.
func (d *door) suggest(doc huma.API) {
	one, most, longest := 1.0, float64(maxCompletions), trame.MaxQueryLength
	params := []*huma.Param{
		single("q", "Ce qui est tapé ; le dernier mot est complété", &huma.Schema{Type: "string", MaxLength: &longest}),
		single("limit", "Combien de chaque sorte, 5 si absent", &huma.Schema{Type: "integer", Minimum: &one, Maximum: &most}),
	}
	op := operation(doc, "suggest", "/suggest", "Compléter ce qui est tapé", params, http.StatusBadRequest)
	register(d, doc, op, func(ctx context.Context, in *suggestInput) (*suggestOutput, error) {
		if in.bad != nil {
			return nil, &trame.QueryError{Field: "q", Msg: "L’adresse est mal formée : un signe % n’y est pas suivi de deux chiffres hexadécimaux."}
		}
		limit, err := completionsAsked(in.limit)
		if err != nil {
			return nil, err
		}
		found, err := d.search.Suggest(ctx, in.text, limit)
		if err != nil {
			return nil, err
		}
		out := &suggestOutput{"public, max-age=60", Completions{Items: []Completion{}}}
		for _, c := range found {
			out.Body.Items = append(out.Body.Items, Completion{c.Kind, c.Text, string(c.Marked), c.ID, c.Count, leadsTo(c)})
		}
		return out, nil
	})
}

func completionsAsked(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxCompletions {
		return 0, &trame.QueryError{Field: "limit", Msg: "Le nombre de suggestions de chaque sorte est de 1 à " + strconv.Itoa(maxCompletions) + "."}
	}
	return n, nil
}

// leadsTo returns the path of the page that a completion is about.
func leadsTo(c trame.Completion) string {
	var q trame.Query
	switch c.Kind {
	case trame.CompleteTitle:
		return "/a/" + url.PathEscape(c.ID)
	case trame.CompleteTheme:
		q.Themes = []string{c.ID}
	case trame.CompleteSource:
		q.Sources = []string{c.ID}
	case trame.CompleteAuthor:
		q.Authors = []string{c.Text}
	default:
		q.Text = c.Text
	}
	return "/recherche?" + q.Values().Encode()
}
