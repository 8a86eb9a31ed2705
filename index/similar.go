package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"trame"
	"trame/french"
)

// How articles like another one are found: by its most telling words, any of which
// may be there, each as heavy as it tells. Some more are read than shown, for twins
// are left out.
const (
	tellingWords    = 25
	mostCandidates  = 60     // words of the article whose frequency is looked up
	mostHeld        = 50_000 // places of all of them in lists of articles, about
	mostSimilar     = 50     // relatives
	sparedForTwins  = 10     // read besides those shown
	leastLike       = .06    // of what the article itself scores, at least
	reasonWords     = 5
	maxSharedListed = 8
)

// telling is a word that tells what an article is about.
type telling struct {
	stem    string
	surface string  // as the article writes it most
	times   float64 // in the article; title and lead count for more
	rarity  float64
	held    int // articles, about
}

func (t telling) weight() float64 { return (1 + math.Log(t.times)) * t.rarity }

// Similar implements trame.Searcher.
func (e *bleveEngine) Similar(ctx context.Context, id string, limit int) (found []trame.Relative, err error) {
	limit = min(max(limit, 1), mostSimilar)
	q := trame.Query{Sort: trame.SortRelevance}
	err = e.answer(ctx, q, func(s *search) error {
		self, err := s.find(id)
		if err != nil {
			return err
		}
		of, err := e.texts.Articles(ctx, []string{id})
		if err != nil {
			return fmt.Errorf("read article %s: %w", id, err)
		}
		if len(of) == 0 {
			return fmt.Errorf("article %s: %w", id, trame.ErrNotFound)
		}
		found, err = s.similar(ctx, e.texts, of[0], self, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// find returns where an article stands in the index.
func (s *search) find(id string) (candidate, error) {
	for i, seg := range s.view.segments {
		list, err := seg.list("_id", id)
		if err != nil {
			return candidate{}, err
		}
		docs := list.Iterator(false, false, false, nil)
		for p, err := docs.Next(); p != nil || err != nil; p, err = docs.Next() {
			if err != nil {
				return candidate{}, err
			}
			if doc := uint32(p.Number()); !seg.dead.contains(doc) {
				return candidate{segment: i, doc: doc, number: seg.columns.number[doc]}, nil
			}
		}
	}
	return candidate{}, fmt.Errorf("article %s is not in the index: %w", id, trame.ErrNotFound)
}

func (s *search) similar(ctx context.Context, texts Texts, of trame.Article, self candidate, limit int) ([]trame.Relative, error) {
	s.stats = s.view.statistics(s.scope)
	words, err := s.telling(of)
	if err != nil || len(words) == 0 {
		return []trame.Relative{}, err
	}
	p := s.planner(ctx, &s.plan)
	p.cache = &postingsCache{} // those of searches are not pushed out by the words of every article looked at
	p.leaves = map[string]*leaf{}
	var any anyOf
	parts := make([]scaled, len(words))
	for i, w := range words {
		l := p.leaf(word{terms: []term{{stem: w.stem}}}, w.surface)
		l.weights = s.stats.wordWeights(l.held)
		parts[i] = scaled{l, float32((1 + math.Log(w.times)) / (1 + math.Log(words[0].times)))}
		any = append(any, parts[i])
		p.marks.in("", func(m *french.Marker) { m.SeekTerm(w.stem, p.stats.idf(l.held.any)) })
	}
	if p.err != nil {
		return nil, p.err
	}
	s.plan.root = any
	s.best = newRanking(limit+sparedForTwins+1, trame.SortRelevance, nil)
	if err := s.evaluate(ctx); err != nil {
		return nil, err
	}
	return s.relatives(ctx, texts, of, self, words, parts, limit)
}

// relatives makes relatives of the best candidates.
func (s *search) relatives(ctx context.Context, texts Texts, of trame.Article, self candidate, words []telling, parts []scaled, limit int) ([]trame.Relative, error) {
	least := leastLike * s.sum(parts, self)
	near := slices.DeleteFunc(s.best.sorted(), func(c candidate) bool {
		return c.segment == self.segment && c.doc == self.doc || float64(c.score) < least
	})
	articles, err := s.articles(ctx, texts, near)
	if err != nil {
		return nil, err
	}
	seen, pairs := newTwins(of), pairsOf(of)
	all := []trame.Relative{}
	for i, a := range articles {
		shared := s.shared(near[i], words, parts)
		if a.ID == "" || len(shared) < min(2, len(words)) || !seen.isNew(a) {
			continue
		}
		r := trame.Relative{Hit: s.hit(a, near[i])}
		for _, id := range of.Themes {
			if slices.Contains(a.Themes, id) {
				r.Themes = append(r.Themes, id)
			}
		}
		names := joined(shared, pairs, articles[i])
		r.Words = names[:min(len(names), maxSharedListed)]
		r.Reason = s.reason(names, r.Themes)
		if all = append(all, r); len(all) == limit {
			break
		}
	}
	return all, nil
}

// sum returns what parts score for a document.
func (s *search) sum(parts []scaled, c candidate) (sum float64) {
	for _, part := range parts {
		sum += s.gain(part, c)
	}
	return sum
}

// gain returns what a part scores for a document; 0 where it does not match.
func (s *search) gain(part scaled, c candidate) float64 {
	p := part.of.(*leaf).postings[c.segment]
	i, found := slices.BinarySearch(p.docs, c.doc)
	if !found {
		return 0
	}
	scores := p.score(s.view.segments[c.segment].columns, part.of.(*leaf).weights, part.of.(*leaf).scale).scores
	return float64(part.share * scores[i])
}

// shared returns the words that a document holds too, those that count most first.
func (s *search) shared(c candidate, words []telling, parts []scaled) []telling {
	type share struct {
		word telling
		gain float64
	}
	var shares []share
	for i, part := range parts {
		if g := s.gain(part, c); g > 0 {
			shares = append(shares, share{words[i], g})
		}
	}
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.gain, a.gain) })
	all := make([]telling, len(shares))
	for i, s := range shares {
		all[i] = s.word
	}
	return all
}

// oftenTogether is how often two words follow one another in an article that is
// about them together.
const oftenTogether = 2

// pairsOf returns the words that often follow one another in an article, as it
// writes them, by their stems.
func pairsOf(a trame.Article) map[[2]string]string {
	times, written := map[[2]string]int{}, map[[2]string]string{}
	title, body := french.Searched(&a)
	for _, text := range []string{title, body} {
		var before french.Token
		for _, t := range french.Analyze(text) {
			if t.Width > 1 {
				continue
			}
			beside := t.Position == before.Position+1 && text[before.End:t.Start] == " "
			if before.Term != "" && beside && !isCapital(before.Surface) && !isCapital(text[t.Start:t.End]) {
				pair := [2]string{before.Term, t.Term}
				if times[pair]++; times[pair] == oftenTogether {
					written[pair] = text[before.Start:t.End]
				}
			}
			before = t
		}
	}
	return written
}

// isCapital reports whether a word begins with a capital: an acronym, or one that
// begins something else.
func isCapital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// joined returns the names of shared words, two as one where they often follow one
// another in one article and do so in the other too: secret partagé.
func joined(shared []telling, pairs map[[2]string]string, other trame.Article) []string {
	var names []string
	title, body := french.Searched(&other)
	done := map[string]bool{}
	for _, w := range shared {
		if done[w.stem] {
			continue
		}
		name := w.surface
		for _, o := range shared {
			for _, pair := range [][2]string{{w.stem, o.stem}, {o.stem, w.stem}} {
				if done[o.stem] || o.stem == w.stem || pairs[pair] == "" || name != w.surface {
					continue
				}
				m := french.Marker{Phrases: [][]string{pair[:]}}
				if len(m.Find(title))+len(m.Find(body)) > 0 {
					name, done[o.stem] = pairs[pair], true
				}
			}
		}
		done[w.stem] = true
		names = append(names, name)
	}
	return names
}

// telling returns the most telling words of an article, the heaviest first: often
// in it, in its title or at its beginning, and in few others. Only those that stand
// out in the article have their frequency looked up.
func (s *search) telling(a trame.Article) ([]telling, error) {
	words := wordsOf(a)
	words = words[:min(len(words), mostCandidates)]
	kept := words[:0]
	for _, w := range words {
		held := 0
		for _, seg := range s.view.segments {
			err := seg.eachEntry(fieldBody, append([]byte(w.stem), formMark), append([]byte(w.stem), formMark+1), func(_ string, count uint64) error {
				held += int(count)
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
		if most := max(s.stats.documents/4, 3); held > most {
			continue
		}
		w.held, w.rarity = held, s.stats.idf(max(held, 1))
		kept = append(kept, w)
	}
	slices.SortStableFunc(kept, func(a, b telling) int { return cmp.Compare(b.weight(), a.weight()) })
	room := mostHeld
	kept = slices.DeleteFunc(kept, func(w telling) bool {
		if w.held > room {
			return true
		}
		room -= w.held
		return false
	})
	return kept[:min(len(kept), tellingWords)], nil
}

// What a word in the title and in the lead counts for besides its place in the body.
const (
	timesOfTitle = 3
	timesOfLead  = 1
)

// wordsOf returns the words of an article, those that it insists on first.
func wordsOf(a trame.Article) []telling {
	at := map[string]int{}
	var words []telling
	surfaces := map[string]map[string]int{}
	add := func(text string, tokens []french.Token, weight float64) {
		for _, t := range tokens {
			if t.Width > 1 || !tells(t) {
				continue
			}
			i, known := at[t.Term]
			if !known {
				i = len(words)
				at[t.Term] = i
				words = append(words, telling{stem: t.Term})
				surfaces[t.Term] = map[string]int{}
			}
			words[i].times += weight
			surface := t.Surface
			if written := text[t.Start:t.End]; strings.EqualFold(written, surface) { // Namur
				surface = written
			}
			surfaces[t.Term][surface]++
		}
	}
	title, text := french.Searched(&a)
	body := french.Analyze(text)
	add(title, french.Analyze(title), timesOfTitle)
	add(text, leadOf(body), timesOfLead)
	add(text, body, 1)
	for i := range words {
		most := 0
		for surface, n := range surfaces[words[i].stem] {
			if n > most || n == most && surface > words[i].surface {
				words[i].surface, most = surface, n
			}
		}
	}
	slices.SortStableFunc(words, func(a, b telling) int { return cmp.Compare(b.times, a.times) })
	return words
}

// tells reports whether a word may tell what an article is about: no number, no
// word of one or two letters but an acronym, none that only makes questions.
func tells(t french.Token) bool {
	if fillerWords[t.Exact] || strings.ContainsFunc(t.Exact, unicode.IsDigit) {
		return false
	}
	return len(t.Exact) > 2 || t.Surface == strings.ToUpper(t.Surface) && len(t.Exact) > 1
}

// twins knows articles that are there already, by their text and their addresses.
type twins struct {
	keys map[uint64]bool
	urls map[string]bool
}

func newTwins(of trame.Article) *twins {
	t := &twins{map[uint64]bool{}, map[string]bool{}}
	t.isNew(of)
	return t
}

// isNew reports whether an article is none of those before it under another
// address, and remembers it.
func (t *twins) isNew(a trame.Article) bool {
	key := a.TextKey()
	urls := []string{a.URL}
	for _, p := range a.AlsoAt {
		urls = append(urls, p.URL)
	}
	known := key != 0 && t.keys[key] || slices.ContainsFunc(urls, func(u string) bool { return t.urls[u] })
	t.keys[key] = true
	for _, u := range urls {
		t.urls[u] = true
	}
	return !known
}

// reason says in French what two articles have in common.
func (s *search) reason(words, themes []string) string {
	more := ""
	if len(words) > reasonWords {
		words, more = words[:reasonWords], "…"
	}
	text := "Les deux parlent " + of(words[0]) + strings.Join(words, ", ") + more
	var names []string
	for _, id := range themes {
		names = append(names, cmp.Or(s.label("theme", id), id))
	}
	switch len(names) {
	case 0:
	case 1:
		text += " ; thème commun : " + names[0]
	default:
		text += " ; thèmes communs : " + strings.Join(names, ", ")
	}
	if strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}

// aspirated are beginnings of words whose h takes no elision.
var aspirated = []string{"handi", "harcel", "hai", "haut", "hasard", "hors", "heurt", "hach", "hand", "harass", "hangar", "heros", "hierarch", "honte", "hutte", "hall", "halte", "hamac", "hameau", "hanche", "hot", "huit"}

// of returns « de » as it is written before a word.
func of(word string) string {
	folded := french.Fold(word)
	if folded == "" {
		return "de "
	}
	if folded[0] == 'h' {
		if slices.ContainsFunc(aspirated, func(b string) bool { return strings.HasPrefix(folded, b) }) {
			return "de "
		}
		return "d’"
	}
	if strings.IndexByte("aeiou", folded[0]) >= 0 {
		return "d’"
	}
	return "de "
}
