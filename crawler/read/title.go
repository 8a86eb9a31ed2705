package read

import (
	"regexp"
	"strings"
)

// maxTitle bounds a title in bytes.
const maxTitle = 500

var titleSeparator = regexp.MustCompile(`\s+[|–—»«·•:/-]+\s+|\s*[|•]\s*`)

// sitename returns how the site calls itself, as a title's tail or its own name.
func (s *sight) sitename() string {
	if v := s.meta("og:site_name", "application-name"); v != "" {
		return cut(v, 200)
	}
	for _, n := range s.ld {
		if n.is("WebSite", "NewsMediaOrganization") {
			if v := n.text("name"); v != "" {
				return cut(v, 200)
			}
		}
	}
	article, _ := s.mainLD()
	if l := s.people(article["publisher"]); len(l) > 0 {
		return cut(l[0], 200)
	}
	return cut(s.homeLink(), 200)
}

// homeLink returns the text of the link to the home page that the title of the
// page repeats: the name of the site.
func (s *sight) homeLink() string {
	title := key(s.title)
	for i, a := range s.anchors {
		if i > 60 {
			break
		}
		k := key(a.Text)
		u := parseWebURL(nil, a.URL)
		if len(k) < 3 || u == nil || u.Path != "/" && u.Path != "" || u.RawQuery != "" || !sameSite(u, s.url) {
			continue
		}
		if strings.HasSuffix(title, k) || strings.HasPrefix(title, k) {
			return a.Text
		}
	}
	return ""
}

// heading returns the title of the article: the heading that the <title>
// repeats, or what the head says without the name of the site. A feed's title
// helps where a page has neither.
func (s *sight) heading(hint string) string {
	if strings.HasSuffix(hint, "…") {
		hint = ""
	}
	t := s.rawHeading(hint)
	t = strings.TrimSpace(strings.Trim(t, "\u00a0"))
	return cut(t, maxTitle)
}

func (s *sight) rawHeading(hint string) string {
	article, event := s.mainLD()
	site := key(s.sitename())
	told := " " + key(s.title) + " " + key(s.metas["og:title"]) + " " + key(article.text("headline")) + " " + key(event.text("name")) + " " + key(hint) + " "
	best := ""
	for _, b := range s.blocks {
		if b.heading == 0 || b.heading > 3 || b.region.side() || len(b.text) > 400 {
			continue
		}
		k := key(b.text)
		if len(k) > 3 && strings.Contains(told, k) && k != site && (b.heading == 1 || len(k) > len(key(best))+8) && len(k) > len(key(best)) {
			best = b.text
		}
	}
	if h := s.wholeH1(told, site); len(key(h)) > len(key(best)) {
		best = h
	}
	if best != "" {
		return best
	}
	if s.titleAt >= 0 && s.blocks[s.titleAt].heading == 1 && key(s.blocks[s.titleAt].text) != site { // SPIP cuts long titles in the head
		k := key(s.blocks[s.titleAt].text)
		if len(k) > 40 && strings.Contains(told, k[:40]) {
			return s.blocks[s.titleAt].text
		}
	}
	for _, t := range []string{article.text("headline"), event.text("name"), s.metas["og:title"], s.metas["twitter:title"], s.metas["dc.title"], hint, s.title} {
		if t = s.withoutSite(t); t != "" {
			return t
		}
	}
	if s.titleAt >= 0 {
		return s.blocks[s.titleAt].text
	}
	return ""
}

// wholeH1 returns an h1 whose parts stand on several lines.
func (s *sight) wholeH1(told, site string) string {
	for _, h := range s.h1 {
		t := textOf(h)
		k := key(t)
		if len(k) < 4 || len(t) > 400 || k == site {
			continue
		}
		if strings.Contains(told, k) || len(k) > 40 && strings.Contains(told, k[:40]) {
			return t
		}
	}
	if len(s.h1) == 1 {
		if t := textOf(s.h1[0]); len(t) <= 300 && key(t) != site && s.titular(s.h1[0]) {
			return t
		}
	}
	return ""
}

// withoutSite cuts the name of the site off a title of the head.
func (s *sight) withoutSite(t string) string {
	if t == "" {
		return ""
	}
	parts := titleSeparator.FindAllStringIndex(t, -1)
	if len(parts) == 0 {
		return t
	}
	site := key(s.sitename())
	for _, p := range parts {
		if site != "" && key(t[p[1]:]) == site {
			return t[:p[0]]
		}
		if site != "" && key(t[:p[0]]) == site {
			return t[p[1]:]
		}
	}
	last := parts[len(parts)-1]
	if site == "" && last[0] > 15 && len(t)-last[1] < 60 && s.title == t && !strings.Contains(t[last[0]:last[1]], ":") {
		return t[:last[0]]
	}
	return t
}
