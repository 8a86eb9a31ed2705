package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"trame"
)

func TestNumbersAndCounts(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 1223: "1\u202f223", 62018: "62\u202f018", 1000000: "1\u202f000\u202f000", -1223: "−1\u202f223"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "0\u00a0article", 1: "1\u00a0article", 2: "2\u00a0articles"} {
		if got := count(n, "article"); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
	if got, want := count(3, "autre source"), "3\u00a0autres sources"; got != want {
		t.Errorf("count = %q, want %q", got, want)
	}
}

func TestFrenchDates(t *testing.T) {
	tests := []struct {
		d           trame.Date
		long, short string
		field       string
	}{
		{trame.Date{}, "date inconnue", "date inconnue", ""},
		{trame.Date{Year: 2015}, "2015", "2015", "2015"},
		{trame.Date{Year: 2015, Month: 4}, "avril 2015", "avr. 2015", "04/2015"},
		{trame.Date{Year: 2015, Month: 4, Day: 5}, "5 avril 2015", "5 avr. 2015", "05/04/2015"},
		{trame.Date{Year: 2022, Month: 12, Day: 1}, "1er décembre 2022", "1er déc. 2022", "01/12/2022"},
		{trame.Date{Year: 2024, Month: 8, Day: 31}, "31 août 2024", "31 août 2024", "31/08/2024"},
	}
	for _, tt := range tests {
		if got := longDate(tt.d); got != tt.long {
			t.Errorf("longDate(%v) = %q, want %q", tt.d, got, tt.long)
		}
		if got := shortDate(tt.d); got != tt.short {
			t.Errorf("shortDate(%v) = %q, want %q", tt.d, got, tt.short)
		}
		if got := dateField(tt.d); got != tt.field {
			t.Errorf("dateField(%v) = %q, want %q", tt.d, got, tt.field)
		}
		if got := isoDate(tt.field); got != tt.d.String() {
			t.Errorf("isoDate(%q) = %q, want %q", tt.field, got, tt.d)
		}
	}
}

func TestMomentsAreShownInTheZone(t *testing.T) {
	s := &site{Options: Options{Zone: time.FixedZone("CEST", 7200)}}
	at := time.Date(2026, 6, 30, 23, 4, 0, 0, time.UTC)
	if got, want := s.day(at), "1er juillet 2026"; got != want {
		t.Errorf("day = %q, want %q", got, want)
	}
	if got, want := s.dayTime(at), "1er juil. 2026 à 1\u00a0h\u00a004"; got != want {
		t.Errorf("dayTime = %q, want %q", got, want)
	}
}

