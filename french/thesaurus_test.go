package french

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// showMatches writes matches as a person would read them: what was found, what
// else is searched with its weight, and what is offered.
func showMatches(words []string, all []Match) string {
	var parts []string
	for _, m := range all {
		s := strings.Join(words[m.First:m.Last+1], " ")
		for _, a := range m.Also {
			s += fmt.Sprintf(" + %s %g", a.Form, a.Weight)
		}
		for _, o := range m.Others {
			s += " | " + o.Country + ": " + strings.Join(o.Forms, ", ")
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ; ")
}

// TestMatch: what people type, and what the built-in thesaurus makes of it.
func TestMatch(t *testing.T) {
	cpas := " + centre public d'action sociale 0.4 + centre public d'aide sociale 0.4" +
		" | FR: CCAS, centre communal d'action sociale, CIAS, centre intercommunal d'action sociale"
	rsa := " | FR: RSA, revenu de solidarité active"
	tests := []struct{ query, want string }{
		{"", ""},
		{"aide", ""},
		{"de la", ""},
		{"cpas", "cpas" + cpas},
		{"CPAS Bruxelles", "CPAS" + cpas},
		{"les C.P.A.S. wallons", "C.P.A.S." + cpas},
		{"l’Action du CPAS", "CPAS" + cpas},
		{"centre public d'action sociale", "centre public d'action sociale + CPAS 0.4 + centre public d'aide sociale 0.4" + cpas[strings.Index(cpas, " |"):]},
		{"CENTRES PUBLICS D’ACTION SOCIALE", "CENTRES PUBLICS D’ACTION SOCIALE + CPAS 0.4 + centre public d'aide sociale 0.4" + cpas[strings.Index(cpas, " |"):]},
		{"revenu d'intégration", "revenu d'intégration + RIS 0.4 + minimex 0.15" + rsa},
		{"revenu integration étudiant", "revenu integration + RIS 0.4 + minimex 0.15" + rsa},
		{"ris", "ris + revenu d'intégration sociale 0.4 + revenu d'intégration 0.4" + rsa},
		{"aide sociale à l'enfance placement", "aide sociale à l'enfance + ASE 0.4 | BE: aide à la jeunesse, SAJ, service de l'aide à la jeunesse" +
			" ; placement + accueil familial 0.15 + famille d'accueil 0.15 + assistant familial 0.15"},
		{"ase", "ase + aide sociale à l'enfance 0.4 + DDASS 0.15 | BE: SAJ, service de l'aide à la jeunesse, aide à la jeunesse"},
		{"AEMO", "AEMO + action éducative en milieu ouvert 0.4 + assistance éducative en milieu ouvert 0.4"},
		{"SAJ", "SAJ + service de l'aide à la jeunesse 0.4 | FR: ASE, aide sociale à l'enfance"},
		{"maison de justice", "maison de justice | FR: SPIP, service pénitentiaire d'insertion et de probation"},
		{"burnout infirmière", "burnout + épuisement professionnel 0.25 + syndrome d'épuisement 0.25"},
		{"centre psycho médico social", "centre psycho médico social + CPMS 0.4 + centre PMS 0.4 | FR: psychologue scolaire, service social en faveur des élèves"},
		{"travailleur·euse·s sociaux", "travailleur·euse·s sociaux + intervenant social 0.25 + professionnel de l'action sociale 0.25"},
		{"sans abri", "sans abri + SDF 0.25 + sans domicile fixe 0.25 + personne à la rue 0.25 + personne sans domicile 0.25 + personne sans domicile fixe 0.25 + sans-abrisme 0.25"},
		// one acronym, several concepts
		{"APA", "APA + allocation pour l'aide aux personnes âgées 0.1 + allocation personnalisée d'autonomie 0.1"},
		{"caj", "caj + conseiller de l'aide à la jeunesse 0.1 + centre d'activités de jour 0.1 + centre d'accueil de jour 0.1"},
		// acronyms that are words too
		{"une AS", "AS + assistant social 0.1"},
		{"tu as droit", ""},
		{"TU AS DROIT", ""},
		{"vif", ""},
		{"les VIF", "VIF + violences intrafamiliales 0.4"},
		{"code de la famille", ""},
		{"l'âme", ""},
		{"ame", "ame + aide médicale de l'État 0.4 | BE: AMU, aide médicale urgente"},
		{"sav", ""}, // no SAVS
		// small words are free, et and ou are not
		{"assistant et social", ""},
		{"assistants de service social", "assistants de service social + ASS 0.1 + assistant social 0.25"},
	}
	thesaurus := DefaultThesaurus()
	for _, test := range tests {
		words := strings.Fields(test.query)
		if got := showMatches(words, thesaurus.Match(words)); !sameParts(got, test.want) {
			t.Errorf("Match(%q)\n got %s\nwant %s", test.query, got, test.want)
		}
	}
	if got := (*Thesaurus)(nil).Match([]string{"CPAS"}); got != nil {
		t.Errorf("a nil thesaurus matches %v", got)
	}
}

// sameParts compares without regard to the order of what is added.
func sameParts(a, b string) bool {
	cut := func(s string) []string {
		parts := strings.Split(strings.NewReplacer(" ; ", "\x00", " + ", "\x00", " | ", "\x00|").Replace(s), "\x00")
		slices.Sort(parts)
		return parts
	}
	return slices.Equal(cut(a), cut(b))
}

// entry is a line of the built-in file.
type entry struct {
	number                       int
	kind, country, forms, source string
}

func builtInEntries(t *testing.T) []entry {
	t.Helper()
	var all []entry
	for i, text := range strings.Split(strings.TrimSuffix(thesaurusFile, "\n"), "\n") {
		if i == 0 || strings.HasPrefix(text, "#") {
			continue
		}
		c := strings.Split(text, "\t")
		if len(c) != 4 || c[3] == "" {
			t.Errorf("line %d has %d columns or no source: %s", i+1, len(c), text)
			continue
		}
		all = append(all, entry{i + 1, c[0], c[1], c[2], c[3]})
	}
	if len(all) < 300 {
		t.Fatalf("the built-in thesaurus has %d lines", len(all))
	}
	return all
}

// TestBuiltInLines: every form of every line is met by itself, and leads to the
// other forms of its line.
func TestBuiltInLines(t *testing.T) {
	thesaurus := DefaultThesaurus()
	reach := func(form string) (reached []string) {
		words := strings.Fields(strings.TrimSuffix(form, "!"))
		for _, m := range thesaurus.Match(words) {
			if m.First != 0 || m.Last != len(words)-1 {
				continue
			}
			for _, a := range m.Also {
				reached = append(reached, keyOf(Analyze(a.Form)))
			}
			for _, o := range m.Others {
				for _, f := range o.Forms {
					reached = append(reached, keyOf(Analyze(f)))
				}
			}
		}
		return reached
	}
	leads := func(e entry, from, to []string) {
		for _, a := range from {
			got := reach(a)
			for _, b := range to {
				x, y := keyOf(Analyze(strings.TrimSuffix(a, "!"))), keyOf(Analyze(strings.TrimSuffix(b, "!")))
				word := strings.HasSuffix(b, "!") // never searched for another form
				if !word && !strings.Contains(" "+y+" ", " "+x+" ") && !slices.Contains(got, y) {
					t.Errorf("line %d: %q does not lead to %q but to %q", e.number, a, b, got)
				}
			}
		}
	}
	for _, e := range builtInEntries(t) {
		left, right, twin := strings.Cut(e.forms, " = ")
		if !twin {
			leads(e, strings.Split(left, "|"), strings.Split(left, "|"))
			continue
		}
		leads(e, strings.Split(left, "|"), strings.Split(right, "|"))
		leads(e, strings.Split(right, "|"), strings.Split(left, "|"))
	}
}

// TestBuiltInStrict holds what must never happen: a form of another country that
// is applied without being asked for.
func TestBuiltInStrict(t *testing.T) {
	thesaurus := DefaultThesaurus()
	countries := map[string]map[string]bool{} // by form, where it is said
	for _, e := range builtInEntries(t) {
		if e.kind == kindTwin {
			continue
		}
		for _, f := range strings.Split(e.forms, "|") {
			key := keyOf(Analyze(strings.TrimSuffix(f, "!")))
			if countries[key] == nil {
				countries[key] = map[string]bool{}
			}
			countries[key][e.country] = true
		}
	}
	for key, where := range countries {
		words := strings.Fields(key)
		for _, m := range thesaurus.Match(words) {
			for _, a := range m.Also {
				there := countries[keyOf(Analyze(a.Form))]
				if where["all"] || there["all"] {
					continue
				}
				if !(where["BE"] && there["BE"]) && !(where["FR"] && there["FR"]) && m.First == 0 && m.Last == len(words)-1 {
					t.Errorf("%s leads to %s without being asked", key, a.Form)
				}
			}
		}
	}
}

func TestReadThesaurus(t *testing.T) {
	const head = "kind\tcountry\tforms\tsource\n"
	read := func(text string) (*Thesaurus, error) { return ReadThesaurus(strings.NewReader(text), "mots.tsv") }
	good := "\ufeff# a comment\r\n\r\n" + strings.TrimSuffix(head, "\n") + "\r\nacronym\tCH\tOPAS|office des assurances sociales\r\ntwin\tCH/BE\tOPAS = CPAS|centre public\tme\r\n"
	thesaurus, err := read(good)
	if err != nil || thesaurus.Len() != 2 {
		t.Fatalf("ReadThesaurus = %d lines, %v; want 2", thesaurus.Len(), err)
	}
	want := []Match{{First: 1, Last: 1, Form: "OPAS", Also: []Also{{"office des assurances sociales", WeightAcronym}},
		Others: []Others{{"BE", []string{"CPAS", "centre public"}}}}}
	if diff := cmp.Diff(want, thesaurus.Match([]string{"mon", "opas"})); diff != "" {
		t.Errorf("Match differs (-want +got):\n%s", diff)
	}
	want = []Match{{First: 0, Last: 0, Form: "CPAS", Others: []Others{{"CH", []string{"OPAS", "office des assurances sociales"}}}}}
	if diff := cmp.Diff(want, thesaurus.Match([]string{"CPAS"})); diff != "" {
		t.Errorf("Match of a twin without a line of its own differs (-want +got):\n%s", diff)
	}
	tests := []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"comments alone", "# a\n", "empty"},
		{"no header", "acronym\tBE\tCPAS|centre public\t\n", "line 1: the first line must name the columns"},
		{"spaces for tabs", head + "acronym BE CPAS|centre public\n", "line 2: want the columns"},
		{"kind", head + "\nacronim\tBE\tCPAS|centre public\t\n", `line 3: kind "acronim"; want acronym`},
		{"country", head + "acronym\tBelgique\tCPAS|centre public\t\n", `line 2: country "Belgique"`},
		{"twin of one country", head + "twin\tBE\tCPAS = CCAS\t\n", "such as BE/FR"},
		{"twin of itself", head + "twin\tBE/BE\tCPAS = CCAS\t\n", "such as BE/FR"},
		{"twin without sides", head + "twin\tBE/FR\tCPAS|CCAS\t\n", "one equals sign"},
		{"twin of three sides", head + "twin\tBE/FR\tA2 = B2 = C2\t\n", "one equals sign"},
		{"twin on both sides", head + "twin\tBE/FR\tCPAS|CCAS = CCAS\t\n", `"CCAS" stands on both sides`},
		{"one form", head + "synonym\tall\taide sociale|aides sociales\t\n", "add a form that differs"},
		{"an empty form", head + "synonym\tall\taide|\t\n", "an empty form"},
		{"a form of small words", head + "synonym\tall\taide|de la\t\n", `form "de la" holds no word`},
		{"a long form", head + "synonym\tall\taide|" + strings.Repeat("x", 500) + "\t\n", "too long"},
		{"a form of many words", head + "synonym\tall\taide|" + strings.Repeat("mot ", 30) + "\t\n", "too many words"},
		{"many forms", head + "synonym\tall\t" + strings.Repeat("mot|", 30) + "mot\t\n", "31 forms"},
		{"not UTF-8", head + "synonym\tall\taide|\xff\xfe\xe9t\xe9\t\n", "UTF-8"},
		{"many lines", head + strings.Repeat("\n", maxThesaurusLines), "too long"},
		{"many bytes", head + strings.Repeat("#"+strings.Repeat("x", 999)+"\n", 3000), "too long"},
		{"one line", head + strings.Repeat("x", 3<<20), "too long"},
	}
	for _, test := range tests {
		_, err := read(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "mots.tsv") {
			t.Errorf("%s: ReadThesaurus gives %v, want mots.tsv… %s", test.name, err, test.want)
		}
	}
}

