package index

import (
	"context"
	"slices"

	"trame"
	"trame/french"
)

// rareShare is up to which part of the articles a query may find, and a word be
// held by, to be looked at for another spelling: a correction of a known word is 200 times as frequent
// ([french.Lexicon.Correct]), and a lexicon counts an article at most twice.
const rareShare = 100

// otherSpelling returns the query with the words in another spelling that were
// neither found in theirs nor searched in that one already, or are so rare that a
// neighbour was more likely meant; nil where it would not find more. Only a first
// page has it, and none while the words are still being read.
func (s *search) otherSpelling(ctx context.Context) (*trame.Suggestion, error) {
	if s.q.Bare || s.q.Cursor != "" || s.q.Number() > 1 || s.q.Text == "" || s.found*rareShare > s.stats.documents {
		return nil, nil
	}
	words := s.lexicon()
	if words == nil {
		return nil, nil
	}
	changed := false
	text := trame.ReplaceWords(s.q.Text, func(w trame.WordAt) string {
		better := s.likelier(words, w)
		changed = changed || better != ""
		return better
	})
	if !changed {
		return nil, nil
	}
	total, err := s.totalOf(ctx, text)
	if err != nil || total <= s.total {
		return nil, err
	}
	return &trame.Suggestion{Text: text, Total: total}, nil
}

// likelier returns a word of the query in the spelling that was likely meant, or
// "" where that is its own.
func (s *search) likelier(words *french.Lexicon, w trame.WordAt) string {
	if w.Field == trame.FieldAuthor {
		return ""
	}
	tokens := french.Analyze(w.Text)
	if len(tokens) != 1 {
		return ""
	}
	at := tokens[0]
	held := words.Count(at.Surface)
	if held > 0 && s.plan.most != nil || held*rareShare > s.stats.documents {
		return "" // a long question does not hang on one word
	}
	better, corrected := words.Respell(w.Text[at.Start:at.End])
	if !corrected || fillerWords[french.Fold(better)] || french.Sequence(better)[0] == at.Term && !s.q.Strict {
		return ""
	}
	better = w.Text[:at.Start] + better + w.Text[at.End:]
	searched := slices.ContainsFunc(s.plan.added, func(a trame.Expansion) bool {
		return a.Words == w.Text && len(a.With) == 1 && french.Fold(a.With[0]) == french.Fold(better)
	})
	if searched {
		return ""
	}
	return better
}

// totalOf returns how many articles another text finds under the same filters.
func (s *search) totalOf(ctx context.Context, text string) (int, error) {
	other := &search{q: s.q, view: s.view, cache: s.cache, label: s.label, words: s.words, spell: s.spell, scope: s.scope}
	other.q.Text, other.q.Facets, other.q.Sort = text, nil, trame.SortNewest
	var err error
	if other.e, err = other.q.Expr(); err != nil {
		return 0, nil // a word that would make it longer than a query may be
	}
	other.best = newRanking(1, trame.SortNewest, nil)
	err = other.run(ctx)
	return other.total, err
}
