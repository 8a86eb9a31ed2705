package crawler_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

// TestSite crawls a whole WordPress-like site, again, and after it has changed.
func TestSite(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, c := crawlOf(t, w, trame.Source{Name: "Carnets de terrain", Country: "BE"})
	first := mustCrawl(t, c, false)

	got := articles(t, a, w)
	want := []string{
		"/la-maraude-du-jeudi/", "/le-numerique-et-nous/", "/le-secret-partage/", "/nouvelle-adresse/",
		"/retour-de-stage/", "/un-toit-pour-l-hiver/", "/vieille-archive-du-logement/",
	}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) {
		t.Fatalf("articles = %q, want %q", names, want)
	}
	if first.New != len(want) || first.Changed != 0 {
		t.Errorf("report = %d new, %d changed, want %d and 0", first.New, first.Changed, len(want))
	}
	art := got["/le-secret-partage/"]
	if art.Title != "Le secret partagé, de qui à qui ?" || art.Published.String() != "2015-04-05" || art.Country != "BE" || art.SourceName != "Carnets de terrain" {
		t.Errorf("article = %q of %s, %s, %s", art.Title, art.Published, art.Country, art.SourceName)
	}
	if split := got["/un-toit-pour-l-hiver/"].Text; !strings.Contains(split, "MARQUE-3-0") || !strings.Contains(split, "MARQUE-33-2") {
		t.Errorf("the split article lacks a part: %q", split)
	}
	for path, want := range map[string]archive.State{
		"/": archive.StateSeen, "/page/2/": archive.StateSeen, "/feed/": archive.StateSeen, "/wp-sitemap.xml": archive.StateSeen,
		"/compte-rendu-reserve/": archive.StateLocked, "/hors-moteurs/": archive.StateRefused, "/reserve/note-interne/": archive.StateRefused,
		"/ancienne-adresse/": archive.StateMoved, "/page-perdue/": archive.StateGone, "/renvoie-a-l-accueil/": archive.StateGone,
		"/copie-du-secret/": archive.StateDuplicate, "/un-toit-pour-l-hiver/2/": archive.StateDuplicate,
	} {
		if l := stateOf(t, a, w.URL+path); l.State != want {
			t.Errorf("%s is %s (%s), want %s", path, l.State, l.Problem, want)
		}
	}
	for _, path := range []string{"/wp-login.php", "/?s=secret", "/comments/feed/", "/rapport.pdf", "/reserve/note-interne/", "/wp-sitemap-taxonomies-post_tag-1.xml", "/wp-sitemap-users-1.xml"} {
		if n := w.asked(path); n > 0 {
			t.Errorf("%s was asked %d times, want never", path, n)
		}
	}

	w.reset()
	second := mustCrawl(t, c, true)
	if second.New+second.Changed+second.Gone > 0 {
		t.Errorf("second crawl: %d new, %d changed, %d gone, want none", second.New, second.Changed, second.Gone)
	}
	if w.not304["/feed/"] > 0 {
		t.Errorf("the feed was sent whole again, though it has an ETag")
	}
	for id, art := range articles(t, a, w) {
		if v, err := a.Versions(t.Context(), art.ID); err != nil || len(v) != 1 {
			t.Errorf("%s has %d versions after two crawls, want 1 (%v)", id, len(v), err)
		}
	}

	w.mutate()
	third := mustCrawl(t, c, true)
	if third.New != 1 || third.Changed != 1 || third.Gone != 1 {
		t.Errorf("after the change: %d new, %d changed, %d gone, want 1 of each", third.New, third.Changed, third.Gone)
	}
	got = articles(t, a, w)
	if v, err := a.Versions(t.Context(), art.ID); err != nil || len(v) != 2 {
		t.Errorf("the changed article has %d versions, want 2 (%v)", len(v), err)
	}
	if !strings.Contains(got["/le-secret-partage/"].Text, "MARQUE-11-0") {
		t.Errorf("the changed article still has its old text")
	}
	if art, ok := got["/la-maraude-du-jeudi/"]; ok && !art.Gone {
		t.Errorf("the deleted article is not gone")
	}
	if _, still := got["/le-numerique-et-nous/"]; still {
		t.Errorf("the moved article is still at its old address")
	}
	moved, err := a.Article(t.Context(), trame.ID(w.URL+"/le-numerique-et-nous/"))
	if err != nil || moved.URL != w.URL+"/le-numerique-et-nous-encore/" {
		t.Errorf("the old address answers %s, %v", moved.URL, err)
	}
}
