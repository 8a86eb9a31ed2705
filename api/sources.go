package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trame"
	"trame/archive"
)

// Source is a source with what the archive holds of it.
type Source struct {
	ID       string   `json:"id"`
	URL      string   `json:"url"`
	Name     string   `json:"name,omitempty"`
	Country  string   `json:"country,omitempty"`
	Kind     string   `json:"kind,omitempty" doc:"auto, feed, site, list ou events"`
	Feeds    []string `json:"feeds,omitempty" nullable:"false"`
	Text     string   `json:"text" enum:"extract,full" doc:"full : le texte entier peut être rendu"`
	Health   string   `json:"health" doc:"new, ok, late ou failing"`
	Problem  string   `json:"problem,omitempty" doc:"Ce qui ne va pas, pour une personne"`
	Coverage Coverage `json:"coverage"`
}

// Coverage says what the archive holds of a source.
type Coverage struct {
	Articles  int        `json:"articles"`
	Gone      int        `json:"gone" doc:"Dont la page d’origine a disparu"`
	Undated   int        `json:"undated" doc:"Sans date connue"`
	First     string     `json:"first,omitempty" doc:"La plus ancienne publication"`
	Last      string     `json:"last,omitempty" doc:"La plus récente publication"`
	LastVisit *time.Time `json:"last_visit,omitempty" nullable:"false"`
	NextVisit *time.Time `json:"next_visit,omitempty" nullable:"false"`
	Waiting   int        `json:"waiting" doc:"Pages trouvées et pas encore visitées"`
	Failing   int        `json:"failing" doc:"Pages dont la dernière visite a échoué"`
}

// SourceList is all sources.
type SourceList struct {
	Sources []Source `json:"sources" nullable:"false"`
}

type sourcesOutput struct{ Body SourceList }

func (d *door) sources(doc huma.API) {
	op := operation(doc, "sources", "/sources", "Les sources : couverture et état", nil)
	register(d, doc, op, func(ctx context.Context, _ *struct{}) (*sourcesOutput, error) {
		records, err := d.archive.Sources(ctx)
		if err != nil {
			return nil, err
		}
		out := &sourcesOutput{SourceList{[]Source{}}}
		for _, r := range records {
			out.Body.Sources = append(out.Body.Sources, newSource(r))
		}
		return out, nil
	})
}

func newSource(r archive.SourceRecord) Source {
	s := Source{
		ID: r.ID, URL: r.URL, Name: r.Name, Country: r.Country, Kind: r.Kind, Feeds: r.Feeds,
		Text: "extract", Health: r.Health, Problem: r.Problem,
		Coverage: Coverage{
			Articles: r.Articles, Gone: r.Gone, Undated: r.Undated, First: r.First.String(), Last: r.Last.String(),
			LastVisit: moment(r.LastVisit), NextVisit: moment(r.NextVisit), Waiting: r.Waiting, Failing: r.Failing,
		},
	}
	if r.Text == "full" {
		s.Text = "full"
	}
	return s
}

// Status is the size of the archive and how far the index has read it.
type Status struct {
	Version         string `json:"version"`
	Articles        int    `json:"articles" doc:"Dans l’archive"`
	Gone            int    `json:"gone"`
	Pages           int    `json:"pages" doc:"Pages brutes gardées"`
	Sources         int    `json:"sources"`
	Waiting         int    `json:"waiting" doc:"Pages trouvées et pas encore visitées"`
	Change          int64  `json:"change" doc:"Le dernier numéro de l’histoire de l’archive"`
	IndexArticles   int    `json:"index_articles"`
	IndexGeneration int64  `json:"index_generation" doc:"Le numéro jusqu’où l’index a lu"`
}

type statusOutput struct{ Body Status }

func (d *door) status(doc huma.API) {
	op := operation(doc, "status", "/status", "La taille du fonds et l’avancement de l’index", nil)
	register(d, doc, op, func(ctx context.Context, _ *struct{}) (*statusOutput, error) {
		t, err := d.archive.Totals(ctx)
		if err != nil {
			return nil, err
		}
		res, err := d.search.Search(ctx, trame.Query{PerPage: 1})
		if err != nil {
			return nil, err
		}
		return &statusOutput{Status{
			Version: d.Version, Articles: t.Articles, Gone: t.Gone, Pages: t.Pages, Sources: t.Sources,
			Waiting: t.Waiting, Change: t.Change, IndexArticles: res.TotalArchive, IndexGeneration: res.Generation,
		}}, nil
	})
}
