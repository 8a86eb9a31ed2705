package french

import (
	"os"
	"strings"
	"testing"
)

// BenchmarkAnalyze reads this package's table of inclusive writing over and over:
// the hardest French there is, but no long tail of words.
func BenchmarkAnalyze(b *testing.B) {
	text := strings.Repeat(inclusiveWriting, 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Analyze(text)
	}
}

// BenchmarkAnalyzeProse reads the file named by TRAME_BENCH_TEXT.
func BenchmarkAnalyzeProse(b *testing.B) {
	text, err := os.ReadFile(os.Getenv("TRAME_BENCH_TEXT"))
	if err != nil {
		b.Skip("TRAME_BENCH_TEXT names no file")
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for line := range strings.Lines(string(text)) {
			Analyze(line)
		}
	}
}

// BenchmarkMark marks ten titles and finds the passages of ten texts of 5 kB from
// the file named by TRAME_BENCH_TEXT, as a page of results does.
func BenchmarkMark(b *testing.B) {
	all, err := os.ReadFile(os.Getenv("TRAME_BENCH_TEXT"))
	if err != nil {
		b.Skip("TRAME_BENCH_TEXT names no file")
	}
	var texts []string
	for line := range strings.Lines(string(all)) {
		if len(line) > 5000 && len(texts) < 10 {
			texts = append(texts, strings.ToValidUTF8(line[:5000], ""))
		}
	}
	m := &Marker{Terms: map[string]bool{}, Phrases: [][]string{Sequence("revenu d’intégration sociale")}}
	for _, t := range Analyze("aide sociale hébergement CPAS") {
		m.Terms[t.Term] = true
	}
	for b.Loop() {
		for _, text := range texts {
			m.Mark(text[:strings.IndexByte(text[60:], ' ')+60])
			m.Passage(text, 240)
		}
	}
}
