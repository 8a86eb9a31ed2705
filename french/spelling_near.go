package french

import (
	"bytes"
	"slices"
	"sort"
)

// Bounds of the words that corrections are made of. Where there are more, the
// rarest are left out: they are misspelt themselves more often than not.
const (
	maxNear = 1 << 20 // one slip away
	maxFar  = 1 << 18 // two
)

// trie leads letter by letter to words in the order of their letters. Its nodes
// lie level by level, the children of one side by side. It ends where few words
// are left: those are read.
type trie struct {
	words     []uint32 // forms
	labels    []byte   // of each node, the letter that leads there; 0 where a word ends
	first     []uint32 // of each node, the first of its words
	child     []uint32 // of each node, its first child; those of the next node follow its last
	backwards bool     // letters are read from the end
}

// fewWords is the most words that are read rather than parted.
const fewWords = 4

// tries makes the tries of the words that corrections are made of: of those one
// slip away by their first letters, of those two away by their first letters and
// by their last.
func (l *Lexicon) tries() (near, far, farEnds trie) {
	words := l.commonest(l.candidates(), maxNear)
	near = trie{words: words}
	near.grow(l)
	words = l.commonest(words, maxFar)
	far = trie{words: words}
	far.grow(l)
	farEnds = trie{words: l.byLastLetters(words), backwards: true}
	farEnds.grow(l)
	return near, far, farEnds
}

// candidates returns the words that can correct others.
func (l *Lexicon) candidates() []uint32 {
	var words []uint32
	var buffer [maxFolded]byte
	for form, count := range l.counts {
		if count == 0 {
			continue
		}
		if key := l.key(buffer[:0], uint32(form)); len(key) >= leastCandidate && len(key) <= maxWord && spellable(key) {
			words = append(words, uint32(form))
		}
	}
	return words
}

// commonest returns the words, at most limit, that are as frequent as they must be
// for there not to be more.
func (l *Lexicon) commonest(words []uint32, limit int) []uint32 {
	var frequent [1 << 12]int // words by their counts, the greatest together
	last := uint32(len(frequent) - 1)
	for _, word := range words {
		frequent[min(l.counts[word], last)]++
	}
	left, least := len(words), uint32(1)
	for left > limit && least <= last {
		left -= frequent[least]
		least++
	}
	kept := make([]uint32, 0, left)
	for _, word := range words {
		if l.counts[word] >= least && len(kept) < left {
			kept = append(kept, word)
		}
	}
	return kept
}

// byLastLetters returns words in the order of their letters from the end.
func (l *Lexicon) byLastLetters(words []uint32) []uint32 {
	var keys []byte
	forms := make([]gathered, len(words))
	for i, word := range words {
		at := len(keys)
		keys = l.key(append(keys, 0, 0), word)
		keys[at+1] = byte(len(keys) - at - 2)
		slices.Reverse(keys[at+2:])
		forms[i] = gathered{at: uint32(at), count: word}
	}
	sortByKey(keys, forms, 0)
	sorted := make([]uint32, len(words))
	for i, f := range forms {
		sorted[i] = f.count
	}
	return sorted
}

// grow makes the nodes of a trie, whose words are there.
func (t *trie) grow(l *Lexicon) {
	if len(t.words) == 0 {
		return
	}
	t.labels, t.first, t.child = []byte{0}, []uint32{0}, nil
	ends := []uint32{uint32(len(t.words))} // of the words of each node
	for node, depth, level := 0, 0, 1; node < len(t.labels); node++ {
		if node == level {
			depth, level = depth+1, len(t.labels)
		}
		t.child = append(t.child, uint32(len(t.labels)))
		from, to := t.first[node], ends[node]
		for to-t.first[node] > fewWords && from < to {
			letter := t.letter(l, from, depth)
			next := from + uint32(sort.Search(int(to-from), func(i int) bool { return t.letter(l, from+uint32(i), depth) > letter }))
			t.labels, t.first, ends = append(t.labels, letter), append(t.first, from), append(ends, next)
			from = next
		}
	}
	t.child = append(t.child, uint32(len(t.labels)))
	t.labels, t.first, t.child = slices.Clip(t.labels), slices.Clip(t.first), slices.Clip(t.child)
}

// letter returns the letter of a word at a depth, 0 after its end.
func (t *trie) letter(l *Lexicon, word uint32, depth int) byte {
	var buffer [maxFolded]byte
	key := l.key(buffer[:0], t.words[word])
	if depth >= len(key) {
		return 0
	}
	if t.backwards {
		return key[len(key)-1-depth]
	}
	return key[depth]
}

const (
	mostSlips = 2
	mostSteps = 3000 // letters that one walk compares; those typed are tried first
	readSteps = 4    // what beginning to read a word counts for
)

// walk goes down a trie as long as what it has read can be the word typed with
// slips: Damerau's distance where a swap counts 1 and swapped letters stay
// together, one row of its matrix a letter, of which only the cells near the
// diagonal can matter.
type walk struct {
	l     *Lexicon
	t     *trie
	typed []byte // in the direction of the trie
	slips int
	early int  // slips allowed among the first letters typed
	until int  // before which of them
	begin bool // what begins near the word typed will do
	steps int
	path  [maxWord + mostSlips + 1]byte
	rows  [maxWord + mostSlips + 1][2*mostSlips + 1]uint8
	found []extent // of forms
}

