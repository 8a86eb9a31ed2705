package read

import (
	"fmt"
	"slices"
	"strings"

	"trame"
	"trame/french"
)

// Classifier holds the parsed queries of a list of themes, compiled: every term
// that a query names has a number, and of an article only the places of those
// terms are kept. It is safe for use by many goroutines.
type Classifier struct {
	themes   []compiled
	terms    map[string]int32 // french.Token.Term to its number
	prefixes map[string][]prefix
	count    int32 // of numbers given
	leaves   []leaf
	known    map[string]int // leaf by its written form
}

type compiled struct {
	id   string
	test test
}

// prefix is the beginning of a word asked for. Prefixes are kept by their first
// bytes, prefixKey of them or, in vivre-e*, fewer.
type prefix struct {
	text   string
	number int32
}

const prefixKey = 3

// leaf is a word, phrase or prefix: terms that follow one another at given
// distances, each in one of several forms.
type leaf struct {
	title bool // in the title alone
	steps []step
	slop  int
}

type step struct {
	offset  int32
	numbers []int32
}

// test is a node of a compiled query.
type test struct {
	op        byte // 'A' and, 'O' or, 'N' not, 'L' leaf, 'F' field, 'D' date
	parts     []test
	leaf      int
	field     string
	value     string
	beginning bool // value is the beginning of a word
	dates     trame.DateRange
}

// NewClassifier parses the themes' queries; the error names the theme.
func NewClassifier(themes []trame.Theme) (*Classifier, error) {
	c := &Classifier{terms: map[string]int32{}, prefixes: map[string][]prefix{}, known: map[string]int{}}
	for _, t := range themes {
		e, err := trame.ParseExpr(t.Query)
		if err != nil {
			return nil, fmt.Errorf("theme %s: query: %w", t.ID, err)
		}
		if e == nil {
			return nil, fmt.Errorf("theme %s: an empty query would match every article", t.ID)
		}
		q, ok := c.compile(e)
		if !ok {
			return nil, fmt.Errorf("theme %s: its query holds only words that are never looked up", t.ID)
		}
		c.themes = append(c.themes, compiled{t.ID, q})
	}
	return c, nil
}

// compile returns the test of an expression, as the index plans it in a strict
// search. Words that are never looked up (stop words) ask for nothing: ok is
// false for them, and for what holds nothing else.
func (c *Classifier) compile(e trame.Expr) (t test, ok bool) {
	switch e := e.(type) {
	case trame.And:
		return c.compileAll('A', joinSans(e))
	case trame.Or:
		return c.compileAll('O', e)
	case trame.Not:
		of, ok := c.compile(e.Of)
		return test{op: 'N', parts: []test{of}}, ok
	case trame.Word:
		return c.compileWords(e.Field, e.Text, 0)
	case trame.Phrase:
		return c.compileWords(e.Field, e.Text, e.Slop)
	case trame.Prefix:
		return c.compilePrefix(e)
	case trame.DateRange:
		return test{op: 'D', dates: e}, true
	}
	return test{}, false
}

func (c *Classifier) compileAll(op byte, parts []trame.Expr) (test, bool) {
	t := test{op: op}
	for _, p := range parts {
		if part, ok := c.compile(p); ok {
			t.parts = append(t.parts, part)
		}
	}
	return t, len(t.parts) > 0
}

