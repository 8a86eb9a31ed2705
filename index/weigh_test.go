package index

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"trame"
	"trame/french"
)

// TestWeighed compares questions of plain words with what their rules give when
// every article is read and counted: which articles hold enough of the words, how
// many hold all of them, and what each scores.
func TestWeighed(t *testing.T) {
	w := newWorld(t)
	for range 8 {
		w.apply(w.plan(20, 5, 5))
	}
	most, fewer, scores := 0, 0, 0
	for range 3 * effort() {
		w.apply(w.plan(15, 10, 10))
		c := newCorpus(w.now)
		for range 150 {
			q := trame.Query{Bare: true, PerPage: 100, Text: w.question()}
			w.filters(&q)
			q.AsOf = time.Time{}
			f := c.find(q)
			r, err := w.engine.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			f.compare(t, q, r)
			most += one(uint32(f.most))
			fewer += one(uint32(f.fewer))
			for i, h := range r.Items {
				if i%9 > 0 { // a plain count takes its time
					continue
				}
				got, want := h.Score, c.score(f, w.now[h.ID])
				if math.Abs(got-want) > 1e-3*want {
					t.Errorf("%s: %q scores %v, want %v", name(q), w.now[h.ID].Title, got, want)
				}
				scores++
			}
			if t.Failed() {
				t.FailNow()
			}
		}
	}
	t.Logf("%d questions need most of their words, %d of them few; %d scores", most, fewer, scores)
	if most < 100 || fewer < 10 || scores < 300 {
		t.Error("too few questions to say anything")
	}
}

// question makes plain words, as they stand in articles: no other spelling is
// looked for then.
func (w *world) question() string {
	var words []string
	for n := 1 + w.r.IntN(8); len(words) < n; {
		s := strings.Trim(w.sample(1), ".,;:!?()-–'’")
		switch w.r.IntN(12) {
		case 0:
			s = pick(w.r, []string{"comment", "faire", "peut", "toujours", "plus"})
		case 1:
			s = "zzyzyxz" + string(rune('a'+w.r.IntN(26)))
		}
		tokens := french.Analyze(s)
		if len(tokens) == 1 && tokens[0].Start == 0 && tokens[0].End == len(s) && tokens[0].Term != "sans" && s == strings.ToLower(s) {
			words = append(words, s)
		}
	}
	return strings.Join(words, " ")
}

// corpus is all articles, analysed.
type corpus struct {
	articles    map[*known]fields
	title, body float64 // average lengths
}

// fields are the tokens of an article.
type fields struct{ title, body []french.Token }

func newCorpus(in state) corpus {
	c := corpus{articles: map[*known]fields{}}
	for _, k := range in {
		title, body := french.Searched(&k.Article)
		f := fields{french.Analyze(title), french.Analyze(body)}
		c.articles[k] = f
		c.title += float64(long(f.title)) / float64(len(in))
		c.body += float64(long(f.body)) / float64(len(in))
	}
	return c
}

// long counts the tokens of a text, without those that join others.
func long(tokens []french.Token) (n int) {
	for _, t := range tokens {
		if t.Width < 2 {
			n++
		}
	}
	return n
}

// counted is how often a word stands in a text: in any form, as it was asked, and
// in any form in the lead.
type counted struct{ forms, exact, lead int }

// countForms counts the forms of a word, each once at a place.
func countForms(tokens []french.Token, asked french.Token) (n counted) {
	type form struct {
		surface string
		at      int
	}
	seen := map[form]bool{}
	for _, t := range tokens {
		if t.Term != asked.Term || seen[form{t.Surface, t.Position}] {
			continue
		}
		seen[form{t.Surface, t.Position}] = true
		n.forms++
		if t.Exact == asked.Exact {
			n.exact++
		}
		if t.Position <= leadSize {
			n.lead++
		}
	}
	return n
}

// holding counts the articles of which something is true.
func (c corpus) holding(f func(fields) bool) (n int) {
	for _, of := range c.articles {
		if f(of) {
			n++
		}
	}
	return n
}

