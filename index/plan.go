package index

import (
	"slices"
	"strings"

	"trame"
	"trame/french"
)

// A plan is what a query asks of every segment. Its nodes are resolved: words
// are terms, and what a term weighs is known.
type (
	node any

	allOf  []node
	anyOf  []node
	noneOf struct{ of node }
	// mostOf matches what at least least of its parts match.
	mostOf struct {
		of    []node
		least int
	}
	// termNode matches what holds one of its terms; each found adds to the score.
	termNode []clause
	clause   struct {
		field string
		term  []byte
		idf   float64
		exact bool // adds to the score of what another clause has found, and finds nothing
	}
	// bestOf matches what one of its parts matches and scores it by the best of
	// them: one thing written in several ways.
	bestOf []node
	// phraseNode matches what holds its slots in order in one of the fields; with
	// slop, near each other.
	phraseNode struct {
		fields []phraseField
		slots  []slot
		slop   int
	}
	phraseField struct {
		name string
		idf  float64
	}
	slot struct {
		position int
		terms    []string
	}
	prefixNode struct {
		fields []string
		prefix string
	}
	// facetNode matches what has a value in a facet that fits.
	facetNode struct {
		facet int
		fits  func(value string) bool
	}
	dayNode struct{ from, to int32 } // inclusive; 0 is open
)

// plan is a compiled text.
type plan struct {
	root    node // nil matches everything
	nothing bool // words were asked, and none can be looked up
	terms   []string
	dropped []string // words left out for good
	marks   french.Marker
	title   french.Marker // what titre: asked too
	words   []wordNode    // of a long question
}

type wordNode struct {
	text string
	node node
}

// longQuestion is the number of words above which a question in plain words needs
// only most of them.
const longQuestion = 5

// planner compiles an expression against a state of the index.
type planner struct {
	*plan
	frequency func(field, term string) int // documents that hold it
	documents int
	label     labeller
}

// compile makes the plan of an expression.
func (p *planner) compile(e trame.Expr) {
	p.marks.Terms = map[string]bool{}
	p.title.Terms = map[string]bool{}
	if words, ok := plainWords(e); ok && len(words) > longQuestion {
		p.question(words)
	} else {
		p.root = p.node(e, true)
	}
	for t := range p.marks.Terms {
		p.title.Terms[t] = true
	}
	p.title.Prefixes = append(p.title.Prefixes, p.marks.Prefixes...)
	p.nothing = e != nil && p.root == nil
}

// plainWords returns the words of an expression that is nothing but words.
func plainWords(e trame.Expr) ([]trame.Word, bool) {
	and, ok := e.(trame.And)
	if !ok {
		return nil, false
	}
	var words []trame.Word
	for _, part := range and {
		w, ok := part.(trame.Word)
		if !ok || w.Field != "" {
			return nil, false
		}
		words = append(words, w)
	}
	return joinSans(words), true
}

// joinSans makes one word of « sans » and « abri » where they make one term.
func joinSans(words []trame.Word) []trame.Word {
	var joined []trame.Word
	for _, w := range words {
		if n := len(joined); n > 0 && joined[n-1].Field == w.Field && strings.EqualFold(joined[n-1].Text, "sans") {
			both := joined[n-1].Text + " " + w.Text
			if len(french.Analyze(both)) == 1 {
				joined[n-1].Text = both
				continue
			}
		}
		joined = append(joined, w)
	}
	return joined
}

// question plans a long question: of the words that occur at all, three in five
// are needed.
func (p *planner) question(words []trame.Word) {
	var most mostOf
	for _, w := range words {
		n := p.word(w, true)
		if n == nil {
			continue
		}
		if !p.occurs(n) {
			p.dropped = append(p.dropped, w.Text)
			continue
		}
		most.of = append(most.of, n)
		p.words = append(p.words, wordNode{w.Text, n})
	}
	most.least = (len(most.of)*3 + 4) / 5
	switch {
	case len(most.of) == 0:
	case len(most.of) <= longQuestion && len(p.dropped) == 0:
		p.root = allOf(most.of)
		p.words = nil
	default:
		p.root = most
	}
}

