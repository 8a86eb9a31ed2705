package index

import (
	"math"
	"slices"
	"strings"

	"trame"
	"trame/french"
)

// How plain words are matched. Two are both needed; where no article holds both,
// one is enough. Of more, those that an article holds must weigh, by how rare they
// are, four tenths of all of them together; three tenths where that finds little.
// Measured: docs/benchmarks.md, ranking.
const (
	allNeeded   = 2
	neededShare = 0.4
	fewerShare  = 0.3
	littleFound = 20
)

// fillerWords make a question and are not what it is about. They count for little
// and are never needed. Words of the trade are not among them: aller (vers),
// pouvoir (d'agir), devoir (de réserve).
var fillerWords = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`combien pourquoi quand comment lequel laquelle lesquels lesquelles quel quelle quels quelles
		peut peux peuvent pouvez pouvons puis pourra pourrait dois doit doivent devez devons devrait faut faudrait
		fait fais font faire faites avoir avais avait aura aurait suis sommes etes sera seront serait etait etant soit soient
		veux veut veulent voulez voudrais sais sait savoir bonjour merci svp
		ne non pas si car donc mais lors lorsque ainsi aussi alors tres afin puisque quelque quelques chaque cela ca ceci celui celle ceux celles
		meme memes tel telle tels telles toujours deja encore dont etc cas plus apres avant pendant tout tous toute toutes entre selon`) {
		set[w] = true
	}
	return set
}()

// asked is a word of a query, planned.
type asked struct {
	text   string
	node   node
	word   *word // where it is one word
	filler bool
}

// plainWords plans a query of nothing but words.
func (p *planner) plainWords(words []trame.Word) node {
	all := p.words(words)
	fillers := 0
	for _, a := range all {
		if a.filler {
			fillers++
		}
	}
	var needed, filling []asked
	for _, a := range all {
		switch {
		case p.holding(a.node) == 0:
			p.dropped = append(p.dropped, a.text)
		case a.filler && len(all)-fillers >= 2:
			p.dropped = append(p.dropped, a.text)
			filling = append(filling, a)
		default:
			needed = append(needed, a)
		}
	}
	p.marks.leaveOut(filling, needed)
	p.understood = readAs(needed)
	if len(needed) == 0 { // nothing is known, so nothing is left out, and nothing found
		p.understood, p.dropped = readAs(all), nil
		return p.every(all)
	}
	var by []node
	for _, a := range filling {
		by = append(by, scaled{a.node, ofFillers})
	}
	by = append(by, p.pairs(all)...)
	if len(needed) < allNeeded {
		return boost(p.every(needed), by)
	}
	p.asked = needed
	most := &mostOf{}
	for _, a := range needed {
		weight := float32(p.stats.idf(p.holding(a.node)))
		most.of = append(most.of, a.node)
		most.weights = append(most.weights, weight)
		most.whole += weight
	}
	most.least = neededShare * most.whole
	p.most = most
	if len(needed) == allNeeded {
		p.fallback = boost(most, by)
		return boost(p.every(needed), by)
	}
	return boost(most, by)
}

// every plans that all of them are needed.
func (p *planner) every(all []asked) node {
	var parts allOf
	for _, a := range all {
		parts = append(parts, a.node)
	}
	if len(parts) == 0 {
		return nil
	}
	return rarestFirst(parts)
}

func boost(n node, by []node) node {
	if len(by) == 0 || n == nil {
		return n
	}
	return boosted{n, by}
}

// words plans words that stand next to each other: each in its forms, what the
// archive does not hold in the spelling that was meant, acronyms and their long
// forms. Stop words are left out, and so is what comes twice.
func (p *planner) words(words []trame.Word) []asked {
	words = slices.Clone(words)
	for i := range words {
		words[i].Text = p.respelled(words[i])
	}
	matches := p.concepts(textsOf(words))
	var all []asked
	for i := 0; i < len(words); i++ {
		if len(matches) > 0 && matches[0].First == i {
			m := matches[0]
			matches = matches[1:]
			if a, ok := p.concept(words[m.First:m.Last+1], m); ok {
				all = append(all, a...)
				i = m.Last
				continue
			}
		}
		all = append(all, p.single(words[i])...)
	}
	return distinct(all)
}

