package index

import (
	"slices"

	"trame"
	"trame/french"
)

// nearWords finds in a text what a phrase with slop finds in postings: one place of
// each word, with at most slop other words between the first and the last.
type nearWords struct {
	slots [][]string // the terms of each word
	slop  int
}

func newNearWords(p trame.Phrase) nearWords {
	near := nearWords{slop: p.Slop}
	at := 0
	apart, _ := french.HyphenForms(french.Analyze(p.Text))
	for _, t := range apart {
		if len(near.slots) == 0 || t.Position != at {
			near.slots = append(near.slots, nil)
		}
		at = t.Position
		near.slots[len(near.slots)-1] = append(near.slots[len(near.slots)-1], t.Term)
	}
	return near
}

// find returns the stretches from the first to the last of the words.
func (n nearWords) find(tokens []french.Token) (spans []french.Span) {
	places := make([][]french.Token, len(n.slots))
	for _, t := range tokens {
		for i, terms := range n.slots {
			if slices.Contains(terms, t.Term) {
				places[i] = append(places[i], t)
			}
		}
	}
	next := make([]int, len(places))
	for {
		lowest, span, distinct := 0, french.Span{}, true
		least, most := 0, 0
		for i, of := range places {
			if next[i] == len(of) {
				return spans
			}
			t := of[next[i]]
			for j := range i {
				distinct = distinct && places[j][next[j]].Position != t.Position
			}
			if i == 0 || t.Position < least {
				lowest, least = i, t.Position
			}
			most = max(most, t.Position)
			if i == 0 || t.Start < span.Start {
				span.Start = t.Start
			}
			span.End = max(span.End, t.End)
		}
		if distinct && most-least+1-len(places) <= n.slop {
			spans = append(spans, span)
		}
		next[lowest]++
	}
}
