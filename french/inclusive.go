package french

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inclusive opens a form that names both genders — travailleur·euse·s,
// étudiant-e-s, professionnel(le)s, usager/usagère, autrices·teurs — into the
// masculine and the feminine at one place. It returns the pieces that the form
// takes, or 0.
//
// An ending counts only where it fits its beginning (rice after -teur, le after
// -el…), so that « clos.Il » and « dit-elle » stay two words.
func inclusive(w word, pieces []piece) (n int, forms []word) {
	f, found := oneWord(w.text)
	if !found {
		f = gendered{masculine: strings.ToLower(w.text), capitals: allCapitals(w.text)}
		if len(pieces) == 1 || !takesEndings(f.masculine) {
			return 0, nil
		}
	}
	n = 1
	if len(pieces) > 2 && f.parted(pieces[1], pieces[2]) {
		n = 3
	}
	for n < len(pieces) && n < maxEndings && f.take(pieces[n]) {
		n++
	}
	if n == 1 && !found {
		return 0, nil
	}
	last := pieces[n-1].chars
	w.end = last[len(last)-1].end
	return n, f.words(w)
}

// maxEndings is how many pieces a form has at most: étudiant·e·x·s.
const maxEndings = 5

// gendered is a form being read.
type gendered struct {
	masculine, feminine string // feminine is empty while it is unknown, and for bénévole·s
	plural              bool
	capitals            bool // the form began in capitals
}

// takesEndings reports whether a word can have endings: numbers cannot, but
// 1er·ère can.
func takesEndings(base string) bool {
	if utf8.RuneCountInString(base) < 2 {
		return false
	}
	ordinal := strings.HasSuffix(singular(base), "er") || strings.HasSuffix(singular(base), "nd")
	return ordinal || !strings.ContainsAny(base, "0123456789")
}

// parted reads éducat·eur·rice, whose masculine is itself cut in two.
func (f *gendered) parted(second, third piece) bool {
	tail := strings.ToLower(runes(second.chars))
	if !masculineEndings[tail] || tail == "aux" && strings.HasSuffix(f.masculine, "al") || !joins(second.joint, f.masculine) || !joins(third.joint, f.masculine) {
		return false
	}
	whole := f.masculine + tail
	feminine, ok := feminineOf(whole, strings.ToLower(runes(third.chars)), true)
	if !ok {
		return false
	}
	f.masculine, f.feminine = whole, feminine
	f.plural = strings.HasSuffix(runes(third.chars), "s")
	return true
}

// take reads one ending more, and reports whether it is one.
func (f *gendered) take(p piece) bool {
	written := runes(p.chars)
	lower := strings.ToLower(written)
	if written != lower && !f.capitals && (p.joint == '(' || written != strings.ToUpper(written)) || !joins(p.joint, f.masculine) {
		return false
	}
	if isPlural(lower) && (written == lower || f.capitals || f.feminine != "") {
		return f.takePlural(lower, p.joint)
	}
	if p.joint == ')' {
		return false
	}
	clear := p.joint == '·' || p.joint == '('
	if f.feminine == "" && (utf8.RuneCountInString(f.masculine) > 2 || clear || lower == "e" || lower == "es") {
		if feminine, ok := feminineOf(f.masculine, lower, clear); ok {
			f.feminine = feminine
			f.plural = f.plural || strings.HasSuffix(lower, "s")
			return true
		}
		if clear || len(lower) > 2 {
			if masculine, ok := masculineOf(f.masculine, lower); ok {
				f.masculine, f.feminine = masculine, singular(f.masculine)
				f.plural = f.plural || strings.HasSuffix(lower, "s") || strings.HasSuffix(lower, "aux")
				return true
			}
		}
	}
	return f.takesNothing(Fold(lower), p.joint)
}

// isPlural reports whether an ending says « several », or « of any gender ».
func isPlural(ending string) bool {
	switch ending {
	case "s", "x", "xs", "aux", "es", "nt":
		return true
	}
	return false
}

// takePlural reads the plural after a form: étudiant·e[·s], étudiant·e[·x·s],
// local[(aux)], concerne[(nt)].
func (f *gendered) takePlural(ending string, joint rune) bool {
	switch ending {
	case "es":
		if f.feminine == "" {
			if joint == ')' {
				return false
			}
			feminine, ok := feminineOf(f.masculine, ending, true)
			f.feminine = feminine
			f.plural = f.plural || ok
			return ok
		}
	case "x":
		if f.feminine == "" && joint != '·' && !strings.HasSuffix(f.masculine, "u") {
			return false
		}
	case "aux":
		if !strings.HasSuffix(f.masculine, "al") && !strings.HasSuffix(f.masculine, "ail") {
			return false
		}
	case "nt":
		return joint == '(' && strings.HasSuffix(f.masculine, "e")
	}
	f.plural = f.plural || ending != "x" || strings.HasSuffix(f.masculine, "u")
	return true
}

