package french

import (
	"fmt"
	"strings"
	"testing"

	"trame"
)

// matcherOf compiles one query.
func matcherOf(t *testing.T, query string) (m *Matcher, ok bool) {
	t.Helper()
	e, err := trame.ParseExpr(query)
	if err != nil {
		t.Fatalf("ParseExpr(%s): %v", query, err)
	}
	m = &Matcher{Label: func(field, value string) string {
		return map[string]string{"theme sante-mentale": "Santé mentale", "pays BE": "Belgique"}[field+" "+value]
	}}
	_, ok = m.Add(e)
	return m, ok
}

// TestMatcher says of queries and articles whether they match, and by which words.
func TestMatcher(t *testing.T) {
	text := func(s string) trame.Article { return trame.Article{Text: s} }
	for _, tc := range []struct {
		query string
		a     trame.Article
		match bool
		words string // parted by |
	}{
		{`"secret professionnel"`, text("Le secret professionnel, les SECRETS professionnels"), true, "secret professionnel"},
		{`"secret professionnel"`, text("Un secret bien professionnel"), false, ""},
		{`"secret professionnel"`, trame.Article{Title: "Le secret", Text: "Professionnel"}, false, ""},
		{`"école de travail social"`, text("Une École de travail\n social."), true, "École de travail social"},
		{`"école de travail social"`, text("Une école, travail social."), false, ""},
		// hyphens: apart or joined, in the query and in the text
		{`burn-out`, text("Le burnout"), true, "burnout"},
		{`burnout`, text("Le burn-out"), true, "burn-out"},
		{`burn-out`, text("Le burn out"), true, "burn out"},
		{`"risques psycho-sociaux"`, text("Des risques psychosociaux"), true, "risques psychosociaux"},
		{`"risques psychosociaux"`, text("Des risques psycho-sociaux"), true, "risques psycho-sociaux"},
		{`psycho`, text("Le psycho-social"), true, "psycho"},
		{`psycho-social`, text("La psycho"), false, ""},
		{`coconstr*`, text("La co-construction"), true, "co-construction"},
		{`vivre-ens*`, text("Le vivre-ensemble"), true, "vivre|ensemble"},
		// inclusive writing, acronyms, elision, sans
		{`travailleuse`, text("Les travailleur·euse·s"), true, "travailleur·euse·s"},
		{`travailleur·euse·s`, text("Une travailleuse"), true, "travailleuse"},
		{`CPAS`, text("Le C.P.A.S. d’Ixelles"), true, "C.P.A.S."},
		{`avocat`, text("L’avocat"), true, "avocat"},
		{`sans abri`, text("Des sans-abri"), true, "sans-abri"},
		{`sans-abri`, text("Un abri, sans toit"), false, ""},
		{`deontologi*`, text("Déontologie ; un code déontologique"), true, "Déontologie"},
		// near
		{`"accueil enfant"~3`, text("L’enfant trouve un accueil"), true, "enfant trouve un accueil"},
		{`"accueil enfant"~30`, text("L’enfant, dit-elle longuement hier soir devant tous les autres, trouve un accueil"), true, "enfant … accueil"},
		{`"accueil enfant"~3`, text("L’enfant, dit-elle longuement hier soir devant tous, trouve un accueil"), false, ""},
		{`"enfant enfants"~3`, text("Un enfant"), false, ""},
		{`"secret professionnel secret professionnel"~1`, text("Les secrets professionnels ; secret professionnel"), true, "secrets professionnels ; secret professionnel"},
		{`"enfant enfants"~3`, text("Un enfant, des enfants"), true, "enfant, des enfants"},
		// what is combined
		{`grève -faim`, text("La grève de la faim"), false, ""},
		{`grève -faim`, text("La grève des loyers"), true, "grève"},
		{`-faim`, text("La grève"), true, ""},
		{`(secret OU déontologie) CPAS`, text("La déontologie au CPAS, sous le sceau du secret"), true, "déontologie|CPAS|secret"},
		{`secret OU "secret professionnel" OU professionnel`, text("Le secret professionnel"), true, "secret professionnel"},
		{`de OU le OU justice`, text("La justice"), true, "justice"},
		{`de justice`, text("De la paix, le soir"), false, ""},
		// where
		{`titre:travail`, trame.Article{Title: "Autre", Text: "Travail"}, false, ""},
		{`titre:travail`, trame.Article{Title: "Le travail", Text: "Travaux"}, true, "travail"},
		{`secret`, trame.Article{Summary: "Le secret"}, true, "secret"},
		{`secret`, trame.Article{Summary: "Le secret", Text: "Rien"}, false, ""},
		{`namur`, trame.Article{Text: "Une journée", Event: &trame.Event{Place: "Namur"}}, true, "Namur"},
		// other fields
		{`pays:be logement`, trame.Article{Text: "Le logement", Country: "BE"}, true, "logement"},
		{`pays:belgique`, trame.Article{Country: "BE"}, true, ""},
		{`theme:"santé mentale"`, trame.Article{Themes: []string{"sante-mentale"}}, true, ""},
		{`theme:sante*`, trame.Article{Themes: []string{"sante-mentale"}}, true, ""},
		{`source:"lignes de faille"`, trame.Article{Source: "faille", SourceName: "Lignes de faille"}, true, ""},
		{`source:faille`, trame.Article{Source: "failles"}, false, ""},
		{`auteur:dujardin`, trame.Article{Authors: []string{"Jérôme Dujardin"}}, true, ""},
		{`auteur:"dujardin jérôme"`, trame.Article{Authors: []string{"Jérôme Dujardin"}}, false, ""},
		{`auteur:duj*`, trame.Article{Authors: []string{"Jérôme Dujardin"}}, true, ""},
		{`date:2015..2018`, trame.Article{Published: trame.Date{Year: 2016}}, true, ""},
		{`date:2015..2018`, trame.Article{}, false, ""},
		{`date:2016`, trame.Article{Published: trame.Date{Year: 2016}}, true, ""},
		{`date:..2016-03`, trame.Article{Published: trame.Date{Year: 2016}}, false, ""},
		{`date:2016-03`, trame.Article{Published: trame.Date{Year: 2016, Month: 3}}, true, ""},
		{`date:2019..`, trame.Article{Published: trame.Date{Year: 2018, Month: 12}}, false, ""},
	} {
		m, ok := matcherOf(t, tc.query)
		if !ok {
			t.Errorf("%s: nothing to look up", tc.query)
		}
		r := m.Read(&tc.a)
		if got := r.Matches(0); got != tc.match {
			t.Errorf("%s: matches %q = %v, want %v", tc.query, tc.a.Title+" | "+tc.a.Text, got, tc.match)
		}
		if got := strings.Join(r.Words(0, 9), "|"); got != tc.words {
			t.Errorf("%s: words in %q = %q, want %q", tc.query, tc.a.Title+" | "+tc.a.Text, got, tc.words)
		}
		r.Close()
	}
}

