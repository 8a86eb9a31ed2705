package trame

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func w(s string) Word { return Word{Text: s} }

func TestParseExpr(t *testing.T) {
	d := func(s string) Date {
		v, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	tests := []struct {
		text string
		want Expr
	}{
		{"", nil},
		{"   \n\t", nil},
		{"aide", w("aide")},
		{"aide sociale", And{w("aide"), w("sociale")}},
		{"aide ET sociale AND droit", And{w("aide"), w("sociale"), w("droit")}},
		{"a OU b c", Or{w("a"), And{w("b"), w("c")}}},
		{"a OR b | c || d", Or{w("a"), w("b"), w("c"), w("d")}},
		{"(a OU b) c", And{Or{w("a"), w("b")}, w("c")}},
		{"((aide))", w("aide")},
		{`"aide  sociale"`, Phrase{Text: "aide sociale"}},
		{"« aide sociale »", Phrase{Text: "aide sociale"}},
		{"“aide sociale”", Phrase{Text: "aide sociale"}},
		{`"aide sociale"~5`, Phrase{Text: "aide sociale", Slop: 5}},
		{`"aide sociale"~99999999999`, Phrase{Text: "aide sociale", Slop: MaxSlop}},
		{`"aide`, Phrase{Text: "aide"}},
		{`""""""`, nil},
		{`a "" b`, And{w("a"), w("b")}},
		{"-aide", Not{w("aide")}},
		{"aide -sociale", And{w("aide"), Not{w("sociale")}}},
		{"aide SAUF sociale", And{w("aide"), Not{w("sociale")}}},
		{"aide NOT (a OU b)", And{w("aide"), Not{Or{w("a"), w("b")}}}},
		{"SAUF -aide", Not{w("aide")}},
		{`-"aide sociale"`, Not{Phrase{Text: "aide sociale"}}},
		{"aide - sociale", And{w("aide"), w("sociale")}},
		{"aide – sociale", And{w("aide"), w("sociale")}},
		{"sans-abri", w("sans-abri")},
		{"-", nil},
		{"+aide", w("aide")},
		{"OU", nil},
		{"AND OR NOT", nil},
		{"aide OU", w("aide")},
		{"OU aide", w("aide")},
		{"ou", w("ou")},
		{"(aide", w("aide")},
		{"aide) sociale", And{w("aide"), w("sociale")}},
		{"()", nil},
		{"titre:logement", Word{FieldTitle, "logement"}},
		{"Title:logement", Word{FieldTitle, "logement"}},
		{"titre: logement", Word{FieldTitle, "logement"}},
		{`titre:"aide sociale"`, Phrase{FieldTitle, "aide sociale", 0}},
		{"titre:(a OU b) c", And{Or{Word{FieldTitle, "a"}, Word{FieldTitle, "b"}}, w("c")}},
		{"-titre:a", Not{Word{FieldTitle, "a"}}},
		{`auteur:"Jeanne Dupont"`, Phrase{FieldAuthor, "Jeanne Dupont", 0}},
		{"thème:Logement", Word{FieldTheme, "logement"}},
		{"the\u0300me:logement", Word{FieldTheme, "logement"}},
		{"pays:be", Word{FieldCountry, "BE"}},
		{"type:événement", Word{FieldType, TypeEvent}},
		{"inconnu:aide", And{w("inconnu"), w("aide")}},
		{"date:2015", DateRange{d("2015"), d("2015")}},
		{"date:2015..2018", DateRange{d("2015"), d("2018")}},
		{"date:2015-03..", DateRange{d("2015-03"), Date{}}},
		{"date:..2018-02-01", DateRange{Date{}, d("2018-02-01")}},
		{"éducat*", Prefix{Text: "éducat"}},
		{"titre:éducat*", Prefix{FieldTitle, "éducat"}},
		{"*", nil},
		{"?", nil},
		{"étudiant(e)s", w("étudiant(e)s")},
		{"étudiant(e), aide", And{w("étudiant(e)"), w("aide")}},
		{"professionnel(le)s (a OU b)", And{w("professionnel(le)s"), Or{w("a"), w("b")}}},
		{"aide(sociale OU x)", And{w("aide"), Or{w("sociale"), w("x")}}},
		{"travailleur·euse·s", w("travailleur·euse·s")},
		{"aide^1e308", w("aide")},
		{"aide~2", w("aide")},
		{"l'aide l’aide", And{w("l'aide"), w("l’aide")}},
		{"Comment aider ?", And{w("Comment"), w("aider")}},
		{"a\x00b", And{w("a"), w("b")}},
		{"24h/24 2002-2 16.2", And{w("24h/24"), w("2002-2"), w("16.2")}},
	}
	for _, test := range tests {
		got, err := ParseExpr(test.text)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("ParseExpr(%q) = %#v, %v, want %#v", test.text, got, err, test.want)
		}
	}
}

