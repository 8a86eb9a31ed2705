package index

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

// families are articles of which three belong together, one is a twin, and the
// others share no more than the words of everyone.
func families() []trame.Article {
	about := func(slug, title, text string, themes ...string) trame.Article {
		u := "https://revue.test/" + slug
		return trame.Article{ID: trame.ID(u), URL: u, Title: title, Source: "revue", Type: trame.TypeArticle, Themes: themes, Text: text, Words: len(strings.Fields(text))}
	}
	long := strings.Repeat("Le travail social demande du temps et de la confiance aux équipes. ", 5)
	articles := []trame.Article{
		about("secret", "Le secret partagé entre professionnels", "Le secret partagé interroge la déontologie des assistants sociaux. Le secret protège la confidence, et la déontologie borne le partage. "+long, "logement", "deontologie"),
		about("confidence", "Déontologie et confidence", "La confidence et le secret sont au cœur de la déontologie ; le partage d’une information demande l’accord. "+long, "deontologie"),
		about("partage", "Partager une information", "Le secret ne se partage pas sans accord : la déontologie l’écrit. "+long, "deontologie"),
		about("rue", "Maraudes d’hiver", "Les maraudes vont vers les sans-abri la nuit, avec des couvertures. "+long, "logement"),
		about("rue2", "Une nuit de maraude", "Une maraude croise des sans-abri et des couvertures, la nuit. "+long),
		about("dettes", "La médiation de dettes", "La médiation de dettes aide les ménages surendettés. "+long),
	}
	twin := articles[1]
	twin.URL = "https://copie.test/confidence"
	twin.ID = trame.ID(twin.URL)
	elsewhere := about("ailleurs", "Déontologie, secret, partage", "Le secret et la déontologie, une confidence. "+long)
	elsewhere.AlsoAt = []trame.Place{{URL: "https://revue.test/secret"}}
	articles = append(articles, twin, elsewhere)
	for i := range 30 { // the archive is about more than this
		articles = append(articles, about(fmt.Sprintf("autre%d", i), fmt.Sprintf("Autre chose %d", i), fmt.Sprintf("Un numéro mot%d parmi les autres, sur la ville et l’école. ", i)+long))
	}
	return articles
}

func TestSimilar(t *testing.T) {
	a := newArchive(t)
	articles := families()
	importAll(t, a, articles)
	e := newEngine(t, t.TempDir(), a)
	tests := []struct {
		slug   string
		want   []string
		say    string
		themes []string
	}{
		{"secret", []string{"confidence", "partage"}, "deontologie", []string{"deontologie"}},
		{"rue", []string{"rue2"}, "maraudes", nil},
	}
	for _, tt := range tests {
		found, err := e.Similar(t.Context(), trame.ID("https://revue.test/"+tt.slug), 5)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range found {
			got = append(got, path.Base(r.URL))
			if !strings.HasPrefix(r.Reason, "Les deux parlent d") || len(r.Words) < 2 || r.Text != "" || r.Score <= 0 || !strings.Contains(string(r.TitleMarked+r.Snippet), "<mark>") {
				t.Errorf("Similar(%s): %+v", tt.slug, r)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("Similar(%s) = %v, want %v", tt.slug, got, tt.want)
			continue
		}
		if r := found[0]; !strings.Contains(r.Reason, tt.say) || !slices.Equal(r.Themes, tt.themes) {
			t.Errorf("Similar(%s): %q, themes %v", tt.slug, r.Reason, r.Themes)
		}
	}
	pairs := pairsOf(articles[0])
	if p := pairsOf(trame.Article{Text: "La CAF Caisse paie. Une CAF Caisse ferme. Le RSA majoré, le RSA majoré."}); len(p) > 0 {
		t.Errorf("pairs of acronyms: %v", p)
	}
	shared := []telling{{stem: "deontolog", surface: "déontologie"}, {stem: "partag", surface: "partagé"}, {stem: "secret", surface: "secret"}}
	for text, want := range map[string][]string{"Du secret partagé et de la déontologie": {"déontologie", "secret partagé"}, "Le partage du secret": {"déontologie", "partagé", "secret"}} {
		if got := joined(shared, pairs, trame.Article{Text: text}); !slices.Equal(got, want) {
			t.Errorf("joined for %q: %q, want %q (%v)", text, got, want, pairs)
		}
	}
	if _, err := e.Similar(t.Context(), "0123456789abcdef", 5); !errors.Is(err, trame.ErrNotFound) {
		t.Errorf("Similar of an unknown article: %v", err)
	}
	gone := trame.ID("https://revue.test/rue2")
	if err := e.Apply(t.Context(), []archive.Change{{N: 1000, ID: gone}}, 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Similar(t.Context(), gone, 5); !errors.Is(err, trame.ErrNotFound) {
		t.Errorf("Similar of an article that is gone: %v", err)
	}
	if found, err := e.Similar(t.Context(), trame.ID("https://revue.test/rue"), 5); err != nil || len(found) != 0 {
		t.Errorf("Similar finds what is gone: %+v, %v", found, err)
	}
}

// TestReasons: « de » is elided as it is spoken.
func TestReasons(t *testing.T) {
	s := &search{label: func(_, value string) string {
		return map[string]string{"deontologie": "Éthique et déontologie"}[value]
	}}
	for _, tt := range []struct {
		words, themes []string
		want          string
	}{
		{[]string{"secret", "déontologie"}, nil, "Les deux parlent de secret, déontologie."},
		{[]string{"école"}, []string{"deontologie"}, "Les deux parlent d’école ; thème commun : Éthique et déontologie."},
		{[]string{"hébergement"}, []string{"a", "b"}, "Les deux parlent d’hébergement ; thèmes communs : a, b."},
		{[]string{"handicap", "a", "b", "c", "d", "e"}, nil, "Les deux parlent de handicap, a, b, c, d…"},
	} {
		if got := s.reason(tt.words, tt.themes); got != tt.want {
			t.Errorf("reason(%v, %v) = %q, want %q", tt.words, tt.themes, got, tt.want)
		}
	}
}

func BenchmarkSimilar(b *testing.B) {
	const n = 10_000
	e := filled(b, n)
	articles := compose(n)
	i := 0
	for b.Loop() {
		i += 37
		if _, err := e.Similar(b.Context(), articles[i%n].ID, 5); err != nil {
			b.Fatal(err)
		}
	}
}
