package web

import (
	"cmp"
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"trame"
)

// homePage is /: what this is, how much there is, what came last.
type homePage struct {
	frame
	TotalArchive int
	Sources      int
	Themes       []themeLink
	Countries    []themeLink
	Hits         []hit
	Empty        *empty
	Status       string
}

// themeLink is a theme with its count.
type themeLink struct {
	link
	Count int
}

// empty says how far the gathering is while nothing can be found yet.
type empty struct {
	Sources, Waiting, Pages, Articles int
	Status                            string
}

const homeHits = 8

// growing is the size below which a page on an archive that is being filled
// looks again by itself: the first minutes, not the daily visits.
const growing = 250

func (s *site) home(c *gin.Context) error {
	if c.Request.URL.RawQuery != "" {
		if q, err := parseQuery(c.Request.URL.Query()); err == nil && searchURL(q) != "/recherche" {
			c.Redirect(http.StatusSeeOther, searchURL(q))
			return nil
		}
	}
	ctx, stop := context.WithTimeout(c.Request.Context(), searchTime)
	defer stop()
	res, err := s.search.Search(ctx, trame.Query{Sort: trame.SortNewest, PerPage: homeHits, Facets: []string{"theme", "country"}})
	if err != nil {
		return err
	}
	totals, err := s.archive.Totals(ctx)
	if err != nil {
		return err
	}
	p := &homePage{
		frame: s.frame("", "/"), TotalArchive: res.TotalArchive, Sources: totals.Sources,
		Themes: s.homeThemes(res.Facets["theme"]), Countries: countries(res.Facets["country"]),
		Hits: s.hits(res.Items, trame.Query{}), Status: cmp.Or(s.status(), underway(totals.Waiting)),
	}
	p.Description = "Chercher dans les articles du travail social francophone, de Belgique et de France."
	if s.BaseURL != "" {
		p.Canonical = s.BaseURL + "/"
	}
	if res.TotalArchive == 0 {
		p.Empty = s.empty(ctx)
	}
	p.Refresh = res.TotalArchive == 0 || totals.Waiting > 0 && res.TotalArchive < growing
	return s.render(c, http.StatusOK, "accueil", p)
}

// underway says that more is coming.
func underway(waiting int) string {
	if waiting == 0 {
		return ""
	}
	return "La collecte continue\u00a0: " + count(waiting, "page") + " en attente de visite."
}

func (s *site) status() string {
	if s.Options.Status == nil {
		return ""
	}
	return s.Options.Status()
}

// empty never fails: a page that says « not yet » needs no figures.
func (s *site) empty(ctx context.Context) *empty {
	t, err := s.archive.Totals(ctx)
	if err != nil {
		s.Log.Warn("count the archive", "err", err)
	}
	return &empty{Sources: t.Sources, Waiting: t.Waiting, Pages: t.Pages, Articles: t.Articles, Status: s.status()}
}

const homeThemeCount = 14

func (s *site) homeThemes(values []trame.FacetValue) []themeLink {
	var ls []themeLink
	for _, v := range values[:min(len(values), homeThemeCount)] {
		ls = append(ls, themeLink{link{s.themes.name(v.Value), searchURL(trame.Query{Themes: []string{v.Value}})}, v.Count})
	}
	return ls
}

func countries(values []trame.FacetValue) []themeLink {
	var ls []themeLink
	for _, v := range values {
		ls = append(ls, themeLink{link{countryName(v.Value), searchURL(trame.Query{Countries: []string{v.Value}})}, v.Count})
	}
	return ls
}