func TestParseExprErrors(t *testing.T) {
	tests := []struct {
		text string
		at   int
		say  string // part of the message
	}{
		{"aide ab*", 5, "trois lettres"},
		{"*aide", 0, "fin d’un mot"},
		{"a*b*c", 0, "fin d’un mot"},
		{"aide titre:", 5, "titre:"},
		{"titre: OU aide", 0, "Il manque un mot"},
		{"date:hier", 5, "date:2015"},
		{"date:>2020", 5, "date:2015"},
		{"date:2018..2015", 5, "avant de commencer"},
		{"date:..", 5, "n’est pas comprise"},
		{`"aide sociale"~`, 14, "nombre de mots"},
		{strings.Repeat("(", 33) + "a", 32, "parenthèses"},
		{strings.Repeat("a ", 1025), 2048, "1024"},
		{strings.Repeat("a", MaxExprBytes+1), MaxExprBytes, "trop longue"},
	}
	for _, test := range tests {
		got, err := ParseExpr(test.text)
		var e *QueryError
		if !errors.As(err, &e) || !errors.Is(err, ErrInvalidQuery) {
			t.Errorf("ParseExpr(%.40q) = %#v, %v, want a QueryError", test.text, got, err)
			continue
		}
		if e.Field != "q" || e.At != test.at || !strings.Contains(e.Msg, test.say) {
			t.Errorf("ParseExpr(%.40q) says %+v, want %q at %d", test.text, e, test.say, test.at)
		}
	}
}

func TestDescribe(t *testing.T) {
	tests := []struct{ text, want string }{
		{"secret partagé -médical", "« secret » et « partagé », sans « médical »"},
		{`titre:"aide sociale" (a OU b*)`, "dans le titre la suite exacte « aide sociale » et (« a » ou « b »)"},
		{"éducat* date:2015..2018", "un mot en « éducat… » et publié de 2015 à 2018"},
		{"date:..2018 OU date:2020.. OU date:2019", "publié jusqu’à 2018 ou publié depuis 2020 ou publié en 2019"},
		{`"a b"~5`, "les mots « a b » à 5 mots près"},
	}
	for _, test := range tests {
		e, err := ParseExpr(strings.ReplaceAll(test.text, "b*", "b"))
		if err != nil {
			t.Fatal(err)
		}
		if got := Describe(e); got != test.want {
			t.Errorf("Describe(%s) = %s, want %s", test.text, got, test.want)
		}
	}
}

// FuzzExpr: nothing panics, and what FormatExpr writes is read as the same.
func FuzzExpr(f *testing.F) {
	for _, s := range []string{`titre:(a OU -"b c"~5) date:2015..`, "«a ” b» | étudiant(e)s -(x y)", "source:\"a b\" SAUF SAUF c*", "((((", "a(b(c)d)e", `"“a`, "type:événement pays:be", "a -- b - c", "sourCe:!&0", "date:, ", "-(-0", "„a” b“"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseExpr(s)
		if err != nil {
			if !errors.Is(err, ErrInvalidQuery) {
				t.Fatalf("ParseExpr(%q): %v", s, err)
			}
			return
		}
		text := FormatExpr(e)
		if len(text) > MaxExprBytes {
			return
		}
		again, err := ParseExpr(text)
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Fatalf("ParseExpr(%q) = %#v, written %q, read again %#v, %v", s, e, text, again, err)
		}
		Describe(e)
	})
}