// articlesWith counts the articles that hold a word.
func (c corpus) articlesWith(asked french.Token) int {
	return c.holding(func(of fields) bool { return of.hold(asked) })
}

func (of fields) hold(asked french.Token) bool {
	return countForms(of.title, asked).forms+countForms(of.body, asked).forms > 0
}

// rarity is the idf of what so many articles hold.
func (c corpus) rarity(n int) float64 {
	if n == 0 {
		return 0
	}
	return math.Log(1 + (float64(len(c.articles)-n)+0.5)/(float64(n)+0.5))
}

// finding is what a question should find.
type finding struct {
	words   []french.Token // all but stop words, each once
	filling []french.Token
	dropped []string
	found   []*known
	close   map[*known]bool // so near to the least weight that rounding decides
	whole   int
	most    int // words of which most are needed
	fewer   int // 1 where few articles hold enough, and less is asked
}

// find reads all articles for a question.
func (c corpus) find(q trame.Query) finding {
	f := finding{close: map[*known]bool{}}
	var texts []string
	telling := 0 // words that do not only make a question
	for text := range strings.FieldsSeq(q.Text) {
		tokens := french.Analyze(text)
		if len(tokens) == 0 || slices.ContainsFunc(f.words, func(o french.Token) bool { return o.Term == tokens[0].Term }) {
			continue
		}
		f.words = append(f.words, tokens[0])
		texts = append(texts, text)
		if !fillerWords[tokens[0].Exact] {
			telling++
		}
	}
	var needed []french.Token
	var masses []float64
	all := 0.0
	for i, asked := range f.words {
		n := c.articlesWith(asked)
		switch {
		case n == 0:
			f.dropped = append(f.dropped, texts[i])
		case fillerWords[asked.Exact] && telling >= 2:
			f.dropped = append(f.dropped, texts[i])
			f.filling = append(f.filling, asked)
		default:
			needed = append(needed, asked)
			masses = append(masses, c.rarity(n))
			all += c.rarity(n)
		}
	}
	if len(needed) > 2 {
		f.most = len(needed)
	}
	mass := map[*known]float64{}
	enough, both := 0, 0
	for k, of := range c.articles {
		lacks := 0
		for i, asked := range needed {
			if of.hold(asked) {
				mass[k] += masses[i]
			} else {
				lacks++
			}
		}
		if lacks == 0 && len(needed) > 0 {
			mass[k] = math.Inf(1)
			both++
			if len(k.failing(q)) == 0 {
				f.whole++
			}
		}
		if mass[k] >= neededShare*all {
			enough++
		}
	}
	least := math.Inf(1)
	if f.most > 0 {
		least = neededShare * all
		if enough < littleFound {
			least, f.fewer = fewerShare*all, 1
		}
	}
	if len(needed) == 2 && both == 0 { // either is better than nothing
		f.most, f.fewer, least = 2, 1, fewerShare*all
	}
	for k := range c.articles {
		if mass[k] >= least && len(k.failing(q)) == 0 {
			f.found = append(f.found, k)
		}
		f.close[k] = math.Abs(mass[k]-least) < 1e-4*all
	}
	return f
}

