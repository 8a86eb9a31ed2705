package index

import (
	"context"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"trame/french"
)

// word is a source: one word in its forms. A form that opens into several stems
// (celleux) has several terms.
type word struct {
	field string // "" is title and body
	terms []term
}

type term struct{ stem, exact string } // french.Token's Term and Exact

func (w word) key() string {
	var b strings.Builder
	b.WriteString("w" + w.field)
	for _, t := range w.terms {
		b.WriteString("\x00" + t.stem + "\x00" + t.exact)
	}
	return b.String()
}

func (w word) read(ctx context.Context, seg *segmentView, _ reader) (_ *postings, err error) {
	t := newTally(ctx, seg.n)
	defer func() {
		if err != nil {
			t.drop()
		}
	}()
	for i, asked := range w.terms {
		if slices.ContainsFunc(w.terms[:i], func(o term) bool { return o.stem == asked.stem }) {
			continue
		}
		for _, field := range textFields(w.field) {
			err := seg.eachForm(field, asked.stem, func(surface string, list segment.PostingsList) error {
				return t.add(field, list, w.exact(asked.stem, surface))
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return t.postings(), nil
}

// exact reports whether a form is one that was written.
func (w word) exact(stem, surface string) bool {
	folded := ""
	for _, t := range w.terms {
		if t.stem != stem {
			continue
		}
		if t.exact == surface {
			return true
		}
		if folded == "" {
			folded = french.Fold(surface)
		}
		if t.exact == folded {
			return true
		}
	}
	return false
}

// prefix is a source: all words that begin so. They count as one.
type prefix struct{ field, beginning string }

func (p prefix) key() string { return "p" + p.field + "\x00" + p.beginning }

// read looks at the terms whose stems begin with the same two letters: stems do as
// their words, but for those that document listed apart.
func (p prefix) read(ctx context.Context, seg *segmentView, _ reader) (_ *postings, err error) {
	t := newTally(ctx, seg.n)
	defer func() {
		if err != nil {
			t.drop()
		}
	}()
	for _, field := range textFields(p.field) {
		look := func(entry string) error {
			_, surface, _ := strings.Cut(entry, "\x00")
			if !strings.HasPrefix(french.Fold(surface), p.beginning) {
				return nil
			}
			list, err := seg.list(field, entry)
			if err != nil {
				return err
			}
			return t.add(field, list, false)
		}
		start := p.beginning[:2]
		if err := seg.eachTerm(field, []byte(start), after(start), look); err != nil {
			return nil, err
		}
		if err := seg.eachTerm(fieldOdd, nil, nil, func(entry string) error {
			if strings.HasPrefix(entry, start) {
				return nil
			}
			return look(entry)
		}); err != nil {
			return nil, err
		}
	}
	return t.postings(), nil
}

// after returns the first key that does not begin with prefix.
func after(prefix string) []byte {
	b := []byte(prefix)
	b[len(b)-1]++ // the last byte of UTF-8 is never 0xff
	return b
}
