package french

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTerm bounds a term, in characters; what follows is cut off.
const maxTerm = 64

// token makes the token of a word at a position of its run, and says false for a
// stop word.
func (w word) token(position int) (Token, bool) {
	surface := w.surface()
	exact := Fold(surface)
	if exact == surface {
		exact = surface // one string, not two
	}
	if exact == "" || !w.dotted && stops(exact, w.text) {
		return Token{}, false
	}
	return Token{Term: stem(exact), Exact: exact, Surface: surface, Start: w.start, End: w.end, Position: position}, true
}

// maxCapitals is how long an acronym written without points is at most, in
// characters; longer words in capitals shout.
const maxCapitals = 6

// surface returns Token.Surface.
func (w word) surface() string {
	s := w.text
	if n := utf8.RuneCountInString(s); n > maxTerm {
		s = string([]rune(s)[:maxTerm])
	} else if w.dotted {
		return strings.ToUpper(s)
	} else if n <= maxCapitals && allCapitals(s) {
		return s
	}
	return strings.ToLower(s)
}

// stops reports whether a word is too common to be looked up. Capitals keep the
// few that are acronyms of the trade (AS, ES, CE…), an accent keeps né.
func stops(exact, written string) bool {
	return stopWords[exact] && (exact != "ne" || !strings.ContainsAny(written, "éÉ")) && !(acronymsLikeStopWords[exact] && allCapitals(written))
}

func allCapitals(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		letters++
	}
	return letters > 1
}

// Fold returns a word in lower case, without accents and apostrophes, with
// ligatures opened.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	n := 0
	for _, r := range s {
		if n == maxTerm {
			break
		}
		n++
		r = unicode.ToLower(r)
		switch {
		case r == '\'':
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case opened[r] != "":
			b.WriteString(opened[r])
		case r <= 0xff && baseOf(byte(r-0x40)) != 0:
			b.WriteByte(baseOf(byte(r - 0x40)))
		default:
			writeFolded(&b, r)
		}
	}
	return b.String()
}

// baseOf returns the letter under the accent of à to ÿ, from the second byte of
// its UTF-8 (the first is 0xc3), and 0 for the few that are no single letter.
func baseOf(second byte) byte {
	if second < 0xa0 || second > 0xbf {
		return 0
	}
	return "aaaaaa\x00ceeeeiiii\x00nooooo\x00ouuuuy\x00y"[second-0xa0]
}

var opened = map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}

func writeFolded(b *strings.Builder, r rune) {
	if unicode.Is(unicode.Mn, r) {
		return
	}
	for _, part := range norm.NFKD.String(string(r)) {
		if unicode.IsLetter(part) || unicode.IsDigit(part) {
			b.WriteRune(unicode.ToLower(part))
		}
	}
}
