package index

import "math"

// BM25 (Robertson and Zaragoza, 2009) on title and on body, added up: measured
// better than one joined field or a heavier title. Bleve's own is not used: its
// average length counts distinct terms, and its frequencies are square roots.
const (
	k1         = 1.2
	bTitle     = 0.75
	bBody      = 0.5
	inTitle    = 0.8 // what the title counts for beside the body
	ofLead     = 0.3 // what the first words of the body count for once more
	asAsked    = 0.3 // what the word as it was written adds to its stem
	bPair      = 0.3
	inAPair    = 0.3 // what two words asked next to each other add when they stand so
	ofFillers  = 0.3 // what words that only make a question count for
	leadSize   = 60  // words of the lead
	topicPower = 0.2 // of how much words that titles are made of count for more

	// A word found by its beginning has no idf: it weighs this.
	prefixTitle = 3.0
	prefixBody  = 1.0
)

// statistics are what BM25 needs to know of the documents of a scope.
type statistics struct {
	documents   int
	title, body float64 // average lengths in terms
}

func (v *view) statistics(s scope) statistics {
	var st statistics
	var titles, bodies int64
	for _, seg := range v.segments {
		c := seg.columns
		if s.whole() {
			st.documents += seg.documents
			titles += seg.titles
			bodies += seg.bodies
			continue
		}
		for doc := range uint32(seg.n) {
			if seg.holds(s, doc) {
				st.documents++
				titles += int64(c.title[doc])
				bodies += int64(c.body[doc])
			}
		}
	}
	n := float64(max(st.documents, 1))
	st.title = max(float64(titles)/n, 1)
	st.body = max(float64(bodies)/n, 1)
	return st
}

// idf weighs a term by how few documents hold it (Lucene's form, never negative).
func (st statistics) idf(holding int) float64 {
	if holding == 0 {
		return 0
	}
	n := float64(holding)
	return math.Log(1 + (max(float64(st.documents)-n, 0)+0.5)/(n+0.5))
}

// weights say what a source counts for in each place.
type weights struct{ title, body, exactTitle, exactBody, lead float32 }

// wordWeights are those of a word held by so many documents.
func (st statistics) wordWeights(h held) weights {
	topic := h.topic()
	return weights{
		title:      float32(topic * inTitle * st.idf(h.title)),
		body:       float32(topic * st.idf(h.body)),
		exactTitle: float32(topic * inTitle * asAsked * st.idf(h.exactTitle)),
		exactBody:  float32(topic * asAsked * st.idf(h.exactBody)),
		lead:       float32(topic * ofLead * st.idf(h.body)),
	}
}

// topic is more than 1 for words that titles are made of, less for those that
// only texts hold: a word stands in one title in ten of the articles that hold it,
// give or take.
func (h held) topic() float64 {
	inTitles := 10 * (float64(h.title) + 0.5) / (float64(h.any) + 5)
	return math.Pow(min(max(inTitles, 0.3), 3), topicPower)
}

// atLeast raises the weights to those of another.
func (w weights) atLeast(o weights) weights {
	w.title, w.body, w.lead = max(w.title, o.title), max(w.body, o.body), max(w.lead, o.lead)
	return w
}

// scales say how lengths enter a score: k1 × (1 − b + b × length ⁄ average) is
// fixed + slope × length.
type scales struct{ title, body scale }

type scale struct{ fixed, slope float32 }

func (st statistics) scales(bTitle, bBody float64) scales {
	return scales{scaleOf(bTitle, st.title), scaleOf(bBody, st.body)}
}

func scaleOf(b, average float64) scale {
	return scale{float32(k1 * (1 - b)), float32(k1 * b / average)}
}

// saturate returns what tf times count for in a text as long as long says.
func saturate(tf, long float32) float32 { return tf * (k1 + 1) / (tf + long) }

// scored are the scores that postings give: the same documents, the same order.
type scored struct {
	weights weights
	scales  scales
	scores  []float32
}

// leastScore is what everything that is found counts for at least.
const leastScore = 1e-6

// score returns what each document of the postings counts for. The last answer is
// kept: weights change only when the index does.
func (p *postings) score(c *columns, w weights, by scales) *scored {
	if s := p.scored.Load(); s != nil && s.weights == w && s.scales == by {
		return s
	}
	title, body := by.title, by.body
	s := &scored{weights: w, scales: by, scores: make([]float32, len(p.docs))}
	for i, doc := range p.docs {
		t := p.times[i]
		var sum float32
		if tf := float32(t.body()); tf > 0 {
			long := body.fixed + body.slope*float32(c.body[doc])
			sum = w.body * saturate(tf, long)
			if xf := float32(t.exactBody()); xf > 0 {
				sum += w.exactBody * saturate(xf, long)
			}
			if lf := float32(t.lead()); lf > 0 {
				sum += w.lead * saturate(lf, k1)
			}
		}
		if tf := float32(t.title()); tf > 0 {
			long := title.fixed + title.slope*float32(c.title[doc])
			sum += w.title*saturate(tf, long) + w.exactTitle*saturate(float32(t.exactTitle()), long)
		}
		s.scores[i] = max(sum, leastScore)
	}
	p.scored.Store(s)
	return s
}
