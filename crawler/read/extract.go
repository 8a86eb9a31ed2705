package read

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"trame"
)

// maxSummary bounds a summary in bytes.
const maxSummary = 400

// Extract reads a page. It does not fail: a page that cannot be read has the
// verdict unfit and says why.
func Extract(p Page) (r Reading) {
	if p.URL == nil {
		p.URL = &url.URL{Scheme: "http", Host: "localhost", Path: "/"}
	}
	defer func() {
		if e := recover(); e != nil { // a library's fault must not end the crawl
			r = Reading{Verdict: IsUnfit, Why: fmt.Sprintf("reading it panicked: %v", e), Flagged: []string{"panic"}}
		}
	}()
	if why := unfit(p); why != "" {
		return Reading{Verdict: IsUnfit, Why: why}
	}
	text, name := decode(p.Body, p.ContentType)
	r.Charset = name
	flag := func(s string) { r.Flagged = append(r.Flagged, s) }
	if len(text) > maxHTML {
		flag("larger than 2 MiB")
		readCheaply(p, text, &r)
		return r
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		flag("deep nesting")
		readCheaply(p, text, &r)
		return r
	}
	readSight(p, look(doc, p.URL), &r, flag)
	return r
}

// unfit says why a body is no page, or "".
func unfit(p Page) string {
	if len(bytes.TrimSpace(p.Body)) == 0 {
		return "an empty answer"
	}
	ct, _, _ := strings.Cut(strings.ToLower(p.ContentType), ";")
	ct = strings.TrimSpace(ct)
	head := bytes.TrimLeft(p.Body[:min(len(p.Body), 2048)], "\xef\xbb\xbf \t\r\n")
	lower := bytes.ToLower(head)
	switch {
	case ct == "" || strings.Contains(ct, "html"):
	case ct == "text/plain" || strings.Contains(ct, "octet-stream"):
		if !bytes.HasPrefix(lower, []byte("<!doctype html")) && !bytes.HasPrefix(lower, []byte("<html")) {
			return "not HTML but " + ct
		}
	case strings.Contains(ct, "xml"):
		if !bytes.Contains(lower, []byte("<html")) {
			return "not HTML but " + ct
		}
	default:
		return "not HTML but " + cut(line(ct), 100)
	}
	for _, root := range []string{"<rss", "<feed", "<rdf:rdf", "<urlset", "<sitemapindex"} {
		if i := bytes.Index(lower, []byte(root)); i >= 0 && !bytes.Contains(lower[:i], []byte("<html")) && !bytes.Contains(lower[:i], []byte("<body")) {
			return "a feed or a sitemap"
		}
	}
	if binary(p.Body) {
		return "binary data"
	}
	return ""
}

// binary reports a body that holds more control bytes than any text does.
func binary(body []byte) bool {
	head := body[:min(len(body), sniffBytes)]
	if bytes.HasPrefix(head, []byte{0xFE, 0xFF}) || bytes.HasPrefix(head, []byte{0xFF, 0xFE}) {
		return false
	}
	if e, _ := wideWithoutMark(head); e != nil {
		return false
	}
	odd := 0
	for _, c := range head {
		if c < 9 || c > 13 && c < 32 && c != 0x1b {
			odd++
		}
	}
	return odd*20 > len(head)
}

// readSight fills a reading from a parsed page.
func readSight(p Page, s *sight, r *Reading, flag func(string)) {
	if p.Source.Kind == trame.KindList {
		s.surround()
	}
	r.Links, r.Feeds = s.anchors, s.feeds()
	r.Platform = s.platform()
	if r.Platform == "" {
		r.Platform = p.Platform
	}
	noindex, nofollow := s.refused()
	r.NoFollow = nofollow
	r.Sitename = s.sitename()
	r.Canonical = s.canonical()
	if to := s.redirect(); to != "" {
		r.Verdict, r.Why, r.Canonical = IsRedirect, "a meta refresh", to
		return
	}
	a := &r.Article
	a.Title = s.heading(p.Hint.Title)
	describe(p, s, r)
	sh := s.shape()
	sh.dated = a.PublishedFrom == trame.FromTime || a.PublishedFrom == trame.FromText
	r.Verdict, r.Why = s.judge(p, r.Platform, sh, a.Title)
	if noindex && r.Verdict != IsLocked {
		r.Verdict, r.Why = IsRefused, "meta robots says noindex"
	}
	listing := r.Verdict != IsArticle
	r.Next = s.next(listing)
	if r.Verdict == IsLocked || r.Verdict == IsUnfit {
		return
	}
	a.Text = s.joinTerms(s.text(p, a, flag))
	r.Headings = s.headings(a.Title, a.Text)
	finish(p, s, r)
	if listing && p.Source.Kind == trame.KindList {
		a.Type = trame.TypeList
	}
}