// textsOf returns words as they are written.
func textsOf(words []trame.Word) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return texts
}

// single plans one word; a stop word gives none.
func (p *planner) single(w trame.Word) []asked {
	n := p.word(w, true)
	if n == nil {
		return nil
	}
	a := asked{text: french.WithoutArticle(w.Text), node: n}
	if l, ok := n.(*leaf); ok {
		if source, ok := l.source.(word); ok {
			a.word = &source
			a.filler = fillerWords[source.terms[0].exact]
			a.node = p.meant(w, l)
		}
	}
	return []asked{a}
}

// meant adds the spelling nearest to a word that no article holds as it was
// written, though its stem is known: a slip may make the stem of another word.
func (p *planner) meant(w trame.Word, l *leaf) node {
	if p.strict || p.respell == nil || l.held.any == 0 || l.held.exactTitle+l.held.exactBody > 0 {
		return l
	}
	written := french.WithoutArticle(w.Text)
	better, ok := p.spelled(written)
	if !ok || sameTerms(better, written) {
		return l
	}
	n := p.word(trame.Word{Text: better}, true)
	if n == nil || n == node(l) || p.holding(n) == 0 {
		return l
	}
	p.added = append(p.added, trame.Expansion{Words: written, With: []string{better}})
	return bestOf{l, n}
}

// sameTerms reports whether two words are forms of one: témoins, témoin.
func sameTerms(a, b string) bool {
	return slices.Equal(french.Sequence(a), french.Sequence(b))
}

