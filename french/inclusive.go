package french

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inclusive opens a form that names both genders — travailleur·euse·s,
// étudiant-e-s, professionnel(le)s, usager/usagère — into the masculine and the
// feminine at one place. It returns the pieces that the form takes, or 0.
//
// An ending counts only where it fits its beginning (rice after -teur, le after
// -l…), so that « clos.Il » and « dit-elle » stay two words.
func inclusive(w word, pieces []piece) (n int, forms []word) {
	if n, forms := doublet(w, pieces); n > 0 {
		return n, forms
	}
	if f, ok := capitalEnding(w); ok {
		return 1, f
	}
	if f, ok := portmanteau(w); ok {
		return 1, f
	}
	base := strings.ToLower(w.text)
	if utf8.RuneCountInString(base) < 2 || strings.ContainsAny(base, "0123456789") {
		return 0, nil
	}
	feminine := ""
	n = 1
	for n < len(pieces) && n < 4 {
		p := pieces[n]
		ending := runes(p.chars)
		lower := strings.ToLower(ending)
		if ending != lower && !allCapitals(w.text) || !joins(p.joint, base) {
			break
		}
		if p.joint == ')' && lower != "s" && lower != "x" {
			break
		}
		switch {
		case n == 1:
			f, ok := feminineOf(base, lower)
			if !ok && lower != "s" && lower != "x" {
				return 0, nil
			}
			feminine = f
		case lower != "s" && lower != "x" && lower != "es":
			return n, both(w, base, feminine, pieces[n-1])
		}
		n++
	}
	if n == 1 {
		return 0, nil
	}
	return n, both(w, base, feminine, pieces[n-1])
}

// joins reports whether a sign may stand before an ending. A hyphen or a slash
// after two letters is something else (va-t-en, et/ou).
func joins(joint rune, base string) bool {
	switch joint {
	case '·', '.', '(', ')':
		return true
	case '-', '/':
		return utf8.RuneCountInString(base) >= 3
	}
	return false
}

func both(w word, base, feminine string, last piece) []word {
	w.end = last.chars[len(last.chars)-1].end
	masculine := w
	masculine.text = base
	if feminine == "" {
		return []word{masculine}
	}
	w.text = feminine
	return []word{masculine, w}
}

// endings are the feminine endings in use, with what they take the place of.
// The first that fits is taken; a plural s is set aside before.
var endings = []struct{ ending, instead, feminine string }{
	{"e", "er", "ère"}, {"e", "", "e"},
	{"rice", "teur", "trice"}, {"trice", "teur", "trice"}, {"ice", "teur", "trice"}, {"eresse", "eur", "eresse"},
	{"euse", "eur", "euse"}, {"se", "eur", "euse"}, {"eure", "eur", "eure"}, {"euse", "eux", "euse"}, {"se", "x", "se"},
	{"ère", "er", "ère"}, {"ere", "er", "ère"}, {"ière", "ier", "ière"}, {"iere", "ier", "ière"}, {"re", "er", "ère"},
	{"ne", "n", "nne"}, {"enne", "en", "enne"}, {"ienne", "ien", "ienne"}, {"onne", "on", "onne"}, {"ine", "in", "ine"}, {"aine", "ain", "aine"},
	{"le", "l", "lle"}, {"elle", "el", "elle"}, {"elle", "eau", "elle"}, {"nelle", "nel", "nelle"}, {"ale", "al", "ale"}, {"ale", "aux", "ale"},
	{"ve", "f", "ve"}, {"ive", "if", "ive"}, {"euve", "euf", "euve"}, {"fe", "f", "ffe"}, {"te", "t", "tte"}, {"ette", "et", "ette"},
	{"che", "c", "che"}, {"que", "c", "que"}, {"sse", "e", "esse"}, {"esse", "e", "esse"}, {"ée", "é", "ée"}, {"ee", "é", "ée"},
	{"te", "ous", "oute"}, {"ante", "ant", "ante"}, {"ente", "ent", "ente"}, {"iste", "iste", "iste"},
}

// feminineOf returns the feminine of a masculine form (singular or plural) from
// the ending written after it, and false where that does not fit.
func feminineOf(base, ending string) (string, bool) {
	singular := strings.TrimSuffix(ending, "s")
	if singular == "" { // bénévole·s
		return "", false
	}
	plural := ending[len(singular):]
	for _, b := range []string{base, strings.TrimSuffix(base, "s")} {
		for _, e := range endings {
			if e.ending == singular && strings.HasSuffix(b, e.instead) {
				return strings.TrimSuffix(b, e.instead) + e.feminine + plural, true
			}
		}
	}
	return "", false
}

// doublet opens usager/usagère: two whole words, the second the feminine of the first.
func doublet(w word, pieces []piece) (n int, forms []word) {
	if len(pieces) < 2 || pieces[1].joint != '/' {
		return 0, nil
	}
	second := wordOf(pieces[1].chars)
	a, b := stem(Fold(w.text)), stem(Fold(second.text))
	if len(a) < 4 || len(b) < 4 || a[:3] != b[:3] {
		return 0, nil
	}
	if len(a) > 3 && len(b) > 3 && (a == b || genderPair(strings.ToLower(w.text), strings.ToLower(second.text))) {
		w.end, second.start = second.end, w.start
		return 2, []word{w, second}
	}
	return 0, nil
}

// genderPair reports whether the words are a masculine and its feminine.
func genderPair(masculine, feminine string) bool {
	m, f := strings.TrimSuffix(masculine, "s"), strings.TrimSuffix(feminine, "s")
	for _, e := range endings {
		if strings.HasSuffix(m, e.instead) && strings.TrimSuffix(m, e.instead)+e.feminine == f {
			return true
		}
	}
	return false
}

// capitalEnding opens travailleurEUSEs and étudiantEs.
func capitalEnding(w word) (forms []word, ok bool) {
	i := strings.IndexFunc(w.text, unicode.IsUpper)
	if i == 0 { // a capital at the beginning is common
		_, size := utf8.DecodeRuneInString(w.text)
		if i = strings.IndexFunc(w.text[size:], unicode.IsUpper); i >= 0 {
			i += size
		}
	}
	if i < 3 {
		return nil, false
	}
	ending := strings.TrimSuffix(w.text[i:], "s")
	if ending != strings.ToUpper(ending) {
		return nil, false
	}
	base := strings.ToLower(w.text[:i])
	feminine, ok := feminineOf(base, strings.ToLower(w.text[i:]))
	if !ok {
		return nil, false
	}
	m := w
	m.text, w.text = base, feminine
	return []word{m, w}, true
}

// portmanteau opens acteurices and utilisateurices.
func portmanteau(w word) (forms []word, ok bool) {
	base, ok := strings.CutSuffix(strings.TrimSuffix(strings.ToLower(w.text), "s"), "teurice")
	if !ok || base == "" {
		return nil, false
	}
	m := w
	m.text, w.text = base+"teur", base+"trice"
	return []word{m, w}, true
}
