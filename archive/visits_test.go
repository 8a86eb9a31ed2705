package archive_test

import (
	"errors"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

const host = "exemple.test"

func TestSaveArticle(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		v := w.read(host, "/a", "Le secret", "Un texte.\n\nDeux.")
		v.Article.Attachments = []trame.Attachment{{URL: "https://exemple.test/a.pdf", Title: "Le rapport", Pages: 3}}
		v.Found = []archive.Link{page(host, "/b"), page(host, "/a"), page(host, "/b")}
		if n := w.save(v); n != 1 {
			t.Errorf("first Save = %d, want 1", n)
		}
		first := w.clock.now()
		id := trame.ID("https://exemple.test/a")
		got := w.article(id)
		if got.Title != "Le secret" || got.Text != "Un texte.\n\nDeux." || got.Type != trame.TypeArticle || !got.FirstSeen.Equal(first) {
			t.Errorf("Article = %+v", got)
		}
		w.clock.advance(time.Hour)
		if n := w.save(v); n != 0 {
			t.Errorf("Save of the same = %d, want 0", n)
		}
		if got := w.article(id); !got.FirstSeen.Equal(first) || !got.LastSeen.Equal(w.clock.now()) {
			t.Errorf("seen %v to %v, want %v to %v", got.FirstSeen, got.LastSeen, first, w.clock.now())
		}
		if l, err := w.Link(t.Context(), "https://exemple.test/b"); err != nil || l.State != archive.StateNew || l.Kind != archive.LinkPage {
			t.Errorf("Link(b) = %+v, %v", l, err)
		}
		p, err := w.Page(t.Context(), v.Link.URL)
		if err != nil || string(p.Body) != "<p>Un texte.\n\nDeux.</p>" || p.Status != 200 {
			t.Errorf("Page = %+v, %v", p, err)
		}
		v.Article.Text = "Un autre texte."
		if n := w.save(v); n != 2 {
			t.Errorf("Save of another text = %d, want 2", n)
		}
		versions, err := w.Versions(t.Context(), id)
		if err != nil || len(versions) != 2 || versions[0].Article.Text != "Un texte.\n\nDeux." || versions[1].Change != 2 {
			t.Errorf("Versions = %+v, %v", versions, err)
		}
		if ids, err := w.AttachedTo(t.Context(), "https://exemple.test/a.pdf"); err != nil || len(ids) != 1 || ids[0] != id {
			t.Errorf("AttachedTo = %v, %v, want [%s]", ids, err, id)
		}
		if _, err := w.Article(t.Context(), "0000000000000000"); !errors.Is(err, trame.ErrNotFound) {
			t.Errorf("Article(unknown) = %v, want ErrNotFound", err)
		}
	})
}
