package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"trame"
)

// TestWhyThemes: the page of an article says which of its words gave it a theme.
func TestWhyThemes(t *testing.T) {
	a := trame.Article{URL: "https://revue.example/1", Title: "Le placement", Text: "Les Secrets professionnels, et des placements.", Source: "revue", SourceName: "La Revue", Type: trame.TypeArticle,
		Themes: []string{"protection-enfance", "secret-professionnel", "logement", "inconnu"}}
	p := getPage(t, newWorld(t, a).handler(), "/a/"+trame.ID(a.URL))
	got := text(p.find("ul", "why")[0])
	if want := "Protection de l’enfance pour « placement » Secret professionnel pour « Secrets professionnels » Logement inconnu"; got != want {
		t.Errorf("the themes are %q, want %q", got, want)
	}
}

// TestRelatives: the page of an article shows those that are like it, and why; it
// stands without them.
func TestRelatives(t *testing.T) {
	w := newWorld(t, sample(t)...)
	id := trame.ID(sample(t)[0].URL)
	p := getPage(t, w.handler(), "/a/"+id+"?q=placement")
	found, err := w.search.Similar(t.Context(), id, 5)
	if err != nil || len(found) == 0 {
		t.Fatalf("Similar = %v %v", found, err)
	}
	for _, r := range found {
		if !strings.Contains(p.text, r.Title) || !strings.Contains(p.text, strings.Join(strings.Fields(r.Reason), " ")) {
			t.Errorf("the page does not show %q, %q", r.Title, r.Reason)
		}
	}
	if got := attr(p.find("section", "rel")[0].LastChild.FirstChild.FirstChild, "href"); got != "/a/"+found[0].ID+"?q=placement" {
		t.Errorf("the first leads to %q", got)
	}
	w.search = unlike{w.search}
	if p := getPage(t, w.handler(), "/a/"+id); p.status != http.StatusOK || strings.Contains(p.text, "Articles proches") {
		t.Errorf("without relatives: %d %s", p.status, p.text)
	}
}

// unlike is too busy to find articles like one.
type unlike struct{ trame.Searcher }

func (unlike) Similar(context.Context, string, int) ([]trame.Relative, error) {
	return nil, trame.ErrBusy
}
