package index

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"

	"trame"
	"trame/archive"
	"trame/french"
)

// titles are the titles of the archive, found by their words and by how these
// begin. They never change once made. A nil *titles has none.
//
// A title is known by its rank: the shorter and then the newer come first, and of
// articles of the same title there is the newest alone. For 500,000 titles that is
// about 55 MB, two thirds of it their text.
type titles struct {
	text  strip    // by rank
	ids   []uint64 // of the articles
	words strip    // folded word, zero byte, stem; ordered
	stems []uint32 // places in words, ordered by stem
	lists strip    // by place in words: the ranks of the titles that have it, each as what it is more than the one before

	versions []int64  // of the articles that were read, ordered,
	of       []uint32 // and the ranks of their titles
}

// strip is a row of texts in one piece.
type strip struct {
	text []byte
	ends []uint32
}

func (s *strip) len() int { return len(s.ends) }

func (s *strip) add(text []byte) {
	s.text = append(s.text, text...)
	s.ends = append(s.ends, uint32(len(s.text)))
}

func (s *strip) start(i int) uint32 {
	if i == 0 {
		return 0
	}
	return s.ends[i-1]
}

func (s *strip) at(i int) []byte { return s.text[s.start(i):s.ends[i]] }

// Bounds of what is read of titles, and of the work for one answer.
const (
	maxTitles      = 1 << 24
	maxTitleBytes  = 300      // longer titles are left out: they are texts
	maxTitleStrip  = 1 << 31  // bytes of all of them
	maxTitleWords  = 12       // typed before the last one
	leastLetters   = 3        // typed
	fewListed      = 40 << 10 // bytes of lists that are read whole
	mostTitlesRead = 150      // whose words are looked at otherwise
	mostTogether   = 1000     // titles of a word that are looked through for others
)

