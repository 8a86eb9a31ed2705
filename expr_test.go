package trame

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
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

// TestWordsIn: every word is where it says, and changing words changes nothing
// else.
func TestWordsIn(t *testing.T) {
	tests := []struct{ text, words, changed string }{
		{"secret professionel", "secret professionel", "SECRET PROFESSIONEL"},
		{"  secret,  \u00abaide  l\u2019enfance\u00bb~5 -(titre:d\u00e9fi OU b)", "secret aide l\u2019enfance d\u00e9fi b", "  SECRET,  \u00abAIDE  L\u2019ENFANCE\u00bb~5 -(titre:D\u00c9FI OU B)"},
		{"\uff08ai\u200bde \uff2f\uff35 sans-abri\uff09", "aide sans-abri", "\uff08AIDE \uff2f\uff35 SANS-ABRI\uff09"},
		{`source:rtbf pays:be date:2015 \u00e9ducat* theme:"mal logement" auteur:dupont`, "dupont", `source:rtbf pays:be date:2015 \u00e9ducat* theme:"mal logement" auteur:DUPONT`},
		{"aide~2^3? <<a b>>", "aide a b", "AIDE~2^3? <<A B>>"},
		{"ab* refus\u00e9", "", "ab* refus\u00e9"},
	}
	for _, test := range tests {
		var words []string
		for _, w := range WordsIn(test.text) {
			words = append(words, w.Text)
			if at := test.text[w.At:w.End]; !strings.HasPrefix(w.Text, at[:1]) {
				t.Errorf("WordsIn(%q): %q is said to be %q", test.text, w.Text, at)
			}
		}
		if got := strings.Join(words, " "); got != test.words {
			t.Errorf("WordsIn(%q) = %q, want %q", test.text, got, test.words)
		}
		upper := func(w WordAt) string { return strings.ToUpper(w.Text) }
		if got := ReplaceWords(test.text, upper); got != test.changed {
			t.Errorf("ReplaceWords(%q) = %q, want %q", test.text, got, test.changed)
		}
		if got := ReplaceWords(test.text, func(WordAt) string { return "" }); got != test.text {
			t.Errorf("ReplaceWords(%q) without changes = %q", test.text, got)
		}
	}
	text := `secrt -"aide socale" titre:socale`
	mended := ReplaceWords(text, func(w WordAt) string {
		return map[string]string{"secrt": "secret", "socale": "sociale"}[w.Text]
	})
	if want := `secret -"aide sociale" titre:sociale`; mended != want {
		t.Errorf("ReplaceWords(%q) = %q, want %q", text, mended, want)
	}
}

// FuzzExpr: nothing panics, and what FormatExpr writes is read as the same.
func FuzzExpr(f *testing.F) {
	for _, s := range []string{`titre:(a OU -"b c"~5) date:2015..`, "«a ” b» | étudiant(e)s -(x y)", "source:\"a b\" SAUF SAUF c*", "((((", "a(b(c)d)e", `"“a`, "type:événement pays:be", "a -- b - c", "sourCe:!&0", "date:, ", "-(-0", "„a” b“", "（ａ –b）＂c＊＂～2 <<d>> ‹e›", "source:\"-x*\" titre:-y", "-25 ans SAUF 25 ans", "date:5/3/2015…2018", "avant:2015 a~2^3", "\"000\xd8\u0600\x9c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseExpr(s)
		if err != nil {
			var bad *QueryError
			if !errors.As(err, &bad) || bad.At < 0 || bad.At > len(s) || bad.At < len(s) && utf8.ValidString(s) && !utf8.RuneStart(s[bad.At]) {
				t.Fatalf("ParseExpr(%q): %#v", s, err)
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
		if e != nil && Describe(e) == "" {
			t.Errorf("Describe(%s) is empty", text)
		}
		if FormatExpr(again) != text {
			t.Errorf("FormatExpr(%q) = %q", text, FormatExpr(again))
		}
		end := 0
		for _, w := range WordsIn(s) {
			if w.At < end || w.End <= w.At || w.End > len(s) || !utf8.RuneStart(s[w.At]) {
				t.Fatalf("WordsIn(%q): %+v after byte %d", s, w, end)
			}
			end = w.End
		}
		Remarks(s)
	})
}

func BenchmarkParseExpr(b *testing.B) {
	for name, text := range map[string]string{
		"usual":   `titre:"aide sociale" (CPAS OU CCAS) logement -hôtel éducat* date:2015..2018`,
		"signs":   strings.Repeat("（–\u200b＂a＂～2 ", 30),
		"dashes":  strings.Repeat("-–−", MaxExprBytes/8),
		"longest": strings.Repeat("a,", MaxExprTerms),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseExpr(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
