package web

import (
	"strconv"
	"strings"
	"unicode"

	"trame"
)

// citation is a reference in the form of ISO 690 (NF ISO 690:2021), in parts,
// because the name of the source is set in italics.
type citation struct{ Before, Source, After string }

// cite writes the reference: authors, year. Title. Source [en ligne]. Date.
// Address. Day of consultation. Without authors the title comes first.
func (s *site) cite(a trame.Article, source string) citation {
	year := "s.\u00a0d."
	if !a.Published.IsZero() {
		year = strconv.Itoa(a.Published.Year)
	}
	var names []string
	for _, n := range a.Authors {
		names = append(names, inverted(n))
	}
	title := strings.TrimRight(a.Title, ". ")
	if !strings.HasSuffix(title, "?") && !strings.HasSuffix(title, "!") && !strings.HasSuffix(title, "…") {
		title += "."
	}
	c := citation{Before: title + " ", Source: source}
	if len(names) > 0 {
		c.Before = join(names) + ", " + strings.TrimRight(year, ".") + ". " + title + " "
	}
	c.After = " [en ligne]. "
	switch {
	case a.Published.Month != 0:
		c.After += longDate(a.Published) + ". "
	case len(names) == 0:
		c.After += strings.TrimRight(year, ".") + ". "
	}
	c.After += "Disponible à l’adresse\u00a0: " + a.URL + " [Consulté le " + s.day(s.Now()) + "]"
	return c
}

// inverted writes a person's name as references do, « DELVAUX, Claire ». It does
// so only where the family name is certain: two capitalised words, or a part in
// capitals. Any other name stays as it was signed.
func inverted(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || strings.ContainsAny(name, ",&()") {
		return name
	}
	first := len(words)
	for first > 0 && isCapitals(words[first-1]) {
		first--
	}
	switch {
	case first > 0 && first < len(words):
		return strings.Join(words[first:], " ") + ", " + strings.Join(words[:first], " ")
	case first == len(words) && len(words) == 2 && isName(words[0]) && isName(words[1]):
		return strings.ToUpper(words[1]) + ", " + words[0]
	}
	return name
}

// isCapitals reports whether a word of two letters or more is all capitals.
func isCapitals(w string) bool {
	return len([]rune(w)) > 1 && w == strings.ToUpper(w) && w != strings.ToLower(w)
}

// isName reports whether a word may be a given or a family name: not a word that
// names a group (« La rédaction », « Collectif Untel »).
func isName(w string) bool {
	r := []rune(w)
	if len(r) < 2 || !unicode.IsUpper(r[0]) {
		return false
	}
	switch strings.ToLower(w) {
	case "la", "le", "les", "rédaction", "équipe", "collectif", "comité", "association", "asbl", "service", "observatoire", "fédération", "revue":
		return false
	}
	return true
}

// metaTag is a <meta name content> of the head.
type metaTag struct{ Name, Content string }

// metaTags describe the original to Zotero and its like in Dublin Core: without
// a container Highwire tags would make a journal article of everything.
func metaTags(a trame.Article, source string) []metaTag {
	ts := []metaTag{{"DC.title", a.Title}, {"DC.type", zoteroType(a.Type)}}
	for _, n := range a.Authors {
		ts = append(ts, metaTag{"DC.creator", n})
	}
	if !a.Published.IsZero() {
		ts = append(ts, metaTag{"DC.date", a.Published.String()})
	}
	ts = append(ts, metaTag{"DC.source", source})
	if a.Language != "" {
		ts = append(ts, metaTag{"DC.language", a.Language})
	}
	if o := away(a.URL); o.URL != "" {
		ts = append(ts, metaTag{"DC.identifier", o.URL})
	}
	return ts
}

// zoteroType is the item type under which Zotero files a type of ours.
func zoteroType(t string) string {
	switch t {
	case trame.TypeReport:
		return "report"
	case trame.TypeEvent, trame.TypeList:
		return "webpage"
	}
	return "newspaperArticle"
}

// linkedData says in JSON-LD that this page is about an article elsewhere.
func linkedData(a trame.Article, source string) map[string]any {
	kind := map[string]string{trame.TypeReport: "Report", trame.TypeEvent: "WebPage", trame.TypeList: "CollectionPage"}[a.Type]
	if kind == "" {
		kind = "Article"
	}
	about := map[string]any{
		"@type": kind, "headline": a.Title,
		"publisher": map[string]any{"@type": "Organization", "name": source},
	}
	if o := away(a.URL); o.URL != "" {
		about["url"] = o.URL
	}
	if !a.Published.IsZero() {
		about["datePublished"] = a.Published.String()
	}
	if a.Language != "" {
		about["inLanguage"] = a.Language
	}
	var people []any
	for _, n := range a.Authors {
		people = append(people, map[string]any{"@type": "Person", "name": n})
	}
	if people != nil {
		about["author"] = people
	}
	return map[string]any{"@context": "https://schema.org", "@type": "WebPage", "name": a.Title, "mainEntity": about}
}
