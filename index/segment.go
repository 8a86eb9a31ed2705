package index

import (
	"context"
	"errors"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// segmentView is a segment as one search sees it.
type segmentView struct {
	*scorch.SegmentSnapshot
	*live
	columns *columns
	n       int // documents, deleted ones included
	dicts   map[string]segment.TermDictionary
}

// scope narrows a search to what was known at some time; the zero scope does not.
type scope struct {
	number int64  // the last article's; 0 is any
	seen   uint32 // the last second at which it may have been seen first; 0 is any
}

func (s scope) whole() bool { return s == scope{} }

// holds reports whether a document is not deleted, and in the scope.
func (seg *segmentView) holds(s scope, doc uint32) bool {
	return !seg.dead.contains(doc) && (s.number == 0 || seg.columns.number[doc] <= s.number) && (s.seen == 0 || seg.columns.seen[doc] <= s.seen)
}

func (seg *segmentView) dict(field string) (segment.TermDictionary, error) {
	if d, ok := seg.dicts[field]; ok {
		return d, nil
	}
	d, err := seg.Segment().Dictionary(field)
	if err != nil {
		return nil, err
	}
	if seg.dicts == nil {
		seg.dicts = map[string]segment.TermDictionary{}
	}
	seg.dicts[field] = d
	return d, nil
}

// eachTerm calls f with the terms of a field from one up to another, which is
// left out; nil is open.
func (seg *segmentView) eachTerm(field string, from, to []byte, f func(term string) error) error {
	return seg.eachEntry(field, from, to, func(term string, _ uint64) error { return f(term) })
}

// eachEntry is eachTerm with the number of documents that hold the term, deleted
// ones included.
func (seg *segmentView) eachEntry(field string, from, to []byte, f func(term string, count uint64) error) error {
	dict, err := seg.dict(field)
	if err != nil {
		return err
	}
	var entry *index.DictEntry
	terms := dict.AutomatonIterator(nil, from, to)
	for entry, err = terms.Next(); err == nil && entry != nil; entry, err = terms.Next() {
		if err := f(entry.Term, entry.Count); err != nil {
			return err
		}
	}
	return err
}

// errStopped ends a walk early.
var errStopped = errors.New("stopped")

// eachForm calls f with the surface forms of a stem in a field.
func (seg *segmentView) eachForm(field, stem string, f func(surface string, list segment.PostingsList) error) error {
	from := append([]byte(stem), formMark)
	to := append([]byte(stem), formMark+1)
	return seg.eachTerm(field, from, to, func(term string) error {
		list, err := seg.list(field, term)
		if err != nil {
			return err
		}
		return f(term[len(stem)+1:], list)
	})
}

func (seg *segmentView) list(field, term string) (segment.PostingsList, error) {
	dict, err := seg.dict(field)
	if err != nil {
		return nil, err
	}
	return dict.PostingsList([]byte(term), nil, nil)
}

// source is something that a query asks for and that a segment can be read for.
type source interface {
	key() string // the same for the same thing
	read(ctx context.Context, seg *segmentView, others reader) (*postings, error)
}

// reader gives the postings of a source in the segment that is being read.
type reader func(source) (*postings, error)
