package trame

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseQuery(t *testing.T) {
	tests := []struct {
		url  string
		want Query
	}{
		{"", Query{}},
		{"q=+aide+&unknown=1", Query{Text: "aide"}},
		{"theme=logement&theme=mna&theme=logement&theme=&country=be&type=rapport&language=FR&author=Jeanne+Dupont&source=rtbf",
			Query{Themes: []string{"logement", "mna"}, Countries: []string{"BE"}, Types: []string{TypeReport}, Languages: []string{"fr"}, Authors: []string{"Jeanne Dupont"}, Sources: []string{"rtbf"}}},
		{"from=2015&to=2015-04", Query{From: Date{Year: 2015}, To: Date{Year: 2015, Month: 4}}},
		{"sort=newest&page=3&per_page=50", Query{Sort: SortNewest, Page: 3, PerPage: 50}},
		{"page=1&per_page=20", Query{}},
		{"cursor=AZaz09-_&per_page=50&sort=oldest", Query{Cursor: "AZaz09-_", PerPage: 50, Sort: SortOldest}},
		{"cursor=&page=2", Query{Page: 2}},
		{"as_of=2026-11-25T10:30:00Z", Query{AsOf: time.Date(2026, 11, 25, 10, 30, 0, 0, time.UTC)}},
		{"as_of=2026-11-25T10:30:00.999%2B02:00", Query{AsOf: time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC)}},
		{"as_of=2026-11-25T10:30:00+02:00", Query{AsOf: time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC)}},
		{"as_of=2026-11-25", Query{AsOf: time.Date(2026, 11, 25, 23, 59, 59, 0, time.UTC)}},
		{"as_of=2024-02", Query{AsOf: time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC)}},
		{"as_of=", Query{}},
		{"twins=on&strict=1&explain=true", Query{Twins: true, Strict: true, Explain: true}},
		{"twins=off&strict=0&explain=false", Query{}},
		{"facets=theme,source&facets=year,theme", Query{Facets: []string{"theme", "source", "year"}}},
	}
	for _, test := range tests {
		v, err := url.ParseQuery(test.url)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseQuery(v)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("ParseQuery(%s) = %+v, %v, want %+v", test.url, got, err, test.want)
		}
		again, err := ParseQuery(got.Values())
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("ParseQuery(Values of %s) = %+v, %v, want %+v", test.url, again, err, got)
		}
	}
}

func TestParseQueryErrors(t *testing.T) {
	for _, test := range []struct{ url, field string }{
		{"q=ab*", "q"},
		{"q=" + strings.Repeat("a", MaxQueryLength+1), "q"},
		{"q=" + strings.Repeat("a\u0300", MaxQueryLength/2) + "b", "q"},
		{"q=" + strings.Repeat("+", MaxQueryBytes+1), "q"},
		{"q=" + strings.Repeat("a+", MaxQueryTerms+1), "q"},
		{"country=Belgique", "country"},
		{"type=roman", "type"},
		{"language=../../x", "language"},
		{"theme=" + strings.Repeat("a", MaxFilterBytes+1), "theme"},
		{"source=a%00b", "source"},
		{"from=2026-13-45", "from"},
		{"from=2026-02-01&to=2026-01-01", "to"},
		{"sort=__proto__", "sort"},
		{"page=0", "page"},
		{"page=-5", "page"},
		{"page=NaN", "page"},
		{"page=501", "page"},
		{"page=9223372036854775807", "page"},
		{"page=99999999999999999999999", "page"},
		{"per_page=101", "per_page"},
		{"per_page=2000000000", "per_page"},
		{"facets=constructor", "facets"},
		{"cursor=abc&page=1", "cursor"},
		{"cursor=a%20b", "cursor"},
		{"cursor=%C3%A9", "cursor"},
		{"cursor=" + strings.Repeat("a", MaxCursorBytes+1), "cursor"},
		{"as_of=hier", "as_of"},
		{"as_of=2026-13-45", "as_of"},
		{"as_of=1999-12-31", "as_of"},
		{"as_of=2000-01-01T00:30:00%2B01:00", "as_of"},
		{"as_of=2100", "as_of"},
		{"as_of=9999-12-31T23:59:59-23:59", "as_of"},
		{"as_of=2026-11-25T10:30:00", "as_of"},
		{"twins=oui", "twins"},
		{"strict=2", "strict"},
		{"explain=" + strings.Repeat("1", 1000), "explain"},
	} {
		v, err := url.ParseQuery(test.url)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseQuery(v)
		var e *QueryError
		if !errors.As(err, &e) || e.Field != test.field || e.Msg == "" {
			t.Errorf("ParseQuery(%.60s) = %+v, %v, want an error about %s", test.url, got, err, test.field)
		}
	}
}

