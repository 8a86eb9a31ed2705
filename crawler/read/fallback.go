package read

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// cheap reads a page without building its tree: x/net/html refuses pages whose
// elements nest more than 512 deep (faults.md M5), and large ones cost too much.
// It keeps text, title, links and what meta robots says.
func cheap(text string, u *url.URL) (*sight, []string) {
	s := &sight{url: u, base: u, metas: map[string]string{}, signed: map[string][]string{}, boxes: boxReader{}, titleAt: -1}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(1 << 20)
	var paras []string
	var cur, link, head strings.Builder
	size := 0
	skip, inTitle, inLink, inHead := "", false, false, false
	at := -1
	flush := func() {
		if t := line(cur.String()); t != "" && size < maxText {
			paras = append(paras, t)
			size += len(t)
		}
		cur.Reset()
	}
	endLink := func() {
		if inLink && at >= 0 {
			s.anchors[at].Text = cut(line(link.String()), 300)
		}
		inLink = false
		link.Reset()
	}
	for {
		switch z.Next() {
		case html.ErrorToken:
			flush()
			endLink()
			return s, paras
		case html.TextToken:
			if skip != "" {
				continue
			}
			t := string(z.Text())
			switch {
			case inTitle:
				s.title = cut(line(s.title+" "+t), maxTitle)
				continue
			case inHead:
				head.WriteString(t)
			}
			if inLink && link.Len() < 1000 {
				link.WriteString(t)
			}
			if cur.Len() < maxText {
				cur.WriteString(t)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			n := &html.Node{Type: html.ElementNode, Data: t.Data, Attr: t.Attr}
			switch t.Data {
			case "script", "style", "noscript", "template", "textarea", "select":
				if skip == "" && t.Type == html.StartTagToken {
					skip = t.Data
				}
			case "title":
				inTitle = s.title == "" && t.Type == html.StartTagToken
			case "a":
				endLink()
				at = -1
				if w := webURL(s.base, attr(n, "href")); w != "" && len(s.anchors) < maxLinks {
					at = len(s.anchors)
					s.anchors = append(s.anchors, Anchor{URL: w, Rel: line(attr(n, "rel"))})
					s.anchorAt = append(s.anchorAt, n)
				}
				inLink = true
			case "h1":
				inHead = head.Len() == 0
			case "meta", "link", "base", "html":
				s.readElement(n)
			}
			if isBlock(t.Data) || t.Data == "br" {
				flush()
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch tag := string(name); {
			case tag == skip:
				skip = ""
			case tag == "title":
				inTitle = false
			case tag == "a":
				endLink()
			case tag == "h1":
				inHead = false
				if s.metas["h1"] == "" {
					s.metas["h1"] = line(head.String())
				}
				flush()
			case isBlock(tag):
				flush()
			}
		}
	}
}
