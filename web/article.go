package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"trame"
	"trame/archive"
)

// articlePage is /a/{id}: the way to the original first, then what the archive
// knows of it.
type articlePage struct {
	frame
	Back        string // the result page that led here, or empty
	Asked       string
	Heading     string
	Source      string
	SourceURL   string
	Country     string
	CountryName string
	Date        string
	DateISO     string
	Minutes     int
	Type        string
	Authors     string
	Away        outside
	Verb        string // what a reader does there: « Lire l’article »
	Verified    string // the day on which the original was last seen
	Gone        bool
	Extract     []trame.Markup // paragraphs
	Whole       bool           // the extract is the whole text
	Passages    *passages
	Event       []row
	Attachments []document
	AlsoAt      []outside
	ListedBy    []outside
	Versions    []string
	Citation    citation
	Themes      []articleTheme
	Relatives   []relative
	Record      []row
	Meta        []metaTag
	LD          map[string]any // JSON-LD
	CiteAs      string         // the original's address
}

// row is a line of a record.
type row struct{ Term, Value, URL string }

// document is an attachment as the page shows it.
type document struct {
	Title, Detail string
	Away          outside
}

func (s *site) article(c *gin.Context) error {
	id := c.Param("id")
	if !trame.ValidID(id) {
		return trame.ErrNotFound
	}
	ctx, stop := context.WithTimeout(c.Request.Context(), searchTime)
	defer stop()
	a, err := s.archive.Article(ctx, id)
	if err != nil {
		return err
	}
	q, err := parseQuery(c.Request.URL.Query())
	if err != nil { // a spoilt way back does not hide the article
		q = trame.Query{}
	}
	if a.ID != id {
		c.Redirect(http.StatusMovedPermanently, articleURL(a.ID, q))
		return nil
	}
	src, err := s.archive.Source(ctx, a.Source)
	if err != nil && !errors.Is(err, trame.ErrNotFound) {
		return err
	}
	versions, err := s.archive.Versions(ctx, id)
	if err != nil && !errors.Is(err, trame.ErrNotFound) {
		return err
	}
	p := s.articlePage(a, src.Source, versions, q)
	p.Relatives = s.relatives(ctx, a.ID, q)
	return s.render(c, http.StatusOK, "article", p)
}

// relative is an article like the one of the page.
type relative struct {
	hit
	Reason string
}

// Limits of what a page says of other articles.
const (
	maxRelatives = 5
	relativeTime = 2 * time.Second
)

// relatives never fails: the page is about the article itself.
func (s *site) relatives(ctx context.Context, id string, q trame.Query) []relative {
	ctx, stop := context.WithTimeout(ctx, relativeTime)
	defer stop()
	found, err := s.search.Similar(ctx, id, maxRelatives)
	if err != nil {
		if !errors.Is(err, trame.ErrNotFound) && ctx.Err() == nil { // not indexed yet, or the reader has left
			s.Log.Warn("find articles like one", "article", id, "err", err)
		}
		return nil
	}
	var rs []relative
	for _, r := range found {
		rs = append(rs, relative{s.hit(r.Hit, q), r.Reason})
	}
	return rs
}

func (s *site) articlePage(a trame.Article, src trame.Source, versions []archive.Version, q trame.Query) *articlePage {
	title := cmp.Or(a.Title, "Sans titre")
	source := cmp.Or(a.SourceName, src.Name, a.Source)
	p := &articlePage{
		frame: s.frame(title+" — "+source, ""), Heading: title, Asked: q.Text,
		Source: source, SourceURL: searchURL(trame.Query{Sources: []string{a.Source}}),
		Country: a.Country, CountryName: countryName(a.Country),
		Date: longDate(a.Published), DateISO: a.Published.String(), Minutes: minutes(a.Words),
		Authors: join(a.Authors), Away: away(a.URL), Verified: s.day(a.LastSeen), Gone: a.Gone,
		Whole:  src.Text == "full" && a.Text != "",
		Themes: s.articleThemes(a), Event: eventRows(a.Event), Attachments: documents(a.Attachments),
		AlsoAt: places(a.AlsoAt), ListedBy: places(a.ListedBy), Versions: s.versionLines(versions),
		Citation: s.cite(a, source), Record: s.record(a),
		Meta: metaTags(a, source), LD: linkedData(a, source),
	}
	p.Verb = "Lire l’article"
	if a.Type != trame.TypeArticle {
		p.Type = typeName(a.Type)
	}
	if a.Event != nil && len(a.Event.Dates) > 0 && a.Published.IsZero() {
		p.Date = ""
	}
	switch a.Type {
	case trame.TypeEvent:
		p.Verb = "Voir l’annonce"
	case trame.TypeReport:
		p.Verb = "Lire le document"
	case trame.TypeList:
		p.Verb = "Ouvrir la liste"
	}
	p.CiteAs = p.Away.URL
	p.Description = source
	if !a.Published.IsZero() {
		p.Description += ", " + longDate(a.Published)
	}
	p.Description += ". " + shorten(extract(a), 160)
	if s.BaseURL != "" {
		p.Canonical = s.BaseURL + "/a/" + a.ID
	}
	if p.Whole {
		p.Extract = markParagraphs(paragraphs(a.Text), q)
	} else if x := extract(a); x != "" {
		p.Extract = []trame.Markup{plain(x)}
		p.Passages = findPassages(a, q)
	}
	if searchURL(q) != "/recherche" {
		p.Back, p.NoIndex = searchURL(q), true
		p.Box = q.Text
	}
	return p
}