// TestWritten: what is given to programs has one form.
func TestWritten(t *testing.T) {
	q := Query{Text: "aide", Cursor: "abc", Page: 3, AsOf: time.Date(2026, 11, 25, 9, 0, 0, 5, time.FixedZone("", 3600)), Twins: true, Strict: true, Explain: true}
	want := "as_of=2026-11-25T08%3A00%3A00Z&cursor=abc&explain=1&q=aide&strict=on&twins=on"
	if got := q.Values().Encode(); got != want {
		t.Errorf("Values = %s, want %s", got, want)
	}
}

// TestQueryLength: an accented letter is one character, and the error stands on
// the border of one.
func TestQueryLength(t *testing.T) {
	q := Query{Text: strings.Repeat("é", MaxQueryLength)}
	if e, err := q.Expr(); err != nil || !reflect.DeepEqual(e, Word{Text: q.Text}) {
		t.Errorf("Expr of %d characters: %v", MaxQueryLength, err)
	}
	for _, test := range []struct {
		text string
		at   int
	}{
		{strings.Repeat("é", MaxQueryLength+1), 2 * MaxQueryLength},
		{"a" + strings.Repeat("😀", MaxQueryLength), 1 + 4*(MaxQueryLength-1)},
		{strings.Repeat("a", 1<<20), MaxQueryLength},
		{strings.Repeat("\xff", 1<<20), MaxQueryLength},
	} {
		_, err := Query{Text: test.text}.Expr()
		var bad *QueryError
		if !errors.As(err, &bad) || bad.At != test.at {
			t.Errorf("Expr(%.10q…) = %v at %d, want an error at %d", test.text, err, bad.At, test.at)
		}
	}
}

// TestErrorPlace: the place of an error is one of the text as it came.
func TestErrorPlace(t *testing.T) {
	_, err := ParseQuery(url.Values{"q": {" \xff\xff\u00a0ab* "}})
	var bad *QueryError
	if !errors.As(err, &bad) || bad.At != 5 {
		t.Errorf("ParseQuery: %+v, want an error at 5", err)
	}
}

// TestPageDropsCursor: another page, or other filters, begin a list again.
func TestPageDropsCursor(t *testing.T) {
	q := Query{Text: "aide", Cursor: "abc", Twins: true}
	want := Query{Text: "aide", Page: 2, Twins: true}
	if got := q.At(2); !reflect.DeepEqual(got, want) {
		t.Errorf("At(2) = %+v, want %+v", got, want)
	}
	for _, facet := range []string{"theme", "year"} {
		if got := q.Toggle(facet, "2015"); got.Cursor != "" || !got.Twins {
			t.Errorf("Toggle(%s) = %+v", facet, got)
		}
	}
}

