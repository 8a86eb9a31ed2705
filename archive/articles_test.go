package archive_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

func batch(from, n int) []trame.Article {
	out := make([]trame.Article, n)
	for i := range out {
		out[i] = *article("revue.test", fmt.Sprintf("/%05d", from+i), fmt.Sprintf("Titre %d", from+i), "Texte.")
	}
	return out
}

func TestImport(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		given := batch(0, 450)
		given[0].FirstSeen = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		given[1].Source, given[1].SourceName = "autre", "Une autre"
		given[2].Source = ""
		n, err := w.Import(t.Context(), given)
		if n != 450 || err != nil {
			t.Fatalf("Import = %d, %v, want 450", n, err)
		}
		before := w.changes(0)
		w.clock.advance(time.Hour)
		if n, err := w.Import(t.Context(), given); n != 0 || err != nil {
			t.Errorf("Import of the same = %d, %v, want 0", n, err)
		}
		if after := w.changes(0); len(after) != 450 || after[449].N != 450 || len(before) != 450 {
			t.Errorf("history of %d entries, then %d, want 450 and 450", len(before), len(after))
		}
		if got := w.article(trame.ID(given[0].URL)); !got.FirstSeen.Equal(given[0].FirstSeen) || !got.LastSeen.Equal(w.clock.now().Add(-time.Hour)) {
			t.Errorf("seen %v to %v, want as given, to the first import", got.FirstSeen, got.LastSeen)
		}
		if s := w.source("autre"); s.Name != "Une autre" || s.URL != "" || s.Articles != 1 {
			t.Errorf("Source(autre) = %+v, want it known by name", s)
		}
		w.source("revue.test") // of the host of the one that named none
		given[3].Text = "Un autre texte."
		twice := append(given[3:5:5], given[3])
		twice[2].Text = "Le dernier compte."
		if n, err := w.Import(t.Context(), twice); n != 2 || err != nil {
			t.Errorf("Import of one article twice = %d, %v, want 2 changes", n, err)
		}
		if got := w.article(trame.ID(given[3].URL)); got.Text != "Le dernier compte." {
			t.Errorf("Text = %q, want the last", got.Text)
		}
	})
}

func TestImportRefuses(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for want, spoil := range map[string]func(*trame.Article){
			"longer than 16 MiB":        func(a *trame.Article) { a.ID, a.Text = "", strings.Repeat("x", 16<<20+1) },
			"is not one of the web":     func(a *trame.Article) { a.URL = "javascript:alert(1)" },
			"without an address":        func(a *trame.Article) { a.URL = "" },
			"not 16 hexadecimal digits": func(a *trame.Article) { a.ID = "../../etc" },
		} {
			given := batch(0, 3)
			spoil(&given[1])
			n, err := w.Import(t.Context(), given)
			if n != 0 || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "article 2 of 3") {
				t.Errorf("Import = %d, %v, want an error with %q", n, err, want)
			}
		}
		if c := w.changes(0); len(c) != 0 {
			t.Errorf("%d changes are left of imports that failed", len(c))
		}
	})
}

// What cannot be written as JSON or must not reach a browser is dropped, and
// does not come back as an article that cannot be read.
func TestUnfitFields(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		a := batch(0, 1)[0]
		a.Published = trame.Date{Year: 2015, Month: 13}
		a.PublishedFrom = trame.FromMeta
		a.Updated = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)
		a.Image = "data:image/png;base64,AAAA"
		a.Attachments = []trame.Attachment{{URL: "javascript:alert(1)"}, {URL: "https://revue.test/a.pdf"}}
		a.Event = &trame.Event{Dates: []trame.Date{{Year: -4}, {Year: 2026, Month: 2, Day: 30}, {Year: 2026, Month: 2, Day: 3}}}
		if _, err := w.Import(t.Context(), []trame.Article{a}); err != nil {
			t.Fatal(err)
		}
		got := w.article(trame.ID(a.URL))
		if !got.Published.IsZero() || got.PublishedFrom != trame.FromNone || !got.Updated.IsZero() || got.Image != "" {
			t.Errorf("Article = %+v, want date, update and image dropped", got)
		}
		if len(got.Attachments) != 1 || len(got.Event.Dates) != 1 || len(a.Event.Dates) != 3 || len(a.Attachments) != 2 {
			t.Errorf("Article = %+v, want one attachment and one date, and the caller's own untouched", got)
		}
	})
}

