// Package french turns French words into the terms by which they are indexed,
// searched and highlighted. It knows no engine: index, crawler (themes) and
// `trame analyze` use the same functions.
//
// A text is read once. Runs of letters, digits and the signs that join them
// (apostrophe, hyphen, point, slash, bracket) are cut out by the scanner; each run
// is opened into words (elision, acronyms, inclusive writing, numbers), and each
// word becomes a term (lower case, ligatures opened, accents folded, stemmed).
// What a run opens into depends on the run alone, so it is remembered.
package french

// Token is a term with the place in the text that it stands for.
//
// Surface keeps accents (NFC) and the apostrophe of aujourd'hui, in lower case.
// Acronyms stay in capitals, without points: CPAS. An opened form gives the
// masculine or the feminine itself: travailleuses. Fold(Surface) is Exact.
type Token struct {
	Term       string // what is looked up: stemmed, folded, lower case
	Exact      string // the word itself, folded and in lower case: for prefixes and exact forms
	Surface    string // the word as people write it; see below
	Start, End int    // bytes of the source text, without article or apostrophe: l’[avocat]
	Position   int    // from 1; several tokens may share one; stop words leave a gap
	Width      int    // 2 for psychosocial beside psycho-social, at the first of their positions; else 0
}

// Analyze returns the terms of a text in order. It never fails: bytes that are
// not UTF-8 part words.
func Analyze(text string) []Token {
	return AppendTokens(make([]Token, 0, len(text)/9+4), text)
}

// AppendTokens appends what [Analyze] returns to tokens. Positions begin after
// that of the last token there.
func AppendTokens(tokens []Token, text string) []Token {
	position := 1
	if n := len(tokens); n > 0 {
		position = tokens[n-1].Position + 1
	}
	first := len(tokens)
	for start, end := nextRun(text, 0); start < end; start, end = nextRun(text, end) {
		r := lookUp(text[start:end])
		tokens = r.appendTo(tokens, first, text, start, end, position)
		position += int(r.span)
	}
	return tokens
}

// appendTo appends the tokens of text[start:end], a run at a position. Those
// before first belong to another text.
func (r *run) appendTo(tokens []Token, first int, text string, start, end, position int) []Token {
	n := len(tokens)
	tokens = append(tokens, r.tokens...)
	for i := n; i < len(tokens); i++ {
		t := &tokens[i]
		t.Start += start
		t.End += start
		t.Position += position
		if t.End == end && closesAcronym(text, *t) {
			t.End++
		}
	}
	if n > first && n < len(tokens) && joinsSans(tokens[n-1], tokens[n]) {
		tokens[n-1] = withSans(tokens[n-1], tokens[n])
		tokens = append(tokens[:n], tokens[n+1:]...)
	}
	return tokens
}

// closesAcronym reports whether the point after a token is its own: C.P.A.S.
func closesAcronym(text string, t Token) bool {
	dotted := t.End-t.Start >= 3 && text[t.End-2] == '.' && text[t.Start+1] == '.'
	return dotted && t.End < len(text) && text[t.End] == '.' && (text[t.End-1] < '0' || text[t.End-1] > '9')
}

// joinsSans reports whether sans and the word after it name one thing, hyphen or
// not: a sans-abri is not a shelter.
func joinsSans(sans, t Token) bool {
	return sans.Term == "sans" && t.Position == sans.Position+1 && sansWords[t.Term] != ""
}

func withSans(sans, t Token) Token {
	sans.Term = sansWords[t.Term]
	sans.Exact = "sans-" + t.Exact
	sans.Surface = "sans-" + t.Surface
	sans.End = t.End
	return sans
}

// Words returns the words of a text, folded and in lower case, stop words and
// elided articles apart from their vowel included: what [Token.Exact] is to a
// text without stop words.
func Words(text string) []string {
	var words []string
	for start, end := nextRun(text, 0); start < end; start, end = nextRun(text, end) {
		for _, p := range cut(normalise(text[start:end])) {
			if w := Fold(wordOf(elide(p.chars)).text); w != "" {
				words = append(words, w)
			}
		}
	}
	return words
}
