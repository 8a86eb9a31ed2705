package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Article is an article in answers. Its fields are those of trame.Article; the
// text is there only where its source says « text: full ».
type Article struct {
	ID         string   `json:"id" pattern:"^[0-9a-f]{16}$" doc:"Stable pour toujours"`
	URL        string   `json:"url" doc:"L’adresse canonique chez l’éditeur"`
	Title      string   `json:"title"`
	Authors    []string `json:"authors,omitempty" nullable:"false"`
	Source     string   `json:"source" doc:"Identifiant de la source"`
	SourceName string   `json:"source_name,omitempty"`
	Country    string   `json:"country,omitempty" doc:"ISO 3166-1 alpha-2"`
	Language   string   `json:"language,omitempty" doc:"BCP 47"`

	Published     string `json:"published,omitempty" pattern:"^[0-9]{4}(-[0-9]{2}){0,2}$" doc:"2015, 2015-04 ou 2015-04-05 ; absent quand la date est inconnue"`
	Precision     string `json:"published_precision" enum:"day,month,year,none"`
	PublishedFrom string `json:"published_from,omitempty" enum:"json-ld,meta,time,text,feed,sitemap,url,none" doc:"Où la date a été lue"`

	Updated   *time.Time `json:"updated,omitempty" nullable:"false"`
	FirstSeen *time.Time `json:"first_seen,omitempty" nullable:"false"`
	LastSeen  *time.Time `json:"last_seen,omitempty" nullable:"false"`

	Type    string   `json:"type" enum:"article,event,report,list"`
	Section string   `json:"section,omitempty" doc:"La rubrique de la source"`
	Tags    []string `json:"tags,omitempty" nullable:"false" doc:"Les mots-clés de la source"`
	Themes  []string `json:"themes,omitempty" nullable:"false" doc:"Identifiants de nos thèmes"`

	Summary string `json:"summary,omitempty"`
	Text    string `json:"text,omitempty" doc:"Seulement si la source le permet"`
	Words   int    `json:"words,omitempty"`
	Image   string `json:"image,omitempty"`

	Attachments []Attachment `json:"attachments,omitempty" nullable:"false"`
	Event       *Event       `json:"event,omitempty" nullable:"false"`
	AlsoAt      []Place      `json:"also_at,omitempty" nullable:"false"`
	ListedBy    []Place      `json:"listed_by,omitempty" nullable:"false"`
	Gone        bool         `json:"gone" doc:"La page d’origine répond 404 ou 410"`
}

// Attachment is a document that an article links to as its own.
type Attachment struct {
	URL       string `json:"url"`
	Title     string `json:"title,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	Pages     int    `json:"pages,omitempty"`
}

// Event says when and where something takes place.
type Event struct {
	Dates     []string `json:"dates" nullable:"false"`
	Time      string   `json:"time,omitempty"`
	Place     string   `json:"place,omitempty"`
	Price     string   `json:"price,omitempty"`
	Organizer string   `json:"organizer,omitempty"`
}

// Place is another address of, or to, an article.
type Place struct {
	URL    string `json:"url"`
	Source string `json:"source,omitempty"`
}

// newArticle copies a, without its text.
func newArticle(a trame.Article) Article {
	out := Article{
		ID: a.ID, URL: a.URL, Title: a.Title, Authors: a.Authors, Source: a.Source, SourceName: a.SourceName,
		Country: a.Country, Language: a.Language,
		Published: a.Published.String(), Precision: a.Published.Precision(), PublishedFrom: a.PublishedFrom,
		Updated: moment(a.Updated), FirstSeen: moment(a.FirstSeen), LastSeen: moment(a.LastSeen),
		Type: a.Type, Section: a.Section, Tags: a.Tags, Themes: a.Themes,
		Summary: a.Summary, Words: a.Words, Image: a.Image, Gone: a.Gone,
	}
	if a.Published.IsZero() {
		out.PublishedFrom = trame.FromNone
	}
	for _, at := range a.Attachments {
		out.Attachments = append(out.Attachments, Attachment(at))
	}
	for _, p := range a.AlsoAt {
		out.AlsoAt = append(out.AlsoAt, Place(p))
	}
	for _, p := range a.ListedBy {
		out.ListedBy = append(out.ListedBy, Place(p))
	}
	if e := a.Event; e != nil {
		out.Event = &Event{Dates: []string{}, Time: e.Time, Place: e.Place, Price: e.Price, Organizer: e.Organizer}
		for _, d := range e.Dates {
			out.Event.Dates = append(out.Event.Dates, d.String())
		}
	}
	return out
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type articleInput struct{ id string }

// Resolve takes the id from the path.
func (in *articleInput) Resolve(ctx huma.Context) []error {
	in.id = ctx.Param("id")
	return nil
}

type articleOutput struct{ Body Article }

func idParameter() *huma.Param {
	return &huma.Param{
		Name: "id", In: "path", Required: true, Description: "Identifiant de l’article",
		Schema: &huma.Schema{Type: "string", Pattern: "^[0-9a-f]{16}$"},
	}
}

// article answers one article. The id of an article that moved leads to the
// article at its new address.
func (d *door) article(doc huma.API) {
	op := operation(doc, "article", "/articles/{id}", "Un article", []*huma.Param{idParameter()}, http.StatusNotFound, http.StatusPermanentRedirect)
	op.Responses["308"].Description = "L’article a déménagé : sa nouvelle adresse est dans Location"
	register(d, doc, op, func(ctx context.Context, in *articleInput) (*articleOutput, error) {
		a, err := d.standing(ctx, in.id, "")
		if err != nil {
			return nil, err
		}
		out := &articleOutput{newArticle(a)}
		src, err := d.archive.Source(ctx, a.Source)
		if err != nil && !errors.Is(err, trame.ErrNotFound) {
			return nil, err
		}
		if src.Source.Text == "full" {
			out.Body.Text = a.Text
		}
		return out, nil
	})
}

// standing returns an article as it stands. Where it has moved the error leads to
// the same path of its new address.
func (d *door) standing(ctx context.Context, id, under string) (trame.Article, error) {
	if !trame.ValidID(id) {
		return trame.Article{}, trame.ErrNotFound
	}
	a, err := d.archive.Article(ctx, id)
	if err != nil {
		return a, err
	}
	if a.ID != id {
		to := d.BaseURL + "/api/v1/articles/" + url.PathEscape(a.ID) + under
		return a, huma.ErrorWithHeaders(
			&Problem{Status: http.StatusPermanentRedirect, Title: "Déménagé", Detail: "Cet article est maintenant à " + to},
			http.Header{"Location": {to}})
	}
	return a, nil
}
