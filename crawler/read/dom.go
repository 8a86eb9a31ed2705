package read

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// visit calls f on n and, as long as f says so, on what is below it.
func visit(n *html.Node, f func(*html.Node) bool) {
	if !f(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		visit(c, f)
	}
}

// textOf returns the text under n on one line; line breaks and blocks part words.
func textOf(n *html.Node) string {
	var b strings.Builder
	visit(n, func(n *html.Node) bool {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
		case html.ElementNode:
			if unseen(n) {
				return false
			}
			if n.Data == "br" || isBlock(n.Data) {
				b.WriteByte(' ')
			}
		}
		return b.Len() < 100_000
	})
	return line(b.String())
}

// unseen reports elements whose text no reader sees.
func unseen(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "embed", "select", "option", "datalist",
		"button", "textarea", "input", "canvas", "audio", "video", "map", "noembed", "noframes":
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			if strings.Contains(a.Val, "none") && strings.Contains(strings.ReplaceAll(strings.ToLower(a.Val), " ", ""), "display:none") {
				return true
			}
		}
	}
	return false
}

func isBlock(tag string) bool {
	switch tag {
	case "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
		"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
		"menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul":
		return true
	}
	return false
}

func headingLevel(tag string) int {
	if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
		return int(tag[1] - '0')
	}
	return 0
}

// within reports whether n stands below an element for which f holds.
func within(n *html.Node, f func(*html.Node) bool) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && f(p) {
			return true
		}
	}
	return false
}

// hasClass reports whether one of n's class or id words is one of want.
func hasClass(n *html.Node, want ...string) bool {
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" {
			continue
		}
		for w := range strings.FieldsSeq(a.Val) {
			for _, x := range want {
				if strings.EqualFold(w, x) {
					return true
				}
			}
		}
	}
	return false
}

// webURL resolves an address as a page writes it and returns it without its
// fragment, or "" when it is not http or https.
func webURL(base *url.URL, ref string) string {
	u := parseWebURL(base, ref)
	if u == nil {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// maxURL bounds an address in bytes.
const maxURL = 2048

func parseWebURL(base *url.URL, ref string) *url.URL {
	ref = strings.Map(func(r rune) rune { // as browsers do: WHATWG URL, "remove all ASCII tab or newline"
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, strings.TrimSpace(clean(ref)))
	if ref == "" || len(ref) > maxURL {
		return nil
	}
	u, err := url.Parse(strings.ReplaceAll(ref, " ", "%20"))
	if err != nil {
		return nil
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil
	}
	u.Host = strings.ToLower(u.Host)
	return u
}

// sameSite reports whether two addresses belong to one site: the same host and
// port, whatever the scheme and whether or not "www." stands before it.
func sameSite(a, b *url.URL) bool {
	return siteHost(a) == siteHost(b)
}

func siteHost(u *url.URL) string {
	h := strings.ToLower(u.Host)
	h = strings.TrimSuffix(strings.TrimSuffix(h, ":80"), ":443")
	return strings.TrimPrefix(h, "www.")
}