func (p *planner) occurs(n node) bool {
	switch n := n.(type) {
	case bestOf:
		return slices.ContainsFunc(n, p.occurs)
	case termNode:
		return slices.ContainsFunc(n, func(c clause) bool { return p.frequency(c.field, string(c.term)) > 0 })
	case phraseNode:
		return !slices.ContainsFunc(n.slots, func(s slot) bool {
			return !slices.ContainsFunc(s.terms, func(t string) bool {
				return slices.ContainsFunc(n.fields, func(f phraseField) bool { return p.frequency(f.name, t) > 0 })
			})
		})
	}
	return true
}

// node compiles e; it is nil where nothing can be looked up. What stands under
// a negation is neither marked nor listed.
func (p *planner) node(e trame.Expr, positive bool) node {
	switch e := e.(type) {
	case trame.And:
		var all allOf
		for _, part := range joinWords(e) {
			if n := p.node(part, positive); n != nil {
				all = append(all, n)
			}
		}
		if len(all) > 0 {
			return all
		}
	case trame.Or:
		var either anyOf
		for _, part := range e {
			if n := p.node(part, positive); n != nil {
				either = append(either, n)
			}
		}
		if len(either) > 0 {
			return either
		}
	case trame.Not:
		if n := p.node(e.Of, false); n != nil {
			return noneOf{n}
		}
	case trame.Word:
		return p.word(e, positive)
	case trame.Phrase:
		return p.phrase(e, positive)
	case trame.Prefix:
		return p.prefix(e, positive)
	case trame.DateRange:
		return dayNode{int32(e.From.Number()), int32(e.To.Last().Number())}
	}
	return nil
}

// joinWords applies joinSans to words that stand next to each other.
func joinWords(parts trame.And) []trame.Expr {
	var out []trame.Expr
	var run []trame.Word
	flush := func() {
		for _, w := range joinSans(run) {
			out = append(out, w)
		}
		run = nil
	}
	for _, part := range parts {
		if w, ok := part.(trame.Word); ok {
			run = append(run, w)
			continue
		}
		flush()
		out = append(out, part)
	}
	flush()
	return out
}

// fieldsOf returns the fields of text that a field of the syntax means, or nil.
func fieldsOf(field string, exact bool) []string {
	switch {
	case field == "" && exact:
		return []string{fieldTitleExact, fieldBodyExact}
	case field == "":
		return []string{fieldTitle, fieldBody}
	case field == trame.FieldTitle && exact:
		return []string{fieldTitleExact}
	case field == trame.FieldTitle:
		return []string{fieldTitle}
	}
	return nil
}

func (p *planner) word(w trame.Word, positive bool) node {
	if fieldsOf(w.Field, false) == nil {
		return p.keyword(w.Field, w.Text, false)
	}
	return p.tokens(w.Field, w.Text, 0, positive)
}

func (p *planner) phrase(f trame.Phrase, positive bool) node {
	if fieldsOf(f.Field, false) == nil {
		return p.keyword(f.Field, f.Text, false)
	}
	return p.tokens(f.Field, f.Text, f.Slop, positive)
}

// tokens plans words as written: one term, or several next to each other. What
// has a hyphen is looked for with and without it: psycho-social, psychosocial.
func (p *planner) tokens(field, text string, slop int, positive bool) node {
	tokens := french.Analyze(text)
	if positive {
		for _, t := range tokens {
			p.mark(field, t.Term)
		}
	}
	apart, joined := hyphens(tokens)
	n := p.sequence(field, apart, slop)
	if len(joined) == 0 {
		return n
	}
	one := p.sequence(field, joined, slop)
	if phrase, ok := n.(phraseNode); ok {
		one = weighLike(one, phrase)
	}
	return bestOf{n, one}
}

// hyphens returns the tokens of words with hyphens as several words, and as one
// word each: nil where there is none.
func hyphens(tokens []french.Token) (apart, joined []french.Token) {
	found, skip, shift := false, 0, 0
	for _, t := range tokens {
		whole := t.Width > 1
		if !whole {
			apart = append(apart, t)
		}
		if t.Position <= skip {
			continue
		}
		if whole {
			found, skip = true, t.Position+t.Width-1
		}
		t.Position -= shift
		if whole {
			shift += t.Width - 1
		}
		joined = append(joined, t)
	}
	if !found {
		return apart, nil
	}
	return apart, joined
}

