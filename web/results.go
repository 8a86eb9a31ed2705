package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"trame"
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
	Dropped      string // a sentence on the words that were not required
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
		q.Page = pg.Count
		c.Redirect(http.StatusFound, searchURL(q))
		return nil
	}
	p := s.resultPage(q, res, pg)
	switch {
	case res.TotalArchive == 0:
		p.Empty = s.empty(ctx)
		p.Refresh = true
	case res.Total == 0:
		if p.Ways, err = s.ways(ctx, q, res); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "recherche", p)
}

// parseQuery reads the state of a search page: the vocabulary of the API, and
// dates as French forms write them.
func parseQuery(v url.Values) (trame.Query, error) {
	for _, name := range []string{"from", "to"} {
		for i, d := range v[name] {
			v[name][i] = isoDate(d)
		}
	}
	return trame.ParseQuery(v)
}

func (s *site) resultPage(q trame.Query, res *trame.Results, pg pager) *resultPage {
	p := &resultPage{
		frame: s.frame(title(q, res.Total), "/recherche"), Asked: q.Text,
		Total: res.Total, TotalArchive: res.TotalArchive,
		Chips: s.chips(q, res.Facets), ClearURL: searchURL(trame.Query{Text: q.Text, Sort: q.Sort}),
		Facets: s.facets(q, res.Facets), FacetKept: kept(q, "theme", "country", "source", "type"),
		Years: s.years(q, res.Total, res.Facets["year"]),
		Sorts: sorts(q), SortKept: kept(q, "sort"), PerPage: perPage(q, res.Total),
		Dropped: dropped(res.Dropped), Hits: s.hits(res.Items, q), Pager: pg,
	}
	p.Box, p.Kept, p.NoIndex = q.Text, kept(q, "q"), true
	p.Description = "Articles du travail social francophone."
	if len(p.Hits) > 0 {
		p.First = (pg.Current-1)*pg.Size + 1
		p.Last = p.First + len(p.Hits) - 1
	}
	return p
}

func title(q trame.Query, total int) string {
	n := count(total, "article")
	if total == 0 {
		n = "Aucun article"
	}
	if q.Text == "" {
		return n
	}
	return q.Text + " — " + n
}

// dropped says which words of a long question were not required.
func dropped(words []string) string {
	if len(words) == 0 {
		return ""
	}
	qs := make([]string, len(words))
	for i, w := range words {
		qs[i] = "«\u00a0" + w + "\u00a0»"
	}
	verb := " n’est pas exigé"
	if len(words) > 1 {
		verb = " ne sont pas exigés"
	}
	return "Votre recherche est longue\u00a0: " + join(qs) + verb + " dans chaque article."
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
	q.Page = 0
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
