package french

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRun bounds a run, in bytes; a longer one is cut.
const maxRun = 256

// class is what the scanner does with a character.
type class uint8

const (
	parts      class = iota // ends a run
	letter                  // letters, and marks that stand on them
	digit                   //
	apostrophe              // joins when a letter or digit follows
	point                   // full stop and the middle dots: the same
	hyphen                  // the same
	slash                   // the same
	comma                   // joins digits
	bracket                 // joins a short ending in brackets: étudiant(e)s, étudiant[e]s
	blank                   // joins groups of three digits: 2 500
	nothing                 // soft hyphen and zero-width characters: as if not there
)

// asciiClass answers for the commonest characters without decoding.
var asciiClass = [utf8.RuneSelf]class{
	'\'': apostrophe, '`': apostrophe, '.': point, '-': hyphen, '/': slash, ',': comma, '(': bracket, '[': bracket, ' ': blank,
	'|': slash, '*': point, '_': point,
	'0': digit, '1': digit, '2': digit, '3': digit, '4': digit, '5': digit, '6': digit, '7': digit, '8': digit, '9': digit,
	'a': letter, 'b': letter, 'c': letter, 'd': letter, 'e': letter, 'f': letter, 'g': letter, 'h': letter, 'i': letter,
	'j': letter, 'k': letter, 'l': letter, 'm': letter, 'n': letter, 'o': letter, 'p': letter, 'q': letter, 'r': letter,
	's': letter, 't': letter, 'u': letter, 'v': letter, 'w': letter, 'x': letter, 'y': letter, 'z': letter,
	'A': letter, 'B': letter, 'C': letter, 'D': letter, 'E': letter, 'F': letter, 'G': letter, 'H': letter, 'I': letter,
	'J': letter, 'K': letter, 'L': letter, 'M': letter, 'N': letter, 'O': letter, 'P': letter, 'Q': letter, 'R': letter,
	'S': letter, 'T': letter, 'U': letter, 'V': letter, 'W': letter, 'X': letter, 'Y': letter, 'Z': letter,
}

// classAt returns the class and the size of the character at i.
func classAt(s string, i int) (class, int) {
	if i >= len(s) {
		return parts, 0
	}
	if b := s[i]; b < utf8.RuneSelf {
		return asciiClass[b], 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	return classOf(r), size
}

func classOf(r rune) class {
	switch r {
	case '’', '‘', 'ʼ', 'ʻ', '＇', '´', 'ʹ', '′':
		return apostrophe
	case '·', '•', '‧', '⋅', '∙', '⸱', '･', '․', '・':
		return point
	case '‐', '‑', '‒':
		return hyphen
	case '\u00a0', '\u202f', '\u2009', '\u2007':
		return blank
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return nothing
	case utf8.RuneError:
		return parts
	}
	switch {
	case r >= 0xc0 && r <= 0x24f && r != '×' && r != '÷', unicode.IsLetter(r), unicode.Is(unicode.M, r):
		return letter
	case unicode.IsDigit(r):
		return digit
	}
	return parts
}

// nextRun returns the bounds of the first run at or after from; they are equal
// when there is none.
func nextRun(s string, from int) (start, end int) {
	start = from
	for {
		if start >= len(s) {
			return len(s), len(s)
		}
		c, size := classAt(s, start)
		if c == letter || c == digit {
			break
		}
		start += size
	}
	var last class // of the character before, joining ones apart
	digits := 0    // that stand together before end
	end = start
	for end < len(s) && end-start < maxRun {
		if b := s[end]; b < utf8.RuneSelf && asciiClass[b] == letter {
			last, digits = letter, 0
			end++
			continue
		}
		if s[end] == 0xc3 && end+1 < len(s) && baseOf(s[end+1]|0x20) != 0 {
			last, digits = letter, 0
			end += 2
			continue
		}
		c, size := classAt(s, end)
		switch c {
		case letter, digit:
			if c == digit {
				digits++
			} else {
				digits = 0
			}
			last = c
			end += size
			continue
		case nothing:
			if k, _ := classAt(s, end+size); k == letter || k == digit || k == nothing {
				end += size
				continue
			}
		case apostrophe, point, hyphen, slash:
			n := size
			if c == slash && end+1 < len(s) && s[end+1] == '-' { // directeur/-trice
				n++
			}
			if k, _ := classAt(s, end+n); k == letter || k == digit {
				digits = 0
				end += n
				continue
			}
		case comma:
			if k, _ := classAt(s, end+size); k == digit && last == digit {
				digits = 0
				end += size
				continue
			}
		case blank:
			if last == digit && digits <= 3 && threeDigits(s, end+size) {
				digits = 0
				end += size
				continue
			}
			if end+size >= len(s) || s[end+size] != '(' && s[end+size] != '[' {
				break
			}
			if n := endingInBrackets(s, end+size); n > 0 && last == letter && isEnding(s[end+size:end+size+n]) {
				end += size + n // étudiant (e)
				continue
			}
		case bracket:
			if n := endingInBrackets(s, end); n > 0 && last == letter {
				end += n
				continue
			}
		}
		return start, end
	}
	return start, end
}

// threeDigits reports whether exactly three digits stand at i.
func threeDigits(s string, i int) bool {
	for range 3 {
		if c, size := classAt(s, i); c != digit || size != 1 {
			return false
		}
		i++
	}
	c, _ := classAt(s, i)
	return c != digit && c != letter
}

// endingInBrackets returns the length of "(e)", "[trice]", "(-e)" at i, or 0.
func endingInBrackets(s string, i int) int {
	if i >= len(s) || s[i] != '(' && s[i] != '[' {
		return 0
	}
	n, letters := 1, 0
	if c, size := classAt(s, i+1); c == hyphen || c == point {
		n += size
	}
	for letters <= 6 {
		c, size := classAt(s, i+n)
		if c != letter {
			break
		}
		letters++
		n += size
	}
	if letters == 0 || letters > 6 || i+n >= len(s) || s[i+n] != s[i]+1 && s[i+n] != s[i]+2 {
		return 0
	}
	return n + 1
}

// isEnding reports whether what stands in brackets can be an ending.
func isEnding(bracketed string) bool {
	ending := Fold(strings.Trim(bracketed, "()[]-·."))
	return tails[ending] || debris[ending]
}
