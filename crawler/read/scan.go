package read

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxLinks bounds the links that a page gives.
const maxLinks = 2000

// block is a run of text between two block elements or line breaks, with what
// is known of its place.
type block struct {
	text    string
	node    *html.Node // the block element that it stands in
	region  region
	heading int // 1 to 6
	linked  int // bytes of text inside links
	order   int // of the node in the page
	item    bool
	form    bool
	trait   trait // of the boxes around it, up to the region's
	card    bool  // inside a link, or in a box that is mostly one link: the teaser of another page
}

// linkTag is a link element of the head.
type linkTag struct{ rel, href, kind, title string }

// timeTag is an element made to hold a date, and where it stands.
type timeTag struct {
	node   *html.Node
	region region
	trait  trait
	card   bool
	block  int // index of the block that it stands in
}

// sight is what one walk over a page sees.
type sight struct {
	url, base *url.URL
	doc       *html.Node
	body      *html.Node
	lang      string
	title     string
	metas     map[string]string   // first value of each meta name, property or itemprop, by lower-case key
	metaTags  []string            // every article:tag
	signed    map[string][]string // every value of the metas that name authors
	links     []linkTag
	refresh   string
	robots    []string
	ld        []ldNode
	blocks    []block
	times     []timeTag
	titleSeen bool // the walk has passed the title of the page
	titleAt   int  // index of the block that holds the title, or -1
	anchors   []Anchor
	anchorAt  []*html.Node
	anchorIn  []int  // indexes of the blocks that the anchors stand in
	picture   string // the first one in the middle of the page that is no icon
	h1        []*html.Node
	frames    bool
	boxes     boxReader
	weight    map[*html.Node]int // bytes of paragraph text below an element
	prose     int                // of the whole page
	elements  int
	depthSum  int
	regions   map[*html.Node]region // of elements that begin another region
	password  bool                  // a password field
	postpass  bool                  // WordPress's password form
}

// look walks over a parsed page once for its head and weights and once for its
// body.
func look(doc *html.Node, u *url.URL) *sight {
	s := &sight{url: u, base: u, doc: doc, metas: map[string]string{}, signed: map[string][]string{}, boxes: boxReader{}, weight: map[*html.Node]int{}, regions: map[*html.Node]region{}, titleAt: -1}
	s.first(doc, 0)
	s.walkBody()
	return s
}

