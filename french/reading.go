package french

import (
	"cmp"
	"slices"
	"strings"

	"trame"
)

// Reading is what one article holds of the terms that the queries of a [Matcher]
// name. It is for one goroutine, until Close.
type Reading struct {
	m           *Matcher
	a           *trame.Article
	title, body []Token
	places      [][]int32 // by number, ascending
	titleEnd    int32     // places up to this one are the title's
	asked       []byte    // by leaf: 0 not asked yet, 1 no, 2 yes
}

// readingGap parts title and text: more than the longest phrase spans.
const readingGap = trame.MaxExprBytes

// Read finds the terms of the queries in an article. What a query asks of other
// fields is read from a when it is asked.
func (m *Matcher) Read(a *trame.Article) *Reading {
	r, ok := m.readings.Get().(*Reading)
	if !ok || len(r.places) != int(m.count) || len(r.asked) != len(m.leaves) {
		r = &Reading{m: m, places: make([][]int32, m.count), asked: make([]byte, len(m.leaves))}
	}
	r.a = a
	title, body := Searched(a)
	r.title = AppendTokens(r.title[:0], title)
	r.body = AppendTokens(r.body[:0], body)
	r.titleEnd = 0
	if n := len(r.title); n > 0 {
		r.titleEnd = int32(r.title[n-1].Position)
	}
	r.find(r.title, 0)
	r.find(r.body, r.titleEnd+readingGap)
	return r
}

// maxKeptTokens is how many tokens a reading may keep room for when it is closed.
const maxKeptTokens = 1 << 14

// Close gives the reading back to its matcher. It must not be used any more.
func (r *Reading) Close() {
	if cap(r.body) > maxKeptTokens || cap(r.title) > maxKeptTokens {
		return
	}
	r.a = nil
	for i := range r.places {
		r.places[i] = r.places[i][:0]
	}
	clear(r.asked)
	r.m.readings.Put(r)
}

func (r *Reading) find(tokens []Token, from int32) {
	m := r.m
	for i := range tokens {
		t := &tokens[i]
		at := from + int32(t.Position)
		if bit := sieveBit(t.Term); m.sieve[bit/64]&(1<<(bit%64)) != 0 {
			if n, ok := m.terms[t.Term]; ok {
				r.places[n] = append(r.places[n], at)
			}
		}
		for _, p := range m.prefixes[t.Exact[0]] {
			if strings.HasPrefix(t.Exact, p.text) {
				r.places[p.number] = append(r.places[p.number], at)
			}
		}
	}
}

// Matches reports whether the article matches a query, by its number.
func (r *Reading) Matches(query int) bool { return r.holds(&r.m.queries[query]) }

func (r *Reading) holds(n *matchNode) bool {
	switch n.op {
	case matchAll:
		for i := range n.parts {
			if !r.holds(&n.parts[i]) {
				return false
			}
		}
		return true
	case matchAny:
		for i := range n.parts {
			if r.holds(&n.parts[i]) {
				return true
			}
		}
	case matchNot:
		return !r.holds(&n.parts[0])
	case matchWords:
		if r.asked[n.leaf] == 0 {
			r.asked[n.leaf] = 1
			if _, _, _, ok := r.stands(&r.m.leaves[n.leaf]); ok {
				r.asked[n.leaf] = 2
			}
		}
		return r.asked[n.leaf] == 2
	case matchField:
		return n.fits(r.a)
	}
	return false
}

// stands returns which row of a leaf stands first in the article, and from which
// place to which.
func (r *Reading) stands(l *matchLeaf) (row []matchSlot, from, to int32, ok bool) {
	for _, candidate := range l.rows {
		if f, t, found := r.first(l, candidate); found && (!ok || f < from) {
			row, from, to, ok = candidate, f, t, true
		}
	}
	return row, from, to, ok
}

// first returns where a row of a leaf stands first.
func (r *Reading) first(l *matchLeaf, row []matchSlot) (from, to int32, ok bool) {
	for _, s := range row {
		if !r.has(s.numbers) {
			return 0, 0, false
		}
	}
	begins := row[:1]
	length := row[len(row)-1].offset
	near := l.slop > 0 && len(row) > 1
	if near { // in any order
		begins = row
		length = int32(len(row)) - 1 + l.slop
	}
	for _, s := range begins {
		for _, n := range s.numbers {
			for _, at := range r.places[n] {
				if l.title && at > r.titleEnd || ok && at >= from {
					break
				}
				if near && r.apart(row, at, at+length) || !near && r.follows(row, at) {
					from, to, ok = at, at+length, true
					break
				}
			}
		}
	}
	return from, to, ok
}

