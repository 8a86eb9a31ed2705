package index

import "math"

// BM25 (Robertson and Zaragoza, 2009) on title and on body, added up: measured
// better than one joined field or a heavier title. Bleve's own is not used: its
// average length counts distinct terms, and its frequencies are square roots.
const (
	k1     = 1.2
	bTitle = 0.75
	bBody  = 0.6

	// exactShare is what the word as it was written adds to its stem: placements
	// before placement for who asks so.
	exactShare = 0.3

	// A word found by its beginning has no idf: it weighs this.
	prefixTitle = 3.0
	prefixBody  = 1.0
)

// idf weighs a term by how few documents hold it (Lucene's form, never negative).
func (p *planner) idf(field, term string) float64 {
	df := float64(p.frequency(field, term))
	return math.Log(1 + (float64(p.documents)-df+0.5)/(df+0.5))
}

// lengths are what BM25 needs of the whole index.
type lengths struct{ title, body float64 } // averages, in terms

// saturate returns how much a term found tf times in a field of a document adds,
// before its idf.
func (l lengths) saturate(field string, r row, tf float64) float64 {
	b, length, average := bBody, float64(r.body), l.body
	if field == fieldTitle || field == fieldTitleExact {
		b, length, average = bTitle, float64(r.title), l.title
	}
	return tf * (k1 + 1) / (tf + k1*(1-b+b*length/average))
}
