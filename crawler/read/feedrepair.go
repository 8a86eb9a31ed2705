package read

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"regexp"
	"strings"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
)

// xmlFeed is the text of an XML feed made fit for a parser.
type xmlFeed struct {
	text  string // from its root element on, without declaration and document type
	flaws []string
}

var (
	feedRoot = regexp.MustCompile(`(?i)<(?:rss|feed|rdf:rdf|[a-z]{1,10}:feed)[\s>]`)
	docType  = regexp.MustCompile(`(?i)<!doctype\b`)
)

// repairXML finds the root of a feed and mends what keeps parsers from reading
// it: junk before it, control characters, stray ampersands. Declarations of
// entities are dropped: nothing of theirs is ever expanded or fetched.
func repairXML(text string) (*xmlFeed, error) {
	x := &xmlFeed{}
	at := feedRoot.FindStringIndex(text)
	if at == nil {
		if strings.TrimSpace(text) == "" {
			return nil, errors.New("an empty answer")
		}
		if strings.Contains(strings.ToLower(text[:min(len(text), 2000)]), "<html") {
			return nil, fmt.Errorf("%w but an HTML page", errNotFeed)
		}
		return nil, errNotFeed
	}
	before := text[:at[0]]
	if body := strings.Index(strings.ToLower(before), "<body"); body >= 0 || len(before) > 64<<10 {
		return nil, fmt.Errorf("%w but an HTML page", errNotFeed)
	}
	if junk(before) {
		x.flaws = append(x.flaws, "something stands before the feed")
	}
	x.text = text[at[0]:]
	if strings.Contains(x.text, "\uFFFD") {
		x.flaws = append(x.flaws, "bytes that are no text")
	}
	mended, amp := mendMarkup(x.text)
	if amp > 0 {
		x.flaws = append(x.flaws, "ampersands that are not escaped")
	}
	x.text = mended
	return x, nil
}

// junk reports whether something else than a declaration, instructions, comments
// and a document type stands before the root.
func junk(before string) bool {
	s := before
	for {
		s = strings.TrimSpace(s)
		end := ""
		switch {
		case s == "":
			return false
		case strings.HasPrefix(s, "<?"):
			end = "?>"
		case strings.HasPrefix(s, "<!--"):
			end = "-->"
		case docType.MatchString(s[:min(len(s), 12)]):
			if strings.Contains(s, "[") {
				end = "]>"
			} else {
				end = ">"
			}
		default:
			return true
		}
		_, rest, ok := strings.Cut(s, end)
		if !ok {
			return false
		}
		s = rest
	}
}

// mendMarkup drops characters that XML forbids, writes named HTML entities as
// characters, and escapes every ampersand that begins nothing known. Inside
// CDATA it only drops what is forbidden.
func mendMarkup(s string) (out string, stray int) {
	s = clean(s)
	var b strings.Builder
	b.Grow(len(s) + 64)
	const open, end = "<![CDATA[", "]]>"
	cdata := strings.Index(s, open) // looked for once per section: a text full of ampersands must not cost its square
	for {
		i := strings.IndexByte(s, '&')
		if cdata >= 0 && (i < 0 || cdata < i) {
			n := strings.Index(s[cdata:], end)
			if n < 0 {
				b.WriteString(s)
				return b.String(), stray
			}
			n += cdata + len(end)
			b.WriteString(s[:n])
			s = s[n:]
			cdata = strings.Index(s, open)
			continue
		}
		if i < 0 {
			b.WriteString(s)
			return b.String(), stray
		}
		b.WriteString(s[:i])
		s = s[i:]
		m := entityAt(s)
		cdata -= i + max(len(m), 1)
		switch {
		case m == "":
			b.WriteString("&amp;")
			stray++
			s = s[1:]
		case m == "&amp;" || m == "&lt;" || m == "&gt;" || m == "&quot;" || m == "&apos;":
			b.WriteString(m)
			s = s[len(m):]
		default:
			r := html.UnescapeString(m)
			if r == m { // an entity of its own: never expanded
				b.WriteString("&amp;" + m[1:])
				s = s[len(m):]
				continue
			}
			escapeText(&b, clean(r))
			s = s[len(m):]
		}
	}
}

