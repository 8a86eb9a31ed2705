package french

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// show writes tokens as term@position, those of one place joined by |.
func show(tokens []Token) string {
	var b strings.Builder
	last := 0
	for _, t := range tokens {
		switch {
		case last == t.Position:
			b.WriteByte('|')
			b.WriteString(t.Term)
			continue
		case last > 0:
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%d:%s", t.Position, t.Term)
		last = t.Position
	}
	return b.String()
}

func TestAnalyze(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"  … !", ""},
		{"le la les de", ""},
		{"Le CPAS et la CPA", "2:cpas 5:cpa"},
		{"C.P.A.S., S.A.J. et d’A.E.M.O.", "1:cpas 2:saj 4:aemo"},
		{"une AS, un ES, le CE ; elle as", "2:as 4:es 6:ce"},
		{"LE DROIT", "2:droit"},
		{"l’avocat d'accueil qu’il lorsqu'on presqu’île quelqu’un entr’aide", "1:avocat 2:acueil 5:ile 7:aide"},
		{"aujourd’hui aujourd'hui prud’hommes prudʼhommes", "1:aujourdhui 2:aujourdhui 3:prudhom 4:prudhom"},
		{"l‘aide l'aide lʼaide", "1:aide 2:aide 3:aide"},
		{"un sans-abri, des sans-papiers, sans papiers, sans abris", "2:sans-abri 5:sans-papier 7:sans-papier 9:sans-abri"},
		{"sans domicile fixe", "1:sans-domicile 3:fixe"},
		{"sans logement", "1:sans 2:logement"},
		{"aller vers, l’aller-vers", "1:aler 2:vers 3:alerv|aler 4:vers"},
		{"2 500 €, 2 500, 2 500", "1:2500 2:2500 3:2500"},
		{"24h/24 et 7j/7, n°16.2, article 60, 12,5", "1:24h/24 3:7j/7 5:16.2 6:articl 7:60 8:12.5"},
		{"2002-2", "1:2002 2:2"},
		{"œuvre, oeuvre, Cœur, coeur", "1:oeuvr 2:oeuvr 3:coeu 4:coeu"},
		{"re\u0301fugie\u0301 réfugié refugie", "1:refugi 2:refugi 3:refugi"},
		{"ai\u200bde ai\u00adde", "1:aide 2:aide"},
		{"usager/usagère, étudiant·e·s, acteur.rices", "1:usager 2:etudiant 3:acteu"},
		{"travailleur-euse-s professionnel(le)s", "1:travaileu 2:profesion"},
		{"tous.tes il/elle", "1:tout"},
		{"Le placement.Les enfants", "2:placement 4:enfant"},
		{"dit-elle va-t-en", "1:dit 3:va"},
		{"porte-parole psycho-médico-social", "1:porteparol|port 2:parol 3:psychomedico|psycho 4:medicosocial|medico 5:social"},
		{"burn-out burnout péri-urbaine e-mail email", "1:burnout|burn 2:out 3:burnout 4:periurbain|peri 5:urbain 6:email|e 7:mail 8:email"},
		{"dit-elle, est-ce, article 12-bis, sans-emploi", "1:dit 5:articl 6:12 7:bis 8:sans 9:emploi"},
		{"\xff aide \xfe\xff sociale", "1:aide 2:social"},
	}
	for _, test := range tests {
		if got := show(Analyze(test.text)); got != test.want {
			t.Errorf("Analyze(%q) = %s, want %s", test.text, got, test.want)
		}
	}
}

// TestOffsets: a token stands for the word alone, in the bytes of the source.
func TestOffsets(t *testing.T) {
	text := "L’he\u0301bergement de l'œuvre, d’A.S.E. et des étudiant·e·s (sans papiers) l’espace"
	var got []string
	for _, tok := range Analyze(text) {
		got = append(got, text[tok.Start:tok.End])
	}
	want := []string{"he\u0301bergement", "œuvre", "A.S.E.", "étudiant·e·s", "sans papiers", "espace"}
	if !slices.Equal(got, want) {
		t.Errorf("tokens stand for %q, want %q", got, want)
	}
}

// TestSurface: the word as people write it.
func TestSurface(t *testing.T) {
	tests := []struct{ text, want string }{
		{"L’Hébergement d’un E\u0301le\u0300ve", "hébergement élève"},
		{"Le CPAS, C.P.A.S., cpas et l’O.N.E.", "CPAS CPAS cpas ONE"},
		{"LES TRAVAILLEUSES SOCIALES", "travailleuses sociales"},
		{"Les travailleur·euse·s ÉTUDIANT·E·S", "travailleurs étudiants"},
		{"Aujourd’hui, aujourdʼhui", "aujourd'hui aujourd'hui"},
		{"des Sans-abris, sans papiers", "sans-abris sans-papiers"},
		{"2 500 €, 24h/24, l’art. 12,5", "2500 24h/24 art 12.5"},
		{"psycho-social", "psychosocial psycho social"},
	}
	for _, test := range tests {
		var got []string
		for _, tok := range Analyze(test.text) {
			got = append(got, tok.Surface)
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("surface forms of %q are %s, want %s", test.text, got, test.want)
		}
	}
}

