package demo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// feedStyle says how a platform writes its RSS.
type feedStyle struct {
	generator string
	pubDate   bool // RSS pubDate; otherwise Dublin Core's date alone, as SPIP does
	full      bool // content:encoded carries the whole text
	creator   bool
}

// feed adds an RSS feed of pieces.
func (b *builder) feed(path, title string, pieces []*piece, style feedStyle) {
	var out bytes.Buffer
	out.WriteString(`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
`)
	fmt.Fprintf(&out, "<title>%s</title>\n<link>%s/</link>\n<description>%s</description>\n<language>fr</language>\n<generator>%s</generator>\n",
		esc(title), b.base, esc(b.name), esc(style.generator))
	fmt.Fprintf(&out, "<atom:link href=%q rel=\"self\" type=\"application/rss+xml\"/>\n", b.base+strings.ReplaceAll(path, "&", "&amp;"))
	var newest time.Time
	for _, p := range pieces {
		if p.moment().After(newest) {
			newest = p.moment()
		}
		b.item(&out, p, style)
	}
	out.WriteString("</channel>\n</rss>\n")
	a := b.style
	a.status, a.kind, a.body, a.etag = 200, "application/rss+xml; charset=utf-8", out.Bytes(), true
	if !a.always {
		a.modified = newest
	}
	b.answers[path] = a
}

func (b *builder) item(out *bytes.Buffer, p *piece, style feedStyle) {
	title, summary, body := p.title, p.excerpt(300), string(b.html(p.blocks))
	if p.head["status"] == isLocked {
		title, summary, body = "Protégé : "+title, "Il n’y a pas d’extrait, car cet article est protégé.", ""
	}
	fmt.Fprintf(out, "<item>\n<title>%s</title>\n<link>%s</link>\n", esc(title), esc(p.url))
	if style.pubDate {
		fmt.Fprintf(out, "<pubDate>%s</pubDate>\n", p.moment().Format(time.RFC1123Z))
	} else {
		fmt.Fprintf(out, "<dc:date>%s</dc:date>\n<dc:format>text/html</dc:format>\n<dc:language>fr</dc:language>\n", p.moment().UTC().Format(time.RFC3339))
	}
	fmt.Fprintf(out, "<guid isPermaLink=\"true\">%s</guid>\n", esc(p.url))
	if style.creator && p.author != "" {
		fmt.Fprintf(out, "<dc:creator>%s</dc:creator>\n", esc(p.author))
	}
	for _, c := range append([]string{p.section}, p.tags...) {
		if c != "" && style.pubDate {
			fmt.Fprintf(out, "<category>%s</category>\n", esc(c))
		}
	}
	fmt.Fprintf(out, "<description>%s</description>\n", esc(summary))
	if style.full && body != "" {
		if p.lead != "" {
			body = "<div class='rss_chapo'><p>" + esc(p.lead) + "</p></div>\n" + body
		}
		body = strings.ReplaceAll(body, `href="/`, `href="`+b.base+"/")
		fmt.Fprintf(out, "<content:encoded><![CDATA[%s]]></content:encoded>\n", strings.ReplaceAll(body, "]]>", "]]&gt;"))
	}
	out.WriteString("</item>\n")
}

// sitemap adds a sitemap of addresses, with the days of the pieces if dated.
func (b *builder) sitemap(path string, pieces []*piece, others []string, dated bool) {
	var out bytes.Buffer
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
	for _, u := range others {
		fmt.Fprintf(&out, "<url><loc>%s</loc></url>\n", esc(b.base+u))
	}
	for _, p := range pieces {
		fmt.Fprintf(&out, "<url><loc>%s</loc>", esc(p.url))
		if dated {
			fmt.Fprintf(&out, "<lastmod>%s</lastmod>", p.moment().Format(time.RFC3339))
		}
		out.WriteString("</url>\n")
	}
	out.WriteString("</urlset>\n")
	b.file(path, "application/xml; charset=UTF-8", out.Bytes())
}

// sitemapIndex adds a sitemap that names others.
func (b *builder) sitemapIndex(path string, others ...string) {
	var out bytes.Buffer
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n")
	for _, u := range others {
		fmt.Fprintf(&out, "<sitemap><loc>%s</loc></sitemap>\n", esc(b.base+u))
	}
	out.WriteString("</sitemapindex>\n")
	b.file(path, "application/xml; charset=UTF-8", out.Bytes())
}

// esc escapes text for XML.
func esc(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a strings.Builder cannot fail
	return out.String()
}
