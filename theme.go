package trame

// Theme is a saved query: an article carries the theme when the query matches
// its title and text to the letter, so that anyone can see and correct why.
type Theme struct {
	ID     string            `json:"id" yaml:"id"`
	Label  map[string]string `json:"label" yaml:"label"` // by language: fr, en
	Parent string            `json:"parent,omitempty" yaml:"parent"`
	Query  string            `json:"query" yaml:"query"` // the syntax of [ParseExpr]
}

// Name returns the label in a language, or in French, or the id.
func (t Theme) Name(language string) string {
	for _, l := range []string{language, "fr"} {
		if s := t.Label[l]; s != "" {
			return s
		}
	}
	return t.ID
}
