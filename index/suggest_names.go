package index

import (
	"cmp"
	"html"
	"slices"
	"sort"
	"strings"
	"unicode"

	"trame"
	"trame/french"
)

// names are the labels of themes and the names of sources and authors, found by
// how their words begin. They never change once made. A nil *names has none.
type names struct {
	all   []trame.Completion // ordered by kind and falling count; Marked is empty
	words []nameWord         // ordered
}

// nameWord is a word of a name, folded, and which name that is.
type nameWord struct {
	text string
	name uint32
}

// nameKinds are the kinds of names, by the facets whose values they are.
var nameKinds = []struct{ facet, kind string }{
	{"theme", trame.CompleteTheme}, {"source", trame.CompleteSource}, {"author", trame.CompleteAuthor},
}

// newNames makes the names of what the articles in a view have.
func newNames(v *view, label labeller) *names {
	n := &names{}
	for _, k := range nameKinds {
		first := len(n.all)
		f := slices.Index(trame.FacetNames, k.facet)
		values := v.facets[f].values
		for o, count := range v.facets[f].open(v.tally(f)) {
			if count == 0 {
				continue
			}
			c := trame.Completion{Kind: k.kind, Text: values[o], Count: int(count)}
			if k.kind != trame.CompleteAuthor {
				c.ID, c.Text = c.Text, cmp.Or(label(k.facet, c.Text), c.Text)
			}
			n.all = append(n.all, c)
		}
		slices.SortFunc(n.all[first:], func(a, b trame.Completion) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
		})
	}
	for i, c := range n.all {
		for _, w := range foldedWords(c.Text) {
			n.words = append(n.words, nameWord{w, uint32(i)})
		}
	}
	slices.SortFunc(n.words, func(a, b nameWord) int {
		return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.name, b.name))
	})
	return n
}

// tally counts the sets of a facet that live documents have.
func (v *view) tally(facet int) []int32 {
	counts := make([]int32, len(v.facets[facet].sets))
	for _, seg := range v.segments {
		for doc, set := range seg.columns.facets[facet] {
			if !seg.dead.contains(uint32(doc)) {
				counts[set]++
			}
		}
	}
	return counts
}

// mostNameWords is how many words may be typed of a name.
const mostNameWords = 8

// complete returns the names that hold all the words typed, or words that begin
// so: of each kind at most limit, those of the most articles.
func (n *names) complete(t typed, limit int) (found []trame.Completion) {
	if n == nil || len(t.words) > mostNameWords {
		return nil
	}
	best := map[string][]uint32{} // by kind: names have an order already
	longest := slices.MaxFunc(t.words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	from := sort.Search(len(n.words), func(i int) bool { return n.words[i].text >= longest })
	for _, w := range n.words[from:] {
		if !strings.HasPrefix(w.text, longest) {
			break
		}
		kind := n.all[w.name].Kind
		kept := best[kind]
		at, twice := slices.BinarySearch(kept, w.name)
		if twice || at == limit || len(t.words) > 1 && !n.holds(w.name, t.words) {
			continue
		}
		kept = slices.Insert(kept, at, w.name)
		best[kind] = kept[:min(len(kept), limit)]
	}
	for _, k := range nameKinds {
		for _, i := range best[k.kind] {
			c := n.all[i]
			c.Marked = markBegun(c.Text, t.words)
			found = append(found, c)
		}
	}
	return found
}

// holds reports whether each of some words begins a word of a name.
func (n *names) holds(name uint32, words []string) bool {
	own := foldedWords(n.all[name].Text)
	return !slices.ContainsFunc(words, func(w string) bool {
		return !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(o, w) })
	})
}

// foldedWords returns the runs of letters and digits of a text, folded, articles
// included.
func foldedWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !ofWord(r) })
	for i, w := range words {
		words[i] = french.Fold(w)
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// markBegun writes a text for HTML with what begins its words as one of those
// typed marked.
func markBegun(text string, begun []string) trame.Markup {
	var b strings.Builder
	for text != "" {
		start := strings.IndexFunc(text, ofWord)
		if start < 0 {
			start = len(text)
		}
		end := start + strings.IndexFunc(text[start:], func(r rune) bool { return !ofWord(r) })
		if end < start {
			end = len(text)
		}
		word, marked := text[start:end], 0
		folded := french.Fold(word)
		for _, w := range begun {
			if strings.HasPrefix(folded, w) {
				marked = max(marked, begunSoFar(word, w))
			}
		}
		b.WriteString(html.EscapeString(text[:start]))
		if marked > 0 {
			b.WriteString("<mark>" + html.EscapeString(word[:marked]) + "</mark>")
		}
		b.WriteString(html.EscapeString(word[marked:]))
		text = text[end:]
	}
	return trame.Markup(b.String())
}

// ofWord reports whether a character belongs to a word or to an accent on it. One
// of the apostrophes is a letter to Unicode.
func ofWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && r != 'ʼ'
}
