package french

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"trame"
)

// Matcher holds queries, compiled together, and answers which of them an article
// matches to the letter: as a strict search would, without an index. Every term
// that a query names has a number, and of an article only the places of those
// terms are kept. Once all queries are added it is safe for use by many
// goroutines.
type Matcher struct {
	// Label names a value of a field for people: theme:"Santé mentale" asks for
	// it as theme:sante-mentale does. It may be nil.
	Label func(field, value string) string

	queries  []matchNode
	terms    map[string]int32 // Token.Term to its number
	sieve    [sieveSize / 64]uint64
	prefixes [256][]matchPrefix // by first byte
	count    int32              // of numbers given
	leaves   []matchLeaf
	known    map[string]int // leaf by its written form
	readings sync.Pool
}

// matchPrefix is the beginning of a word asked for.
type matchPrefix struct {
	text   string
	number int32
}

// matchLeaf is a word, phrase or prefix, in each of the rows that it may be
// written as.
type matchLeaf struct {
	title bool // in the title alone
	slop  int32
	rows  [][]matchSlot
}

// matchSlot is a [Slot] by numbers.
type matchSlot struct {
	offset  int32
	numbers []int32
}

// matchNode is a part of a compiled query.
type matchNode struct {
	op    matchOp
	parts []matchNode
	leaf  int
	fits  func(*trame.Article) bool
}

type matchOp uint8

const (
	matchAll matchOp = iota
	matchAny
	matchNot
	matchWords // leaf
	matchField // fits
	matchNothing
)

// Add compiles a query and returns its number, from 0. Words that are never
// looked up ask for nothing; ok is false where a query holds nothing else, and it
// matches no article then. A nil query matches every article.
func (m *Matcher) Add(e trame.Expr) (query int, ok bool) {
	if m.terms == nil {
		m.terms, m.known = map[string]int32{}, map[string]int{}
	}
	n, ok := matchNode{}, true
	if e != nil {
		n, ok = m.compile(e)
	}
	if !ok {
		n = matchNode{op: matchNothing}
	}
	m.queries = append(m.queries, n)
	return len(m.queries) - 1, ok
}

func (m *Matcher) compile(e trame.Expr) (n matchNode, ok bool) {
	switch e := e.(type) {
	case trame.And:
		return m.compileAll(matchAll, JoinSans(e))
	case trame.Or:
		return m.compileAll(matchAny, e)
	case trame.Not:
		of, ok := m.compile(e.Of)
		return matchNode{op: matchNot, parts: []matchNode{of}}, ok
	case trame.Word:
		return m.compileWords(e.Field, e.Text, 0)
	case trame.Phrase:
		return m.compileWords(e.Field, e.Text, e.Slop)
	case trame.Prefix:
		return m.compilePrefix(e)
	case trame.DateRange:
		return matchNode{op: matchField, fits: func(a *trame.Article) bool { return published(a.Published, e) }}, true
	}
	return matchNode{}, false
}

func (m *Matcher) compileAll(op matchOp, parts []trame.Expr) (matchNode, bool) {
	n := matchNode{op: op}
	for _, p := range parts {
		if part, ok := m.compile(p); ok {
			n.parts = append(n.parts, part)
		}
	}
	return n, len(n.parts) > 0
}

func (m *Matcher) compileWords(field, text string, slop int) (matchNode, bool) {
	if field != "" && field != trame.FieldTitle {
		return m.compileField(field, text, false)
	}
	l := matchLeaf{title: field == trame.FieldTitle, slop: int32(slop)}
	rows := Rows(text)
	for _, row := range rows {
		var numbered []matchSlot
		for _, s := range row {
			slot := matchSlot{offset: int32(s.Offset)}
			for _, t := range s.Terms {
				slot.numbers = append(slot.numbers, m.number(t))
			}
			numbered = append(numbered, slot)
		}
		l.rows = append(l.rows, numbered)
	}
	return matchNode{op: matchWords, leaf: m.remember(fmt.Sprint(field, slop, rows), l)}, len(rows) > 0
}

