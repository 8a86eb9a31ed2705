package web_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"trame"
	"trame/web"
)

// readable is a small archive in which words are read in every way.
func readable(t *testing.T) world {
	t.Helper()
	texts := []struct{ country, title, text string }{
		{"BE", "Le CPAS et les étudiants", "Le CPAS reçoit des étudiants. Le secret professionnel y est gardé."},
		{"BE", "Une aide de proximité", "Le centre public d’action sociale reçoit tout le monde, en secret."},
		{"FR", "Le CCAS de la ville", "Le CCAS reçoit les travailleurs sociaux."},
		{"FR", "Garder un secret", "Il faut garder ce qui est confié."},
		{"FR", "Le travailleur", "Un travailleur social, un secret, une ville."},
	}
	var as []trame.Article
	for i, x := range texts {
		as = append(as, trame.Article{
			URL: fmt.Sprintf("https://revue-%s.example/%d", strings.ToLower(x.country), i), Title: x.title, Text: x.text, Country: x.country,
			Source: "revue-" + strings.ToLower(x.country), SourceName: "La Revue " + x.country, Type: trame.TypeArticle, FirstSeen: now.AddDate(0, 0, -30),
		})
	}
	return newWorld(t, as...)
}

func TestReadingIsTold(t *testing.T) {
	h := readable(t).handler()
	for _, tt := range []struct {
		path      string
		want, not []string
	}{
		{"/recherche?q=CPAS",
			[]string{"Compris ainsi — le mot : CPAS", "Aussi cherché : « centre public d’action sociale » (pour « CPAS »). Chercher à la lettre", "En France, « CPAS » se dit « CCAS »", "Ajouter ces articles (+1)"},
			[]string{"la plupart", "sans :"}},
		{"/recherche?q=CPAS&twins=on",
			[]string{"3 articles", "ces mots sont cherchés aussi (+1). S’en tenir à mes mots"},
			[]string{"Ajouter ces articles"}},
		{"/recherche?q=secret&twins=on",
			[]string{"n’ajoutent rien à cette recherche. S’en tenir à mes mots"}, nil},
		{"/recherche?q=CPAS&strict=on",
			[]string{"1 article", "Cherché à la lettre", "Chercher plus largement"},
			[]string{"Aussi cherché", "Ajouter ces articles"}},
		{"/recherche?q=CPAS+secret+professionnel",
			[]string{"2 articles contiennent la plupart de ces mots, dont 1 les contient tous. Exiger tous les mots", "sans : professionnel"},
			[]string{"Chercher à la lettre"}},
		{"/recherche?q=CPAS+secret+professionnel&strict=on",
			[]string{"1 article", "Compris ainsi — tous ces mots"},
			[]string{"la plupart", "sans :"}},
		{"/recherche?q=CPAS+secret+xylophoniste",
			[]string{"Mot laissé de côté : « xylophoniste » (aucun article"}, nil},
		{"/recherche?q=lieu:ville",
			[]string{"« lieu: » n’est pas un champ"}, nil},
		{"/recherche?q=secret&as_of=2026-11-01",
			[]string{"4 articles", "État de l’archive au 1er novembre 2026. Revenir à aujourd’hui", "4 articles, état au 1er novembre 2026."}, nil},
		{"/recherche?q=secret&as_of=2026-11-25T09:00:05Z",
			[]string{"État de l’archive au 25 novembre 2026, 09:00:05 UTC."}, nil},
		{"/recherche?q=secret&as_of=2026-11-25",
			[]string{"le moment demandé (25 novembre 2026) n’est pas encore passé. Revenir à aujourd’hui", "4 articles, état au 25 novembre 2026, 10:00:00 UTC."},
			[]string{"État de l’archive"}},
		{"/recherche?q=secret&as_of=2020",
			[]string{"Aucun article", "État de l’archive au 31 décembre 2020.", "Dans l’archive d’aujourd’hui 4 articles"},
			[]string{"Le fonds est vide"}},
		{"/recherche?q=xylophoniste+lieu:x&strict=on",
			[]string{"Aucun article", "n’est pas un champ", "Chercher plus largement"}, nil},
		{"/recherche", nil, []string{"Compris ainsi", "État de l’archive"}},
		{"/recherche?q=le", nil, []string{"Compris ainsi"}},
	} {
		p := getPage(t, h, tt.path)
		checkSoundPage(t, h, tt.path)
		for _, s := range tt.want {
			if !strings.Contains(p.text, s) {
				t.Errorf("GET %s does not say %q:\n%s", tt.path, s, p.text)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(p.text, s) {
				t.Errorf("GET %s says %q", tt.path, s)
			}
		}
	}
}

// given answers every search alike.
type given struct {
	trame.Searcher
	res trame.Results
}

func (g given) Search(ctx context.Context, q trame.Query) (*trame.Results, error) {
	r := g.res
	return &r, nil
}

// TestReadingOfAnswers shows what an engine may answer.
func TestReadingOfAnswers(t *testing.T) {
	w := newWorld(t)
	hit := trame.Hit{Article: trame.Article{ID: "0123456789abcdef", Title: "Un titre", Source: "x"}, Missing: []string{"garder", "<b>secret"}}
	twins := []trame.Twin{{Words: "CPAS", Country: "FR", Others: []string{"CCAS", "centre communal d'action sociale", "CIAS"}, Gain: 34}, {Words: "RIS", Country: "LU", Others: []string{"REVIS"}, Gain: 1}}
	for _, tt := range []struct {
		path      string
		res       trame.Results
		want, not []string
	}{
		{"/recherche?q=a+b+c", trame.Results{Total: 1234, TotalArchive: 5000, Whole: 56, Items: []trame.Hit{hit}, Understood: "la plupart de ces mots : « a »"},
			[]string{"1 234 articles contiennent la plupart de ces mots, dont 56 les contiennent tous.", "sans : garder, <b>secret"}, nil},
		{"/recherche?q=a+b+c", trame.Results{Total: 1, TotalArchive: 5, Items: []trame.Hit{hit}},
			[]string{"1 article contient la plupart de ces mots, aucun ne les contient tous."}, nil},
		{"/recherche?q=a+b+c", trame.Results{Total: 7, Whole: 7, TotalArchive: 9, Items: []trame.Hit{{Article: hit.Article}}}, nil, []string{"la plupart", "sans :"}},
		{"/recherche?q=travaileur", trame.Results{Total: 3, TotalArchive: 9, Suggestion: &trame.Suggestion{Text: "travailleur", Total: 120}},
			[]string{"Essayez avec « travailleur » (120 articles)"}, nil},
		{"/recherche?q=zz", trame.Results{TotalArchive: 9, Suggestion: &trame.Suggestion{Text: "zut", Total: 1}, Dropped: []string{"x", "y"}},
			[]string{"Aucun article", "Essayez avec « zut » (1 article)", "Mots laissés de côté : « x » et « y » (aucun article ne les contient"}, nil},
		{"/recherche?q=CPAS+RIS", trame.Results{Total: 3, TotalArchive: 9, Twins: twins},
			[]string{"En France, « CPAS » se dit « CCAS » ou « centre communal d’action sociale » (+34).", "Au Luxembourg, « RIS » se dit « REVIS » (+1). Ajouter ces articles"}, []string{"CIAS"}},
		{"/recherche?q=CPAS", trame.Results{Total: 3, TotalArchive: 9, Added: []trame.Expansion{{Words: "CPAS", With: []string{"centre public d'action sociale", "b", "c", "d"}}, {Words: "travaileur", With: []string{"travailleur"}}}},
			[]string{"Aussi cherché : « centre public d’action sociale », « b » et « c » (pour « CPAS ») ; « travailleur » (pour « travaileur »). Chercher à la lettre"}, nil},
	} {
		p := getPage(t, web.New(w.archive, given{res: tt.res}, w.options), tt.path)
		for _, s := range tt.want {
			if !strings.Contains(p.text, s) {
				t.Errorf("GET %s does not say %q:\n%s", tt.path, s, p.text)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(p.text, s) {
				t.Errorf("GET %s says %q", tt.path, s)
			}
		}
	}
}

// TestNotesLeadWhereTheySay follows the links of the notes.
func TestNotesLeadWhereTheySay(t *testing.T) {
	h := readable(t).handler()
	for path, want := range map[string]map[string]int{
		"/recherche?q=CPAS&country=BE&country=FR":            {"Chercher à la lettre": 1, "Ajouter ces articles (+1)": 3},
		"/recherche?q=CPAS&twins=on":                         {"Chercher à la lettre": 1, "S’en tenir à mes mots": 2},
		"/recherche?q=CPAS&strict=on":                        {"Chercher plus largement": 2},
		"/recherche?q=CPAS+secret+professionnel&sort=newest": {"Exiger tous les mots": 1},
		"/recherche?q=secret&as_of=2020-05":                  {"Revenir à aujourd’hui": 4},
	} {
		links := noteLinks(getPage(t, h, path))
		for label, n := range want {
			if links[label] == "" {
				t.Errorf("GET %s: no link %q among %q", path, label, links)
				continue
			}
			to := getPage(t, h, links[label])
			if said := fmt.Sprintf("— %d article", n); !strings.Contains(to.text, said) {
				t.Errorf("GET %s: %q leads to %q, which does not say %q", path, label, links[label], said)
			}
			delete(links, label)
		}
		for label := range links {
			if !strings.HasPrefix(label, "Ajouter ces") {
				t.Errorf("GET %s: a link %q too", path, label)
			}
		}
	}
}

// noteLinks are the links of what a page says of the reading, by label.
func noteLinks(p shown) map[string]string {
	links := map[string]string{}
	for _, in := range append(p.find("div", "reading"), p.find("p", "hint")...) {
		for n := range in.Descendants() {
			if n.Type == html.ElementNode && n.Data == "a" {
				links[text(n)] = attr(n, "href")
			}
		}
	}
	return links
}

// TestCitedSearchRunsAgain cites a search, lets an article arrive, and asks again.
func TestCitedSearchRunsAgain(t *testing.T) {
	w := readable(t)
	w.options.BaseURL = "https://trame.example"
	p := getPage(t, w.handler(), "/recherche?q=secret&country=FR&page=1&per_page=50")
	ref := text(p.find("p", "ref")[0])
	const want = "Trame, recherche « secret » (France), 2 articles, état au 25 novembre 2026, 10:00:00 UTC. https://trame.example/recherche?as_of=2026-11-25T10%3A00%3A00Z&country=FR&q=secret"
	if ref != want {
		t.Errorf("the citation is %q, want %q", ref, want)
	}
	cited := regexp.MustCompile(`/recherche\?\S+`).FindString(ref)
	late := trame.Article{URL: "https://revue-fr.example/late", Title: "Un autre secret", Text: "Un secret.", Source: "revue-fr", SourceName: "La Revue FR", Country: "FR", Type: trame.TypeArticle, FirstSeen: now.Add(time.Minute)}
	if _, err := w.archive.Import(t.Context(), []trame.Article{late}); err != nil {
		t.Fatal(err)
	}
	w.search = newIndex(t, w.archive)
	w.options.Now = func() time.Time { return now.Add(time.Hour) }
	h := w.handler()
	for path, n := range map[string]int{cited: 2, "/recherche?q=secret&country=FR": 3} {
		if p := getPage(t, h, path); p.status != http.StatusOK || !strings.Contains(p.text, fmt.Sprintf("%d articles", n)) {
			t.Errorf("GET %s does not say %d articles: %s", path, n, p.text)
		}
	}
	if again := text(getPage(t, h, cited).find("p", "ref")[0]); again != want {
		t.Errorf("cited again it is %q, want %q", again, want)
	}
}