// families are the commonest words of the trade in their forms, a line each.
//
//go:embed testdata/families.txt
var families string

// TestMeet lists words that one search must find together, and words that it
// must keep apart.
func TestMeet(t *testing.T) {
	together := []string{
		"mineur mineure mineurs mineures", "majeur majeure", "usager usagère usagers", "prêt prête", "travail travaux", "social sociale sociaux sociales",
		"étranger étrangère étrangers étrangères", "éducateur éducatrice éducateurs", "travailleur travailleuse", "infirmier infirmière infirmiere", "premier première",
		"citoyen citoyenne", "créatif créative", "heureux heureuse", "chercheur chercheuse chercheure", "acteur actrice", "auteur autrice auteure",
		"âgé âgée âgés agees", "réfugié réfugiée refugies", "élu élue élus", "nouveau nouvelle nouveaux", "loi lois", "accompagner accompagné accompagnée accompagnement",
		"hébergement hébergements", "État etat ETAT état", "coût cout COÛT", "CPAS cpas C.P.A.S.", "handicapé handicapée handicapés", "droit droits",
		"usagère usagere", "médiateur médiatrice", "chef cheffe", "bénévole bénévoles", "placement placements", "formation formations", "directeur directrice directrices", "formateur formatrice",
		"médiateur médiation", "isolement isolé", "utilisation utiliser", "organisation organisateur organiser", "évaluation évaluer", "hébergement héberger", "information informer", "motivation motivé motivée", "séparation séparer séparée séparés",
		"libération libérer libéré", "réparation réparer", "annulation annuler", "avortement avorter", "yeux œil", "tous toutes tout", "iel iels",
	}
	together = append(together, strings.Split(strings.TrimSpace(families), "\n")...)
	for _, words := range together {
		all := strings.Fields(words)
		first := Analyze(all[0])
		for _, w := range all[1:] {
			if got := Analyze(w); len(first) != 1 || len(got) != 1 || got[0].Term != first[0].Term {
				t.Errorf("%s and %s do not meet: %s, %s", all[0], w, show(first), show(got))
			}
		}
	}
	apart := []string{
		"CPAS CPA", "CCAS CCA", "organe organisation", "conseil conseiller", "prix prier", "département départ", "sans-abri abri", "réfugié refuge", "loi loisir", "social socialisme", "génération gens",
		"placement place", "placement placé", "versement vers", "verser vers", "fondation fond", "traitement trait", "traitement traite", "formation forme", "formation former", "formateur forme",
		"jugement juge", "directrice direct", "directeur direct", "équipement équipe", "règlement règle", "transition trans", "socialisation social", "utilisation utile", "secteur secte",
		"passer pas", "entrée entre", "partie part", "publication public", "pays payer", "pluie plus", "personnel personne", "association associer", "licence licencier",
		"interprète interprétation", "donnée don", "mari mars", "propos proposer", "coopération copie", "tante tant", "électrique électeur", "rapport rapporteur",
		"grossesse gros", "environnement environ", "parlement parle", "logement loge",
	}
	for _, words := range apart {
		a, b, _ := strings.Cut(words, " ")
		if x, y := Analyze(a), Analyze(b); x[0].Term == y[0].Term {
			t.Errorf("%s and %s meet: %s", a, b, x[0].Term)
		}
	}
}

// TestLong: a text without spaces is cut, and takes time in proportion.
func TestLong(t *testing.T) {
	for _, s := range []string{"a", "é", "a.", "a-", "l'", "1 000 ", "a(e)", "\u0301", "\u200b", "œ"} {
		for _, tok := range Analyze(strings.Repeat(s, 100_000/len(s))) {
			if utf8.RuneCountInString(tok.Term) > 2*maxTerm {
				t.Errorf("Analyze of %q repeated gives a term of %d characters", s, utf8.RuneCountInString(tok.Term))
				break
			}
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"L’aller-vers d'A.E.M.O. étudiant·e·s", "2 500 € 24h/24 (e)a(e)s", "re\u0301\u200bf\xff", "0\u00a0", "a\u202f", "acteurEUSEs sans abri"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		position, start := 0, 0
		for _, tok := range Analyze(s) {
			if tok.Term == "" || tok.Exact == "" || tok.Start >= tok.End || tok.End > len(s) || tok.Position < position || tok.Position < 1 || tok.Start < start {
				t.Fatalf("Analyze(%q) gives %+v after position %d, offset %d", s, tok, position, start)
			}
			if Fold(tok.Surface) != tok.Exact {
				t.Fatalf("Analyze(%q) gives the surface form %q for %q", s, tok.Surface, tok.Exact)
			}
			if !utf8.ValidString(tok.Term) || strings.ToLower(tok.Term) != tok.Term && !strings.ContainsFunc(tok.Term, func(r rune) bool { return r > 0x24f }) {
				t.Fatalf("Analyze(%q) gives the term %q", s, tok.Term)
			}
			position, start = tok.Position, tok.Start
		}
		Words(s)
		m := Marker{Terms: map[string]bool{"aide": true}, Prefixes: []string{"e"}}
		if !utf8.ValidString(m.Mark(s)) || !utf8.ValidString(m.Passage(s, 60)) {
			t.Fatalf("marking %q gives text that is not UTF-8", s)
		}
	})
}
