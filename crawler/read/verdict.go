package read

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"trame"
)

// shape is what the verdict rules count on a page.
type shape struct {
	prose     int // words in running lines outside the boxes of the site
	lead      int // of them, before the first heading that is a link
	teasers   int // headings that are links to other pages, in the middle of the page
	links     int // words of link text in the middle
	bodyClass map[string]bool
	article   bool // JSON-LD, microdata or body class name it an article
	dated     bool // it shows a date of publication
	gathers   bool // it gives the date and the place, hours or price of a gathering
}

func (s *sight) shape() shape {
	sh := shape{bodyClass: map[string]bool{}}
	if s.body != nil {
		for w := range strings.FieldsSeq(strings.ToLower(attr(s.body, "class") + " " + attr(s.body, "id"))) {
			sh.bodyClass[w] = true
		}
	}
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.region.side() {
			continue
		}
		n := wordCount(b.text)
		if b.linked*10 > len(b.text)*6 {
			sh.links += n
			if b.heading > 1 || b.heading == 1 && i != s.titleAt {
				sh.teasers++
			}
			continue
		}
		if !b.card && !b.form && (n >= 8 || strings.ContainsAny(b.text[len(b.text)-1:], ".!?")) {
			sh.prose += n
			if sh.teasers == 0 {
				sh.lead += n
			}
		}
	}
	sh.article = s.declaredArticle(sh.bodyClass)
	sh.gathers = gathers(s.practicals())
	return sh
}

// declaredArticle reports whether the page's own markup says that it is one
// article. og:type alone does not: many systems print it on every page.
func (s *sight) declaredArticle(body map[string]bool) bool {
	if body["single"] || body["single-post"] || body["page_article"] || body["page_breve"] || body["node-type-article"] || body["page-node-type-article"] {
		return true
	}
	article, _ := s.mainLD()
	if article != nil && !article.is("WebPage", "ItemPage", "CreativeWork") {
		if _, ok := parseMoment(article.text("datePublished")); ok {
			return true
		}
	}
	_, dated := parseMoment(s.metas["article:published_time"])
	return dated && strings.EqualFold(s.metas["og:type"], "article")
}

var refreshURL = regexp.MustCompile(`(?i)^\s*(\d{1,5})(?:\.\d*)?\s*[;,]\s*(?:url\s*=)?\s*["']?(.+?)["']?\s*$`)

// redirect returns where a page sends its reader at once.
func (s *sight) redirect() string {
	m := refreshURL.FindStringSubmatch(s.refresh)
	if m == nil {
		return ""
	}
	if wait, err := strconv.Atoi(m[1]); err != nil || wait > 10 {
		return ""
	}
	to := webURL(s.base, m[2])
	if to == "" || to == webURL(nil, s.url.String()) {
		return ""
	}
	return to
}

// refused reports what meta robots says.
func (s *sight) refused() (noindex, nofollow bool) {
	for _, r := range s.robots {
		for w := range strings.FieldsFuncSeq(r, func(c rune) bool { return c == ',' || c == ' ' || c == ';' }) {
			switch w {
			case "noindex":
				noindex = true
			case "nofollow":
				nofollow = true
			case "none":
				noindex, nofollow = true, true
			}
		}
	}
	return noindex, nofollow
}

// locked reports a password form or a paywall in the place of the text.
func (s *sight) locked(sh shape) (bool, string) {
	if s.postpass {
		return true, "a password form stands in the place of the text"
	}
	if s.password && sh.prose < 40 && !sh.article {
		return true, "a login form and no text"
	}
	article, _ := s.mainLD()
	if v, ok := article["isAccessibleForFree"]; ok && sh.prose < 150 {
		if free, isBool := v.(bool); isBool && !free || strings.EqualFold(article.text("isAccessibleForFree"), "false") {
			return true, "the page says that it is not free to read, and shows little text"
		}
	}
	return false, ""
}

// judge says what a page is, by the forms of its address, the classes that its
// platform prints, what its markup declares, and what it shows.
func (s *sight) judge(p Page, platform string, sh shape, title string) (Verdict, string) {
	if locked, why := s.locked(sh); locked {
		return IsLocked, why
	}
	kind := kindOf(p.URL)
	if v, why := judgeAddress(p.URL, kind, platform, sh); v != "" {
		return v, why
	}
	if v, why := judgePlatform(platform, kind, sh, title); v != "" {
		return v, why
	}
	if s.frames {
		return IsListing, "a frameset: its frames are pages of their own"
	}
	return s.judgeShape(p, sh, title)
}

