package read

import (
	"strings"

	"golang.org/x/net/html"
)

// para is one paragraph of a text with what is known of its place.
type para struct {
	text    string
	key     string
	words   int
	linked  int // bytes of text inside links
	heading bool
	item    bool // of a list, a quotation or a table
	legend  bool // of a picture
	parent  *html.Node
}

// paragraphs writes what is under a node as paragraphs: headings, items and
// cells each are one; a double line break parts them, a single one is kept.
func paragraphs(n *html.Node) []string {
	var out []string
	for _, p := range paras(n) {
		out = append(out, p.text)
	}
	return out
}

// paraWalk gathers paragraphs.
type paraWalk struct {
	out    []para
	cur    strings.Builder
	linked int
	breaks int
	size   int
	at     para
	pre    bool
	link   bool
}

func paras(n *html.Node) []para {
	if n == nil {
		return nil
	}
	w := &paraWalk{at: para{parent: n}}
	w.node(n)
	w.flush()
	return w.out
}

func (w *paraWalk) flush() {
	w.breaks = 0
	if w.cur.Len() == 0 {
		return
	}
	var kept []string
	for l := range strings.SplitSeq(w.cur.String(), "\x00") {
		if l = line(l); l != "" {
			kept = append(kept, l)
		}
	}
	w.cur.Reset()
	linked := w.linked
	w.linked = 0
	if len(kept) == 0 {
		return
	}
	p := w.at
	p.text = strings.Join(kept, "\n")
	p.words, p.linked = wordCount(p.text), linked
	w.out = append(w.out, p)
}

func (w *paraWalk) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.write(n.Data)
		return
	case html.ElementNode:
		if unseen(n) {
			return
		}
	default:
		if n.Type == html.CommentNode {
			return
		}
	}
	if n.Data == "br" {
		w.breaks++
		w.cur.WriteByte(0)
		return
	}
	block := n.Type == html.ElementNode && isBlock(n.Data)
	before, pre, link := w.at, w.pre, w.link
	if block {
		w.flush()
		w.at.parent = n.Parent
		switch n.Data {
		case "li", "dd", "dt", "blockquote", "td", "th":
			w.at.item = true
		case "figure", "figcaption", "caption":
			w.at.legend = true
		case "pre":
			w.pre = true
		}
		w.at.legend = w.at.legend || hasClass(n, "wp-caption", "wp-caption-text", "spip_doc_legende", "legende", "caption", "credit", "credits")
		w.at.heading = w.at.heading || headingLevel(n.Data) > 0
	} else if n.Data == "a" {
		w.link = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	if block {
		w.flush()
	}
	w.at, w.pre, w.link = before, pre, link
}

func (w *paraWalk) write(s string) {
	if w.size += len(s); w.size > maxText {
		return
	}
	if strings.TrimSpace(s) != "" {
		if w.breaks > 1 {
			w.flush()
		}
		w.breaks = 0
	}
	if w.link {
		w.linked += len(strings.TrimSpace(s))
	}
	s = strings.ReplaceAll(s, "\x00", "")
	if w.pre {
		s = strings.ReplaceAll(s, "\n", "\x00")
	}
	w.cur.WriteString(s)
}
