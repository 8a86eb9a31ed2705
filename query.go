package trame

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a query's URL form.
const (
	MaxFilterValues = 50  // of one filter
	MaxFilterBytes  = 200 // of one value
	MaxCursorBytes  = 2000
	MinAsOfYear     = 2000
	MaxAsOfYear     = 2099
)

// ParseQuery reads the URL form of a query: q, theme, source, country, type,
// author, language (these six repeatable), from, to, sort, page or cursor, per_page,
// facets (a list parted by commas, or repeated), as_of (a moment of RFC 3339, or a
// date: its end in UTC), twins, strict and explain (on or 1). Of those that are not
// repeatable the first counts. Empty values and unknown names are left out. A bad
// value gives a [*QueryError] whose Field is the name.
func ParseQuery(v url.Values) (Query, error) {
	var q Query
	r := queryReader{v: v}
	q.Text = r.text()
	q.Themes = r.filter("theme", asWritten)
	q.Sources = r.filter("source", asWritten)
	q.Countries = r.filter("country", country)
	q.Types = r.filter("type", articleType)
	q.Authors = r.filter("author", asWritten)
	q.Languages = r.filter("language", language)
	q.From = r.date("from")
	q.To = r.date("to")
	q.Sort = r.sort()
	q.PerPage = r.number("per_page", DefaultPerPage, MaxPerPage, "Le nombre de résultats par page est de 1 à %d.")
	q.Page = r.number("page", 1, MaxResultDepth/q.Size(), "Seules les pages 1 à %d peuvent être montrées : précisez la recherche ou choisissez des dates.")
	q.Cursor = r.cursor()
	q.Facets = r.facets()
	q.AsOf = r.moment("as_of")
	q.Twins = r.flag("twins")
	q.Strict = r.flag("strict")
	q.Explain = r.flag("explain")
	if !q.From.IsZero() && !q.To.IsZero() && q.From.Number() > q.To.Last().Number() {
		r.fail("to", "La période finit (%s) avant de commencer (%s).", q.To, q.From)
	}
	if r.err != nil {
		return Query{}, r.err
	}
	return q, nil
}

// queryReader keeps the first error.
type queryReader struct {
	v   url.Values
	err error
}

func (r *queryReader) fail(field, format string, args ...any) {
	if r.err == nil {
		r.err = &QueryError{Field: field, Msg: fmt.Sprintf(format, args...)}
	}
}

func (r *queryReader) first(name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(r.v.Get(name), " "))
}

// text parses the text as it came, so that an error points into it.
func (r *queryReader) text() string {
	if _, err := (Query{Text: r.v.Get("q")}).Expr(); err != nil {
		if r.err == nil {
			r.err = err
		}
		return ""
	}
	return r.first("q")
}

// Expr parses the text of a query within its limits.
func (q Query) Expr() (Expr, error) {
	if err := checkLength(q.Text); err != nil {
		return nil, err
	}
	return newExprParser(q.Text, MaxQueryTerms).parse()
}

// checkLength counts characters, as people do and as a search box does; the limit
// in bytes is for texts that nobody writes.
func checkLength(text string) error {
	at := border(text, MaxQueryBytes)
	if len(text) <= MaxQueryBytes && utf8.RuneCountInString(text) <= MaxQueryLength {
		return nil
	}
	n := 0
	for i := range text[:at] {
		if n == MaxQueryLength {
			at = i
			break
		}
		n++
	}
	return &QueryError{Field: "q", At: at, Msg: fmt.Sprintf("La recherche est trop longue : %d caractères au plus.", MaxQueryLength)}
}

func (r *queryReader) filter(name string, normal func(string) (string, string)) []string {
	var values []string
	for _, s := range r.v[name] {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if len(s) > MaxFilterBytes || strings.ContainsFunc(s, unicode.IsControl) || strings.ToValidUTF8(s, "") != s {
			r.fail(name, "Le filtre « %s » a une valeur trop longue ou illisible.", name)
			return nil
		}
		s, wrong := normal(s)
		if wrong != "" {
			r.fail(name, "%s", wrong)
			return nil
		}
		if !slices.Contains(values, s) {
			values = append(values, s)
		}
		if len(values) > MaxFilterValues {
			r.fail(name, "Le filtre « %s » a trop de valeurs : %d au plus.", name, MaxFilterValues)
			return nil
		}
	}
	return values
}

