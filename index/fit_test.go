package index

import (
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

func TestFit(t *testing.T) {
	of := func(sizes ...int) (changes []archive.Change) {
		for _, n := range sizes {
			c := archive.Change{}
			if n >= 0 { // less is an article that moved away
				c.Article = &trame.Article{Text: strings.Repeat("a", n)}
			}
			changes = append(changes, c)
		}
		return changes
	}
	for _, tt := range []struct {
		changes []archive.Change
		want    int
	}{
		{of(1, 2, 3), 3},
		{of(batchText+1, 1), 1},
		{of(batchText/2, -1, batchText/2, 1), 3},
		{of(-1, -1), 2},
	} {
		if got := fit(tt.changes); got != tt.want {
			t.Errorf("fit = %d, want %d", got, tt.want)
		}
	}
}