func TestToggle(t *testing.T) {
	q := Query{Text: "aide", Page: 3}
	with := q.Toggle("theme", "logement").Toggle("theme", "mna").Toggle("year", "2015")
	want := Query{Text: "aide", Themes: []string{"logement", "mna"}, From: Date{Year: 2015}, To: Date{Year: 2015}}
	if !reflect.DeepEqual(with, want) {
		t.Errorf("Toggle gives %+v, want %+v", with, want)
	}
	if got := with.Filter("year"); !reflect.DeepEqual(got, []string{"2015"}) {
		t.Errorf("Filter(year) = %v, want [2015]", got)
	}
	without := with.Toggle("theme", "logement").Toggle("theme", "mna").Toggle("year", "2015")
	if want := (Query{Text: "aide"}); !reflect.DeepEqual(without, want) {
		t.Errorf("Toggle back gives %+v, want %+v", without, want)
	}
}

// TestHostileQueries: every query of the pack is read or refused with a sentence,
// with little memory (faults.md, T-Q-1 and T-Q-2).
func TestHostileQueries(t *testing.T) {
	data, err := os.ReadFile("testdata/hostile-queries.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ ID, Q, Gen string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 83 {
		t.Errorf("read %d cases, want 83", len(cases))
	}
	long := generated()
	for _, c := range cases {
		v := url.Values{"q": {c.Q}}
		mustFail := false
		if c.Gen != "" {
			g, ok := long[c.ID]
			if !ok {
				t.Errorf("%s: nothing makes %s", c.ID, c.Gen)
			}
			v, mustFail = g.values, g.refused
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		q, err := ParseQuery(v)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: ParseQuery takes %d bytes", c.ID, n)
		}
		var bad *QueryError
		switch {
		case err != nil && (!errors.As(err, &bad) || bad.Msg == ""):
			t.Errorf("%s: ParseQuery: %v", c.ID, err)
		case mustFail && err == nil:
			t.Errorf("%s: ParseQuery = %+v, want an error", c.ID, q)
		case err == nil && c.Q != "" && !reflect.DeepEqual(q, Query{Text: q.Text}):
			t.Errorf("%s: ParseQuery = %+v", c.ID, q)
		}
	}
}

type generatedCase struct {
	values  url.Values
	refused bool
}

// generated are the cases of the pack that are not written out there. Its names
// of parameters are those of other programs; here they are ours.
func generated() map[string]generatedCase {
	words := func(n int, end string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "mot%d%s ", i, end)
		}
		return b.String()
	}
	all := map[string]generatedCase{
		"params-10k":     {url.Values{"q": slices.Repeat([]string{"a"}, 10_000)}, false}, // the first counts
		"same-param":     {url.Values{"q": {"a", "b"}, "q[]": {"c"}}, false},
		"from-neg":       {url.Values{"page": {"-5"}, "per_page": {"-10"}}, true},
		"from-maxint":    {url.Values{"page": {"9223372036854775807"}}, true},
		"from-2e9":       {url.Values{"page": {"200000000"}}, true},
		"size-2e9":       {url.Values{"per_page": {"2000000000"}}, true},
		"facet-size-neg": {url.Values{"facets": {"theme:-1"}}, true},
		"facet-size-1e9": {url.Values{"facets": {"theme:1000000000"}}, true},
		"facet-50":       {url.Values{"facets": slices.Repeat([]string{"text"}, 50)}, true},
		"facet-unknown":  {url.Values{"facets": {"constructor"}}, true},
		"sort-unknown":   {url.Values{"sort": {"__proto__"}}, true},
		"sort-many":      {url.Values{"sort": {strings.Repeat("a,", 1000)}}, true},
		"page-NaN":       {url.Values{"page": {"NaN"}}, true},
		"page-huge-text": {url.Values{"page": {strings.Repeat("9", 400)}}, true},
		"date-bad":       {url.Values{"from": {"2026-13-45"}, "to": {"2026-01-01"}}, true},
		"date-reversed":  {url.Values{"from": {"2026-02-01"}, "to": {"2026-01-01"}}, true},
		"lang-bad":       {url.Values{"language": {"../../x"}}, true},
	}
	for id, text := range map[string]string{
		"letters-8k": strings.Repeat("a", 8192), "letters-1M": strings.Repeat("a", 1<<20),
		"tilde-100k": "a" + strings.Repeat("~", 100_000), "slash-100k": strings.Repeat("/", 100_000),
		"clauses-1k": words(1000, ""), "clauses-5k": words(5000, ""), "clauses-10k": words(10_000, ""), "clauses-50k": words(50_000, ""),
		"prefix-100": strings.Repeat("a* ", 100), "stars-2000": strings.Repeat("*a", 2000),
		"fuzzy-200": words(200, "~2"), "phrase-10k": `"` + words(10_000, "") + `"`,
		"long-word-fuzzy": strings.Repeat("abcdefghij", 100) + "~2",
	} {
		all[id] = generatedCase{url.Values{"q": {text}}, true}
	}
	return all
}

