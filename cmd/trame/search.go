package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"trame"
	"trame/api"
)

type searchCmd struct {
	Query []string `arg:"" optional:"" help:"What to look for, in the search syntax; nothing asks for everything." placeholder:"QUERY"`
	JSON  bool     `name:"json" help:"Print the answer that the API would give."`
	searchFilters
	Sort    string   `help:"relevance, newest or oldest." placeholder:"ORDER"`
	Page    int      `help:"Page of results, from 1." default:"1"`
	PerPage int      `help:"Results a page, 100 at most." default:"20"`
	Facets  []string `help:"Count by theme, country, source, type, author, language, year, month."`
	Cursor  string   `help:"Go on after the page whose next_cursor this is." placeholder:"CURSOR"`
	Strict  bool     `help:"To the letter: every word, none added."`
	Twins   bool     `help:"Search the other country's words too."`
	AsOf    string   `help:"Only what had been seen by this date or moment." placeholder:"DATE"`
	Explain bool     `help:"Say what each score is made of."`
}

// asked puts the whole query into the form that the API reads.
func (c *searchCmd) asked() url.Values {
	v := c.values()
	v.Set("q", strings.Join(c.Query, " "))
	v.Set("per_page", strconv.Itoa(c.PerPage))
	if c.Page != 1 || c.Cursor == "" {
		v.Set("page", strconv.Itoa(c.Page))
	}
	if len(c.Facets) > 0 {
		v["facets"] = c.Facets
	}
	for name, value := range map[string]string{"sort": c.Sort, "cursor": c.Cursor, "as_of": c.AsOf} {
		if value != "" {
			v.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"strict": c.Strict, "twins": c.Twins, "explain": c.Explain} {
		if on {
			v.Set(name, "on")
		}
	}
	return v
}

// searchFilters are the filters of the API as flags.
type searchFilters struct {
	Theme    []string `help:"Only this theme (repeatable)." placeholder:"ID"`
	Source   []string `help:"Only this source (repeatable)." placeholder:"ID"`
	Country  []string `help:"Only this country (repeatable)." placeholder:"BE"`
	Type     []string `help:"Only this type: article, event, report, list (repeatable)."`
	Author   []string `help:"Only this author (repeatable)." placeholder:"NAME"`
	Language []string `help:"Only this language (repeatable)." placeholder:"fr"`
	From     string   `help:"Published on or after: 2015, 2015-03 or 2015-03-01." placeholder:"DATE"`
	To       string   `help:"Published on or before." placeholder:"DATE"`
}

// values puts the filters into the form that the API reads.
func (f searchFilters) values() url.Values {
	v := url.Values{}
	for name, values := range map[string][]string{
		"theme": f.Theme, "source": f.Source, "country": f.Country,
		"type": f.Type, "author": f.Author, "language": f.Language,
	} {
		if len(values) > 0 {
			v[name] = values
		}
	}
	for name, value := range map[string]string{"from": f.From, "to": f.To} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// Run asks the index, after bringing it up to date where that can be done.
func (c *searchCmd) Run(ctx context.Context, s *Settings, io streams) error {
	v := c.asked()
	q, err := trame.ParseQuery(v)
	if err != nil {
		return queryError(err, v.Get("q"))
	}
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	if err := h.indexNow(ctx, io.err); err != nil {
		if h.index == nil || ctx.Err() != nil {
			return err
		}
		fmt.Fprintf(io.err, "trame: the index is behind the archive: %s\n", oneLine(err.Error())) // what it holds can be searched
	}
	r, err := h.index.Search(ctx, q)
	if err != nil {
		return queryError(err, q.Text)
	}
	if c.JSON {
		return printJSON(io.out, api.NewAnswer(q, r, ""))
	}
	return printResults(io.out, q, r)
}

// queryError shows where in the text a query went wrong.
func queryError(err error, text string) error {
	var q *trame.QueryError
	if !errors.As(err, &q) {
		return err
	}
	if q.Field == "q" && q.At > 0 && q.At <= len(text) {
		return usageError{fmt.Errorf("%s (after « %s »)", q.Msg, text[:q.At])}
	}
	return usageError{fmt.Errorf("%s: %s", q.Field, q.Msg)}
}

// printResults writes results for a person's screen.
func printResults(out io.Writer, q trame.Query, r *trame.Results) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d articles", r.Total, r.TotalArchive)
	if r.Understood != "" {
		fmt.Fprintf(&b, " for %s", r.Understood)
	}
	fmt.Fprintf(&b, " (%.1f ms)\n", float64(r.Took.Microseconds())/1000)
	printReading(&b, q, r)
	for _, hit := range r.Items {
		date := hit.Published.String()
		if date == "" {
			date = "no date"
		}
		name := hit.SourceName
		if name == "" {
			name = hit.Source
		}
		fmt.Fprintf(&b, "\n%s\n  %s · %s · %s\n  %s\n", hit.Title, date, name, hit.URL, plain(hit.Snippet))
		if len(hit.Missing) > 0 {
			fmt.Fprintf(&b, "  without: %s\n", strings.Join(hit.Missing, ", "))
		}
		for _, p := range hit.Parts {
			fmt.Fprintf(&b, "  %7.3f  %s, %s: %s\n", p.Gain, p.Words, cmp.Or(p.Field, "article"), p.Why)
		}
	}
	for _, name := range trame.FacetNames {
		if values := r.Facets[name]; len(values) > 0 {
			fmt.Fprintf(&b, "\n%s:", name)
			for _, v := range values {
				fmt.Fprintf(&b, " %s (%d)", v.Value, v.Count)
			}
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// printReading writes how a query was read, and what else could be asked.
func printReading(b *strings.Builder, q trame.Query, r *trame.Results) {
	for _, remark := range trame.Remarks(q.Text) {
		fmt.Fprintf(b, "%s\n", remark)
	}
	if len(r.Dropped) > 0 {
		fmt.Fprintf(b, "not needed: %s\n", strings.Join(r.Dropped, ", "))
	}
	for _, e := range r.Added {
		fmt.Fprintf(b, "also searched for %s: %s\n", e.Words, strings.Join(e.With, ", "))
	}
	for _, t := range r.Twins {
		how := "more with --twins"
		if q.Twins {
			how = "more by them"
		}
		fmt.Fprintf(b, "%s in %s: %s (%d %s)\n", t.Words, t.Country, strings.Join(t.Others, ", "), t.Gain, how)
	}
	if s := r.Suggestion; s != nil {
		fmt.Fprintf(b, "did you mean: %s (%d)\n", s.Text, s.Total)
	}
}

// plain turns markup into text for a terminal.
func plain(m trame.Markup) string {
	return strings.NewReplacer("<mark>", "", "</mark>", "", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&").Replace(string(m))
}
