package read

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"trame"
)

// feeds returns the addresses of the feeds that the head declares, but those of
// comments.
func (s *sight) feeds() []string {
	var out []string
	for _, l := range s.links {
		if !strings.Contains(" "+l.rel+" ", " alternate ") && !strings.Contains(" "+l.rel+" ", " feed ") {
			continue
		}
		switch kind, _, _ := strings.Cut(l.kind, ";"); strings.TrimSpace(kind) {
		case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/rss+xml":
			u := webURL(s.base, l.href)
			if u != "" && len(out) < 50 && !strings.Contains(u, "/comments/") && !strings.Contains(fold(l.title), "comment") {
				out = append(out, u)
			}
		}
	}
	return out
}

// canonical returns the address that the page gives itself, on its own site.
// An inner page that names the home page is mistaken.
func (s *sight) canonical() string {
	for _, l := range s.links {
		if strings.Contains(" "+l.rel+" ", " canonical ") {
			if c := s.ownAddress(l.href); c != "" {
				return c
			}
		}
	}
	return s.ownAddress(s.metas["og:url"])
}

func (s *sight) ownAddress(ref string) string {
	if ref == "" {
		return ""
	}
	u := parseWebURL(s.url, ref)
	if u == nil || !sameSite(u, s.url) {
		return ""
	}
	if (u.Path == "/" || u.Path == "") && u.RawQuery == "" && (len(s.url.Path) > 1 || s.url.RawQuery != "") {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// next returns the next page of a list or of an article in several parts.
func (s *sight) next(listing bool) string {
	for _, l := range s.links {
		if strings.Contains(" "+l.rel+" ", " next ") && (listing || s.partOf(l.href)) {
			if u := webURL(s.base, l.href); u != "" {
				return u
			}
		}
	}
	for i, a := range s.anchors {
		u := parseWebURL(nil, a.URL)
		if u == nil || !sameSite(u, s.url) || a.URL == s.url.String() {
			continue
		}
		if !listing {
			if s.inPageLinks(i) && s.partOf(a.URL) {
				return a.URL
			}
			continue
		}
		if strings.Contains(" "+strings.ToLower(a.Rel)+" ", " next ") || saysNext(a.Text) || hasClass(s.anchorAt[i], "next", "suivant", "pager-next", "next_page") {
			return a.URL
		}
	}
	if listing {
		return s.nextNumber()
	}
	return ""
}

// nextNumber returns the link of a pager to the page after the one shown: the
// number that follows the one that is no link.
func (s *sight) nextNumber() string {
	current := 1
	for _, b := range s.blocks {
		if b.region == inPager && b.linked == 0 && digits(b.text) && len(b.text) < 5 {
			current = number(b.text)
			break
		}
	}
	for _, a := range s.anchors {
		if a.Region != inPager.String() || !digits(a.Text) || len(a.Text) > 4 || number(a.Text) != current+1 {
			continue
		}
		if u := parseWebURL(nil, a.URL); u != nil && sameSite(u, s.url) {
			return a.URL
		}
	}
	return ""
}

func saysNext(text string) bool {
	f := strings.Trim(fold(text), " >»›→&")
	switch f {
	case "suivant", "suivante", "suivants", "page suivante", "next", "next page", "articles suivants", "articles plus anciens", "plus anciens", "messages plus anciens", "older posts", "older entries":
		return true
	}
	return strings.HasPrefix(f, "articles plus anciens") || strings.HasPrefix(f, "page suivante")
}

// partOf reports whether an address is a further part of this page: /slug/2/,
// or ?page=2 of the same path.
func (s *sight) partOf(ref string) bool {
	u := parseWebURL(s.base, ref)
	if u == nil || !sameSite(u, s.url) {
		return false
	}
	here, part := partNumber(s.url)
	there, n := partNumber(u)
	return here == there && n == part+1
}

// partNumber splits an address into that of the whole and the number of the part.
func partNumber(u *url.URL) (whole string, part int) {
	p := strings.TrimSuffix(u.Path, "/")
	dir, last := path.Split(p)
	if digits(last) && len(last) <= 3 && dir != "/" && dir != "" {
		return strings.TrimSuffix(dir, "/"), number(last)
	}
	if v := u.Query().Get("page"); digits(v) && len(v) <= 3 {
		return p, number(v)
	}
	return p, 1
}

// inPageLinks reports whether anchor i belongs to the row of an article's parts.
func (s *sight) inPageLinks(i int) bool {
	for k, p := 0, s.anchorAt[i].Parent; p != nil && k < 4; k, p = k+1, p.Parent {
		if hasClass(p, "page-links", "post-nav-links", "pagelink", "pagelinks", "page-link", "pagination", "pages") {
			return true
		}
	}
	return false
}

// documentType returns the media type of an address that ends as documents do,
// or "".
func documentType(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".pdf":
		return "application/pdf"
	case ".doc":
		return "application/msword"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".odt":
		return "application/vnd.oasis.opendocument.text"
	case ".ods":
		return "application/vnd.oasis.opendocument.spreadsheet"
	case ".odp":
		return "application/vnd.oasis.opendocument.presentation"
	case ".xls":
		return "application/vnd.ms-excel"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".ppt":
		return "application/vnd.ms-powerpoint"
	case ".pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	case ".rtf":
		return "application/rtf"
	case ".epub":
		return "application/epub+zip"
	}
	return ""
}

const maxAttachments = 50

// attachments returns the documents that the page links to outside the boxes of
// the site.
func (s *sight) attachments() []trame.Attachment {
	var out []trame.Attachment
	seen := map[string]bool{}
	for i, a := range s.anchors {
		kind := documentType(a.URL)
		if kind == "" || seen[a.URL] || len(out) >= maxAttachments || a.Region != "" && a.Region != "main" && !within(s.anchorAt[i], documentBox) {
			continue
		}
		seen[a.URL] = true
		title := a.Text
		if title == "" {
			u, _ := url.Parse(a.URL)
			title = path.Base(u.Path)
		}
		out = append(out, trame.Attachment{URL: a.URL, Title: cut(title, 300), MediaType: kind})
	}
	return out
}

// documentBox reports the boxes in which systems list the documents of a page.
func documentBox(n *html.Node) bool {
	return hasClass(n, "documents_joints", "documents", "portfolio", "attachments", "pieces-jointes", "pieces_jointes", "field-name-field-fichier", "field--type-file", "field-type-file", "telechargements", "downloads")
}

// image returns the picture that the page shows with its text: what the head
// names, or the first one of the middle that is not an icon.
func (s *sight) image() string {
	article, _ := s.mainLD()
	for _, v := range []string{s.meta("og:image", "og:image:url", "twitter:image", "twitter:image:src"), article.text("image"), s.picture} {
		if v == "" {
			continue
		}
		if u := webURL(s.base, v); u != "" && !strings.Contains(u, "no-image") {
			return u
		}
	}
	return ""
}

var iconName = regexp.MustCompile(`(?i)logo|icone?s?[-_./]|avatar|gravatar|emoji|smiley|spacer|pixel|puce|bullet|sprite|banner|banniere|bandeau|blank\.|loading|no-image|\.svg`)

// picture keeps the first image of the article.
func (w *bodyWalk) picture(n *html.Node, at *place) {
	if w.s.picture != "" || at.region.side() || at.card || !w.s.titleSeen && at.region != inMain {
		return
	}
	for _, a := range [...]string{"width", "height"} {
		if v := attr(n, a); digits(v) && len(v) < 5 && number(v) < 120 {
			return
		}
	}
	for _, a := range [...]string{"data-src", "data-lazy-src", "src"} {
		if v := attr(n, a); v != "" && len(v) < maxURL && !strings.HasPrefix(v, "data:") && !iconName.MatchString(v) {
			w.s.picture = v
			return
		}
	}
}

// maxAround bounds in bytes the line that a link of a curated list stands in.
const maxAround = 2000

// surround notes the line that each link stands in, where it holds the link's
// text: a curated list says there why it names the text.
func (s *sight) surround() {
	for i := range s.anchors {
		a := &s.anchors[i]
		if at := s.anchorIn[i]; at < len(s.blocks) && a.Text != "" && strings.Contains(s.blocks[at].text, a.Text) {
			a.Around = cut(s.blocks[at].text, maxAround)
		}
	}
}
