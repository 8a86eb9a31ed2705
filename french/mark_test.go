package french

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func marker(query string) *Marker {
	m := &Marker{Terms: map[string]bool{}}
	for _, t := range Analyze(query) {
		m.Terms[t.Term] = true
	}
	return m
}

func TestMark(t *testing.T) {
	tests := []struct{ query, text, want string }{
		{"avocat", "L’avocat & l'AVOCATE", "L’<mark>avocat</mark> &amp; l&#39;<mark>AVOCATE</mark>"},
		{"travailleuse", "des travailleur·euse·s <b>", "des <mark>travailleur·euse·s</mark> &lt;b&gt;"},
		{"CPAS", "Le C.P.A.S. et la CPA", "Le <mark>C.P.A.S.</mark> et la CPA"},
		{"sans-abri", "un abri, des sans abris", "un abri, des <mark>sans abris</mark>"},
		{"hebergement", "l’he\u0301bergement", "l’<mark>he\u0301bergement</mark>"},
		{"rien", "du tout", "du tout"},
	}
	for _, test := range tests {
		if got := marker(test.query).Mark(test.text); got != test.want {
			t.Errorf("Mark(%s, %s) = %s, want %s", test.query, test.text, got, test.want)
		}
	}
	if got, want := marker("burn-out").Mark("le burn-out, le burnout"), "le <mark>burn-out</mark>, le <mark>burnout</mark>"; got != want {
		t.Errorf("Mark = %s, want %s", got, want)
	}
	m := &Marker{Prefixes: []string{"psychiatri"}}
	if got, want := m.Mark("La psychiatrie"), "La <mark>psychiatrie</mark>"; got != want {
		t.Errorf("Mark = %s, want %s", got, want)
	}
}

func TestPassage(t *testing.T) {
	filler := strings.Repeat("Une phrase qui ne dit rien de particulier à personne. ", 20)
	text := filler + "Le secret revient ici. " + filler + "Le secret professionnel de l’avocat protège le client.\n\n" + filler
	got := marker("secret professionnel").Passage(text, 240)
	if want := "…Le <mark>secret</mark> <mark>professionnel</mark> de l’avocat protège le client. · Une phrase"; !strings.HasPrefix(got, want) {
		t.Errorf("Passage = %s, want it to begin %s", got, want)
	}
	if plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(got); utf8.RuneCountInString(plain) > 240 {
		t.Errorf("Passage has %d characters", utf8.RuneCountInString(plain))
	}
	if got := marker("fin").Passage(filler+"Voici la fin.", 240); !strings.HasSuffix(got, "à personne. Voici la <mark>fin</mark>.") || !strings.HasPrefix(got, "…Une phrase") || utf8.RuneCountInString(got) < 150 {
		t.Errorf("Passage = %s, want sentences before the last one too", got)
	}
	if got, want := marker("fin").Passage(filler+"\n\nUn autre paragraphe\n\nVoici la fin.", 60), "…Un autre paragraphe · Voici la <mark>fin</mark>."; !strings.HasSuffix(got, want) && !strings.Contains(got, "personne. · Un") || strings.HasPrefix(got, "… ") {
		t.Errorf("Passage = %q, want it to end %q", got, want)
	}
	if got := (&Marker{Terms: map[string]bool{"secret": true, "travail": true, "equip": true}, Weights: map[string]float64{"secret": 9, "travail": 2, "equip": 3}}).Passage("Le travail et l’équipe. "+filler+"Un secret.", 100); !strings.HasSuffix(got, "Un <mark>secret</mark>.") {
		t.Errorf("Passage = %s, want the word that weighs most", got)
	}
	if got, want := marker("rien").Passage("Court texte.", 240), "Court texte."; got != want {
		t.Errorf("Passage = %s, want %s", got, want)
	}
	text = filler + "\n\nMots-clés : secret, professionnel, avocat\n\n" + filler + "Un titre\n\nLe secret est gardé par le professionnel."
	if got, want := marker("secret professionnel").Passage(text, 120), "Le <mark>secret</mark> est gardé par le <mark>professionnel</mark>."; !strings.HasSuffix(got, want) || strings.Contains(got, "Mots") {
		t.Errorf("Passage = %s, want it to end %s", got, want)
	}
	if got, want := marker("secret").Passage("Mots-clés : secret", 120), "Mots-clés : <mark>secret</mark>"; got != want {
		t.Errorf("Passage = %s, want %s", got, want)
	}
	for _, text := range []string{"", strings.Repeat("a secret\n\n", 200), strings.Repeat("x", 1000), strings.Repeat("é", 1000) + " secret", "\xff secret \xff", strings.Repeat("secret ", 200)} {
		got := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(marker("secret").Passage(text, 240))
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 240 {
			t.Errorf("Passage(%.20q) has %d characters: %s", text, utf8.RuneCountInString(got), got)
		}
	}
}