// has reports whether one of the terms stands in the article.
func (r *Reading) has(numbers []int32) bool {
	for _, n := range numbers {
		if len(r.places[n]) > 0 {
			return true
		}
	}
	return false
}

// follows reports whether the slots of a row follow one another from a place.
func (r *Reading) follows(row []matchSlot, at int32) bool {
	for _, s := range row[1:] {
		if !slices.ContainsFunc(s.numbers, func(n int32) bool {
			_, found := slices.BinarySearch(r.places[n], at+s.offset)
			return found
		}) {
			return false
		}
	}
	return true
}

// apart reports whether every slot of a row has a place of its own between two
// places (Kuhn's algorithm for bipartite matching).
func (r *Reading) apart(row []matchSlot, from, to int32) bool {
	between := make([][]int32, len(row))
	for i, s := range row {
		for _, n := range s.numbers {
			j, _ := slices.BinarySearch(r.places[n], from)
			for ; j < len(r.places[n]) && r.places[n][j] <= to; j++ {
				between[i] = append(between[i], r.places[n][j])
			}
		}
		if between[i] == nil {
			return false
		}
	}
	taken := map[int32]int{} // place to slot
	var seat func(slot int, tried map[int32]bool) bool
	seat = func(slot int, tried map[int32]bool) bool {
		for _, at := range between[slot] {
			if tried[at] {
				continue
			}
			tried[at] = true
			if other, used := taken[at]; !used || seat(other, tried) {
				taken[at] = slot
				return true
			}
		}
		return false
	}
	for i := range row {
		if !seat(i, map[int32]bool{}) {
			return false
		}
	}
	return true
}

// Words returns words of the article that make it match a query, as they stand
// there (secret professionnel, déontologie), in their order: of everything that
// the query asks for, what is found first, at most limit. It is empty where the
// article does not match, or matches by what it lacks or by other fields.
func (r *Reading) Words(query, limit int) []string {
	if !r.Matches(query) {
		return nil
	}
	var found []stretch
	r.collect(&r.m.queries[query], &found)
	slices.SortStableFunc(found, func(a, b stretch) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	var words []string
	seen := map[string]bool{}
	end := int32(-1)
	for _, s := range found {
		folded := strings.Join(Words(s.text), " ")
		if s.to <= end || seen[folded] { // said by a longer one
			continue
		}
		seen[folded] = true
		end = s.to
		if words = append(words, s.text); len(words) == limit {
			break
		}
	}
	return words
}

// stretch is a row of words found.
type stretch struct {
	from, to int32 // places
	text     string
}

// collect gathers what a part that holds has found.
func (r *Reading) collect(n *matchNode, found *[]stretch) {
	switch n.op {
	case matchAll, matchAny:
		for i := range n.parts {
			if r.holds(&n.parts[i]) {
				r.collect(&n.parts[i], found)
			}
		}
	case matchWords:
		if row, from, to, ok := r.stands(&r.m.leaves[n.leaf]); ok {
			*found = append(*found, stretch{from, to, r.written(row, from, to)})
		}
	}
}

// farApart is from how many bytes between two words what stands there is left out.
const farApart = 40

// written returns the words of a row as they stand between two places.
func (r *Reading) written(row []matchSlot, from, to int32) string {
	text, body := Searched(r.a)
	tokens := r.title
	if from > r.titleEnd {
		text, tokens = body, r.body
		from, to = from-r.titleEnd-readingGap, to-r.titleEnd-readingGap
	}
	i, _ := slices.BinarySearchFunc(tokens, int(from), func(t Token, at int) int { return cmp.Compare(t.Position, at) })
	var b strings.Builder
	end := -1
	for ; i < len(tokens) && tokens[i].Position <= int(to); i++ {
		t := tokens[i]
		if t.End <= end || !r.names(row, t) {
			continue
		}
		switch start := max(t.Start, end); {
		case end < 0 || t.Start < end:
			b.WriteString(text[start:t.End])
		case t.Start-end > farApart:
			b.WriteString(" … " + text[t.Start:t.End])
		default:
			b.WriteString(text[end:t.End])
		}
		end = t.End
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// names reports whether a slot of a row asks for a token.
func (r *Reading) names(row []matchSlot, t Token) bool {
	number, ok := r.m.terms[t.Term]
	return slices.ContainsFunc(row, func(s matchSlot) bool {
		return ok && slices.Contains(s.numbers, number) || slices.ContainsFunc(r.m.prefixes[t.Exact[0]], func(p matchPrefix) bool {
			return slices.Contains(s.numbers, p.number) && strings.HasPrefix(t.Exact, p.text)
		})
	})
}