// These return the normal form of a filter's value, or what is wrong with it.

func asWritten(s string) (string, string) { return s, "" }

func country(s string) (string, string) {
	s = strings.ToUpper(s)
	if len(s) != 2 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", fmt.Sprintf("Le pays « %s » n’est pas compris. Écrivez deux lettres, par exemple BE ou FR.", shorten(s, 20))
	}
	return s, ""
}

func articleType(s string) (string, string) {
	s = fieldValue(FieldType, s)
	if !slices.Contains([]string{TypeArticle, TypeEvent, TypeReport, TypeList}, s) {
		return "", fmt.Sprintf("Le type « %s » n’existe pas. Choisissez article, event, report ou list.", shorten(s, 20))
	}
	return s, ""
}

func language(s string) (string, string) {
	s = strings.ToLower(s)
	if len(s) > 35 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return "", fmt.Sprintf("La langue « %s » n’est pas comprise. Écrivez par exemple fr ou nl.", shorten(s, 20))
	}
	return s, ""
}

func (r *queryReader) date(name string) Date {
	s := r.first(name)
	d, err := ParseDate(s)
	if err != nil {
		r.fail(name, "La date « %s » n’est pas comprise. Écrivez 2015, 2015-04 ou 2015-04-05.", shorten(s, 20))
	}
	return d
}

func (r *queryReader) sort() Sort {
	s := Sort(r.first("sort"))
	switch s {
	case "", SortRelevance, SortNewest, SortOldest:
		return s
	}
	r.fail("sort", "Le tri « %s » n’existe pas. Choisissez relevance, newest ou oldest.", shorten(string(s), 20))
	return ""
}

// number reads a number from 1 to limit; the usual one is given back as 0.
func (r *queryReader) number(name string, usual, limit int, wrong string) int {
	s := r.first(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > limit {
		r.fail(name, wrong, limit)
		return 0
	}
	if n == usual {
		return 0
	}
	return n
}

// cursor reads a place in a list of results, which only the engine understands.
func (r *queryReader) cursor() string {
	s := r.v.Get("cursor")
	const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	switch {
	case s == "":
	case len(s) > MaxCursorBytes || strings.Trim(s, signs) != "":
		r.fail("cursor", "Le curseur n’est pas compris. Reprenez tel quel celui de la réponse précédente, ou recommencez sans « cursor ».")
	case r.first("page") != "":
		r.fail("cursor", "« cursor » et « page » s’excluent. Gardez « cursor » pour continuer une liste, ou « page » pour une page numérotée.")
	default:
		return s
	}
	return ""
}

// moment reads a moment to the second, or the end of a date, both in UTC. A plus
// that was not encoded has become a space.
func (r *queryReader) moment(name string) time.Time {
	s := r.first(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, strings.ToUpper(strings.Replace(s, " ", "+", 1)))
	if d, notDate := ParseDate(s); notDate == nil {
		d = d.Last()
		t, err = time.Date(d.Year, d.Month, d.Day, 23, 59, 59, 0, time.UTC), nil
	}
	t = t.UTC().Truncate(time.Second)
	if err != nil {
		r.fail(name, "Le moment « %s » n’est pas compris. Écrivez 2026-11-25 ou 2026-11-25T10:30:00Z.", shorten(s, 40))
		return time.Time{}
	}
	if t.Year() < MinAsOfYear || t.Year() > MaxAsOfYear {
		r.fail(name, "Le moment « %s » est hors de portée : les années vont de %d à %d.", shorten(s, 40), MinAsOfYear, MaxAsOfYear)
		return time.Time{}
	}
	return t
}

func (r *queryReader) flag(name string) bool {
	switch s := strings.ToLower(r.first(name)); s {
	case "on", "1", "true":
		return true
	case "", "off", "0", "false":
	default:
		r.fail(name, "« %s=%s » n’est pas compris. Écrivez %s=on, ou rien.", name, shorten(s, 20), name)
	}
	return false
}

func (r *queryReader) facets() []string {
	var names []string
	for _, list := range r.v["facets"] {
		for name := range strings.SplitSeq(list, ",") {
			name = strings.TrimSpace(name)
			if name == "" || slices.Contains(names, name) {
				continue
			}
			if !slices.Contains(FacetNames, name) {
				r.fail("facets", "La facette « %s » n’existe pas. Choisissez parmi %s.", shorten(name, 20), strings.Join(FacetNames, ", "))
				return nil
			}
			names = append(names, name)
		}
	}
	return names
}

// Values returns the URL form that [ParseQuery] reads. What is usual is left out.
func (q Query) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	for name, values := range q.filters() {
		if len(*values) > 0 {
			v[name] = slices.Clone(*values)
		}
	}
	set("from", q.From.String())
	set("to", q.To.String())
	set("sort", string(q.Sort))
	set("cursor", q.Cursor)
	if q.Number() != 1 && q.Cursor == "" {
		set("page", strconv.Itoa(q.Page))
	}
	if q.Size() != DefaultPerPage {
		set("per_page", strconv.Itoa(q.PerPage))
	}
	set("facets", strings.Join(q.Facets, ","))
	if !q.AsOf.IsZero() {
		set("as_of", q.AsOf.UTC().Format(time.RFC3339))
	}
	if q.Twins {
		set("twins", "on")
	}
	if q.Strict {
		set("strict", "on")
	}
	if q.Explain {
		set("explain", "1")
	}
	return v
}

