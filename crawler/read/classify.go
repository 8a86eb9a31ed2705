package read

import (
	"fmt"
	"slices"
	"strings"

	"trame"
	"trame/french"
)

// Classifier gives articles their themes: a theme is a saved query, and an
// article carries it when a strict search for that query would find it. It is
// safe for use by many goroutines.
type Classifier struct {
	themes  []trame.Theme // the number of each is that of its query
	matcher french.Matcher
}

// NewClassifier parses the themes' queries; the error names the theme. The query
// of a theme may ask for other themes (theme:logement) that stand before it in
// the list.
func NewClassifier(themes []trame.Theme) (*Classifier, error) {
	c := &Classifier{themes: slices.Clone(themes)}
	names := map[string]string{}
	for _, t := range themes {
		names[t.ID] = t.Name("fr")
	}
	c.matcher.Label = func(field, value string) string {
		if field == trame.FieldTheme {
			return names[value]
		}
		return ""
	}
	for i, t := range themes {
		e, err := trame.ParseExpr(t.Query)
		if err != nil {
			return nil, fmt.Errorf("theme %s: query: %w", t.ID, err)
		}
		if e == nil {
			return nil, fmt.Errorf("theme %s: an empty query would match every article", t.ID)
		}
		if _, ok := c.matcher.Add(e); !ok {
			return nil, fmt.Errorf("theme %s: its query holds only words that are never looked up", t.ID)
		}
		for _, later := range themes[i:] {
			if asksTheme(e, later) {
				return nil, fmt.Errorf("theme %s: its query asks for the theme %s, which does not stand before it", t.ID, later.ID)
			}
		}
	}
	return c, nil
}

// asksTheme reports whether a part of a query asks for a theme.
func asksTheme(e trame.Expr, t trame.Theme) bool {
	switch e := e.(type) {
	case trame.And:
		return slices.ContainsFunc(e, func(p trame.Expr) bool { return asksTheme(p, t) })
	case trame.Or:
		return slices.ContainsFunc(e, func(p trame.Expr) bool { return asksTheme(p, t) })
	case trame.Not:
		return asksTheme(e.Of, t)
	case trame.Word:
		return e.Field == trame.FieldTheme && (strings.EqualFold(e.Text, t.ID) || key(e.Text) == key(t.Name("fr")))
	case trame.Prefix:
		return e.Field == trame.FieldTheme && strings.HasPrefix(t.ID, e.Text)
	}
	return false
}

// Classify returns the ids of the themes whose queries match an article's title
// and text to the letter, and those that its section maps to, in theme order.
func (c *Classifier) Classify(a trame.Article, sections map[string]string) []string {
	mapped := ""
	if a.Section != "" && len(sections) > 0 {
		mapped = sectionTheme(a.Section, sections)
	}
	a.Themes = nil // a query that asks for a theme sees those found before
	r := c.matcher.Read(&a)
	defer r.Close()
	for i, t := range c.themes {
		if t.ID == mapped || r.Matches(i) {
			a.Themes = append(a.Themes, t.ID)
		}
	}
	return a.Themes
}

// maxExplained is how many words Explain gives for a theme.
const maxExplained = 5

// Explain returns, by theme, words of an article that make it match the theme's
// query, as they stand in it, in their order. A theme of the article that is
// missing here was given otherwise: by the source's section, or on import. Where
// a query matches by other fields or by what an article lacks there are no words.
func (c *Classifier) Explain(a trame.Article) map[string][]string {
	r := c.matcher.Read(&a)
	defer r.Close()
	why := map[string][]string{}
	for i, t := range c.themes {
		if r.Matches(i) {
			why[t.ID] = r.Words(i, maxExplained)
		}
	}
	return why
}

// sectionTheme returns the theme that a section is mapped to, whatever its
// capitals and accents.
func sectionTheme(section string, sections map[string]string) string {
	if t, ok := sections[section]; ok {
		return t
	}
	k := key(section)
	for name, theme := range sections {
		if key(name) == k {
			return theme
		}
	}
	return ""
}
