package archive

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"trame"
)

// An archive written when versions were all JSON is read, and what is in it and
// comes again is no new version.
func TestVersionsBefore(t *testing.T) {
	a := openAt(t, filepath.Join(t.TempDir(), "a.db"))
	art := trame.Article{URL: "https://exemple.test/avant", Title: "Avant", Source: "exemple", Language: "fr", Type: trame.TypeArticle,
		Text: "Un premier paragraphe.\n\nUn « second »." + strings.Repeat(" Encore.", 50), PublishedFrom: trame.FromNone}
	art.ID = trame.ID(art.URL)
	if n, err := a.Import(t.Context(), []trame.Article{art}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	body, err := json.Marshal(art)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []struct {
		text string
		arg  any
	}{
		{`UPDATE versions SET body = $1`, a.packer.packPage(body)},
		{`UPDATE articles SET fingerprint = $1`, art.Fingerprint()},
	} {
		if res, err := a.w.ExecContext(t.Context(), q.text, q.arg); err != nil {
			t.Fatal(err)
		} else if n, err := res.RowsAffected(); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	got, err := a.Article(t.Context(), art.ID)
	if err != nil || got.Text != art.Text || got.Title != art.Title {
		t.Errorf("Article = %q, %v, want the text %q", got.Text, err, art.Text)
	}
	if n, err := a.Import(t.Context(), []trame.Article{art}); n != 0 || err != nil {
		t.Errorf("Import of the same = %d changed, %v", n, err)
	}
	art.Text += "."
	if n, err := a.Import(t.Context(), []trame.Article{art}); n != 1 || err != nil {
		t.Errorf("Import of another text = %d changed, %v", n, err)
	}
	if v, err := a.Versions(t.Context(), art.ID); err != nil || len(v) != 2 || v[0].Article.Text != got.Text || v[1].Article.Text != art.Text {
		t.Errorf("Versions = %d, %v, want both texts", len(v), err)
	}
}

// What goes into a form comes out of it, whatever is in the text.
func TestForm(t *testing.T) {
	p, err := newPacker()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	for _, text := range []string{"", "\n", "{}\n", "l'été\n\n\"<&>\\ \u2028", strings.Repeat("long ", 1<<20)} {
		want := trame.Article{ID: "0123456789abcdef", Title: "Ligne\nà la ligne", Text: text, Type: trame.TypeArticle, PublishedFrom: trame.FromNone}
		f, err := formOf(want, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.unpackArticle(p.version.EncodeAll(f, nil))
		if err != nil || got.Text != want.Text || got.Title != want.Title || got.Fingerprint() != want.Fingerprint() {
			t.Errorf("the form of %.20q comes back as %.20q, %v", text, got.Text, err)
		}
	}
}
