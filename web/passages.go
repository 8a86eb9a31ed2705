package web

import (
	"html"
	"strings"

	"trame"
	"trame/french"
)

// passages are short cuts of an article around the words of the search.
type passages struct {
	Total int // places at which one of the words stands
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
	if q.Text == "" {
		return nil
	}
	expr, err := trame.ParseExpr(q.Text)
	if err != nil {
		return nil
	}
	want := terms{}
	want.add(expr)
	text := clip(a.Text, passageText)
	var found []french.Token
	for _, t := range french.Analyze(text) {
		if want.has(t.Term) {
			found = append(found, t)
		}
	}
	if len(found) == 0 {
		return nil
	}
	p := &passages{Total: len(found)}
	for rest := found; len(rest) > 0 && len(p.Shown) < maxPassages; {
		var m trame.Markup
		m, rest = cutPassage(text, rest)
		p.Shown = append(p.Shown, m)
	}
	return p
}

// terms are the terms and beginnings of terms that a query asks of the text.
type terms struct {
	whole    map[string]bool
	prefixes []string
}

func (t *terms) add(e trame.Expr) {
	switch e := e.(type) {
	case trame.And:
		for _, part := range e {
			t.add(part)
		}
	case trame.Or:
		for _, part := range e {
			t.add(part)
		}
	case trame.Word:
		t.addText(e.Field, e.Text)
	case trame.Phrase:
		t.addText(e.Field, e.Text)
	case trame.Prefix:
		if e.Field == "" {
			t.prefixes = append(t.prefixes, strings.ToLower(e.Text))
		}
	}
}

func (t *terms) addText(field, text string) {
	if field != "" {
		return
	}
	if t.whole == nil {
		t.whole = map[string]bool{}
	}
	for _, tok := range french.Analyze(text) {
		t.whole[tok.Term] = true
	}
}

func (t *terms) has(term string) bool {
	if t.whole[term] {
		return true
	}
	for _, p := range t.prefixes {
		if strings.HasPrefix(term, p) {
			return true
		}
	}
	return false
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
	for len(found) > 0 && found[0].Start < end {
		found = found[1:]
	}
	b.WriteString(html.EscapeString(flat(text[at:end])))
	if end < len(text) {
		b.WriteString("…")
	}
	return trame.Markup(b.String()), found
}

// flat puts a cut on one line and keeps the spaces at its ends.
func flat(s string) string { return strings.ReplaceAll(s, "\n", " ") }

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