// first reads the head, finds the headings and weighs the boxes.
func (s *sight) first(n *html.Node, depth int) int {
	if n.Type == html.ElementNode {
		s.elements++
		s.depthSum += depth
		s.readElement(n)
	}
	weight := 0
	if n.Type == html.TextNode && n.Parent != nil && !dim(n.Parent.Data) {
		if t := strings.TrimSpace(n.Data); len(t) > 40 {
			weight = len(t)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		weight += s.first(c, depth+1)
	}
	if weight > 0 && n.Type == html.ElementNode {
		s.weight[n] = weight
	}
	if n == s.body {
		s.prose = weight
	}
	return weight
}

// dim reports elements whose text does not weigh: links and what is not shown.
func dim(tag string) bool {
	switch tag {
	case "a", "script", "style", "noscript", "template", "option", "button", "textarea", "title":
		return true
	}
	return false
}

func (s *sight) readElement(n *html.Node) {
	switch n.Data {
	case "html":
		if s.lang = attr(n, "lang"); s.lang == "" {
			s.lang = attr(n, "xml:lang")
		}
	case "body", "frameset":
		if s.body == nil {
			s.body = n
		}
	case "title":
		if s.title == "" && n.Parent != nil && n.Parent.Data == "head" && n.FirstChild != nil {
			s.title = line(n.FirstChild.Data)
		}
	case "base":
		if u := parseWebURL(s.url, attr(n, "href")); u != nil && s.base == s.url {
			s.base = u
		}
	case "meta":
		s.readMeta(n)
	case "link":
		if len(s.links) < 500 && attr(n, "href") != "" {
			s.links = append(s.links, linkTag{strings.ToLower(attr(n, "rel")), attr(n, "href"), strings.ToLower(attr(n, "type")), attr(n, "title")})
		}
	case "script":
		if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && n.FirstChild != nil {
			s.ld = append(s.ld, parseLD(n.FirstChild.Data)...)
		}
	case "h1":
		s.h1 = append(s.h1, n)
	case "frame":
		s.frames = true
	case "input":
		if strings.EqualFold(attr(n, "type"), "password") {
			s.password = true
			s.postpass = s.postpass || attr(n, "name") == "post_password"
		}
	case "form":
		s.postpass = s.postpass || hasClass(n, "post-password-form") || strings.Contains(attr(n, "action"), "action=postpass")
	}
}

func (s *sight) readMeta(n *html.Node) {
	v := line(attr(n, "content"))
	if v == "" {
		return
	}
	if strings.EqualFold(attr(n, "http-equiv"), "refresh") && s.refresh == "" {
		s.refresh = v
	}
	for _, a := range [...]string{"property", "name", "itemprop"} {
		k := strings.ToLower(strings.TrimSpace(attr(n, a)))
		switch k {
		case "":
			continue
		case "robots", "googlebot":
			s.robots = append(s.robots, strings.ToLower(v))
		case "article:tag":
			if len(s.metaTags) < 100 {
				s.metaTags = append(s.metaTags, v)
			}
		}
		if slices.Contains(authorMetas, k) && len(s.signed[k]) < maxAuthors {
			s.signed[k] = append(s.signed[k], v)
		}
		if _, ok := s.metas[k]; !ok && len(s.metas) < 1000 {
			s.metas[k] = v
		}
	}
}

// meta returns the first non-empty meta value of the names.
func (s *sight) meta(names ...string) string {
	for _, n := range names {
		if v := s.metas[n]; v != "" {
			return v
		}
	}
	return ""
}

// place is the state of the walk over the body.
type place struct {
	region  region
	trait   trait
	heading int
	item    bool
	form    bool
	link    bool
	card    bool
	node    *html.Node
}

type bodyWalk struct {
	s          *sight
	text       strings.Builder
	linked     int
	order      int
	holdsTitle map[*html.Node]bool
}

func (s *sight) walkBody() {
	if s.body == nil {
		return
	}
	w := &bodyWalk{s: s, holdsTitle: map[*html.Node]bool{}}
	for _, h := range s.h1 {
		if s.titular(h) {
			for p := h; p != nil; p = p.Parent {
				w.holdsTitle[p] = true
			}
		}
	}
	at := place{node: s.body}
	w.children(s.body, &at)
	w.flush(&at)
	s.titleAt = s.findTitleBlock()
}

// findTitleBlock returns the index of the block that shows the page's title:
// the heading that the <title> repeats, or else any block that it repeats.
func (s *sight) findTitleBlock() int {
	title := key(s.title) + " " + key(s.metas["og:title"])
	plain := -1
	for i, b := range s.blocks {
		if b.region.side() || len(b.text) > 400 {
			continue
		}
		k := key(b.text)
		if len(k) < 6 {
			continue
		}
		same := strings.Contains(title, k[:min(len(k), 40)])
		if same && b.heading > 0 && b.heading < 4 && b.linked*2 < len(b.text) {
			return i
		}
		if same && plain < 0 && len(k) > 9 && b.linked*2 < len(b.text) {
			plain = i
		}
	}
	if plain >= 0 {
		return plain
	}
	for i, b := range s.blocks {
		if b.heading == 1 && !b.region.side() {
			return i
		}
	}
	return -1
}

// titular reports whether a heading says what the title of the page says.
func (s *sight) titular(h *html.Node) bool {
	k := key(textOf(h))
	if len(k) < 4 {
		return false
	}
	for _, t := range []string{s.title, s.metas["og:title"]} {
		t = key(t)
		if t != "" && (strings.Contains(t, k) || len(t) > 12 && strings.Contains(k, t)) {
			return true
		}
		if n := min(len(k), 40); t != "" && n == 40 && strings.Contains(t, k[:n]) { // SPIP cuts long titles
			return true
		}
	}
	if m := titleSeparator.FindStringIndex(s.title); m != nil { // a short title in the head, with the site's name
		t := key(s.title[:m[0]])
		return len(t) > 12 && strings.HasPrefix(k, t)
	}
	return false
}

func (w *bodyWalk) children(n *html.Node, at *place) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, at)
	}
}

