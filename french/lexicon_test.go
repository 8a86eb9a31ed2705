package french

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// pairs yields words, each followed by its count in the list; a word that no
// number follows counts once.
func pairs(list []string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for i := 0; i < len(list); i++ {
			word, count := list[i], 1
			if i+1 < len(list) {
				if n, err := strconv.Atoi(list[i+1]); err == nil {
					count = n
					i++
				}
			}
			if !yield(word, count) {
				return
			}
		}
	}
}

func TestComplete(t *testing.T) {
	l := tradeLexicon()
	for _, c := range []struct{ beginning, want string }{
		{"media", "médiation 821, médiateur 120"},
		{"MÉDIA", "médiation 821, médiateur 120"},
		{"cp", "CPAS 3112"},
		{"trav", "travail 4100, travailleur 2300, travailleurs 2100"},
		{"œuv", "œuvre 600"},
		{"oeuv", "œuvre 600"},
		{"sans-", "sans-abri 350"},
		{"aujourd’", "aujourd'hui 1200"},
		{"hebrge", "hébergement 1520, hébergements 210"},
		{"profesio", "professionnel 1900, professionnels 1700, professionnelle 800"},
		{"", "social 9000, sociale 7000, aide 5000"},
		{"zz", ""},
		{strings.Repeat("a", 61), ""},
	} {
		var got []string
		for _, w := range l.Complete(c.beginning, 3) {
			got = append(got, fmt.Sprintf("%s %d", w.Text, w.Count))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("Complete(%q) = %q, want %q", c.beginning, s, c.want)
		}
	}
}

func TestExpand(t *testing.T) {
	l := tradeLexicon()
	for _, c := range []struct {
		beginning string
		max       int
		want      string
		complete  bool
	}{
		{"éducat", 10, "éducateur éducatif éducation éducatrice", true},
		{"educat", 2, "éducateur éducation", false},
		{"mediat", 10, "médiateur médiation mediation", true},
		{"mediat", 2, "médiation mediation", false},
		{"zzz", 10, "", true},
		{"cpas", 0, "", false},
	} {
		forms, complete := l.Expand(c.beginning, c.max)
		if got := strings.Join(forms, " "); got != c.want || complete != c.complete {
			t.Errorf("Expand(%q, %d) = %q, %t, want %q, %t", c.beginning, c.max, got, complete, c.want, c.complete)
		}
	}
}

func TestLexiconAddsUp(t *testing.T) {
	l := NewLexicon(pairs(strings.Fields("été 3 ete 1 été 4 hiver 2 - 0 hiver 0")))
	if l.Len() != 3 || l.Count("ÉTÉ") != 8 || l.Count("hiver") != 2 || l.Count("été ") != 0 || l.Count("") != 0 {
		t.Errorf("%d forms, été %d, hiver %d", l.Len(), l.Count("ÉTÉ"), l.Count("hiver"))
	}
	if empty := NewLexicon(pairs(nil)); empty.Len() != 0 || empty.Complete("a", 3) != nil || empty.Correct("maison", 3) != nil {
		t.Error("an empty lexicon knows words")
	}
}

// TestLexiconFolds holds the two ways of folding to one result.
func TestLexiconFolds(t *testing.T) {
	for r := rune(1); r < 0x2600; r++ {
		if strings.ContainsRune("’‘ʼ", r) || r >= 0xd800 && r < 0xe000 {
			continue
		}
		if got, want := string(appendFolded(nil, string(r))), Fold(string(r)); got != want && unicode.IsLetter(r) {
			t.Errorf("%c folds to %q, want %q", r, got, want)
		}
	}
}

// TestLexiconAgainstScan compares what random lexicons give with what a plain
// reading of their words gives.
func TestLexiconAgainstScan(t *testing.T) {
	random := newRandom(t)
	for range 8 {
		words := randomWords(random, 200, "abcéE", 9)
		l := NewLexicon(pairs(words))
		for range 40 {
			beginning := ""
			if n := random.IntN(8); n > 0 {
				beginning = randomWord(random, "abcé", n)
			}
			checkComplete(t, l, words, beginning, 1+random.IntN(12))
			checkExpand(t, l, words, beginning, 1+random.IntN(40))
		}
	}
}