func TestAway(t *testing.T) {
	tests := []struct{ in, url, host string }{
		{"https://www.example.org/a?b=c#d", "https://www.example.org/a?b=c#d", "example.org"},
		{"http://example.org:8080/", "http://example.org:8080/", "example.org:8080"},
		{"HTTPS://Example.org/é", "https://Example.org/%C3%A9", "Example.org"},
		{"javascript:alert(1)", "", ""},
		{" javascript:alert(1)", "", ""},
		{"java\nscript:alert(1)", "", ""},
		{"data:text/html,x", "", ""},
		{"//evil.test/", "", ""},
		{"/relative", "", ""},
		{"https:evil.test", "", ""},
		{`https:\\evil.test`, "", ""},
		{"https://good.test@evil.test/", "", ""},
		{`https://good.test\@evil.test/`, "", ""},
		{"https://ex\u0430mple.org/", "", ""},
		{"https:///path", "", ""},
		{"ftp://example.org/", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if got := away(tt.in); got.URL != tt.url || got.Host != tt.host || got.Text != tt.in {
			t.Errorf("away(%q) = %+v, want %q on %q", tt.in, got, tt.url, tt.host)
		}
	}
}

func TestInvertedNames(t *testing.T) {
	for in, want := range map[string]string{
		"Claire Delvaux":            "DELVAUX, Claire",
		"Élise Noël":                "NOËL, Élise",
		"Jean-Luc VANDERSTRAETEN":   "VANDERSTRAETEN, Jean-Luc",
		"Anne DE SMET":              "DE SMET, Anne",
		"Jean de la Fontaine":       "Jean de la Fontaine",
		"La rédaction":              "La rédaction",
		"Collectif Solidarité":      "Collectif Solidarité",
		"CSCE":                      "CSCE",
		"Ligue des droits humains":  "Ligue des droits humains",
		"Delvaux, Claire":           "Delvaux, Claire",
		"Marie Dupont (Passerelle)": "Marie Dupont (Passerelle)",
	} {
		if got := inverted(in); got != want {
			t.Errorf("inverted(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"court", 10, "court"},
		{"un  deux\ntrois", 20, "un deux trois"},
		{"un deux trois quatre", 14, "un deux trois…"},
		{"été, hiver et printemps", 6, "été…"},
		{strings.Repeat("é", 50), 10, strings.Repeat("é", 9) + "…"},
	} {
		if got := shorten(tt.in, tt.n); got != tt.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestThemeTreeSurvivesCircles(t *testing.T) {
	tree := newThemeTree([]trame.Theme{{ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}, {ID: "c", Parent: "nowhere"}, {ID: "d", Parent: "c"}})
	var ids []string
	for _, b := range tree.branches(map[string]int{"a": 1, "b": 2, "c": 3, "d": 4, "stranger": 5}, nil) {
		for _, n := range b.flat() {
			ids = append(ids, n.id)
		}
	}
	if got, want := strings.Join(ids, " "), "stranger c d b a"; got != want {
		t.Errorf("branches = %s, want %s", got, want)
	}
}

func TestMarked(t *testing.T) {
	for in, want := range map[trame.Markup]string{
		"":                                "",
		"a <mark>b</mark> c":              "a <mark>b</mark> c",
		"l&#39;ASE &amp; <mark>b</mark>":  "l&#39;ASE &amp; <mark>b</mark>",
		"<mark>open":                      "<mark>open</mark>",
		"</mark>closed":                   "&lt;/mark&gt;closed",
		"<mark><mark>twice</mark></mark>": "<mark>&lt;mark&gt;twice</mark>&lt;/mark&gt;",
		"<mark onclick=x>a":               "&lt;mark onclick=x&gt;a",
		"<script>x</script>":              "&lt;script&gt;x&lt;/script&gt;",
		"&lt;script&gt;":                  "&lt;script&gt;",
	} {
		if got := string(marked(in)); got != want {
			t.Errorf("marked(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzMarked: whatever comes in, only <mark> comes out.
func FuzzMarked(f *testing.F) {
	for _, s := range []string{"<mark>a</mark>", "<script>", "&lt;mark&gt;", "<mark", "a<b", "&#x3c;img src=x onerror=X()>", "\x00<"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for z := html.NewTokenizer(strings.NewReader(string(marked(trame.Markup(s))))); ; {
			switch z.Next() {
			case html.ErrorToken:
				return
			case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
				if name, attrs := z.TagName(); string(name) != "mark" || attrs {
					t.Fatalf("marked(%q) has <%s>", s, name)
				}
			case html.CommentToken, html.DoctypeToken:
				t.Fatalf("marked(%q) has a comment", s)
			}
		}
	})
}

func TestPassages(t *testing.T) {
	text := "Le placement se décide au téléphone. " + strings.Repeat("Rien à voir ici, et rien de plus là. ", 20) +
		"Deux placements sur cinq <b>durent</b>.\n\n" + strings.Repeat("Encore du texte sans rapport avec la question. ", 10) + "Un placement, enfin."
	p := findPassages(trame.Article{Text: text}, trame.Query{Text: "placement -rien"})
	if p == nil || p.Total != 3 || len(p.Shown) != 3 {
		t.Fatalf("passages = %+v, want 3", p)
	}
	for i, want := range []string{"Le <mark>placement</mark> se décide", "<mark>placements</mark> sur cinq &lt;b&gt;durent", "Un <mark>placement</mark>, enfin."} {
		if !strings.Contains(string(p.Shown[i]), want) {
			t.Errorf("passage %d is %q, want %q in it", i, p.Shown[i], want)
		}
		if n := len(p.Shown[i]); n > 400 {
			t.Errorf("passage %d has %d bytes", i, n)
		}
	}
	if p := findPassages(trame.Article{Text: text}, trame.Query{Text: "logement"}); p != nil {
		t.Errorf("passages for a word that is not there: %+v", p)
	}
}

func TestPassagesOfPhrasesAndBeginnings(t *testing.T) {
	text := "Le secret médical est professionnel.\n\nLe secret professionnel tient à l’hôpital. Une éducatrice au téléphone ; aide sociale à la jeunesse."
	for q, want := range map[string][]string{
		`"secret professionnel"`:  {"secret", "professionnel"},
		`"tient à l’hôpital"`:     {"tient", "hôpital"},
		`"hôpital secret"`:        nil,
		`télép*`:                  {"téléphone"},
		`éducat* OU "jeunesse"`:   {"éducatrice", "jeunesse"},
		`"jeunesse aide"~3`:       {"aide", "jeunesse"},
		`"jeunesse secret"~3`:     nil,
		`secret -professionnel`:   {"secret", "secret"},
		`titre:"secret médical"`:  nil,
		`"secret médical secret"`: nil,
		`aide-sociale`:            {"aide", "sociale"},
		`aide-secret`:             nil,
	} {
		var got []string
		if w := wantedOf(trame.Query{Text: q}); w != nil {
			for _, tok := range w.find(text) {
				got = append(got, text[tok.Start:tok.End])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s marks %q, want %q", q, got, want)
		}
	}
	p := findPassages(trame.Article{Text: text}, trame.Query{Text: "secret"})
	if p.Total != 1 || len(p.Shown) != 1 || !strings.Contains(string(p.Shown[0]), "professionnel. · Le <mark>secret</mark>") {
		t.Errorf("passages = %+v, want one cut with a point between paragraphs", p)
	}
	whole := markParagraphs([]string{"Un <b> au secret."}, trame.Query{Text: "secret"})
	if whole[0] != "Un &lt;b&gt; au <mark>secret</mark>." {
		t.Errorf("a whole text is marked %q", whole[0])
	}
}

func TestCitationsOfUndatedArticles(t *testing.T) {
	s := &site{Options: Options{Zone: time.UTC, Now: time.Now}}
	c := s.cite(trame.Article{Title: "Une nuit", Authors: []string{"Maurice"}}, "Revue")
	if want := "Maurice, s.\u00a0d. Une nuit. "; c.Before != want {
		t.Errorf("cite = %q, want %q", c.Before, want)
	}
}

func TestWordsThatMayGo(t *testing.T) {
	for text, want := range map[string]string{
		"migrants sans papiers": `migrants "sans papiers"`,
		"le droit au logement":  "droit logement",
		"vivre sans":            "vivre sans",
	} {
		if got := strings.Join(unitsOf(strings.Fields(text)), " "); got != want {
			t.Errorf("unitsOf(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzPassages: no text and no query makes it fail or run away.
func FuzzPassages(f *testing.F) {
	f.Add("Le placement d’enfants", "placement enf*")
	f.Add(strings.Repeat("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 20), "aaa*")
	f.Add("éducateur·rice·s de l’aide\xff\x00", `"aide" OU éducat*`)
	f.Fuzz(func(t *testing.T, text, q string) {
		p := findPassages(trame.Article{Text: text}, trame.Query{Text: q})
		if p != nil && (len(p.Shown) == 0 || len(p.Shown) > maxPassages) {
			t.Fatalf("%d passages shown", len(p.Shown))
		}
	})
}

func TestThemesInSight(t *testing.T) {
	var themes []trame.Theme
	for _, id := range strings.Fields("a b c d e f g h") {
		themes = append(themes, trame.Theme{ID: id}, trame.Theme{ID: id + "1", Parent: id}, trame.Theme{ID: id + "11", Parent: id + "1"})
	}
	s := &site{themes: newThemeTree(themes)}
	values := []trame.FacetValue{{Value: "a11", Count: 90}, {Value: "b", Count: 80}, {Value: "b1", Count: 70}, {Value: "c", Count: 60}, {Value: "d", Count: 50}, {Value: "e1", Count: 40}, {Value: "f", Count: 30}, {Value: "g", Count: 20}}
	show := func(os []option) string {
		var b strings.Builder
		for _, o := range os {
			b.WriteString(strings.Repeat(">", o.Level) + o.Value + " ")
		}
		return strings.TrimSpace(b.String())
	}
	tests := []struct {
		chosen         []string
		options, other string
	}{
		{nil, "a11 b >b1 c d e1", "f g"},
		{[]string{"g"}, "a11 b >b1 c d e1 g", "f"},
		{[]string{"h11"}, "a11 b >b1 c d e1 h >h1 >>h11", "f g"},
	}
	for _, tt := range tests {
		f := s.themeFacet(tt.chosen, values)
		if got := show(f.Options); got != tt.options {
			t.Errorf("chosen %v: in sight %q, want %q", tt.chosen, got, tt.options)
		}
		if got := show(f.More); got != tt.other {
			t.Errorf("chosen %v: others %q, want %q", tt.chosen, got, tt.other)
		}
	}
}

// TestFullerThanTheParent: what is set in reads as a part of what is above it.
func TestFullerThanTheParent(t *testing.T) {
	s := &site{themes: newThemeTree([]trame.Theme{{ID: "a"}, {ID: "a1", Parent: "a"}, {ID: "a11", Parent: "a1"}, {ID: "a2", Parent: "a"}})}
	f := s.themeFacet(nil, []trame.FacetValue{{Value: "a", Count: 3}, {Value: "a1", Count: 9}, {Value: "a11", Count: 5}, {Value: "a2", Count: 2}})
	var got []string
	for _, o := range f.Options {
		got = append(got, strings.Repeat(">", o.Level)+o.Value)
	}
	if want := []string{"a", ">a2", "a1", ">a11"}; !slices.Equal(got, want) {
		t.Errorf("themes %v, want %v", got, want)
	}
}

func TestTypeset(t *testing.T) {
	if got, want := typeset("Dit « non » : pourquoi ? Https://a.b/?c=d ; fin !"), "Dit «\u00a0non\u00a0»\u00a0: pourquoi\u202f? Https://a.b/?c=d\u202f; fin\u202f!"; got != want {
		t.Errorf("typeset = %q, want %q", got, want)
	}
}
