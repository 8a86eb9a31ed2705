package french

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// manyForms is the size of the lexicon that the benchmarks ask: what a million
// articles hold, names and typing errors included.
const manyForms = 2_000_000

// manyWords yields forms made of French syllables, always the same. Counts follow
// Zipf's law: more than half occur once. A tenth share their beginning.
func manyWords(n int) iter.Seq2[string, int] {
	syllables := strings.Fields(`a é ai an au bé ca ci com con dé di do é en es fa fi for ga gi hé i in ja jus la li lo ma mé
		mi mon na né no o pa pé per pi po pré pro ra ré ri ro sa sé si so sou sta ta té ti to tra u va vi vo bran cher fran
		gran lon mar plan quar ren san ser tan ten trou val ver chan blo cla`)
	endings := strings.Fields("tion ment eur euse trice teur té tés é ée és ées er es s ance ence isme iste ique ale al aux age if ive ir ant")
	return func(yield func(string, int) bool) {
		random := rand.New(rand.NewPCG(4, 2026))
		seen := make(map[string]bool, n)
		var b strings.Builder
		for len(seen) < n {
			b.Reset()
			if len(seen)%10 == 0 {
				b.WriteString("trans")
			}
			for range 1 + random.IntN(4) {
				b.WriteString(syllables[min(random.IntN(len(syllables)), random.IntN(len(syllables)))])
			}
			if random.IntN(8) == 0 {
				fmt.Fprintf(&b, "%c", 'a'+random.IntN(26))
			}
			b.WriteString(endings[random.IntN(len(endings))])
			form := b.String()
			if seen[form] {
				continue
			}
			seen[form] = true
			if !yield(form, 1+int(0.9*float64(n)/float64(1+len(seen)))/2) {
				return
			}
		}
	}
}

var manyOnce = sync.OnceValues(func() (*Lexicon, []string) {
	var forms []string
	l := NewLexicon(func(yield func(string, int) bool) {
		for form, count := range manyWords(manyForms) {
			forms = append(forms, form)
			if !yield(form, count) {
				return
			}
		}
	})
	return l, forms
})

func BenchmarkNewLexicon(b *testing.B) {
	_, forms := manyOnce()
	counts := make([]int, len(forms))
	i := 0
	for _, count := range manyWords(manyForms) {
		counts[i] = count
		i++
	}
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(forms))
	var kept *Lexicon
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		kept = NewLexicon(func(yield func(string, int) bool) {
			for _, i := range order {
				if !yield(forms[i], counts[i]) {
					return
				}
			}
		})
	}
	b.StopTimer()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(counts)
	runtime.KeepAlive(order)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-kept")
	b.ReportMetric(float64(kept.Len()), "forms")
}

// latencies calls ask with inputs over and over and reports how long the slowest
// inputs take: each the best of its turns, since what else the machine does comes
// between.
func latencies(b *testing.B, inputs []string, ask func(string)) {
	took := make([]time.Duration, len(inputs))
	turn := func(i int) {
		start := time.Now()
		ask(inputs[i])
		if d := time.Since(start); took[i] == 0 || d < took[i] {
			took[i] = d
		}
	}
	for i := 0; b.Loop(); i++ {
		turn(i % len(inputs))
	}
	for i := range 4 * len(inputs) {
		turn(i % len(inputs))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-µs")
}

func BenchmarkComplete(b *testing.B) {
	l, forms := manyOnce()
	for name, inputs := range map[string][]string{
		"begun":    beginnings(forms, 5),
		"short":    {"", "e", "t", "p", "tra", "tran", "trans", "c"},
		"misspelt": misspelt(beginnings(forms, 7)),
		"long":     {strings.Repeat("trans", 12), strings.Repeat("é", 60), "anticonstitutionnellementissime"},
	} {
		b.Run(name, func(b *testing.B) { latencies(b, inputs, func(s string) { l.Complete(s, 10) }) })
	}
}

func BenchmarkCorrect(b *testing.B) {
	l, forms := manyOnce()
	for name, inputs := range map[string][]string{
		"one":   misspelt(beginnings(forms, 99)),
		"two":   misspelt(misspelt(beginnings(forms, 99))),
		"trans": misspelt(misspelt([]string{"transformation", "transmission", "transcaritique", "transportement", "transsement"})),
		"long":  {strings.Repeat("trans", 12), strings.Repeat("e", 60), "anticonstitutionnellementissime"},
		"far":   {"xxxxtion", "xxxxxtion", "transxxx", "transxxxx", "eeeeeeee", "mantiman", "pareceri", "zzzzzzzz"},
	} {
		b.Run(name, func(b *testing.B) { latencies(b, inputs, func(s string) { l.Correct(s, 10) }) })
	}
}

// beginnings returns the first letters of a thousand words of the lexicon.
func beginnings(forms []string, letters int) []string {
	random := rand.New(rand.NewPCG(3, 3))
	var some []string
	for range 1000 {
		form := []rune(forms[random.IntN(len(forms))])
		some = append(some, string(form[:min(letters, len(form))]))
	}
	return some
}

// misspelt swaps, drops, doubles or replaces a letter of words.
func misspelt(words []string) []string {
	random := rand.New(rand.NewPCG(5, 5))
	wrong := make([]string, len(words))
	for i, word := range words {
		r := []rune(word)
		if len(r) < 3 {
			continue
		}
		at := 1 + random.IntN(len(r)-2)
		switch random.IntN(4) {
		case 0:
			r[at], r[at+1] = r[at+1], r[at]
		case 1:
			r = slices.Delete(r, at, at+1)
		case 2:
			r = slices.Insert(r, at, r[at])
		default:
			r[at] = 'a' + rune(random.IntN(26))
		}
		wrong[i] = string(r)
	}
	return wrong
}