// extractLength is what a reader is shown of a text that is not ours to publish,
// in characters: a very short extract, as directive (EU) 2019/790 art. 15 spares.
const extractLength = 400

// extract is the summary of an article, or its beginning.
func extract(a trame.Article) string {
	if a.Summary != "" {
		return shorten(a.Summary, extractLength)
	}
	first, _, _ := strings.Cut(strings.TrimSpace(a.Text), "\n\n")
	return shorten(first, extractLength)
}

// shorten cuts text at a word so that it has at most n characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > 0 && r[n-1] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.–-") + "…"
}

func paragraphs(text string) []string {
	var ps []string
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}

func eventRows(e *trame.Event) []row {
	if e == nil {
		return nil
	}
	var days []string
	for _, d := range e.Dates {
		days = append(days, longDate(d))
	}
	return filled(row{Term: "Dates", Value: join(days)}, row{Term: "Horaire", Value: e.Time}, row{Term: "Lieu", Value: e.Place},
		row{Term: "Prix", Value: e.Price}, row{Term: "Organisation", Value: e.Organizer})
}

// filled leaves out the rows without a value.
func filled(rows ...row) []row {
	var rs []row
	for _, r := range rows {
		if r.Value != "" {
			rs = append(rs, r)
		}
	}
	return rs
}

func documents(as []trame.Attachment) []document {
	var ds []document
	for _, a := range as {
		d := document{Title: cmp.Or(a.Title, a.URL), Away: away(a.URL)}
		var details []string
		switch {
		case a.MediaType == "application/pdf":
			details = append(details, "PDF")
		case a.MediaType != "":
			details = append(details, a.MediaType)
		}
		if a.Pages > 0 {
			details = append(details, count(a.Pages, "page"))
		}
		d.Detail = strings.Join(details, ", ")
		ds = append(ds, d)
	}
	return ds
}

func places(ps []trame.Place) []outside {
	var os []outside
	for _, p := range ps {
		os = append(os, away(p.URL))
	}
	return os
}

// versionLines name the states that readers could see, latest first; a single
// one is not worth a line.
func (s *site) versionLines(vs []archive.Version) []string {
	if len(vs) < 2 {
		return nil
	}
	var ls []string
	for i := len(vs) - 1; i >= 0; i-- {
		what := "modifié"
		switch {
		case i == 0:
			what = "première lecture"
		case vs[i].Article.Gone && !vs[i-1].Article.Gone:
			what = "page disparue"
		case !vs[i].Article.Gone && vs[i-1].Article.Gone:
			what = "page revenue"
		case vs[i].Article.Title != vs[i-1].Article.Title:
			what = fmt.Sprintf("titre modifié (avant : «\u00a0%s\u00a0»)", shorten(vs[i-1].Article.Title, 120))
		}
		ls = append(ls, s.dayTime(vs[i].Seen)+" — "+what)
		if len(ls) == 12 {
			break
		}
	}
	return ls
}

func (s *site) record(a trame.Article) []row {
	words := ""
	if a.Words > 0 {
		words = count(a.Words, "mot")
	}
	language := ""
	if a.Language != "" {
		language = languageName(a.Language)
	}
	at := "/a/" + a.ID
	shown := at
	if _, host, ok := strings.Cut(s.BaseURL, "://"); ok {
		shown = host + at
	}
	return filled(
		row{Term: "Type", Value: typeName(a.Type)},
		row{Term: "Langue", Value: language},
		row{Term: "Longueur", Value: words},
		row{Term: "Date", Value: dateFrom(a.PublishedFrom)},
		row{Term: "Rubrique", Value: a.Section},
		row{Term: "Mots-clés", Value: strings.Join(a.Tags, ", ")},
		row{Term: "Repéré", Value: s.dayTime(a.FirstSeen)},
		row{Term: "Adresse", Value: shown, URL: at},
	)
}
