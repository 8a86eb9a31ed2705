package french

import (
	_ "embed"
	"strings"
	"testing"
)

//go:embed testdata/inclusive-writing.tsv
var inclusiveWriting string

// TestInclusiveWriting reads a table of texts in inclusive writing with the words
// that must find them, and the debris that must not. At least 97 % of the pairs
// hold; no false match is let through.
func TestInclusiveWriting(t *testing.T) {
	var pairs, met int
	for i, line := range strings.Split(strings.TrimSpace(inclusiveWriting), "\n")[1:] {
		cell := strings.Split(line, "\t")
		if len(cell) < 5 {
			t.Fatalf("line %d has %d cells", i+2, len(cell))
		}
		id, text := cell[0], cell[2]
		for _, q := range strings.Split(cell[3], "|") {
			pairs++
			if finds(text, q) {
				met++
			} else {
				t.Logf("%s: %q does not find %q: %v, %v", id, q, text, Analyze(q), Analyze(text))
			}
		}
		for _, q := range strings.Split(cell[4], "|") {
			if q != "" && finds(text, q) {
				t.Errorf("%s: %q finds %q", id, q, text)
			}
		}
	}
	t.Logf("%d of %d pairs", met, pairs)
	if met*100 < pairs*97 {
		t.Errorf("%d of %d pairs hold, want 97 %%", met, pairs)
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
