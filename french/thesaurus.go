package french

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Weights of what is searched besides what was written; the words themselves
// weigh 1. What is merely near weighs little: on collections of French questions
// with judgments, more than 0.2 made results worse.
const (
	WeightAcronym   = 0.4  // an acronym and what it stands for
	WeightSynonym   = 0.25 // two names of one thing
	WeightNear      = 0.15 // something related
	WeightAmbiguous = 0.1  // an acronym that means several things
)

// Bounds of what Match gives back.
const (
	maxMatches = 16
	maxAlso    = 8 // forms of a match, and of a country in Others
)

// Thesaurus knows the forms of each concept of the trade — CPAS, centre public
// d'action sociale — and what the other country calls it. It is read once and
// never changes; any number of goroutines may use it. A nil Thesaurus knows
// nothing.
type Thesaurus struct {
	root    conceptTree
	forms   []form
	words   map[string]bool // of all forms, by Token.Term
	entries int
}

// Match is a stretch of words that is a form of a concept.
type Match struct {
	First, Last int      // of the words, from 0, both inclusive
	Form        string   // as the thesaurus writes it
	Also        []Also   // what else names it in its own country, the heaviest first
	Others      []Others // what other countries call it: to be offered, never to be applied unasked
}

// Also is another form of a concept, as written: one word or several in a row.
type Also struct {
	Form   string
	Weight float64 // one of the Weight constants
}

// Others are the forms of one other country.
type Others struct {
	Country string // FR
	Forms   []string
}

// conceptTree is a node of the tree of forms, by [Token.Term]: stop words are not in
// it. Where a form ends stands which, and how many stop words came before each of
// its terms.
type conceptTree struct {
	next map[string]*conceptTree
	ends []formEnd
}

type formEnd struct {
	form int
	gaps []int
}

// Len is the number of lines that the thesaurus was read from, comments apart.
func (t *Thesaurus) Len() int {
	if t == nil {
		return 0
	}
	return t.entries
}

// Knows reports whether a word is one of the trade, in any of its forms: it is no
// slip of the pen, though no article may hold it. Words of less than four letters
// are not told from slips.
func (t *Thesaurus) Knows(word string) bool {
	if t == nil || utf8.RuneCountInString(word) < 4 {
		return false
	}
	terms := Sequence(word)
	return len(terms) > 0 && !slices.ContainsFunc(terms, func(term string) bool { return !t.words[term] })
}

// Match returns the stretches of words — neighbours in a query, or the words of
// one phrase — that are forms of a concept. They do not overlap: the longest
// comes first to its place. They are in the order of the words, 16 at most.
//
// Capitals, accents, points, hyphens and inclusive writing decide nothing, with
// two exceptions. An acronym is met by the same letters alone (SAVS is not a
// plural), without accents (âme is not AME). One that is a common word too (VIF,
// AS) is met in capitals alone, unless all of several words are in capitals; and
// where it is common in texts as well, it is never searched for another form.
func (t *Thesaurus) Match(words []string) []Match {
	if t == nil || len(words) == 0 {
		return nil
	}
	l := lay(words)
	var found []span
	for i, tok := range l.tokens {
		if i == 0 || tok.Position != l.tokens[i-1].Position {
			l.walk(t, &t.root, i, nil, &found)
		}
	}
	slices.SortStableFunc(found, func(a, b span) int {
		return cmp.Or((b.last-b.first)-(a.last-a.first), a.first-b.first, b.terms-a.terms)
	})
	var kept []span
	for _, s := range found {
		if slices.ContainsFunc(kept, func(k span) bool { return k.first <= s.last && s.first <= k.last && !k.same(s) }) {
			continue
		}
		kept = append(kept, s)
	}
	return t.matches(kept)
}

// span is a form found at words first to last.
type span struct{ first, last, form, terms int }

func (s span) same(o span) bool { return s.first == o.first && s.last == o.last }

// matches makes one match of the forms at each span of words.
func (t *Thesaurus) matches(kept []span) []Match {
	slices.SortStableFunc(kept, func(a, b span) int { return a.first - b.first })
	var out []Match
	for len(kept) > 0 && len(out) < maxMatches {
		s, n := kept[0], 1
		f := t.forms[s.form]
		m := Match{First: s.first, Last: s.last, Form: f.text, Also: f.also, Others: f.others}
		for n < len(kept) && kept[n].same(s) {
			n++
		}
		if n > 1 {
			var forms []int
			for _, k := range kept[:n] {
				forms = append(forms, k.form)
			}
			m.Also, m.Others = t.tell(forms...)
		}
		if len(m.Also) > 0 || len(m.Others) > 0 {
			out = append(out, m)
		}
		kept = kept[n:]
	}
	return out
}

