package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// words of the field, the commonest first: drawn by Zipf's law, they give texts
// whose terms are as unevenly spread as those of real ones.
var words = strings.Fields(`le la de les des une et en dans que pour qui sur avec par plus sans
social sociale travail aide personnes service famille enfants accueil droit logement accompagnement
travailleurs équipe quartier jeunes éducateur assistante rencontre parole demande situation secret
professionnel action commune projet santé mentale précarité pauvreté hébergement insertion emploi
formation usagers association institution partage confiance écoute guichet dossier numérique
prévention maraude rue hiver urgence foyer placement juge mineurs protection enfance parents mère père
école quotidien violence femmes asile exil papiers régularisation recours accès droits allocation
revenu intégration CPAS CCAS RSA politique budget réforme loi décret ministre élus mobilisation grève
syndicat collectif solidarité réseau partenaires médecin psychologue infirmière souffrance fatigue
épuisement sens métier posture éthique déontologie contrôle suspicion autonomie participation pouvoir
habitants jardin atelier cuisine théâtre récit témoignage mémoire histoire recherche enquête chiffres
rapport constat analyse réflexion débat colloque journée séminaire inscription tarif lieu horaire`)

// writer composes French-looking texts, always the same for the same seed.
type writer struct {
	r    *rand.Rand
	zipf *rand.Zipf
}

func newWriter(seed uint64) *writer {
	r := rand.New(rand.NewPCG(seed, 7))
	return &writer{r, rand.NewZipf(r, 1.15, 6, 39_999)}
}

// word draws a word; the rarer ones are made up.
func (w *writer) word() string {
	n := int(w.zipf.Uint64())
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprintf("%s%s", words[n%len(words)], []string{"age", "ment", "eur", "iste", "ique", "ière", "able"}[n%7]+strings.Repeat("a", n/7000))
}

func (w *writer) sentence() string {
	n := 8 + w.r.IntN(18)
	parts := make([]string, n)
	for i := range parts {
		parts[i] = w.word()
	}
	s := strings.Join(parts, " ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// paragraphs composes a text of about so many words.
func (w *writer) paragraphs(about int) []string {
	var all []string
	for n := 0; n < about; {
		var p []string
		for range 3 + w.r.IntN(4) {
			s := w.sentence()
			n += strings.Count(s, " ") + 1
			p = append(p, s)
		}
		all = append(all, strings.Join(p, " "))
	}
	return all
}

func (w *writer) title() string {
	s := w.sentence()
	return s[:len(s)-1]
}