// Number returns the number of the page, from 1.
func (q Query) Number() int { return max(q.Page, 1) }

// Size returns how many results make a page.
func (q Query) Size() int {
	if q.PerPage <= 0 {
		return DefaultPerPage
	}
	return q.PerPage
}

// Order returns the order of results where the query leaves it open.
func (q Query) Order() Sort {
	switch {
	case q.Sort != "":
		return q.Sort
	case strings.TrimSpace(q.Text) == "":
		return SortNewest
	}
	return SortRelevance
}

// filters returns the filters by their names in the URL form, which are those of
// the facets.
func (q *Query) filters() map[string]*[]string {
	return map[string]*[]string{
		"theme": &q.Themes, "source": &q.Sources, "country": &q.Countries,
		"type": &q.Types, "author": &q.Authors, "language": &q.Languages,
	}
}

// Filter returns the values that a facet is narrowed to. For year and month it
// is the one that From and To span exactly, if any.
func (q Query) Filter(facet string) []string {
	if values, ok := q.filters()[facet]; ok {
		return *values
	}
	if (facet == "year" || facet == "month") && !q.From.IsZero() && q.From == q.To && q.From.Precision() == facet {
		return []string{q.From.String()}
	}
	return nil
}

// Toggle returns the query narrowed to a value of a facet, or no longer narrowed
// to it, on its first page.
func (q Query) Toggle(facet, value string) Query {
	q = q.At(1)
	if values, ok := q.filters()[facet]; ok {
		if i := slices.Index(*values, value); i >= 0 {
			*values = slices.Delete(slices.Clone(*values), i, i+1)
		} else {
			*values = append(slices.Clone(*values), value)
		}
		if len(*values) == 0 {
			*values = nil
		}
		return q
	}
	if facet == "year" || facet == "month" {
		d, err := ParseDate(value)
		if err != nil || slices.Contains(q.Filter(facet), value) {
			d = Date{}
		}
		q.From, q.To = d, d
	}
	return q
}

// At returns the query at a page; a cursor is left out.
func (q Query) At(page int) Query {
	q.Page, q.Cursor = page, ""
	if page == 1 {
		q.Page = 0
	}
	return q
}
