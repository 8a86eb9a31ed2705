package demo

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"trame"
)

// handmade is the site that a French educator made by hand from 1999 on: tables,
// no feed, no sitemap, no date but that of the last change of the page,
// windows-1252 bytes said to be iso-8859-1. A plain file server gives validators.
func handmade() *site {
	return &site{
		id: "grenier-de-maurice", name: "Le grenier de Maurice", country: "FR", kind: trame.KindSite,
		look: "handmade", makes: trame.TypeArticle, dated: false,
		address: func(p *piece) string { return "/textes/" + strings.ReplaceAll(p.slug, "-", "_") + ".htm" },
		build:   buildHandmade,
	}
}

func buildHandmade(b *builder) error {
	b.charset = "iso-8859-1"
	b.encode = func(s string) ([]byte, error) {
		return encoding.HTMLEscapeUnsupported(charmap.Windows1252.NewEncoder()).Bytes([]byte(s))
	}
	b.style = answer{etag: true, modified: time.Date(2009, time.November, 14, 17, 22, 0, 0, time.UTC), header: map[string]string{"Server": "Apache/1.3.37 (Unix)"}}
	for _, p := range b.pieces {
		v := view{Kind: "single", Piece: p, Body: b.tagSoup(p.blocks)}
		if err := b.page(b.site.path(p.url), v); err != nil {
			return err
		}
	}
	sections := b.sections("/")
	for _, s := range sections {
		v := view{Kind: "list", Title: s.Name, Section: s.Name, Sections: sections, Pieces: s.Pieces}
		if err := b.page(strings.ReplaceAll(s.Path, "-", "_")+".htm", v); err != nil {
			return err
		}
	}
	if err := b.page("/", view{Kind: "home", Title: b.name, Sections: sections}); err != nil {
		return err
	}
	b.answers["/index.htm"] = b.answers["/"]
	return b.page("404", view{Kind: "missing", Title: "404 Not Found"})
}

// tagSoup renders blocks as people wrote HTML in 2002.
func (b *builder) tagSoup(blocks []block) template.HTML {
	var out strings.Builder
	for _, bl := range blocks {
		switch bl.kind {
		case "h2":
			fmt.Fprintf(&out, "<B><FONT COLOR=\"#993300\">%s</FONT></B><BR><BR>\n", b.inline(bl.lines[0]))
		case "blockquote":
			fmt.Fprintf(&out, "<I>%s</I><BR><BR>\n", b.inline(bl.lines[0]))
		case "ul":
			out.WriteString("<UL>\n")
			for _, l := range bl.lines {
				out.WriteString("<LI>" + b.inline(l) + "\n")
			}
			out.WriteString("</UL>\n")
		default:
			fmt.Fprintf(&out, "%s<BR><BR>\n", b.inline(bl.lines[0]))
		}
	}
	return template.HTML(out.String())
}
