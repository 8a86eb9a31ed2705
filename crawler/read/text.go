package read

import (
	"net/url"
	"strings"

	trafilatura "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"trame"
)

// Bounds on what a general extractor is given: it takes no context and grows
// faster than its input (faults.md M6). Past them the page's own blocks are the
// text.
const (
	maxHTML     = 2 << 20   // bytes
	maxElements = 12_000    // of a page
	maxDepthSum = 1_200_000 // elements × depth
	maxText     = 2 << 20   // bytes of text kept
)

// body returns the text of the article, paragraphs parted by blank lines, and
// the nodes that it was taken from (nil when it was taken from the feed).
func (s *sight) text(p Page, a *trame.Article, flag func(string)) string {
	s.prune()
	paras := s.spipText()
	if paras == nil {
		paras = s.general(p.URL, a.Title, flag)
	}
	if paras == nil || wordsIn(paras) < 25 {
		if own := s.ownText(); wordsIn(own) > wordsIn(paras) {
			paras = own
		}
	}
	paras = withoutTitle(paras, a.Title)
	if p.Hint.Content != "" {
		if fed := fedText(p.Hint.Content, s.base); missing(fed, paras) {
			paras = fed
		}
	}
	paras = withoutHeading(withoutEchoes(paras, a.Title), a.Title)
	paras = withoutLabels(paras, a.Authors, a.Tags)
	return cut(strings.Join(paras, "\n\n"), maxText)
}

// prune takes out of the page what is never the text of an article. It never
// takes what holds the title or most of the prose.
func (s *sight) prune() {
	if s.body == nil {
		return
	}
	holds := map[*html.Node]bool{}
	for _, h := range s.h1 {
		if s.titular(h) {
			for p := h; p != nil; p = p.Parent {
				holds[p] = true
			}
		}
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.ElementNode && !holds[c] && s.junk(c) {
				n.RemoveChild(c)
			} else if c.Type == html.CommentNode {
				n.RemoveChild(c)
			} else {
				walk(c)
			}
			c = next
		}
	}
	walk(s.body)
}

func (s *sight) junk(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "noscript", "template", "iframe", "form", "button", "svg":
		return n.Data != "form" || s.prose == 0 || s.weight[n]*2 < s.prose // ASP.NET wraps whole pages in a form
	}
	if s.prose > 0 && s.weight[n]*10 > s.prose*4 {
		return false
	}
	r, begins := s.regions[n]
	if begins && (r == inNav || r == inFooter || r == inHeader || r == inPager) {
		return true
	}
	t := s.boxes.of(n)
	if t&(traitJunk|traitCrumbs) != 0 || begins && r == inAside {
		return true
	}
	if s.practical(n) {
		return true
	}
	if (n.Data == "p" || n.Data == "div" || n.Data == "h2" || n.Data == "h3" || n.Data == "h4") && s.weight[n] < 200 {
		return boilerLine(n)
	}
	return false
}

// practical reports the box beside an announcement that holds its price, place and
// hours: they have fields of their own.
func (s *sight) practical(n *html.Node) bool {
	marked := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && s.boxes.of(c)&traitEvent != 0 {
			marked++
		}
	}
	return marked > 1 && s.weight[n]*4 < s.prose
}

// boilerLine reports a short box that says what every page of a site says.
func boilerLine(n *html.Node) bool {
	return n.FirstChild != nil && boilerplate(textOf(n))
}

// boilerplate reports a line that belongs to the site and not to the text.
func boilerplate(t string) bool {
	if len(t) > 160 {
		return false
	}
	f := strings.TrimLeft(fold(t), " >»«-–|•←→↑[(")
	for _, w := range [...]string{"vous etes ici", "you are here", "retour au sommaire", "retour a la liste", "retour a l'accueil", "haut de page", "retour en haut", "imprimer cet article", "partager cet article",
		"partagez cette", "partagez cet", "lire aussi", "a lire aussi", "voir aussi :", "dans la meme rubrique", "sur le meme sujet", "pour recevoir la newsletter", "inscrivez-vous a notre", "article precedent",
		"article suivant", "copyright ", "tous droits reserves", "powered by", "propulse par"} {
		if strings.HasPrefix(f, w) {
			return true
		}
	}
	return false
}

