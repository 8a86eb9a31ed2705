package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"trame"
	"trame/archive"
)

// sourcesPage is /sources: what the archive covers, source by source.
type sourcesPage struct {
	frame
	Sources  []sourceRow
	Articles int
	Waiting  int
	Failing  int // sources
}

// sourceRow is a source and what is known of it.
type sourceRow struct {
	ID, Name    string
	Home        outside
	URL         string // its articles
	Country     string
	CountryName string
	Articles    int
	Undated     int
	Period      string // of publication
	Visit       string
	Next        string
	Waiting     int
	Health      string // ok, new, late, failing: for the colour
	HealthWords string
	Problem     string
}

func (s *site) sources(c *gin.Context) error {
	ctx, stop := context.WithTimeout(c.Request.Context(), searchTime)
	defer stop()
	records, err := s.archive.Sources(ctx)
	if err != nil {
		return err
	}
	p := &sourcesPage{frame: s.frame("Sources", "/sources")}
	p.Description = "Les sites que Trame lit : combien d’articles, de quand à quand, dernière visite."
	for _, r := range records {
		row := s.sourceRow(r)
		p.Sources = append(p.Sources, row)
		p.Articles += row.Articles
		p.Waiting += row.Waiting
		if row.Health == "failing" {
			p.Failing++
		}
	}
	slices.SortStableFunc(p.Sources, func(a, b sourceRow) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return s.render(c, http.StatusOK, "sources", p)
}

func (s *site) sourceRow(r archive.SourceRecord) sourceRow {
	row := sourceRow{
		ID: r.ID, Name: cmp.Or(r.Name, r.ID), Home: away(r.Source.URL),
		URL:     searchURL(trame.Query{Sources: []string{r.ID}}),
		Country: r.Country, CountryName: countryName(r.Country),
		Articles: r.Articles, Undated: r.Undated, Waiting: r.Waiting,
		Visit: s.dayTime(r.LastVisit), Next: s.dayTime(r.NextVisit),
		Health: r.Health, Problem: r.Problem,
	}
	if !r.First.IsZero() {
		row.Period = period(monthOf(r.First), monthOf(r.Last))
	}
	row.HealthWords = healthWords(r.Health)
	if r.Source.URL == "" {
		row.HealthWords = "Importée, sans visite"
	}
	if row.Problem == "" && r.Failing > 0 {
		row.Problem = count(r.Failing, "page") + " en échec à la dernière visite"
	}
	return row
}

// monthOf leaves the day out: a span of years is read in months.
func monthOf(d trame.Date) trame.Date {
	d.Day = 0
	return d
}

func healthWords(h string) string {
	switch h {
	case "ok":
		return "À jour"
	case "new":
		return "Pas encore visitée"
	case "late":
		return "En retard"
	case "failing":
		return "En panne"
	}
	return "État inconnu"
}
