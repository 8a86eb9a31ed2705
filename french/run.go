package french

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// run is what one run of the scanner opens into: tokens whose offsets and
// positions count from its beginning, and the positions that it takes up.
type run struct {
	surface string
	tokens  []Token
	span    int
}

// remembered runs: the commonest words of a language fill most of its texts.
// A place holds the last run whose hash led there; nothing is ever locked, and
// the memory is bounded by places × maxRemembered.
const (
	places        = 1 << 16
	maxRemembered = 48 // bytes of a run worth remembering
)

var (
	memory [places]atomic.Pointer[run]
	seed   = maphash.MakeSeed()
)

func lookUp(surface string) *run {
	if len(surface) > maxRemembered {
		return open(surface)
	}
	place := &memory[maphash.String(seed, surface)%places]
	if r := place.Load(); r != nil && r.surface == surface {
		return r
	}
	r := open(strings.Clone(surface))
	place.Store(r)
	return r
}
