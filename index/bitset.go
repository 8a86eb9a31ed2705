package index

import "math/bits"

// bitset is a set of a segment's documents; nil is empty.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (s bitset) add(doc uint32) { s[doc/64] |= 1 << (doc % 64) }

func (s bitset) contains(doc uint32) bool {
	return s != nil && s[doc/64]&(1<<(doc%64)) != 0
}

func (s bitset) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// each calls f with the documents in order.
func (s bitset) each(f func(doc uint32)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(uint32(i*64 + bits.TrailingZeros64(w)))
		}
	}
}
