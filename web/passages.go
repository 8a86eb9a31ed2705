package web

import (
	"html"
	"strings"

	"trame"
	"trame/french"
)

// passages are short cuts of an article around the words of the search.
type passages struct {
	Total int // how many cuts it takes to show every place
	Shown []trame.Markup
}

const (
	maxPassages   = 3
	passageReach  = 90      // bytes on either side of a word, before the nearest space
	passageText   = 1 << 20 // bytes of a text that are looked through
	passageWidest = 3 * passageReach
)

// findPassages looks for the words of q in the text of a. It returns nil when
// there are none, or nothing to look for.
func findPassages(a trame.Article, q trame.Query) *passages {
	w := wantedOf(q)
	if w == nil {
		return nil
	}
	text := clip(a.Text, passageText)
	found := w.find(text)
	if len(found) == 0 {
		return nil
	}
	p := &passages{}
	for rest := found; len(rest) > 0; p.Total++ {
		var m trame.Markup
		m, rest = cutPassage(text, rest)
		if len(p.Shown) < maxPassages {
			p.Shown = append(p.Shown, m)
		}
	}
	return p
}

// markParagraphs marks the words of q in paragraphs that are shown whole.
func markParagraphs(ps []string, q trame.Query) []trame.Markup {
	w := wantedOf(q)
	ms := make([]trame.Markup, len(ps))
	for i, p := range ps {
		if w == nil || len(p) > passageText {
			ms[i] = plain(p)
			continue
		}
		var b strings.Builder
		writeMarked(&b, p, 0, len(p), w.find(p))
		ms[i] = trame.Markup(b.String())
	}
	return ms
}

// cutPassage cuts the text around the first of the tokens, takes along those
// that stand in the cut, and returns the tokens after it.
func cutPassage(text string, found []french.Token) (trame.Markup, []french.Token) {
	first := found[0]
	start := wordStart(text, first.Start-passageReach, first.Start)
	end := wordEnd(text, min(first.End+passageReach, start+passageWidest), first.End)
	var b strings.Builder
	if start > 0 {
		b.WriteString("…")
	}
	found = writeMarked(&b, text, start, end, found)
	for len(found) > 0 && found[0].Start < end {
		found = found[1:]
	}
	if end < len(text) {
		b.WriteString("…")
	}
	return trame.Markup(b.String()), found
}

// writeMarked writes text[start:end] escaped, with the tokens marked that stand
// in it, and returns the tokens after it.
func writeMarked(b *strings.Builder, text string, start, end int, found []french.Token) []french.Token {
	at := start
	for len(found) > 0 && found[0].End <= end {
		t := found[0]
		found = found[1:]
		if t.Start < at { // a second term at the same place
			continue
		}
		b.WriteString(html.EscapeString(flat(text[at:t.Start])))
		b.WriteString("<mark>" + html.EscapeString(text[t.Start:t.End]) + "</mark>")
		at = t.End
	}
	b.WriteString(html.EscapeString(flat(text[at:end])))
	return found
}

// flat puts a cut on one line, with a point between paragraphs, and keeps the
// spaces at its ends.
func flat(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\n\n", " · "), "\n", " ")
}

// wordStart returns the beginning of the first word at or after at, at most limit.
func wordStart(text string, at, limit int) int {
	if at <= 0 {
		return 0
	}
	if i := strings.IndexAny(text[at:limit], " \n"); i >= 0 {
		return at + i + 1
	}
	return limit
}

// wordEnd returns the end of the last word before at, at least limit.
func wordEnd(text string, at, limit int) int {
	if at >= len(text) {
		return len(text)
	}
	return max(limit, strings.LastIndexAny(text[:max(at, limit)], " \n"))
}
