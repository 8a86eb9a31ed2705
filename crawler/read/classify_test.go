package read

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"trame"
)

func TestClassify(t *testing.T) {
	c, err := NewClassifier([]trame.Theme{
		{ID: "secret", Query: `"secret professionnel" OU déontologi*`},
		{ID: "titre", Query: `titre:travail titre:social`},
		{ID: "ecole", Query: `"école de travail social"`},
		{ID: "sauf", Query: `grève SAUF "faim"`},
		{ID: "proche", Query: `"accueil enfant"~3`},
		{ID: "abri", Query: `sans-abri`},
		{ID: "belge", Query: `pays:Belgique logement`},
		{ID: "date", Query: `logement date:2015..2018`},
		{ID: "auteur", Query: `auteur:Dujardin`},
		{ID: "mots", Query: `de OU le OU justice`},
		{ID: "joints", Query: `sans papiers`},
		{ID: "debut", Query: `vivre-ens*`},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		a    trame.Article
		want string
	}{
		{"phrase, plural and capitals", trame.Article{Text: "Les SECRETS professionnels des assistants."}, "secret"},
		{"prefix on the word itself", trame.Article{Text: "Un code déontologique."}, "secret"},
		{"words apart are no phrase", trame.Article{Text: "Un secret bien professionnel"}, ""},
		{"no phrase reaches from title to text", trame.Article{Title: "Le secret", Text: "professionnel"}, ""},
		{"title alone", trame.Article{Title: "Travail social et numérique"}, "titre"},
		{"text does not count for the title", trame.Article{Title: "Autre", Text: "Le travail social"}, ""},
		{"stop words leave a gap", trame.Article{Text: "Une école de travail social."}, "ecole"},
		{"the gap counts", trame.Article{Text: "Une école, travail social."}, ""},
		{"not", trame.Article{Text: "La grève de la faim"}, ""},
		{"and not", trame.Article{Text: "La grève des loyers"}, "sauf"},
		{"near in any order", trame.Article{Text: "L’enfant trouve un accueil"}, "proche"},
		{"too far", trame.Article{Text: "L’enfant, dit-elle longuement hier soir devant tous, trouve un accueil"}, ""},
		{"sans-abri without hyphen", trame.Article{Text: "Des sans abri"}, "abri"},
		{"a shelter is no sans-abri", trame.Article{Text: "Un abri de bus, sans toit"}, ""},
		{"country", trame.Article{Text: "Le logement", Country: "BE"}, "belge"},
		{"date", trame.Article{Text: "Le logement", Published: trame.Date{Year: 2016}}, "date"},
		{"author", trame.Article{Authors: []string{"Jérôme Dujardin"}}, "auteur"},
		{"a stop word asks for nothing", trame.Article{Text: "De la paix, le soir"}, ""},
		{"what stands beside it does", trame.Article{Text: "La justice"}, "mots"},
		{"sans and its word, written apart", trame.Article{Text: "Les sans-papiers"}, "joints"},
		{"papers are no sans-papiers", trame.Article{Text: "Des papiers, sans timbre"}, ""},
		{"the beginning of a compound", trame.Article{Text: "Le vivre-ensemble"}, "debut"},
		{"summary where there is no text", trame.Article{Summary: "Le secret professionnel"}, "secret"},
		{"where an event takes place", trame.Article{Text: "Une journée", Event: &trame.Event{Organizer: "Justice et paix"}}, "mots"},
	} {
		if got := strings.Join(c.Classify(tc.a, nil), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	got := c.Classify(trame.Article{Section: "Écoles", Text: "grève"}, map[string]string{"ecoles": "ecole"})
	if strings.Join(got, " ") != "ecole sauf" {
		t.Errorf("with a section: %q", got)
	}
}

func TestExplain(t *testing.T) {
	c, err := NewClassifier([]trame.Theme{
		{ID: "secret", Query: `"secret professionnel" OU "secret partagé" OU déontologi*`},
		{ID: "logement", Query: `logement`},
		{ID: "belge", Query: `pays:BE`},
		{ID: "reste", Query: `-logement`},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Explain(trame.Article{
		Title: "Déontologie : le point", Country: "BE", Themes: []string{"secret", "logement", "belge"},
		Text: "Un code déontologique, les SECRETS\nprofessionnels et l’avis déontologique.",
	})
	want := map[string][]string{"secret": {"Déontologie", "SECRETS professionnels"}, "belge": nil, "reste": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Explain (-want +got):\n%s", diff)
	}
}

// TestThemesOfThemes: a query may build on the themes before it.
func TestThemesOfThemes(t *testing.T) {
	themes := []trame.Theme{
		{ID: "logement", Label: map[string]string{"fr": "Droit au logement"}, Query: `logement`},
		{ID: "rue", Query: `theme:logement rue`},
		{ID: "toit", Query: `theme:"droit au logement" -theme:rue`},
	}
	c, err := NewClassifier(themes)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"Le logement": "logement toit", "La rue": "", "Logement, rue": "logement rue"} {
		if got := strings.Join(c.Classify(trame.Article{Text: text, Themes: []string{"rue"}}, nil), " "); got != want {
			t.Errorf("Classify(%s) = %q, want %q", text, got, want)
		}
	}
	for _, q := range []string{"theme:rue", `-theme:"sur la rue"`, "x OU (y theme:ru*)"} {
		later := []trame.Theme{{ID: "avant", Query: q}, {ID: "rue", Label: map[string]string{"fr": "Sur la rue"}, Query: "rue"}}
		if _, err := NewClassifier(later); err == nil || !strings.Contains(err.Error(), "avant") {
			t.Errorf("NewClassifier of %s before its theme: %v, want an error that names the theme", q, err)
		}
	}
}

func TestClassifierNamesTheWrongTheme(t *testing.T) {
	for _, q := range []string{`"secret`, `a*`, ``} {
		if _, err := NewClassifier([]trame.Theme{{ID: "bon", Query: "logement"}, {ID: "mauvais", Query: q}}); q != `"secret` && (err == nil || !strings.Contains(err.Error(), "mauvais")) {
			t.Errorf("NewClassifier(%q) = %v, want an error that names the theme", q, err)
		}
	}
}

// defaultThemes reads the themes that the product ships.
func defaultThemes(t testing.TB) []trame.Theme {
	t.Helper()
	b, err := os.ReadFile("../../cmd/trame/defaults/themes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var themes []trame.Theme
	if err := yaml.Unmarshal(b, &themes); err != nil {
		t.Fatal(err)
	}
	if len(themes) < 20 {
		t.Fatalf("%d themes", len(themes))
	}
	return themes
}

func TestDefaultThemesParse(t *testing.T) {
	c, err := NewClassifier(defaultThemes(t))
	if err != nil {
		t.Fatal(err)
	}
	a := trame.Article{Title: "Le secret professionnel empêché", Text: "Une formation assurée par deux formateurs, sur inscription : le secret professionnel et la déontologie."}
	got := c.Classify(a, nil)
	for _, want := range []string{"secret-professionnel", "deontologie", "metiers-formation"} {
		if !slices.Contains(got, want) {
			t.Errorf("Classify = %q, want %s in it", got, want)
		}
	}
	for _, not := range []string{"migrations", "addictions", "greves-mouvements"} {
		if slices.Contains(got, not) {
			t.Errorf("Classify = %q, want no %s", got, not)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	c, err := NewClassifier(defaultThemes(b))
	if err != nil {
		b.Fatal(err)
	}
	a := trame.Article{Title: "Aide sociale : ce que révèle le guichet", Text: strings.Repeat("Le local du Marchepied de la Verrerie se trouve au 23 de la rue de la Bascule, derrière l’ancienne gare. "+
		"Un travailleur social qui suit cent vingt dossiers ne peut qu’aligner des formulaires ; le secret n’appartient ni à l’institution ni au service. ", 10)}
	b.ReportAllocs()
	for b.Loop() {
		c.Classify(a, nil)
	}
}
