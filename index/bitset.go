package index

import "math/bits"

// bitset is a set of a segment's documents.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (s bitset) add(doc uint32)           { s[doc/64] |= 1 << (doc % 64) }
func (s bitset) remove(doc uint32)        { s[doc/64] &^= 1 << (doc % 64) }
func (s bitset) contains(doc uint32) bool { return s[doc/64]&(1<<(doc%64)) != 0 }

func (s bitset) and(o bitset) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s bitset) or(o bitset) {
	for i := range s {
		s[i] |= o[i]
	}
}

func (s bitset) without(o bitset) {
	for i := range s {
		s[i] &^= o[i]
	}
}

func (s bitset) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// each calls f with the documents in order until it returns false.
func (s bitset) each(f func(doc uint32) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !f(uint32(i*64 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}