// spipText returns the parts of a SPIP article in order (chapo, texte, ps, notes),
// for general extractors drop the chapo; nil where the page has no such boxes.
func (s *sight) spipText() []string {
	var boxes []*html.Node
	main := false
	spip := false
	if s.body == nil {
		return nil
	}
	visit(s.body, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return true
		}
		if hasClass(n, "spip", "spip_documents", "surlignable", "spip_in") || strings.HasPrefix(attr(n, "class"), "spip_") {
			spip = true
		}
		if n.Data != "div" && n.Data != "section" && n.Data != "p" {
			return true
		}
		if hasClass(n, "chapo", "texte", "ps", "soustitre", "descriptif", "notes", "accroche", "chapeau", "lien") && !hasClass(n, "menu") {
			if !hasClass(n, "lien", "descriptif") {
				boxes = append(boxes, n)
				main = main || hasClass(n, "texte")
			}
			return false
		}
		return true
	})
	if !main || !spip && s.platform() != "spip" {
		return nil
	}
	var out []string
	for _, b := range boxes {
		out = append(out, paragraphs(b)...)
	}
	if wordsIn(out) < 10 {
		return nil
	}
	return out
}

// general asks go-trafilatura, which asks readability and dom-distiller in turn,
// where the article stands, and takes it from the page itself. nil means that it
// found nothing or that the page is too much for it.
func (s *sight) general(u *url.URL, title string, flag func(string)) (out []string) {
	if s.elements > maxElements || s.depthSum > maxDepthSum {
		flag("too complex for the general extractor")
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			flag("the general extractor panicked")
			out = nil
		}
	}()
	res, err := trafilatura.ExtractDocument(s.doc, trafilatura.Options{
		OriginalURL: u, EnableFallback: true, ExcludeComments: true, HtmlDateMode: trafilatura.Disabled,
	})
	if err != nil || res == nil || res.ContentNode == nil {
		return nil
	}
	found := withoutEchoes(paragraphs(res.ContentNode), title)
	if whole := s.fill(found); whole != nil {
		return whole
	}
	return found
}

// ownText returns the blocks of the page's middle: what is left when the boxes
// of the site and lists of links are taken away.
func (s *sight) ownText() []string {
	var out []string
	size := 0
	for _, b := range s.blocks {
		if b.region.side() || b.card || b.form || b.trait&(traitJunk|traitMeta|traitTags) != 0 || b.linked*2 > len(b.text) {
			continue
		}
		out = append(out, b.text)
		if size += len(b.text); size > maxText {
			break
		}
	}
	return out
}

func wordsIn(paras []string) int {
	n := 0
	for _, p := range paras {
		n += wordCount(p)
	}
	return n
}

// withoutTitle drops the title and the line that signs and dates the text, which
// have fields of their own, and whatever stood before them.
func withoutTitle(paras []string, title string) []string {
	k := key(title)
	for i := 0; i < len(paras) && i < 40 && k != ""; i++ {
		if before := wordsIn(paras[:i]); key(paras[i]) == k && before <= 60 && before*2 <= wordsIn(paras[i+1:]) {
			paras = paras[i+1:]
			break
		}
	}
	for n := 0; n < 3 && len(paras) > 1 && signature(paras[0]); n++ {
		paras = paras[1:]
	}
	return paras
}

// signature reports a short line that signs or dates: « par Louis Ferrand, le 22
// août 2019 ».
func signature(p string) bool {
	if wordCount(p) > 16 || strings.ContainsAny(p[len(p)-1:], "!?:") {
		return false
	}
	f := fold(p)
	if strings.HasPrefix(f, "par ") && byName.MatchString(p) {
		return true
	}
	found := findDates(p)
	return len(found) == 1 && !busy(p) && (publishedBefore.MatchString(fold(p[:found[0].start])) || signed(p, found[0]))
}

// fedText returns the text of a feed's content.
func fedText(content string, base *url.URL) []string {
	if len(content) > maxHTML {
		return nil
	}
	doc, err := html.Parse(strings.NewReader(content))
	if err != nil {
		return nil
	}
	s := look(doc, base)
	s.prune()
	return paragraphs(s.body)
}

// missing reports whether the whole text that a feed carries is missing from
// what was taken from the page, so that the feed knows better. A feed that breaks
// off in the middle does not.
func missing(fed, paras []string) bool {
	if len(fed) == 0 || wordsIn(fed) < 60 {
		return false
	}
	last := strings.TrimRight(fed[len(fed)-1], " )]»\u00a0")
	if strings.HasSuffix(last, "…") || strings.HasSuffix(last, "[...") || strings.HasSuffix(last, "(...") || strings.Contains(fold(last), "lire la suite") {
		return false
	}
	have := key(strings.Join(paras, " "))
	lost, total := 0, 0
	for _, f := range fed {
		k := key(f)
		total += len(k)
		if !strings.Contains(have, k) {
			lost += len(k)
		}
	}
	return lost*4 > total
}
