package index

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

// suggest returns what completes a text, once words and titles have been read.
func suggest(t testing.TB, e Engine, text string, limit int) []trame.Completion {
	t.Helper()
	readAll(t, e.(*bleveEngine))
	all, err := e.Suggest(t.Context(), text, limit)
	if err != nil {
		t.Fatalf("Suggest(%q): %v", text, err)
	}
	return all
}

// readAll waits for what Suggest has read in the background.
func readAll(t testing.TB, e *bleveEngine) {
	t.Helper()
	g, err := e.generation()
	if err != nil {
		t.Fatal(err)
	}
	e.lexicon(g, true)
	if _, _, err := e.titles(g); err != nil {
		t.Fatal(err)
	}
	e.shown.mu.Lock()
	making := e.shown.making
	e.shown.mu.Unlock()
	if making != nil {
		<-making
	}
}

func TestSuggest(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	for _, tt := range []struct{ typed, kind, want string }{
		{"psych", "word", "<mark>psych</mark>iatrie"},
		{"PSYCH", "word", "<mark>psych</mark>iatrie"},
		{"educ", "word", "<mark>éduc</mark>ateurs"},
		{"secret prof", "word", "<mark>secret prof</mark>essionnel"},
		{"l’acc", "word", "<mark>l’acc</mark>ueil"},
		{"sans-p", "word", "<mark>sans-p</mark>apiers"},
		{"éducateur·r", "word", "<mark>éducateur</mark>s"},
		{"pschiat", "word", "<mark>ps</mark>ychiatrie"},
		{`"aller vers" psych`, "word", "<mark>&#34;aller vers&#34; psych</mark>iatrie"},
		{"logement OU psych", "word", "<mark>logement OU psych</mark>iatrie"},
		{"secret prof", "title", "Le <mark>secret</mark> <mark>prof</mark>essionnel empêché"},
		{"travail soc", "title", "Liens sur le <mark>travail</mark> <mark>soc</mark>ial"},
		{"l’accueil des sans-ab", "title", "Au C.P.A.S., <mark>l</mark>’<mark>accueil</mark> <mark>des</mark> <mark>sans</mark>-<mark>ab</mark>ri"},
		{"usager cc", "title", "Le <mark>CC</mark>AS et ses <mark>usager</mark>s"},
		{"pschiat", "title", "<mark>Psychiatrie</mark> et précarité"},
		{"logem", "theme", "<mark>Logem</mark>ent 1 logement"},
		{"LOGÉM", "theme", "<mark>Logem</mark>ent 1 logement"},
		{"ben", "author", "Ali <mark>Ben</mark> Salah 2"},
		{"salah al", "author", "<mark>Al</mark>i Ben <mark>Salah</mark> 2"},
		{"perl", "source", "<mark>Perl</mark>es 2 perles"},
		{"", "", ""},
		{"  ", "", ""},
		{"psych*", "", ""},
		{"logement -psych", "", ""},
		{`logement "psych`, "", ""},
		{"titre:psych", "", ""},
		{"logement OU", "", ""},
		{"((", "", ""},
		{strings.Repeat("a", 513), "", ""},
	} {
		all := suggest(t, e, tt.typed, 0)
		if tt.kind == "" {
			if len(all) > 0 {
				t.Errorf("Suggest(%q) = %+v, want nothing", tt.typed, all)
			}
			continue
		}
		var got []string
		for _, c := range all {
			if c.Kind == tt.kind {
				got = append(got, describe(c))
			}
		}
		if len(got) == 0 || got[0] != tt.want {
			t.Errorf("Suggest(%q) = %q, want the %s %q first", tt.typed, got, tt.kind, tt.want)
		}
	}
}

// TestSuggestNothingGone asks for a title whose article has gone since titles were
// read.
func TestSuggestNothingGone(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	titles := func() (n int) {
		for _, c := range suggest(t, e, "le secret prof", 0) {
			if c.Kind == trame.CompleteTitle {
				n++
				if want := trame.ID("https://exemple.test/secret"); c.ID != want {
					t.Errorf("title of %s, want %s", c.ID, want)
				}
			}
		}
		return n
	}
	if n := titles(); n != 1 {
		t.Errorf("%d titles, want 1", n)
	}
	if err := e.Apply(t.Context(), []archive.Change{{N: 1000, ID: trame.ID("https://exemple.test/secret")}}, 1000); err != nil {
		t.Fatal(err)
	}
	if n := titles(); n != 0 {
		t.Errorf("%d titles of an article that has gone", n)
	}
}

// FuzzSuggest types anything.
func FuzzSuggest(f *testing.F) {
	a := newArchive(f)
	importAll(f, a, examples(f))
	e := newEngine(f, f.TempDir(), a)
	suggest(f, e, "secret", 0)
	for _, text := range []string{"secret prof", "l’a", "« ps", "-(psych", "éducateur·", "œ", "a' b' c'", "\xff\xfe", "titre:", "ʼʼ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := e.Suggest(t.Context(), text, 3)
		if err != nil {
			t.Fatalf("Suggest(%q): %v", text, err)
		}
		for _, c := range all {
			plain := html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(string(c.Marked)))
			if plain != c.Text || c.Text == "" {
				t.Errorf("Suggest(%q) marks %q in %q", text, c.Marked, c.Text)
			}
		}
	})
}

func describe(c trame.Completion) string {
	s := string(c.Marked)
	if c.Count > 0 {
		s += fmt.Sprint(" ", c.Count)
	}
	if c.Kind != trame.CompleteTitle {
		s += " " + c.ID
	}
	return strings.TrimSpace(s)
}
