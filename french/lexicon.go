package french

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// Lexicon holds the words of an archive as people write them, with the number of
// articles that hold them. It never changes once made and is safe for use by many
// goroutines. About 35 bytes a word, without a pointer.
//
// Words meet by their folded form ([Fold]): mediation is médiation, cpas is CPAS.
type Lexicon struct {
	text    string   // the forms one after the other, ordered by folded form
	ends    []uint32 // where each form ends in text
	counts  []uint32 // at the commonest spelling of a folded form, which comes first: of all its spellings; else 0
	best    maxima   // over counts
	close   trie     // words that correct others one slip away, by their first letters
	far     trie     // two slips away
	farEnds trie     // the same by their last letters
}

// LexiconWord is a word in its commonest spelling.
type LexiconWord struct {
	Text  string
	Count int // articles, those of all its spellings together
}

// Bounds of what a lexicon takes and gives.
const (
	maxWord    = 60  // characters of a form or of a word asked; longer ones are unknown
	maxFolded  = 240 // bytes of a folded form
	maxAnswers = 100 // words that Complete and Correct give
)

// Len returns the number of forms.
func (l *Lexicon) Len() int { return len(l.ends) }

// Count returns how often a word was counted in all its spellings together; 0
// means that no article holds it.
func (l *Lexicon) Count(word string) int {
	if form, ok := l.find(word); ok {
		return int(l.counts[form])
	}
	return 0
}

// Complete returns at most n words that begin so, accents and capitals aside, the
// most frequent first. When none does, the beginning is taken for misspelt and
// the words are those of the beginnings nearest to it, as [Lexicon.Correct] is to
// words. An empty beginning asks for the most frequent words of all.
func (l *Lexicon) Complete(beginning string, n int) []LexiconWord {
	var buffer [maxFolded]byte
	key, ok := foldWord(buffer[:0], beginning)
	if !ok || n <= 0 {
		return nil
	}
	n = min(n, maxAnswers)
	from, to := l.span(key)
	if from < to {
		return l.words(l.best.greatest(n, extent{from, to}))
	}
	return l.words(l.best.greatest(n, l.nearSpans(key)...))
}

// Expand returns the forms that begin so, accents and capitals aside, and true; or,
// where there are more than max, only max of them, the most frequent words in all
// their spellings first, and false.
func (l *Lexicon) Expand(beginning string, max int) (forms []string, complete bool) {
	var buffer [maxFolded]byte
	key, ok := foldWord(buffer[:0], beginning)
	if !ok {
		return nil, true
	}
	from, to := l.span(key)
	if int(to-from) <= max {
		for form := from; form < to; form++ {
			forms = append(forms, l.form(form))
		}
		return forms, true
	}
	if max <= 0 {
		return nil, false
	}
	for _, first := range l.best.greatest(max, extent{from, to}) {
		for form := first; len(forms) < max && (form == first || form < to && l.counts[form] == 0); form++ {
			forms = append(forms, l.form(form))
		}
	}
	return forms, false
}

func (l *Lexicon) form(i uint32) string {
	if i == 0 {
		return l.text[:l.ends[0]]
	}
	return l.text[l.ends[i-1]:l.ends[i]]
}

func (l *Lexicon) words(forms []uint32) []LexiconWord {
	var words []LexiconWord
	for _, form := range forms {
		words = append(words, LexiconWord{l.form(form), int(l.counts[form])})
	}
	return words
}

// find returns the commonest spelling of a word.
func (l *Lexicon) find(word string) (form uint32, ok bool) {
	var buffer, other [maxFolded]byte
	key, ok := foldWord(buffer[:0], word)
	if !ok || len(key) == 0 {
		return 0, false
	}
	form = l.search(0, func(k []byte) bool { return bytes.Compare(k, key) >= 0 })
	return form, int(form) < len(l.ends) && bytes.Equal(l.key(other[:0], form), key)
}

// span returns the forms whose folded form begins with key.
func (l *Lexicon) span(key []byte) (from, to uint32) {
	from = l.search(0, func(k []byte) bool { return bytes.Compare(k, key) >= 0 })
	to = l.search(from, func(k []byte) bool { return !bytes.HasPrefix(k, key) })
	return from, to
}

// search returns the first form from one on whose folded form is past, where all
// that follow are too.
func (l *Lexicon) search(from uint32, past func(key []byte) bool) uint32 {
	var buffer [maxFolded]byte
	return from + uint32(sort.Search(len(l.ends)-int(from), func(i int) bool {
		return past(l.key(buffer[:0], from+uint32(i)))
	}))
}

// key appends the folded form of a form.
func (l *Lexicon) key(to []byte, form uint32) []byte { return appendFolded(to, l.form(form)) }

// foldWord appends the folded form of a word, and says false for what is too long
// to be one.
func foldWord(to []byte, word string) ([]byte, bool) {
	if len(word) > maxWord*utf8.UTFMax || utf8.RuneCountInString(word) > maxWord {
		return nil, false
	}
	to = appendFolded(to, word)
	return to, len(to) <= maxFolded
}

// appendFolded does what [Fold] does, without allocating for French, and takes
// the typographic apostrophe for the other.
func appendFolded(to []byte, word string) []byte {
	for _, r := range word {
		switch {
		case r < utf8.RuneSelf && (r < 'A' || r > 'Z'):
			to = append(to, byte(r))
		case r < utf8.RuneSelf:
			to = append(to, byte(r)+'a'-'A')
		default:
			to = appendFoldedLetter(to, r)
		}
	}
	return to
}

func appendFoldedLetter(to []byte, r rune) []byte {
	switch r {
	case 'é', 'è', 'ê', 'ë', 'É', 'È', 'Ê', 'Ë':
		return append(to, 'e')
	case 'à', 'â', 'ä', 'À', 'Â', 'Ä':
		return append(to, 'a')
	case 'î', 'ï', 'Î', 'Ï':
		return append(to, 'i')
	case 'ô', 'ö', 'Ô', 'Ö':
		return append(to, 'o')
	case 'ù', 'û', 'ü', 'Ù', 'Û', 'Ü':
		return append(to, 'u')
	case 'ç', 'Ç':
		return append(to, 'c')
	case '’', '‘', 'ʼ':
		return append(to, '\'')
	}
	return append(to, Fold(string(r))...)
}
