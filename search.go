package trame

import (
	"context"
	"errors"
	"time"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrNotFound     = errors.New("not found")
	ErrInvalidQuery = errors.New("invalid query") // see QueryError
	ErrBusy         = errors.New("busy")          // another process holds it, or too much is asked at once
)

// Sort is the order of results.
type Sort string

// Orders of results. The empty Sort means relevance when words are asked and
// newest otherwise. Unknown dates come last in both date orders.
const (
	SortRelevance Sort = "relevance"
	SortNewest    Sort = "newest"
	SortOldest    Sort = "oldest"
)

// Names of facets, in the order in which pages show them.
var FacetNames = []string{"theme", "country", "source", "type", "author", "language", "year", "month"}

// Limits of a query.
const (
	MaxQueryLength = 512 // characters of Text
	MaxQueryBytes  = 4 * MaxQueryLength
	MaxQueryTerms  = 64 // words, phrase words and prefixes of Text
	MaxPerPage     = 100
	DefaultPerPage = 20
	MaxResultDepth = 10_000 // Page*PerPage
)

// Query is a question to the archive. Its URL form ([ParseQuery], [Query.Values])
// is the vocabulary that pages, API, feeds and links share. Filters are OR inside
// one and AND between.
type Query struct {
	Text      string // the syntax of [ParseExpr]; empty asks for everything
	Themes    []string
	Sources   []string
	Countries []string
	Types     []string
	Authors   []string
	Languages []string
	From, To  Date // inclusive, as far as they are known: From 2015 means 2015-01-01, To 2015 means 2015-12-31
	Sort      Sort
	Page      int    // from 1; 0 means 1
	Cursor    string // instead of Page: Results.Next of the page before
	PerPage   int    // 0 means DefaultPerPage
	Facets    []string
	AsOf      time.Time // only what had been seen by this moment, to the second; zero is now
	Twins     bool      // search the other country's words too
	Strict    bool      // to the letter: every word, none added
	Explain   bool      // say what each score is made of
	Bare      bool      // results of ids and scores alone: no text is read; not part of the URL form
}

// Results answer a Query.
type Results struct {
	Total        int           // articles that match, exactly
	TotalArchive int           // articles in the index
	Took         time.Duration // inside the engine
	Generation   int64         // the change of the archive up to which the index has read
	Items        []Hit
	Facets       map[string][]FacetValue // by facet name; a facet's counts ignore its own filter
	Understood   string                  // the query as it was read, in French
	Terms        []string                // the terms that were looked up
	Dropped      []string                // words that were not needed: no article holds them, or they only make a question
	Whole        int                     // of a question that needs most of its words: articles that hold all of them
	Added        []Expansion             // what was searched besides what was written
	Suggestion   *Suggestion             // another spelling that finds more; nil when there is none
	Twins        []Twin                  // words of the other country, and what they add or would add
	Next         string                  // Cursor of the page after this one; "" at the end
}

// Expansion says that a word or an acronym was searched in other forms too.
type Expansion struct {
	Words string   // as written
	With  []string // for example centre public d'action sociale
}

// Suggestion is another spelling of the query.
type Suggestion struct {
	Text  string // the query as it would be written
	Total int    // articles that it would find, under the same filters
}

// Twin is what the other country calls something that was asked.
type Twin struct {
	Words   string   // as asked: CPAS
	Country string   // of the equivalents: FR
	Others  []string // CCAS, centre communal d'action sociale
	Gain    int      // articles that they add to the results
}

// Hit is an article found, without its text.
type Hit struct {
	Article
	TitleMarked Markup      // the title with the words found marked
	Snippet     Markup      // about 240 characters around the words found
	Score       float64     // only comparable inside one answer; 0 when sorted by date
	Missing     []string    // of a question that needs most of its words, those that the article lacks
	Parts       []ScorePart // what it is made of, where Query.Explain asks
}

// ScorePart is what one thing found adds to a score.
type ScorePart struct {
	Words string  // as asked
	Field string  // "titre", "texte"; "" for what concerns the article
	Why   string  // in French: « 3 fois dans un texte de 412 mots ; rare (12 articles sur 5 000) »
	Gain  float64 // the parts add up to the score
}

