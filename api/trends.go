package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Trends are counts of what a query finds over time.
type Trends struct {
	Interval   string       `json:"interval" enum:"year,month"`
	Points     []TrendPoint `json:"points" nullable:"false" doc:"Dans l’ordre et sans trou, de la première à la dernière période dont le fonds a des articles ; les 1200 dernières au plus"`
	Total      int          `json:"total" doc:"Articles trouvés, exactement : points, earlier et undated réunis"`
	Earlier    int          `json:"earlier" doc:"Dont avant le premier point"`
	Undated    int          `json:"undated" doc:"Dont l’année (ou le mois) n’est pas connue"`
	Understood string       `json:"understood" doc:"La recherche telle qu’elle a été comprise, en français"`
}

// TrendPoint counts one year or month.
type TrendPoint struct {
	Period  string  `json:"period" pattern:"^[0-9]{4}(-[0-9]{2})?$" doc:"2015 ou 2015-04"`
	Count   int     `json:"count" doc:"Articles trouvés"`
	Archive int     `json:"archive" doc:"Articles de cette période dans le fonds, sous les mêmes filtres et sans q"`
	Share   float64 `json:"share" doc:"count divisé par archive ; 0 où le fonds n’a rien"`
}

type trendsOutput struct{ Body Trends }

func (d *door) trends(doc huma.API) {
	params := append(filterParameters(), single("interval", "Par année (year, si absent) ou par mois (month)", enum("year", "month")))
	op := operation(doc, "trends", "/trends", "Compter dans le temps ce qu’une recherche trouve", params, http.StatusBadRequest)
	register(d, doc, op, func(ctx context.Context, in *queryInput) (*trendsOutput, error) {
		q, err := in.query("sort", "page", "per_page", "cursor", "facets", "explain")
		if err != nil {
			return nil, err
		}
		t, err := d.search.Trends(ctx, q, cmp.Or(in.values.Get("interval"), "year"))
		if err != nil {
			return nil, err
		}
		return &trendsOutput{newTrends(t)}, nil
	})
}

func newTrends(t *trame.Trends) Trends {
	out := Trends{Interval: t.Interval, Points: []TrendPoint{}, Total: t.Total, Earlier: t.Earlier, Undated: t.Undated, Understood: t.Understood}
	for _, p := range t.Points {
		out.Points = append(out.Points, TrendPoint(p))
	}
	return out
}