// entityAt returns the reference that s begins with, or "".
func entityAt(s string) string {
	end := strings.IndexByte(s[:min(len(s), 34)], ';')
	if end < 2 {
		return ""
	}
	m := s[:end+1]
	if !entity.MatchString(m) {
		return ""
	}
	return m
}

func escapeText(b *strings.Builder, s string) {
	for _, r := range s {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&quot;")
		case '\'':
			b.WriteString("&apos;")
		default:
			b.WriteRune(r)
		}
	}
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// parse hands the feed to gofeed: whole when a first scan finds it sound, item by
// item when not, up to the last item before the fault when that gives more. It
// returns nil when nothing could be read; the flaws then say why.
func (x *xmlFeed) parse() (*gofeed.Feed, []string) {
	scan := scanFeed(x.text)
	text := x.text[:scan.end]
	if scan.err != nil {
		if !scan.full {
			if f := x.salvage(); f != nil && len(f.Items) >= scan.items {
				return f, append(x.flaws, fmt.Sprintf("%v: %d complete items kept", scan.err, len(f.Items)))
			}
		}
		if scan.whole == 0 {
			return nil, append(x.flaws, scan.err.Error())
		}
		text = x.text[:scan.whole] + scan.closers
		x.flaws = append(x.flaws, fmt.Sprintf("%v: %d complete items kept", scan.err, scan.items))
	}
	f, err := gofeed.NewParser().ParseString(xmlHead + text)
	if err == nil {
		return f, x.flaws
	}
	if s := x.salvage(); s != nil {
		return s, append(x.flaws, "malformed: "+line(err.Error()))
	}
	return nil, append(x.flaws, line(err.Error()))
}

// feedScan is what a first look at a feed finds.
type feedScan struct {
	end     int    // of the root element, or of the text
	whole   int    // offset after the last complete item
	closers string // end tags of what is open there
	items   int
	full    bool // there are more items than are read
	err     error
}

