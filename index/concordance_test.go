package index

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/french"
)

func concord(t *testing.T, e Engine, query string, o trame.ConcordanceOptions) *trame.Concordance {
	t.Helper()
	c, err := e.Concordance(t.Context(), parse(t, query), o)
	if err != nil {
		t.Fatalf("Concordance(%s): %v", query, err)
	}
	return c
}

func kwic(c *trame.Concordance) []string {
	lines := []string{}
	for _, l := range c.Lines {
		lines = append(lines, l.Left+"["+l.Words+"]"+l.Right)
	}
	return lines
}

func TestConcordance(t *testing.T) {
	a := newArchive(t)
	about := func(slug, title, text string, year int) trame.Article {
		u := "https://revue.test/" + slug
		return trame.Article{ID: trame.ID(u), URL: u, Title: title, Source: "revue", Type: trame.TypeArticle, Text: text, Published: trame.Date{Year: year}}
	}
	importAll(t, a, []trame.Article{
		about("un", "L’avocat et le secret", "Un avocat tient au secret. <b>Le secret\u202e professionnel</b> lie l’avocate &\nles équipes.\n\nPsycho-social, ou psychosocial ?", 2015),
		about("deux", "=SOMME(A1)", "Mon secret, ton secret professionnel : le professionnel garde tout secret. Le centre public d’action sociale écoute.", 2020),
		about("trois", "Sans rien", "Le CPAS écoute "+strings.Repeat("et encore ", 20)+"un secret bien gardé "+strings.Repeat("puis rien ", 20), 0),
	})
	e, err := Open(t.Context(), "bleve:"+t.TempDir(), a, Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		query, sort string
		want        []string
	}{
		{"q=avocat", "date", []string{"L’[avocat] et le secret", "Un [avocat] tient au secret. <b>Le secret professionnel</b> lie l’avocate", "Un avocat tient au secret. <b>Le secret professionnel</b> lie l’[avocate] & les équipes. · Psycho-social, ou psychosocial ?"}},
		{"q=%22secret+professionnel%22", "date", []string{"Mon secret, ton [secret professionnel] : le professionnel garde tout secret. Le centre public", "Un avocat tient au secret. <b>Le [secret professionnel]</b> lie l’avocate & les équipes. · Psycho-social, ou"}},
		{"q=psychosocial", "date", []string{"avocate & les équipes. · [Psycho-social], ou psychosocial ?", "les équipes. · Psycho-social, ou [psychosocial] ?"}},
		{"q=CPAS", "right", []string{"garde tout secret. Le [centre public d’action sociale] écoute.", "Le [CPAS] écoute et encore"}},
		{"q=titre:avocat", "date", []string{"L’[avocat] et le secret"}},
		{"q=profess*+-avocat", "right", []string{"Mon secret, ton secret professionnel : le [professionnel] garde tout", "Mon secret, ton secret [professionnel] : le profe"}},
		{"q=zyzomys", "left", nil},
		{"q=%22professionnel+tout%22~2+psychosocial", "date", nil},
		{"q=%22secret+tout%22~3", "date", []string{"le professionnel garde [tout secret]. Le cen"}},
		{"q=%22tient+avocat%22~1", "date", []string{"Un [avocat tient] au secr"}},
	} {
		got := kwic(concord(t, e, tt.query, trame.ConcordanceOptions{Sort: tt.sort, Limit: 100}))
		for i, want := range tt.want {
			before, after, _ := strings.Cut(want, "[")
			words, after, _ := strings.Cut(after, "]")
			if i >= len(got) || !strings.Contains(got[i], before[len(before)-min(len(before), 12):]+"["+words+"]"+after[:min(len(after), 8)]) {
				t.Errorf("Concordance(%s) = %q, want %q", tt.query, got, tt.want)
				break
			}
		}
		if len(got) != len(tt.want) {
			t.Errorf("Concordance(%s) = %q, want %d lines", tt.query, got, len(tt.want))
		}
	}
	lines := concord(t, e, "q=secret", trame.ConcordanceOptions{Sort: "left", Limit: 100})
	var before []string
	for _, l := range lines.Lines {
		words := french.Words(l.Left)
		before = append(before, words[len(words)-1])
	}
	if want := []string{"au", "le", "le", "mon", "ton", "tout", "un"}; !slices.Equal(before, want) || !lines.Complete || lines.Articles != 3 || lines.Total != 3 {
		t.Errorf("before secret stand %v (%+v), want %v", before, lines, want)
	}
	if l := lines.Lines[len(lines.Lines)-1]; len([]rune(l.Left)) > sideLength || !strings.HasSuffix(l.Left, "et encore un ") || !strings.HasPrefix(l.Left, "e") || len([]rune(l.Right)) > sideLength {
		t.Errorf("sides of %q", kwic(lines)[len(lines.Lines)-1])
	}
	for _, sort := range []string{"left", "right", "date"} {
		if c := concord(t, e, "q=secret", trame.ConcordanceOptions{Sort: sort, Limit: 2}); len(c.Lines) != 2 || c.Complete {
			t.Errorf("by %s: %d lines, complete %v", sort, len(c.Lines), c.Complete)
		}
	}
	for query, o := range map[string]trame.ConcordanceOptions{"": {Sort: "left", Limit: 1}, "auteur:x": {Sort: "left", Limit: 1}, "-secret": {Sort: "date", Limit: 1}, "a": {Sort: "up", Limit: 1}, "b": {Sort: "left"}, "c": {Sort: "left", Limit: 1001}} {
		if _, err := e.Concordance(t.Context(), trame.Query{Text: query}, o); !errors.Is(err, trame.ErrInvalidQuery) {
			t.Errorf("Concordance(%q, %+v): %v", query, o, err)
		}
	}
}