func TestArticlesInOrder(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		given := batch(0, 250)
		if _, err := w.Import(t.Context(), given); err != nil {
			t.Fatal(err)
		}
		id := func(i int) string { return trame.ID(given[i].URL) }
		got, err := w.Articles(t.Context(), []string{id(7), "0000000000000000", id(3), id(200)})
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, a := range got {
			titles = append(titles, a.Title)
		}
		if want := []string{"Titre 7", "Titre 3", "Titre 200"}; !slices.Equal(titles, want) {
			t.Errorf("Articles = %v, want %v", titles, want)
		}
		n := 0
		for a, err := range w.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if a.Title != fmt.Sprintf("Titre %d", n) {
				t.Fatalf("All: %q at %d", a.Title, n)
			}
			if n == 0 { // writing while reading
				if _, err := w.Import(t.Context(), batch(250, 1)); err != nil {
					t.Fatal(err)
				}
			}
			n++
		}
		if n != 251 {
			t.Errorf("All yields %d, want 251", n)
		}
	})
}

func TestNotes(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		if _, err := w.Note(t.Context(), "x"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Note(unknown) = %v, want ErrNotFound", err)
		}
		for _, v := range []string{"un", "deux"} {
			if err := w.SetNote(t.Context(), "x", v); err != nil {
				t.Fatal(err)
			}
			if got, err := w.Note(t.Context(), "x"); got != v || err != nil {
				t.Errorf("Note = %q, %v, want %q", got, err, v)
			}
		}
		if err := w.SetNote(t.Context(), "x", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Note(t.Context(), "x"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Note after forgetting = %v, want ErrNotFound", err)
		}
	})
}

func TestTexts(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		long := strings.Repeat("Un texte assez long pour être reconnu. ", 10)
		var want []string
		for i, text := range []string{long, long + "Autre.", "Trop court.", long} {
			v := w.read("revue.test", fmt.Sprintf("/%d", i), "Titre", text)
			v.Article.Words = len(strings.Fields(text))
			w.save(v)
			if key := v.Article.TextKey(); key != 0 {
				want = append(want, fmt.Sprint(v.Article.Source, " ", v.Article.URL, " ", key))
			}
		}
		texts := func() (got []string) {
			for k, err := range w.Texts(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprint(k.Source, " ", k.URL, " ", k.Key))
			}
			return got
		}
		if got := texts(); len(want) != 3 || !slices.Equal(got, want) {
			t.Fatalf("Texts = %q, want %q", got, want)
		}
		gone := w.read("revue.test", "/1", "", "")
		gone.Link.State, gone.Article, gone.Page = archive.StateGone, nil, nil
		w.save(gone)
		if got := texts(); !slices.Equal(got, []string{want[0], want[2]}) {
			t.Errorf("after one is gone Texts = %q, want the others", got)
		}
	})
}

// By number one gets what one gets by id, in the order asked, without what moved
// and what is unknown.
func TestArticlesByNumber(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		given := batch(0, 600)
		if n, err := w.Import(t.Context(), given); n != 600 || err != nil {
			t.Fatal(n, err)
		}
		for _, path := range []string{"/00002", "/00005"} {
			l := page("revue.test", path)
			l.State, l.Visited, l.Target = archive.StateMoved, w.clock.now(), given[7].URL
			w.save(archive.Visit{Link: l})
		}
		var ids []string
		var numbers []int64
		for _, c := range w.changes(0) {
			ids, numbers = append(ids, c.ID, c.ID), append(numbers, c.Number, c.Number)
		}
		slices.Reverse(ids)
		slices.Reverse(numbers)
		ids, numbers = append(ids, "0000000000000000"), append(numbers, 0, -1, 1<<62)
		for _, n := range []int{0, 1, 3, 10, 255, 256, 257, len(ids)} {
			want, err := w.Articles(t.Context(), ids[:n])
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.ArticlesByNumber(t.Context(), numbers[:n])
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("ArticlesByNumber of %d = %d articles, %v, want %d as by id", n, len(got), err, len(want))
			}
			if n == len(ids) && len(got) != 2*598 {
				t.Errorf("all numbers give %d articles, want 598 twice", len(got))
			}
		}
	})
}
