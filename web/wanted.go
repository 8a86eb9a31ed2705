package web

import (
	"slices"
	"strings"

	"trame"
	"trame/french"
)

// wanted is what a query asks of the text: words, beginnings of words, phrases.
type wanted struct {
	words    map[string]bool // by Token.Term
	prefixes []string        // of Token.Exact
	phrases  []phrase
}

// phrase is words in this order, or with slop within so many words of each other.
type phrase struct {
	steps []step
	slop  int
}

// step is a place in a phrase with the terms that may stand there; at counts from
// the first step, stop words included.
type step struct {
	at    int
	terms []string
}

// wantedOf reads the text of q. It is nil when nothing is asked of the text.
func wantedOf(q trame.Query) *wanted {
	expr, err := q.Expr()
	if err != nil {
		return nil
	}
	w := &wanted{words: map[string]bool{}}
	w.add(expr)
	if len(w.words) == 0 && len(w.prefixes) == 0 && len(w.phrases) == 0 {
		return nil
	}
	return w
}

func (w *wanted) add(e trame.Expr) {
	switch e := e.(type) {
	case trame.And:
		for _, part := range e {
			w.add(part)
		}
	case trame.Or:
		for _, part := range e {
			w.add(part)
		}
	case trame.Word:
		if e.Field == "" {
			w.addWord(e.Text)
		}
	case trame.Phrase:
		if e.Field == "" {
			w.addPhrase(e)
		}
	case trame.Prefix:
		if p := french.Fold(e.Text); e.Field == "" && p != "" {
			w.prefixes = append(w.prefixes, p)
		}
	}
}

// addWord adds a word; one that opens into several, like psycho-social, is looked
// for as one or as a phrase.
func (w *wanted) addWord(text string) {
	tokens := french.Analyze(text)
	n := len(tokens)
	if n == 0 {
		return
	}
	several := tokens[0].Position != tokens[n-1].Position
	for _, t := range tokens {
		if !several || t.Width > 1 {
			w.words[t.Term] = true
		}
	}
	if several {
		w.addPhrase(trame.Phrase{Text: text})
	}
}

func (w *wanted) addPhrase(e trame.Phrase) {
	p := phrase{slop: e.Slop}
	first := 0
	for _, t := range french.Analyze(e.Text) {
		n := len(p.steps)
		switch {
		case n == 0:
			first = t.Position
			p.steps = append(p.steps, step{0, []string{t.Term}})
		case p.steps[n-1].at == t.Position-first:
			p.steps[n-1].terms = append(p.steps[n-1].terms, t.Term)
		default:
			p.steps = append(p.steps, step{t.Position - first, []string{t.Term}})
		}
	}
	if len(p.steps) > 0 {
		w.phrases = append(w.phrases, p)
	}
}

// find returns the tokens of a text that are asked for, in order.
func (w *wanted) find(text string) []french.Token {
	tokens := french.Analyze(text)
	hit := make([]bool, len(tokens))
	for i, t := range tokens {
		hit[i] = w.words[t.Term] || slices.ContainsFunc(w.prefixes, func(p string) bool { return strings.HasPrefix(t.Exact, p) })
	}
	for _, p := range w.phrases {
		if p.slop > 0 {
			p.near(tokens, hit)
		} else {
			p.exact(tokens, hit)
		}
	}
	var found []french.Token
	for i, t := range tokens {
		if hit[i] {
			found = append(found, t)
		}
	}
	return found
}

// exact ticks the tokens that follow each other as the phrase says.
func (p phrase) exact(tokens []french.Token, hit []bool) {
	run := make([]int, 0, len(p.steps))
	for i, t := range tokens {
		run = run[:0]
		at := i
		for _, s := range p.steps {
			for at < len(tokens) && (tokens[at].Position < t.Position+s.at ||
				tokens[at].Position == t.Position+s.at && !slices.Contains(s.terms, tokens[at].Term)) {
				at++
			}
			if at == len(tokens) || tokens[at].Position != t.Position+s.at || len(run) == 0 && at != i {
				break
			}
			run = append(run, at)
		}
		if len(run) == len(p.steps) {
			for _, k := range run {
				hit[k] = true
			}
		}
	}
}

// near ticks the tokens of the phrase that have all the others within reach, on
// either side.
func (p phrase) near(tokens []french.Token, hit []bool) {
	reach := p.slop + p.steps[len(p.steps)-1].at
	const far = -1 << 30
	seen := make([]uint64, len(tokens)) // by step: seen within reach
	look := func(i int, last []int) {
		for k, s := range p.steps {
			if slices.Contains(s.terms, tokens[i].Term) {
				last[k] = tokens[i].Position
			}
			if d := tokens[i].Position - last[k]; max(d, -d) <= reach {
				seen[i] |= 1 << k
			}
		}
	}
	nowhere := slices.Repeat([]int{far}, len(p.steps))
	last := slices.Clone(nowhere)
	for i := range tokens {
		look(i, last)
	}
	copy(last, nowhere)
	for i := len(tokens) - 1; i >= 0; i-- {
		look(i, last)
	}
	all := uint64(1)<<len(p.steps) - 1
	for i, t := range tokens {
		own := slices.ContainsFunc(p.steps, func(s step) bool { return slices.Contains(s.terms, t.Term) })
		hit[i] = hit[i] || own && seen[i] == all
	}
}
