package index

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"math"

	"trame"
)

// A cursor is the place of the last result shown, the last article that the archive
// had at the first page, and what was counted then: later pages leave out what came
// after and weigh as the first did, so that of what has not changed since nothing
// comes twice and nothing is missed.
type cursor struct {
	order  byte // first letter of the order of results
	last   candidate
	number int64  // of the last article
	first  *first // nil where it would be too long
}

// first is what the first page counted, of which weights are made.
type first struct {
	statistics
	relaxed bool   // whether less was asked
	held    []held // of what was looked up, in its order,
	sums    []byte // with a checksum of what it was
}

// heldBy returns what was counted of the source looked up as the nth.
func (f *first) heldBy(n int, key string) (held, bool) {
	if f == nil || n >= len(f.held) || f.sums[n] != checksum(key) {
		return held{}, false
	}
	return f.held[n], true
}

func checksum(key string) byte { return byte(crc32.ChecksumIEEE([]byte(key))) }

// cursorSize is the length in bytes of a cursor without what was counted.
const cursorSize = 1 + 4 + 4 + 8 + 8

func (c cursor) String() string {
	b := []byte{c.order}
	b = binary.BigEndian.AppendUint32(b, math.Float32bits(c.last.score))
	b = binary.BigEndian.AppendUint32(b, uint32(c.last.day))
	b = binary.BigEndian.AppendUint64(b, uint64(c.last.number))
	b = binary.BigEndian.AppendUint64(b, uint64(c.number))
	if whole := c.first.append(b); base64.RawURLEncoding.EncodedLen(len(whole)) <= trame.MaxCursorBytes {
		b = whole
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func (f *first) append(b []byte) []byte {
	if f == nil {
		return b
	}
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(f.title))
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(f.body))
	relaxed := uint64(0)
	if f.relaxed {
		relaxed = 1
	}
	b = binary.AppendUvarint(b, uint64(f.documents)<<1|relaxed)
	for i, h := range f.held {
		b = append(b, f.sums[i])
		for _, n := range []int{h.any, h.title, h.body, h.exactTitle, h.exactBody} {
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return b
}

// parseFirst reads what append wrote. Nothing is nil.
func parseFirst(b []byte) (f *first, ok bool) {
	if len(b) == 0 {
		return nil, true
	}
	number := func() int {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > math.MaxUint32 {
			ok = false
			return 0
		}
		b = b[size:]
		return int(n)
	}
	if len(b) < 16 {
		return nil, false
	}
	ok = true
	f = &first{}
	f.title, f.body = math.Float64frombits(binary.BigEndian.Uint64(b)), math.Float64frombits(binary.BigEndian.Uint64(b[8:]))
	b = b[16:]
	documents := number()
	f.documents, f.relaxed = documents>>1, documents&1 == 1
	for ok && len(b) > 0 {
		f.sums = append(f.sums, b[0])
		b = b[1:]
		f.held = append(f.held, held{number(), number(), number(), number(), number()})
	}
	return f, ok && f.title >= 1 && f.title <= mostTitleLength && f.body >= 1 && f.body <= mostBodyLength
}

// parseCursor reads what String wrote, for the same order of results.
func parseCursor(s string, order trame.Sort) (cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	var counted *first
	ok := err == nil && len(b) >= cursorSize && b[0] == order[0]
	if ok {
		counted, ok = parseFirst(b[cursorSize:])
	}
	if !ok {
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
		first:  counted,
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
	counted := s.first
	if counted == nil {
		counted = &first{statistics: s.stats, relaxed: s.relaxed}
		for _, l := range s.plan.looked {
			counted.held = append(counted.held, l.held)
			counted.sums = append(counted.sums, checksum(l.key()))
		}
	}
	return cursor{s.q.Order()[0], last, number, counted}.String()
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
	s.first = c.first
	s.best = newRanking(s.q.Size()+1, s.q.Order(), &c.last)
	return nil
}
