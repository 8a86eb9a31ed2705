package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"trame"
	"trame/archive"
)

// TestFeedSource: a source of kind feed is read by its feeds alone. Its pages may
// lie on any site; of one that robots.txt closes, the feed's own text is kept.
func TestFeedSource(t *testing.T) {
	w := newWeb(t, "")
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(out, "User-agent: *\nDisallow: /ferme/\n")
		case "/flux":
			out.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(out, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Revue</title>
<item><title>Un texte ouvert à tous</title><link>%[1]s/texte-ouvert-a-tous</link><pubDate>Sun, 05 Apr 2015 10:00:00 +0200</pubDate></item>
<item><title>Un texte que le site ferme</title><link>%[1]s/ferme/un-texte-que-le-site-ferme</link><pubDate>Mon, 06 Apr 2015 10:00:00 +0200</pubDate><content:encoded><![CDATA[%[2]s]]></content:encoded></item>
</channel></rss>`, w.URL, madeUp(41))
		case "/texte-ouvert-a-tous":
			article(out, "Un texte ouvert à tous", 40, `<a href="/un-autre-texte-du-site">autre</a>`)
		default:
			article(out, "Un autre texte du site", 42, "")
		}
	})
	a, c := crawlOf(t, w, trame.Source{Kind: trame.KindFeed, Feeds: []string{w.URL + "/flux"}})
	mustCrawl(t, c, false)
	got := articles(t, a, w)
	if len(got) != 2 {
		t.Fatalf("%d articles, want the feed's 2", len(got))
	}
	if art := got["/texte-ouvert-a-tous"]; art.Published.String() != "2015-04-05" || !strings.Contains(art.Text, "MARQUE-40-0") {
		t.Errorf("open article = %s, %q", art.Published, art.Text)
	}
	if art := got["/ferme/un-texte-que-le-site-ferme"]; art.Published.String() != "2015-04-06" || !strings.Contains(art.Text, "MARQUE-41-2") {
		t.Errorf("closed article = %s, %q", art.Published, art.Text)
	}
	for _, path := range []string{"/", "/ferme/un-texte-que-le-site-ferme", "/un-autre-texte-du-site"} {
		if n := w.asked(path); n > 0 {
			t.Errorf("%s was asked %d times, want never", path, n)
		}
	}
}

// TestListSource: a curated list becomes one article of its links.
func TestListSource(t *testing.T) {
	w := newWeb(t, "")
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(out, r)
			return
		}
		page(out, "Lectures choisies", `<h1>Lectures choisies</h1><ul><li><a href="https://exemple.org/un">Le premier texte</a></li><li><a href="https://exemple.net/deux">Le second texte</a> — Ce que la loi de 2002 a changé dans les foyers, et ce qu’elle n’a pas changé.</li><li><a href="/interne-au-site">interne</a></li></ul>`)
	})
	a, c := crawlOf(t, w, trame.Source{Kind: trame.KindList, Name: "Lectures"})
	mustCrawl(t, c, false)
	got := articles(t, a, w)
	list, ok := got["/"]
	if len(got) != 1 || !ok || list.Type != trame.TypeList || list.Text != "Le premier texte\n\nLe second texte — Ce que la loi de 2002 a changé dans les foyers, et ce qu’elle n’a pas changé." {
		t.Errorf("list = %+v", got)
	}
	if n := w.asked("/interne-au-site"); n > 0 {
		t.Errorf("a link of the list was asked %d times", n)
	}
}

// TestInclude: include says which pages may be articles; lists are walked all the same.
func TestInclude(t *testing.T) {
	w := newWeb(t, "")
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(out, r)
		case "/":
			page(out, "Accueil", `<a href="/emplois/un-poste-a-pourvoir">poste</a> <a href="/rubrique/actualites/">actualités</a>`)
		case "/rubrique/actualites/":
			page(out, "Actualités", `<h2><a href="/articles/un-texte-du-jour">Un texte du jour</a></h2>`)
		default:
			article(out, "Texte à l’adresse "+r.URL.Path, len(r.URL.Path), "")
		}
	})
	a, c := crawlOf(t, w, trame.Source{Include: []string{"^/articles/"}})
	mustCrawl(t, c, false)
	got := articles(t, a, w)
	if _, ok := got["/articles/un-texte-du-jour"]; !ok || len(got) != 1 {
		t.Errorf("%d articles, want /articles/un-texte-du-jour alone", len(got))
	}
}

// TestBadSource: a source whose settings cannot be used is noted, the others go on.
func TestBadSource(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, c := crawlOf(t, w, trame.Source{})
	if err := a.PutSource(t.Context(), trame.Source{ID: "fautive", URL: "https://exemple.org/", Include: []string{"("}}); err != nil {
		t.Fatal(err)
	}
	if r := mustCrawl(t, c, false); r.New != 7 {
		t.Errorf("%d articles, want 7", r.New)
	}
	if _, err := c.Crawl(t.Context(), []string{"fautive"}, false); err == nil || !strings.Contains(err.Error(), "missing closing") {
		t.Errorf("Crawl of the source alone = %v, want what is wrong with its settings", err)
	}
	rec, err := a.Source(t.Context(), "fautive")
	if err != nil || !strings.Contains(rec.Problem, "missing closing") {
		t.Errorf("problem of the source = %q, %v", rec.Problem, err)
	}
}

// TestBrokenFeed: a feed with one bad byte gives its items; a feed that is broken
// for good takes no article away, and the source's health says so.
func TestBrokenFeed(t *testing.T) {
	w := newWeb(t, "")
	broken := false
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(out, r)
		case "/flux":
			out.Header().Set("Content-Type", "application/rss+xml")
			if broken {
				fmt.Fprint(out, "<html><body>Site en travaux</body></html>")
				return
			}
			fmt.Fprintf(out, "<rss version=\"2.0\"><channel><title>Revue</title>\n<item><title>Libert\xe9 & texte</title><link>%[1]s/un-texte-libre</link></item><item><title>Suite", w.URL)
		default:
			article(out, "Liberté & texte", 50, "")
		}
	})
	a, c := crawlOf(t, w, trame.Source{Kind: trame.KindFeed, Feeds: []string{w.URL + "/flux"}})
	mustCrawl(t, c, false)
	if got := articles(t, a, w); len(got) != 1 {
		t.Fatalf("%d articles of the damaged feed, want 1", len(got))
	}
	broken = true
	mustCrawl(t, c, true)
	if got := articles(t, a, w); len(got) != 1 || got["/un-texte-libre"].Gone {
		t.Errorf("the broken feed took an article away")
	}
	l := stateOf(t, a, w.URL+"/flux")
	rec, err := a.Source(t.Context(), "site")
	if err != nil || l.State != archive.StateFailed || !strings.Contains(rec.Problem, "n’est pas un flux lisible") {
		t.Errorf("feed is %s, problem of the source %q, %v", l.State, rec.Problem, err)
	}
}

// TestFeedAsHome: the address of a source may be that of its feed.
func TestFeedAsHome(t *testing.T) {
	w := newWeb(t, "carnets.txtar")
	a, c := crawlOf(t, w, trame.Source{URL: w.URL + "/feed/"})
	mustCrawl(t, c, false)
	if l := stateOf(t, a, w.URL+"/feed/"); l.Kind != archive.LinkFeed || l.State != archive.StateSeen {
		t.Errorf("the feed is a %s, %s", l.Kind, l.State)
	}
}
