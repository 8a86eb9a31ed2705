package index

import (
	"slices"
	"strings"

	"trame"
	"trame/french"
)

// marks are what answers mark: in texts, and in titles, where what titre: asks
// for is marked too. Words that stand in a row are marked where they do: « secret
// professionnel » in quotes does not mark every secret. An answer that has no mark
// otherwise has the single words marked.
type marks struct {
	text, title french.Marker
	single      map[string]float64 // the words of what stands in a row, by Token.Term
}

// in calls seek with the markers of a field of the syntax.
func (m *marks) in(field string, seek func(*french.Marker)) {
	if field == "" {
		seek(&m.text)
	}
	seek(&m.title)
}

// words marks words that stand in a row, or one word; those that may stand apart
// each by itself.
func (m *marks) words(field, words string, apart bool, weight float64) {
	tokens := french.Analyze(words)
	if apart {
		m.in(field, func(f *french.Marker) {
			for _, t := range tokens {
				f.SeekTerm(t.Term, weight)
			}
		})
		return
	}
	m.in(field, func(f *french.Marker) { f.Seek(words, weight) })
	if field != "" || len(tokens) < 2 {
		return
	}
	if m.single == nil {
		m.single = map[string]float64{}
	}
	for _, t := range tokens {
		m.single[t.Term] = max(m.single[t.Term], weight)
	}
}

// leaveOut marks no longer what words of a question became that is not what it is
// about, unless they are among those kept.
func (m *marks) leaveOut(words, kept []asked) {
	for _, a := range words {
		if a.word == nil {
			continue
		}
		for _, t := range a.word.terms {
			if slices.ContainsFunc(kept, func(k asked) bool { return k.word != nil && k.word.holds(t.stem) }) {
				continue
			}
			delete(m.text.Terms, t.stem)
			delete(m.title.Terms, t.stem)
			delete(m.text.Weights, t.stem)
			delete(m.title.Weights, t.stem)
		}
	}
}

// holds reports whether a stem is one of those of a word.
func (w *word) holds(stem string) bool {
	return slices.ContainsFunc(w.terms, func(t term) bool { return t.stem == stem })
}

// show returns the title and the passage that an answer shows of an article.
func (m *marks) show(a *trame.Article) (title, passage trame.Markup) {
	_, text := french.Searched(a)
	title, passage = shownBy(&m.title, &m.text, a.Title, text)
	if len(m.single) == 0 || strings.Contains(string(title+passage), "<mark>") {
		return title, passage
	}
	var single french.Marker
	for term, weight := range m.single {
		single.SeekTerm(term, weight)
	}
	return shownBy(&single, &single, a.Title, text)
}

func shownBy(inTitle, inText *french.Marker, title, text string) (trame.Markup, trame.Markup) {
	return trame.Markup(inTitle.Mark(title)), trame.Markup(inText.Passage(text, snippetLength))
}
