package web

import (
	"trame"
	"trame/french"
)

// themeReasons says which words of an article make it match the query of a theme,
// as the classifier of the crawler reads it.
type themeReasons struct {
	matcher french.Matcher
	queries map[string]int // by id of the theme
}

// maxReasons is how many words are given for a theme.
const maxReasons = 4

// newThemeReasons compiles the queries of themes. One that cannot be read gives no
// reason; cmd refuses it at the start.
func newThemeReasons(themes *themeTree) *themeReasons {
	r := &themeReasons{queries: map[string]int{}}
	r.matcher.Label = func(field, value string) string {
		if field == trame.FieldTheme {
			return themes.name(value)
		}
		return ""
	}
	for id, t := range themes.byID {
		e, err := trame.ParseExpr(t.Query)
		if err != nil || e == nil {
			continue
		}
		if query, ok := r.matcher.Add(e); ok {
			r.queries[id] = query
		}
	}
	return r
}

// articleTheme is a theme of an article, with words of the article that make it
// match; there are none where the theme was given by the source's section or on
// import, or asks for something else than words.
type articleTheme struct {
	link
	Words string
}

func (s *site) articleThemes(a trame.Article) []articleTheme {
	if len(a.Themes) == 0 {
		return nil
	}
	read := s.reasons.matcher.Read(&a)
	defer read.Close()
	var ts []articleTheme
	for _, id := range a.Themes {
		t := articleTheme{link: link{s.themes.name(id), searchURL(trame.Query{Themes: []string{id}})}}
		if query, ok := s.reasons.queries[id]; ok {
			words := read.Words(query, maxReasons)
			for i := range words {
				words[i] = shorten(words[i], maxReasonLength)
			}
			t.Words = quotes(words)
		}
		ts = append(ts, t)
	}
	return ts
}

// maxReasonLength bounds words that stand far from each other, in characters.
const maxReasonLength = 80
