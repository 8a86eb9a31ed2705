package demo

import (
	"strings"
	"testing"

	"trame"
)

// minTexts is what the README promises, with a margin.
const minTexts = 280

func corpus(t *testing.T) []*site {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCorpusIsWhole(t *testing.T) {
	titles, slugs := map[string]string{}, map[string]bool{}
	paragraphs := map[string]string{}
	count, size := 0, 0
	for _, s := range corpus(t) {
		for _, p := range s.pieces {
			where := s.look + "/" + p.slug
			if p.public() && s.makes != trame.TypeList {
				count++
			}
			if other := titles[strings.ToLower(p.title)]; other != "" {
				t.Errorf("%s and %s have the title %q", where, other, p.title)
			}
			titles[strings.ToLower(p.title)] = where
			if slugs[where] {
				t.Errorf("%s is there twice", where)
			}
			slugs[where] = true
			if len(p.blocks) == 0 {
				t.Errorf("%s has no text", where)
			}
			for _, b := range append(p.blocks, p.pdf...) {
				for _, l := range b.lines {
					size += len(l)
					if other := paragraphs[l]; other != "" && len(l) > 30 {
						t.Errorf("%s and %s share the paragraph %.60q", where, other, l)
					}
					paragraphs[l] = where
				}
			}
		}
	}
	if count < minTexts {
		t.Errorf("%d texts, want at least %d", count, minTexts)
	}
	t.Logf("%d texts, %d bytes", count, size)
}

func TestCorpusDates(t *testing.T) {
	first, last := trame.Date{Year: 2008, Month: 1, Day: 1}, trame.Date{Year: 2026, Month: 11, Day: 25}
	for _, s := range corpus(t) {
		for _, p := range s.pieces {
			switch {
			case s.dated && p.date.IsZero():
				t.Errorf("%s/%s has no date", s.look, p.slug)
			case s.dated && (p.date.First().String() < first.String() || p.date.First().String() > last.String()):
				t.Errorf("%s/%s is of %s, want %s to %s", s.look, p.slug, p.date, first, last)
			case s.makes == trame.TypeEvent && len(p.days()) != len(strings.Fields(p.head["days"])):
				t.Errorf("%s/%s: days %q", s.look, p.slug, p.head["days"])
			}
			for _, name := range []string{"days", "time", "place", "price", "signup"} {
				if s.makes == trame.TypeEvent && p.head[name] == "" {
					t.Errorf("%s/%s: no %s", s.look, p.slug, name)
				}
			}
			if s.makes == trame.TypeReport && len(p.pdf) == 0 {
				t.Errorf("%s/%s has no document", s.look, p.slug)
			}
		}
	}
}

func TestCorpusLinks(t *testing.T) {
	all := corpus(t)
	known := map[string]bool{}
	for _, s := range all {
		for _, p := range s.pieces {
			known[s.look+"/"+p.slug] = true
		}
	}
	for _, s := range all {
		for _, p := range s.pieces {
			for _, b := range p.blocks {
				for _, l := range b.lines {
					for _, m := range linkMark.FindAllStringSubmatch(l, -1) {
						if !known[strings.TrimSuffix(m[2], "@old")] {
							t.Errorf("%s/%s links to %q, which is not there", s.look, p.slug, m[2])
						}
					}
				}
			}
		}
	}
}

func TestWhenIsWrittenAsPeopleDo(t *testing.T) {
	for days, want := range map[string]string{
		"2024-10-08":                       "mardi 8 octobre 2024",
		"2025-01-24 2025-01-31":            "24 et 31 janvier 2025",
		"2022-11-15 2022-12-02":            "mardi 15 novembre et vendredi 2 décembre 2022",
		"2024-01-24 2024-01-31 2024-02-07": "mercredi 24 janvier, mercredi 31 janvier et mercredi 7 février 2024",
		"2025-12-11 2026-01-15":            "jeudi 11 décembre 2025 et jeudi 15 janvier 2026",
	} {
		p := &piece{head: map[string]string{"days": days}}
		if got := p.When(); got != want {
			t.Errorf("When(%s) = %q, want %q", days, got, want)
		}
	}
}