func TestMatcherOfNothing(t *testing.T) {
	for query, want := range map[string]bool{"": true, "de la": false, "-le": false} {
		m, ok := matcherOf(t, query)
		r := m.Read(&trame.Article{Text: "De la paix"})
		if ok != want || r.Matches(0) != want {
			t.Errorf("%q: ok %v, matches %v, want %v", query, ok, r.Matches(0), want)
		}
	}
}

// TestReadingsAreApart reads texts one after the other with the same matcher:
// nothing of one is left in the next.
func TestReadingsAreApart(t *testing.T) {
	m := &Matcher{}
	for _, q := range []string{"secret", "titre:logement", `"aide sociale"`} {
		e, err := trame.ParseExpr(q)
		if err != nil {
			t.Fatal(err)
		}
		m.Add(e)
	}
	articles := []trame.Article{{Title: "Secret"}, {Text: "Le logement"}, {Title: "Logement", Text: "L’aide sociale"}, {}}
	for i := range 40 {
		r := m.Read(&articles[i%4])
		got := fmt.Sprint(r.Matches(0), r.Matches(1), r.Matches(2))
		if want := []string{"true false false", "false false false", "false true true", "false false false"}[i%4]; got != want {
			t.Fatalf("reading %d: %s, want %s", i, got, want)
		}
		if i%3 == 0 { // some are never closed
			continue
		}
		r.Close()
	}
}

// FuzzMatcher asks any query of any text: nothing fails, and what is said to be
// in the text is in it.
func FuzzMatcher(f *testing.F) {
	f.Add(`"burn-out étudiant-e-s"~3 OU sans abri* -x`, "Le burnout des étudiant·e·s sans-abri")
	f.Add(`titre:vivre-e* "l’aller vers"`, "l'aller-vers\x00\xff · ··")
	f.Fuzz(func(t *testing.T, query, text string) {
		e, err := trame.ParseExpr(query)
		if err != nil {
			return
		}
		m := &Matcher{}
		n, _ := m.Add(e)
		r := m.Read(&trame.Article{Title: text, Text: text})
		defer r.Close()
		for _, w := range r.Words(n, 100) {
			for part := range strings.SplitSeq(w, " … ") {
				if !strings.Contains(strings.Join(strings.Fields(text), " "), part) {
					t.Errorf("%q: %q does not stand in %q", query, part, text)
				}
			}
		}
	})
}