// near returns the words at most slips from the one typed. Of two slips either the
// first half has at most one, which the trie of first letters finds without
// reading much, or the second has none, and the trie of last letters finds it.
func (l *Lexicon) near(typed []byte, slips int) []uint32 {
	half := (len(typed) + 1) / 2
	w := walk{l: l, t: &l.close, typed: typed, slips: slips, early: 1, until: half}
	if slips > 1 {
		w.t = &l.far
	}
	w.start()
	if slips > 1 {
		w.typed = bytes.Clone(typed)
		slices.Reverse(w.typed)
		w.t, w.early, w.until = &l.farEnds, 0, len(typed)-half+1
		w.start()
	}
	words := make([]uint32, len(w.found))
	for i, s := range w.found {
		words[i] = s.from
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// nearSpans returns where the forms lie that begin with what is one slip from a
// beginning: those with the same first letter, if there are any.
func (l *Lexicon) nearSpans(typed []byte) []extent {
	if len(typed) < leastCorrected || len(typed) > maxWord || !spellable(typed) {
		return nil
	}
	w := walk{l: l, t: &l.close, typed: typed, slips: 1, early: 1, begin: true}
	w.start()
	var buffer [maxFolded]byte
	same := slices.DeleteFunc(slices.Clone(w.found), func(s extent) bool { return l.key(buffer[:0], s.from)[0] != typed[0] })
	if len(same) > 0 {
		return same
	}
	return w.found
}

func (w *walk) start() {
	w.steps = 0
	for b := range w.rows[0] {
		w.rows[0][b] = uint8(w.slips + 1)
		if j := b - w.slips; j >= 0 && j <= w.slips && j <= len(w.typed) && (j >= w.until || j <= w.early) {
			w.rows[0][b] = uint8(j)
		}
	}
	if len(w.t.words) > 0 {
		w.visit(0, uint32(len(w.t.words)), 0)
	}
}

// visit goes on from a node, whose words end before end, after depth letters.
func (w *walk) visit(node, end uint32, depth int) {
	t := w.t
	from, to := t.child[node], t.child[node+1]
	if from == to {
		for _, form := range t.words[t.first[node]:end] {
			w.read(form, depth)
		}
		return
	}
	for child := from; child < to; child++ {
		if w.typedAt(depth, t.labels[child]) {
			w.enter(child, to, end, depth)
		}
	}
	for child := from; child < to && w.steps < mostSteps; child++ {
		if !w.typedAt(depth, t.labels[child]) {
			w.enter(child, to, end, depth)
		}
	}
}

func (w *walk) typedAt(depth int, letter byte) bool {
	return depth < len(w.typed) && w.typed[depth] == letter
}

// enter goes to a child of a node, whose children end before to and whose words
// before end, if what it stands for is near enough.
func (w *walk) enter(child, to, end uint32, depth int) {
	t := w.t
	if child+1 < to {
		end = t.first[child+1]
	}
	switch first := t.words[t.first[child]]; {
	case t.labels[child] == 0:
		w.read(first, depth)
	case !w.step(depth, t.labels[child]):
	case w.begin && w.near(depth+1):
		w.found = append(w.found, extent{first, t.words[end-1] + 1})
	default:
		w.visit(child, end, depth+1)
	}
}

// read compares the letters of a word that are left after depth.
func (w *walk) read(form uint32, depth int) {
	w.steps += readSteps
	var buffer [maxFolded]byte
	key := w.l.key(buffer[:0], form)
	if w.t.backwards {
		slices.Reverse(key)
	}
	near := false
	for ; depth < len(key) && !near; depth++ {
		if !w.step(depth, key[depth]) {
			return
		}
		near = w.begin && w.near(depth+1)
	}
	if near || !w.begin && w.near(depth) {
		w.found = append(w.found, extent{form, form + 1})
	}
}

// near reports whether the letters read are the word typed with slips.
func (w *walk) near(depth int) bool {
	cell := len(w.typed) - depth + w.slips
	return cell >= 0 && cell <= 2*w.slips && int(w.rows[depth][cell]) <= w.slips
}

// step makes the row after one more letter. It says false when no word that
// begins so is near enough. Cell b of row i stands for letter i+b-slips typed.
func (w *walk) step(depth int, letter byte) bool {
	w.steps++
	k := w.slips
	if depth >= len(w.typed)+k {
		return false
	}
	w.path[depth] = letter
	i := depth + 1
	row, above := &w.rows[i], &w.rows[depth]
	alive := false
	for b := 0; b <= 2*k; b++ {
		j := i + b - k
		far := uint8(k + 1)
		if j >= 0 && j <= len(w.typed) {
			if b < 2*k {
				far = min(far, above[b+1]+1)
			}
			if j > 0 && b > 0 {
				far = min(far, row[b-1]+1)
			}
			if j > 0 {
				same := w.typed[j-1] == letter
				if same {
					far = min(far, above[b])
				} else {
					far = min(far, above[b]+1)
					if j > 1 && depth > 0 && w.typed[j-2] == letter && w.typed[j-1] == w.path[depth-1] {
						far = min(far, w.rows[depth-1][b]+1)
					}
				}
			}
			if j < w.until && int(far) > w.early {
				far = uint8(k + 1)
			}
			alive = alive || int(far) <= k
		}
		row[b] = far
	}
	return alive
}
