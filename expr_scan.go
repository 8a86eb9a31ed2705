package trame

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func isSpace(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }

// partsWords reports whether a sign within a stretch of text parts two words.
func partsWords(r rune) bool {
	return isSpace(r) || strings.ContainsRune(`:;,!?{}[]<>\=+&…#@`, r)
}

func (p *exprParser) skipSpace() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !isSpace(r) {
			return
		}
		p.at += size
	}
}

// wordLength returns the length of the stretch at the beginning of s that holds
// no space, quote, bar or bracket. A bracket that belongs to a word stays:
// étudiant(e)s. It is never 0 unless s is empty.
func wordLength(s string) int {
	var last rune
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '(' && unicode.IsLetter(last):
			if n := bracketedEnding(s[i:]); n > 0 {
				i += n
				last = ')'
				continue
			}
			return i
		case i > 0 && (isSpace(r) || quotes[r] != 0 || r == '|' || r == '(' || r == ')'):
			return i
		}
		last = r
		i += size
	}
	return len(s)
}

// bracketedEnding returns the length of « (e) » or « (trice) » at the beginning
// of s, or 0.
func bracketedEnding(s string) int {
	for i, r := range s[1:] {
		if r == ')' && i > 0 {
			return i + 2
		}
		if !unicode.IsLetter(r) || i > 12 {
			break
		}
	}
	return 0
}

// minus takes a hyphen that stands before something. Before a space it is
// punctuation, and taken too, without meaning.
func (p *exprParser) minus() bool {
	rest := p.text[p.at:]
	if !strings.HasPrefix(rest, "-") {
		return false
	}
	n := len(rest) - len(strings.TrimLeft(rest, "-"))
	r, _ := utf8.DecodeRuneInString(rest[n:])
	p.at += n
	if n == len(rest) || isSpace(r) || r == ')' {
		p.skipSpace()
		return false
	}
	return true
}

// operator takes one of the operators if it stands here.
func (p *exprParser) operator(names ...string) bool {
	n := operatorAt(p.text[p.at:], names)
	p.at += n
	return n > 0
}

func (p *exprParser) atOperator() bool {
	return operatorAt(p.text[p.at:], operators) > 0
}

var operators = []string{"OU", "OR", "|", "ET", "AND", "&", "SAUF", "NOT"}

// operatorAt returns the length of the operator at the beginning of s, or 0.
func operatorAt(s string, names []string) int {
	for _, name := range names {
		rest, ok := strings.CutPrefix(s, name)
		if !ok {
			continue
		}
		if name == "|" || name == "&" { // also doubled
			rest = strings.TrimLeft(rest, name)
			return len(s) - len(rest)
		}
		r, _ := utf8.DecodeRuneInString(rest)
		if rest == "" || isSpace(r) || quotes[r] != 0 || r == '(' || r == ')' || r == '|' {
			return len(name)
		}
	}
	return 0
}

// fields are the names of fields that readers may write, without accents.
var fields = map[string]string{
	"titre": FieldTitle, "title": FieldTitle,
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

// plain takes the accents off the names of fields, composed or not.
var plain = strings.NewReplacer("è", "e", "é", "e", "ê", "e", "\u0300", "", "\u0301", "")

// fieldAt returns the field named at the beginning of s and the length of its
// name with the colon, or 0.
func fieldAt(s string) (string, int) {
	i := strings.IndexByte(s[:min(len(s), 16)], ':')
	if i <= 0 {
		return "", 0
	}
	field, ok := fields[plain.Replace(strings.ToLower(s[:i]))]
	if !ok {
		return "", 0
	}
	return field, i + 1
}

// typeNames are the French names of types of article.
var typeNames = map[string]string{
	"evenement": TypeEvent, "evenements": TypeEvent, "formation": TypeEvent, "agenda": TypeEvent, "rapport": TypeReport, "rapports": TypeReport,
	"liste": TypeList, "listes": TypeList, "articles": TypeArticle, "events": TypeEvent, "reports": TypeReport, "lists": TypeList,
}

// fieldValue returns the identifier that a reader meant: BE for be, event for
// événement.
func fieldValue(field, text string) string {
	switch field {
	case FieldCountry:
		return strings.ToUpper(text)
	case FieldType:
		text = plain.Replace(strings.ToLower(text))
		if t, ok := typeNames[text]; ok {
			return t
		}
	}
	return strings.ToLower(text)
}

// date reads 2015, 2015-03, 2015-03-21, and spans of them: 2015..2018, 2015.., ..2018.
func (p *exprParser) date(at int, text string) (Expr, error) {
	wrong := func() error {
		return p.fail(at, "La date « %s » n’est pas comprise. Écrivez date:2015, date:2015-03, date:2015..2018, date:2015-03.. ou date:..2018.", shorten(text, 30))
	}
	from, to, span := strings.Cut(strings.Trim(text, ",;"), "..")
	f, err := ParseDate(from)
	if err != nil || f.IsZero() && !span {
		return nil, wrong()
	}
	if !span {
		return DateRange{f, f}, nil
	}
	t, err := ParseDate(to)
	if err != nil || f.IsZero() && t.IsZero() {
		return nil, wrong()
	}
	if !f.IsZero() && !t.IsZero() && f.Number() > t.Last().Number() {
		return nil, p.fail(at, "La période « %s » finit avant de commencer. Écrivez date:%s..%s.", text, to, from)
	}
	return DateRange{f, t}, nil
}

// shorten cuts a text that is quoted in a message.
func shorten(s string, n int) string {
	if r := []rune(strings.ToValidUTF8(s, "")); len(r) > n {
		return string(r[:n]) + "…"
	}
	return strings.ToValidUTF8(s, "")
}