// TestValuesInverse: ParseQuery reads what Values writes, over random queries.
func TestValuesInverse(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	some := func(all ...string) []string {
		var kept []string
		for _, s := range all {
			if r.IntN(3) == 0 {
				kept = append(kept, s)
			}
		}
		return kept
	}
	one := func(all ...string) string { return all[r.IntN(len(all))] }
	date := func() Date {
		return []Date{{}, {Year: 2015}, {Year: 2015, Month: 3}, {Year: 2015, Month: 3, Day: 7}}[r.IntN(4)]
	}
	for range 5000 {
		q := Query{
			Text:   one("", "aide", "titre:-a \"b c\"~5 +d", "é&=%+#;", "« x »"),
			Themes: some("logement", "a&b", "é"), Sources: some("rtbf", "x=y"), Countries: some("BE", "FR"),
			Types: some(TypeEvent, TypeList), Authors: some("Jeanne Dupont", "A+B"), Languages: some("fr", "nl"),
			From: date(), Sort: Sort(one("", "newest", "oldest", "relevance")), PerPage: []int{0, 1, 50, 100}[r.IntN(4)],
			Facets: some(FacetNames...), Twins: r.IntN(2) == 0, Strict: r.IntN(2) == 0, Explain: r.IntN(2) == 0,
		}
		switch r.IntN(3) {
		case 0:
			q.Page = 2 + r.IntN(99)
		case 1:
			q.Cursor = one("a", "Zz-_09", strings.Repeat("x", MaxCursorBytes))
		}
		if r.IntN(2) == 0 {
			q.AsOf = time.Unix(r.Int64N(3e9)+946684800, 0).UTC()
		}
		v, err := url.ParseQuery(q.Values().Encode())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParseQuery(v); err != nil || !reflect.DeepEqual(got, q) {
			t.Fatalf("ParseQuery(%s) = %+v, %v, want %+v", v.Encode(), got, err, q)
		}
	}
}

// FuzzQuery: nothing panics, and Values is the inverse of ParseQuery.
func FuzzQuery(f *testing.F) {
	f.Add("q=aide&theme=a&theme=b&from=2015&to=2016-02&sort=oldest&page=2&per_page=10&facets=theme,year")
	f.Add("cursor=a-_&as_of=2026-11-25T10:30:00.5%2B02:00&twins=1&strict=true&explain=on")
	f.Add("as_of=2016-02&cursor=abc&page=1")
	f.Add("q=%22a&country=be&type=list&language=fr&author=x&source=y")
	f.Fuzz(func(t *testing.T, s string) {
		v, err := url.ParseQuery(s)
		if err != nil {
			return
		}
		q, err := ParseQuery(v)
		if err != nil {
			if !errors.Is(err, ErrInvalidQuery) {
				t.Fatalf("ParseQuery(%q): %v", s, err)
			}
			return
		}
		again, err := ParseQuery(q.Values())
		if err != nil || !reflect.DeepEqual(again, q) {
			t.Fatalf("ParseQuery(%q) = %+v, read again %+v, %v", s, q, again, err)
		}
	})
}
