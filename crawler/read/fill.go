package read

import "strings"

// Bounds of what fill adds between two paragraphs that were found.
const (
	maxGap      = 12  // paragraphs
	maxGapWords = 400 // words
)

// fill gives back what an extractor lost inside an article: items of lists,
// headings, quotations, a first paragraph. It looks for the paragraphs found in
// the page, and takes with them what stands between. nil means that what was
// found is not what the page shows.
func (s *sight) fill(found []string) []string {
	all := paras(s.body)
	have := " " + key(strings.Join(found, " ")) + " "
	in := make([]bool, len(all))
	first, last, got := -1, -1, 0
	for i := range all {
		p := &all[i]
		p.key = key(p.text)
		if len(p.key) < 4 || !strings.Contains(have, p.key) || p.words <= 8 && p.linkOnly() && !p.item {
			continue
		}
		if len(p.key) < 25 && first < 0 { // short lines stand in many places
			continue
		}
		in[i] = true
		got += p.words
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 || got*10 < wordsIn(found)*9 {
		return nil
	}
	first = s.backward(all, first)
	last = shorten(all, first, forward(all, last))
	var out []string
	for i := first; i <= last; i++ {
		if !in[i] && i > first && !gapHolds(all, in, i, last) {
			continue
		}
		if !boilerplate(all[i].text) {
			out = append(out, all[i].text)
		}
	}
	return out
}

func (p *para) linkOnly() bool { return p.linked*10 >= len(p.text)*8 }

// backward takes in the running text that stands just before what was found.
func (s *sight) backward(all []para, first int) int {
	title := ""
	if s.titleAt >= 0 {
		title = key(s.blocks[s.titleAt].text)
	}
	for i := first - 1; i >= 0 && i >= first-4; i-- {
		p := &all[i]
		if p.key == "" {
			p.key = key(p.text)
		}
		if p.words < 12 && !p.heading || p.key == title || p.linked*2 > len(p.text) || p.heading && i < first-1 {
			break
		}
		first = i
	}
	return first
}

// forward takes in running text of the same box that stands just after.
func forward(all []para, last int) int {
	for i := last + 1; i < len(all) && i <= last+4; i++ {
		p := &all[i]
		if p.parent != all[last].parent || p.words < 8 || p.linked*2 > len(p.text) || p.heading {
			break
		}
		last = i
	}
	return last
}

// shorten drops lines at the end that are no sentence and stand in another box
// than the text: who supports the site, how to print the page.
func shorten(all []para, first, last int) int {
	for last > first+1 {
		p, before := &all[last], &all[last-1]
		if p.words >= 12 || p.heading || p.item || p.parent == before.parent || strings.ContainsAny(p.text[len(p.text)-1:], ".!?") || strings.HasSuffix(p.text, "»") || strings.HasSuffix(p.text, "…") {
			break
		}
		last--
	}
	return last
}

// gapHolds reports whether paragraph i, which was not found, belongs to the text
// around it: it is text, and the gap that it stands in is small.
func gapHolds(all []para, in []bool, i, last int) bool {
	p := &all[i]
	switch {
	case p.legend, p.linked*2 > len(p.text) && p.words > 3, p.linkOnly() && !p.item:
		return false
	case p.heading:
		if i+1 > last || !in[i+1] {
			return false
		}
	case p.item:
	case p.words < 8 || !strings.ContainsAny(p.text[len(p.text)-1:], ".!?:;") && !strings.HasSuffix(p.text, "»") && !strings.HasSuffix(p.text, "…"):
		return false
	}
	n, words := 0, 0
	for j := i; j <= last && !in[j]; j++ {
		n++
		words += all[j].words
	}
	for j := i - 1; j >= 0 && !in[j]; j-- {
		n++
		words += all[j].words
	}
	return n <= maxGap && words <= maxGapWords
}