// weighLike gives a single term the weight of the same written as a phrase.
func weighLike(n node, phrase phraseNode) node {
	term, ok := n.(termNode)
	if !ok {
		return n
	}
	for i, c := range term {
		for _, f := range phrase.fields {
			if !c.exact && f.name == c.field {
				term[i].idf = f.idf
			}
		}
	}
	return term
}

// sequence plans tokens that follow one another.
func (p *planner) sequence(field string, tokens []french.Token, slop int) node {
	var slots []slot
	for _, t := range tokens {
		if n := len(slots); n > 0 && slots[n-1].position == t.Position {
			slots[n-1].terms = append(slots[n-1].terms, t.Term)
		} else {
			slots = append(slots, slot{t.Position, []string{t.Term}})
		}
	}
	fields := fieldsOf(field, false)
	switch len(slots) {
	case 0:
		return nil
	case 1:
		var n termNode
		for _, t := range tokens {
			for _, f := range fields {
				n = append(n, clause{field: f, term: []byte(t.Term), idf: p.idf(f, t.Term)})
			}
			for _, f := range fieldsOf(field, true) {
				n = append(n, clause{field: f, term: []byte(t.Exact), idf: exactShare * p.idf(f, t.Exact), exact: true})
			}
		}
		return n
	}
	n := phraseNode{slots: slots, slop: slop}
	for _, f := range fields {
		pf := phraseField{name: f}
		for _, s := range slots {
			pf.idf += p.idf(f, s.terms[0])
		}
		n.fields = append(n.fields, pf)
	}
	return n
}

func (p *planner) mark(field, term string) {
	if !slices.Contains(p.terms, term) {
		p.terms = append(p.terms, term)
	}
	if field == "" {
		p.marks.Terms[term] = true
	} else {
		p.title.Terms[term] = true
	}
}

func (p *planner) prefix(f trame.Prefix, positive bool) node {
	fields := fieldsOf(f.Field, true)
	if fields == nil {
		return p.keyword(f.Field, f.Text, true)
	}
	words := french.Words(f.Text)
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	if positive {
		p.terms = append(p.terms, last+"*")
		if f.Field == "" {
			p.marks.Prefixes = append(p.marks.Prefixes, last)
		} else {
			p.title.Prefixes = append(p.title.Prefixes, last)
		}
	}
	n := node(prefixNode{fields, last})
	if len(words) > 1 { // vivre-ens*
		if before := p.tokens(f.Field, strings.Join(words[:len(words)-1], " "), 0, positive); before != nil {
			n = allOf{before, n}
		}
	}
	return n
}

// facetOf are the facets that fields of the syntax name.
var facetOf = map[string]string{
	trame.FieldAuthor: "author", trame.FieldSource: "source", trame.FieldTheme: "theme", trame.FieldType: "type", trame.FieldCountry: "country",
}

// keyword plans a word of a field that holds names or identifiers. Authors
// are found by a word, or several in a row, of their name; the rest by their
// identifiers or by the labels that people see.
func (p *planner) keyword(field, text string, beginning bool) node {
	n := facetNode{facet: slices.Index(trame.FacetNames, facetOf[field])}
	if n.facet < 0 {
		return nil
	}
	asked := strings.Join(french.Words(text), " ")
	switch {
	case field == trame.FieldAuthor && asked == "":
		return nil
	case field == trame.FieldAuthor:
		n.fits = func(value string) bool {
			name := " " + strings.Join(french.Words(value), " ") + " "
			if beginning {
				return strings.Contains(name, " "+asked)
			}
			return strings.Contains(name, " "+asked+" ")
		}
	case beginning:
		n.fits = func(value string) bool { return strings.HasPrefix(strings.ToLower(value), strings.ToLower(text)) }
	default:
		name := trame.FacetNames[n.facet]
		n.fits = func(value string) bool {
			return strings.EqualFold(value, text) || asked != "" && p.label != nil && strings.Join(french.Words(p.label(name, value)), " ") == asked
		}
	}
	return n
}
