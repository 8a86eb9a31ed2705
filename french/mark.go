package french

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marker finds the words of a query in texts. Phrases are found where their words
// stand together, and as one stretch: l’<mark>action sociale</mark>. Their words
// are not found elsewhere, unless they are among Terms too.
type Marker struct {
	Terms    map[string]bool // by Token.Term
	Prefixes []string        // of Token.Exact
	Phrases  [][]string      // as Sequence returns them

	// Weights say how much a passage gains by each: a term, a prefix, or a phrase
	// joined by spaces. All are worth the same where it is nil.
	Weights map[string]float64
}

// Seek has words found that stand in a row, also with their hyphens or without:
// psycho-social, psychosocial. Their weight is no less than one given before.
func (m *Marker) Seek(words string, weight float64) {
	for _, row := range Rows(words) {
		if len(row) == 1 {
			for _, t := range row[0].Terms {
				m.SeekTerm(t, weight)
			}
			continue
		}
		for _, p := range phrasesOf(row) {
			if !slices.ContainsFunc(m.Phrases, func(o []string) bool { return slices.Equal(o, p) }) {
				m.Phrases = append(m.Phrases, p)
			}
			m.weigh(strings.Join(p, " "), weight)
		}
	}
}

// SeekTerm has a term found wherever it stands.
func (m *Marker) SeekTerm(term string, weight float64) {
	if m.Terms == nil {
		m.Terms = map[string]bool{}
	}
	m.Terms[term] = true
	m.weigh(term, weight)
}

// SeekPrefix has the words found that begin so, by Token.Exact.
func (m *Marker) SeekPrefix(prefix string, weight float64) {
	if !slices.Contains(m.Prefixes, prefix) {
		m.Prefixes = append(m.Prefixes, prefix)
	}
	m.weigh(prefix, weight)
}

func (m *Marker) weigh(key string, weight float64) {
	if m.Weights == nil {
		m.Weights = map[string]float64{}
	}
	m.Weights[key] = max(m.Weights[key], weight)
}

// mostPhrases bounds in how many ways a row of words of both genders is sought.
const mostPhrases = 8

// phrasesOf returns the phrases that a row stands for, as [Sequence] returns them.
func phrasesOf(row []Slot) [][]string {
	phrases := [][]string{nil}
	for _, s := range row {
		var longer [][]string
		for _, p := range phrases {
			p = append(slices.Clone(p), make([]string, s.Offset-len(p))...)
			for _, t := range s.Terms {
				longer = append(longer, append(slices.Clone(p), t))
			}
		}
		phrases = longer[:min(len(longer), mostPhrases)]
	}
	return phrases
}

// Sequence returns the words of a phrase by Token.Term, one for each position. A
// word that is "" may be any: there stands a stop word. It is empty where there
// are stop words alone.
func Sequence(phrase string) []string {
	var terms []string
	first := 0
	for _, t := range Analyze(phrase) {
		if t.Width > 1 {
			continue
		}
		if len(terms) == 0 {
			first = t.Position
		}
		for len(terms) < t.Position-first {
			terms = append(terms, "")
		}
		if len(terms) == t.Position-first {
			terms = append(terms, t.Term)
		}
	}
	return terms
}

// hits returns which of the words a token is: a term or a prefix, or "".
func (m *Marker) hits(t Token) string {
	if m.Terms[t.Term] {
		return t.Term
	}
	for _, p := range m.Prefixes {
		if strings.HasPrefix(t.Exact, p) {
			return p
		}
	}
	return ""
}

// Mark returns the text escaped for HTML, with the words between <mark> and
// </mark>. An article before a word is not marked: l’<mark>avocat</mark>.
func (m *Marker) Mark(text string) string {
	return render(text, 0, len(text), m.find(text))
}

// Bounds of the search for a passage, in bytes: how far it goes, and after how
// much it stops when every word has been seen together.
const (
	maxPassageText = 200_000
	passageStep    = 16_000
)

// Passage returns the passage of at most limit characters whose words weigh most,
// rather one in which they stand together, begun at a sentence where that leaves room, marked and escaped like
// [Marker.Mark]. An ellipsis says where the text goes on, a middle dot where a
// paragraph ends. Lines of keywords are taken only where no prose has the words.
// A text without any of the words gives its beginning.
func (m *Marker) Passage(text string, limit int) string {
	text = strings.TrimSpace(text)
	found, first, last := m.best(text, limit-2)
	start, end := 0, 0
	if len(found) > 0 {
		start, end = found[first].start, found[last].end
	}
	from, to := widen(text, start, end, limit-2)
	if n := strings.Count(text[from:to], "\n\n"); n > 0 { // each sign takes a place more
		from, to = widen(text, start, end, limit-2-n)
	}
	start, end = from, to
	s := render(text, start, end, found)
	if start > 0 {
		s = "…" + strings.TrimLeft(s, " ·")
	}
	if end < len(text) {
		s = strings.TrimRight(s, " .,;:·") + "…"
	}
	return s
}

