package trame

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fields are the names of fields that readers may write, without accents.
var fields = map[string]string{
	"titre": FieldTitle, "title": FieldTitle, "intitle": FieldTitle,
	"auteur": FieldAuthor, "auteure": FieldAuthor, "autrice": FieldAuthor, "author": FieldAuthor, "par": FieldAuthor,
	"source": FieldSource, "site": FieldSource,
	"theme": FieldTheme, "type": FieldType,
	"pays": FieldCountry, "country": FieldCountry,
	"date": FieldDate, "annee": FieldDate, "year": FieldDate,
}

var fieldExample = map[string]string{
	FieldTitle: "titre:logement", FieldAuthor: `auteur:"Jeanne Dupont"`, FieldSource: "source:rtbf", FieldTheme: "theme:logement",
	FieldType: "type:event", FieldCountry: "pays:BE", FieldDate: "date:2015",
}

// isKeyword reports whether a field holds identifiers, not words.
func isKeyword(field string) bool {
	switch field {
	case FieldSource, FieldTheme, FieldType, FieldCountry:
		return true
	}
	return false
}

// plain takes the accents off the names of fields, composed or not.
var plain = strings.NewReplacer("è", "e", "é", "e", "ê", "e", "\u0300", "", "\u0301", "")

func plainName(s string) string { return plain.Replace(strings.ToLower(s)) }

// fieldAt returns the field named at the beginning of s and the length of its
// name with the colon, or 0.
func fieldAt(s string) (string, int) {
	i := strings.IndexByte(s[:min(len(s), 16)], ':')
	if i <= 0 {
		return "", 0
	}
	field, ok := fields[plainName(s[:i])]
	if !ok {
		return "", 0
	}
	return field, i + 1
}

// typeNames are the French names of types of article.
var typeNames = map[string]string{
	"evenement": TypeEvent, "evenements": TypeEvent, "formation": TypeEvent, "formations": TypeEvent, "agenda": TypeEvent, "rapport": TypeReport, "rapports": TypeReport,
	"liste": TypeList, "listes": TypeList, "articles": TypeArticle, "events": TypeEvent, "reports": TypeReport, "lists": TypeList,
}

// countryNames are the countries whose names readers write for their codes.
var countryNames = map[string]string{"belgique": "BE", "france": "FR", "suisse": "CH", "luxembourg": "LU", "canada": "CA", "quebec": "CA"}

// fieldValue returns the identifier that a reader meant: BE for be and Belgique,
// event for événement.
func fieldValue(field, text string) string {
	switch field {
	case FieldCountry:
		if code, ok := countryNames[plainName(text)]; ok {
			return code
		}
		return strings.ToUpper(text)
	case FieldType:
		text = plainName(text)
		if t, ok := typeNames[text]; ok {
			return t
		}
	}
	return strings.ToLower(text)
}

// date reads 2015, 2015-03, 2015-03-21, and spans of them: 2015..2018, 2015.., ..2018.
// 21/3/2015, 3/2015 and 2015-2018 are read as they are meant.
func (p *exprParser) date(at int, text string) (Expr, error) {
	const how = "Écrivez date:2015, date:2015-03, date:2015..2018, date:2015-03.. ou date:..2018."
	wrong := func() error {
		return p.fail(at, "La date « %s » n’est pas comprise ou n’existe pas. %s", shorten(text, 30), how)
	}
	from, to, span := cutSpan(strings.Trim(text, ",;!?"))
	f, ok := typedDate(from)
	t, known := typedDate(to)
	switch {
	case !ok || !known || f.IsZero() && t.IsZero():
		return nil, wrong()
	case !span && spanFollows(p.text[p.at:]):
		return nil, p.fail(at, "Une période s’écrit sans espace autour des deux points. %s", how)
	case !span:
		return DateRange{f, f}, nil
	case !f.IsZero() && !t.IsZero() && f.Number() > t.Last().Number():
		return nil, p.fail(at, "La période « %s » finit avant de commencer. Écrivez date:%s..%s.", shorten(text, 30), t, f)
	}
	return DateRange{f, t}, nil
}

// cutSpan parts a span of dates; three points and the sign for them are two, as
// keyboards make them, and so is a dash between two years.
func cutSpan(s string) (from, to string, span bool) {
	s = strings.NewReplacer("...", "..", "…", "..").Replace(s)
	if from, to, span = strings.Cut(s, ".."); span {
		return from, to, span
	}
	if n := len("2015"); len(s) > 2*n && isMinus(firstRune(s[n:])) {
		_, size := utf8.DecodeRuneInString(s[n:])
		if len(s) == 2*n+size {
			return s[:n], s[n+size:], true
		}
	}
	return s, "", false
}

// spanFollows reports whether « ..2018 » stands at the beginning of s after spaces.
func spanFollows(s string) bool {
	dots, ok := strings.CutPrefix(strings.TrimLeftFunc(s, isSpace), "..")
	return ok && unicode.IsDigit(firstRune(strings.TrimLeft(dots, ". ")))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// typedDate reads a date as [ParseDate] does or as French forms write it.
func typedDate(s string) (Date, bool) {
	if d, err := ParseDate(s); err == nil {
		return d, true
	}
	var day, month, year int
	form := "%d/%d/%d"
	numbers := []any{&day, &month, &year}
	if strings.Count(s, "/") == 1 {
		form, numbers = "%d/%d", numbers[1:]
	}
	if len(s) > len("21/03/2015") || strings.Trim(s, "0123456789/") != "" {
		return Date{}, false
	}
	if _, err := fmt.Sscanf(s, form, numbers...); err != nil || year < 1000 {
		return Date{}, false
	}
	iso := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if len(numbers) == 2 {
		iso = iso[:len("2015-03")]
	}
	d, err := ParseDate(iso)
	return d, err == nil && strings.Count(s, "/") == len(numbers)-1
}
