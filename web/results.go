package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"trame"
	"trame/french"
)

// searchTime is how long a page waits for the index.
const searchTime = 10 * time.Second

// resultPage is /recherche.
type resultPage struct {
	frame
	Asked        string // the words that were asked
	Total        int
	TotalArchive int
	First, Last  int // of the hits on this page
	Chips        []chip
	ClearURL     string
	Facets       []facet
	FacetKept    []field
	Years        years
	Sorts        []sortChoice
	SortKept     []field
	PerPage      []choice
	Reading      reading
	Cite         searchCitation
	Emptied      string // a sentence where no word of the query can be looked up
	Hits         []hit
	Pager        pager
	Ways         []way // out of an empty result
	Empty        *empty
}

// sortChoice is an entry of the list of orders.
type sortChoice struct {
	Value, Label string
	Current      bool
}

// choice is a link that may be the current one.
type choice struct {
	Label, URL string
	Current    bool
}

func (s *site) results(c *gin.Context) error {
	q, err := parseQuery(c.Request.URL.Query())
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(c.Request.Context(), searchTime)
	defer stop()
	asked := q
	asked.Facets = []string{"theme", "country", "source", "type", "year"}
	res, err := s.search.Search(ctx, asked)
	if err != nil {
		return err
	}
	pg := newPager(q, res.Total)
	if pg.Current > 1 && pg.Current > pg.Count {
		c.Redirect(http.StatusFound, searchURL(q.At(pg.Count)))
		return nil
	}
	undated, err := s.undated(ctx, q, res)
	if err != nil {
		return err
	}
	p := s.resultPage(q, res, pg, undated)
	switch {
	case res.TotalArchive == 0 && q.AsOf.IsZero():
		p.Empty = s.empty(ctx)
		p.Refresh = true
	case res.Total == 0:
		if p.Ways, err = s.ways(ctx, q, res); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "recherche", p)
}

// parseQuery reads the state of a search page: the vocabulary of the API, with
// dates as French forms write them, and without cursors: pages are numbered.
func parseQuery(v url.Values) (trame.Query, error) {
	v = maps.Clone(v)
	delete(v, "cursor")
	for _, name := range []string{"from", "to"} {
		typed := strings.TrimSpace(strings.ToValidUTF8(v.Get(name), " "))
		d, err := trame.ParseDate(isoDate(typed))
		if err != nil {
			return trame.Query{}, &trame.QueryError{Field: name, Msg: fmt.Sprintf(
				"La date «\u00a0%s\u00a0» n’est pas comprise ou n’existe pas. Écrivez par exemple 5/4/2015, 4/2015 ou 2015.", shorten(typed, 30))}
		}
		v[name] = []string{d.String()}
	}
	return trame.ParseQuery(v)
}

func (s *site) resultPage(q trame.Query, res *trame.Results, pg pager, undated int) *resultPage {
	chips := s.chips(q, res.Facets)
	p := &resultPage{
		frame: s.frame(title(q, chips, res.Total), "/recherche"), Asked: q.Text,
		Total: res.Total, TotalArchive: res.TotalArchive,
		Chips: chips, ClearURL: searchURL(unfiltered(q)),
		Facets: s.facets(q, res.Facets), FacetKept: kept(q, "theme", "country", "source", "type"),
		Years: s.years(q, undated, res.Facets["year"]),
		Sorts: sorts(q), SortKept: kept(q, "sort"), PerPage: perPage(q, res.Total),
		Reading: s.reading(q, res), Cite: s.citeSearch(q, chips, res.Total), Emptied: emptied(q, res), Hits: s.hits(res.Items, q), Pager: pg,
	}
	p.Box, p.Kept, p.NoIndex = q.Text, kept(q, "q"), true
	p.Description = "Articles du travail social francophone."
	if len(p.Hits) > 0 {
		p.First = (pg.Current-1)*pg.Size + 1
		p.Last = p.First + len(p.Hits) - 1
	}
	return p
}

// title names a page of results so that tabs and history can be told apart:
// « CPAS — Belgique, Logement — 212 articles, page 2 ».
func title(q trame.Query, chips []chip, total int) string {
	var parts, filters []string
	if q.Text != "" {
		parts = append(parts, q.Text)
	}
	for i, c := range chips {
		if i == maxTitleFilters {
			filters = append(filters, "…")
			break
		}
		filters = append(filters, c.Label)
	}
	if filters != nil {
		parts = append(parts, strings.Join(filters, ", "))
	}
	n := count(total, "article")
	if total == 0 {
		n = "Aucun article"
	}
	if q.Number() > 1 {
		n += ", page " + number(q.Number())
	}
	return strings.Join(append(parts, n), " — ")
}

// maxTitleFilters is how many filters the title of a page names.
const maxTitleFilters = 4

// emptied says that a text holds no word that is looked up.
func emptied(q trame.Query, res *trame.Results) string {
	if q.Text == "" || res.Total > 0 || len(res.Terms) > 0 || len(french.Analyze(q.Text)) > 0 {
		return ""
	}
	return "Cette recherche ne contient que des mots trop courants pour être cherchés, comme «\u00a0le\u00a0» ou «\u00a0de\u00a0». Ajoutez-y un mot qui dise de quoi il s’agit."
}

func sorts(q trame.Query) []sortChoice {
	now := q.Order()
	var cs []sortChoice
	if q.Text != "" || now == trame.SortRelevance {
		cs = append(cs, sortChoice{string(trame.SortRelevance), "Pertinence", false})
	}
	cs = append(cs, sortChoice{string(trame.SortNewest), "Plus récents", false}, sortChoice{string(trame.SortOldest), "Plus anciens", false})
	for i := range cs {
		cs[i].Current = cs[i].Value == string(now)
	}
	return cs
}

func perPage(q trame.Query, total int) []choice {
	sizes := []struct {
		n     int
		label string
	}{{20, "20"}, {50, "50"}, {100, "100"}}
	if total <= sizes[0].n {
		return nil
	}
	size := q.Size()
	var cs []choice
	q = q.At(1)
	for _, z := range sizes {
		q.PerPage = z.n
		cs = append(cs, choice{z.label, searchURL(q), z.n == size})
	}
	return cs
}

// pager are the numbered pages of a result.
type pager struct {
	Current, Count, Size int
	Pages                []pageLink
	Previous, Next       string // addresses, or empty
	Capped               bool   // there is more than may be paged through
}

// pageLink is a numbered page; 0 stands for a gap.
type pageLink struct {
	N       int
	URL     string
	Current bool
}

func newPager(q trame.Query, total int) pager {
	p := pager{Current: q.Number(), Size: q.Size()}
	reach := min(total, trame.MaxResultDepth/p.Size*p.Size)
	p.Capped = reach < total
	p.Count = max((reach+p.Size-1)/p.Size, 1)
	at := func(n int) string { return searchURL(q.At(n)) }
	shown := []int{1, p.Current - 1, p.Current, p.Current + 1, p.Count}
	if p.Current == 1 {
		shown = append(shown, 3)
	}
	slices.Sort(shown)
	last := 0
	for _, n := range slices.Compact(shown) {
		if n < 1 || n > p.Count {
			continue
		}
		if n > last+1 {
			p.Pages = append(p.Pages, pageLink{})
		}
		p.Pages = append(p.Pages, pageLink{n, at(n), n == p.Current})
		last = n
	}
	if p.Current > 1 {
		p.Previous = at(p.Current - 1)
	}
	if p.Current < p.Count {
		p.Next = at(p.Current + 1)
	}
	return p
}