// best returns the hits of the stretch of a text that holds the densest passage,
// and the first and the last of them in it.
func (m *Marker) best(text string, limit int) (found []hit, first, last int) {
	f := m.finder()
	if f == nil {
		return nil, 0, 0
	}
	most, value := 0, m.values()
	for from := 0; from < min(len(text), maxPassageText); {
		to := len(text)
		if from+passageStep < to {
			if to = wordBefore(text, from+passageStep); to <= from {
				to = from + passageStep
			}
		}
		stretch := f.find(nil, text[from:to])
		for i := range stretch {
			stretch[i].start += from
			stretch[i].end += from
		}
		prose := slices.DeleteFunc(slices.Clone(stretch), func(h hit) bool { return inKeywords(text, h.start) })
		if len(prose) > 0 {
			stretch = prose
		}
		f, l, score, different := densest(text, stretch, limit, value)
		if len(prose) == 0 {
			score = min(score, 1)
		}
		if score > most {
			found, first, last, most = stretch, f, l, score
		}
		if len(prose) > 0 && different >= len(m.Terms)+len(m.Prefixes)+len(m.Phrases) {
			break
		}
		from = to
	}
	return found, first, last
}

// inKeywords reports whether a byte of a text stands in a short line like
// « Mots-clés : jeunesse, addiction ».
func inKeywords(text string, at int) bool {
	const reach = 400
	from := max(0, at-reach)
	i := strings.LastIndexByte(text[from:at], '\n')
	if i < 0 && from > 0 {
		return false
	}
	line := text[from+i+1 : min(len(text), at+reach)]
	head, _, ok := strings.Cut(line[:min(len(line), 24)], ":")
	if !ok {
		return false
	}
	switch Fold(strings.NewReplacer("-", " ", "‑", " ").Replace(strings.TrimSpace(head))) {
	case "mots cles", "mot cle", "mots clefs", "tags", "etiquettes", "keywords":
		return true
	}
	return false
}

// What a word is worth in a passage: wholeWord for the one that weighs most, a
// share of it for others, togetherWords more where two stand together (for two
// such places at most), 1 for each time again.
const (
	wholeWord     = 1000
	leastWord     = 50
	togetherWords = 200
	mostTogether  = 2
	mostAgain     = 49
	nextTo        = 8 // bytes between two words that stand together: secret de la confession
)

// values returns what each of the words is worth.
func (m *Marker) values() func(term string) int {
	heaviest := 0.0
	for _, w := range m.Weights {
		heaviest = max(heaviest, w)
	}
	if heaviest == 0 {
		return func(string) int { return wholeWord }
	}
	return func(term string) int { return max(int(wholeWord*m.Weights[term]/heaviest), leastWord) }
}

// together reports whether the hit i and the one before it are different words
// that stand together.
func together(text string, found []hit, i int) bool {
	if i == 0 || found[i].term == found[i-1].term {
		return false
	}
	between := text[found[i-1].end:found[i].start]
	return len(between) <= nextTo && !strings.ContainsAny(between, ".\n")
}

// shown returns how many characters a stretch of a text takes in a passage, at most.
func shown(s string) int { return utf8.RuneCountInString(s) + strings.Count(s, "\n\n") }

