package trame

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }

// isMinus reports whether a sign before a word means that it is not wanted: a
// hyphen, and what keyboards and word processors write in its place. An em dash
// is punctuation.
func isMinus(r rune) bool { return strings.ContainsRune("-–−‐‑﹣", r) }

// partsWords reports whether a sign within a stretch of text parts two words.
func partsWords(r rune) bool {
	return isSpace(r) || strings.ContainsRune(`:;,!?{}[]<>\=+&…#@~^`, r)
}

// notOfWord reports whether a sign is neither letter nor digit nor accent.
func notOfWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func meaningful(s string) bool { return letters(s) > 0 }

// isNumber reports whether s is a number or nothing, as after mot~ and mot^.
func isNumber(s string) bool {
	return strings.Trim(s, "0123456789.-e") == "" && !strings.HasPrefix(s, "e")
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// border returns the last place up to at where a character of s begins.
func border(s string, at int) int {
	for at > 0 && at < len(s) && !utf8.RuneStart(s[at]) {
		at--
	}
	return min(at, len(s))
}

// plainSign returns the sign that another one stands for: those of wide keyboards
// and other quotation marks.
func plainSign(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case strings.ContainsRune("″‟❝❞〝〞", r):
		return '"'
	case r == '‹':
		return '«'
	case r == '›':
		return '»'
	}
	return r
}

// plainSigns writes a text with plain signs and without characters that show
// nothing (soft hyphens, marks of direction, joiners), with the places of its
// bytes in s, which are nil when nothing changes. << and >> are guillemets.
func plainSigns(s string) (string, []int) {
	odd := func(r rune) bool { return r >= 0x80 && (plainSign(r) != r || unicode.Is(unicode.Cf, r)) }
	if !strings.ContainsFunc(s, odd) && !strings.Contains(s, "<<") && !strings.Contains(s, ">>") {
		return s, nil
	}
	var b strings.Builder
	var offsets []int
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		text := s[i : i+size]
		switch rest := s[i:]; {
		case unicode.Is(unicode.Cf, r):
			text = ""
		case r == utf8.RuneError: // or two broken bytes would make a character
			text = " "
		case strings.HasPrefix(rest, "<<"):
			text, size = "«", 2
		case strings.HasPrefix(rest, ">>"):
			text, size = "»", 2
		case plainSign(r) != r:
			text = string(plainSign(r))
		}
		b.WriteString(text)
		for range len(text) {
			offsets = append(offsets, i)
		}
		i += size
	}
	return b.String(), append(offsets, len(s))
}

func (p *exprParser) skipSpace() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !isSpace(r) {
			return
		}
		p.at += size
	}
}

// wordLength returns the length of the stretch at the beginning of s that holds
// no space, quote, bar or bracket. A bracket that belongs to a word stays:
// étudiant(e)s. It is never 0 unless s is empty.
func wordLength(s string) int {
	var last rune
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '(' && unicode.IsLetter(last):
			if n := bracketedEnding(s[i:]); n > 0 {
				i += n
				last = ')'
				continue
			}
			return i
		case i > 0 && (isSpace(r) || quotes[r] != 0 || r == '|' || r == '(' || r == ')'):
			return i
		}
		last = r
		i += size
	}
	return len(s)
}

// bracketedEnding returns the length of « (e) » or « (trice) » at the beginning
// of s, or 0.
func bracketedEnding(s string) int {
	for i, r := range s[1:] {
		if r == ')' && i > 0 {
			return i + 2
		}
		if !unicode.IsLetter(r) || i > 12 {
			break
		}
	}
	return 0
}

// trimWord takes away the signs around a word, but the bracket of étudiant(e).
// It also returns how many bytes stood before it.
func trimWord(s string) (skipped int, word string) {
	sign := func(r rune) bool { return r != '*' && notOfWord(r) }
	inner := strings.TrimLeftFunc(s, sign)
	skipped = len(s) - len(inner)
	word = strings.TrimRightFunc(inner, sign)
	if strings.HasPrefix(inner[len(word):], ")") && strings.Contains(word, "(") {
		word += ")"
	}
	return skipped, word
}

// signs takes the signs and words of negation that stand here, and reports
// whether there is one. A dash before a space is punctuation, and taken without
// meaning, as are a plus (all words are wanted anyway) and the dash of « -25 ans ».
func (p *exprParser) signs() (negated bool) {
	for {
		p.skipSpace()
		rest := p.text[p.at:]
		after := strings.TrimLeftFunc(rest, isMinus)
		switch {
		case len(after) < len(rest):
			p.at += len(rest) - len(after)
			r, _ := utf8.DecodeRuneInString(after)
			if isAge(after) {
				p.remark("« -%s ans » a été lu comme un âge. Pour écarter le nombre, écrivez SAUF %[1]s.", after[:2])
			} else {
				negated = negated || after != "" && !isSpace(r) && r != ')'
			}
		case strings.HasPrefix(rest, "+"):
			p.at++
		case p.operator("SAUF", "NOT"):
			negated = true
		default:
			return negated
		}
	}
}

// isAge reports whether s begins as « 25 ans ».
func isAge(s string) bool {
	digits := func(r rune) bool { return r >= '0' && r <= '9' }
	rest := strings.TrimLeftFunc(s, digits)
	if len(s)-len(rest) != 2 {
		return false
	}
	years := strings.TrimLeftFunc(rest, isSpace)
	end, ok := strings.CutPrefix(years, "ans")
	return ok && len(years) < len(rest) && !unicode.IsLetter(firstRune(end))
}

// operator takes one of the operators if it stands here.
func (p *exprParser) operator(names ...string) bool {
	n := operatorAt(p.text[p.at:], names)
	p.at += n
	return n > 0
}

func (p *exprParser) atOperator() bool {
	return operatorAt(p.text[p.at:], operators) > 0
}

var operators = []string{"OU", "OR", "|", "ET", "AND", "&", "SAUF", "NOT"}

// operatorAt returns the length of the operator at the beginning of s, or 0.
func operatorAt(s string, names []string) int {
	for _, name := range names {
		rest, ok := strings.CutPrefix(s, name)
		if !ok {
			continue
		}
		if name == "|" || name == "&" { // also doubled
			rest = strings.TrimLeft(rest, name)
			return len(s) - len(rest)
		}
		r, _ := utf8.DecodeRuneInString(rest)
		if rest == "" || isSpace(r) || quotes[r] != 0 || r == '(' || r == ')' || r == '|' {
			return len(name)
		}
	}
	return 0
}

// shorten cuts a text that is quoted in a message.
func shorten(s string, n int) string {
	if r := []rune(strings.ToValidUTF8(s, "")); len(r) > n {
		return string(r[:n]) + "…"
	}
	return strings.ToValidUTF8(s, "")
}
