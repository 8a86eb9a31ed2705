package archive_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trame"
)

// TestTitles reads the titles of articles, the second time only those that changed.
func TestTitles(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		given := batch(0, 250)
		if _, err := w.Import(t.Context(), given); err != nil {
			t.Fatal(err)
		}
		titles := map[int64]string{}
		read := func() (all []string, again int) {
			for title, err := range w.Titles(t.Context(), func(version int64) (string, bool) { s, ok := titles[version]; return s, ok }) {
				if err != nil {
					t.Fatal(err)
				}
				if titles[title.Version] == "" {
					again++
				}
				titles[title.Version] = title.Text
				all = append(all, title.ID+" "+title.Text)
			}
			return all, again
		}
		want := func() (all []string) {
			for _, a := range given {
				all = append(all, trame.ID(a.URL)+" "+a.Title)
			}
			return all
		}
		if all, n := read(); n != 250 || !reflect.DeepEqual(all, want()) {
			t.Errorf("%d titles: %s", n, cmp.Diff(want(), all))
		}
		given[7].Title = "Un autre titre"
		if _, err := w.Import(t.Context(), given); err != nil {
			t.Fatal(err)
		}
		if all, n := read(); n != 1 || !reflect.DeepEqual(all, want()) {
			t.Errorf("%d titles again: %s", n, cmp.Diff(want(), all))
		}
	})
}
