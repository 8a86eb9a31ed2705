package french

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// NewLexicon makes a lexicon of forms as people write them (lower case with
// accents, acronyms in capitals) in any order, each with a count. The same form
// may come more than once (from segments, titles, texts): its counts are added
// up. Forms longer than 60 characters, without a letter or digit, not in UTF-8 or
// with a count below 1 are left out.
func NewLexicon(words iter.Seq2[string, int]) *Lexicon {
	var g gathering
	for form, count := range words {
		g.add(form, count)
	}
	g.merge()
	l := g.lexicon()
	g = gathering{}
	l.close, l.far, l.farEnds = l.tries()
	return l
}

// gathering collects forms until they are sorted.
type gathering struct {
	keys  []byte // of each form: two bytes of length, the folded form, 0, the form itself where it is another
	forms []gathered
	limit int // of forms, past which the same ones are merged
	text  int // bytes of the forms
}

// gathered is one form, or anything else with a key that is to be sorted.
type gathered struct {
	part  uint64 // the bytes of the key that are compared at the moment
	at    uint32 // of the key
	count uint32
}

// firstMerge is the number of forms after which the same ones are added up: a form
// comes once a segment, and memory must not grow with the segments.
const firstMerge = 3 << 20

func (g *gathering) add(form string, count int) {
	if count < 1 || !utf8.ValidString(form) {
		return
	}
	var buffer [maxFolded]byte
	key, ok := foldWord(buffer[:0], form)
	if !ok || len(key) == 0 || bytes.IndexByte(key, 0) >= 0 || int64(len(g.keys)) > math.MaxUint32-1024 {
		return
	}
	g.limit = max(g.limit, firstMerge)
	if len(g.forms) == g.limit {
		g.merge()
		g.limit = max(firstMerge, 2*len(g.forms))
	}
	own := form
	if string(key) == form {
		own = ""
	}
	g.text += len(form)
	g.forms = append(g.forms, gathered{at: uint32(len(g.keys)), count: uint32(min(count, math.MaxInt32))})
	g.keys = binary.BigEndian.AppendUint16(g.keys, uint16(len(key)+1+len(own)))
	g.keys = append(g.keys, key...)
	g.keys = append(g.keys, 0)
	g.keys = append(g.keys, own...)
}

// merge sorts the forms and adds up those that are the same.
func (g *gathering) merge() {
	sortByKey(g.keys, g.forms, 0)
	kept := g.forms[:0]
	for _, f := range g.forms {
		if n := len(kept); n > 0 && kept[n-1].part == f.part && bytes.Equal(keyAt(g.keys, kept[n-1].at), keyAt(g.keys, f.at)) {
			kept[n-1].count = uint32(min(uint64(kept[n-1].count)+uint64(f.count), math.MaxInt32))
			g.text -= len(g.formAt(f.at))
			continue
		}
		kept = append(kept, f)
	}
	g.forms = kept
}

// sortByKey sorts forms by their keys, which are the same before depth: eight bytes
// at a time, so that comparing seldom leaves the array.
func sortByKey(keys []byte, forms []gathered, depth int) {
	for i, f := range forms {
		forms[i].part = eightBytes(keyAt(keys, f.at), depth)
	}
	slices.SortFunc(forms, func(a, b gathered) int { return cmp.Compare(a.part, b.part) })
	for len(forms) > 1 {
		n := 1
		for n < len(forms) && forms[n].part == forms[0].part {
			n++
		}
		if longer := func(f gathered) bool { return len(keyAt(keys, f.at)) > depth+8 }; n > 1 && slices.ContainsFunc(forms[:n], longer) {
			sortByKey(keys, forms[:n], depth+8)
		}
		forms = forms[n:]
	}
}

func keyAt(keys []byte, at uint32) []byte {
	n := uint32(binary.BigEndian.Uint16(keys[at:]))
	return keys[at+2 : at+2+n]
}

// eightBytes returns the eight bytes of a key from depth on, with zeros after its
// end: they sort as the bytes do.
func eightBytes(key []byte, depth int) uint64 {
	if len(key) >= depth+8 {
		return binary.BigEndian.Uint64(key[depth:])
	}
	var b [8]byte
	copy(b[:], key[min(depth, len(key)):])
	return binary.BigEndian.Uint64(b[:])
}

// lexicon lays the merged forms out.
func (g *gathering) lexicon() *Lexicon {
	l := &Lexicon{ends: make([]uint32, 0, len(g.forms)), counts: make([]uint32, 0, len(g.forms))}
	var text strings.Builder
	text.Grow(g.text)
	for i := 0; i < len(g.forms); {
		key, _, _ := bytes.Cut(keyAt(g.keys, g.forms[i].at), []byte{0})
		n := 1
		for i+n < len(g.forms) && bytes.HasPrefix(keyAt(g.keys, g.forms[i+n].at), key) && keyAt(g.keys, g.forms[i+n].at)[len(key)] == 0 {
			n++
		}
		spellings := g.forms[i : i+n]
		total := commonestFirst(spellings)
		for _, f := range spellings {
			text.Write(g.formAt(f.at))
			l.ends = append(l.ends, uint32(text.Len()))
			l.counts = append(l.counts, total)
			total = 0
		}
		i += n
	}
	l.text = text.String()
	l.best = newMaxima(l.counts)
	return l
}

func (g *gathering) formAt(at uint32) []byte {
	key, own, _ := bytes.Cut(keyAt(g.keys, at), []byte{0})
	if len(own) == 0 {
		return key
	}
	return own
}

// commonestFirst moves the commonest spelling to the front and returns what all
// count together. Of two as common, the one with accents is right more often.
func commonestFirst(spellings []gathered) uint32 {
	first, total := 0, uint64(0)
	for i, f := range spellings {
		total += uint64(f.count)
		if f.count >= spellings[first].count {
			first = i
		}
	}
	f := spellings[first]
	copy(spellings[1:first+1], spellings[:first])
	spellings[0] = f
	return uint32(min(total, math.MaxInt32))
}