// joinSans makes one word of « sans » and « abri » where they make one term.
func joinSans(parts trame.And) []trame.Expr {
	var out []trame.Expr
	for _, p := range parts {
		w, isWord := p.(trame.Word)
		if n := len(out); n > 0 && isWord {
			before, ok := out[n-1].(trame.Word)
			if both := before.Text + " " + w.Text; ok && before.Field == w.Field && strings.EqualFold(before.Text, "sans") && len(french.Analyze(both)) == 1 {
				out[n-1] = trame.Word{Field: w.Field, Text: both}
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// compileWords compiles a word or a phrase: one term, or several that follow one
// another, with gaps where stop words stand.
func (c *Classifier) compileWords(field, text string, slop int) (test, bool) {
	if field != "" && field != trame.FieldTitle {
		return test{op: 'F', field: field, value: text}, true
	}
	tokens := french.Analyze(text)
	if len(tokens) == 0 {
		return test{}, false
	}
	form := fmt.Sprint(field, "\x00", slop)
	l := leaf{title: field == trame.FieldTitle, slop: slop}
	for _, t := range tokens {
		offset := int32(t.Position - tokens[0].Position)
		form += fmt.Sprint("\x00", offset, t.Term)
		n := c.number(t.Term)
		if k := len(l.steps); k > 0 && l.steps[k-1].offset == offset {
			l.steps[k-1].numbers = append(l.steps[k-1].numbers, n)
			continue
		}
		l.steps = append(l.steps, step{offset, []int32{n}})
	}
	return test{op: 'L', leaf: c.remember(form, l)}, true
}

// compilePrefix compiles the beginning of a word; of vivre-ens*, the words before
// the last are asked for whole.
func (c *Classifier) compilePrefix(e trame.Prefix) (test, bool) {
	if e.Field != "" && e.Field != trame.FieldTitle {
		return test{op: 'F', field: e.Field, value: e.Text, beginning: true}, true
	}
	words := french.Words(e.Text)
	if len(words) == 0 {
		return test{}, false
	}
	last := words[len(words)-1]
	l := leaf{title: e.Field == trame.FieldTitle, steps: []step{{0, []int32{c.beginning(last)}}}}
	t := test{op: 'L', leaf: c.remember(e.Field+"\x00*"+last, l)}
	if before, ok := c.compileWords(e.Field, strings.Join(words[:len(words)-1], " "), 0); ok {
		t = test{op: 'A', parts: []test{before, t}}
	}
	return t, true
}

// beginning returns the number of a prefix.
func (c *Classifier) beginning(p string) int32 {
	first := p[:min(len(p), prefixKey)]
	for _, have := range c.prefixes[first] {
		if have.text == p {
			return have.number
		}
	}
	n := c.count
	c.count++
	c.prefixes[first] = append(c.prefixes[first], prefix{p, n})
	return n
}

func (c *Classifier) number(term string) int32 {
	n, ok := c.terms[term]
	if !ok {
		n = c.count
		c.count++
		c.terms[term] = n
	}
	return n
}

func (c *Classifier) remember(form string, l leaf) int {
	i, ok := c.known[form]
	if !ok {
		i = len(c.leaves)
		c.leaves = append(c.leaves, l)
		c.known[form] = i
	}
	return i
}

// Classify returns the ids of the themes whose queries match an article's title
// and text to the letter, and those that its section maps to, in theme order.
func (c *Classifier) Classify(a trame.Article, sections map[string]string) []string {
	s := c.study(a)
	mapped := ""
	if a.Section != "" && len(sections) > 0 {
		mapped = sectionTheme(a.Section, sections)
	}
	var out []string
	for _, t := range c.themes {
		if t.id == mapped || s.holds(t.test) {
			out = append(out, t.id)
		}
	}
	return out
}

// sectionTheme returns the theme that a section is mapped to, whatever its
// capitals and accents.
func sectionTheme(section string, sections map[string]string) string {
	if t, ok := sections[section]; ok {
		return t
	}
	k := key(section)
	for name, theme := range sections {
		if key(name) == k {
			return theme
		}
	}
	return ""
}

// study is what one article holds of the terms that themes ask for.
type study struct {
	c      *Classifier
	a      *trame.Article
	places [][]int32 // by number, ascending
	title  int32     // places up to this one are the title's
	asked  []byte    // by leaf: 0 not asked yet, 1 no, 2 yes
}

// textGap parts title and text so that no phrase reaches over both.
const textGap = 1000

// study finds the places of the terms. An article without text is known by its
// summary, as in the index.
func (c *Classifier) study(a trame.Article) *study {
	s := &study{c: c, a: &a, places: make([][]int32, c.count), asked: make([]byte, len(c.leaves))}
	text := a.Text
	if text == "" {
		text = a.Summary
	}
	tokens := french.Analyze(a.Title)
	if n := len(tokens); n > 0 {
		s.title = int32(tokens[n-1].Position)
	}
	s.add(tokens, 0)
	s.add(french.Analyze(text), s.title+textGap)
	return s
}

func (s *study) add(tokens []french.Token, from int32) {
	for i := range tokens {
		t := &tokens[i]
		at := from + int32(t.Position)
		if n, ok := s.c.terms[t.Term]; ok {
			s.places[n] = append(s.places[n], at)
		}
		for n := 1; n <= min(len(t.Exact), prefixKey); n++ {
			for _, p := range s.c.prefixes[t.Exact[:n]] {
				if strings.HasPrefix(t.Exact, p.text) {
					s.places[p.number] = append(s.places[p.number], at)
				}
			}
		}
	}
}

func (s *study) holds(t test) bool {
	switch t.op {
	case 'A':
		for _, p := range t.parts {
			if !s.holds(p) {
				return false
			}
		}
		return true
	case 'O':
		for _, p := range t.parts {
			if s.holds(p) {
				return true
			}
		}
		return false
	case 'N':
		return !s.holds(t.parts[0])
	case 'L':
		if s.asked[t.leaf] == 0 {
			s.asked[t.leaf] = 1
			if s.found(&s.c.leaves[t.leaf]) {
				s.asked[t.leaf] = 2
			}
		}
		return s.asked[t.leaf] == 2
	case 'F':
		return s.field(t.field, t.value, t.beginning)
	case 'D':
		return inRange(s.a.Published, t.dates)
	}
	return false
}

// found reports whether a leaf stands in the article.
func (s *study) found(l *leaf) bool {
	for _, st := range l.steps {
		if !slices.ContainsFunc(st.numbers, func(n int32) bool { return len(s.places[n]) > 0 }) {
			return false
		}
	}
	for _, n := range l.steps[0].numbers {
		for _, at := range s.places[n] {
			if l.title && at > s.title {
				break
			}
			if l.slop == 0 && s.follows(l, at) || l.slop > 0 && s.around(l, at) {
				return true
			}
		}
	}
	return false
}

// follows reports whether the steps of a leaf follow from a place.
func (s *study) follows(l *leaf, at int32) bool {
	for _, st := range l.steps[1:] {
		if !s.anyAt(st.numbers, at+st.offset, at+st.offset) {
			return false
		}
	}
	return true
}

// around reports whether all steps of a leaf stand, in any order, in one window
// that holds a place, with at most slop other words between.
func (s *study) around(l *leaf, at int32) bool {
	span := int32(len(l.steps) - 1 + l.slop)
	for from := at - span; from <= at; from++ {
		all := true
		for _, st := range l.steps[1:] {
			if !s.anyAt(st.numbers, from, from+span) {
				all = false
				break
			}
		}
		if all {
			return true
		}
	}
	return false
}

// anyAt reports whether one of the terms stands between two places.
func (s *study) anyAt(numbers []int32, from, to int32) bool {
	for _, n := range numbers {
		i, exact := slices.BinarySearch(s.places[n], from)
		if exact || i < len(s.places[n]) && s.places[n][i] <= to {
			return true
		}
	}
	return false
}

// field compares a value with a field of the article: names of authors by their
// words, the rest whole, as the facets of the index do.
func (s *study) field(name, value string, beginning bool) bool {
	fits := func(have string) bool {
		return strings.EqualFold(have, value) || beginning && len(have) >= len(value) && strings.EqualFold(have[:len(value)], value)
	}
	switch name {
	case trame.FieldTheme:
		return slices.ContainsFunc(s.a.Themes, fits)
	case trame.FieldSource:
		return fits(s.a.Source)
	case trame.FieldType:
		return fits(s.a.Type)
	case trame.FieldCountry:
		return fits(s.a.Country)
	case trame.FieldAuthor:
		return signedBy(s.a.Authors, value, beginning)
	}
	return false
}

// signedBy reports whether the words asked for follow one another in the name of
// an author.
func signedBy(authors []string, value string, beginning bool) bool {
	asked := " " + strings.Join(french.Words(value), " ")
	if asked == " " {
		return false
	}
	if !beginning {
		asked += " "
	}
	return slices.ContainsFunc(authors, func(name string) bool {
		return strings.Contains(" "+strings.Join(french.Words(name), " ")+" ", asked)
	})
}

func inRange(d trame.Date, r trame.DateRange) bool {
	if d.IsZero() {
		return false
	}
	return (r.From.IsZero() || d.Number() >= r.From.Number()) && (r.To.IsZero() || d.Number() <= r.To.Last().Number())
}
