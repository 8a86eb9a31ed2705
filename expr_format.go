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
		if w, ok := e.Of.(Word); ok && w.Field == "" && isAge(w.Text+" ans") { // -25 ans is an age
			b.WriteString("SAUF " + w.Text)
			return
		}
		b.WriteByte('-')
		if _, again := e.Of.(Not); again { // -- is one minus
			b.WriteByte('(')
			defer b.WriteByte(')')
		}
		writeExpr(b, e.Of, true)
	case Word:
		writeField(b, e.Field)
		odd := func(r rune) bool { return isSpace(r) || quotes[r] != 0 || strings.ContainsRune("()|,;!?*", r) }
		sign := isMinus(firstRune(e.Text)) || firstRune(e.Text) == '+'
		if isKeyword(e.Field) && (sign || strings.ContainsFunc(e.Text, odd) || operatorAt(e.Text, operators) > 0) {
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
