package trame

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of [ParseExpr]; queries from outside have the narrower ones of [Query].
const (
	MaxExprBytes = 16 << 10
	MaxExprTerms = 1024
	MaxExprDepth = 32  // brackets within brackets
	MaxSlop      = 100 // words between the words of "a b"~5
)

// ParseExpr reads the search syntax:
//
//	mots                  all of them
//	"phrase exacte"       also « … » and “ … ”; "a b"~5 for words near each other
//	-mot, SAUF mot, NOT   without it
//	a OU b, OR, |         one of them; binds less than all of them (ET, AND)
//	( )                   groups
//	titre: auteur: source: theme: type: pays:   before a word, a phrase or a group
//	date:2015, date:2015..2018, date:2015-03..  when it was published
//	mot*                  the beginning of a word, three letters or more
//
// Operators are in capitals. What is unfinished is read as it was meant: an open
// quote closes at the end, a lone operator or bracket is left out. The error is a
// [*QueryError] with Field "q". A text without words gives a nil Expr.
func ParseExpr(text string) (Expr, error) {
	if len(text) > MaxExprBytes {
		return nil, &QueryError{Field: "q", At: MaxExprBytes, Msg: fmt.Sprintf("La recherche est trop longue : %d caractères au plus.", MaxExprBytes)}
	}
	p := &exprParser{text: text, max: MaxExprTerms}
	return p.parse()
}

type exprParser struct {
	text  string
	max   int // terms
	at    int // the byte to read next
	terms int
	depth int
	field string // of the brackets we are in
}

func (p *exprParser) parse() (Expr, error) {
	var all []Expr
	for {
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		if p.skipSpace(); p.at >= len(p.text) {
			return join[And](all), nil
		}
		p.at++ // a closing bracket that nothing opened
	}
}

func (p *exprParser) fail(at int, format string, args ...any) error {
	return &QueryError{Field: "q", At: at, Msg: fmt.Sprintf(format, args...)}
}

// or reads up to the end or a closing bracket, which it leaves.
func (p *exprParser) or() (Expr, error) {
	var either, all []Expr
	for {
		p.skipSpace()
		switch {
		case p.at >= len(p.text) || p.text[p.at] == ')':
			return join[Or](append(either, join[And](all))), nil
		case p.operator("OU", "OR", "|"):
			either, all = append(either, join[And](all)), nil
		case p.operator("ET", "AND", "&"):
		default:
			e, err := p.unary()
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
	}
}

// join makes one expression of several; nil ones are left out, and those of the
// same kind are opened.
func join[T interface {
	And | Or
	Expr
}](parts []Expr) Expr {
	var kept []Expr
	for _, e := range parts {
		if e == nil {
			continue
		}
		if same, ok := e.(T); ok {
			kept = append(kept, []Expr(same)...)
			continue
		}
		kept = append(kept, e)
	}
	switch len(kept) {
	case 0:
		return nil
	case 1:
		return kept[0]
	}
	return Expr(T(kept))
}

// unary reads something with or without a sign of negation. Several signs are
// one: nobody who writes « SAUF -mot » wants the word.
func (p *exprParser) unary() (Expr, error) {
	negated := false
	for {
		p.skipSpace()
		if !p.minus() && !p.operator("SAUF", "NOT") {
			break
		}
		negated = true
	}
	if p.at >= len(p.text) || p.text[p.at] == ')' || negated && p.atOperator() {
		return nil, nil
	}
	e, err := p.primary()
	if negated && e != nil {
		e = Not{e}
	}
	return e, err
}

// primary reads a group, a phrase, a word, or one of them after a field. It
// always moves on.
func (p *exprParser) primary() (Expr, error) {
	outer := p.field
	defer func() { p.field = outer }()
	start := p.at
	if field, n := fieldAt(p.text[p.at:]); n > 0 {
		p.at += n
		p.skipSpace()
		if p.at >= len(p.text) || p.text[p.at] == ')' || p.atOperator() {
			return nil, p.fail(start, "Il manque un mot après « %s: ». Écrivez par exemple %s.", field, fieldExample[field])
		}
		p.field = field
	}
	r, size := utf8.DecodeRuneInString(p.text[p.at:])
	switch {
	case r == '(':
		return p.group()
	case quotes[r] != 0:
		return p.phrase(size, quotes[r])
	}
	return p.words()
}

func (p *exprParser) group() (Expr, error) {
	if p.depth++; p.depth > MaxExprDepth {
		return nil, p.fail(p.at, "Il y a trop de parenthèses les unes dans les autres : %d au plus.", MaxExprDepth)
	}
	p.at++
	e, err := p.or()
	p.depth--
	if p.at < len(p.text) {
		p.at++ // the closing bracket
	}
	return e, err
}

// quotes are the opening signs, with those that close; a straight sign closes any.
var quotes = map[rune]rune{'"': '"', '«': '»', '“': '”', '”': '”', '„': '“', '»': '»', '＂': '＂'}

func (p *exprParser) phrase(size int, closing rune) (Expr, error) {
	start := p.at
	p.at += size
	inside, after := p.text[p.at:], len(p.text)
	for i, r := range inside {
		if r == closing || r == '"' || closing == '“' && r == '”' || closing == '"' && r == '”' {
			after = p.at + i + utf8.RuneLen(r)
			inside = inside[:i]
			break
		}
	}
	p.at = after
	slop := 0
	if strings.HasPrefix(p.text[p.at:], "~") {
		p.at++
		n := 0
		for ; p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9'; p.at++ {
			slop = min(slop*10+int(p.text[p.at]-'0'), MaxSlop)
			n++
		}
		if n == 0 {
			return nil, p.fail(p.at-1, "Après « ~ » il faut un nombre de mots. Écrivez par exemple \"secret partagé\"~5.")
		}
	}
	inside = strings.Join(strings.FieldsFunc(inside, isSpace), " ")
	if !meaningful(inside) {
		return nil, nil
	}
	if err := p.count(start, strings.Count(inside, " ")+1); err != nil {
		return nil, err
	}
	switch p.field {
	case FieldDate:
		return p.date(start, inside)
	case FieldSource, FieldTheme, FieldType, FieldCountry:
		return Word{p.field, fieldValue(p.field, inside)}, nil
	}
	return Phrase{p.field, inside, slop}, nil
}

