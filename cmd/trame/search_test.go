package main

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"trame"
)

// TestSearchFlags: the flags say what the parameters of the API say.
func TestSearchFlags(t *testing.T) {
	for line, want := range map[string]string{
		"secret professionnel --strict --twins --as-of 2026-11-24 --explain": "q=secret+professionnel&strict=on&twins=on&as_of=2026-11-24&explain=1",
		"secret --cursor abc_- --per-page 5 --country BE":                    "q=secret&cursor=abc_-&per_page=5&country=BE",
		"secret --page 3 --sort newest --facets theme,year":                  "q=secret&page=3&sort=newest&facets=theme,year",
	} {
		var c struct {
			Search searchCmd `cmd:""`
		}
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append([]string{"search"}, strings.Fields(line)...)); err != nil {
			t.Fatal(err)
		}
		got, err := trame.ParseQuery(c.Search.asked())
		if err != nil {
			t.Errorf("search %s: %v", line, err)
		}
		v, err := url.ParseQuery(want)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := trame.ParseQuery(v); err != nil || !reflect.DeepEqual(got, q) {
			t.Errorf("search %s asks %+v, want %+v (%v)", line, got, q, err)
		}
	}
}

// TestPrintResults: a person sees how the query was read and what each result lacks.
func TestPrintResults(t *testing.T) {
	var b strings.Builder
	err := printResults(&b, trame.Query{Text: "secret^2 du CPAS"}, &trame.Results{
		Total: 1, TotalArchive: 12, Took: time.Millisecond, Understood: "tous ces mots", Dropped: []string{"comment"},
		Added:      []trame.Expansion{{Words: "CPAS", With: []string{"centre public d’action sociale"}}},
		Twins:      []trame.Twin{{Words: "CPAS", Country: "FR", Others: []string{"CCAS"}, Gain: 3}},
		Suggestion: &trame.Suggestion{Text: "secrets", Total: 7},
		Items: []trame.Hit{{
			Article: trame.Article{Title: "Le secret", URL: "https://revue.example/1", Source: "revue"}, Snippet: "le <mark>secret</mark> &amp; l’accueil",
			Missing: []string{"logement"}, Parts: []trame.ScorePart{{Words: "secret", Field: "titre", Why: "1 fois", Gain: 1.5}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1 of 12 articles for tous ces mots (1.0 ms)\n", "« ^ » n’est pas lu", "not needed: comment\n", "also searched for CPAS: centre public d’action sociale\n",
		"CPAS in FR: CCAS (3 more with --twins)\n", "did you mean: secrets (7)\n",
		"\nLe secret\n  no date · revue · https://revue.example/1\n  le secret & l’accueil\n  without: logement\n    1.500  secret, titre: 1 fois\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
