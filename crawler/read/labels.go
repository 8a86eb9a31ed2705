package read

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxTags  = 50
	maxLabel = 80 // bytes
)

// labels collects names, once each, as printed.
type labels struct {
	list []string
	seen map[string]bool
	skip func(key string) bool
}

// noSection reports names that are of no section: home, « non classé », the
// folder that every post of a Hugo site stands in.
func noSection(k string) bool {
	switch k {
	case "accueil", "home", "nonclasse", "uncategorized", "tous", "all", "blog", "sommaire", "posts", "post", "billets", "billet", "articles", "article":
		return true
	}
	return false
}

func (l *labels) add(s string) {
	s = strings.Trim(line(s), " #,>›»/|:;·")
	k := key(s)
	if k == "" || len(s) > maxLabel || l.seen[k] || len(l.list) >= maxTags {
		return
	}
	if l.skip != nil && l.skip(k) {
		return
	}
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	l.seen[k] = true
	l.list = append(l.list, s)
}

// filing returns the sections that the site files the page under and its
// keywords, as the page prints them. The name of the site, its own or the one
// that its source has, is no section.
func (s *sight) filing(hint Hint, name string) (sections, tags []string) {
	site, source := key(s.sitename()), key(name)
	sec, tag := labels{skip: func(k string) bool { return noSection(k) || k == site || k == source }}, labels{}
	for _, t := range s.metaTags {
		for p := range strings.SplitSeq(t, ", ") {
			tag.add(p)
		}
	}
	for i, a := range s.anchors {
		if n := s.anchorAt[i]; !s.cardAt(i) {
			switch s.fileLink(n, a) {
			case traitSection:
				sec.add(a.Text)
			case traitTags:
				tag.add(a.Text)
			}
		}
	}
	article, _ := s.mainLD()
	if len(sec.list) == 0 {
		for _, b := range s.blocks {
			if b.trait&traitSection != 0 && !b.region.side() && !b.card && len(b.text) < maxLabel && b.heading == 0 && b.trait&(traitTags|traitMeta) == 0 {
				sec.add(b.text)
			}
		}
	}
	if len(sec.list) == 0 {
		for _, c := range s.crumbs() {
			sec.add(c)
		}
	}
	for _, v := range append(texts(article["articleSection"]), s.metas["article:section"], hint.Section) {
		if len(sec.list) == 0 {
			sec.add(v)
		}
	}
	if len(tag.list) == 0 {
		for _, v := range append(texts(article["keywords"]), s.metas["keywords"], s.metas["news_keywords"]) {
			for p := range strings.SplitSeq(v, ",") {
				tag.add(p)
			}
			if len(tag.list) > 0 {
				break
			}
		}
	}
	if len(tag.list) == 0 {
		for _, b := range s.blocks {
			if lead := tagLead.FindString(b.text); lead != "" && b.trait&traitTags != 0 && !b.region.side() && !b.card && len(b.text) < 500 {
				for p := range strings.FieldsFuncSeq(b.text[len(lead):], func(r rune) bool { return r == ',' || r == ';' }) {
					tag.add(p)
				}
			}
		}
	}
	if len(tag.list) == 0 {
		for _, t := range hint.Tags {
			if !slices.Contains(sec.list, t) { // WordPress feeds mix both
				tag.add(t)
			}
		}
	}
	return sec.list, tag.list
}

// fileLink says whether a link leads to the section or to a keyword of the page.
func (s *sight) fileLink(n *html.Node, a Anchor) trait {
	rel := " " + strings.ToLower(a.Rel) + " "
	kind := pathKind(a.URL)
	if strings.Contains(rel, " category ") {
		return traitSection
	}
	if strings.Contains(rel, " tag ") {
		if kind == kindSection {
			return traitSection
		}
		return traitTags
	}
	if a.Region != "" && a.Region != "main" {
		return 0
	}
	t := trait(0)
	for k, p := 0, n.Parent; p != nil && k < 6 && p.Data != "body" && p.Data != "article" && p.Data != "main"; k, p = k+1, p.Parent {
		bt := s.boxes.of(p)
		if bt&traitCrumbs != 0 {
			return 0
		}
		if bt&(traitTags|traitSection) != 0 && len(textOf(p)) < 500 {
			t = bt & (traitTags | traitSection)
			break
		}
		if bt&traitMeta != 0 && k < 4 && len(textOf(p)) < 300 {
			if kind == kindSection {
				return traitSection
			}
			if kind == kindTag {
				return traitTags
			}
		}
	}
	switch {
	case t&traitTags != 0 && kind != kindSection:
		return traitTags
	case t != 0:
		return traitSection
	}
	return 0
}

// crumbs returns what stands between home and the page in its breadcrumbs, the
// nearest last turned first.
func (s *sight) crumbs() []string {
	var out []string
	for i := range s.anchors {
		a := s.anchors[i]
		inside := false
		for k, p := 0, s.anchorAt[i].Parent; p != nil && k < 8; k, p = k+1, p.Parent {
			if s.boxes.of(p)&traitCrumbs != 0 || strings.Contains(strings.ToLower(attr(p, "class")+attr(p, "aria-label")), "breadcrumb") || hasClass(p, "fil") {
				inside = true
				break
			}
		}
		u := parseWebURL(nil, a.URL)
		if inside && u != nil && (u.Path != "/" && u.Path != "" || u.RawQuery != "") && a.URL != s.url.String() {
			out = append([]string{a.Text}, out...)
		}
	}
	return out
}
