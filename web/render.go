package web

import (
	"bytes"
	"embed"
	"fmt"
	"html"
	"html/template"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"trame"
)

//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates by name: "recherche", "opensearch.xml"…
type pages map[string]*template.Template

// frame is what every page has around its own content.
type frame struct {
	Title       string // without the name of the site
	Description string
	Nav         string // the entry of the menu that is current: its address
	NoIndex     bool
	Canonical   string // absolute, or empty
	Box         string // the text in the search box
	Kept        []field
	Notice      string
	Version     string
	OpenSearch  bool
	Refresh     bool // with script, look again in a few seconds
}

// field is a hidden field of a form: a part of the state that it does not change.
type field struct{ Name, Value string }

// link is a link inside the site.
type link struct{ Label, URL string }

func (s *site) frame(title, nav string) frame {
	return frame{Title: title, Nav: nav, Notice: s.Notice, Version: s.Version, OpenSearch: s.BaseURL != ""}
}

// parsePages parses every page together with the layout. It fails at start, not
// at the first visit.
func parsePages(as *assets) (pages, error) {
	funcs := template.FuncMap{
		"asset":   as.url,
		"number":  number,
		"count":   count,
		"marked":  marked,
		"typeset": typeset,
		"dict":    dict,
	}
	entries, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	ps := pages{}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".html")
		files := []string{"templates/layout.html", "templates/parts.html", "templates/" + e.Name()}
		if path.Ext(e.Name()) == ".xml" {
			files = files[2:]
		}
		t, err := template.New(path.Base(files[0])).Funcs(funcs).ParseFS(templateFiles, files...)
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		ps[name] = t
	}
	return ps, nil
}

// render writes a page whole or not at all.
func (s *site) render(c *gin.Context, status int, name string, data any) error {
	t, ok := s.pages[name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	kind := "text/html; charset=utf-8"
	if path.Ext(name) == ".xml" {
		kind = "application/opensearchdescription+xml; charset=utf-8"
	}
	c.Data(status, kind, b.Bytes())
	return nil
}

// marked turns the markup of the index into HTML. It is the one place where text
// becomes markup, and it believes nothing: whatever stands between <mark> and
// </mark> is escaped again, and marks are paired.
func marked(m trame.Markup) template.HTML {
	var b strings.Builder
	open := false
	for rest := typeset(string(m)); rest != ""; {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			i = len(rest)
		}
		b.WriteString(escapeAgain(rest[:i]))
		rest = rest[i:]
		switch {
		case rest == "":
		case !open && strings.HasPrefix(rest, "<mark>"):
			b.WriteString("<mark>")
			open, rest = true, rest[len("<mark>"):]
		case open && strings.HasPrefix(rest, "</mark>"):
			b.WriteString("</mark>")
			open, rest = false, rest[len("</mark>"):]
		default:
			b.WriteString("&lt;")
			rest = rest[1:]
		}
	}
	if open {
		b.WriteString("</mark>")
	}
	return template.HTML(b.String())
}

// escapeAgain escapes text that may be escaped already, once.
func escapeAgain(s string) string { return html.EscapeString(html.UnescapeString(s)) }

// plain is text as markup without marks.
func plain(s string) trame.Markup { return trame.Markup(html.EscapeString(s)) }

// dict passes several values to a part of a page: dict "Name" value ….
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: name %v is not a string", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}
