package index

import (
	"net/url"
	"testing"
)

// TestUnderstood reads what is said of a search: the words as they were searched.
func TestUnderstood(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	for _, tt := range []struct{ text, want string }{
		{"secret professionnel", "tous ces mots : secret, professionnel"},
		{"secret profestionnel", "tous ces mots : secret, professionnel"},
		{"secret zyzomys", "le mot : secret"},
		{"zyzomys", "le mot : zyzomys"},
		{"le la les", "aucun mot à chercher : le, la, les"},
		{"le logement", "le mot : logement"},
		{"comment parler du secret profestionnel de l’avocat", "la plupart de ces mots : « parler », « secret », « professionnel », « avocat »"},
		{`profestionnel OU "aller vers"`, "l’une de ces expressions : professionnel, « aller vers »"},
		{`profestionnel -profestionnel titre:lojement`, "le mot : professionnel ; dans le titre : lojement ; sans : profestionnel"},
	} {
		if r := ask(t, e, "q="+url.QueryEscape(tt.text)); r.Understood != tt.want {
			t.Errorf("Understood(%s) = %s, want %s", tt.text, r.Understood, tt.want)
		}
		if r := ask(t, e, "strict=on&q="+url.QueryEscape("secret zyzomys")); r.Understood != "tous ces mots : secret, zyzomys" {
			t.Errorf("to the letter: Understood = %s", r.Understood)
		}
	}
}
