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
