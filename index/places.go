package index

import "slices"

// Where a term stands in a field is kept in the number that Bleve takes for its
// frequency: a list of places costs two or three bytes there, and six for each
// place in Bleve's own form. The number is
//
//	1 + 2 × the places as differences in bytes of seven bits, the lowest first,
//	where they fit into seven bytes;
//	0 + 2 × (lead + 16 × times) else: then Bleve holds the places too.
//
// A frequency of 0 does not occur: places count from 1.
const (
	placesBytes = 7
	mostLead    = 1<<4 - 1
)

// packPlaces makes the number of places, given in order and each once. It reports
// whether they are all in it.
func packPlaces(places []uint32) (number uint64, whole bool) {
	shift, before := 0, uint32(0)
	for _, at := range places {
		for d := at - before; ; d >>= 7 {
			if shift == 8*placesBytes {
				return uint64(min(inLead(places), mostLead))<<1 | uint64(len(places))<<5, false
			}
			if d < 0x80 {
				number |= uint64(d) << shift
				shift += 8
				break
			}
			number |= uint64(d&0x7f|0x80) << shift
			shift += 8
		}
		before = at
	}
	return number<<1 | 1, true
}

// inLead counts the places in the lead.
func inLead(places []uint32) (n int) {
	for _, at := range places {
		if at <= leadSize {
			n++
		}
	}
	return n
}

// countPlaces returns how many places a number stands for, and how many of them
// are in the lead.
func countPlaces(number uint64) (times, lead uint32) {
	if number&1 == 0 {
		return uint32(number >> 5), uint32(number >> 1 & mostLead)
	}
	at := uint32(0)
	for number >>= 1; number != 0; {
		d, shift := uint32(number&0x7f), 7
		for number&0x80 != 0 {
			number >>= 8
			d |= uint32(number&0x7f) << shift
			shift += 7
		}
		number >>= 8
		at += d
		times++
		if at <= leadSize {
			lead++
		}
	}
	return times, lead
}

// unpackPlaces appends the places of a number that holds them all.
func unpackPlaces(to []uint64, number uint64) []uint64 {
	at := uint64(0)
	for number >>= 1; number != 0; {
		d, shift := number&0x7f, 7
		for number&0x80 != 0 {
			number >>= 8
			d |= number & 0x7f << shift
			shift += 7
		}
		number >>= 8
		at += d
		to = append(to, at)
	}
	return to
}

// inOrder sorts places and leaves out what comes twice.
func inOrder(places []uint64) []uint64 {
	slices.Sort(places)
	return slices.Compact(places)
}
