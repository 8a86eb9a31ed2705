package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"trame"
)

// textPage is a page that says the same to everybody.
type textPage struct {
	frame
	Base string // for examples of addresses
}

func (s *site) text(name string) func(*gin.Context) error {
	titles := map[string]string{"aide": "Aide à la recherche", "api": "API"}
	return func(c *gin.Context) error {
		p := &textPage{frame: s.frame(titles[name], "/"+name), Base: s.BaseURL}
		return s.render(c, http.StatusOK, name, p)
	}
}

// methodPage is /methode: where articles, dates and themes come from.
type methodPage struct {
	frame
	Themes []themeRule
}

// themeRule is a theme with the query that it is.
type themeRule struct {
	Name, Query, URL string
	Level            int
}

func (s *site) method(c *gin.Context) error {
	p := &methodPage{frame: s.frame("Méthode", "/methode")}
	var walk func(ids []string, level int)
	walk = func(ids []string, level int) {
		for _, id := range ids {
			t := s.themes.byID[id]
			p.Themes = append(p.Themes, themeRule{t.Name("fr"), t.Query, searchURL(trame.Query{Themes: []string{id}}), min(level, 2)})
			walk(s.themes.children[id], level+1)
		}
	}
	walk(s.themes.roots, 0)
	return s.render(c, http.StatusOK, "methode", p)
}
