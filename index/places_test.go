package index

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPlaces: what was packed is unpacked, and counted.
func TestPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	whole := 0
	for range 20_000 {
		var places []uint32
		var want []uint64
		at, most := uint32(0), []int{3, 60, 2000, 300_000}[r.IntN(4)]
		lead := 0
		for range 1 + r.IntN(12) {
			at += 1 + uint32(r.IntN(most))
			places, want = append(places, at), append(want, uint64(at))
			if at <= leadSize {
				lead++
			}
		}
		number, all := packPlaces(places)
		if times, in := countPlaces(number); int(times) != len(places) || int(in) != min(lead, mostLead) {
			t.Fatalf("%v are counted as %d, %d in the lead, want %d, %d", places, times, in, len(places), lead)
		}
		if number == 0 || number > 1<<62 {
			t.Fatalf("%v make the frequency %d", places, number)
		}
		if all {
			whole++
			if got := unpackPlaces(nil, number); !slices.Equal(got, want) {
				t.Fatalf("%v come back as %v", places, got)
			}
		}
	}
	if whole < 5000 {
		t.Errorf("only %d of 20,000 were whole", whole)
	}
}
