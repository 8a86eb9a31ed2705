package trame

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// WordAt is a word of a query text and where it stands.
type WordAt struct {
	Field   string // "", FieldTitle or FieldAuthor
	Text    string // as [ParseExpr] reads it
	At, End int    // bytes of the text as it was written: text[At:End] is the word
}

// WordsIn returns the words of a query text in their order, those of phrases and
// those that are not wanted too, but not the beginnings of words, dates and
// values of the other fields. A text that [ParseExpr] refuses has none.
func WordsIn(text string) []WordAt { return read(text).words }

// ReplaceWords returns a query text with other words and everything else as it
// was written: signs, quotes, fields. change returns what stands for a word, or
// "" to leave it.
func ReplaceWords(text string, change func(WordAt) string) string {
	var b strings.Builder
	at := 0
	for _, w := range WordsIn(text) {
		if s := change(w); s != "" {
			b.WriteString(text[at:w.At] + s)
			at = w.End
		}
	}
	return b.String() + text[at:]
}

// Remarks says in French, for the person who wrote a query text, where it was
// read otherwise than another engine would: a field that does not exist, a weight.
// At most four; none for a text that [ParseExpr] refuses.
func Remarks(text string) []string { return read(text).remarks }

// read parses a text for what its parser notes.
func read(text string) *exprParser {
	if len(text) > MaxExprBytes {
		return &exprParser{}
	}
	p := newExprParser(text, MaxExprTerms)
	if _, err := p.parse(); err != nil {
		return &exprParser{}
	}
	return p
}

func (p *exprParser) noteWord(at int, text string) {
	p.words = append(p.words, WordAt{p.field, text, p.written(at), p.written(at + len(text))})
}

// noteWords notes the words of a phrase that begins at a byte.
func (p *exprParser) noteWords(at int, text string) {
	for len(text) > 0 {
		n := strings.IndexFunc(text, partsWords)
		if n < 0 {
			n = len(text)
		}
		if skipped, word := trimWord(text[:n]); meaningful(word) {
			p.noteWord(at+skipped, word)
		}
		_, size := utf8.DecodeRuneInString(text[n:])
		text = text[n+size:]
		at += n + size
	}
}

const maxRemarks = 4

func (p *exprParser) remark(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	if len(p.remarks) < maxRemarks && !slices.Contains(p.remarks, s) {
		p.remarks = append(p.remarks, s)
	}
}

// noteField remarks on a colon that names no field, in the stretch of text that
// begins at a byte.
func (p *exprParser) noteField(at int, text string) {
	name, _, colon := strings.Cut(text, ":")
	field, known := fields[plainName(name)]
	if !colon { // « titre : logement »
		if spaced := strings.TrimLeftFunc(p.text[p.at:], isSpace); known && strings.HasPrefix(spaced, ":") {
			p.remark("« %s » a été lu comme un mot. Pour chercher dans ce champ, écrivez le deux-points sans espace avant : %s.", name, fieldExample[field])
		}
		return
	}
	next := firstRune(p.text[at+len(name)+1:])
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }
	if known || strings.ContainsFunc(name, notLetter) || letters(name) < 2 || len(name) > 40 || isSpace(next) || next == '/' || next == ':' {
		return
	}
	switch plainName(name) {
	case "avant", "apres", "depuis", "before", "after", "since", "periode":
		p.remark("« %s: » n’est pas un champ : c’est lu comme un mot. Pour une période, écrivez date:..2018 ou date:2015..2018.", name)
	default:
		p.remark("« %s: » n’est pas un champ : c’est lu comme un mot. Les champs sont titre, auteur, source, theme, type, pays et date.", name)
	}
}

// noteSign remarks on a sign after a word that means something elsewhere.
func (p *exprParser) noteSign(r rune, rest string) {
	switch {
	case r == '~':
		p.remark("« ~ » n’est lu qu’après des guillemets, sans espace : \"secret partagé\"~5.")
	case r == '^':
		p.remark("« ^ » n’est pas lu : aucun mot ne pèse plus qu’un autre.")
	case r == '?' && unicode.IsLower(firstRune(rest)) && !strings.Contains(rest, "="):
		p.remark("« ? » ne remplace pas une lettre. Pour le début d’un mot, écrivez par exemple « éducat* ».")
	}
}
