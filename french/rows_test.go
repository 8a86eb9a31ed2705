package french

import (
	"strings"
	"testing"
)

// TestRows goes through what ordinary engines break, one row a habit of written
// French: words that find a text, and words that must not.
func TestRows(t *testing.T) {
	tests := []struct{ row, text, finds, not string }{
		{"apostrophes", "aujourd’hui les prudʼhommes, l‘aide et l´accueil", "aujourd'hui|aujourd’hui|prud'hommes|prud’homme|aide|accueil", "hui|hommes|jour"},
		{"elision", "l’aller-vers, d’accueil, qu’elle, lorsqu’un enfant, jusqu’à Namur, puisqu’ici", "accueil|l'accueil|enfant|Namur|ici|aller vers", "lorsqu|jusqu|puisqu"},
		{"rare elision", "presqu’île, quelqu’un, entr’aide, entr'ouvert", "île|aide|ouvert", "presqu|entr|quelqu"},
		{"hyphens and apostrophes", "La main-d’œuvre étrangère", "main-d'œuvre|main d'oeuvre|œuvre", "doeuvre"},
		{"ligatures", "Œuvre, cœur, sœurs, ex æquo, vœux", "oeuvre|œuvre|coeur|soeur|aequo|voeu", "uvre"},
		{"decomposed accents", "he\u0301bergement, re\u0301fugie\u0301e, E\u0301tat, a\u0302ge\u0301", "hébergement|réfugié|état|etat|âge|age|REFUGIÉE", "he|bergement"},
		{"accents", "État, âgé, île, coût, forêt, maïs", "etat|âge|age|ile|cout|foret|mais", ""},
		{"short words folded", "né, été, où, dû, clé", "été|ete|clé|cle|né", "ne"},
		{"dotted acronyms", "Le C.P.A.S., l’A.S.E. (S.A.J.) et d’A.E.M.O., S.P.J", "CPAS|cpas|ASE|SAJ|saj|AEMO|SPJ|C.P.A.S.|C.P.A.S", "CPA|AS|ES|PA"},
		{"capital acronyms", "une AS, un ES, le CE, les AI, le CPAS, l’EVARS", "AS|ES|CE|AI|cpas|evars", "CPA"},
		{"stop words", "elle as, il es, ce que", "", "as|ce|que"},
		{"sans-abri", "les sans-abri, sans-papiers et sans domicile fixe", "sans-abri|sans abri|sans abris|sans-abris|sans papiers|sans-papier|sans-domicile|sans domicile fixe", "abri|papier"},
		{"shelters", "des abris de bus, du papier", "abri|papiers", "sans-abri|sans-papiers"},
		{"sans", "sans logement, sans-emploi", "sans logement|sans emploi|emploi|logement", ""},
		{"aller-vers", "pratiquer l’aller-vers", "aller-vers|aller vers|l’aller vers", ""},
		{"aller vers", "il faut aller vers les gens", "aller vers", "allervers"},
		{"hyphens", "psycho-médico-social, post-cure, burn-out, e-mail", "psycho-médico-social|psychomédico|médico-social|médicosocial|postcure|post cure|burnout|burn out|email", ""},
		{"numbers", "2 500 €, 1 234 567, 24h/24, 7j/7, n°16.2, 12,5 %, article 60", "2500|2 500|1234567|24h/24|7j/7|16.2|12,5|12.5|article 60", "500|16|2|234"},
		{"soft hyphens", "accompa\u00adgnement, héber\u200bgement", "accompagnement|hébergement", "accompa|bergement"},
		{"mineur, majeur, usager", "une mineure, une majeure, une usagère, elle est prête, des travaux", "mineur|majeur|usager|prêt|travail|usagers", ""},
		{"too much", "l’organisation du conseil, le placement, un refuge", "organiser|conseils|placements", "organe|conseiller|place|réfugié|placé"},
		{"gender of adjectives", "la santé publique, une personne active, les sociales, la langue française, une aide bruxelloise", "public|actif|social|sociaux|français|bruxellois", "activer"},
		{"persons", "la personne, les enfants nés, les données", "personnes|né|donnée", "personnel|donner|don"},
		{"capitals", "LES TRAVAILLEUSES SOCIALES À L’ÉCOLE", "travailleur social|école|ecole", ""},
	}
	for _, test := range tests {
		for _, q := range strings.Split(test.finds, "|") {
			if q != "" && !asked(test.text, q) {
				t.Errorf("%s: %q does not find %q: %s in %s", test.row, q, test.text, show(Analyze(q)), show(Analyze(test.text)))
			}
		}
		for _, q := range strings.Split(test.not, "|") {
			if q != "" && asked(test.text, q) {
				t.Errorf("%s: %q finds %q: %s in %s", test.row, q, test.text, show(Analyze(q)), show(Analyze(test.text)))
			}
		}
	}
}

// asked reports whether a query finds a text as an index looks it up: its words
// one by one, or the compound that two of them make.
func asked(text, query string) bool {
	if finds(text, query) {
		return true
	}
	terms := map[string]bool{}
	for _, t := range Analyze(text) {
		terms[t.Term] = true
	}
	tokens := Analyze(query)
	for skip, i := 0, 0; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.Position < skip:
		case !terms[t.Term] && t.Width < 2:
			return false
		case terms[t.Term]:
			skip = t.Position + max(t.Width, 1)
		}
	}
	return len(tokens) > 0
}
