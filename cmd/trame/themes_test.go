package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/archive"
	"trame/crawler/read"
	"trame/index"
)

// fragments are what the articles and queries of TestThemesAreStrictSearches are
// made of: words that French makes hard to look up, and plain ones between them.
var fragments = strings.Split(`travail social|travailleur social|travailleuses sociales|travailleur·euse·s|travailleurs/travailleuses|étudiant-e-s|étudiant(e)s
professionnel(le)s|usager/usagère|acteur.rices|tous.tes|celleux|C.P.A.S.|CPAS|cpas|l’ASE|A.S.E.|AS|as|d’A.E.M.O.|SAJ|MNA|burn-out|burnout|burn out|psycho-social
psychosocial|psycho social|médico-social|médico-sociaux|non-recours|non recours|aller-vers|l’aller vers|sans-abri|sans abri|sans|abri|sans-papiers|papiers
sans domicile fixe|SDF|aujourd’hui|aujourd'hui|prud’hommes|œuvre|oeuvre|cœur|e´tat|État|état|âgées|age|mineurs|mineure|majeurs|logement|logements|hébergement
secret|secret professionnel|secrets professionnels|secret partagé|déontologie|déontologique|l’article 458|458ter|226-13|n°16.2|2 500 €|24h/24|7j/7|la|de|du|et|un|qui|dans
école|écoles de travail social|de la|l’enfance|protection de l’enfance|enfants|enfant|vivre-ensemble|vivre|ensemble|pair-aidance|pairs-aidants|contre-indication
va-t-en|est-ce|dit-elle|co-construction|coconstruction|e-santé|Housing First|grève|grève de la faim|faim|justice|rue|droit au logement|droits|conseil|conseiller|organisation`, "|")

// words of the fragments, one by one.
func fragment(r *rand.Rand) string {
	f := strings.Split(fragments[r.IntN(len(fragments))], "\n")
	return f[r.IntN(len(f))]
}

// passage writes about n fragments as a text.
func passage(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		f := fragment(r)
		switch r.IntN(12) {
		case 0:
			f = strings.ToUpper(f)
		case 1:
			f = strings.NewReplacer("é", "e\u0301", "œ", "oe", "’", "'").Replace(f)
		}
		b.WriteString(f + []string{" ", " ", " ", " ", ", ", ". ", " : ", "-", "/", "\n\n", " (", ") "}[r.IntN(12)])
	}
	return b.String()
}

// randomArticles are articles of every kind: with and without text, dates,
// authors, an event, a section.
func randomArticles(r *rand.Rand, n int) []trame.Article {
	articles := make([]trame.Article, n)
	for i := range articles {
		a := trame.Article{
			URL: fmt.Sprintf("https://source%d.test/%d", i%7, i), Title: passage(r, 1+r.IntN(5)), Text: passage(r, 5+r.IntN(40)), Source: fmt.Sprintf("source%d", i%7),
			SourceName: fmt.Sprintf("La Source n° %d", i%7), Country: []string{"BE", "FR", ""}[r.IntN(3)], Type: []string{trame.TypeArticle, trame.TypeReport, trame.TypeList}[r.IntN(3)],
			Published: trame.Date{Year: 2014 + r.IntN(6)}, Authors: [][]string{nil, {"Jérôme Dujardin"}, {"Marie-Anne D’Hoore", "J. Dujardin"}}[r.IntN(3)],
		}
		switch r.IntN(4) {
		case 0:
			a.Published = trame.Date{}
		case 1:
			a.Published.Month = 5
		case 2:
			a.Published.Month, a.Published.Day = 3, 1+r.IntN(31)
		}
		switch r.IntN(6) {
		case 0:
			a.Text, a.Summary = "", passage(r, 4)
		case 1:
			a.Summary = passage(r, 3)
		case 2:
			a.Type, a.Event = trame.TypeEvent, &trame.Event{Dates: []trame.Date{{Year: 2019, Month: 1, Day: 2}}, Time: "logement", Place: passage(r, 1), Organizer: passage(r, 1)}
		}
		a.ID, a.Words = trame.ID(a.URL), len(strings.Fields(a.Text))
		articles[i] = a
	}
	return articles
}

// asker writes random queries, of words that stand in the articles together as
// often as not.
type asker struct {
	*rand.Rand
	articles []trame.Article
}

// excerpt returns up to n words that follow one another in an article.
func (r asker) excerpt(n int) []string {
	a := r.articles[r.IntN(len(r.articles))]
	words := strings.Fields(strings.NewReplacer(`"`, " ", "(", " ", ")", " ").Replace([]string{a.Title, a.Text, a.Text}[r.IntN(3)]))
	if len(words) == 0 {
		return []string{"rue"}
	}
	at := r.IntN(len(words))
	return words[at:min(len(words), at+1+r.IntN(n))]
}