// Markup is text that is escaped for HTML and holds no element but <mark>.
type Markup string

// FacetValue is one line of a facet. Label is for people; it is empty when Value
// says it all.
type FacetValue struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
	Count int    `json:"count"`
}

// Searcher answers queries. It is safe for use by many goroutines. Its methods
// give a *QueryError for what cannot be understood, and ErrBusy when too much is
// asked at once.
type Searcher interface {
	Search(ctx context.Context, q Query) (*Results, error)
	// Suggest completes what is being typed: at most limit of each kind, 5 where it
	// is 0 and never more than 10; the kinds in the order in which they are declared.
	Suggest(ctx context.Context, text string, limit int) ([]Completion, error)
	// Similar returns the articles most like one, best first, without those that
	// hold the same text; ErrNotFound where the index does not hold it. It never
	// gives more than 50.
	Similar(ctx context.Context, id string, limit int) ([]Relative, error)
	// Trends counts what q finds by year or month ("year", "month").
	Trends(ctx context.Context, q Query, interval string) (*Trends, error)
	// Concordance shows each place where the words of q stand in title and text, in
	// context. It reads the newest 1000 articles that match, 20 MiB of text at most.
	Concordance(ctx context.Context, q Query, o ConcordanceOptions) (*Concordance, error)
}

// Kinds of completions.
const (
	CompleteWord   = "word"
	CompleteTitle  = "title"
	CompleteTheme  = "theme"
	CompleteSource = "source"
	CompleteAuthor = "author"
)

// Completion is one line offered under a search field.
type Completion struct {
	Kind   string
	Text   string // what to write or to show
	Marked Markup // Text with the part typed marked
	ID     string // of the article, theme or source; "" for words and authors
	Count  int    // articles; 0 for words and titles
}

// Relative is an article like another one.
type Relative struct {
	Hit
	Words  []string // that the two share, the most telling first
	Themes []string // ids of those that they share
	Reason string   // in French, for people
}

// MaxTrendPoints is how many years or months trends tell apart, at most.
const MaxTrendPoints = 1200

// Trends are counts over time, from the first to the last year (or month) of which
// the archive has articles under the filters of the query. Points, Earlier and
// Undated add up to Total.
type Trends struct {
	Interval   string
	Points     []TrendPoint // in order, without gaps; the last MaxTrendPoints
	Total      int
	Earlier    int // found before the first point
	Undated    int // found, but of an unknown year (or month)
	Understood string
}

// TrendPoint counts one year or month.
type TrendPoint struct {
	Period  string  // 2015, 2015-04
	Count   int     // articles found
	Archive int     // articles of that time in the archive, under the same filters
	Share   float64 // Count / Archive; 0 where the archive has none
}

// ConcordanceOptions say what part of a concordance is wanted.
type ConcordanceOptions struct {
	Sort  string // left, right (by the words beside) or date, the newest first
	Limit int    // lines, 1 to MaxConcordance
}

// MaxConcordance is the most lines that a concordance has.
const MaxConcordance = 1000

// Concordance is words in context.
type Concordance struct {
	Lines      []ConcordanceLine
	Articles   int  // read for them
	Total      int  // articles that match
	Complete   bool // every place in every article is among the lines
	Understood string
}

// ConcordanceLine is one place where words stand, in plain text on one line. Left,
// Words and Right follow one another as they are, spaces included; a side has about
// 60 characters.
type ConcordanceLine struct {
	Left, Words, Right string
	ID, Title, Source  string // of the article
	Published          Date
}

// QueryError says what in a query could not be understood, in French, for the
// person who wrote it. It matches ErrInvalidQuery.
type QueryError struct {
	Field string // the URL parameter: "q", "from", "page"…
	At    int    // byte offset in Text where Field is "q"; otherwise 0
	Msg   string // what is wrong and how to write it: « Il manque un guillemet fermant. »
}

func (e *QueryError) Error() string { return "invalid query: " + e.Field + ": " + e.Msg }

// Is reports whether target is ErrInvalidQuery.
func (e *QueryError) Is(target error) bool { return target == ErrInvalidQuery }