// newTitles makes titles of an archive's.
func newTitles(ctx context.Context, all iter.Seq2[archive.Title, error]) (*titles, error) {
	type known struct {
		archive.Title
		length int
	}
	var found []known
	size := 0
	for t, err := range all {
		if err != nil {
			return nil, err
		}
		t.Text = strings.Join(strings.Fields(t.Text), " ")
		if size += len(t.Text); len(t.Text) > maxTitleBytes || t.Text == "" || len(found) == maxTitles || size > maxTitleStrip {
			continue
		}
		found = append(found, known{t, strings.Count(t.Text, " ")})
	}
	slices.SortFunc(found, func(a, b known) int {
		return cmp.Or(cmp.Compare(a.length, b.length), cmp.Compare(b.Published, a.Published), cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	t := &titles{}
	ranks := map[string]uint32{}
	words := map[string]*listing{}
	var tokens []french.Token
	var key []byte
	byVersion := make([]uint32, 0, len(found))
	for i, f := range found {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		rank, twice := ranks[f.Text]
		if !twice {
			id, err := hex.DecodeString(f.ID)
			if err != nil || len(id) != 8 {
				continue
			}
			rank = uint32(t.text.len())
			ranks[f.Text] = rank
			t.text.add([]byte(f.Text))
			t.ids = append(t.ids, binary.BigEndian.Uint64(id))
			tokens = french.AppendTokens(tokens[:0], f.Text)
			for _, token := range tokens {
				key = append(append(append(key[:0], token.Exact...), formMark), token.Term...)
				l := words[string(key)]
				if l == nil {
					l = &listing{}
					words[string(key)] = l
				}
				l.add(rank)
			}
		}
		t.versions = append(t.versions, f.Version)
		byVersion = append(byVersion, rank)
	}
	t.orderVersions(byVersion)
	t.orderWords(words)
	return t, nil
}

// listing is a list that is being made.
type listing struct {
	ranks []byte
	next  uint32 // the last rank and one
}

func (l *listing) add(rank uint32) {
	if rank+1 == l.next {
		return
	}
	l.ranks = binary.AppendUvarint(l.ranks, uint64(rank-l.next+1))
	l.next = rank + 1
}

func (t *titles) orderVersions(ranks []uint32) {
	order := make([]int, len(ranks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(t.versions[a], t.versions[b]) })
	versions := make([]int64, len(order))
	t.of = make([]uint32, len(order))
	for to, from := range order {
		versions[to], t.of[to] = t.versions[from], ranks[from]
	}
	t.versions = versions
}

func (t *titles) orderWords(words map[string]*listing) {
	keys := make([]string, 0, len(words))
	for k := range words {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for i, k := range keys {
		t.words.add([]byte(k))
		t.lists.add(words[k].ranks)
		t.stems = append(t.stems, uint32(i))
	}
	slices.SortFunc(t.stems, func(a, b uint32) int { return cmp.Or(bytes.Compare(t.stem(a), t.stem(b)), cmp.Compare(a, b)) })
	for _, s := range []*strip{&t.text, &t.words, &t.lists} { // they grew with room to spare
		s.text, s.ends = slices.Clone(s.text), slices.Clone(s.ends)
	}
	t.ids, t.stems = slices.Clone(t.ids), slices.Clone(t.stems)
}

func (t *titles) stem(word uint32) []byte {
	_, stem, _ := bytes.Cut(t.words.at(int(word)), []byte{formMark})
	return stem
}

// known returns the title of a version that was read.
func (t *titles) known(version int64) (string, bool) {
	if t == nil {
		return "", false
	}
	i, ok := slices.BinarySearch(t.versions, version)
	if !ok {
		return "", false
	}
	return string(t.text.at(int(t.of[i]))), true
}

// each calls f with the ranks in a list until it says false.
func (t *titles) each(word uint32, f func(rank uint32) bool) {
	list := t.lists.at(int(word))
	next := uint32(0)
	for len(list) > 0 {
		more, n := binary.Uvarint(list)
		list = list[n:]
		next += uint32(more)
		if !f(next - 1) {
			return
		}
	}
}

// span returns the words that begin so.
func (t *titles) span(beginning string) (from, to int) {
	from = sort.Search(t.words.len(), func(i int) bool { return string(t.words.at(i)) >= beginning })
	to = from + sort.Search(t.words.len()-from, func(i int) bool { return !bytes.HasPrefix(t.words.at(from+i), []byte(beginning)) })
	return from, to
}

// formsOf returns the words of a stem.
func (t *titles) formsOf(stem string) []uint32 {
	from := sort.Search(len(t.stems), func(i int) bool { return string(t.stem(t.stems[i])) >= stem })
	to := from
	for to < len(t.stems) && string(t.stem(t.stems[to])) == stem {
		to++
	}
	return t.stems[from:to]
}

// holding returns the titles that hold a word of each of some stems, and how many
// there are: all where no stem is given, which nil stands for.
func (t *titles) holding(stems []string) (all bitset, n int) {
	if t == nil {
		return nil, 0
	}
	n = t.text.len()
	for i, stem := range stems {
		these := newBitset(t.text.len())
		n = 0
		for _, word := range t.formsOf(stem) {
			t.each(word, func(rank uint32) bool {
				if !these.contains(rank) && (i == 0 || all.contains(rank)) {
					these.add(rank)
					n++
				}
				return true
			})
		}
		if all = these; n == 0 {
			break
		}
	}
	return all, n
}

// complete returns the best of some titles, nil being all, that have a word that
// begins so, folded, by their ranks.
func (t *titles) complete(among bitset, beginning string, limit int) []uint32 {
	from, to := t.span(beginning)
	if from == to {
		return nil
	}
	if among != nil && t.lists.ends[to-1]-t.lists.start(from) > fewListed {
		return t.walk(among, beginning, limit)
	}
	best := make([]uint32, 0, limit+1)
	for word := from; word < to; word++ {
		t.each(uint32(word), func(rank uint32) bool {
			worst := uint32(math.MaxUint32)
			if len(best) == limit {
				worst = best[limit-1]
			}
			if rank >= worst {
				return false
			}
			if at, twice := slices.BinarySearch(best, rank); !twice && (among == nil || among.contains(rank)) {
				best = slices.Insert(best, at, rank)
				best = best[:min(len(best), limit)]
			}
			return true
		})
	}
	return best
}

// walk returns the first of some titles that have a word that begins so. It gives
// up after many that have none.
func (t *titles) walk(among bitset, beginning string, limit int) (best []uint32) {
	looked := 0
	var tokens []french.Token
	for i, w := range among {
		for ; w != 0; w &= w - 1 {
			if looked == mostTitlesRead || len(best) == limit {
				return best
			}
			looked++
			rank := i*64 + bits.TrailingZeros64(w)
			tokens = french.AppendTokens(tokens[:0], string(t.text.at(rank)))
			if slices.ContainsFunc(tokens, func(token french.Token) bool { return strings.HasPrefix(token.Exact, beginning) }) {
				best = append(best, uint32(rank))
			}
		}
	}
	return best
}

// together reports whether a word of a stem stands in one of some titles.
func (t *titles) together(stem string, among bitset) (found bool) {
	looked := 0
	for _, form := range t.formsOf(stem) {
		t.each(form, func(rank uint32) bool {
			looked++
			found = among.contains(rank)
			return !found && looked < mostTogether
		})
	}
	return found
}

// first puts the words first that stand in one of some titles.
func (t *titles) first(words []french.LexiconWord, among bitset) []french.LexiconWord {
	var these, others []french.LexiconWord
	for _, w := range words {
		if t.together(stemOf(w.Text), among) {
			these = append(these, w)
		} else {
			others = append(others, w)
		}
	}
	return append(these, others...)
}

// completion shows a title.
func (t *titles) completion(rank uint32, begun []string) trame.Completion {
	text := string(t.text.at(int(rank)))
	id := hex.EncodeToString(binary.BigEndian.AppendUint64(nil, t.ids[rank]))
	return trame.Completion{Kind: trame.CompleteTitle, Text: text, ID: id, Marked: markBegun(text, begun)}
}
