package french

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// char is a character of a run after normalisation, with the bytes of the run
// that it stands for.
type char struct {
	r          rune
	start, end int
}

// piece is a stretch of a run without joining signs, and the sign before it.
type piece struct {
	joint rune // 0 for the first
	chars []char
}

// open makes the tokens of a run.
func open(surface string) *run {
	w, ok := plain(surface)
	if !ok {
		return takeApart(surface)
	}
	r := &run{span: 1}
	r.tokens = r.one[:0]
	if t, ok := w.token(0); ok {
		r.tokens = append(r.tokens, t)
	}
	return r
}

// takeApart opens any run.
func takeApart(surface string) *run {
	r := &run{}
	r.tokens = r.one[:0]
	pieces := cut(normalise(surface))
	read := read
	if isAddress(pieces) {
		read = readPlain
	}
	for i := 0; i < len(pieces); {
		n, words := read(pieces[i:])
		if n == 1 && len(words) == 1 && len(pieces) > i+1 && pieces[i+1].joint == '-' {
			_, second := read(pieces[i+1:])
			for _, w := range second {
				if both, ok := unhyphened(words[0], w); ok {
					if t, ok := both.token(int(r.span)); ok {
						t.Width = 2
						r.tokens = appendNew(r.tokens, t)
					}
				}
			}
		}
		for _, w := range words {
			t, ok := w.token(int(r.span))
			switch last := len(r.tokens) - 1; {
			case !ok:
			case last >= 0 && joinsSans(r.tokens[last], t):
				r.tokens[last] = withSans(r.tokens[last], t)
			default:
				r.tokens = appendNew(r.tokens, t)
			}
		}
		r.span++
		i += n
	}
	return r
}

// plain returns the word of a run that needs no opening: small letters of
// French alone, the first perhaps a capital, after an elided article or not.
func plain(surface string) (w word, ok bool) {
	start := 0
	for i := 0; i < len(surface); {
		c, size := surface[i], 1
		switch {
		case c == 0xc3 && i+1 < len(surface) && baseOf(surface[i+1]|0x20) != 0:
			if size = 2; surface[i+1] < 0xa0 && i > start {
				return w, false
			}
		case c == '\'', c == 0xe2 && strings.HasPrefix(surface[i:], "’"):
			if start > 0 || !elided[strings.ToLower(surface[:i])] {
				return w, false
			}
			if c != '\'' {
				size = len("’")
			}
			start = i + size
		case c >= 'A' && c <= 'Z' && i == start, c >= 'a' && c <= 'z':
		default:
			return w, false
		}
		i += size
	}
	w = word{text: strings.Clone(surface[start:]), start: start, end: len(surface)}
	if _, blend := oneWord(w.text); blend || w.text == "" {
		return w, false
	}
	return w, true
}

// unhyphened makes one word of two that a hyphen joins, where nothing else is
// meant by it: psycho-social is psychosocial too.
func unhyphened(a, b word) (word, bool) {
	x, y := Fold(a.text), Fold(b.text)
	short := utf8.RuneCountInString(x) < 2 && x != "e" || utf8.RuneCountInString(y) < 3
	if short || b.dotted || strings.ContainsAny(x+y, "0123456789") || stopWords[x] || stopWords[y] || x == "sans" {
		return word{}, false
	}
	return word{text: a.text + b.text, start: a.start, end: b.end}, true
}

// isAddress reports whether a run is an address or the name of a file, where
// points and hyphens part and nothing else.
func isAddress(pieces []piece) bool {
	if len(pieces) < 2 {
		return false
	}
	for i, p := range pieces {
		if s := strings.ToLower(runes(p.chars)); i == 0 && s == "www" || p.joint == '.' && fileEndings[s] {
			return true
		}
	}
	return false
}

var fileEndings = set("fr be com org net eu ch ca lu pdf html htm php aspx doc docx odt xls xlsx csv zip jpg jpeg png")

// appendNew leaves out a token that says what the one before says at its place.
func appendNew(tokens []Token, t Token) []Token {
	for _, o := range tokens {
		if o.Position == t.Position && o.Term == t.Term {
			return tokens
		}
	}
	return append(tokens, t)
}

