package web

import (
	"cmp"
	"strings"

	"trame"
)

// hit is an article in a list.
type hit struct {
	ID, URL     string
	Title       trame.Markup
	PlainTitle  string
	Source      string
	SourceURL   string
	Country     string // code
	CountryName string
	Date        string // empty where an event's own dates say it
	DateISO     string // empty when unknown
	Minutes     int
	Type        string // only where it is not an ordinary article
	Authors     string
	When        string // of an event
	Snippet     trame.Markup
	Missing     string // words of the search that the article lacks
	Themes      []link
	Away        outside
	Gone        bool
}

func (s *site) hits(items []trame.Hit, q trame.Query) []hit {
	hs := make([]hit, len(items))
	for i, it := range items {
		hs[i] = s.hit(it, q)
	}
	return hs
}

func (s *site) hit(it trame.Hit, q trame.Query) hit {
	h := hit{
		ID: it.ID, URL: articleURL(it.ID, q),
		Title: it.TitleMarked, PlainTitle: cmp.Or(it.Article.Title, "Sans titre"),
		Source: cmp.Or(it.SourceName, it.Source), SourceURL: searchURL(trame.Query{Sources: []string{it.Source}}),
		Country: it.Country, CountryName: countryName(it.Country),
		Date: shortDate(it.Published), DateISO: it.Published.String(),
		Minutes: minutes(it.Words), Authors: join(it.Authors),
		Snippet: it.Snippet, Missing: strings.Join(it.Missing, ", "), Away: away(it.Article.URL), Gone: it.Gone,
	}
	if h.Title == "" {
		h.Title = plain(h.PlainTitle)
	}
	if h.Snippet == "" {
		h.Snippet = plain(shorten(it.Summary, 240))
	}
	if it.Type != trame.TypeArticle {
		h.Type = typeName(it.Type)
	}
	if it.Event != nil {
		if h.When = when(it.Event); len(it.Event.Dates) > 0 && it.Published.IsZero() {
			h.Date = ""
		}
	}
	for _, id := range it.Article.Themes {
		h.Themes = append(h.Themes, link{s.themes.name(id), searchURL(trame.Query{Themes: []string{id}})})
	}
	return h
}

// when says when and where something takes place: « 15 nov. et 2 déc. 2022, Namur ».
func when(e *trame.Event) string {
	var days []string
	for i, d := range e.Dates {
		if i == 4 && len(e.Dates) > 5 {
			days = append(days, count(len(e.Dates)-i, "autre date"))
			break
		}
		days = append(days, shortDate(d))
	}
	text := join(days)
	if e.Place != "" && text != "" {
		text += ", "
	}
	return text + e.Place
}
