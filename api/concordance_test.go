package api_test

import (
	"context"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"trame"
)

// formulas is a searcher whose lines are what a spreadsheet would carry out.
type formulas struct{ trame.Searcher }

func (formulas) Concordance(context.Context, trame.Query, trame.ConcordanceOptions) (*trame.Concordance, error) {
	return &trame.Concordance{Total: 2, Articles: 1, Lines: []trame.ConcordanceLine{
		{Left: `=HYPERLINK("https://evil.example")`, Words: "-secret", Right: " + 1, \"deux\"", ID: "0123456789abcdef", Title: "@SUM(1)", Source: "revue"},
		{Left: "l’", Words: "école", Right: " — ouverte", ID: "0123456789abcdef", Title: "a, b", Source: "revue", Published: trame.Date{Year: 2015}},
	}}, nil
}

func TestConcordanceCSV(t *testing.T) {
	w := newWorld(t)
	rec := get(t, w.http, "/api/v1/concordance.csv?q=secret&sort=date")
	rows, err := csv.NewReader(rec.Body).ReadAll()
	if err != nil || rec.Code != 200 {
		t.Fatal(rec.Code, err)
	}
	if want := []string{"left", "words", "right", "published", "source", "title", "id"}; !reflect.DeepEqual(rows[0], want) || len(rows) != 5 {
		t.Errorf("%q", rows)
	}
	if want := []string{"Journée sur le ", "secret", " partagé", "2022-10", "formations", "Journée sur le secret partagé", trame.ID("https://formations.example/1")}; !reflect.DeepEqual(rows[1], want) {
		t.Errorf("%q, want %q", rows[1], want)
	}
	if h := rec.Header(); h.Get("Trame-Complete") != "true" || h.Get("Trame-Total") != "3" || !strings.HasPrefix(h.Get("Content-Type"), "text/csv; charset=utf-8") {
		t.Errorf("%v", h)
	}
	rec = get(t, mount(w.archive, formulas{}), "/api/v1/concordance.csv?q=x")
	want := "left,words,right,published,source,title,id\r\n" +
		`"'=HYPERLINK(""https://evil.example"")",'-secret,"' + 1, ""deux""",,revue,'@SUM(1),0123456789abcdef` + "\r\n" +
		`l’,école," — ouverte",2015,revue,"a, b",0123456789abcdef` + "\r\n"
	if rec.Body.String() != want {
		t.Errorf("%s\nwant\n%s", rec.Body, want)
	}
}
