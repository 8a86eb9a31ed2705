package trame

import (
	"reflect"
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