func (p *exprParser) count(at, n int) error {
	if p.terms += n; p.terms > p.max {
		return p.fail(at, "Il y a trop de mots : %d au plus.", p.max)
	}
	return nil
}

// words reads what stands up to a space, a quote, a bracket or a bar.
func (p *exprParser) words() (Expr, error) {
	start := p.at
	p.at += wordLength(p.text[p.at:])
	text := p.text[start:p.at]
	switch p.field {
	case FieldDate:
		if err := p.count(start, 1); err != nil {
			return nil, err
		}
		return p.date(start, text)
	case FieldSource, FieldTheme, FieldType, FieldCountry:
		if text = strings.Trim(text, ",;!?"); !meaningful(text) {
			return nil, nil
		}
		return Word{p.field, fieldValue(p.field, text)}, p.count(start, 1)
	}
	var all []Expr
	for i := 0; i < len(text); {
		n := strings.IndexFunc(text[i:], partsWords)
		if n < 0 {
			n = len(text) - i
		}
		e, err := p.word(start+i, text[i:i+n])
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		i += n
		if i < len(text) {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
		}
	}
	return join[And](all), nil
}

// word reads one word, or the beginning of one.
func (p *exprParser) word(at int, text string) (Expr, error) {
	text, _, _ = strings.Cut(text, "~") // looser spelling and weights are not ours to ask for
	text, _, _ = strings.Cut(text, "^")
	star := strings.IndexByte(text, '*')
	text = trimWord(text)
	if !meaningful(text) {
		return nil, nil
	}
	if err := p.count(at, 1); err != nil {
		return nil, err
	}
	if star < 0 {
		return Word{p.field, text}, nil
	}
	beginning := strings.TrimRight(text, "*")
	if strings.Contains(beginning, "*") || beginning == text {
		return nil, p.fail(at, "L’astérisque ne se met qu’à la fin d’un mot. Écrivez par exemple « éducat* ».")
	}
	if letters(beginning) < 3 {
		return nil, p.fail(at, "Il faut au moins trois lettres avant l’astérisque. Écrivez par exemple « éducat* ».")
	}
	return Prefix{p.field, beginning}, nil
}

// trimWord takes away the signs around a word, but the bracket of étudiant(e).
func trimWord(s string) string {
	sign := func(r rune) bool {
		return r != '*' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}
	s = strings.TrimLeftFunc(s, sign)
	trimmed := strings.TrimRightFunc(s, sign)
	if strings.HasPrefix(s[len(trimmed):], ")") && strings.Contains(trimmed, "(") {
		return trimmed + ")"
	}
	return trimmed
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func meaningful(s string) bool { return letters(s) > 0 }
