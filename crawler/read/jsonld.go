package read

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

// ldNode is one object of a page's JSON-LD.
type ldNode map[string]any

// maxLD bounds a JSON-LD script in bytes, and maxLDNodes the objects read.
const (
	maxLD      = 512 << 10
	maxLDNodes = 400
)

// parseLD returns the objects of a script, those of @graph and nested ones too.
// A script with raw line breaks inside strings, which PHP sites print, is read
// all the same.
func parseLD(script string) []ldNode {
	if len(script) > maxLD || nesting(script) > 60 {
		return nil
	}
	script = strings.TrimSpace(script)
	script = strings.TrimSuffix(strings.TrimPrefix(script, "<!--"), "-->")
	script = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(script), "//<![CDATA["), "//]]>")
	var v any
	if err := json.Unmarshal([]byte(script), &v); err != nil {
		flat := strings.Map(func(r rune) rune {
			if r < ' ' {
				return ' '
			}
			return r
		}, script)
		if json.Unmarshal([]byte(flat), &v) != nil {
			return nil
		}
	}
	var out []ldNode
	collectLD(v, &out, 0)
	return out
}

// nesting returns how deep brackets nest outside strings.
func nesting(s string) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

func collectLD(v any, out *[]ldNode, depth int) {
	if depth > 12 || len(*out) >= maxLDNodes {
		return
	}
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			collectLD(e, out, depth+1)
		}
	case map[string]any:
		if x["@type"] != nil || x["@id"] != nil {
			*out = append(*out, x)
		}
		for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage", "publisher", "subjectOf", "about"} {
			collectLD(x[k], out, depth+1)
		}
	}
}

// is reports whether the object is of one of the types.
func (n ldNode) is(types ...string) bool {
	for _, t := range texts(n["@type"]) {
		t = t[strings.LastIndexAny(t, "/#")+1:]
		for _, w := range types {
			if strings.EqualFold(t, w) {
				return true
			}
		}
	}
	return false
}

func (n ldNode) article() bool {
	return n.is("Article", "NewsArticle", "BlogPosting", "Report", "ScholarlyArticle", "OpinionNewsArticle", "AnalysisNewsArticle", "ReportageNewsArticle",
		"TechArticle", "SocialMediaPosting", "LiveBlogPosting", "ReviewNewsArticle", "BackgroundNewsArticle", "AskPublicNewsArticle", "CreativeWork")
}

func (n ldNode) event() bool {
	return n.is("Event", "EducationEvent", "BusinessEvent", "SocialEvent", "CourseInstance", "ExhibitionEvent", "Festival", "ScreeningEvent", "LiteraryEvent")
}

// text returns the first string under a key.
func (n ldNode) text(k string) string {
	if l := texts(n[k]); len(l) > 0 {
		return l[0]
	}
	return ""
}

// texts returns the strings of a value: itself, its members, or the names and
// addresses of objects.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		if s := line(html.UnescapeString(x)); s != "" {
			return []string{s}
		}
	case []any:
		var out []string
		for _, e := range x {
			if len(out) < 100 {
				out = append(out, texts(e)...)
			}
		}
		return out
	case map[string]any:
		for _, k := range []string{"name", "@value", "url", "headline", "contentUrl"} {
			if l := texts(x[k]); len(l) > 0 {
				return l
			}
		}
	}
	return nil
}

// main returns the object that describes the page's article, and the one that
// describes the event that it announces.
func (s *sight) mainLD() (article, event ldNode) {
	for _, n := range s.ld {
		if article == nil && n.article() && (n["headline"] != nil || n["datePublished"] != nil) {
			article = n
		}
		if event == nil && n.event() && n["startDate"] != nil {
			event = n
		}
	}
	if article == nil {
		for _, n := range s.ld { // WordPress SEO plug-ins date the page when the post's type is unknown to them
			if n.is("WebPage", "ItemPage") && n["datePublished"] != nil {
				return n, event
			}
		}
	}
	return article, event
}

// byID returns the object that another one names by @id.
func (s *sight) byID(id string) ldNode {
	for _, n := range s.ld {
		if n["@id"] == id && len(n) > 1 {
			return n
		}
	}
	return nil
}

// people returns the names of persons and organisations in an author value.
func (s *sight) people(v any) []string {
	switch x := v.(type) {
	case string:
		if strings.HasPrefix(x, "http") {
			return nil
		}
		return texts(x)
	case []any:
		var out []string
		for _, e := range x {
			if len(out) < 50 {
				out = append(out, s.people(e)...)
			}
		}
		return out
	case map[string]any:
		if l := texts(x["name"]); len(l) > 0 {
			return l
		}
		if id, ok := x["@id"].(string); ok {
			if n := s.byID(id); n != nil {
				return texts(n["name"])
			}
		}
	}
	return nil
}