// takesNothing reports whether an ending that does not fit says nothing of its own.
func (f *gendered) takesNothing(ending string, joint rune) bool {
	if debris[ending] || joint == '·' && tails[ending] || joint == '(' && (ending == "e" || ending == "ere") {
		f.plural = f.plural || strings.HasSuffix(ending, "s")
		return true
	}
	return false
}

// words returns the forms as words where w stands.
func (f *gendered) words(w word) []word {
	masculine := f.masculine
	if f.plural {
		masculine = plural(masculine)
	}
	if f.feminine == "" {
		if w.surface() != w.text || !f.capitals { // SDF·s stays SDF
			w.text = masculine
		}
		return []word{w}
	}
	m := w
	m.text = masculine
	if w.text = f.feminine; f.plural {
		w.text = plural(f.feminine)
	}
	return []word{m, w}
}

// joins reports whether a sign may stand before an ending. A hyphen or a slash
// after two letters is something else (va-t-en, et/ou), but for un-e and né-e.
func joins(joint rune, base string) bool {
	switch joint {
	case '·', '.', '(', ')':
		return true
	case '-', '/':
		return utf8.RuneCountInString(base) >= 3 || shortBases[base]
	}
	return false
}

var shortBases = set("un né vu lu nu dû su")

// oneWord opens the forms that have no sign inside: travailleurEUSEs, acteurices,
// celleux.
func oneWord(text string) (f gendered, ok bool) {
	if f, ok := capitalEnding(text); ok {
		return f, true
	}
	if len(text) < len("celleux") {
		return f, false
	}
	lower := strings.ToLower(text)
	if pair, ok := blends[Fold(lower)]; ok {
		f.masculine, f.feminine, _ = strings.Cut(pair, " ")
		return f, true
	}
	base := singular(lower)
	for _, b := range blended {
		if stem, ok := strings.CutSuffix(base, b.ending); ok && len(stem) > 1 && !strings.HasSuffix(stem, "mal") {
			return gendered{masculine: stem + b.masculine, feminine: stem + b.feminine, plural: base != lower}, true
		}
	}
	return f, false
}

// blends are the words that blend two, the masculine first.
var blends = map[string]string{
	"celleux": "ceux celles", "ceulles": "ceux celles", "ceulxes": "ceux celles", "cellui": "celui celle",
	"copaine": "copain copine", "copaines": "copains copines", "froeur": "frère sœur", "froeurs": "frères sœurs",
}

// blended are endings that blend two. Those in -eureuse are told from heureuse,
// peureuse, valeureuse by the letters before.
var blended = []struct{ ending, masculine, feminine string }{
	{"teurice", "teur", "trice"}, {"deurice", "deur", "drice"}, {"euxse", "eux", "euse"}, {"ifve", "if", "ive"},
	{"lleureuse", "lleur", "lleuse"}, {"cheureuse", "cheur", "cheuse"}, {"teureuse", "teur", "teuse"}, {"deureuse", "deur", "deuse"},
	{"neureuse", "neur", "neuse"}, {"meureuse", "meur", "meuse"}, {"geureuse", "geur", "geuse"}, {"seureuse", "seur", "seuse"},
	{"ceureuse", "ceur", "ceuse"}, {"veureuse", "veur", "veuse"}, {"reureuse", "reur", "reuse"},
}

// capitalEnding opens travailleurEUSEs and étudiantEs.
func capitalEnding(text string) (f gendered, ok bool) {
	_, first := utf8.DecodeRuneInString(text)
	i := strings.IndexFunc(text[first:], unicode.IsUpper) + first
	if i < max(first, 3) {
		return f, false
	}
	written := singular(text[i:])
	f.masculine = strings.ToLower(text[:i])
	if written != strings.ToUpper(written) || !takesEndings(f.masculine) {
		return f, false
	}
	f.feminine, ok = feminineOf(f.masculine, strings.ToLower(written), false)
	f.plural = len(written) < len(text)-i || strings.HasSuffix(written, "S")
	return f, ok
}
