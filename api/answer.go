package api

import "trame"

// NewAnswer is what GET /api/v1/articles answers to a query; `trame search
// --json` prints the same.
func NewAnswer(q trame.Query, res *trame.Results, baseURL string) Answer {
	d := &door{Options: Options{BaseURL: baseURL}}
	return d.answer(q, res)
}