func (r asker) query(depth int) string {
	switch k := r.IntN(20); {
	case k < 3 && depth > 0:
		return "(" + r.query(depth-1) + " OU " + r.query(depth-1) + ")"
	case k < 6 && depth > 0:
		return "(" + r.query(depth-1) + " " + r.query(depth-1) + ")"
	case k < 8 && depth > 0:
		return r.query(depth-1) + " -" + r.query(depth-1)
	case k == 8:
		return []string{"titre:", "titre:", "TITRE:", "auteur:", "source:"}[r.IntN(5)] + "(" + strings.Join(r.excerpt(2), " ") + ")"
	case k == 9:
		return []string{"auteur:dujardin", `auteur:"Jérôme Dujardin"`, "auteur:d’hoore", "auteur:duj*", `auteur:"Anne Hoore"`, "source:source3", `source:"la source n° 4"`, "source:sour*",
			"pays:belgique", "pays:FR", "type:événement", "type:report", "theme:logement", `theme:"Droit au logement"`, "theme:log*", "theme:absent"}[r.IntN(16)]
	case k == 10:
		return []string{"date:2015", "date:2016..2018", "date:2015-05", "date:2017-03-10..", "date:..2016-03", "-date:2018"}[r.IntN(6)]
	case k < 13:
		w := []rune(strings.TrimLeft(strings.Join(r.excerpt(1), ""), "’'.-:/,"))
		return string(w[:min(len(w), 3+r.IntN(5))]) + "*"
	case k < 16:
		return `"` + strings.Join(r.excerpt(4), " ") + `"`
	case k == 16:
		words := r.excerpt(6)
		r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		return fmt.Sprintf(`"%s"~%d`, strings.Join(words[:min(len(words), 3)], " "), 1+r.IntN(8))
	case k == 17:
		return `"` + fragment(r.Rand) + " " + fragment(r.Rand) + `"` + []string{"", "~2", "~20"}[r.IntN(3)]
	case k == 18:
		return strings.Join(r.excerpt(9), " ") // a long question
	}
	return fragment(r.Rand)
}

// TestThemesAreStrictSearches holds themes to their promise: an article carries a
// theme when a strict search for its query finds the article, and only then.
func TestThemesAreStrictSearches(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	articles := randomArticles(r, 150)
	themes := []trame.Theme{
		{ID: "logement", Label: map[string]string{"fr": "Droit au logement"}, Query: "logement OU sans-abri"},
		{ID: "secret", Query: `"secret professionnel" -theme:logement`},
	}
	first := classifier(t, themes)
	for i := range articles {
		articles[i].Themes = first.Classify(articles[i], nil)
	}
	ask := asker{r, articles}
	for len(themes) < 2000 {
		q := ask.query(2)
		e, err := (trame.Query{Text: q}).Expr()
		if err != nil || e == nil {
			continue
		}
		theme := trame.Theme{ID: fmt.Sprintf("q%d", len(themes)), Query: q}
		if _, err := read.NewClassifier(slices.Concat(themes[:2], []trame.Theme{theme})); err == nil { // not of stop words alone
			themes = append(themes, theme)
		}
	}
	s := searcher(t, articles, themes)
	found := map[string]map[string]bool{} // theme → ids
	for _, theme := range themes {
		found[theme.ID] = strictly(t, s, theme.Query)
	}
	c := classifier(t, themes)
	pairs, wrong := 0, 0
	for _, a := range articles {
		carried := c.Classify(a, nil)
		pairs += len(carried)
		for _, theme := range themes {
			carries := slices.Contains(carried, theme.ID)
			if carries == found[theme.ID][a.ID] {
				continue
			}
			if wrong++; wrong <= 10 {
				t.Errorf("query %s\nclassified %v, found by a strict search %v:\n%q\n%+v", theme.Query, carries, found[theme.ID][a.ID], a.Title+" | "+a.Text+" | "+a.Summary, a)
			}
		}
	}
	t.Logf("%d themes, %d articles: %d pairs match", len(themes), len(articles), pairs)
	if all := len(themes) * len(articles); pairs < all/100 || pairs > all/2 || wrong > 0 {
		t.Errorf("%d verdicts differ; of %d pairs %d match", wrong, all, pairs)
	}
}

func classifier(t *testing.T, themes []trame.Theme) *read.Classifier {
	t.Helper()
	c, err := read.NewClassifier(themes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// searcher returns an index of the articles.
func searcher(t *testing.T, articles []trame.Article, themes []trame.Theme) trame.Searcher {
	t.Helper()
	a, err := archive.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "archive.db"), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if _, err := a.Import(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	e, err := index.Open(t.Context(), "bleve:"+t.TempDir(), a, index.Options{Themes: themes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := index.CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	return e
}

// strictly returns the ids of the articles that a query finds to the letter.
func strictly(t *testing.T, s trame.Searcher, text string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for page := 1; ; page++ {
		res, err := s.Search(t.Context(), trame.Query{Text: text, Strict: true, Sort: trame.SortNewest, Page: page, PerPage: trame.MaxPerPage})
		if err != nil {
			t.Fatalf("search %s: %v", text, err)
		}
		for _, h := range res.Items {
			ids[h.ID] = true
		}
		if page*trame.MaxPerPage >= res.Total {
			return ids
		}
	}
}
