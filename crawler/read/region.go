package read

import (
	"strings"

	"golang.org/x/net/html"
)

// region is the part of a page that a node stands in.
type region byte

const (
	inUnknown region = iota
	inMain
	inHeader
	inNav
	inAside
	inFooter
	inPager
)

func (r region) String() string {
	return [...]string{"", "main", "nav", "nav", "aside", "footer", "pager"}[r]
}

// side reports whether a region holds what belongs to the site, not to the page.
func (r region) side() bool { return r >= inHeader }

// dateProp reports microdata and RDFa that name a date of publication.
func dateProp(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "itemprop" || a.Key == "property" {
			v := strings.ToLower(a.Val)
			if strings.Contains(v, "datepublished") || strings.Contains(v, "dc:date") || strings.Contains(v, "dc:created") {
				return n.Data != "meta" || n.Parent != nil && n.Parent.Data != "head"
			}
		}
	}
	return false
}

// regionOf gives the region that an element begins, or the one that it is in.
func (s *sight) regionOf(n *html.Node, t trait, now region, title bool) region {
	heavy := title || s.prose > 400 && s.weight[n]*10 > s.prose*6
	switch {
	case heavy && (t&traitMain != 0 || now == inUnknown && title):
		if t&traitMain != 0 {
			return inMain
		}
		return now
	case heavy:
		return now
	case t&traitPager != 0:
		return inPager
	case t&traitNav != 0:
		return inNav
	case t&traitFooter != 0 && now != inMain || n.Data == "footer" && !within(n, func(p *html.Node) bool { return p.Data == "article" || p.Data == "main" }):
		return inFooter
	case t&(traitAside|traitJunk) != 0:
		return inAside
	case t&traitHeader != 0 || n.Data == "header" && now == inUnknown && !s.titleSeen:
		return inHeader
	case t&traitMain != 0 && !now.side():
		return inMain
	}
	return now
}

// teaser reports whether a box is the announcement of another page: short, and
// mostly one link that is no keyword, section or author.
func teaser(n *html.Node) bool {
	total, linked := 0, 0
	var walk func(n *html.Node, link bool) bool
	walk = func(n *html.Node, link bool) bool {
		if n.Type == html.TextNode {
			l := len(strings.TrimSpace(n.Data))
			total += l
			if link && l >= 15 {
				linked += l
			}
		}
		if total > 400 {
			return false
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !walk(c, link || c.Type == html.ElementNode && c.Data == "a" && !filingRel(c)) {
				return false
			}
		}
		return true
	}
	return walk(n, false) && total > 0 && linked*2 > total
}

// filingRel reports a link to the section, the keyword or the author of a page,
// or to the page itself.
func filingRel(a *html.Node) bool {
	rel := strings.ToLower(attr(a, "rel"))
	return strings.Contains(rel, "tag") || strings.Contains(rel, "author") || strings.Contains(rel, "bookmark")
}
