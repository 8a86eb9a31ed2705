package index

import (
	"fmt"
	"strings"
	"testing"

	"trame"
)

// suggest returns what completes a text, once the words have been read.
func suggest(t testing.TB, e Engine, text string, limit int) []trame.Completion {
	t.Helper()
	g, err := e.(*bleveEngine).generation()
	if err != nil {
		t.Fatal(err)
	}
	e.(*bleveEngine).lexicon(g, true)
	all, err := e.Suggest(t.Context(), text, limit)
	if err != nil {
		t.Fatalf("Suggest(%q): %v", text, err)
	}
	return all
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

func describe(c trame.Completion) string {
	s := string(c.Marked)
	if c.Count > 0 {
		s += fmt.Sprint(" ", c.Count)
	}
	return strings.TrimSpace(s + " " + c.ID)
}
