package read

import (
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
	"golang.org/x/text/language"
)

// Bounds of guessing a language by its letters: below, only what the page says
// counts; above, the rest of the text adds nothing.
const (
	guessFrom = 60   // words
	guessUpTo = 3000 // bytes
)

// language returns the language of a text as BCP 47: what its letters say where
// there are enough of them, else what the page says.
func (s *sight) language(text string) string {
	told := baseLanguage(s.lang)
	if told == "" {
		told = baseLanguage(s.meta("content-language", "og:locale", "dc.language", "language"))
	}
	if wordCount(text) < guessFrom {
		return told
	}
	if len(text) > guessUpTo {
		text = strings.ToValidUTF8(text[:guessUpTo], "")
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() && told != "" {
		return told
	}
	if g := baseLanguage(info.Lang.Iso6391()); g != "" {
		return g
	}
	return told
}

func baseLanguage(s string) string {
	if s == "" || len(s) > 35 {
		return ""
	}
	t, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil {
		return ""
	}
	b, conf := t.Base()
	if conf == language.No || b.String() == "und" {
		return ""
	}
	return b.String()
}