// compilePrefix compiles the beginning of a word; of vivre-ens*, the words before
// the last are asked for whole.
func (m *Matcher) compilePrefix(e trame.Prefix) (matchNode, bool) {
	if e.Field != "" && e.Field != trame.FieldTitle {
		return m.compileField(e.Field, e.Text, true)
	}
	words := Words(e.Text)
	if len(words) == 0 {
		return matchNode{}, false
	}
	last := words[len(words)-1]
	l := matchLeaf{title: e.Field == trame.FieldTitle, rows: [][]matchSlot{{{0, []int32{m.beginning(last)}}}}}
	n := matchNode{op: matchWords, leaf: m.remember(e.Field+"*"+last, l)}
	if before, ok := m.compileWords(e.Field, strings.Join(words[:len(words)-1], " "), 0); ok {
		n = matchNode{op: matchAll, parts: []matchNode{before, n}}
	}
	return n, true
}

// beginning returns the number of a prefix.
func (m *Matcher) beginning(p string) int32 {
	same := m.prefixes[p[0]]
	for _, have := range same {
		if have.text == p {
			return have.number
		}
	}
	n := m.count
	m.count++
	m.prefixes[p[0]] = append(same, matchPrefix{p, n})
	return n
}

// sieveSize is how many bits tell most terms that no query names from the others.
const sieveSize = 1 << 12

// sieveBit returns the bit of a term, which is never empty.
func sieveBit(term string) uint {
	n := len(term)
	return (uint(term[0])*961 + uint(term[n/2])*31 + uint(term[n-1])*7 + uint(n)) % sieveSize
}

func (m *Matcher) number(term string) int32 {
	n, ok := m.terms[term]
	if !ok {
		n = m.count
		m.count++
		m.terms[term] = n
		bit := sieveBit(term)
		m.sieve[bit/64] |= 1 << (bit % 64)
	}
	return n
}

func (m *Matcher) remember(form string, l matchLeaf) int {
	i, ok := m.known[form]
	if !ok {
		i = len(m.leaves)
		m.leaves = append(m.leaves, l)
		m.known[form] = i
	}
	return i
}

// compileField compiles a word of a field that holds names or identifiers.
// Authors are found by a word, or several in a row, of their name; the rest by
// their identifiers or by the labels that people see.
func (m *Matcher) compileField(field, text string, beginning bool) (matchNode, bool) {
	asked := strings.Join(Words(text), " ")
	if field == trame.FieldAuthor {
		fits := func(a *trame.Article) bool { return signedBy(a.Authors, asked, beginning) }
		return matchNode{op: matchField, fits: fits}, asked != ""
	}
	values := map[string]func(*trame.Article) []string{
		trame.FieldTheme:   func(a *trame.Article) []string { return a.Themes },
		trame.FieldSource:  func(a *trame.Article) []string { return []string{a.Source} },
		trame.FieldType:    func(a *trame.Article) []string { return []string{a.Type} },
		trame.FieldCountry: func(a *trame.Article) []string { return []string{a.Country} },
	}[field]
	if values == nil {
		return matchNode{}, false
	}
	return matchNode{op: matchField, fits: func(a *trame.Article) bool {
		return slices.ContainsFunc(values(a), func(v string) bool {
			switch {
			case v == "":
				return false
			case beginning:
				return strings.HasPrefix(strings.ToLower(v), strings.ToLower(text))
			}
			return strings.EqualFold(v, text) || asked != "" && strings.Join(Words(m.label(a, field, v)), " ") == asked
		})
	}}, true
}

// label returns what people read for a value of a field.
func (m *Matcher) label(a *trame.Article, field, value string) string {
	switch {
	case field == trame.FieldSource:
		return a.SourceName
	case m.Label == nil:
		return ""
	}
	return m.Label(field, value)
}

// signedBy reports whether the words asked for follow one another in the name of
// an author.
func signedBy(authors []string, asked string, beginning bool) bool {
	asked = " " + asked
	if !beginning {
		asked += " "
	}
	return slices.ContainsFunc(authors, func(name string) bool {
		return strings.Contains(" "+strings.Join(Words(name), " ")+" ", asked)
	})
}

// published reports whether a date lies in a span as far as it is known: 2015
// lies in 2014 to 2016, and not in March 2015.
func published(d trame.Date, span trame.DateRange) bool {
	to := span.To.Last().Number()
	return !d.IsZero() && d.Number() >= span.From.Number() && (to == 0 || d.Last().Number() <= to)
}
