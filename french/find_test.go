package french

import (
	"slices"
	"strings"
	"testing"
)

// findAll finds what [Marker.find] must, from the tokens of the whole text.
func findAll(m *Marker, text string) []hit {
	var found []hit
	tokens := Analyze(text)
	for i, t := range tokens {
		h := hit{start: t.Start}
		if m.hits(t) != "" {
			h.end, h.term = t.End, m.hits(t)
		}
		for _, p := range m.Phrases {
			if len(p) == 0 || p[0] != t.Term {
				continue
			}
			end, stands := t.End, true
			for k, term := range p {
				j := slices.IndexFunc(tokens[i:], func(o Token) bool { return o.Position == t.Position+k && o.Term == term })
				if stands = stands && (term == "" || j >= 0); stands && j >= 0 {
					end = max(end, tokens[i+j].End)
				}
			}
			if stands && end > h.end {
				h.end, h.term = end, strings.Join(p, " ")
			}
		}
		switch last := len(found) - 1; {
		case h.end == 0:
		case last < 0 || h.start >= found[last].end:
			found = append(found, h)
		case h.start == found[last].start && h.end > found[last].end:
			found[last] = h
		}
	}
	return found
}

func compareFinds(t *testing.T, m *Marker, text string) {
	t.Helper()
	if got, want := m.find(text), findAll(m, text); !slices.Equal(got, want) {
		t.Errorf("%v, %q, %q in %.200q: found %v, want %v", m.Terms, m.Prefixes, m.Phrases, text, got, want)
	}
}

// TestFindLikeAnalyze: opening only the runs that can hold a word asked for
// finds what opening all of them does, whichever the word.
func TestFindLikeAnalyze(t *testing.T) {
	texts := []string{
		inclusiveWriting, inclusiveMore, families,
		"sans abri sans-abri un abri sans sans papiers sans\nle sans domicile fixe, SANS ABRIS sans",
		"yeux œil Œuvre œuvres l’œuvre re\u0301fugie\u0301 e\u0301tat ac\u00adcueil h\u200bébergement Æquo ßuper",
		"aaron l’l’aide aujourd’hui o'connor d’A.E.M.O. C.P.A.S., 2 500 € 24h/24 1er·ère x",
		"frœurs celleux e-mail burn-out psycho-médico-social étudiant (e) directeur/-trice",
	}
	for _, text := range texts {
		tokens := Analyze(text)
		for i, tok := range tokens {
			compare := func(m *Marker) { compareFinds(t, m, near(text, tok)) }
			compare(&Marker{Terms: map[string]bool{tok.Term: true}})
			compare(&Marker{Prefixes: []string{tok.Exact[:1], tok.Exact}})
			if i+1 < len(tokens) {
				compare(&Marker{Terms: map[string]bool{tok.Term: true}, Phrases: [][]string{Sequence(text[tok.Start:tokens[i+1].End]), {tok.Term, tokens[i+1].Term}}})
			}
			if t.Failed() {
				return
			}
		}
	}
}

// near returns the text around a token, to keep the test short.
func near(text string, t Token) string {
	from := strings.LastIndexByte(text[:max(0, t.Start-60)], '\n') + 1
	to := min(len(text), t.End+200)
	return strings.ToValidUTF8(text[from:to], "")
}

func FuzzFind(f *testing.F) {
	f.Add("L’aller-vers d'A.E.M.O. étudiant·e·s", "aller vers", "a")
	f.Add("sans sans-abri abri sans\u00a0papiers", "sans-abri", "ab")
	f.Add("centre public d’action sociale, yeux, œil", "centre public d'action sociale", "œ")
	f.Add("re\u0301fugie\u0301 ac\u00adcueil 2 500 24h/24 e-mail", "2500 réfugié œil", "2")
	f.Fuzz(func(t *testing.T, text, query, prefix string) {
		m := &Marker{Terms: map[string]bool{}, Phrases: [][]string{Sequence(query)}}
		if p := Fold(prefix); p != "" {
			m.Prefixes = []string{p}
		}
		compareFinds(t, m, text)
		for i, tok := range Analyze(query) {
			if i%2 == 0 {
				m.Terms[tok.Term] = true
			}
		}
		compareFinds(t, m, text)
		all := Analyze(text)
		if len(all) > 0 && len(query) > 0 {
			tok := all[int(query[0])%len(all)]
			compareFinds(t, &Marker{Terms: map[string]bool{tok.Term: true}}, text)
			compareFinds(t, &Marker{Prefixes: []string{tok.Exact}}, text)
		}
	})
}

func TestPhrases(t *testing.T) {
	m := &Marker{Terms: map[string]bool{"cpas": true}, Phrases: [][]string{Sequence("centre public d'action sociale"), Sequence("action sociale"), Sequence("secret de l’enfant")}}
	tests := []struct{ text, want string }{
		{"Le CPAS, centre public d’action sociale.", "Le <mark>CPAS</mark>, <mark>centre public d’action sociale</mark>."},
		{"L’action sociale, une action, le social", "L’<mark>action sociale</mark>, une action, le social"},
		{"un centre public, l’action des autres, actions sociales", "un centre public, l’action des autres, <mark>actions sociales</mark>"},
		{"le secret de l’enfant, le secret d’enfant, le secret enfant", "le <mark>secret de l’enfant</mark>, le secret d’enfant, le secret enfant"},
		{"action", "action"},
	}
	for _, test := range tests {
		if got := m.Mark(test.text); got != test.want {
			t.Errorf("Mark(%s) = %s, want %s", test.text, got, test.want)
		}
	}
	if got, want := m.Find("L’action sociale du C.P.A.S."), []Span{{4, 18}, {22, 30}}; !slices.Equal(got, want) {
		t.Errorf("Find = %v, want %v", got, want)
	}
	if got := (&Marker{Phrases: [][]string{nil, {}, {""}}}).Find("de tout"); got != nil {
		t.Errorf("Find of nothing = %v", got)
	}
}

// TestPlain: a word that is not taken apart gives what taking it apart does.
func TestPlain(t *testing.T) {
	words := strings.Fields(families + " l’élu L'Été d’Ypres qu’Elle jusqu’Ici aujourd’hui Être à É l’a ñandú çà øre ÿ maïs")
	for _, w := range words {
		if _, ok := plain(w); !ok {
			continue
		}
		got, want := open(w), takeApart(w)
		if !slices.Equal(got.tokens, want.tokens) || got.span != want.span {
			t.Errorf("%s opens into %v, want %v", w, got.tokens, want.tokens)
		}
	}
}