func (w *bodyWalk) node(n *html.Node, at *place) {
	switch n.Type {
	case html.TextNode:
		w.text.WriteString(n.Data)
		if at.link {
			w.linked += len(strings.TrimSpace(n.Data))
		}
		return
	case html.ElementNode:
	default:
		return
	}
	w.order++
	if n.Data == "frame" || n.Data == "iframe" && w.s.frames {
		w.anchor(n, attr(n, "src"), inMain)
	}
	if n.Data == "img" {
		w.picture(n, at)
	}
	if unseen(n) {
		return
	}
	if n.Data == "br" {
		w.flush(at)
		return
	}
	in := *at
	w.enter(n, &in)
	blockish := isBlock(n.Data)
	if blockish {
		w.flush(at)
		in.node = n
	}
	w.children(n, &in)
	if blockish {
		w.flush(&in)
	}
}

// enter changes the place as an element says.
func (w *bodyWalk) enter(n *html.Node, at *place) {
	switch n.Data {
	case "a":
		if href := attr(n, "href"); href != "" {
			at.link = true
			w.anchor(n, href, at.region)
		}
		return
	case "li", "dd", "dt":
		at.item = true
	case "form":
		at.form = true
	}
	if l := headingLevel(n.Data); l > 0 {
		at.heading = l
		w.s.titleSeen = w.s.titleSeen || l == 1 && w.holdsTitle[n]
	}
	t := w.s.boxes.of(n)
	if n.Data == "time" || n.Data == "abbr" && hasAttr(n, "title") || dateProp(n) {
		if len(w.s.times) < 500 {
			w.s.times = append(w.s.times, timeTag{n, at.region, at.trait | t, at.card || at.link && n.Data != "time", len(w.s.blocks)})
		}
	}
	at.trait |= t &^ (traitNav | traitAside | traitFooter | traitPager | traitHeader | traitMain)
	if r := w.s.regionOf(n, t, at.region, w.holdsTitle[n]); r != at.region {
		at.region = r
		w.s.regions[n] = r
		if r == inMain {
			at.trait = t
		}
	}
	if n.Data == "li" || n.Data == "article" || n.Data == "div" || n.Data == "td" || n.Data == "section" {
		at.card = at.card || teaser(n)
	}
}

func (w *bodyWalk) flush(at *place) {
	if w.text.Len() == 0 {
		return
	}
	t := line(w.text.String())
	w.text.Reset()
	linked := w.linked
	w.linked = 0
	if t == "" {
		return
	}
	w.s.blocks = append(w.s.blocks, block{
		text: t, node: at.node, region: at.region, heading: at.heading, linked: linked, order: w.order,
		item: at.item, form: at.form, trait: at.trait, card: at.card,
	})
}

func (w *bodyWalk) anchor(n *html.Node, href string, r region) {
	if len(w.s.anchors) >= maxLinks {
		return
	}
	u := webURL(w.s.base, href)
	if u == "" || strings.HasPrefix(strings.TrimSpace(href), "#") {
		return
	}
	text := cut(textOf(n), 300)
	if text == "" {
		text = cut(line(attr(n, "title")), 300)
	}
	w.s.anchors = append(w.s.anchors, Anchor{URL: u, Text: text, Rel: line(attr(n, "rel")), Region: r.String()})
	w.s.anchorAt = append(w.s.anchorAt, n)
	w.s.anchorIn = append(w.s.anchorIn, len(w.s.blocks))
}
