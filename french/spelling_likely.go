package french

import "strings"

// doubt is how many times as frequent a word must be, in powers of two, to make
// up for a slip that is less likely by one.
const doubt = 0.8

// How unlikely slips are. Letters that make no sound, or the same one, are
// written wrong by those who cannot know; keys side by side by everyone.
const (
	repeated     = 1 // a letter written once for twice, or twice for once
	swapped      = 2
	soundAlike   = 2
	silent       = 3 // h anywhere, e, s, t, d, x, r, z at the end
	forgotten    = 4
	neighbourKey = 4
	extra        = 5
	otherVowel   = 5
	otherLetter  = 7
	firstLetter  = 8 // added for a word that begins otherwise
)

// sounds are spellings of one sound, each beside the others.
var sounds = strings.Fields("f:ph k:qu c:qu k:c s:c s:z g:j i:y m:n a:e c:ch k:ch o:au o:eau au:eau ai:e ei:ai ain:in ein:in ein:ain s:t v:w ill:y gu:g t:th r:rh")

// keyRows are the keys of the French, Belgian and other keyboards. What lies side
// by side in one of them is a slip of the finger.
const keyRows = "azertyuiop qsdfghjklm wxcvbn qwertyuiop asdfghjkl zxcvbnm"

// likelihood works out how unlikely it is that a word was meant. It keeps its
// matrix from word to word.
type likelihood [maxWord + mostSlips + 1][maxWord + mostSlips + 1]int16

// unlikely returns how unlikely it is that someone who meant one word wrote
// another, both folded: the least sum of slips that lead from one to the other.
func (m *likelihood) unlikely(meant, written []byte) int {
	from := 0
	for from < len(meant) && from < len(written) && meant[from] == written[from] {
		from++
	}
	end := 0
	for end < len(meant)-from && end < len(written)-from && meant[len(meant)-1-end] == written[len(written)-1-end] {
		end++
	}
	if from > 0 {
		from-- // the letter before tells a repetition
	}
	rows, columns := len(meant)-end-from, len(written)-end-from
	for i := 0; i <= rows; i++ {
		for j := 0; j <= columns; j++ {
			m[i][j] = m.least(meant, written, from, i, j)
		}
	}
	sum := int(m[rows][columns])
	if meant[0] != written[0] {
		sum += firstLetter
	}
	return sum
}

// least returns the least sum that leads to the first i letters meant and j
// letters written after from.
func (m *likelihood) least(meant, written []byte, from, i, j int) int16 {
	if i == 0 && j == 0 {
		return 0
	}
	least := int16(1 << 14)
	a, b := meant[:from+i], written[:from+j]
	if i > 0 && j > 0 {
		least = m[i-1][j-1] + wrongLetter(a[len(a)-1], b[len(b)-1])
	}
	if i > 0 {
		least = min(least, m[i-1][j]+single(a, len(a) == len(meant), forgotten))
	}
	if j > 0 {
		least = min(least, m[i][j-1]+single(b, len(b) == len(written), extra))
	}
	if i > 1 && j > 1 && a[len(a)-1] == b[len(b)-2] && a[len(a)-2] == b[len(b)-1] {
		least = min(least, m[i-2][j-2]+swapped)
	}
	for _, pair := range sounds {
		x, y, _ := strings.Cut(pair, ":")
		for range 2 {
			if len(x) <= i && len(y) <= j && strings.HasSuffix(string(a), x) && strings.HasSuffix(string(b), y) {
				least = min(least, m[i-len(x)][j-len(y)]+soundAlike)
			}
			x, y = y, x
		}
	}
	return least
}

// single returns how unlikely it is that the last letter of a word stands on one
// side alone.
func single(letters []byte, last bool, otherwise int16) int16 {
	c := letters[len(letters)-1]
	switch {
	case len(letters) > 1 && letters[len(letters)-2] == c:
		return repeated
	case c == 'h' || last && strings.IndexByte("estdxrz", c) >= 0:
		return silent
	}
	return otherwise
}

func wrongLetter(meant, written byte) int16 {
	switch {
	case meant == written:
		return 0
	case strings.Contains(keyRows, string([]byte{meant, written})) || strings.Contains(keyRows, string([]byte{written, meant})):
		return neighbourKey
	case vowel(meant) && vowel(written):
		return otherVowel
	}
	return otherLetter
}

func vowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }
