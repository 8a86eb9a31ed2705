package read

import (
	"regexp"
	"slices"
	"strings"
)

// Bounds of the search for echoes.
const (
	minEcho  = 40  // bytes of a paragraph: shorter ones may come twice, as answers and refrains do
	maxKnown = 200 // paragraphs that a concatenation is looked for in
)

// withoutEchoes drops what a text says again: a paragraph that came before, and
// the title run together with paragraphs that are known, as a general extractor
// writes a page of one paragraph. The title itself stays where it first stands:
// withoutTitle wants to see it.
func withoutEchoes(paras []string, title string) []string {
	head := key(title)
	seen := map[string]bool{}
	var known, out []string
	for _, p := range paras {
		k := key(p)
		if k != "" && seen[k] && (k == head || len(p) >= minEcho) || k != head && len(out) < maxKnown && runTogether(k, head, known) {
			continue
		}
		seen[k] = true
		if k != "" && len(known) < maxKnown {
			known = append(known, k)
		}
		out = append(out, p)
	}
	return out
}

// withoutHeading drops the title wherever it still stands in a text.
func withoutHeading(paras []string, title string) []string {
	k := key(title)
	out := slices.DeleteFunc(slices.Clone(paras), func(p string) bool { return k != "" && len(p) < 2*maxTitle && key(p) == k })
	if len(out) == 0 { // a page that says its title and nothing else
		return paras
	}
	return out
}

// runTogether reports whether k is made of the title and of known paragraphs,
// and of nothing else.
func runTogether(k, title string, known []string) bool {
	if title == "" || !strings.Contains(k, title) {
		return false
	}
	titled := false
	for n := 0; k != "" && n < 20; n++ {
		longest := ""
		if strings.HasPrefix(k, title) {
			longest = title
		}
		for _, w := range known {
			if len(w) > len(longest) && strings.HasPrefix(k, w) {
				longest = w
			}
		}
		if longest == "" {
			return false
		}
		titled = titled || longest == title
		k = k[len(longest):]
	}
	return titled && k == ""
}

// Paragraphs at each end of a text that may be labels.
const maxEdge = 12

var (
	tagLead     = regexp.MustCompile(`(?i)^\s*(?:mots?[- ]?cl[ée]s?|étiquettes?|tags?|keywords?|thèmes?)\s*:\s*`)
	byLead      = regexp.MustCompile(`(?i)^\s*(?:par|de|by|auteurs?|auteure?s?|autrices?|texte)\s*:?\s+`)
	editedLine  = regexp.MustCompile(`^(?:derniere )?(?:mise? a jour|modification)\b.{0,12}\d`)
	backLine    = regexp.MustCompile(`^retour (?:aux? |a la |a l').{0,60}\baccueil$`)
	abstractTag = regexp.MustCompile(`(?i)^(?:résumé|abstract)\s*:?$`)
)

// withoutLabels drops from the ends of a text the lines that hold nothing but
// its authors, its keywords or the day of its last change: they have fields of
// their own. The links back of hand-made pages go too.
func withoutLabels(paras []string, authors, tags []string) []string {
	for n := 0; n < maxEdge && len(paras) > 1; n++ {
		p := paras[0]
		if !madeOf(byLead.ReplaceAllString(p, ""), authors) && !editedLabel(p) && !abstractTag.MatchString(p) {
			break
		}
		paras = paras[1:]
	}
	for n := 0; n < maxEdge && len(paras) > 1; n++ {
		p := paras[len(paras)-1]
		if !madeOf(tagLead.ReplaceAllString(p, ""), tags) && !editedLabel(p) && !backLine.MatchString(fold(p)) && !(byLead.MatchString(p) && madeOf(byLead.ReplaceAllString(p, ""), authors)) {
			break
		}
		paras = paras[:len(paras)-1]
	}
	return paras
}

// editedLabel reports a line that says on what day the page was changed, and not
// what was changed in it.
func editedLabel(p string) bool {
	p = strings.TrimSpace(p)
	return wordCount(p) <= 16 && editedLine.MatchString(fold(p)) && !strings.HasSuffix(p, ".") && !strings.ContainsAny(p, "!?") && !strings.Contains(strings.ReplaceAll(p, "\u00a0", " "), ": ")
}

// madeOf reports whether a line lists some of the names and says nothing else.
func madeOf(p string, names []string) bool {
	if len(p) > 1000 || len(names) == 0 {
		return false
	}
	k := key(p)
	keys := make([]string, 0, len(names))
	for _, n := range names {
		if n = key(n); n != "" {
			keys = append(keys, n)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return len(b) - len(a) })
	found := false
	for _, n := range keys {
		if strings.Contains(k, n) {
			k = strings.Replace(k, n, "\n", 1)
			found = true
		}
	}
	for w := range strings.SplitSeq(k, "\n") {
		if w != "" && w != "et" && w != "and" {
			return false
		}
	}
	return found
}
