package index

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"trame"
	"trame/french"
)

// plan is a compiled text.
type plan struct {
	root       node // nil matches everything
	nothing    bool // words were asked, and none can be looked up
	terms      []string
	marks      marks
	asked      []asked    // the words of a question that needs most of them,
	most       *mostOf    // and what finds them; nil for other questions
	fallback   node       // of two words: what finds either; nil for other questions
	dropped    []string   // words that no article holds
	understood trame.Expr // as it was searched: words respelt or left out
	looked     []*leaf    // what was looked up, in its order
	added      []trame.Expansion
	offered    []trame.Twin
}

// planner compiles an expression against a state of the index.
type planner struct {
	*plan
	ctx       context.Context
	view      *view
	scope     scope
	stats     statistics
	cache     *postingsCache
	label     labeller
	thesaurus *french.Thesaurus
	respell   func(word string) (string, bool) // nil: no other spellings
	strict    bool                             // to the letter
	twins     bool                             // the other country's words too
	tried     []string                         // those of these words, to see what they would add
	respelt   map[string]string                // what was searched in another spelling
	first     *first                           // what the first page counted; nil on it
	scoring   bool
	leaves    map[string]*leaf
	err       error // the first
}

// compile makes the plan of an expression.
func (p *planner) compile(e trame.Expr) error {
	p.leaves = map[string]*leaf{}
	if words, ok := plainWords(e); ok && !p.strict {
		p.root = p.plainWords(words)
	} else {
		p.root = p.node(e, true)
		p.understood = p.respeltIn(e)
	}
	p.nothing = e != nil && p.root == nil
	return p.err
}

// leaf reads the postings of a source in all segments.
func (p *planner) leaf(s source, text string) *leaf {
	key := s.key()
	if l := p.leaves[key]; l != nil {
		return l
	}
	l := &leaf{source: s, text: text, scale: p.stats.scales(bTitle, bBody), postings: make([]*postings, len(p.view.segments))}
	p.err = cmp.Or(p.err, p.readAll(l))
	var then bool
	if l.held, then = p.first.heldBy(len(p.looked), key); !then {
		for i, seg := range p.view.segments {
			l.held.add(l.postings[i].heldIn(seg, p.scope))
		}
	}
	p.leaves[key] = l
	p.looked = append(p.looked, l)
	return l
}

// readAll reads what a leaf looks up in every segment: what is kept at once, the
// rest side by side.
func (p *planner) readAll(l *leaf) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, seg := range p.view.segments {
		if l.postings[i] = p.cache.get(postingsKey{seg.Id(), l.key()}); l.postings[i] != nil {
			continue
		}
		l.postings[i] = &postings{}
		group.Go(func() (err error) {
			defer recovered(&err, "read segment")
			debug.SetPanicOnFault(true)
			found, err := p.read(seg, l.source)
			if err == nil {
				l.postings[i] = found
			}
			return err
		})
	}
	return group.Wait()
}

// read returns the postings of a source in a segment, from the cache where they
// are kept.
func (p *planner) read(seg *segmentView, s source) (*postings, error) {
	key := postingsKey{seg.Id(), s.key()}
	if found := p.cache.get(key); found != nil {
		return found, nil
	}
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	found, err := s.read(p.ctx, seg, func(other source) (*postings, error) { return p.read(seg, other) })
	if err == nil {
		p.cache.put(key, found, found.bytes())
	}
	return found, err
}

// plainWords returns the words of an expression that is nothing but words.
func plainWords(e trame.Expr) ([]trame.Word, bool) {
	if w, ok := e.(trame.Word); ok && w.Field == "" {
		return []trame.Word{w}, true
	}
	and, ok := e.(trame.And)
	if !ok {
		return nil, false
	}
	var words []trame.Word
	for _, part := range french.JoinSans(and) {
		w, ok := part.(trame.Word)
		if !ok || w.Field != "" {
			return nil, false
		}
		words = append(words, w)
	}
	return words, true
}

// node compiles e; it is nil where nothing can be looked up. What stands under
// a negation is neither marked nor listed.
func (p *planner) node(e trame.Expr, positive bool) node {
	switch e := e.(type) {
	case trame.And:
		return p.and(e, positive)
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
		if positive && e.Field == "" {
			return p.every(p.words([]trame.Word{e}))
		}
		return p.word(e, positive)
	case trame.Phrase:
		return p.phrase(e, positive)
	case trame.Prefix:
		return p.prefix(e, positive)
	case trame.DateRange:
		return daysIn(e.From, e.To)
	}
	return nil
}

// rarestFirst puts what the fewest documents hold first.
func rarestFirst(parts []node) allOf {
	size := func(n node) int {
		if l, ok := n.(*leaf); ok {
			return l.held.any
		}
		return math.MaxInt
	}
	slices.SortStableFunc(parts, func(a, b node) int { return cmp.Compare(size(a), size(b)) })
	return parts
}

