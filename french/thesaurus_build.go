package french

import (
	"slices"
	"strings"
	"unicode"
)

// form is one way to write a concept, and what is known of it.
type form struct {
	text     string
	key      string   // its terms: forms with the same key find the same texts
	letters  []string // for each term that is written in capitals, its letters; "" for ordinary words
	capitals bool     // counts in capitals alone
	links    []link
	also     []Also // what the links say
	others   []Others
}

// link leads from a form to another: to be searched with a weight, or to be
// offered as a country's.
type link struct {
	form    int
	weight  float64
	country string
}

// concept is a line of the file but a twin: forms of one thing in one country.
type concept struct {
	kind    string
	country string // allCountries, or BE
	forms   []int
}

// twin is a line of the file: what two countries call something.
type twin struct {
	countries [2]string
	sides     [2][]int
}

// builder makes a Thesaurus of the lines of a file.
type builder struct {
	*Thesaurus
	byName   map[string]int // forms by what tells them from others
	concepts []concept
	twins    []twin
	of       map[int][]int // by form, its concepts
}

func newBuilder() *builder {
	return &builder{Thesaurus: &Thesaurus{}, byName: map[string]int{}, of: map[int][]int{}}
}

// form returns the number of a form, which is new or known; ok is false where
// nothing in it can be looked up.
func (b *builder) form(text string) (number int, ok bool) {
	text, capitals := strings.CutSuffix(text, capitalsOnly)
	text = strings.TrimSpace(text)
	tokens := Analyze(text)
	if len(tokens) == 0 {
		return 0, false
	}
	f := form{text: text, key: keyOf(tokens), capitals: capitals}
	name := f.key
	for _, t := range apart(tokens) {
		letters := ""
		if allCapitals(strings.ReplaceAll(text[t.Start:t.End], ".", "")) && strings.ContainsFunc(text, unicode.IsLetter) {
			letters = t.Exact
		}
		f.letters = append(f.letters, letters)
		name += "|" + letters
	}
	if n, known := b.byName[name]; known {
		b.forms[n].capitals = b.forms[n].capitals || capitals
		return n, true
	}
	number = len(b.forms)
	b.byName[name] = number
	b.forms = append(b.forms, f)
	b.plant(number, tokens)
	return number, true
}

// maxPaths bounds the ways in which the hyphens of a form can be read.
const maxPaths = 16

// plant puts a form into the tree, with and without its hyphens.
func (b *builder) plant(number int, tokens []Token) {
	paths := 0
	var grow func(at *conceptTree, i int, gaps []int)
	grow = func(at *conceptTree, i int, gaps []int) {
		if i == len(tokens) {
			if paths++; paths <= maxPaths {
				at.ends = append(at.ends, formEnd{number, slices.Clone(gaps)})
			}
			return
		}
		for j := i; j < len(tokens) && tokens[j].Position == tokens[i].Position && paths < maxPaths; j++ {
			t := tokens[j]
			if at.next == nil {
				at.next = map[string]*conceptTree{}
			}
			if at.next[t.Term] == nil {
				at.next[t.Term] = &conceptTree{}
			}
			after, gap := t.Position+max(t.Width, 1), 0
			k := j + 1
			for k < len(tokens) && tokens[k].Position < after {
				k++
			}
			if i > 0 {
				gap = t.Position - tokens[i-1].Position - 1
			}
			grow(at.next[t.Term], k, append(gaps, max(gap, 0)))
		}
	}
	grow(&b.root, 0, nil)
}

// apart returns the tokens of a form read with its hyphens apart, one a position.
func apart(tokens []Token) []Token {
	var out []Token
	for _, t := range tokens {
		if t.Width <= 1 && (len(out) == 0 || out[len(out)-1].Position != t.Position) {
			out = append(out, t)
		}
	}
	return out
}

// keyOf names what a form looks up.
func keyOf(tokens []Token) string {
	var terms []string
	for _, t := range apart(tokens) {
		terms = append(terms, t.Term)
	}
	return strings.Join(terms, " ")
}

func (b *builder) concept(kind, country string, forms []int) {
	for _, f := range forms {
		b.of[f] = append(b.of[f], len(b.concepts))
	}
	b.concepts = append(b.concepts, concept{kind, country, forms})
}

// finish works out what each form leads to.
func (b *builder) finish() *Thesaurus {
	sides := map[int][]twinSide{}
	for i := range b.twins {
		for side := range 2 {
			for _, f := range b.twins[i].sides[side] {
				sides[f] = append(sides[f], twinSide{&b.twins[i], side})
			}
		}
	}
	for f := range b.forms {
		b.forms[f].links = append(b.also(f), b.others(f, sides)...)
	}
	b.words = map[string]bool{}
	for f := range b.forms {
		b.forms[f].also, b.forms[f].others = b.tell(f)
		for _, term := range Sequence(b.forms[f].text) {
			b.words[term] = true
		}
	}
	return b.Thesaurus
}

type twinSide struct {
	*twin
	side int
}

// also returns the other forms of the concepts of a form. One that holds the
// form itself finds nothing more, and is left out; so is a common word, which
// cannot be looked up in capitals alone.
func (b *builder) also(f int) (links []link) {
	for _, n := range b.of[f] {
		c := b.concepts[n]
		for _, g := range c.forms {
			weight := weights[c.kind]
			if c.kind == kindAcronym && (b.ambiguous(f) || b.ambiguous(g)) {
				weight = WeightAmbiguous
			}
			if !b.common(g) && !strings.Contains(" "+b.forms[g].key+" ", " "+b.forms[f].key+" ") {
				links = append(links, link{form: g, weight: weight})
			}
		}
	}
	return links
}

// common reports whether a form means something else in small letters, and is
// indexed in them: VIF, but not AS.
func (b *builder) common(f int) bool {
	return b.forms[f].capitals && len(Analyze(strings.ToLower(b.forms[f].text))) > 0
}

// ambiguous reports whether a form is an acronym of several concepts, or of one
// and of things that no line tells.
func (b *builder) ambiguous(f int) bool {
	n := 0
	for _, c := range b.of[f] {
		switch b.concepts[c].kind {
		case kindAmbiguous:
			n += 2
		case kindAcronym:
			n++
		}
	}
	return n > 1 && slices.ContainsFunc(b.forms[f].letters, func(s string) bool { return s != "" })
}

// others returns what other countries call a form: the twins of what it and the
// other names of its concept in that country are written as. Ambiguous acronyms
// are offered only where the twin itself names them.
func (b *builder) others(f int, sides map[int][]twinSide) (links []link) {
	for _, g := range append([]int{f}, b.names(f, "")...) {
		for _, s := range sides[g] {
			here, there := s.countries[s.side], s.countries[1-s.side]
			if g != f && !slices.Contains(b.names(f, here), g) {
				continue
			}
			for _, h := range s.sides[1-s.side] {
				if !b.common(h) {
					links = append(links, link{form: h, country: there})
				}
				for _, k := range b.names(h, there) {
					if !b.common(k) && !b.ambiguous(k) {
						links = append(links, link{form: k, country: there})
					}
				}
			}
		}
	}
	return links
}

// names returns the other forms of the concepts of a form in a country — in any
// one, where it is empty — what is merely near left out.
func (b *builder) names(f int, country string) (out []int) {
	for _, n := range b.of[f] {
		c := b.concepts[n]
		if c.kind == kindNear || country != "" && c.country != country {
			continue
		}
		for _, g := range c.forms {
			if g != f {
				out = append(out, g)
			}
		}
	}
	return out
}
