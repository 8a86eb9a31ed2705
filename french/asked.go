package french

import (
	"strings"

	"trame"
)

// What a query's words mean, and in which text they are looked for, stands here
// for all who match them: the index, themes and tests.

// Searched returns the two texts of an article that words are looked for in. The
// second is the text, or where there is none the summary, and where an event
// takes place.
func Searched(a *trame.Article) (title, body string) {
	body = a.Text
	if body == "" {
		body = a.Summary
	}
	if e := a.Event; e != nil && e.Place+e.Organizer != "" {
		body += "\n\n" + e.Place + "\n\n" + e.Organizer
	}
	return a.Title, body
}

// Slot is one place of a row of words, with the terms one of which stands there.
type Slot struct {
	Offset int // in positions from the first slot; stop words leave a gap
	Terms  []string
}

// Rows returns the rows of slots as which a word or a phrase of a query may stand
// in a text: one, or where it has hyphens two, with the parts apart and joined
// (psycho social, psychosocial). There is none for stop words alone.
func Rows(text string) [][]Slot {
	apart, joined := HyphenForms(Analyze(text))
	var rows [][]Slot
	for _, tokens := range [][]Token{apart, joined} {
		if len(tokens) > 0 {
			rows = append(rows, slots(tokens))
		}
	}
	return rows
}

func slots(tokens []Token) []Slot {
	var row []Slot
	for _, t := range tokens {
		offset := t.Position - tokens[0].Position
		if n := len(row); n > 0 && row[n-1].Offset == offset {
			row[n-1].Terms = append(row[n-1].Terms, t.Term)
			continue
		}
		row = append(row, Slot{offset, []string{t.Term}})
	}
	return row
}

// HyphenForms returns the tokens of words with hyphens as several words, and as
// one word each: nil where there is none.
func HyphenForms(tokens []Token) (apart, joined []Token) {
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

// JoinSans returns the parts with « sans » and « abri » made one word where the
// two make one term.
func JoinSans(parts []trame.Expr) []trame.Expr {
	var out []trame.Expr
	for _, p := range parts {
		w, isWord := p.(trame.Word)
		if n := len(out); n > 0 && isWord {
			before, ok := out[n-1].(trame.Word)
			if both := before.Text + " " + w.Text; ok && before.Field == w.Field && strings.EqualFold(before.Text, "sans") && len(Analyze(both)) == 1 {
				out[n-1] = trame.Word{Field: w.Field, Text: both}
				continue
			}
		}
		out = append(out, p)
	}
	return out
}