// checkMatches holds what is true of every answer.
func checkMatches(t *testing.T, words []string, all []Match) {
	t.Helper()
	last := -1
	for _, m := range all {
		if m.First <= last || m.Last < m.First || m.Last >= len(words) || m.Form == "" || len(m.Also)+len(m.Others) == 0 {
			t.Fatalf("Match(%q) gives %+v after word %d", words, m, last)
		}
		last = m.Last
		for _, a := range m.Also {
			if a.Form == "" || a.Weight <= 0 || a.Weight > WeightAcronym {
				t.Fatalf("Match(%q) gives %+v", words, a)
			}
		}
		if len(m.Also) > maxAlso {
			t.Fatalf("Match(%q) adds %d forms", words, len(m.Also))
		}
	}
	if len(all) > maxMatches {
		t.Fatalf("Match(%q) gives %d matches", words, len(all))
	}
}

func FuzzMatch(f *testing.F) {
	thesaurus := DefaultThesaurus()
	for _, s := range []string{"CPAS C.P.A.S. centre public d'action sociale", "sans abri burn-out psycho-médico-social", "\xff AS\u0301 l' 'A.S.E.", strings.Repeat("VIF AS ", 40),
		strings.Repeat("psycho-", 40), "travailleur·euse·s sociaux et/ou (SAJ)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, words := range [][]string{strings.Fields(s), {s}, strings.Split(s, "e")} {
			checkMatches(t, words, thesaurus.Match(words))
		}
	})
}

