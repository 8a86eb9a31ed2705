package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"trame"
)

type exportCmd struct {
	Query  []string `help:"Only what this query finds; all when absent." placeholder:"QUERY"`
	Format string   `help:"Form of the output: jsonl." enum:"jsonl" default:"jsonl"`
	searchFilters
}

// Run writes every article, or those that a query finds, one JSON object a line.
func (c *exportCmd) Run(ctx context.Context, s *Settings, st streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	out := bufio.NewWriterSize(st.out, 1<<20)
	write := func(a trame.Article) error {
		line, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("export %s: %w", a.URL, err)
		}
		_, err = out.Write(append(line, '\n'))
		return err
	}
	v := c.values()
	v.Set("q", strings.Join(c.Query, " "))
	if len(v) == 1 && v.Get("q") == "" {
		for a, err := range h.archive.All(ctx) {
			if err == nil {
				err = write(a)
			}
			if err != nil {
				return err
			}
		}
		return out.Flush()
	}
	q, err := trame.ParseQuery(v)
	if err != nil {
		return queryError(err, v.Get("q"))
	}
	if err := h.indexNow(ctx, st.err); err != nil {
		return err
	}
	if err := h.exportFound(ctx, q, write); err != nil {
		return queryError(err, q.Text)
	}
	return out.Flush()
}

// exportFound gives write the articles that a query finds, oldest first, up to
// trame.MaxResultDepth.
func (h *house) exportFound(ctx context.Context, q trame.Query, write func(trame.Article) error) error {
	q.Sort, q.PerPage = trame.SortOldest, trame.MaxPerPage
	for q.Page = 1; q.Page*q.PerPage <= trame.MaxResultDepth; q.Page++ {
		r, err := h.index.Search(ctx, q)
		if err != nil {
			return err
		}
		if q.Page == 1 && r.Total > trame.MaxResultDepth {
			return usageError{fmt.Errorf("export: %d articles match and a query exports at most %d; narrow it with --from and --to, or export all without a query", r.Total, trame.MaxResultDepth)}
		}
		ids := make([]string, len(r.Items))
		for i, hit := range r.Items {
			ids[i] = hit.ID
		}
		articles, err := h.archive.Articles(ctx, ids)
		if err != nil {
			return err
		}
		for _, a := range articles {
			if err := write(a); err != nil {
				return err
			}
		}
		if q.Page*q.PerPage >= r.Total {
			return nil
		}
	}
	return nil
}
