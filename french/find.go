package french

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Span is a place in a text, in bytes.
type Span struct{ Start, End int }

// Find returns where the words and phrases stand, in order; no two places
// overlap. Where two begin together the longer one is taken.
func (m *Marker) Find(text string) []Span {
	var spans []Span
	for _, h := range m.find(text) {
		spans = append(spans, Span{h.start, h.end})
	}
	return spans
}

// hit is a stretch of a text that holds a word or a phrase of the query.
type hit struct {
	start, end int
	term       string // which one: the term, or the phrase
}

func (m *Marker) find(text string) []hit {
	return m.finder().find(nil, text)
}

// finder looks for the words of a Marker. It opens only the runs in which a word
// begins with the first two letters of one that is asked for.
type finder struct {
	m       *Marker
	phrases map[string][][]string // by first term
	begins  [26 * 26]bool         // pairs of first letters
	alone   [26]bool              // words of one letter
	digits  bool                  // something asked for begins with a digit
	near    []Token               // of the words after the first of a phrase
}

// finder prepares the search for the words; nil when there is none.
func (m *Marker) finder() *finder {
	f := &finder{m: m}
	for t := range m.Terms {
		f.add(t)
	}
	for _, p := range m.Prefixes {
		f.add(p)
		if len(p) == 1 && p[0] >= 'a' && p[0] <= 'z' {
			f.addAll(p[0])
		}
	}
	for _, p := range m.Phrases {
		for len(p) > 0 && p[0] == "" {
			p = p[1:]
		}
		if len(p) == 0 {
			continue
		}
		if f.phrases == nil {
			f.phrases = map[string][][]string{}
		}
		f.phrases[p[0]] = append(f.phrases[p[0]], p)
		f.add(p[0])
	}
	if len(m.Terms)+len(m.Prefixes)+len(f.phrases) == 0 {
		return nil
	}
	for stem := range sansWords { // abri is not found in sans-abri
		if f.begins[pairOf(stem)] {
			f.begins[pairOf("sans")] = true
		}
	}
	return f
}

// add lets the words through that may become a term or begin with a prefix.
func (f *finder) add(s string) {
	switch {
	case s == "":
	case s[0] >= '0' && s[0] <= '9':
		f.digits = true
	case s[0] < 'a' || s[0] > 'z': // words in other letters are opened anyway
	case len(s) == 1:
		f.alone[s[0]-'a'] = true
	case s[1] < 'a' || s[1] > 'z':
		f.addAll(s[0])
	default:
		f.begins[pairOf(s)] = true
		for _, pair := range otherBeginnings[s] {
			f.begins[pair] = true
		}
	}
}

func (f *finder) addAll(first byte) {
	f.alone[first-'a'] = true
	for second := range 26 {
		f.begins[int(first-'a')*26+second] = true
	}
}

// pairOf returns the number of the first two letters of a word that has two.
func pairOf(s string) int { return int(s[0]-'a')*26 + int(s[1]-'a') }

// otherBeginnings are the pairs of first letters of words whose stem has others:
// yeux, œil.
var otherBeginnings = func() map[string][]int {
	m := map[string][]int{}
	add := func(word, stem string) {
		if len(word) > 1 && len(stem) > 1 && word[:2] != stem[:2] {
			m[stem] = append(m[stem], pairOf(word))
		}
	}
	for word, stem := range exceptions {
		add(word, stem)
	}
	for blend, pair := range blends {
		for _, w := range strings.Fields(pair) {
			add(blend, stem(Fold(w)))
		}
	}
	return m
}()

// find appends the hits in a text to found.
func (f *finder) find(found []hit, text string) []hit {
	if f == nil {
		return found
	}
	first, position := len(found), 0
	var sans Token // the last one, where it may join the next word: its Term is empty otherwise
	sansRun := 0
	for start, end := f.nextRun(text, 0, false); start < end; start, end = f.nextRun(text, end, sans.Term != "") {
		r := lookUp(text[start:end])
		for i, t := range r.tokens {
			from := start
			t.Start += start
			t.End += start
			t.Position += position
			if t.End == end && closesAcronym(text, t) {
				t.End++
			}
			if sans.Term != "" {
				if joinsSans(sans, t) {
					t, from = withSans(sans, t), sansRun
				} else {
					found = f.take(found, first, text, sansRun, sans)
				}
				sans.Term = ""
			}
			if t.Term == "sans" && i == len(r.tokens)-1 {
				sans, sansRun = t, start
				continue
			}
			found = f.take(found, first, text, from, t)
		}
		position += int(r.span)
	}
	if sans.Term != "" {
		found = f.take(found, first, text, sansRun, sans)
	}
	return found
}

// take appends a token of the run at start to found where it is a hit, or the
// first word of one that is longer. Those before first belong to another text.
func (f *finder) take(found []hit, first int, text string, start int, t Token) []hit {
	h := hit{start: t.Start}
	if term := f.m.hits(t); term != "" {
		h.end, h.term = t.End, term
	}
	for _, p := range f.phrases[t.Term] {
		if end := f.follow(text, start, t, p); end > h.end {
			h.end, h.term = end, strings.Join(p, " ")
		}
	}
	switch last := len(found) - 1; {
	case h.end == 0:
	case last < first || h.start >= found[last].end:
		found = append(found, h)
	case h.start == found[last].start && h.end > found[last].end:
		found[last] = h
	}
	return found
}

