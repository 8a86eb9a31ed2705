package french

import (
	"hash/maphash"
	"sync/atomic"
)

// run is what one run of the scanner opens into: tokens whose offsets and
// positions count from its beginning, and the positions that it takes up.
type run struct {
	surface [maxRemembered]byte // what was opened, where it is remembered
	length  uint8
	span    uint16
	tokens  []Token
	one     [1]Token // where a single token lies: beside its run
}

// remembered runs: the commonest words of a language fill most of its texts.
// Their hash leads to a pair of places. A run found in the second moves to the
// first, a new one takes the second, so that words met once push out only words
// met once. Nothing is ever locked, and the memory is bounded by places and
// maxRemembered.
const (
	places        = 1 << 16
	maxRemembered = 32 // bytes of a run worth remembering
)

var (
	memory [places][2]atomic.Pointer[run]
	seed   = maphash.MakeSeed()
)

func lookUp(surface string) *run {
	if len(surface) > maxRemembered {
		return open(surface)
	}
	pair := &memory[maphash.String(seed, surface)%places]
	first := pair[0].Load()
	if first != nil && first.is(surface) {
		return first
	}
	if second := pair[1].Load(); second != nil && second.is(surface) {
		pair[0].Store(second)
		pair[1].Store(first)
		return second
	}
	r := open(surface)
	r.length = uint8(copy(r.surface[:], surface))
	if first == nil {
		pair[0].Store(r)
	} else {
		pair[1].Store(r)
	}
	return r
}

func (r *run) is(surface string) bool { return string(r.surface[:r.length]) == surface }