func judgeAddress(u *url.URL, kind addressKind, platform string, sh shape) (Verdict, string) {
	switch kind {
	case kindHome:
		return IsListing, "the home page"
	case kindFeed:
		return IsUnfit, "the address of a feed"
	case kindSection, kindTag, kindAuthor, kindSearch:
		if sh.article && !strings.Contains(u.RawQuery, "s=") {
			return "", ""
		}
		if kind == kindSection && platform == "" && sh.lead >= 2*minLead && path.Ext(u.Path) != "" { // themes/logement.htm of a hand-made site
			return "", ""
		}
		return IsListing, "the address of a section, keyword, author or search"
	case kindPager, kindArchive:
		if sh.article {
			return "", ""
		}
		return IsListing, "the address of a page of a list or of an archive by date"
	case kindService:
		return IsListing, "a page about the site (contact, legal notice, plan…)"
	}
	return "", ""
}

// judgePlatform knows the body classes of the platforms.
func judgePlatform(platform string, kind addressKind, sh shape, title string) (Verdict, string) {
	c := sh.bodyClass
	switch platform {
	case "wordpress", "hypotheses":
		switch {
		case c["home"] || c["blog"] || c["archive"] || c["search"] || c["search-results"] || c["category"] || c["tag"] || c["author"] || c["date"]:
			return IsListing, "a WordPress archive"
		case c["error404"] || c["attachment"]:
			return IsUnfit, "a WordPress error or attachment page"
		case c["single"] || c["single-post"]:
			return IsArticle, "a WordPress post"
		case c["page"] && !c["single"]:
			return IsListing, "a WordPress page, not a post"
		}
	case "spip":
		switch {
		case kind == kindArticle || c["page_article"] || c["page_breve"]:
			if title == "" {
				return IsUnfit, "a SPIP article without title"
			}
			return IsArticle, "a SPIP article"
		case c["page_rubrique"] || c["page_mot"] || c["page_auteur"] || c["page_recherche"] || c["page_plan"] || c["page_sommaire"] || c["page_contact"] || c["page_login"]:
			return IsListing, "a SPIP list"
		}
	case "drupal":
		switch {
		case c["front"] || c["page-taxonomy"] || c["page-user"] || c["page-search"] || c["path-frontpage"] || c["path-taxonomy"]:
			return IsListing, "a Drupal list"
		}
	}
	return "", ""
}

// Bounds of the judgement by shape: an article shows its title and some running
// text; a list shows several headings that lead elsewhere.
const (
	minProse   = 40 // words
	minTeasers = 3
	minLead    = 80 // words before the first heading that leads elsewhere
	maxRelated = 8  // headings that lead elsewhere after a text
)

func (s *sight) judgeShape(p Page, sh shape, title string) (Verdict, string) {
	fed := p.Hint.From == trame.FromFeed
	switch {
	case title == "":
		return IsUnfit, "no title"
	case sh.article && (sh.prose >= 15 || fed):
		return IsArticle, "its markup declares an article"
	case sh.teasers >= minTeasers && sh.prose < 120*sh.teasers && (sh.lead < minLead || sh.teasers > maxRelated) && !fed:
		return IsListing, fmt.Sprintf("%d headings lead to other pages", sh.teasers)
	case sh.teasers == minTeasers-1 && sh.lead < 15 && !fed:
		return IsListing, "nothing of its own before two headings that lead to other pages"
	case fed && sh.prose >= 15:
		return IsArticle, "an item of a feed, with text"
	case sh.dated && s.titleAt >= 0 && sh.prose >= 15 && sh.links < 3*sh.prose:
		return IsArticle, "a title, a date and some text"
	case sh.gathers && s.titleAt >= 0 && sh.teasers < minTeasers:
		return IsArticle, "a title and practical information on a gathering"
	case sh.prose < minProse:
		return IsListing, fmt.Sprintf("only %d words of running text", sh.prose)
	case sh.links > sh.prose:
		return IsListing, "more links than text"
	}
	return IsArticle, fmt.Sprintf("a title and %d words of running text", sh.prose)
}