// distinct leaves out what comes again.
func distinct(all []asked) []asked {
	var kept []asked
	for _, a := range all {
		if a.word != nil && slices.ContainsFunc(kept, func(k asked) bool { return k.word != nil && k.word.terms[0].stem == a.word.terms[0].stem }) {
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// spelled returns the word of the archive nearest to a word. A word of the trade is
// no slip: réfugiés is not réunies because no article holds it.
func (p *planner) spelled(word string) (string, bool) {
	if p.thesaurus.Knows(word) {
		return "", false
	}
	return p.respell(word)
}

// respelled returns a word as the archive spells it, where it does not hold it as
// it was written.
func (p *planner) respelled(w trame.Word) string {
	if p.strict || p.respell == nil {
		return w.Text
	}
	if n := p.word(w, false); n == nil || p.holding(n) > 0 {
		return w.Text
	}
	written := french.WithoutArticle(w.Text)
	better, ok := p.spelled(written)
	if !ok || p.holding(p.word(trame.Word{Text: better}, false)) == 0 {
		return w.Text
	}
	p.added = append(p.added, trame.Expansion{Words: written, With: []string{better}})
	if p.respelt == nil {
		p.respelt = map[string]string{}
	}
	p.respelt[w.Text] = better
	return better
}

// readAs returns planned words as an expression.
func readAs(all []asked) trame.Expr {
	var words trame.And
	for _, a := range all {
		words = append(words, trame.Word{Text: a.text})
	}
	return words
}

// respeltIn returns an expression with the words that were searched in another
// spelling in that one.
func (p *planner) respeltIn(e trame.Expr) trame.Expr {
	switch e := e.(type) {
	case trame.And:
		parts := slices.Clone(e)
		for i, part := range e {
			parts[i] = p.respeltIn(part)
		}
		return parts
	case trame.Or:
		parts := slices.Clone(e)
		for i, part := range e {
			parts[i] = p.respeltIn(part)
		}
		return parts
	case trame.Word:
		if better, ok := p.respelt[e.Text]; ok && e.Field == "" {
			e.Text = better
		}
		return e
	}
	return e
}

// concepts returns what the thesaurus knows of words that stand in a row.
func (p *planner) concepts(texts []string) []french.Match {
	if p.strict {
		return nil
	}
	return p.thesaurus.Match(texts)
}

// concept plans words that name a concept: in these words, or with less weight in
// its other forms. Of a concept of several words, each stays needed by itself in a
// long question. It reports whether there is anything to add.
func (p *planner) concept(words []trame.Word, m french.Match) ([]asked, bool) {
	var own []asked
	for _, w := range words {
		own = append(own, p.single(w)...)
	}
	text := strings.Join(textsOf(words), " ")
	if len(own) > 1 { // where it stands whole it is marked whole
		p.marks.in(words[0].Field, func(m *french.Marker) { m.Seek(text, p.stats.idf(p.holding(p.every(own)))) })
	}
	ways := p.otherForms(words[0].Field, text, m)
	if len(ways) == 0 || len(own) == 0 {
		return own, len(own) > 0
	}
	together := own[0].node
	if len(own) > 1 {
		together = boost(p.every(own), p.pairs(own))
	}
	return []asked{{text: text, node: append(bestOf{together}, ways...), word: own[0].word}}, true
}

// otherForms plans the other forms of a concept that was named by a text, and notes
// what they are.
func (p *planner) otherForms(field, text string, m french.Match) (ways bestOf) {
	expansion := trame.Expansion{Words: text}
	add := func(form string, weight float32) {
		if n := p.tokens(field, form, 0, false); n != nil && p.holding(n) > 0 {
			ways = append(ways, scaled{n, weight})
			expansion.With = append(expansion.With, form)
			p.marks.words(field, form, false, float64(weight)*p.stats.idf(p.holding(n)))
		}
	}
	for _, a := range m.Also {
		if a.Weight != french.WeightNear {
			add(a.Form, float32(a.Weight))
		}
	}
	for _, o := range m.Others {
		if p.twins || slices.Contains(p.tried, text) {
			for _, form := range o.Forms {
				add(form, twinShare)
			}
		}
		p.offered = append(p.offered, trame.Twin{Words: text, Country: o.Country, Others: o.Forms})
	}
	if len(expansion.With) > 0 {
		p.added = append(p.added, expansion)
	}
	return ways
}

// twinShare is what the other country's words count for beside those written.
const twinShare = 0.6

// pairs plans that words asked next to each other count for more where they stand
// so.
func (p *planner) pairs(all []asked) (by []node) {
	if !p.scoring {
		return nil
	}
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.word == nil || b.word == nil || a.filler && b.filler || p.holding(a.node) == 0 || p.holding(b.node) == 0 {
			continue
		}
		l := p.leaf(pair{*a.word, *b.word}, a.text+" "+b.text)
		x, y := p.leaf(*a.word, a.text).held, p.leaf(*b.word, b.text).held
		l.weights = weights{
			title: float32(inAPair * math.Min(p.stats.idf(l.held.title), p.stats.idf(x.title)+p.stats.idf(y.title))),
			body:  float32(inAPair * math.Min(p.stats.idf(l.held.body), p.stats.idf(x.body)+p.stats.idf(y.body))),
		}
		l.scale = p.stats.scales(bPair, bPair)
		if l.held.any > 0 {
			by = append(by, l)
		}
	}
	return by
}

// holding returns about how many documents hold what a word became.
func (p *planner) holding(n node) int {
	switch n := n.(type) {
	case *leaf:
		return n.held.any
	case scaled:
		return p.holding(n.of)
	case boosted:
		return p.holding(n.of)
	case bestOf:
		most := 0
		for _, part := range n {
			most = max(most, p.holding(part))
		}
		return most
	case allOf:
		least := math.MaxInt
		for _, part := range n {
			least = min(least, p.holding(part))
		}
		return least
	}
	return 0
}
