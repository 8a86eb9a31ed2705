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
	MaxQueryBytes  = 512 // of Text
	MaxQueryTerms  = 64  // words, phrase words and prefixes of Text
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
	Page      int // from 1; 0 means 1
	PerPage   int // 0 means DefaultPerPage
	Facets    []string
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
	Dropped      []string                // words that were not required, though asked
}

// Hit is an article found, without its text.
type Hit struct {
	Article
	TitleMarked Markup  // the title with the words found marked
	Snippet     Markup  // about 240 characters around the words found
	Score       float64 // only comparable inside one answer; 0 when sorted by date
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

// Searcher answers queries. It is safe for use by many goroutines.
type Searcher interface {
	// Search answers q, or a *QueryError, or ErrBusy.
	Search(ctx context.Context, q Query) (*Results, error)
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
