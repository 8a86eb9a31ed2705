package french

import (
	"strings"
	"unicode/utf8"
)

// ending is how a masculine ends and its feminine, and how few letters of the
// feminine people write after the masculine.
type ending struct {
	masculine, feminine string
	least               int
}

// endings go from the longest masculine to the shortest; the first that fits is
// taken. The feminine of most words adds an e (the last line).
var endings = []ending{
	{"copain", "copine", 1}, {"compagnon", "compagne", 2}, {"celui", "celle", 2}, {"vieux", "vieille", 3}, {"ceux", "celle", 3}, {"loup", "louve", 2},
	{"iers", "ierce", 2}, {"teur", "trice", 3}, {"deur", "drice", 4},
	{"eur", "euse", 2}, {"eur", "eresse", 5}, {"eur", "oresse", 5}, {"eux", "euse", 1}, {"oux", "ouse", 1}, {"oux", "ousse", 3}, {"oux", "ouce", 2},
	{"aux", "ausse", 3}, {"aux", "ale", 1}, {"eau", "elle", 3}, {"tou", "toute", 2}, {"eil", "eille", 2}, {"ais", "aise", 1}, {"ois", "oise", 1},
	{"euf", "euve", 2}, {"auf", "auve", 2}, {"anc", "anche", 2}, {"uel", "uelle", 1},
	{"er", "ère", 1}, {"en", "enne", 1}, {"on", "onne", 1}, {"an", "anne", 2}, {"el", "elle", 1}, {"il", "ille", 2}, {"ul", "ulle", 2}, {"al", "ale", 1},
	{"if", "ive", 1}, {"ef", "effe", 1}, {"ef", "ève", 3}, {"et", "ette", 2}, {"et", "ète", 3}, {"ot", "otte", 2}, {"at", "atte", 2}, {"ec", "ecque", 3},
	{"ic", "ique", 1}, {"ïc", "ïque", 1}, {"os", "osse", 2}, {"as", "asse", 2}, {"is", "isse", 2}, {"os", "oïne", 3}, {"ou", "olle", 4}, {"ou", "ouse", 2},
	{"ce", "cette", 3}, {"c", "que", 3}, {"g", "gue", 2}, {"i", "ite", 2}, {"o", "ote", 2}, {"e", "esse", 3},
	{"", "e", 1},
}

// feminineOf returns the feminine of a masculine (singular or plural, lower
// case), from the ending written after it: a tail of the feminine, or all of it.
// Where clear is not set, two letters that are often a word of their own (de, te,
// se) do not count as a tail.
func feminineOf(masculine, written string, clear bool) (feminine string, ok bool) {
	tail := singular(Fold(written))
	if tail == "" {
		return "", false
	}
	clear = clear || strings.HasSuffix(written, "s") && tail != "de" // clients-tes
	for _, m := range singulars(masculine, strings.HasSuffix(written, "s")) {
		for _, e := range endings {
			if len(tail) < e.least || !strings.HasSuffix(m, e.masculine) {
				continue
			}
			if e.masculine == "" && (strings.HasSuffix(m, "e") || len(tail) == 2 && tail != "ee" && !clear) {
				continue
			}
			f := strings.TrimSuffix(m, e.masculine) + e.feminine
			if strings.HasSuffix(f, singular(written)) || isASCII(written) && strings.HasSuffix(Fold(f), tail) {
				return f, true
			}
		}
	}
	return "", false
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// singulars returns what a masculine may be the plural of, the likeliest first:
// itself where the word itself may end in s (français, permis, exclus·e).
func singulars(masculine string, several bool) []string {
	switch {
	case strings.HasSuffix(masculine, "eaux"):
		return []string{strings.TrimSuffix(masculine, "x"), masculine}
	case !strings.HasSuffix(masculine, "s"):
		return []string{masculine}
	}
	one := singular(masculine)
	last := one[max(0, len(one)-1):]
	if last == "i" || last == "a" || last == "o" || last == "u" && !several {
		return []string{masculine, one}
	}
	return []string{one, masculine}
}

// masculineOf returns the masculine of a feminine (singular or plural, lower
// case), from the ending written after it: autrices·teurs.
func masculineOf(feminine, written string) (masculine string, ok bool) {
	f, tail := singular(feminine), singular(Fold(written))
	if len(tail) < 2 {
		return "", false
	}
	for _, e := range endings {
		if !strings.HasSuffix(f, e.feminine) {
			continue
		}
		m := strings.TrimSuffix(f, e.feminine) + e.masculine
		whole := Fold(m)
		if tail == whole || reversible[e.masculine] && strings.HasSuffix(whole, tail) {
			return m, true
		}
		if e.masculine == "al" && tail == "aux" {
			return strings.TrimSuffix(m, "al") + "aux", true
		}
	}
	return "", false
}

// reversible are the masculine endings that people write after a feminine.
var reversible = set("teur eur eux aux eau er en on el al if celui")

// masculineEndings part a word before its masculine ending: éducat·eur·rice.
var masculineEndings = set("teur teurs eur eurs er ers ier iers eux aux if ifs el els nel nels en ens ien iens al eau eaux")

// debris are endings that are no words of their own: where they fit nothing they
// are left out.
var debris = set(`rice rices trice trices drice drices euse euses teuse teuses iere ieres ienne iennes enne ennes onne onnes
	nne nnes lle lles tte ttes sse sses ffe ffes eure eures eresse eresses`)

// tails are endings that mean nothing after a middle dot, where they do not fit.
var tails = set(`e es ee ees ice ices se ses ere eres re res ne nes le les elle elles nelle nelles ale ales ve ves ive ives fe fes te tes
	ette ettes che ches que ques esse esses ante antes ente entes ine ines teur teurs eur eurs aux x xs s`)

// singular drops a plural s.
func singular(s string) string { return strings.TrimSuffix(s, "s") }

// plural returns the plural of a singular; a plural stays.
func plural(s string) string {
	switch {
	case s == "", strings.HasSuffix(s, "s"), strings.HasSuffix(s, "x"), strings.HasSuffix(s, "z"):
		return s
	case s == "tou":
		return "tous"
	case s == "celui":
		return "ceux"
	case strings.HasSuffix(s, "al"):
		return strings.TrimSuffix(s, "al") + "aux"
	case strings.HasSuffix(s, "au"), strings.HasSuffix(s, "eu"):
		return s + "x"
	}
	return s + "s"
}
