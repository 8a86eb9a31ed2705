// Package french turns French words into the terms by which they are indexed,
// searched and highlighted. It knows no engine: index, crawler (themes) and
// `trame analyze` use the same functions.
package french

// Token is a term with the place in the text that it stands for.
type Token struct {
	Term       string // what is looked up: stemmed, folded, lower case
	Start, End int    // bytes of the source text, without article or apostrophe: l’[avocat]
	Position   int    // from 1; several tokens may share one; stop words leave a gap
}

// Analyze returns the terms of a text in order. It never fails: bytes that are
// not UTF-8 part words.
func Analyze(text string) []Token { panic("todo") }