func (f finding) compare(t *testing.T, q trame.Query, r *trame.Results) {
	t.Helper()
	var want, got []string
	for _, k := range f.found {
		if !f.close[k] {
			want = append(want, k.ID)
		}
	}
	near := map[string]bool{}
	for k, close := range f.close {
		near[k.ID] = close
	}
	for _, h := range r.Items {
		if !near[h.ID] {
			got = append(got, h.ID)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if r.Total <= q.PerPage && !slices.Equal(got, want) {
		t.Errorf("%s: finds %v, want %v", name(q), got, want)
	}
	if len(got) == len(r.Items) && r.Total != len(f.found) {
		t.Errorf("%s: finds %d, want %d", name(q), r.Total, len(f.found))
	}
	if whole := f.whole; f.most > 0 && r.Whole != whole {
		t.Errorf("%s: %d hold all, want %d", name(q), r.Whole, whole)
	}
	if dropped := slices.Clone(f.dropped); len(f.found) > 0 {
		if got := slices.Sorted(slices.Values(r.Dropped)); !slices.Equal(got, slices.Sorted(slices.Values(dropped))) {
			t.Errorf("%s: drops %v, want %v", name(q), got, dropped)
		}
	}
}

// score adds up what an article scores for the words of a question.
func (c corpus) score(f finding, k *known) (sum float64) {
	of := c.articles[k]
	for i, word := range f.words {
		share := 1.0
		if slices.Contains(f.filling, word) {
			share = ofFillers
		}
		sum += share * c.wordScore(of, word)
		if i > 0 {
			sum += c.pairScore(of, f.words[i-1], word)
		}
	}
	return sum
}

// bm25 is what n times count for in a text.
func bm25(n int, b, long, average float64) float64 {
	return float64(n) * (k1 + 1) / (float64(n) + k1*(1-b+b*long/average))
}

func (c corpus) wordScore(of fields, word french.Token) float64 {
	rarity := func(field func(fields) []french.Token, times func(counted) int) float64 {
		return c.rarity(c.holding(func(of fields) bool { return times(countForms(field(of), word)) > 0 }))
	}
	title, body := func(of fields) []french.Token { return of.title }, func(of fields) []french.Token { return of.body }
	forms, exact := func(n counted) int { return n.forms }, func(n counted) int { return n.exact }
	inTitles := c.holding(func(of fields) bool { return countForms(of.title, word).forms > 0 })
	topic := math.Pow(min(max(10*(float64(inTitles)+0.5)/(float64(c.articlesWith(word))+5), 0.3), 3), topicPower)
	held, inBody := countForms(of.title, word), countForms(of.body, word)
	sum := rarity(body, forms) * bm25(min(inBody.forms, 1023), bBody, float64(long(of.body)), c.body)
	sum += asAsked * rarity(body, exact) * bm25(min(inBody.exact, 1023), bBody, float64(long(of.body)), c.body)
	sum += ofLead * rarity(body, forms) * bm25(min(inBody.lead, 15), 0, 0, 1)
	sum += inTitle * rarity(title, forms) * bm25(min(held.forms, 15), bTitle, float64(long(of.title)), c.title)
	sum += inTitle * asAsked * rarity(title, exact) * bm25(min(held.exact, 15), bTitle, float64(long(of.title)), c.title)
	return topic * sum
}

// pairs counts the places of a word that have another within three places after
// them.
func pairs(tokens []french.Token, first, second french.Token) (n int) {
	at := map[int]bool{}
	for _, t := range tokens {
		if t.Term == first.Term && !at[t.Position] && slices.ContainsFunc(tokens, func(o french.Token) bool {
			return o.Term == second.Term && o.Position > t.Position && o.Position <= t.Position+3
		}) {
			at[t.Position] = true
			n++
		}
	}
	return n
}

func (c corpus) pairScore(of fields, first, second french.Token) (sum float64) {
	if fillerWords[first.Exact] && fillerWords[second.Exact] {
		return 0
	}
	for _, field := range []string{fieldTitle, fieldBody} {
		tokens := func(of fields) []french.Token { return of.body }
		average, most := c.body, 1023
		if field == fieldTitle {
			tokens, average, most = func(of fields) []french.Token { return of.title }, c.title, 15
		}
		n := pairs(tokens(of), first, second)
		if n == 0 {
			continue
		}
		rarity := func(has func([]french.Token) bool) float64 {
			return c.rarity(c.holding(func(of fields) bool { return has(tokens(of)) }))
		}
		apart := rarity(func(t []french.Token) bool { return countForms(t, first).forms > 0 }) + rarity(func(t []french.Token) bool { return countForms(t, second).forms > 0 })
		together := rarity(func(t []french.Token) bool { return pairs(t, first, second) > 0 })
		sum += inAPair * min(together, apart) * bm25(min(n, most), bPair, float64(long(tokens(of))), average)
	}
	return sum
}
