package index

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"trame"
)

// A cursor is the place of the last result shown, and the last article that the
// archive had then: later pages leave out what came after, in results and in
// weights, so that nothing comes twice and nothing is missed.
type cursor struct {
	order  byte // first letter of the order of results
	last   candidate
	number int64 // of the last article
}

// cursorSize is the length of a cursor in bytes.
const cursorSize = 1 + 4 + 4 + 8 + 8

func (c cursor) String() string {
	b := []byte{c.order}
	b = binary.BigEndian.AppendUint32(b, math.Float32bits(c.last.score))
	b = binary.BigEndian.AppendUint32(b, uint32(c.last.day))
	b = binary.BigEndian.AppendUint64(b, uint64(c.last.number))
	b = binary.BigEndian.AppendUint64(b, uint64(c.number))
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads what String wrote, for the same order of results.
func parseCursor(s string, order trame.Sort) (cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != cursorSize || b[0] != order[0] {
		return cursor{}, &trame.QueryError{Field: "cursor", Msg: "La suite de ces résultats ne se retrouve pas : reprenez la recherche depuis le début."}
	}
	return cursor{
		order: b[0],
		last: candidate{
			score:  math.Float32frombits(binary.BigEndian.Uint32(b[1:])),
			day:    int32(binary.BigEndian.Uint32(b[5:])),
			number: int64(binary.BigEndian.Uint64(b[9:])),
		},
		number: int64(binary.BigEndian.Uint64(b[17:])),
	}, nil
}

// cursorAfter returns the cursor of the page after a result.
func (s *search) cursorAfter(last candidate) string {
	number := s.scope.number
	for _, seg := range s.view.segments {
		if s.scope.number == 0 {
			number = max(number, seg.columns.last)
		}
	}
	return cursor{s.q.Order()[0], last, number}.String()
}

// place sets the scope and the ranking of a query.
func (s *search) place() error {
	if !s.q.AsOf.IsZero() {
		s.scope.seen = uint32(min(max(s.q.AsOf.Unix(), 1), math.MaxUint32))
	}
	if s.q.Cursor == "" {
		s.best = newRanking(s.q.Number()*s.q.Size()+1, s.q.Order(), nil)
		return nil
	}
	c, err := parseCursor(s.q.Cursor, s.q.Order())
	if err != nil {
		return err
	}
	s.scope.number = c.number
	s.best = newRanking(s.q.Size()+1, s.q.Order(), &c.last)
	return nil
}
