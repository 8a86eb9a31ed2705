package trame

import (
	"fmt"
	"strings"
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
//	-mot, SAUF mot, NOT   without it; titre:-mot too
//	a OU b, OR, |         one of them; binds less than all of them (ET, AND)
//	( )                   groups
//	titre: auteur: source: theme: type: pays:   before a word, a phrase or a group
//	date:2015, date:2015..2018, date:2015-03..  when it was published
//	mot*                  the beginning of a word, three letters or more
//
// Operators are in capitals. What is unfinished is read as it was meant: an open
// quote closes at the end, a lone operator or bracket is left out; a dash, a
// full-width sign or a guillemet of another keyboard is the sign that it stands
// for. [Remarks] says where that was a guess. The error is a [*QueryError] with
// Field "q". A text without words gives a nil Expr.
func ParseExpr(text string) (Expr, error) {
	if len(text) > MaxExprBytes {
		return nil, &QueryError{Field: "q", At: border(text, MaxExprBytes), Msg: fmt.Sprintf("La recherche est trop longue : %d octets au plus.", MaxExprBytes)}
	}
	return newExprParser(text, MaxExprTerms).parse()
}

type exprParser struct {
	text    string // with plain signs
	offsets []int  // of the bytes of text in what was written; nil when they are the same
	max     int    // terms
	at      int    // the byte to read next
	terms   int
	depth   int
	field   string   // of the brackets we are in
	words   []WordAt // for WordsIn
	remarks []string // for Remarks
}

func newExprParser(text string, terms int) *exprParser {
	p := &exprParser{max: terms}
	p.text, p.offsets = plainSigns(text)
	return p
}

// written returns the place in the text as it was written of a byte of p.text.
func (p *exprParser) written(at int) int {
	if p.offsets == nil {
		return at
	}
	return p.offsets[at]
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
	return &QueryError{Field: "q", At: p.written(at), Msg: fmt.Sprintf(format, args...)}
}

// or reads up to the end or a closing bracket, which it leaves.
func (p *exprParser) or() (Expr, error) {
	var either, all []Expr
	for {
		p.skipSpace()
		switch {
		case p.atEnd():
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

// atEnd reports whether nothing is left of the text or of the group.
func (p *exprParser) atEnd() bool { return p.at >= len(p.text) || p.text[p.at] == ')' }

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

// unary reads something with or without signs of negation and a field. Several
// signs are one: nobody who writes « SAUF -mot » wants the word. It always moves
// on.
func (p *exprParser) unary() (Expr, error) {
	outer := p.field
	defer func() { p.field = outer }()
	negated := p.signs()
	start := p.at
	if field, n := fieldAt(p.text[p.at:]); n > 0 {
		p.at += n
		p.field = field
		negated = p.signs() || negated
		if p.atEnd() || p.atOperator() {
			return nil, p.fail(start, "Il manque un mot après « %s: ». Écrivez par exemple %s.", field, fieldExample[field])
		}
	}
	if p.atEnd() || p.atOperator() {
		return nil, nil
	}
	e, err := p.primary()
	if negated && e != nil {
		e = Not{e}
	}
	return e, err
}

// primary reads a group, a phrase or a word.
func (p *exprParser) primary() (Expr, error) {
	r, size := utf8.DecodeRuneInString(p.text[p.at:])
	switch {
	case r == '(':
		return p.group()
	case quotes[r] != 0:
		return p.phrase(size, quotes[r])
	}
	return p.stretch()
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
var quotes = map[rune]rune{'"': '"', '«': '»', '“': '”', '”': '”', '„': '“', '»': '»'}

func (p *exprParser) phrase(size int, closing rune) (Expr, error) {
	start := p.at
	p.at += size
	first := p.at
	inside, after := p.text[p.at:], len(p.text)
	for i, r := range inside {
		if r == closing || r == '"' || closing == '“' && r == '”' || closing == '"' && r == '”' {
			after = p.at + i + utf8.RuneLen(r)
			inside = inside[:i]
			break
		}
	}
	p.at = after
	slop, err := p.slop()
	if err != nil {
		return nil, err
	}
	text := strings.Join(strings.FieldsFunc(inside, isSpace), " ")
	if !meaningful(text) {
		return nil, nil
	}
	if err := p.count(start, len(strings.FieldsFunc(text, partsWords))); err != nil {
		return nil, err
	}
	switch {
	case p.field == FieldDate:
		return p.date(start, text)
	case isKeyword(p.field):
		return Word{p.field, fieldValue(p.field, text)}, nil
	}
	p.noteWords(first, inside)
	if strings.Contains(inside, "*") {
		p.remark("Entre guillemets, l’astérisque n’est pas lu : les mots y sont entiers.")
	}
	return Phrase{p.field, text, slop}, nil
}

// slop reads ~5 after a phrase; before a number, spaces may stand before it.
func (p *exprParser) slop() (int, error) {
	rest := p.text[p.at:]
	near, ok := strings.CutPrefix(strings.TrimLeftFunc(rest, isSpace), "~")
	if !ok || rest[0] != '~' && strings.IndexAny(near, "0123456789") != 0 {
		return 0, nil
	}
	p.at = len(p.text) - len(near)
	start, slop := p.at, 0
	for ; p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9'; p.at++ {
		slop = min(slop*10+int(p.text[p.at]-'0'), MaxSlop)
	}
	if p.at == start {
		return 0, p.fail(start-1, "Après « ~ » il faut un nombre de mots. Écrivez par exemple \"secret partagé\"~5.")
	}
	return slop, nil
}

func (p *exprParser) count(at, n int) error {
	if p.terms += n; p.terms > p.max {
		return p.fail(at, "Il y a trop de mots : %d au plus.", p.max)
	}
	return nil
}

// stretch reads what stands up to a space, a quote, a bracket or a bar.
func (p *exprParser) stretch() (Expr, error) {
	start := p.at
	p.at += wordLength(p.text[p.at:])
	text := p.text[start:p.at]
	switch {
	case p.field == FieldDate:
		if err := p.count(start, 1); err != nil {
			return nil, err
		}
		return p.date(start, text)
	case isKeyword(p.field):
		return p.keyword(start, text)
	}
	p.noteField(start, text)
	var all []Expr
	glued := start > 0 && !isSpace(lastRune(p.text[:start]))
	var sign rune // that parts a word from the one before
	for i := 0; i < len(text); {
		n := strings.IndexFunc(text[i:], partsWords)
		if n < 0 {
			n = len(text) - i
		}
		part := text[i : i+n]
		if weight := glued && (sign == '~' || sign == '^') && isNumber(part); !weight {
			e, err := p.word(start+i, part)
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
		glued = glued && i == 0 || part != ""
		if i += n; i < len(text) {
			r, size := utf8.DecodeRuneInString(text[i:])
			if i += size; glued {
				p.noteSign(r, text[i:])
			}
			sign = r
		}
	}
	return join[And](all), nil
}

// keyword reads the value of a field that holds identifiers.
func (p *exprParser) keyword(at int, text string) (Expr, error) {
	text = strings.Trim(text, ",;!?")
	if !meaningful(text) {
		return nil, nil
	}
	if err := p.count(at, 1); err != nil {
		return nil, err
	}
	if strings.Contains(text, "*") {
		return p.prefix(at, text)
	}
	return Word{p.field, fieldValue(p.field, text)}, nil
}

// word reads one word, or the beginning of one.
func (p *exprParser) word(at int, text string) (Expr, error) {
	skipped, text := trimWord(text)
	if !meaningful(text) {
		return nil, nil
	}
	if err := p.count(at, 1); err != nil {
		return nil, err
	}
	if strings.Contains(text, "*") {
		return p.prefix(at, text)
	}
	p.noteWord(at+skipped, text)
	return Word{p.field, text}, nil
}

// prefix reads what holds an asterisk. The three letters are asked of what stands
// behind the last hyphen or apostrophe: that is what is looked up.
func (p *exprParser) prefix(at int, text string) (Expr, error) {
	beginning := strings.TrimRight(text, "*")
	last := beginning[strings.LastIndexFunc(beginning, notOfWord)+1:]
	switch {
	case strings.Contains(beginning, "*") || beginning == text:
		return nil, p.fail(at, "L’astérisque ne se met qu’à la fin d’un mot. Écrivez par exemple « éducat* ».")
	case letters(last) < 3 && letters(beginning) >= 3:
		return nil, p.fail(at, "Il faut au moins trois lettres entre le dernier signe du mot et l’astérisque. Écrivez par exemple « médico-soc* ».")
	case letters(last) < 3:
		return nil, p.fail(at, "Il faut au moins trois lettres avant l’astérisque. Écrivez par exemple « éducat* ».")
	case isKeyword(p.field):
		beginning = fieldValue(p.field, beginning)
	}
	return Prefix{p.field, beginning}, nil
}