// checkComplete takes what is one slip from a beginning for it where nothing
// begins so: of what begins with its first letter, if there is any.
func checkComplete(t *testing.T, l *Lexicon, words []string, beginning string, n int) {
	t.Helper()
	all, typed := scanWords(words), Fold(beginning)
	keep := func(says func(key string) bool) []LexiconWord {
		return slices.DeleteFunc(slices.Clone(all), func(w LexiconWord) bool { return !says(Fold(w.Text)) })
	}
	near := func(key string) bool {
		return len(typed) >= leastCorrected && len(key) >= leastCandidate && beginsNear(key, typed)
	}
	want := keep(func(key string) bool { return strings.HasPrefix(key, typed) })
	if len(want) == 0 {
		want = keep(func(key string) bool { return near(key) && key[0] == typed[0] })
	}
	if len(want) == 0 {
		want = keep(near)
	}
	if got := l.Complete(beginning, n); !slices.Equal(got, want[:min(n, len(want))]) {
		t.Fatalf("Complete(%q, %d) = %v, want %v, in %q", beginning, n, got, want, words)
	}
}

func beginsNear(key, beginning string) bool {
	for i := range len(key) + 1 {
		if damerau(beginning, key[:i]) <= 1 {
			return true
		}
	}
	return false
}

func checkExpand(t *testing.T, l *Lexicon, words []string, beginning string, n int) {
	t.Helper()
	got, complete := l.Expand(beginning, n)
	all := scanForms(words, beginning)
	if complete != (len(all) <= n) || len(got) != min(len(all), n) {
		t.Fatalf("Expand(%q, %d) = %q, %t, want of %q", beginning, n, got, complete, all)
	}
	for _, form := range got {
		if !slices.Contains(all, form) {
			t.Fatalf("Expand(%q, %d) has %q, which does not begin so", beginning, n, form)
		}
	}
	if slices.Sort(got); len(slices.Compact(got)) != min(len(all), n) {
		t.Fatalf("Expand(%q, %d) gives a form twice", beginning, n)
	}
}

// scanForms returns the forms that begin so.
func scanForms(words []string, beginning string) []string {
	var forms []string
	for form := range pairs(words) {
		if strings.HasPrefix(Fold(form), Fold(beginning)) {
			forms = append(forms, form)
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// scanWords returns the words in their commonest spellings, the most frequent
// first.
func scanWords(words []string) []LexiconWord {
	forms, totals := map[string]int{}, map[string]int{}
	for form, count := range pairs(words) {
		forms[form] += count
		totals[Fold(form)] += count
	}
	commonest := map[string]string{}
	for form, count := range forms {
		best, ok := commonest[Fold(form)]
		if !ok || count > forms[best] || count == forms[best] && form > best {
			commonest[Fold(form)] = form
		}
	}
	var all []LexiconWord
	for key, form := range commonest {
		all = append(all, LexiconWord{form, totals[key]})
	}
	slices.SortFunc(all, func(a, b LexiconWord) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(Fold(a.Text), Fold(b.Text)))
	})
	return all
}

func newRandom(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// randomWords returns a list for pairs.
func randomWords(random *rand.Rand, n int, letters string, most int) []string {
	var list []string
	for range n {
		list = append(list, randomWord(random, letters, most), strconv.Itoa(1+random.IntN(3)*random.IntN(300)))
	}
	return list
}

func randomWord(random *rand.Rand, letters string, most int) string {
	runes := []rune(letters)
	var b strings.Builder
	for range 1 + random.IntN(most) {
		b.WriteRune(runes[random.IntN(len(runes))])
	}
	return b.String()
}

// FuzzLexicon holds whatever is taken in and asked to the bounds, and words that
// are there to being found.
func FuzzLexicon(f *testing.F) {
	f.Add("médiation 8 travail CPAS 3 l'été", "mediatoin")
	f.Add("a aa aaa aaaa aaaaa", "aaaaaaaaa")
	f.Add("\x00a ß ﷺ İ 12 ÿ", "ﷺﷺ")
	f.Fuzz(func(t *testing.T, list, asked string) {
		words := strings.Fields(list)
		l := NewLexicon(pairs(words[:min(len(words), 500)]))
		for i := range l.ends {
			if form := l.form(uint32(i)); l.Count(form) == 0 {
				t.Errorf("%q is a form that counts nothing", form)
			} else if forms, _ := l.Expand(form, l.Len()); !slices.Contains(forms, form) {
				t.Errorf("Expand(%q) = %q", form, forms)
			}
		}
		forms, _ := l.Expand(asked, 5)
		if n := max(len(l.Complete(asked, 5)), len(l.Correct(asked, 5)), len(forms)); n > 5 {
			t.Errorf("%d words where 5 were asked", n)
		}
		if respelt, corrected := l.Respell(asked); corrected && respelt == asked {
			t.Errorf("Respell(%q) = %q, true", asked, respelt)
		}
	})
}