// normalise returns the characters of a run: composed (NFC), with one
// apostrophe, one hyphen and one middle dot, without what nobody sees.
func normalise(s string) []char {
	chars := make([]char, 0, len(s))
	for i := 0; i < len(s); {
		n := norm.NFC.NextBoundaryInString(s[i:], true)
		if n <= 0 {
			n = len(s) - i
		}
		for _, c := range norm.NFC.String(s[i : i+n]) {
			k, _ := classAt(string(c), 0)
			switch {
			case k == nothing || k == blank:
				continue
			case k == apostrophe:
				c = '\''
			case k == hyphen:
				c = '-'
			case c == '․':
				c = '.'
			case k == slash:
				c = '/'
			case c == '[':
				c = '('
			case c == ']':
				c = ')'
			case k == point && c != '.':
				c = '·'
			}
			chars = append(chars, char{c, i, i + n})
		}
		i += n
	}
	return chars
}

// cut parts a run at its joints. Apostrophes stay inside, and so do the points
// and commas of numbers, which are made points.
func cut(chars []char) []piece {
	var pieces []piece
	p := piece{}
	for i, c := range chars {
		switch c.r {
		case '.', ',':
			if i > 0 && i+1 < len(chars) && unicode.IsDigit(chars[i-1].r) && unicode.IsDigit(chars[i+1].r) {
				c.r = '.'
				p.chars = append(p.chars, c)
				continue
			}
			fallthrough
		case '·', '-', '/', '(', ')':
			if len(p.chars) > 0 {
				pieces = append(pieces, p)
			}
			p = piece{joint: c.r}
		default:
			p.chars = append(p.chars, c)
		}
	}
	if len(p.chars) > 0 {
		pieces = append(pieces, p)
	}
	return pieces
}

// word is a word found in a run.
type word struct {
	text       string // composed; in its own case, or lower where it was made up
	start, end int
	dotted     bool // an acronym written with points
}

// read opens the first word of a run: it returns how many pieces it took and
// the words that stand at this one place (two for an inclusive form).
func read(pieces []piece) (n int, words []word) {
	first := elide(pieces[0].chars)
	w := wordOf(first)
	if n := acronym(first, pieces); n > 0 {
		w.dotted = true
		for _, p := range pieces[1:n] {
			w.text += string(p.chars[0].r)
			w.end = p.chars[0].end
		}
		return n, []word{w}
	}
	if n := hours(w.text, pieces); n > 0 {
		w.text += "/" + wordOf(pieces[1].chars).text
		w.end = wordOf(pieces[1].chars).end
		return n, []word{w}
	}
	if n, forms := inclusive(w, pieces); n > 0 {
		return n, forms
	}
	return 1, []word{w}
}

// readPlain opens the first piece of an address.
func readPlain(pieces []piece) (n int, words []word) {
	return 1, []word{wordOf(elide(pieces[0].chars))}
}

func wordOf(chars []char) word {
	if len(chars) == 0 {
		return word{}
	}
	var b strings.Builder
	for _, c := range chars {
		b.WriteRune(c.r)
	}
	return word{text: b.String(), start: chars[0].start, end: chars[len(chars)-1].end}
}

// elide takes away an article, pronoun or conjunction that lost its vowel:
// l’avocat, qu’elle, lorsqu’il, d’A.E.M.O. Other apostrophes belong to their
// word: aujourd’hui, prud’hommes.
func elide(chars []char) []char {
	for i, c := range chars {
		if c.r != '\'' {
			continue
		}
		if i+1 < len(chars) && elided[strings.ToLower(runes(chars[:i]))] {
			return elide(chars[i+1:])
		}
		break
	}
	return chars
}

// WithoutArticle returns a word as it is written, without what elide takes away.
func WithoutArticle(word string) string {
	if rest := elide(normalise(word)); len(rest) > 0 {
		return word[rest[0].start:]
	}
	return word
}

func runes(chars []char) string {
	var b strings.Builder
	for _, c := range chars {
		b.WriteRune(c.r)
	}
	return b.String()
}

// acronym returns how many pieces make an acronym written with points
// (C.P.A.S.), or 0.
func acronym(first []char, pieces []piece) int {
	if len(first) != 1 || !unicode.IsLetter(first[0].r) {
		return 0
	}
	n := 1
	for n < len(pieces) && pieces[n].joint == '.' && len(pieces[n].chars) == 1 && unicode.IsLetter(pieces[n].chars[0].r) {
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}

// hours returns 2 where the pieces say 24h/24 or 7j/7, else 0.
func hours(first string, pieces []piece) int {
	if len(pieces) < 2 || pieces[1].joint != '/' || len(first) < 2 || !allDigits(wordOf(pieces[1].chars).text) {
		return 0
	}
	number, unit := first[:len(first)-1], first[len(first)-1]
	if allDigits(number) && strings.IndexByte("hHjJ", unit) >= 0 {
		return 2
	}
	return 0
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