func FuzzReadThesaurus(f *testing.F) {
	f.Add("acronym\tBE\tCPAS|centre public d'action sociale\t\ntwin\tBE/FR\tCPAS = CCAS\t")
	f.Add("near\tall\tVIF!|psycho-médico-social-psycho-médico|burn-out\t")
	f.Fuzz(func(t *testing.T, s string) {
		thesaurus, err := ReadThesaurus(strings.NewReader(thesaurusColumns+"\n"+s), "x")
		if err == nil {
			words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("\t\n|=! ", r) })
			checkMatches(t, words, thesaurus.Match(words))
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	thesaurus := DefaultThesaurus()
	words := strings.Fields("comment le CPAS aide une famille monoparentale sans abri à Bruxelles")
	b.ReportAllocs()
	for b.Loop() {
		thesaurus.Match(words)
	}
}

func BenchmarkDefaultThesaurus(b *testing.B) {
	for b.Loop() {
		DefaultThesaurus()
	}
}

func TestKnows(t *testing.T) {
	thesaurus := DefaultThesaurus()
	for _, word := range []string{"réfugiés", "expulsions", "fracture", "curatelles", "burn-out"} {
		if !thesaurus.Knows(word) {
			t.Errorf("Knows(%s) = false", word)
		}
	}
	for _, word := range []string{"réfugéis", "hebergemant", "urgance", "de", ""} {
		if thesaurus.Knows(word) {
			t.Errorf("Knows(%s) = true", word)
		}
	}
	if (*Thesaurus)(nil).Knows("curatelle") {
		t.Error("a nil Thesaurus knows a word")
	}
}