// tell says where forms that stand for the same words lead: each form once, not
// those words themselves, and offered only what is not searched anyway.
func (t *Thesaurus) tell(forms ...int) (also []Also, others []Others) {
	known := map[string]int{} // by key, the place in also, or -1
	for _, f := range forms {
		known[t.forms[f].key] = -1
	}
	var offered []link
	for _, f := range forms {
		for _, l := range t.forms[f].links {
			g := t.forms[l.form]
			at, again := known[g.key]
			switch {
			case l.country != "":
				offered = append(offered, l)
			case !again:
				known[g.key] = len(also)
				also = append(also, Also{g.text, l.weight})
			case at >= 0:
				also[at].Weight = max(also[at].Weight, l.weight)
			}
		}
	}
	for _, l := range offered {
		g := t.forms[l.form]
		if _, again := known[g.key]; again {
			continue
		}
		i := slices.IndexFunc(others, func(o Others) bool { return o.Country == l.country })
		if i < 0 {
			i = len(others)
			others = append(others, Others{Country: l.country})
		}
		if len(others[i].Forms) < maxAlso && !slices.Contains(others[i].Forms, g.text) {
			others[i].Forms = append(others[i].Forms, g.text)
		}
	}
	slices.SortStableFunc(also, func(a, b Also) int { return cmp.Compare(b.Weight, a.Weight) })
	return also[:min(len(also), maxAlso)], others
}

// lineOfWords is the words of a query as tokens that know their words.
type lineOfWords struct {
	text    string
	tokens  []Token
	of      []int // by byte of text, the word
	shouted bool  // several words, all in capitals: capitals say nothing
}

func lay(words []string) *lineOfWords {
	l := &lineOfWords{text: strings.Join(words, " ")}
	l.of = make([]int, 0, len(l.text)+1)
	capitals := 0
	for i, w := range words {
		for range len(w) + 1 {
			l.of = append(l.of, i)
		}
		if strings.ContainsFunc(w, unicode.IsUpper) {
			capitals++
		}
	}
	l.shouted = capitals > 1 && !strings.ContainsFunc(l.text, unicode.IsLower)
	l.tokens = Analyze(l.text)
	return l
}

// walk goes down the tree with the tokens from i on, which are those of one
// position; used are those that led here.
func (l *lineOfWords) walk(t *Thesaurus, b *conceptTree, i int, used []int, found *[]span) {
	for j := i; j < len(l.tokens) && l.tokens[j].Position == l.tokens[i].Position; j++ {
		tok := l.tokens[j]
		next := b.next[tok.Term]
		if next == nil {
			continue
		}
		path := append(used, j)
		for _, e := range next.ends {
			if l.fits(t.forms[e.form], e.gaps, path) {
				*found = append(*found, span{l.of[l.tokens[path[0]].Start], l.of[max(tok.End-1, tok.Start)], e.form, len(path)})
			}
		}
		after := tok.Position + max(tok.Width, 1)
		k := j + 1
		for k < len(l.tokens) && l.tokens[k].Position < after {
			k++
		}
		if k < len(l.tokens) {
			l.walk(t, next, k, path, found)
		}
	}
}

// fits reports whether the tokens of a path, whose terms are those of a form,
// are the form: acronyms to the letter, and no other words between.
func (l *lineOfWords) fits(f form, gaps, path []int) bool {
	for n, j := range path {
		tok := l.tokens[j]
		if n > 0 {
			before := l.tokens[path[n-1]]
			gap := tok.Position - before.Position - max(before.Width, 1)
			if gap > gaps[n]+1 || gap > gaps[n] && l.parted(before.End, tok.Start) {
				return false
			}
		}
		if len(f.letters) != len(path) || f.letters[n] == "" {
			continue // an ordinary word
		}
		written := l.text[tok.Start:tok.End]
		capitals := !strings.ContainsFunc(written, unicode.IsLower)
		switch {
		case tok.Exact != f.letters[n]:
			return false
		case !capitals && strings.ContainsFunc(written, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }):
			return false
		case f.capitals && (!capitals || l.shouted):
			return false
		}
	}
	return true
}

// parted reports whether et or ou stands between two places of the text: an
// assistant et social is no assistant social.
func (l *lineOfWords) parted(from, to int) bool {
	for _, w := range strings.Fields(l.text[min(from, to):to]) {
		switch strings.ToLower(w) {
		case "et", "ou":
			return true
		}
	}
	return false
}
