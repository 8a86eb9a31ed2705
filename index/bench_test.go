package index

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// compose makes articles of about 300 words from a vocabulary with the
// frequencies of a language (Zipf), the same ones each time.
func compose(n int) []trame.Article {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.1, 4, 30_000)
	stems := strings.Fields(`travail social secret profession accueil logement aide jeunesse famille enfant droit santé mental usager service
		public action éducat insert emploi chômage pauvr précar hébergement urgence rue maraude prévent protect justice détent handicap
		vieill autonom numér écolog solidar particip collect associat format recherche enquêt politique financ équipe réunion colère
		confian parole écoute visite dossier juge avocat police école quartier ville commune région loi décret article code`)
	endings := []string{"", "s", "e", "es", "ion", "ions", "eur", "eurs", "euse", "ement", "er", "é", "ée", "ées", "ique", "iques", "ité", "ant", "able", "al", "aux"}
	small := strings.Fields("le la les de des du un une et à en dans pour sur avec qui que ne pas plus est sont par ce cette au aux l’on d’un")
	word := func() string {
		k := int(zipf.Uint64())
		return stems[k%len(stems)] + string(rune('a'+k/len(stems)/20%26)) + endings[k/len(stems)%len(endings)]
	}
	articles := make([]trame.Article, n)
	for i := range articles {
		var b strings.Builder
		for k := range 300 {
			switch {
			case k%2 == 0:
				b.WriteString(small[r.IntN(len(small))])
			case k%61 == 1:
				b.WriteString("travail social")
			default:
				b.WriteString(word())
			}
			if k%17 == 16 {
				b.WriteString(".")
			}
			b.WriteByte(" \n"[k/299])
		}
		u := fmt.Sprintf("https://source%d.test/%d", i%40, i)
		a := trame.Article{
			ID: trame.ID(u), URL: u, Title: word() + " et " + word() + " du " + word(), Source: fmt.Sprintf("source%d", i%40),
			SourceName: fmt.Sprintf("Source %d", i%40), Country: []string{"BE", "FR", "FR"}[i%3], Language: "fr", Type: trame.TypeArticle, Text: b.String(),
			Authors: []string{fmt.Sprintf("Auteur %d", r.IntN(2000))}, Themes: []string{fmt.Sprintf("theme%d", r.IntN(30)), fmt.Sprintf("theme%d", r.IntN(30))},
		}
		if i%10 > 0 {
			a.Published = trame.DateOf(time.Date(2005, 1, 1+r.IntN(20*365), 0, 0, 0, 0, time.UTC))
		}
		articles[i] = a
	}
	return articles
}

// filled returns an engine that holds n composed articles, and its archive.
func filled(b *testing.B, n int) Engine {
	b.Helper()
	a := newArchive(b)
	articles := compose(n)
	for i := 0; i < n; i += 500 {
		importAll(b, a, articles[i:min(i+500, n)])
	}
	return newEngine(b, b.TempDir(), a)
}

func BenchmarkApply(b *testing.B) {
	const n = 5000
	articles := compose(n)
	changes := make([]archive.Change, n)
	for i := range articles {
		changes[i] = archive.Change{N: int64(i + 1), ID: articles[i].ID, Number: int64(i + 1), Article: &articles[i]}
	}
	a := newArchive(b)
	for b.Loop() {
		e, err := Open(b.Context(), "bleve:"+b.TempDir(), a, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; i < n; i += batchSize {
			if err := e.Apply(b.Context(), changes[i:i+batchSize], int64(i+batchSize)); err != nil {
				b.Fatal(err)
			}
		}
		e.Close()
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkSearch(b *testing.B) {
	e := filled(b, 10_000)
	for _, c := range []struct{ name, query string }{
		{"all, three facets", "facets=theme,source,year"},
		{"common word, three facets", "q=travail&facets=theme,source,year"},
		{"two words, three facets", "q=travail+social&facets=theme,source,year"},
		{"phrase, three facets", "q=%22travail+social%22&facets=theme,source,year"},
		{"or, filters, all facets", "q=travail+OU+logement&country=FR&theme=theme3&from=2010&facets=" + strings.Join(trame.FacetNames, ",")},
		{"prefix", "q=prot*&facets=theme,source,year"},
		{"newest", "q=social&sort=newest&facets=theme,source,year"},
		{"long question", "q=comment+le+travail+social+peut+il+aider+la+famille+et+l+enfant+dans+la+ville"},
	} {
		v, err := url.ParseQuery(c.query)
		if err != nil {
			b.Fatal(err)
		}
		q, err := trame.ParseQuery(v)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			var total int
			for b.Loop() {
				r, err := e.Search(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				total = r.Total
			}
			b.ReportMetric(float64(total), "hits")
		})
	}
}

// BenchmarkOpen opens an index of 10,000 articles, checks it, and answers the
// first search.
func BenchmarkOpen(b *testing.B) {
	a := newArchive(b)
	articles := compose(10_000)
	for i := 0; i < len(articles); i += 500 {
		importAll(b, a, articles[i:i+500])
	}
	folder := b.TempDir()
	e := newEngine(b, folder, a)
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e, err := Open(b.Context(), "bleve:"+folder, a, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if r, err := e.Search(b.Context(), trame.Query{}); err != nil || r.Total != 10_000 {
			b.Fatalf("Search = %v, %v", r, err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	e := filled(b, 10_000)
	for _, text := range []string{"soc", "travaila", "le prot", "Secreta et l", "auteur 1", "prtoa"} {
		suggest(b, e, text, 0)
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Suggest(b.Context(), text, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