// follow returns where a phrase ends whose first word is t, a token of the run at
// start, or 0 where other words follow.
func (f *finder) follow(text string, start int, t Token, phrase []string) (end int) {
	near, at, position, k := f.near[:0], -1, 0, 1
	end = t.End
	stands := func() bool { // whether the word k stands at its place
		i := slices.IndexFunc(near, func(o Token) bool { return o.Position == at+k && o.Term == phrase[k] })
		if i >= 0 {
			end = max(end, near[i].End)
		}
		return i >= 0 || phrase[k] == ""
	}
	for start, stop := nextRun(text, start); start < stop && k < len(phrase); start, stop = nextRun(text, stop) {
		r := lookUp(text[start:stop])
		near = r.appendTo(near, 0, text, start, stop, position)
		position += int(r.span)
		if at < 0 {
			i := slices.IndexFunc(near, func(o Token) bool { return o.Start == t.Start && o.Term == t.Term })
			if i < 0 { // a sans that joins the next word
				continue
			}
			at = near[i].Position
		}
		for k < len(phrase) && at+k < position-1 { // the last word may yet be joined
			if !stands() {
				f.near = near
				return 0
			}
			k++
		}
	}
	f.near = near
	for ; k < len(phrase); k++ {
		if at < 0 || !stands() {
			return 0
		}
	}
	return end
}

// nextRun returns the bounds of the next run that must be opened, or of the very
// next one, as the scanner cuts them; they are equal when there is none.
func (f *finder) nextRun(text string, from int, any bool) (start, end int) {
	for i := from; i < len(text); {
		start = i
		for i < len(text) {
			if b := text[i] | 0x20; b-'a' < 26 {
				i++
			} else if text[i] == 0xc3 && i+1 < len(text) && baseOf(text[i+1]|0x20) != 0 {
				i += 2
			} else {
				break
			}
		}
		if i == start {
			if c, size := classAt(text, i); c != letter && c != digit {
				i += size
				continue
			}
		} else if i-start < maxRun && endsWord(text, i) {
			if any || f.mayBegin(text[start:i]) {
				return start, i
			}
			i = min(i+1, len(text)) // a sign of one byte ends the word
			continue
		}
		if start, end = nextRun(text, start); any || f.mayHold(text[start:end]) {
			return start, end
		}
		i = end
	}
	return len(text), len(text)
}

// endsWord reports whether a run of letters surely ends at i.
func endsWord(text string, i int) bool {
	if i == len(text) {
		return true
	}
	if text[i] >= utf8.RuneSelf {
		return false
	}
	next := byte('\n')
	if i+1 < len(text) {
		next = text[i+1]
	}
	if text[i] == ' ' && next >= 'a' {
		return true
	}
	switch c := asciiClass[text[i]]; c {
	case parts, comma:
		return true
	case blank:
		return next != '(' && next != '['
	case apostrophe, point, hyphen, slash:
		return next < utf8.RuneSelf && asciiClass[next] != letter && asciiClass[next] != digit && !(c == slash && next == '-')
	}
	return false
}

// letterAt returns the letter at i without its accent and its size, or 0 for
// what is not one of a to z with or without an accent.
func letterAt(s string, i int) (letter byte, size int) {
	if i >= len(s) {
		return 0, 0
	}
	if b := s[i] | 0x20; b >= 'a' && b <= 'z' {
		return b, 1
	}
	if s[i] == 0xc3 && i+1 < len(s) && s[i+1] != 0x9f {
		if b := baseOf(s[i+1] | 0x20); b != 0 {
			return b, 2
		}
	}
	return 0, 0
}

// mayBegin reports whether something asked for may begin as a word of letters does.
func (f *finder) mayBegin(word string) bool {
	if len(word) > 1 {
		if a, b := word[0]|0x20-'a', word[1]|0x20-'a'; a < 26 && b < 26 {
			return a == b || f.begins[int(a)*26+int(b)]
		}
	}
	a, n := letterAt(word, 0)
	b, k := letterAt(word, n)
	switch {
	case n == 0:
		return true
	case n == len(word):
		return f.alone[a-'a']
	case k == 0 || a == b: // the stem has one of a double letter
		return true
	}
	return f.begins[int(a-'a')*26+int(b-'a')]
}

// mayHold reports whether something asked for may begin as one of the words of a
// run does.
func (f *finder) mayHold(run string) bool {
	for i := 0; i < len(run); {
		a, n := letterAt(run, i)
		if n == 0 {
			switch c, size := classAt(run, i); c {
			case letter, nothing:
				return true
			case digit:
				if f.digits || size > 1 {
					return true
				}
				i++
			default:
				i += max(size, 1)
			}
			continue
		}
		b, k := letterAt(run, i+n)
		if k == 0 {
			if rest := run[i+n:]; elided[string(a)] && (strings.HasPrefix(rest, "'") || strings.HasPrefix(rest, "’")) {
				i += n
				continue
			}
			return true
		}
		if a == b || f.begins[int(a-'a')*26+int(b-'a')] {
			return true
		}
		for i += n; k > 0; _, k = letterAt(run, i) {
			i += k
		}
	}
	return false
}