// and plans that all parts are needed; plain words that stand next to each other
// are planned together.
func (p *planner) and(parts []trame.Expr, positive bool) node {
	parts = french.JoinSans(parts)
	var all allOf
	var by []node
	for i := 0; i < len(parts); {
		run := i
		for run < len(parts) && isPlain(parts[run]) {
			run++
		}
		if run == i {
			if n := p.node(parts[i], positive); n != nil {
				all = append(all, n)
			}
			i++
			continue
		}
		var words []trame.Word
		for _, part := range parts[i:run] {
			words = append(words, part.(trame.Word))
		}
		i = run
		if !positive {
			for _, w := range words {
				if n := p.word(w, false); n != nil {
					all = append(all, n)
				}
			}
			continue
		}
		planned := p.words(words)
		for _, a := range planned {
			all = append(all, a.node)
		}
		by = append(by, p.pairs(planned)...)
	}
	if len(all) == 0 {
		return nil
	}
	return boost(rarestFirst(all), by)
}

func isPlain(e trame.Expr) bool {
	w, ok := e.(trame.Word)
	return ok && w.Field == ""
}

// daysIn returns the span from the first day of one date to the last of another.
func daysIn(from, to trame.Date) dayNode {
	return dayNode{int32(from.Number()), int32(to.Last().Number())}
}

// textFields returns the fields of text that a field of the syntax means, or nil.
func textFields(field string) []string {
	switch field {
	case "":
		return []string{fieldTitle, fieldBody}
	case trame.FieldTitle:
		return []string{fieldTitle}
	}
	return nil
}

func (p *planner) word(w trame.Word, positive bool) node {
	if textFields(w.Field) == nil {
		return p.keyword(w.Field, w.Text, false)
	}
	return p.tokens(w.Field, w.Text, 0, positive)
}

func (p *planner) phrase(f trame.Phrase, positive bool) node {
	if textFields(f.Field) == nil {
		return p.keyword(f.Field, f.Text, false)
	}
	n := p.tokens(f.Field, f.Text, f.Slop, positive)
	if !positive || f.Slop > 0 || n == nil {
		return n
	}
	words := strings.Fields(f.Text)
	for _, m := range p.concepts(words) {
		if m.First == 0 && m.Last == len(words)-1 {
			return append(bestOf{n}, p.otherForms(f.Field, f.Text, m)...)
		}
	}
	return n
}

// tokens plans words as written: one term, or several next to each other. What
// has a hyphen is looked for with and without it: psycho-social, psychosocial.
func (p *planner) tokens(field, text string, slop int, positive bool) node {
	tokens := french.Analyze(text)
	apart, joined := french.HyphenForms(tokens)
	n := p.sequence(field, text, apart, slop)
	if len(joined) > 0 {
		one := p.sequence(field, text, joined, slop)
		if l, ok := one.(*leaf); ok && n != nil {
			l.weights = l.weights.atLeast(n.(*leaf).weights)
		}
		n = bestOf{n, one}
	}
	if positive {
		for _, t := range tokens {
			if !slices.Contains(p.terms, t.Term) {
				p.terms = append(p.terms, t.Term)
			}
		}
		p.marks.words(field, text, slop > 0, p.stats.idf(p.holding(n)))
	}
	return n
}

// sequence plans tokens that follow one another.
func (p *planner) sequence(field, text string, tokens []french.Token, slop int) node {
	var slots []slot
	for _, t := range tokens {
		asked := term{t.Term, t.Exact}
		if n := len(slots); n > 0 && slots[n-1].position == t.Position {
			slots[n-1].word.terms = append(slots[n-1].word.terms, asked)
		} else {
			slots = append(slots, slot{t.Position, word{field, []term{asked}}})
		}
	}
	switch len(slots) {
	case 0:
		return nil
	case 1:
		l := p.leaf(slots[0].word, text)
		l.weights = p.stats.wordWeights(l.held)
		return l
	}
	l := p.leaf(phrase{field, slots, slop}, text)
	l.weights = p.phraseWeights(slots)
	return l
}

// phraseWeights are those of all of its words together.
func (p *planner) phraseWeights(slots []slot) (sum weights) {
	for _, s := range slots {
		w := p.stats.wordWeights(p.leaf(s.word, "").held)
		sum.title += w.title
		sum.body += w.body
	}
	return sum
}

func (p *planner) prefix(f trame.Prefix, positive bool) node {
	if textFields(f.Field) == nil {
		return p.keyword(f.Field, f.Text, true)
	}
	words := french.Words(f.Text)
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	if positive {
		p.terms = append(p.terms, last+"*")
	}
	if len(last) < 2 {
		return nil
	}
	l := p.leaf(prefix{f.Field, last}, last+"*")
	l.weights = weights{title: prefixTitle, body: prefixBody}
	if positive {
		p.marks.in(f.Field, func(m *french.Marker) { m.SeekPrefix(last, p.stats.idf(l.held.any)) })
	}
	n := node(l)
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