// scanFeed walks over the tokens of a feed without building anything and stops
// at the first thing that a parser would choke on.
func scanFeed(text string) feedScan {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.Entity = map[string]string{}
	var s feedScan
	var open []string
	elements := 0
	itemDepth := -1
	for {
		t, err := d.RawToken()
		if err != nil {
			s.end = len(text)
			switch {
			case !errors.Is(err, io.EOF):
				s.err = fmt.Errorf("malformed at byte %d", d.InputOffset())
			case len(open) > 0:
				s.err = errors.New("cut off")
			}
			return s
		}
		switch t := t.(type) {
		case xml.StartElement:
			name := rawName(t.Name)
			open = append(open, name)
			elements++
			switch {
			case len(open) > maxFeedDepth:
				s.err = errors.New("nested too deep")
			case elements > maxFeedElements:
				s.err = fmt.Errorf("more than %d elements", maxFeedElements)
			case len(t.Attr) > 1000:
				s.err = errors.New("an element with more than 1000 attributes")
			}
			if s.err != nil {
				s.end = int(d.InputOffset())
				return s
			}
			if itemDepth < 0 && (t.Name.Local == "item" || t.Name.Local == "entry") {
				itemDepth = len(open)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != rawName(t.Name) {
				s.end, s.err = len(text), fmt.Errorf("malformed at byte %d: </%s> closes nothing", d.InputOffset(), cut(rawName(t.Name), 40))
				return s
			}
			open = open[:len(open)-1]
			if itemDepth > 0 && len(open) < itemDepth {
				itemDepth = -1
				s.items++
				s.whole, s.closers = int(d.InputOffset()), closing(open)
				if s.items >= maxFeedItems {
					s.end, s.full = s.whole, true
					s.err = fmt.Errorf("more than %d items", maxFeedItems)
					return s
				}
			}
			if len(open) == 0 {
				s.end = int(d.InputOffset())
				return s
			}
		}
	}
}

func rawName(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

func closing(open []string) string {
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String()
}

// salvage reads every complete item by itself, so that a fault in one costs that
// one alone. It returns nil when there is none.
func (x *xmlFeed) salvage() *gofeed.Feed {
	head, tag := x.header()
	shell, closers := openTags(head)
	if tag == "" || shell == "" {
		return nil
	}
	out, err := gofeed.NewParser().ParseString(xmlHead + head + closers) // for the name of the feed
	if err != nil {
		out = &gofeed.Feed{}
	}
	out.Items = nil
	lost := 0
	for n, item := range x.items(len(head), tag) {
		if n >= maxFeedItems {
			break
		}
		doc := shell + item + closers
		if scan := scanFeed(doc); scan.err != nil {
			lost++
			continue
		}
		f, err := gofeed.NewParser().ParseString(xmlHead + doc)
		if err != nil {
			lost++
			continue
		}
		out.Items = append(out.Items, f.Items...)
	}
	if lost > 0 {
		x.flaws = append(x.flaws, fmt.Sprintf("%d malformed items left out", lost))
	}
	if len(out.Items) == 0 {
		return nil
	}
	return out
}

// items yields what stands between the tags of items, from a place on. One that
// was never closed is left out, not what follows it.
func (x *xmlFeed) items(from int, tag string) iter.Seq2[int, string] {
	open, end := "<"+tag, "</"+tag+">"
	return func(yield func(int, string) bool) {
		rest := x.text[from:]
		for n := 0; ; n++ {
			i := strings.Index(rest, open)
			if i < 0 {
				return
			}
			j := strings.Index(rest[i:], end)
			if j < 0 {
				return
			}
			item := rest[i : i+j+len(end)]
			rest = rest[i+j+len(end):]
			if k := strings.LastIndex(item, open); k > 0 && boundary(item[k+len(open):]) {
				item = item[k:]
			}
			if !yield(n, item) {
				return
			}
		}
	}
}

var itemTag = regexp.MustCompile(`<((?:[a-z]{1,10}:)?(?:item|entry))[\s>]`)

// header returns what stands before the first item, and the name of items.
func (x *xmlFeed) header() (head, tag string) {
	m := itemTag.FindStringSubmatchIndex(x.text)
	if m == nil {
		return "", ""
	}
	return x.text[:m[0]], x.text[m[2]:m[3]]
}

func boundary(s string) bool {
	return s != "" && strings.ContainsAny(s[:1], " \t\r\n>/")
}

// Bounds of the elements that items stand in.
const (
	maxShell      = 8 << 10 // bytes of start tags
	maxShellDepth = 16
)

// openTags returns the start tags of the elements that are open at the end of a
// header, and the end tags that close them.
func openTags(head string) (tags, closers string) {
	d := xml.NewDecoder(strings.NewReader(head))
	d.Strict = false
	var open, names []string
	for {
		at := d.InputOffset()
		t, err := d.RawToken()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) >= maxShellDepth {
				return "", ""
			}
			if tag := head[at:d.InputOffset()]; strings.HasSuffix(tag, ">") {
				open, names = append(open, tag), append(names, rawName(t.Name))
			}
		case xml.EndElement:
			if n := len(open); n > 0 {
				open, names = open[:n-1], names[:n-1]
			}
		}
	}
	if tags = strings.Join(open, ""); len(tags) > maxShell {
		return "", ""
	}
	return tags, closing(names)
}

var (
	feedLink = regexp.MustCompile(`<(?:[a-z0-9]{1,10}:)?link\b[^>]{0,1000}>`)
	relNext  = regexp.MustCompile(`\brel=["']next["']`)
	hrefAttr = regexp.MustCompile(`\bhref=["']([^"']{1,1000})["']`)
)

// next returns the next page of a paged feed (RFC 5005).
func (x *xmlFeed) next(base *url.URL) string {
	head, tag := x.header()
	if tag == "" {
		head = x.text[:min(len(x.text), 64<<10)]
	}
	for _, l := range feedLink.FindAllString(head, 50) {
		if m := hrefAttr.FindStringSubmatch(l); m != nil && relNext.MatchString(l) {
			return webURL(base, html.UnescapeString(m[1]))
		}
	}
	return ""
}