// densest returns the first and the last of the hits that together are worth most
// within limit characters, what they are worth, and how many different words they
// are.
func densest(text string, found []hit, limit int, value func(term string) int) (first, last, score, different int) {
	j, chars, worth, pairs := 0, 0, 0, 0
	count := map[string]int{}
	for i := range found {
		if i > 0 {
			if j <= i { // the hit before stood alone, or was longer than the limit by itself
				j = i
			} else {
				chars -= shown(text[found[i-1].start:found[i].start])
				if count[found[i-1].term]--; count[found[i-1].term] == 0 {
					delete(count, found[i-1].term)
					worth -= value(found[i-1].term)
				}
				if together(text, found, i) {
					pairs--
				}
			}
		}
		for j < len(found) {
			from := found[i].start
			if j > i {
				from = found[j-1].end
			}
			if j > i && found[j].end-from > limit*utf8.UTFMax {
				break
			}
			more := shown(text[from:found[j].end])
			if j > i && chars+more > limit {
				break
			}
			if j == i {
				chars, worth, pairs = 0, 0, 0
				clear(count)
			} else if together(text, found, j) {
				pairs++
			}
			chars += more
			if count[found[j].term]++; count[found[j].term] == 1 {
				worth += value(found[j].term)
			}
			j++
		}
		if n := worth + togetherWords*min(pairs, mostTogether) + min(j-i-len(count), mostAgain); n > score {
			score, first, last = n, i, j-1
		}
		different = max(different, len(count))
	}
	return first, last, score, different
}

// widen grows a stretch to at most limit characters: back to the beginning of
// its sentence if that is near, else a few words back; then forward to the end of
// a word.
func widen(text string, start, end, limit int) (int, int) {
	spare := limit - utf8.RuneCountInString(text[start:end])
	if spare <= 0 {
		return start, end
	}
	if s := sentenceBefore(text, start); utf8.RuneCountInString(text[s:start]) <= spare*2/3 {
		spare -= utf8.RuneCountInString(text[s:start])
		start = s
	} else {
		s := start
		for n := 0; n < spare/3 && s > 0; n++ {
			_, size := utf8.DecodeLastRuneInString(text[:s])
			s -= size
		}
		for s < start && s > 0 && !isBlankBefore(text, s) {
			_, size := utf8.DecodeRuneInString(text[s:])
			s += size
		}
		spare -= utf8.RuneCountInString(text[s:start])
		start = s
	}
	e := end
	for ; spare > 0 && e < len(text); spare-- {
		_, size := utf8.DecodeRuneInString(text[e:])
		e += size
	}
	if e < len(text) {
		if w := wordBefore(text, e); w > end {
			e = w
		} else {
			e = end
		}
	}
	if s := start - spare; e == len(text) && start > 0 && spare > 0 { // the end of the text left room
		for s = max(s, 0); s < start && s > 0 && !isBlankBefore(text, s); s++ {
		}
		if end := strings.IndexFunc(text[s:start], sentenceEnd); end >= 0 && s > 0 {
			_, size := utf8.DecodeRuneInString(text[s+end:])
			if isBlankBefore(text, s+end+size+1) {
				s += end + size
			}
		}
		start = s
	}
	return start, e
}

func isBlankBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.IsSpace(r)
}

// sentenceBefore returns where the sentence around i begins.
func sentenceBefore(text string, i int) int {
	from := max(0, i-600)
	for j := i; j > from; {
		r, size := utf8.DecodeLastRuneInString(text[:j])
		if r == '\n' || unicode.IsSpace(r) && endsSentence(text[:j-size]) {
			return j
		}
		j -= size
	}
	if from > 0 {
		return wordBefore(text, from)
	}
	return 0
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return sentenceEnd(r)
}

func sentenceEnd(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '…' }

// wordBefore returns the end of the last whole word before i.
func wordBefore(text string, i int) int {
	for j := i; j > 0 && j > i-200; {
		r, size := utf8.DecodeLastRuneInString(text[:j])
		j -= size
		if unicode.IsSpace(r) {
			return j
		}
	}
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// render escapes text[start:end] and marks the hits in it. White space becomes
// one space, the end of a paragraph a middle dot.
func render(text string, start, end int, found []hit) string {
	var b strings.Builder
	at := start
	for _, h := range found {
		if h.start < at || h.end > end {
			continue
		}
		escape(&b, text[at:h.start])
		b.WriteString("<mark>")
		escape(&b, text[h.start:h.end])
		b.WriteString("</mark>")
		at = h.end
	}
	escape(&b, text[at:end])
	return b.String()
}

func escape(b *strings.Builder, s string) {
	for s != "" {
		i := strings.IndexFunc(s, collapses)
		if i < 0 {
			i = len(s)
		}
		b.WriteString(html.EscapeString(strings.ToValidUTF8(s[:i], "")))
		rest := strings.TrimLeftFunc(s[i:], collapses)
		switch blank := s[i : len(s)-len(rest)]; {
		case strings.Count(blank, "\n") > 1:
			b.WriteString(" · ")
		case blank != "":
			b.WriteByte(' ')
		}
		s = rest
	}
}

// collapses reports whether a character is white space that several of make one.
func collapses(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }
