package index

import (
	"fmt"
	"net/url"
	"testing"

	"trame"
)

// TestOtherSpelling asks with slips, in an archive where some articles have them
// too.
func TestOtherSpelling(t *testing.T) {
	a := newArchive(t)
	var articles []trame.Article
	add := func(n int, text string) {
		for range n {
			u := fmt.Sprintf("https://revue.test/%d", len(articles))
			country := []string{"BE", "FR"}[len(articles)%2]
			articles = append(articles, trame.Article{URL: u, Title: "Titre", Source: "revue", Country: country, Language: "fr", Type: trame.TypeArticle, Text: text})
		}
	}
	add(600, "Un accueil au centre, avec des éducateurs.")
	add(2, "Un acceuil au centre.")
	add(40, "Le conte et le logement.")
	importAll(t, a, articles)
	e := newEngine(t, t.TempDir(), a)
	ask(t, e, "q=zyzomys") // which waits for the words
	for _, tt := range []struct{ query, want string }{
		{"q=acceuil", "accueil 600"},
		{"q=acceuil&country=BE", "accueil 300"},
		{"q=l’Acceuil centre", "l’Accueil centre 600"},
		{`q="un acceuil" -logement`, `"un accueil" -logement 600`},
		{"q=educateuors", ""}, // searched in the right spelling already
		{"q=educateuors&strict=on", "éducateurs 600"},
		{`q="des educateuors"`, `"des éducateurs" 600`},
		{"q=titre:titer", "titre:titre 642"},
		{"q=accueil", ""},
		{"q=conte", ""},
		{"q=logement conte", ""},
		{"q=zyzomys", ""},
		{"q=acceuil&page=2", ""},
		{"q=auteur:acceuil", ""},
		{"", ""},
	} {
		v, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		r := ask(t, e, v.Encode())
		got := ""
		if s := r.Suggestion; s != nil {
			got = fmt.Sprint(s.Text, " ", s.Total)
			v.Set("q", s.Text)
			if then := ask(t, e, v.Encode()); then.Total != s.Total || then.Suggestion != nil {
				t.Errorf("Search(%s) finds %d and suggests %v, where %s promises %d", s.Text, then.Total, then.Suggestion, tt.query, s.Total)
			}
		}
		if got != tt.want {
			t.Errorf("Search(%s) suggests %q, want %q", tt.query, got, tt.want)
		}
	}
}
