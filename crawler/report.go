package crawler

import (
	"sync"
	"time"

	"trame/archive"
)

// Outcomes of a visit, as VisitReport and Report name them.
const (
	OutcomeNew         = "new"          // an article that was not known
	OutcomeChanged     = "changed"      // an article with a new version
	OutcomeUnchanged   = "unchanged"    // an article, as it was
	OutcomeListing     = "listing"      // a home, a list, a feed, a sitemap
	OutcomeNotModified = "not_modified" // the site answered 304
	OutcomeMoved       = "moved"
	OutcomeDuplicate   = "duplicate"
	OutcomeGone        = "gone"    // an article that is there no more
	OutcomeMissing     = "missing" // 404 or 410 where no article was
	OutcomeRefused     = "refused"
	OutcomeLocked      = "locked"
	OutcomeUnfit       = "unfit"
	OutcomeFailed      = "failed"
)

// VisitReport says what became of one visit.
type VisitReport struct {
	Source   string           `json:"source"`
	URL      string           `json:"url"`
	Kind     archive.LinkKind `json:"kind"`
	State    archive.State    `json:"state"`
	Outcome  string           `json:"outcome"` // an Outcome… constant
	Status   int              `json:"status,omitempty"`
	Title    string           `json:"title,omitempty"` // of the article
	Problem  string           `json:"problem,omitempty"`
	Bytes    int              `json:"bytes"`
	Found    int              `json:"found"` // links not known before
	Duration time.Duration    `json:"duration"`
	Change   int64            `json:"change,omitempty"` // number in the archive's history

	also  *VisitReport // of the address that a redirect led to
	rests bool         // the host asked for a rest, so nothing was asked
}

// SourceReport sums up the visits to one source.
type SourceReport struct {
	ID          string        `json:"id"` // of the source
	Name        string        `json:"name,omitempty"`
	Visited     int           `json:"visited"`
	New         int           `json:"new"`
	Changed     int           `json:"changed"`
	Unchanged   int           `json:"unchanged"`
	Gone        int           `json:"gone"`
	Moved       int           `json:"moved"` // redirects and duplicates
	Refused     int           `json:"refused"`
	Locked      int           `json:"locked"`
	Failed      int           `json:"failed"`
	NotModified int           `json:"not_modified"`
	Bytes       int64         `json:"bytes"`
	Duration    time.Duration `json:"duration_ns"`    // from its first visit to the end of its last
	Full        bool          `json:"full,omitempty"` // it has used up its pages of this round; the rest waits
	Problem     string        `json:"problem,omitempty"`
}

// Report sums up a crawl, a line for each source in the order of ids.
type Report struct {
	Sources  []SourceReport `json:"sources"`
	Visited  int            `json:"visited"`
	New      int            `json:"new"`
	Changed  int            `json:"changed"`
	Gone     int            `json:"gone"`
	Failed   int            `json:"failed"`
	Bytes    int64          `json:"bytes"`
	Duration time.Duration  `json:"duration_ns"`
}

// tally counts the visits to one source.
type tally struct {
	mu          sync.Mutex
	r           SourceReport
	pages       int // visits that count against max_pages
	first, last time.Time
}

func (t *tally) add(v VisitReport, end time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first.IsZero() {
		t.first = end.Add(-v.Duration)
	}
	t.last = end
	t.r.Visited++
	t.r.Bytes += int64(v.Bytes)
	if v.Kind != archive.LinkFeed && v.Kind != archive.LinkSitemap {
		t.pages++
	}
	if n := t.counter(v.Outcome); n != nil {
		*n++
	}
}

func (t *tally) counter(outcome string) *int {
	switch outcome {
	case OutcomeNew:
		return &t.r.New
	case OutcomeChanged:
		return &t.r.Changed
	case OutcomeUnchanged:
		return &t.r.Unchanged
	case OutcomeNotModified:
		return &t.r.NotModified
	case OutcomeMoved, OutcomeDuplicate:
		return &t.r.Moved
	case OutcomeGone:
		return &t.r.Gone
	case OutcomeRefused:
		return &t.r.Refused
	case OutcomeLocked:
		return &t.r.Locked
	case OutcomeFailed:
		return &t.r.Failed
	}
	return nil
}

// full reports whether a source has had its pages of this round.
func (t *tally) full(limit int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.pages >= limit
}

func (t *tally) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages = 0
}

func (t *tally) sum() SourceReport {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.r
	r.Duration = t.last.Sub(t.first)
	return r
}