// describe fills what stands around the text.
func describe(p Page, s *sight, r *Reading) {
	a := &r.Article
	a.URL = r.Canonical
	if a.URL == "" {
		a.URL = webURL(nil, p.URL.String())
	}
	a.Type = trame.TypeArticle
	a.Country = p.Source.Country
	g := newDating(s, p.Fetched)
	a.Published, a.PublishedFrom = g.published(p)
	a.Updated = g.updated(a.Published)
	a.Authors = s.authors(p.Hint.Authors)
	sections, tags := s.filing(p.Hint, p.Source.Name)
	if len(sections) > 0 {
		a.Section = sections[0]
	}
	a.Tags = tags
	a.Image = s.image()
	a.Attachments = s.attachments()
	a.Summary = cut(s.meta("description", "og:description", "dc.description", "twitter:description"), maxSummary)
}

// finish fills what follows from the text.
func finish(p Page, s *sight, r *Reading) {
	a := &r.Article
	a.Words = wordCount(a.Text)
	a.Language = s.language(a.Text)
	if a.Summary == "" || key(a.Summary) == key(a.Title) {
		a.Summary = summary(p.Hint.Summary, a.Text)
	}
	var edit trame.Date
	if !a.Updated.IsZero() {
		edit = dayOf(a.Updated)
	}
	if e, sure := s.event(a.Published, edit); e != nil && (sure || p.Source.Kind == trame.KindEvents) {
		a.Event, a.Type = e, trame.TypeEvent
	} else if report(a, s.meta("citation_pdf_url") != "") {
		a.Type = trame.TypeReport
	}
}

// Longest notices, in words, of which a document is the main thing: of any, and
// of those whose head names it.
const (
	maxNotice      = 80
	maxNamedNotice = 400
)

// report reports whether the document that a page links to is its main thing.
// named says that the page's head gives its address (citation_pdf_url).
func report(a *trame.Article, named bool) bool {
	for _, d := range a.Attachments {
		if d.MediaType == "application/pdf" && (a.Words < maxNotice || named && a.Words < maxNamedNotice) {
			return true
		}
	}
	return false
}

// summary is the first paragraph of the text that says something, or what a feed
// says. The page comes first: a feed that is heard of later must not make another
// version of an article that has not changed.
func summary(hint, text string) string {
	for p := range strings.SplitSeq(text, "\n\n") {
		if wordCount(p) >= 12 {
			return cut(line(p), maxSummary)
		}
	}
	if h := line(hint); wordCount(h) >= 8 {
		return cut(h, maxSummary)
	}
	return cut(line(text), maxSummary)
}

// headings lists the headings inside the text, without the title.
func (s *sight) headings(title, text string) []string {
	var out []string
	k := key(title)
	text = "\n" + text + "\n"
	for _, b := range s.blocks {
		if b.heading > 1 && !b.region.side() && !b.card && b.linked*2 < len(b.text) && key(b.text) != k && strings.Contains(text, "\n"+b.text+"\n") && len(b.text) < 300 && len(out) < 100 {
			out = append(out, b.text)
		}
	}
	return out
}

// readCheaply fills a reading from a page whose tree cannot be built.
func readCheaply(p Page, text string, r *Reading) {
	s, paras := cheap(text, p.URL)
	for i, t := range paras[:min(len(paras), 2000)] {
		s.blocks = append(s.blocks, block{text: t, order: i})
	}
	s.titleAt = s.findTitleBlock()
	r.Links, r.Platform, r.Feeds = s.anchors, p.Platform, s.feeds()
	noindex, nofollow := s.refused()
	r.NoFollow, r.Canonical = nofollow, s.canonical()
	if noindex {
		r.Verdict, r.Why = IsRefused, "meta robots says noindex"
		return
	}
	a := &r.Article
	if a.Title = s.metas["h1"]; a.Title == "" {
		a.Title = s.withoutSite(s.title)
	}
	if a.Title == "" {
		a.Title = line(p.Hint.Title)
	}
	a.Title = cut(a.Title, maxTitle)
	sh := shape{prose: wordsIn(paras), bodyClass: map[string]bool{}}
	r.Verdict, r.Why = s.judge(p, r.Platform, sh, a.Title)
	a.Text = strings.Join(withoutTitle(paras, a.Title), "\n\n")
	describe(p, s, r)
	finish(p, s, r)
}
