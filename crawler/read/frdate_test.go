package read

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMomentsOfFeeds reads the dates that feeds in French really carry.
func TestMomentsOfFeeds(t *testing.T) {
	b, err := os.ReadFile("testdata/feeds/dates-fr.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Raw    string
		Expect *string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 47 {
		t.Fatalf("%d cases, want 47 or more", len(cases))
	}
	for _, c := range cases {
		got, ok := parseMoment(c.Raw)
		switch {
		case c.Expect == nil:
			if ok {
				t.Errorf("parseMoment(%.60q) = %v, want unknown", c.Raw, got)
			}
		case !ok:
			t.Errorf("parseMoment(%q) = unknown, want %s", c.Raw, *c.Expect)
		default:
			want, err := time.Parse(time.RFC3339, *c.Expect)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(want) {
				t.Errorf("parseMoment(%q) = %v, want %v", c.Raw, got, want)
			}
		}
	}
}

func TestDatesInText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Publié le 5 avril 2015", "2015-04-05"},
		{"Le 1er novembre 2023, par Anne", "2023-11-01"},
		{"22 Août, 2019", "2019-08-22"},
		{"Août 22, 2019", "2019-08-22"},
		{"Samedi, Nov 21, 2026", "2026-11-21"},
		{"3 déc. 2018", "2018-12-03"},
		{"25 DÉCEMBRE 2021", "2021-12-25"},
		{"3-déc.-2018", "2018-12-03"},
		{"le 7.3.01", "2001-03-07"},
		{"05/04/2000", "2000-04-05"},
		{"mardi 15 novembre et vendredi 2 décembre 2022", "2022-11-15 2022-12-02"},
		{"24 et 31 janvier 2025", "2025-01-24 2025-01-31"},
		{"les lundis 3, 10 et 17 mars 2025", "2025-03-03 2025-03-10 2025-03-17"},
		{"du 5 au 7 mai 2025", "2025-05-05 2025-05-07"},
		{"du lundi 30 septembre au mercredi 2 octobre 2024", "2024-09-30 2024-10-02"},
		{"mars 2019", "2019-03"},
		{"2019-03-04T10:00:00Z", "2019-03-04"},
		{"29 février 2025", ""},
		{"12 janvier", ""},
		{"30 chaises, 12 mars et 2 tables", ""},
		{"IP 10.12.2020.4, version 1.2.3.4", ""},
		{"13 850 signatures en 9 semaines", ""},
		{"01/01/1970", ""},
		{"décembre 2022", "2022-12"}, // the accent of its own
	} {
		var got []string
		for _, d := range findDates(c.text) {
			got = append(got, d.date.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("findDates(%q) = %q, want %q", c.text, strings.Join(got, " "), c.want)
		}
	}
}

func TestBrusselsRule(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Skip("no zone data here")
	}
	for d := time.Date(1999, 1, 1, 12, 0, 0, 0, loc); d.Year() < 2030; d = d.AddDate(0, 0, 1) {
		_, want := d.Zone()
		if got := brusselsOffset(time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, time.UTC)); got != want {
			t.Fatalf("brusselsOffset(%s) = %d, want %d", d, got, want)
		}
	}
}

func FuzzFrenchDate(f *testing.F) {
	for _, s := range []string{"mardi 15 novembre et vendredi 2 décembre 2022", "du 5 au 7 mai 2025", "2026-01-12T10:00:00+01:00", "3-déc.-2018", "12.01.26"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = clean(s)
		for _, d := range findDates(s) {
			if !realDate(d.date) || d.start < 0 || d.end > len(s) || d.start >= d.end {
				t.Errorf("findDates(%q) = %+v", s, d)
			}
		}
		if m, ok := parseMoment(s); ok && (m.Year() < 1899 || m.Year() > 2201) {
			t.Errorf("parseMoment(%q) = %v", s, m)
		}
	})
}
