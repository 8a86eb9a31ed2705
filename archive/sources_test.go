package archive_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

func (w *world) put(s trame.Source) {
	w.t.Helper()
	if err := w.PutSource(w.t.Context(), s); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) source(id string) archive.SourceRecord {
	w.t.Helper()
	s, err := w.Source(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestSources(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		z := trame.Source{ID: "z", URL: "https://z.test/", Name: "Abeille", Include: []string{"^/a"}, Themes: map[string]string{"Actu": "actualite"}, Delay: 2 * time.Second}
		w.put(trame.Source{ID: "a", URL: "https://a.test/", Name: "Éditions"})
		w.put(trame.Source{ID: "b", URL: "https://b.test/", Name: "forum"})
		w.put(z)
		got, err := w.Sources(t.Context())
		if err != nil || len(got) != 3 || got[0].ID != "z" || got[1].ID != "a" || got[2].ID != "b" {
			t.Fatalf("Sources = %+v, %v, want Abeille, Éditions, forum", got, err)
		}
		if s := got[0].Source; s.Delay != z.Delay || !slices.Equal(s.Include, z.Include) || s.Themes["Actu"] != "actualite" {
			t.Errorf("Source = %+v, want %+v", s, z)
		}
		z.Name = "Zoé"
		w.put(z)
		if got := w.source("z"); got.Name != "Zoé" || got.Health != archive.HealthNew {
			t.Errorf("Source = %+v, want the new name, health new", got)
		}
		if err := w.NoteSource(t.Context(), "z", "spip", "le flux est cassé"); err != nil {
			t.Fatal(err)
		}
		if err := w.NoteSource(t.Context(), "z", "", ""); err != nil {
			t.Fatal(err)
		}
		if got := w.source("z"); got.Platform != "spip" || got.Problem != "" {
			t.Errorf("Source = %+v, want the platform kept and the problem gone", got)
		}
		w.add(page("z.test", "/1"))
		if err := w.RemoveSource(t.Context(), "z"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Link(t.Context(), "https://z.test/1"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Link of a removed source: %v, want ErrNotFound", err)
		}
		for what, err := range map[string]error{"RemoveSource": w.RemoveSource(t.Context(), "z"), "NoteSource": w.NoteSource(t.Context(), "z", "", "")} {
			if !errors.Is(err, trame.ErrNotFound) {
				t.Errorf("%s(unknown) = %v, want ErrNotFound", what, err)
			}
		}
	})
}

func TestCoverage(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.put(trame.Source{ID: "exemple", URL: "https://exemple.test/"})
		home := of(archive.LinkHome, 0, page(host, "/"))
		w.add(home, page(host, "/attend"))
		for i, published := range []trame.Date{{Year: 2015}, {Year: 2019, Month: 4, Day: 2}, {}} {
			v := w.read(host, fmt.Sprintf("/%d", i), "A", "Texte.")
			v.Article.Published = published
			w.save(v)
		}
		w.leave("/0", archive.StateGone, "")
		broken := page(host, "/panne")
		broken.State, broken.Fails, broken.Due = archive.StateFailed, 2, w.clock.now().Add(time.Hour)
		w.save(archive.Visit{Link: broken})
		home.State, home.Visited, home.Due = archive.StateSeen, w.clock.now(), w.clock.now().Add(30*time.Minute)
		w.save(archive.Visit{Link: home})
		got := w.source("exemple").Coverage
		want := trame.Coverage{Articles: 3, Gone: 1, Undated: 1, First: trame.Date{Year: 2015}, Last: trame.Date{Year: 2019, Month: 4, Day: 2},
			LastVisit: w.clock.now(), NextVisit: w.clock.now(), Waiting: 1, Failing: 1, Health: archive.HealthOK}
		if got != want {
			t.Errorf("Coverage = %+v, want %+v", got, want)
		}
		w.clock.advance(30 * time.Hour)
		if got := w.source("exemple").Health; got != archive.HealthLate {
			t.Errorf("Health a day later = %s, want late", got)
		}
		home.State, home.Fails, home.Problem = archive.StateFailed, 1, "le serveur ne répond pas"
		w.save(archive.Visit{Link: home})
		if got := w.source("exemple"); got.Health != archive.HealthFailing || got.Problem != home.Problem {
			t.Errorf("Health = %s (%s), want failing and the home's problem", got.Health, got.Problem)
		}
		feed := of(archive.LinkFeed, 1, page(host, "/flux"))
		feed.State, feed.Visited = archive.StateSeen, w.clock.now()
		w.save(archive.Visit{Link: feed})
		if got := w.source("exemple").Health; got == archive.HealthFailing {
			t.Error("Health = failing though a feed answers")
		}
	})
}
