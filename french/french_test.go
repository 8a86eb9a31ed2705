package french

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
)

// Tables of texts in inclusive writing with the words that must find them and
// the debris that must not: that of the project, and one of rarer forms and traps.
//
//go:embed testdata/inclusive-writing.tsv
var inclusiveWriting string

//go:embed testdata/inclusive-more.tsv
var inclusiveMore string

func TestInclusiveWriting(t *testing.T) {
	tests := []struct {
		name, table string
		least       int // pairs that must hold, in percent
	}{
		{"inclusive-writing.tsv", inclusiveWriting, 99},
		{"inclusive-more.tsv", inclusiveMore, 97},
	}
	for _, test := range tests {
		lines := strings.Split(strings.TrimRight(test.table, "\n"), "\n")
		head := strings.Split(lines[0], "\t")
		text, must, not := slices.Index(head, "text"), slices.Index(head, "must_match"), slices.Index(head, "must_not_match")
		pairs, met := 0, 0
		for i, line := range lines[1:] {
			cell := strings.Split(line, "\t")
			if len(cell) <= not {
				t.Fatalf("%s:%d has %d cells", test.name, i+2, len(cell))
			}
			for _, q := range strings.Split(cell[must], "|") {
				pairs++
				if finds(cell[text], q) {
					met++
				} else {
					t.Logf("%s:%d: %q does not find %q: %s in %s", test.name, i+2, q, cell[text], show(Analyze(q)), show(Analyze(cell[text])))
				}
			}
			for _, q := range strings.Split(cell[not], "|") {
				if q != "" && finds(cell[text], q) {
					t.Errorf("%s:%d: %q finds %q: %s", test.name, i+2, q, cell[text], show(Analyze(cell[text])))
				}
			}
		}
		t.Logf("%s: %d of %d pairs", test.name, met, pairs)
		if met*100 < pairs*test.least {
			t.Errorf("%s: %d of %d pairs hold, want %d %%", test.name, met, pairs, test.least)
		}
	}
}

// finds reports whether every word of the query stands in the text.
func finds(text, query string) bool {
	terms := map[string]bool{}
	for _, t := range Analyze(text) {
		terms[t.Term] = true
	}
	asked := Analyze(query)
	found := map[int]bool{}
	for _, t := range asked {
		found[t.Position] = found[t.Position] || terms[t.Term]
	}
	for _, t := range asked {
		if !found[t.Position] {
			return false
		}
	}
	return len(asked) > 0
}
