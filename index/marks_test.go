package index

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/french"
)

// TestMarks reads what answers mark, in the title and in the passage.
func TestMarks(t *testing.T) {
	article := func(name, title, text string) trame.Article {
		return trame.Article{URL: "https://marques.test/" + name, Title: title, Text: text, Source: "revue", Published: trame.Date{Year: 2024, Month: 5, Day: 1}}
	}
	away := strings.Repeat(" On parle longtemps de tout autre chose, sans jamais y revenir.", 12)
	a := newArchive(t)
	importAll(t, a, []trame.Article{
		article("cpas", "Un secret bien gardé", "Le centre public d’action sociale protège le secret professionnel ; une action et un centre."+away),
		article("demande", "Aller au CPAS", "Il faut une demande écrite. "+away+" Le CPAS répond à la demande d’aide en trente jours."),
		article("burnout", "L’épuisement", "Le burn-out, dit aussi burnout : il sort (out) de la fatigue, et brûle (burn)."),
		article("rare", "Des règles", "Une mesure du travail. Le travail se mesure."+away+" La médiation de dettes est une mesure du juge."),
		article("titre", "Les maraudes de nuit", "Quand la nuit tombe."),
		article("lieu", "Une rencontre", "On se retrouve au travail."),
		article("equipe", "L’équipe", "Un travailleur social écoute ; le travailleur et l’action sociale."),
		article("travail", "Le travail", "On prend la mesure du temps."),
		article("emploi", "L’emploi", "On mesure le travail."),
	})
	e, err := Open(t.Context(), "bleve:"+t.TempDir(), a, Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ query, title, passage string }{
		{`"secret professionnel"`, "Un secret bien gardé", "Le centre public d’action sociale protège le <mark>secret professionnel</mark> ; une action et un centre"},
		{`CPAS secret`, "Un <mark>secret</mark> bien gardé", "Le <mark>centre public d’action sociale</mark> protège le <mark>secret</mark> professionnel ; une action et un centre"},
		{`"centre action"~5`, "Un secret bien gardé", "Le <mark>centre</mark> public d’<mark>action</mark> sociale protège le secret professionnel ; une <mark>action</mark> et un <mark>centre</mark>"},
		{`demande CPAS`, "Aller au <mark>CPAS</mark>", " Le <mark>CPAS</mark> répond à la <mark>demande</mark> d’aide"},
		{`burn-out`, "L’épuisement", "Le <mark>burn-out</mark>, dit aussi <mark>burnout</mark> : il sort (out) de la fatigue, et brûle (burn)."},
		{`travail médiation mesure`, "Des règles", " La <mark>médiation</mark> de dettes est une <mark>mesure</mark> du juge."},
		{`titre:maraude nuit`, "Les <mark>maraudes</mark> de <mark>nuit</mark>", "Quand la <mark>nuit</mark> tombe."},
		{`marau*`, "Les <mark>maraudes</mark> de nuit", "Quand la nuit tombe."},
		{`maraudez`, "Les <mark>maraudes</mark> de nuit", "Quand la nuit tombe."},
		{`quand faut-il une demande écrite`, "Aller au CPAS", "Il faut une <mark>demande</mark> <mark>écrite</mark>."},
		{`travailleur social`, "L’équipe", "Un <mark>travailleur social</mark> écoute ; le <mark>travailleur</mark> et l’action <mark>sociale</mark>."},
		{`burnout -marau*`, "L’épuisement", "Le <mark>burn-out</mark>, dit aussi <mark>burnout</mark>"},
		{`"médiation de dettes" OU maraude`, "Les <mark>maraudes</mark> de nuit", "Quand la nuit tombe."},
	} {
		found := false
		for _, h := range ask(t, e, "q="+url.QueryEscape(test.query)).Items {
			found = found || string(h.TitleMarked) == test.title && strings.Contains(string(h.Snippet), test.passage)
			if !found {
				t.Logf("%s: %s | %s", test.query, h.TitleMarked, h.Snippet)
			}
		}
		if !found {
			t.Errorf("Search(%s) shows no %s | %s", test.query, test.title, test.passage)
		}
	}
}

// TestEveryAnswerIsMarked asks for every word of the examples: whatever is found by
// it shows it, in the title or in the passage.
func TestEveryAnswerIsMarked(t *testing.T) {
	articles := examples(t)
	a := newArchive(t)
	importAll(t, a, articles)
	e := newEngine(t, t.TempDir(), a)
	var words []string
	for _, article := range articles {
		title, body := french.Searched(&article)
		for _, token := range french.Analyze(title + "\n\n" + body) {
			words = append(words, token.Surface)
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) < 100 {
		t.Fatalf("the examples have %d words", len(words))
	}
	for _, word := range words {
		queries := []string{`"` + word + `"`, word}
		if letters := []rune(word); len(letters) > 3 && !strings.ContainsAny(word, "-/.’'") {
			queries = append(queries, string(letters[:len(letters)/2+2])+"*")
		}
		for _, query := range queries {
			for _, h := range ask(t, e, "q="+url.QueryEscape(query)).Items {
				if !strings.Contains(string(h.TitleMarked+h.Snippet), "<mark>") {
					t.Errorf("Search(%s) finds %s without a mark: %s | %s", query, h.URL, h.TitleMarked, h.Snippet)
				}
			}
		}
	}
}