// TestConcordanceIsWhole compares it with all texts read one by one.
func TestConcordanceIsWhole(t *testing.T) {
	a := newArchive(t)
	articles := compose(300)
	importAll(t, a, articles)
	e := newEngine(t, t.TempDir(), a)
	for _, query := range []string{"q=%22travail+social%22", "q=travail&country=BE", "q=enfa*+-dossiera", "q=%22travail+social%22&source=source3", "q=%22travail+social+travail%22~80&source=source5", "q=%22social+travail%22~2&source=source7"} {
		c := concord(t, e, query, trame.ConcordanceOptions{Sort: "left", Limit: trame.MaxConcordance})
		full := concord(t, e, query, trame.ConcordanceOptions{Sort: "date", Limit: trame.MaxConcordance})
		if c.Total == 0 || len(c.Lines) == 0 || len(full.Lines) != len(c.Lines) || c.Complete != full.Complete || c.Complete && c.Articles != c.Total {
			t.Errorf("%s: %d lines by left, %d by date, of %d articles of %d, complete %v", query, len(c.Lines), len(full.Lines), c.Articles, c.Total, c.Complete)
		}
		texts := map[string]string{}
		for _, art := range articles {
			texts[art.ID] = flat(art.Title) + "\n" + flat(art.Text)
		}
		in := map[string]bool{}
		for i, l := range c.Lines {
			in[l.ID] = true
			if !strings.Contains(texts[l.ID], l.Left+l.Words+l.Right) {
				t.Errorf("%s: %q does not stand in %s", query, kwic(c)[i], l.ID)
			}
			if i == 0 {
				continue
			}
			a, b := french.Words(c.Lines[i-1].Left), french.Words(l.Left)
			slices.Reverse(a)
			slices.Reverse(b)
			if slices.Compare(firstWords(a), firstWords(b)) > 0 {
				t.Errorf("%s: %q before %q", query, c.Lines[i-1].Left, l.Left)
			}
		}
		if c.Complete && len(in) != c.Total {
			t.Errorf("%s: places in %d of %d articles", query, len(in), c.Total)
		}
	}
}
