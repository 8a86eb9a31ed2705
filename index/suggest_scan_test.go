package index

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/french"
)

// TestSuggestAsAScan compares the titles, themes, sources and authors suggested in
// small random archives with what reading every article gives, before and after
// articles go.
func TestSuggestAsAScan(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 25))
	vocabulary := strings.Fields("social sociale société secret secrets professionnel profession l’aide d’aide aide aller-vers sans-abri éducateur·rice·s de la le logement logé CPAS œuvre œuvres Être jeune-x")
	pick := func(n int) string {
		words := make([]string, 1+r.IntN(n))
		for i := range words {
			words[i] = vocabulary[r.IntN(len(vocabulary))]
		}
		return strings.Join(words, " ")
	}
	for round := range 5 {
		a := newArchive(t)
		var articles []trame.Article
		for i := range 60 {
			u := fmt.Sprintf("https://revue%d.test/%d", i%3, i)
			articles = append(articles, trame.Article{
				ID: trame.ID(u), URL: u, Title: pick(5), Source: fmt.Sprint("revue", i%3), SourceName: "Revue " + vocabulary[i%3], Type: trame.TypeArticle, Country: "BE", Language: "fr",
				Published: trame.Date{Year: 2000 + r.IntN(5)}, Authors: []string{pick(2)}, Themes: [][]string{{"logement"}, nil}[i%2], Text: pick(9),
			})
		}
		importAll(t, a, articles)
		e := newEngine(t, t.TempDir(), a)
		for range 300 {
			text := []rune(pick(3))
			if typed := string(text[:1+r.IntN(len(text))]); !compareSuggestions(t, e, articles, typed) {
				t.Fatalf("round %d", round)
			}
		}
		titles := e.(*bleveEngine).shown.titles
		for range 100 { // the two ways to find titles
			among, n := titles.holding([]string{"social"})
			begun := french.Fold(string([]rune(vocabulary[r.IntN(len(vocabulary))])[:2]))
			read, listed := titles.walk(among, begun, 7), titles.complete(among, begun, 7)
			if n == 0 || !slices.Equal(read, listed) {
				t.Fatalf("titles with social and %s…: %v when read, %v when listed", begun, read, listed)
			}
		}
	}
}

func compareSuggestions(t *testing.T, e Engine, articles []trame.Article, text string) bool {
	t.Helper()
	const limit = maxCompletions
	got := map[string][]string{}
	for _, c := range suggest(t, e, text, limit) {
		got[c.Kind] = append(got[c.Kind], c.Text+" "+c.ID)
		if c.Kind == trame.CompleteWord {
			got[c.Kind] = nil
		}
	}
	delete(got, trame.CompleteWord)
	typed, ok := readTyped(text)
	want := map[string][]string{}
	if ok && typed.plain {
		want = scanned(articles, typed, limit)
	}
	for _, kind := range []string{trame.CompleteTitle, trame.CompleteTheme, trame.CompleteSource, trame.CompleteAuthor} {
		if len(want[kind]) == 0 { // then what is misspelt may give something
			continue
		}
		if !slices.Equal(got[kind], want[kind]) {
			t.Errorf("Suggest(%q) = %s %q, want %q", text, kind, got[kind], want[kind])
			return false
		}
	}
	return true
}

// scanned is what every article gives.
func scanned(articles []trame.Article, typed typed, limit int) map[string][]string {
	want := map[string][]string{}
	titles := slices.Clone(articles)
	slices.SortFunc(titles, func(a, b trame.Article) int {
		return cmp.Or(cmp.Compare(strings.Count(a.Title, " "), strings.Count(b.Title, " ")), cmp.Compare(b.Published.Year, a.Published.Year), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	seen := map[string]bool{}
	begun := french.Fold(typed.beginning)
	if len([]rune(strings.Join(typed.words, ""))) >= leastLetters {
		for _, a := range titles {
			tokens := french.Analyze(a.Title)
			holds := func(stem string) bool {
				return stem == "" || slices.ContainsFunc(tokens, func(t french.Token) bool { return t.Term == stem })
			}
			begins := slices.ContainsFunc(tokens, func(t french.Token) bool { return strings.HasPrefix(t.Exact, begun) })
			lacks := slices.ContainsFunc(french.Sequence(typed.before), func(stem string) bool { return !holds(stem) })
			if begins && !lacks && !seen[a.Title] && len(want[trame.CompleteTitle]) < limit {
				seen[a.Title] = true
				want[trame.CompleteTitle] = append(want[trame.CompleteTitle], a.Title+" "+a.ID)
			}
		}
	}
	named := func(kind string, of func(a trame.Article) []string) {
		counts := map[string]int{}
		for _, a := range articles {
			for _, name := range of(a) {
				own := foldedWords(strings.Split(name, "\x00")[0])
				lacks := slices.ContainsFunc(typed.words, func(w string) bool {
					return !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(o, w) })
				})
				if !lacks {
					counts[name]++
				}
			}
		}
		var names []string
		for name := range counts {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
		for _, name := range names[:min(len(names), limit)] {
			text, id, _ := strings.Cut(name, "\x00")
			want[kind] = append(want[kind], text+" "+id)
		}
	}
	named(trame.CompleteTheme, func(a trame.Article) []string {
		if len(a.Themes) == 0 {
			return nil
		}
		return []string{"Logement\x00logement"}
	})
	named(trame.CompleteSource, func(a trame.Article) []string { return []string{a.SourceName + "\x00" + a.Source} })
	named(trame.CompleteAuthor, func(a trame.Article) []string { return a.Authors })
	return want
}
