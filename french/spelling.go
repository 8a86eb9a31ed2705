package french

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rules of spelling.
const (
	leastCorrected = 4   // letters of a word that is corrected
	leastCandidate = 3   // letters of a word that corrects
	leastFarLetter = 8   // letters of a word that may be two slips away
	shortAcronym   = 5   // letters up to which a slip makes another acronym as soon as a typing error
	muchCommoner   = 200 // times that a correction is commoner than a known word
)

// Correct returns at most n known words nearest to one that is misspelt, the best
// first. They are one slip away (a letter too many, too few, another, two swapped;
// accents and capitals never count), or two where none is one away and the word
// has 8 letters or more. Among them decides how likely the slip is for someone
// who writes French on a keyboard, and how frequent the word is.
//
// A word that the archive knows is right unless another one is 200 times as
// frequent; so acceuil gives accueil even where articles say acceuil. Words of up
// to three letters, words with digits, words in other alphabets and known acronyms
// have no corrections. Between short acronyms, and for short words in capitals,
// only swapped and doubled letters are slips: CCAS is no CPAS.
func (l *Lexicon) Correct(word string, n int) []LexiconWord {
	var buffer [maxFolded]byte
	key, ok := foldWord(buffer[:0], word)
	if !ok || n <= 0 || len(key) < leastCorrected || len(key) > maxWord || !spellable(key) {
		return nil
	}
	least := 1
	if form, known := l.find(word); known {
		if allCapitals(l.form(form)) {
			return nil
		}
		least = muchCommoner * int(l.counts[form])
	}
	capitals := allCapitals(word)
	candidates := l.rank(key, capitals, least, l.near(key, 1))
	if len(candidates) == 0 && len(key) >= leastFarLetter {
		candidates = l.rank(key, capitals, least, l.near(key, 2))
	}
	return l.words(candidates[:min(n, maxAnswers, len(candidates))])
}

// Respell returns a word as the archive writes it, in the capitals of the word
// typed, and whether that is another word: its best correction. A known word keeps
// its letters and gets its accents where nobody writes it without: mediation
// becomes médiation, and false. An unknown word that nothing resembles stays.
func (l *Lexicon) Respell(word string) (respelt string, corrected bool) {
	if best := l.Correct(word, 1); len(best) > 0 {
		return inCaseOf(best[0].Text, word), true
	}
	form, known := l.find(word)
	if !known || l.writes(word, form) {
		return word, false
	}
	return inCaseOf(l.form(form), word), false
}

// writes reports whether somebody writes the word like this, capitals aside, where
// form is its commonest spelling.
func (l *Lexicon) writes(word string, form uint32) bool {
	for i := form; i == form || int(i) < len(l.counts) && l.counts[i] == 0; i++ {
		written := l.form(i)
		if written == word || !allCapitals(written) && strings.EqualFold(written, word) {
			return true
		}
	}
	return false
}

// inCaseOf writes a word with the capitals of another one. Acronyms keep theirs.
func inCaseOf(word, typed string) string {
	if allCapitals(typed) {
		return strings.ToUpper(word)
	}
	if first, _ := utf8.DecodeRuneInString(typed); unicode.IsUpper(first) {
		r, size := utf8.DecodeRuneInString(word)
		return string(unicode.ToUpper(r)) + word[size:]
	}
	return word
}

// spellable reports whether a folded form has letters a to z alone, and the signs
// that join them.
func spellable(key []byte) bool {
	for _, c := range key {
		if (c < 'a' || c > 'z') && c != '-' && c != '\'' {
			return false
		}
	}
	return true
}

// rank returns those of forms that may stand for a misspelt word, the best first.
func (l *Lexicon) rank(typed []byte, capitals bool, least int, forms []uint32) []uint32 {
	type candidate struct {
		form  uint32
		score float64
	}
	var candidates []candidate
	var slips likelihood
	var buffer [maxFolded]byte
	for _, form := range forms {
		key := l.key(buffer[:0], form)
		if int(l.counts[form]) < least || bytes.Equal(key, typed) {
			continue
		}
		if short := len(typed) <= shortAcronym; short && (capitals || allCapitals(l.form(form))) && !repeatsOrSwaps(typed, key) {
			continue
		}
		candidates = append(candidates, candidate{form, math.Log2(float64(l.counts[form])) - doubt*float64(slips.unlikely(key, typed))})
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.form, b.form))
	})
	ranked := make([]uint32, len(candidates))
	for i, c := range candidates {
		ranked[i] = c.form
	}
	return ranked
}

// repeatsOrSwaps reports whether two words differ by two swapped letters or by one
// that is written twice.
func repeatsOrSwaps(a, b []byte) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && bytes.Equal(a[i+2:], b[i+2:])
	}
	return len(a) == len(b)+1 && i > 0 && a[i] == a[i-1] && bytes.Equal(a[i+1:], b[i:])
}
