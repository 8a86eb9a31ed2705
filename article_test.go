package trame_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trame"
)

func TestDates(t *testing.T) {
	for _, tt := range []struct {
		text, precision, first, last string
		number                       int
	}{
		{"2015-04-05", "day", "2015-04-05", "2015-04-05", 20150405},
		{"2016-02", "month", "2016-02-01", "2016-02-29", 20160201},
		{"2015-12", "month", "2015-12-01", "2015-12-31", 20151201},
		{"2015", "year", "2015-01-01", "2015-12-31", 20150101},
		{"", "none", "", "", 0},
	} {
		d, err := trame.ParseDate(tt.text)
		if err != nil || d.String() != tt.text || d.Precision() != tt.precision || d.First().String() != tt.first || d.Last().String() != tt.last {
			t.Errorf("ParseDate(%q) = %v (%s, %v to %v), %v", tt.text, d, d.Precision(), d.First(), d.Last(), err)
		}
		if n := d.Number(); tt.text != "" && n != tt.number {
			t.Errorf("%q: Number = %d, want %d", tt.text, n, tt.number)
		}
	}
	for _, bad := range []string{"2015-13", "2015-02-30", "0000", "15", "2015-4-5", "hier", "2015-04-05T10:00:00Z"} {
		if d, err := trame.ParseDate(bad); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", bad, d)
		}
	}
}

func TestArticleJSON(t *testing.T) {
	a := trame.Article{
		ID: trame.ID("https://example.org/"), URL: "https://example.org/", Title: "Un titre", Source: "exemple", Type: trame.TypeEvent,
		Published: trame.Date{Year: 2015, Month: 4}, PublishedFrom: trame.FromText, FirstSeen: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Event: &trame.Event{Dates: []trame.Date{{Year: 2015, Month: 5, Day: 2}}}, Text: "Un texte.",
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"published":"2015-04"`, `"published_precision":"month"`, `"published_from":"text"`, `"dates":["2015-05-02"]`, `"gone":false`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %s", b, want)
		}
	}
	var back trame.Article
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, back); diff != "" {
		t.Errorf("an article comes back otherwise (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{
		`{"published":"2015-04-05","published_precision":"year"}`:  "2015",
		`{"published":"2015-04-05","published_precision":"month"}`: "2015-04",
		`{"published":"2015-04-05","published_precision":"none"}`:  "",
		`{"published":"2015-04-05"}`:                               "2015-04-05",
		`{}`:                                                       "",
	} {
		var a trame.Article
		if err := json.Unmarshal([]byte(text), &a); err != nil || a.Published.String() != want || want == "" && a.PublishedFrom != trame.FromNone {
			t.Errorf("%s gives %q from %q, %v, want %q", text, a.Published, a.PublishedFrom, err, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	a := trame.Article{URL: "https://example.org/", Title: "Un titre", Text: strings.Repeat("mot ", 50), Words: 50}
	if id := trame.ID(a.URL); !trame.ValidID(id) || id != trame.ID("https://example.org/") || id == trame.ID("https://example.org/a") {
		t.Errorf("ID(%s) = %q", a.URL, id)
	}
	for _, bad := range []string{"", "123", "0123456789ABCDEF", "../../etc/passwd", "0123456789abcdeg"} {
		if trame.ValidID(bad) {
			t.Errorf("ValidID(%q) = true", bad)
		}
	}
	seen, reworded, retold := a, a, a
	seen.LastSeen = time.Now()
	reworded.Title = "Un TITRE !"
	retold.Text += "de plus"
	if a.Fingerprint() != seen.Fingerprint() || a.Fingerprint() == reworded.Fingerprint() {
		t.Error("the fingerprint changes with the moment of a visit, or not with the title")
	}
	if a.TextKey() == 0 || a.TextKey() != reworded.TextKey() || a.TextKey() == retold.TextKey() {
		t.Error("the text's key is not that of its letters")
	}
	session := func(day int, time, place string) uint64 {
		a.Event = &trame.Event{Dates: []trame.Date{{Year: 2026, Month: 11, Day: day}}, Time: time, Place: place, Price: "120 €"}
		return a.TextKey()
	}
	first := session(15, "9h30 - 16h30", "Namur, rue de Fer 10")
	for what, other := range map[string]uint64{"date": session(16, "9h30 - 16h30", "Namur, rue de Fer 10"),
		"time": session(15, "13h - 16h30", "Namur, rue de Fer 10"), "place": session(15, "9h30 - 16h30", "Liège, quai Orban 3")} {
		if other == first {
			t.Errorf("two sessions that differ by their %s have one key", what)
		}
	}
	if session(15, "9h30 – 16h30", "NAMUR, rue de Fer, 10") != first {
		t.Error("one session written in two ways has two keys")
	}
	a.Words = 39
	if a.TextKey() != 0 {
		t.Error("a short text has a key")
	}
}
