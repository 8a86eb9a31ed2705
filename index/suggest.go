package index

import (
	"cmp"
	"context"
	"errors"
	"html"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"trame"
	"trame/french"
)

// Numbers of completions of each kind.
const (
	defaultCompletions = 5
	maxCompletions     = 10
)

// typed is what stands in a search field whose last word is being written.
type typed struct {
	before    string   // the text up to the last word, with its article: « aide à l’ »
	beginning string   // of the last word
	plain     bool     // the text is nothing but words
	words     []string // all of them, folded, the beginning last
}

// elided are what stands before an apostrophe that is no part of a word.
const elided = " l d j m n s t c qu jusqu lorsqu puisqu quoiqu "

// inclusive are the signs after which the feminine or the plural of a word
// follows: éducateur·rice.
const inclusive = "·•‧⋅∙⸱("

// readTyped reads the text of a search field. It reports false where the last
// word is not plain: quoted, unwanted, of a field, or an operator.
func readTyped(text string) (typed, bool) {
	if len(text) > trame.MaxQueryBytes || utf8.RuneCountInString(text) > trame.MaxQueryLength {
		return typed{}, false
	}
	text = strings.TrimSpace(text)
	e, err := trame.ParseExpr(text)
	all := trame.WordsIn(text)
	if err != nil || len(all) == 0 {
		return typed{}, false
	}
	last := all[len(all)-1]
	if word, ok := lastOf(e).(trame.Word); !ok || word.Field != "" || last.End != len(text) {
		return typed{}, false
	}
	at := last.At
	if i := strings.LastIndexAny(text[at:], "'’"); i > 0 && strings.Contains(elided, " "+french.Fold(text[at:at+i])+" ") {
		_, size := utf8.DecodeRuneInString(text[at+i:])
		at += i + size
	}
	t := typed{before: text[:at], beginning: text[at:]}
	if i := strings.IndexAny(t.beginning, inclusive); i > 0 {
		t.beginning = t.beginning[:i]
	}
	if t.beginning == "" {
		return typed{}, false
	}
	_, t.plain = plainWords(e)
	t.words = append(foldedWords(t.before), foldedWords(t.beginning)...)
	return t, len(t.words) > 0
}

// lastOf returns the last part of an expression that is not made of others.
func lastOf(e trame.Expr) trame.Expr {
	switch e := e.(type) {
	case trame.And:
		return lastOf(e[len(e)-1])
	case trame.Or:
		return lastOf(e[len(e)-1])
	}
	return e
}

// Suggest implements trame.Searcher. Words and titles are read in the background
// (see lexiconKeeper, titleKeeper): until that is done, there are none.
func (e *bleveEngine) Suggest(ctx context.Context, text string, limit int) (all []trame.Completion, err error) {
	limit = min(max(cmp.Or(limit, defaultCompletions), 1), maxCompletions)
	t, ok := readTyped(text)
	if !ok {
		return []trame.Completion{}, ctx.Err()
	}
	if err := e.enter(ctx); err != nil {
		return nil, err
	}
	defer func() { <-e.slots }()
	g, err := e.generation()
	if err != nil {
		return nil, err
	}
	debug.SetPanicOnFault(true)
	defer recovered(&err, "complete a word from "+g.path)
	all = []trame.Completion{}
	lexicon, names := e.lexicon(g, false), e.names(g)
	titles, current, err := e.titles(g)
	if err != nil {
		return nil, err
	}
	among, some := t.titlesBefore(titles)
	meant := t
	if lexicon != nil {
		words := lexicon.Complete(t.beginning, 4*limit)
		meant = t.meant(words)
		if among != nil && some > 0 {
			words = titles.first(words, among)
		}
		all = append(all, t.completeWords(words, limit)...)
	}
	if t.plain {
		var found []trame.Completion
		if some > 0 {
			found = meant.completeTitles(titles, among, limit)
		}
		if !current {
			found, err = g.standing(found)
		}
		all = append(all, found...)
		byName := names.complete(t, limit)
		if len(byName) == 0 {
			byName = names.complete(meant, limit)
		}
		all = append(all, byName...)
	}
	return all, errors.Join(err, ctx.Err())
}

// meant returns what was typed with the beginning that was meant, where that of
// the words which complete it is another one.
func (t typed) meant(words []french.LexiconWord) typed {
	if len(words) == 0 || strings.HasPrefix(french.Fold(words[0].Text), french.Fold(t.beginning)) {
		return t
	}
	t.beginning = words[0].Text
	t.words = append(slices.Clone(t.words[:len(t.words)-1]), french.Fold(words[0].Text))
	return t
}

// titlesBefore returns the titles that hold the words before the last one, and how
// many there are; nil stands for all.
func (t typed) titlesBefore(titles *titles) (bitset, int) {
	stems := slices.DeleteFunc(french.Sequence(t.before), func(stem string) bool { return stem == "" })
	if !t.plain || len(stems) > maxTitleWords {
		return nil, 0
	}
	return titles.holding(stems)
}

// completeWords returns the text with words that begin as the last one, one of
// each stem.
func (t typed) completeWords(words []french.LexiconWord, limit int) (all []trame.Completion) {
	var stems []string
	for _, w := range words {
		stem := stemOf(w.Text)
		if slices.Contains(stems, stem) {
			continue
		}
		stems = append(stems, stem)
		all = append(all, trame.Completion{Kind: trame.CompleteWord, Text: t.before + w.Text, Marked: markTyped(t.before, t.beginning, w.Text)})
		if len(all) == limit {
			break
		}
	}
	return all
}

// completeTitles returns the titles that hold all the words typed, the last of
// them begun.
func (t typed) completeTitles(titles *titles, among bitset, limit int) (found []trame.Completion) {
	letters := 0
	for _, w := range t.words {
		letters += utf8.RuneCountInString(w)
	}
	if letters < leastLetters {
		return nil
	}
	for _, rank := range titles.complete(among, french.Fold(t.beginning), limit) {
		found = append(found, titles.completion(rank, t.words))
	}
	return found
}

// stemOf returns the stem of a word, or itself.
func stemOf(word string) string {
	if tokens := french.Analyze(word); len(tokens) > 0 {
		return tokens[0].Term
	}
	return word
}

// markTyped writes before and word for HTML, with before and as much of the word
// as begins like beginning marked.
func markTyped(before, beginning, word string) trame.Markup {
	n := begunSoFar(word, french.Fold(beginning))
	if before == "" && n == 0 {
		return trame.Markup(html.EscapeString(word))
	}
	return trame.Markup("<mark>" + html.EscapeString(before+word[:n]) + "</mark>" + html.EscapeString(word[n:]))
}

// begunSoFar returns how many bytes at the beginning of a word are, accents and
// capitals aside, those of a folded beginning.
func begunSoFar(word, folded string) int {
	for i, r := range word {
		letter := french.Fold(string(r))
		switch {
		case folded == "":
			return i
		case strings.HasPrefix(folded, letter):
			folded = folded[len(letter):]
		case strings.HasPrefix(letter, folded): // œ begun by o
			return i + utf8.RuneLen(r)
		default:
			return i
		}
	}
	return len(word)
}
