package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"trame"
)

// thin is the narrow no-break space that French puts between thousands and
// before high punctuation (Lexique des règles typographiques de l’Imprimerie
// nationale).
const thin = "\u202f"

// number writes n as French does: 62 018, with narrow no-break spaces.
func number(n int) string {
	if n < 0 {
		return "−" + number(-n)
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + thin + s[i:]
	}
	return s
}

// count writes a number with its noun: « 1 article », « 62 018 articles ». In
// French nought and one take the singular.
func count(n int, noun string) string {
	if n > 1 || n < -1 {
		words := strings.Split(noun, " ")
		for i := range words {
			words[i] += "s"
		}
		noun = strings.Join(words, " ")
	}
	return number(n) + "\u00a0" + noun
}

var (
	months      = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	monthsShort = strings.Fields("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.")
)

// longDate writes a date as far as it is known: « 5 avril 2015 », « avril 2015 »,
// « 2015 », « date inconnue ».
func longDate(d trame.Date) string { return frenchDate(d, months) }

// shortDate is longDate with months cut: « 5 avr. 2015 ».
func shortDate(d trame.Date) string { return frenchDate(d, monthsShort) }

func frenchDate(d trame.Date, names []string) string {
	switch d.Precision() {
	case "none":
		return "date inconnue"
	case "year":
		return strconv.Itoa(d.Year)
	case "month":
		return fmt.Sprintf("%s %d", names[d.Month-1], d.Year)
	}
	day := strconv.Itoa(d.Day)
	if d.Day == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, names[d.Month-1], d.Year)
}

// day writes the day of a moment in the zone of the pages, or nothing.
func (s *site) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return longDate(trame.DateOf(t.In(s.Zone)))
}

// dayTime writes a moment to the minute: « 5 avr. 2015 à 9 h 04 ».
func (s *site) dayTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(s.Zone)
	return fmt.Sprintf("%s à %d\u00a0h\u00a0%02d", shortDate(trame.DateOf(t)), t.Hour(), t.Minute())
}

// typeName says what an article is.
func typeName(t string) string {
	switch t {
	case trame.TypeArticle:
		return "Article"
	case trame.TypeEvent:
		return "Formation, événement"
	case trame.TypeReport:
		return "Rapport, étude"
	case trame.TypeList:
		return "Liste de liens"
	}
	return t
}

// countryName is the French name of the countries that sources come from.
func countryName(code string) string {
	switch code {
	case "BE":
		return "Belgique"
	case "FR":
		return "France"
	case "CH":
		return "Suisse"
	case "LU":
		return "Luxembourg"
	case "CA":
		return "Canada"
	}
	return code
}

// languageName is the French name of a language code, "fr-BE" included.
func languageName(code string) string {
	base, region, _ := strings.Cut(code, "-")
	name := map[string]string{"fr": "Français", "nl": "Néerlandais", "en": "Anglais", "de": "Allemand"}[base]
	if name == "" {
		return code
	}
	if region != "" {
		name += " (" + countryName(region) + ")"
	}
	return name
}

// dateFrom says where a date was read.
func dateFrom(from string) string {
	switch from {
	case trame.FromJSONLD, trame.FromMeta:
		return "déclarée par la page"
	case trame.FromTime, trame.FromText:
		return "imprimée sur la page"
	case trame.FromFeed:
		return "donnée par le flux"
	case trame.FromSitemap:
		return "donnée par le plan du site"
	case trame.FromURL:
		return "lue dans l’adresse"
	}
	return ""
}

// minutes is the time that reading takes, at 220 words a minute; 0 when there is
// nothing to read.
func minutes(words int) int {
	if words == 0 {
		return 0
	}
	return max(1, (words+110)/220)
}

// typeset keeps French punctuation with its word: the spaces inside « » and
// before : ; ? ! do not break a line.
func typeset(s string) string { return unbreakable.Replace(s) }

var unbreakable = strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»", " :", "\u00a0:", " ;", thin+";", " ?", thin+"?", " !", thin+"!")

// join writes a French list: « a, b et c ».
func join(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " et " + items[last]
}
