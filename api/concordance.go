package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Numbers of lines.
const (
	defaultLines = 100
	csvLines     = trame.MaxConcordance
)

// Concordance is words in context.
type Concordance struct {
	Lines      []ConcordanceLine `json:"lines" nullable:"false"`
	Articles   int               `json:"articles" doc:"Articles lus pour ces lignes, les plus récents d’abord"`
	Total      int               `json:"total" doc:"Articles trouvés, exactement"`
	Complete   bool              `json:"complete" doc:"Chaque endroit de chaque article trouvé est parmi les lignes"`
	Understood string            `json:"understood" doc:"La recherche telle qu’elle a été comprise, en français"`
}

// ConcordanceLine is one place where words stand.
type ConcordanceLine struct {
	Left      string `json:"left" doc:"Ce qui précède, une soixantaine de caractères de texte simple (rien n’y est échappé) ; left, words et right se suivent tels quels"`
	Words     string `json:"words"`
	Right     string `json:"right"`
	ID        string `json:"id" pattern:"^[0-9a-f]{16}$" doc:"De l’article"`
	Title     string `json:"title"`
	Source    string `json:"source" doc:"Identifiant de la source"`
	Published string `json:"published,omitempty" pattern:"^[0-9]{4}(-[0-9]{2}){0,2}$"`
}

type concordanceOutput struct{ Body Concordance }

type csvOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Total       int    `header:"Trame-Total" doc:"Articles trouvés"`
	Articles    int    `header:"Trame-Articles" doc:"Articles lus"`
	Complete    string `header:"Trame-Complete" enum:"true,false" doc:"Chaque endroit est parmi les lignes"`
	Body        []byte
}

func (d *door) concordance(doc huma.API) {
	one, most := 1.0, float64(trame.MaxConcordance)
	params := func(usual int) []*huma.Param {
		return append(filterParameters(),
			single("sort", "left (les mots qui précèdent, si absent), right (ceux qui suivent) ou date (les plus récents d’abord)", enum("left", "right", "date")),
			single("limit", "Lignes, "+strconv.Itoa(usual)+" si absent", &huma.Schema{Type: "integer", Minimum: &one, Maximum: &most}))
	}
	op := operation(doc, "concordance", "/concordance", "Montrer les mots cherchés dans leur contexte", params(defaultLines), http.StatusBadRequest)
	register(d, doc, op, func(ctx context.Context, in *queryInput) (*concordanceOutput, error) {
		c, err := d.concord(ctx, in, defaultLines)
		if err != nil {
			return nil, err
		}
		return &concordanceOutput{newConcordance(c)}, nil
	})
	op = operation(doc, "concordance-csv", "/concordance.csv", "La même chose en CSV (RFC 4180, UTF-8)", params(csvLines), http.StatusBadRequest)
	op.Responses["200"] = &huma.Response{
		Description: "Une ligne de titres, puis une par endroit",
		Content:     map[string]*huma.MediaType{csvType: {Schema: &huma.Schema{Type: "string"}}},
	}
	register(d, doc, op, func(ctx context.Context, in *queryInput) (*csvOutput, error) {
		c, err := d.concord(ctx, in, csvLines)
		if err != nil {
			return nil, err
		}
		body, err := concordanceCSV(c)
		if err != nil {
			return nil, err
		}
		return &csvOutput{csvType, `attachment; filename="concordance.csv"`, c.Total, c.Articles, strconv.FormatBool(c.Complete), body}, nil
	})
}

const csvType = "text/csv; charset=utf-8; header=present"

// concord asks for as many lines as wanted, or the usual number.
func (d *door) concord(ctx context.Context, in *queryInput, usual int) (*trame.Concordance, error) {
	q, err := in.query("sort", "page", "per_page", "cursor", "facets", "explain")
	if err != nil {
		return nil, err
	}
	o := trame.ConcordanceOptions{Sort: cmp.Or(in.values.Get("sort"), "left"), Limit: usual}
	if s := in.values.Get("limit"); s != "" {
		if o.Limit, err = strconv.Atoi(s); err != nil {
			o.Limit = 0 // which is refused
		}
	}
	return d.search.Concordance(ctx, q, o)
}

func newConcordance(c *trame.Concordance) Concordance {
	out := Concordance{Lines: []ConcordanceLine{}, Articles: c.Articles, Total: c.Total, Complete: c.Complete, Understood: c.Understood}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, ConcordanceLine{l.Left, l.Words, l.Right, l.ID, l.Title, l.Source, l.Published.String()})
	}
	return out
}

// concordanceCSV writes the lines under their names.
func concordanceCSV(c *trame.Concordance) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"left", "words", "right", "published", "source", "title", "id"}}
	for _, l := range c.Lines {
		rows = append(rows, []string{harmless(l.Left), harmless(l.Words), harmless(l.Right), l.Published.String(), harmless(l.Source), harmless(l.Title), l.ID})
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// harmless returns a cell that no spreadsheet takes for a formula (OWASP, CSV
// injection): an apostrophe goes before a sign that begins one.
func harmless(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0\u202f")
	for _, sign := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(first, sign) {
			return "'" + cell
		}
	}
	return cell
}
