package trame

import (
	"fmt"
	"strings"
)

// FormatExpr writes an expression in the syntax that [ParseExpr] reads: reading
// it again gives the same expression.
func FormatExpr(e Expr) string {
	var b strings.Builder
	writeExpr(&b, e, false)
	return b.String()
}

// writeExpr writes e, in brackets where it stands inside something that binds more.
func writeExpr(b *strings.Builder, e Expr, inside bool) {
	switch e := e.(type) {
	case And:
		writeAll(b, e, " ", inside)
	case Or:
		writeAll(b, e, " OU ", inside)
	case Not:
		b.WriteByte('-')
		if _, again := e.Of.(Not); again { // -- is one minus
			b.WriteByte('(')
			defer b.WriteByte(')')
		}
		writeExpr(b, e.Of, true)
	case Word:
		writeField(b, e.Field)
		odd := func(r rune) bool { return isSpace(r) || quotes[r] != 0 || strings.ContainsRune("()|,;!?", r) }
		if isKeyword(e.Field) && (strings.ContainsFunc(e.Text, odd) || operatorAt(e.Text, operators) > 0) {
			writeQuoted(b, e.Text)
			return
		}
		b.WriteString(e.Text)
		if operatorAt(e.Text, operators) > 0 { // « OU! » was the word, not the operator
			b.WriteByte(',')
		}
	case Phrase:
		writeField(b, e.Field)
		writeQuoted(b, e.Text)
		if e.Slop > 0 {
			fmt.Fprintf(b, "~%d", e.Slop)
		}
	case Prefix:
		writeField(b, e.Field)
		b.WriteString(e.Text + "*")
	case DateRange:
		b.WriteString(FieldDate + ":" + e.From.String())
		if e.From != e.To {
			b.WriteString(".." + e.To.String())
		}
	}
}

func isKeyword(field string) bool {
	switch field {
	case FieldSource, FieldTheme, FieldType, FieldCountry:
		return true
	}
	return false
}

func writeAll(b *strings.Builder, parts []Expr, between string, inside bool) {
	if inside {
		b.WriteByte('(')
	}
	for i, e := range parts {
		if i > 0 {
			b.WriteString(between)
		}
		_, or := e.(Or)
		writeExpr(b, e, or)
	}
	if inside {
		b.WriteByte(')')
	}
}

func writeField(b *strings.Builder, field string) {
	if field != "" {
		b.WriteString(field + ":")
	}
}

func writeQuoted(b *strings.Builder, s string) {
	if strings.ContainsAny(s, "”") {
		b.WriteString("«" + s + "»")
		return
	}
	b.WriteString(`"` + s + `"`)
}

// Describe says in French how an expression was read: « secret » et « partagé »,
// sans « médical ».
func Describe(e Expr) string {
	switch e := e.(type) {
	case And:
		return describeAll(e, " et ")
	case Or:
		return describeAll(e, " ou ")
	case Not:
		return "sans " + describeInside(e.Of)
	case Word:
		return fieldLabel[e.Field] + "« " + e.Text + " »"
	case Phrase:
		s := fieldLabel[e.Field] + "la suite exacte « " + e.Text + " »"
		if e.Slop > 0 {
			s = fmt.Sprintf("%sles mots « %s » à %d mots près", fieldLabel[e.Field], e.Text, e.Slop)
		}
		return s
	case Prefix:
		return fieldLabel[e.Field] + "un mot en « " + e.Text + "… »"
	case DateRange:
		return describeDates(e.From, e.To)
	}
	return ""
}

var fieldLabel = map[string]string{
	FieldTitle: "dans le titre ", FieldAuthor: "auteur ", FieldSource: "source ", FieldTheme: "thème ", FieldType: "type ", FieldCountry: "pays ",
}

func describeAll(parts []Expr, between string) string {
	all := make([]string, len(parts))
	for i, e := range parts {
		all[i] = describeInside(e)
	}
	s := strings.Join(all, between)
	return strings.ReplaceAll(s, " et sans ", ", sans ")
}

func describeInside(e Expr) string {
	switch e.(type) {
	case And, Or:
		return "(" + Describe(e) + ")"
	}
	return Describe(e)
}

func describeDates(from, to Date) string {
	switch {
	case from == to:
		return "publié en " + from.String()
	case from.IsZero():
		return "publié jusqu’à " + to.String()
	case to.IsZero():
		return "publié depuis " + from.String()
	}
	return "publié de " + from.String() + " à " + to.String()
}
