package index

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trame"
)

// explain says of what the score of a result is made. It goes through the plan as
// eval does, for one document: the gains add up to the score.
func (s *search) explain(c candidate) []trame.ScorePart {
	if s.q.Order() != trame.SortRelevance || s.plan.root == nil {
		return nil
	}
	return s.parts(s.plan.root, c)
}

// parts returns what a node that matches a result adds to its score.
func (s *search) parts(n node, c candidate) (parts []trame.ScorePart) {
	if !s.matches(n, c) {
		return nil
	}
	each := func(nodes []node) {
		for _, part := range nodes {
			parts = append(parts, s.parts(part, c)...)
		}
	}
	switch n := n.(type) {
	case *leaf:
		return s.leafParts(n, c)
	case allOf:
		each(n)
	case anyOf:
		each(n)
	case *mostOf:
		each(n.of)
	case bestOf:
		return s.bestParts(n, c)
	case boosted:
		each([]node{n.of})
		for _, by := range n.by {
			if filler, ok := by.(scaled); ok {
				parts = append(parts, s.scaledParts(filler, c, "mot de question")...)
			} else {
				parts = append(parts, s.parts(by, c)...)
			}
		}
	case scaled:
		return s.scaledParts(n, c, "autre forme")
	}
	return parts
}

// bestParts returns the parts of what scores best.
func (s *search) bestParts(ways bestOf, c candidate) (best []trame.ScorePart) {
	for _, way := range ways {
		if parts := s.parts(way, c); best == nil || gains(parts) > gains(best) {
			best = parts
		}
	}
	return best
}

func gains(parts []trame.ScorePart) (sum float64) {
	for _, p := range parts {
		sum += p.Gain
	}
	return sum
}

// scaledParts returns the parts of what counts for less, and says so.
func (s *search) scaledParts(n scaled, c candidate, kind string) []trame.ScorePart {
	parts := s.parts(n.of, c)
	for i := range parts {
		parts[i].Gain *= float64(n.share)
		parts[i].Why = fmt.Sprintf("%s, ×%s : %s", kind, decimal(float64(n.share)), parts[i].Why)
	}
	return parts
}

// leafParts returns what one thing adds in each place where it stands, as
// postings.score does.
func (s *search) leafParts(l *leaf, c candidate) (parts []trame.ScorePart) {
	p := l.postings[c.segment]
	i, found := slices.BinarySearch(p.docs, c.doc)
	if !found {
		return nil
	}
	t, columns := p.times[i], s.view.segments[c.segment].columns
	titleLength, bodyLength := int(columns.title[c.doc]), int(columns.body[c.doc])
	title, body := l.scale.title, l.scale.body
	longTitle, longBody := title.fixed+title.slope*float32(titleLength), body.fixed+body.slope*float32(bodyLength)
	what, words := l.told()
	add := func(field string, weight float32, n uint32, long float32, why string) {
		if gain := weight * saturate(float32(n), long); n > 0 && gain > 0 {
			parts = append(parts, trame.ScorePart{Words: words, Field: field, Why: what + why, Gain: float64(gain)})
		}
	}
	h, w := l.held, l.weights
	inTexts := fmt.Sprintf("dans un texte de %s (%s en moyenne)", count(bodyLength, "mot plein", "mots pleins"), number(int(s.stats.body)))
	inTitles := fmt.Sprintf("dans un titre de %s", count(titleLength, "mot plein", "mots pleins"))
	add("titre", w.title, t.title(), longTitle, many(t.title())+" "+inTitles+s.rarity(l, h.title))
	add("titre", w.exactTitle, t.exactTitle(), longTitle, "forme exacte, "+many(t.exactTitle())+" "+inTitles+s.rarity(l, h.exactTitle))
	add("texte", w.body, t.body(), longBody, many(t.body())+" "+inTexts+s.rarity(l, h.body))
	add("texte", w.exactBody, t.exactBody(), longBody, "forme exacte, "+many(t.exactBody())+" "+inTexts+s.rarity(l, h.exactBody))
	add("début du texte", w.lead, t.lead(), k1, fmt.Sprintf("%s dans les %d premiers mots", many(t.lead()), leadSize)+s.rarity(l, h.body))
	if len(parts) == 0 {
		parts = append(parts, trame.ScorePart{Words: words, Why: what + "présent, sans peser", Gain: leastScore})
	}
	return parts
}

// told says what kind of thing a leaf is, and its words.
func (l *leaf) told() (what, words string) {
	switch of := l.source.(type) {
	case word:
		if words = l.text; words == "" {
			words = of.terms[0].exact
		}
		return "", words
	case phrase:
		if of.slop > 0 {
			return fmt.Sprintf("mots proches (%d mots d’écart au plus), ", of.slop), l.text
		}
		return "expression, ", l.text
	case prefix:
		return "mots qui commencent ainsi, ", l.text
	case pair:
		return fmt.Sprintf("mots voisins (%d places au plus), ", pairWindow), l.text
	}
	return "", l.text
}

// rarity says how many articles hold something in a place.
func (s *search) rarity(l *leaf, holding int) string {
	if _, ok := l.source.(prefix); ok {
		return ""
	}
	name := "fréquent"
	switch n := s.stats.documents; {
	case holding*200 <= n:
		name = "rare"
	case holding*20 <= n:
		name = "peu fréquent"
	}
	return fmt.Sprintf(" ; %s (%s sur %s)", name, count(holding, "article", "articles"), number(s.stats.documents))
}

func many(times uint32) string { return number(int(times)) + " fois" }

func count(n int, one, several string) string {
	if n < 2 {
		return number(n) + " " + one
	}
	return number(n) + " " + several
}

// number writes a number with a narrow space between thousands.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// decimal writes a number with a comma, two places at most.
func decimal(f float64) string {
	return strings.Replace(strconv.FormatFloat(float64(int(f*100+0.5))/100, 'f', -1, 64), ".", ",", 1)
}
