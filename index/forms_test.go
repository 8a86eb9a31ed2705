package index

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"trame"
)

// written puts articles into an archive, each from a title and a text, at
// https://exemple.test/ and their key, and returns an engine that has read them.
func written(t *testing.T, articles map[string][2]string) Engine {
	t.Helper()
	a := newArchive(t)
	var all []trame.Article
	for slug, s := range articles {
		all = append(all, trame.Article{
			URL: "https://exemple.test/" + slug, Title: s[0], Text: s[1], Source: "faille", SourceName: "Lignes de faille",
			Country: "BE", Language: "fr", Type: trame.TypeArticle, Themes: []string{"logement"},
		})
	}
	importAll(t, a, all)
	return newEngine(t, t.TempDir(), a)
}

func finds(t *testing.T, e Engine, text string) []string {
	t.Helper()
	return slugs(ask(t, e, "q="+url.QueryEscape(text)))
}

// TestExactFirst: the word as it was written comes before other forms of it.
func TestExactFirst(t *testing.T) {
	e := written(t, map[string][2]string{
		"un":       {"Sujet", "Il faut accompagner la famille dans la durée."},
		"deux":     {"Sujet", "Un long accompagnement pour la famille."},
		"trois":    {"Sujet", "Être accompagnée, dit la famille, dans la durée."},
		"sans":     {"Sujet", "La famille dans la durée."},
		"place":    {"Sujet", "La place des gens dans la génération."},
		"placer":   {"Sujet", "Le placement des enfants."},
		"placer-2": {"Sujet", "Les placements des enfants."},
	})
	for word, want := range map[string]string{"accompagner": "un", "accompagnement": "deux", "accompagnée": "trois"} {
		if got := finds(t, e, word); len(got) != 3 || got[0] != want {
			t.Errorf("Search(%s) = %v, want 3 with %s first", word, got, want)
		}
	}
	for word, want := range map[string][]string{"placement": {"placer", "placer-2"}, "placements": {"placer-2", "placer"}, "place": {"place"}} {
		if got := finds(t, e, word); !slices.Equal(got, want) {
			t.Errorf("Search(%s) = %v, want %v", word, got, want)
		}
	}
}

// TestPrefixRanked: a word found by its beginning weighs by where it stands and
// how often.
func TestPrefixRanked(t *testing.T) {
	e := written(t, map[string][2]string{
		"rare":    {"Un sujet", "Une éducatrice parle de la rue. " + strings.Repeat("La ville est grande. ", 20)},
		"souvent": {"Un sujet", strings.Repeat("Des éducateurs et leur éducation. ", 5) + strings.Repeat("La ville est grande. ", 15)},
		"titre":   {"Éducation de rue", strings.Repeat("La ville est grande. ", 20)},
	})
	if got, want := finds(t, e, "éducat*"), []string{"titre", "souvent", "rare"}; !slices.Equal(got, want) {
		t.Errorf("Search(éducat*) = %v, want %v", got, want)
	}
}

// TestHyphens: a hyphen decides nothing, in words and in phrases.
func TestHyphens(t *testing.T) {
	filler := strings.Repeat("Une phrase parle longuement de la ville. ", 10)
	e := written(t, map[string][2]string{
		"avec":  {"Sujet", filler + "Les risques psycho-sociaux, en zone péri-urbaine, mènent au burn-out."},
		"joint": {"Sujet", filler + "Les risques psychosociaux, en zone périurbaine, mènent au burnout."},
		"papi":  {"Sujet", "Des migrants sans papiers."},
		"papi2": {"Sujet", "Des migrants sans-papiers."},
		"rien":  {"Sujet", "Une psycho et du social, un papier, un abri."},
	})
	both := []string{"avec", "joint"}
	for _, text := range []string{"burn-out", "burnout", "psychosocial", "psycho-social", "psycho-sociaux", "péri-urbain", "périurbain", "perI‑Urbain",
		`"risques psycho-sociaux"`, `"risques psychosociaux"`, `"psycho-sociaux en zone péri-urbaine"`, "zone psychosoci*", "titre:sujet psycho-social", "-papiers psychosocial"} {
		if got := slices.Sorted(slices.Values(finds(t, e, text))); !slices.Equal(got, both) {
			t.Errorf("Search(%s) = %v, want %v", text, got, both)
		}
	}
	for _, text := range []string{"migrants sans papiers", "migrants sans-papiers", `"migrants sans papiers"`} {
		if got, want := slices.Sorted(slices.Values(finds(t, e, text))), []string{"papi", "papi2"}; !slices.Equal(got, want) {
			t.Errorf("Search(%s) = %v, want %v", text, got, want)
		}
	}
	r := ask(t, e, "q=burn-out")
	if a, b := r.Items[0].Score, r.Items[1].Score; a > 1.2*b {
		t.Errorf("burn-out scores %v and %v with and without the hyphen", a, b)
	}
	marked := map[string]bool{}
	for _, h := range r.Items {
		_, rest, _ := strings.Cut(string(h.Snippet), "mènent au ")
		marked[rest] = true
	}
	if !marked["<mark>burn-out</mark>."] || !marked["<mark>burnout</mark>."] {
		t.Errorf("snippets end %v", marked)
	}
}

// TestLabels: fields of names understand what people read on the pages.
func TestLabels(t *testing.T) {
	e := written(t, map[string][2]string{"un": {"Sujet", "Texte."}})
	for _, text := range []string{"pays:Belgique", "pays:be", "pays:BELGIQUE", `source:"Lignes de faille"`, `source:"LIGNES DE FAILLE"`, "source:faille", "theme:Logement", "theme:logément", "type:article"} {
		if got := finds(t, e, text); len(got) != 1 {
			t.Errorf("Search(%s) = %v, want the article", text, got)
		}
	}
	for _, text := range []string{"pays:France", `source:"Lignes"`, "theme:log", "pays:zz", "-pays:Belgique"} {
		if got := finds(t, e, text); len(got) != 0 {
			t.Errorf("Search(%s) = %v, want nothing", text, got)
		}
	}
}
