package french

import (
	_ "embed"
	"strings"
)

// stem returns the stem of a folded word, by Jacques Savoy's light stemmer for
// French (UniNE; Lucene's FrenchLightStemmer), with these changes: it reads
// folded words, so that accents decide nothing; the feminines in -ère and -eure
// meet their masculines at any length, and those in -oise and -aise theirs; -ement, -ation and -ition fall from long
// words alone, for a placement is not a place, nor a fondation a fond. What the
// rules part or join wrongly stands in a list (exceptions), and acronyms are left
// alone.
func stem(w string) string {
	if fixed, ok := exceptions[w]; ok {
		return fixed
	}
	if len(w) < 4 || acronyms[w] || !stemmable(w) {
		return w
	}
	return string(lightStem([]byte(w)))
}

// stemmable reports whether a word is made of the letters a to z alone and
// begins as a French word can: cpas, ccas and mjc are not plurals.
func stemmable(w string) bool {
	vowel := false
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
		vowel = vowel || strings.IndexByte("aeiouy", w[i]) >= 0
	}
	return vowel && (len(w) > 5 || isVowel(w[0]) || isVowel(w[1]) || onsets[w[:2]])
}

func isVowel(b byte) bool { return strings.IndexByte("aeiouy", b) >= 0 }

// onsets are the pairs of consonants that begin French words.
var onsets = set("bl br ch cl cr dr fl fr gl gn gr kl kr ph pl pr ps qu rh sc sh sk sl sm sn sp st sw th tr ts vr wh")

// exceptions are the stems that the rules get wrong, by folded word. In the file
// each line is a stem and the words that have it.
var exceptions = exceptionTable(exceptionList)

//go:embed stems.txt
var exceptionList string

func exceptionTable(s string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(s) {
		stem, words, ok := strings.Cut(line, ":")
		for _, w := range strings.Fields(words) {
			if ok {
				m[w] = strings.TrimSpace(stem)
			}
		}
	}
	return m
}

// lightStem changes w in place.
func lightStem(w []byte) []byte {
	if n := len(w); n > 5 && w[n-1] == 'x' {
		if w[n-3] == 'a' && w[n-2] == 'u' && w[n-4] != 'e' {
			w[n-2] = 'l'
		}
		w = w[:n-1]
	}
	if n := len(w); n > 3 && w[n-1] == 'x' {
		w = w[:n-1]
	}
	if n := len(w); n > 3 && w[n-1] == 's' {
		w = w[:n-1]
	}
	for _, r := range rules {
		if len(w) <= r.longer || !strings.HasSuffix(string(w), r.ending) {
			continue
		}
		w = append(w[:len(w)-len(r.ending)], r.instead...)
		if r.ending == "ement" && len(w) > 3 && strings.HasSuffix(string(w), "ive") {
			w = append(w[:len(w)-2], 'f')
		}
		if !r.goesOn {
			break
		}
	}
	return tidy(w)
}

// rules are tried in order; the first that fits ends the search unless it goes on.
var rules = []struct {
	ending, instead string
	longer          int // the word has more letters than this
	goesOn          bool
}{
	{"issement", "ir", 9, false},
	{"issant", "ir", 8, false},
	{"ement", "e", 10, false},
	{"ficatrice", "fier", 11, false},
	{"ficateur", "fier", 10, false},
	{"catrice", "quer", 9, false},
	{"cateur", "quer", 8, false},
	{"atrice", "er", 8, false},
	{"ateur", "er", 7, false},
	{"trice", "teur", 6, true},
	{"ieme", "", 5, false},
	{"teuse", "ter", 7, false},
	{"teur", "ter", 6, false},
	{"euse", "eu", 5, false},
	{"oise", "oi", 6, false},
	{"aise", "ai", 6, false},
	{"eure", "eur", 5, true},
	{"ere", "er", 6, false},
	{"ive", "if", 7, false},
	{"folle", "fou", 4, false},
	{"molle", "mou", 4, false},
	{"nnelle", "n", 9, false},
	{"nnel", "n", 9, false},
	{"ete", "et", 4, true},
	{"ique", "", 8, true},
	{"esse", "e", 8, false},
	{"inage", "in", 7, false},
	{"isation", "is", 9, false},
	{"ation", "", 10, false},
	{"ition", "", 10, false},
}

// tidy drops doubled letters and the last r and e's of longer words.
func tidy(w []byte) []byte {
	if len(w) > 4 {
		kept := w[:1]
		for _, b := range w[1:] {
			if b != kept[len(kept)-1] {
				kept = append(kept, b)
			}
		}
		w = kept
	}
	if len(w) > 4 && strings.HasSuffix(string(w), "ie") {
		w = w[:len(w)-2]
	}
	if len(w) > 4 {
		for _, end := range []byte{'r', 'e', 'e'} {
			if w[len(w)-1] == end {
				w = w[:len(w)-1]
			}
		}
		if w[len(w)-1] == w[len(w)-2] {
			w = w[:len(w)-1]
		}
	}
	return w
}
