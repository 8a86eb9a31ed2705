package french

import (
	"slices"
	"strings"
	"testing"
)

// trade is a small archive: its words with the articles that hold them.
const trade = `médiation 812 mediation 9 médiateur 120 méditation 14 médication 31 travailleur 2300 travailleurs 2100 travail 4100
	travailleuse 640 hébergement 1520 hébergements 210 assistante 900 assistant 700 assistance 300 assistantes 95 CPAS 3100
	cpas 12 CCAS 40 secret 410 professionnel 1900 professionnels 1700 professionnelle 800 profession 400 pharmacie 60
	accueil 2600 acceuil 7 éducateur 1800 éducatrice 700 éducation 1500 éducatif 480 social 9000 sociale 7000 sociaux 5000
	logement 3300 marché 500 marche 300 marcher 80 famille 2900 familial 700 familiale 650 psychologue 500 psychiatrie 220
	aide 5000 aidant 300 aidants 400 AVIQ 75 avis 900 FEDASIL 30 sans-abri 350 aujourd'hui 1200 œuvre 600 handicap 1400 2024 100`

func tradeLexicon() *Lexicon { return NewLexicon(pairs(strings.Fields(trade))) }

// TestCorrect reads words as people type them with the word that they mean; a
// dash stands for none.
func TestCorrect(t *testing.T) {
	l := tradeLexicon()
	for _, c := range strings.Split(`travaileur travailleur
		hebergemnt hébergement
		assitante assistante
		profesionnel professionnel
		profesionel professionnel
		acceuil accueil
		Acueil accueil
		farmacie pharmacie
		psicologue psychologue
		pyschologue psychologue
		educatrisse éducatrice
		familiall familial
		mediatoin médiation
		handycap handicap
		logemant logement
		oeuvr œuvre
		sans-abrit sans-abri
		aujourdhui aujourd'hui
		aujourd’ui aujourd'hui
		CPSA CPAS
		cpsa CPAS
		FEDAZIL FEDASIL
		HEBERGEMNT hébergement
		mediation -
		médiation -
		cpas -
		CPAS -
		AVIQ -
		CCAZ -
		MARS -
		2025 -
		aid -
		xyzzyxyzzy -
		социальный -`, "\n") {
		typed, want, _ := strings.Cut(strings.TrimSpace(c), " ")
		got := "-"
		if words := l.Correct(typed, 3); len(words) > 0 {
			got = words[0].Text
		}
		if got != want {
			t.Errorf("Correct(%q) = %q, want %q", typed, got, want)
		}
	}
}

// TestRespell reads words as typed, as they are written again, and whether that
// is another word.
func TestRespell(t *testing.T) {
	l := tradeLexicon()
	for _, c := range strings.Split(`mediatoin médiation true
		Mediatoin Médiation true
		MEDIATOIN MÉDIATION true
		mediation mediation false
		hebergement hébergement false
		Hebergement Hébergement false
		HEBERGEMENT HÉBERGEMENT false
		marche marche false
		marché marché false
		cpas cpas false
		aviq AVIQ false
		cpsa CPAS true
		Oeuvre Œuvre false
		xyzzyxyzzy xyzzyxyzzy false`, "\n") {
		f := strings.Fields(c)
		got, corrected := l.Respell(f[0])
		if got != f[1] || corrected != (f[2] == "true") {
			t.Errorf("Respell(%q) = %q, %t, want %q, %s", f[0], got, corrected, f[1], f[2])
		}
	}
}

// TestCorrectAgainstScan compares corrections with those that a plain reading of
// the whole lexicon gives.
func TestCorrectAgainstScan(t *testing.T) {
	random := newRandom(t)
	for range 8 {
		words := randomWords(random, 300, "abé", 14)
		l := NewLexicon(pairs(words))
		for range 40 {
			typed := randomWord(random, "abé", 14)
			if got, want := l.Correct(typed, 50), scanCorrect(l, typed, 50); !slices.Equal(got, want) {
				t.Fatalf("Correct(%q) = %v, want %v, in %q", typed, got, want, words)
			}
		}
	}
}

// scanCorrect corrects by the distance to every word.
func scanCorrect(l *Lexicon, typed string, n int) []LexiconWord {
	key := Fold(typed)
	least := 1
	if count := l.Count(typed); count > 0 {
		least = muchCommoner * count
	}
	for slips := 1; len(key) >= leastCorrected && (slips == 1 || slips == 2 && len(key) >= leastFarLetter); slips++ {
		var forms []uint32
		for i := range l.ends {
			other := Fold(l.form(uint32(i)))
			if l.counts[i] > 0 && len(other) >= leastCandidate && damerau(key, other) <= slips {
				forms = append(forms, uint32(i))
			}
		}
		if words := l.words(l.rank([]byte(key), false, least, forms)); len(words) > 0 {
			return words[:min(n, len(words))]
		}
	}
	return nil
}

// damerau is the textbook's distance of optimal string alignment.
func damerau(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}
