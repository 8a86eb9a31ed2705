package crawler_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"trame"
	"trame/archive"
	"trame/crawler"
)

// paths is a site whose answers change while it is served. What is not set is 404.
type paths struct {
	mu      sync.Mutex
	answers map[string]http.HandlerFunc
}

func (p *paths) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	answer := p.answers[r.URL.RequestURI()]
	p.mu.Unlock()
	if answer == nil {
		http.NotFound(out, r)
		return
	}
	answer(out, r)
}

func (p *paths) set(uri string, answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[uri] = answer
}

// textAt answers an article; canonical may be "".
func textAt(title, canonical string, n int) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) {
		head := ""
		if canonical != "" {
			head = `<link rel="canonical" href="` + canonical + `">`
		}
		out.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(out, `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>%s</title>%s</head><body><main><article><h1>%s</h1>%s</article></main></body></html>`, title, head, title, madeUp(n))
	}
}

// listAt answers a list of links.
func listAt(links ...string) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) {
		body := "<h1>Liste</h1>"
		for _, l := range links {
			body += `<h2><a href="` + l + `">Titre de ` + l + `</a></h2>`
		}
		page(out, "Liste", body)
	}
}

func leadsTo(status int, target string) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) { http.Redirect(out, r, target, status) }
}

func answers(status int) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) { http.Error(out, "non", status) }
}

// changing makes a site of which s is the source ("" is its root), with a list
// of these links as its home.
func changing(t *testing.T, s trame.Source, links ...string) (*paths, *web, *archive.Archive, *crawler.Crawler) {
	t.Helper()
	p := &paths{answers: map[string]http.HandlerFunc{}}
	w := newWeb(t, "")
	w.handler = p
	if s.URL == "" {
		s.URL = "/"
	}
	p.set(s.URL, listAt(links...))
	s.URL, s.Sitemap = w.URL+s.URL, "off"
	a, c := crawlOf(t, w, s)
	return p, w, a, c
}

// wantArticles compares the paths of the articles that can be read now, and of
// those that are gone, which are written "gone:" and the path.
func wantArticles(t *testing.T, a *archive.Archive, w *web, when string, want ...string) {
	t.Helper()
	var got []string
	for path, art := range articles(t, a, w) {
		if art.Gone {
			path = "gone:" + path
		}
		got = append(got, path)
	}
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return
	}
	states := map[string]string{}
	for l, err := range a.Links(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		states[l.URL] = fmt.Sprintf("%s is %s %s", strings.TrimPrefix(l.URL, w.URL), l.State, strings.TrimPrefix(l.Target, w.URL))
	}
	t.Errorf("%s: articles at %q, want %q; links:\n%s", when, got, want, strings.Join(slices.Sorted(maps.Values(states)), "\n"))
}

// TestCanonicalNamesTheOldAddress: a page that is redirected to and names the
// address that it was redirected from as canonical is the article itself.
func TestCanonicalNamesTheOldAddress(t *testing.T) {
	for name, link := range map[string]string{"found at the old address": "/un-bel-article", "found at the new address": "/un-bel-article/"} {
		p, w, a, c := changing(t, trame.Source{}, link)
		p.set("/un-bel-article", leadsTo(http.StatusMovedPermanently, "/un-bel-article/"))
		p.set("/un-bel-article/", textAt("Un bel article", "/un-bel-article", 1))
		for range 2 {
			mustCrawl(t, c, true)
			wantArticles(t, a, w, name, "/un-bel-article/")
		}
	}
	p, w, a, c := changing(t, trame.Source{}, "/un-bel-article")
	p.set("/un-bel-article", textAt("Un bel article", "", 1))
	mustCrawl(t, c, false)
	wantArticles(t, a, w, "before it moved", "/un-bel-article")
	p.set("/un-bel-article", leadsTo(http.StatusMovedPermanently, "/par-ici"))
	p.set("/par-ici", leadsTo(http.StatusMovedPermanently, "/un-bel-article/"))
	p.set("/un-bel-article/", textAt("Un bel article", "/un-bel-article", 1))
	for range 2 {
		mustCrawl(t, c, true)
		wantArticles(t, a, w, "after it moved", "/un-bel-article/")
	}
}

// TestRedirectAfterFailure: an article is kept or gone, and never vanishes,
// whatever its address answered before it redirected.
func TestRedirectAfterFailure(t *testing.T) {
	const at = "/un-bel-article"
	for _, tt := range []struct {
		name   string
		visits []http.HandlerFunc
		want   string
	}{
		{"temporary, again and again", []http.HandlerFunc{leadsTo(302, "/en-travaux"), leadsTo(302, "/en-travaux"), leadsTo(307, "/en-travaux")}, at},
		{"error, then temporary", []http.HandlerFunc{answers(500), leadsTo(302, "/en-travaux")}, at},
		{"error, then to a list", []http.HandlerFunc{answers(500), leadsTo(301, "/en-travaux")}, "gone:" + at},
		{"to a list twice", []http.HandlerFunc{leadsTo(301, "/en-travaux"), leadsTo(301, "/en-travaux")}, "gone:" + at},
		{"error, then moved", []http.HandlerFunc{answers(500), leadsTo(301, "/autre-adresse"), leadsTo(302, "/autre-adresse")}, "/autre-adresse"},
	} {
		p, w, a, c := changing(t, trame.Source{}, at)
		p.set("/en-travaux", listAt("/a-b-c", "/d-e-f", "/g-h-i"))
		p.set("/autre-adresse", textAt("Un bel article", "", 1))
		p.set(at, textAt("Un bel article", "", 1))
		mustCrawl(t, c, false)
		wantArticles(t, a, w, tt.name+", before", at)
		for _, answer := range tt.visits {
			p.set(at, answer)
			mustCrawl(t, c, true)
		}
		wantArticles(t, a, w, tt.name, tt.want)
	}
}

// TestSessionsOfATraining: two sessions that say the same but for their date and
// place are two, in whatever kind of source.
func TestSessionsOfATraining(t *testing.T) {
	session := func(day, place string) http.HandlerFunc {
		return func(out http.ResponseWriter, _ *http.Request) {
			page(out, "Le secret professionnel en équipe", `<article><h1>Le secret professionnel en équipe</h1><ul class="infos"><li><strong>Date :</strong> `+day+
				`</li><li><strong>Lieu :</strong> `+place+`</li><li><strong>Horaire :</strong> 9h30 - 16h30</li><li><strong>Prix :</strong> 120 €</li></ul>`+madeUp(1)+`</article>`)
		}
	}
	const namur, liege, copied = "/formation-le-secret-namur", "/formation-le-secret-liege", "/agenda/le-secret-namur"
	for _, kind := range []string{"", trame.KindEvents} {
		p, w, a, c := changing(t, trame.Source{Kind: kind}, namur, liege)
		p.set(namur, session("15 novembre 2026", "Namur, rue de Fer 10"))
		p.set(liege, session("2 décembre 2026", "Liège, quai Orban 3"))
		mustCrawl(t, c, false)
		wantArticles(t, a, w, "source of kind "+kind, namur, liege)
		p.set("/", listAt(namur, liege, copied))
		p.set(copied, session("15 novembre 2026", "Namur, rue de Fer 10"))
		mustCrawl(t, c, true)
		wantArticles(t, a, w, "one of them twice, kind "+kind, namur, liege)
	}
}

// TestMaintenance: a site that answers one notice at all addresses for a while
// has its articles back afterwards, and not one of them is lost meanwhile.
func TestMaintenance(t *testing.T) {
	list := []string{"/aa-un-article", "/bb-autre-article", "/cc-encore-un-article"}
	p, w, a, c := changing(t, trame.Source{}, list...)
	for _, notice := range []bool{false, true, true, false} {
		for i, u := range list {
			if p.set(u, textAt("Article "+u, "", i)); notice {
				p.set(u, textAt("Site en travaux", "", 9))
			}
		}
		mustCrawl(t, c, true)
		wantArticles(t, a, w, fmt.Sprintf("notice: %v", notice), list...)
		c = newCrawler(t, a, "127.0.0.1:"+w.port()) // that knows nothing but the archive
	}
	p.set("/", listAt(append(list, "/dd-une-copie")...))
	p.set("/dd-une-copie", textAt("Article "+list[0], "", 0))
	mustCrawl(t, c, true)
	wantArticles(t, a, w, "a copy at a new address", list...)
}

// TestCanonicalOutsideTheSource: a page whose canonical address is not visited
// for the source is the article itself: outside its folder, or left out by it.
func TestCanonicalOutsideTheSource(t *testing.T) {
	for _, canonical := range []string{"/un-bel-article", "/fr/imprimer/un-bel-article", "/fr/prive/un-bel-article"} {
		p, w, a, c := changing(t, trame.Source{URL: "/fr/", Exclude: []string{"^/fr/prive/"}}, "/fr/un-bel-article")
		p.set("/fr/un-bel-article", textAt("Un bel article", canonical, 1))
		p.set(canonical, textAt("Un bel article", "", 1))
		mustCrawl(t, c, false)
		wantArticles(t, a, w, "canonical "+canonical, "/fr/un-bel-article")
	}
}

// TestCanonicalIsNoArticle: a page is the article itself when the address that it
// names as canonical turns out to have none, whichever of the two is visited
// first. A later crawl, which knows nothing but the archive, changes nothing.
func TestCanonicalIsNoArticle(t *testing.T) {
	list := []string{"/bb-un-article", "/cc-autre-article", "/dd-encore-un-article"}
	for what, at := range map[string]http.HandlerFunc{
		"list": listAt(list...), "403": answers(403), "404": answers(404), "500": answers(500), "418": answers(418),
		"leads out": leadsTo(301, "/wp-login.php"), "leads away": leadsTo(301, "https://ailleurs.example/"),
		"other file": func(out http.ResponseWriter, _ *http.Request) { out.Header().Set("Content-Type", "application/json") },
		"noindex": func(out http.ResponseWriter, r *http.Request) {
			out.Header().Set("X-Robots-Tag", "noindex")
			textAt("Un texte caché", "", 20)(out, r)
		},
	} {
		for _, canonical := range []string{"/aa-les-articles", "/zz-les-articles"} {
			p, w, a, c := changing(t, trame.Source{}, append(list, canonical)...)
			p.set(canonical, at)
			for i, u := range list {
				p.set(u, textAt("Article "+u, canonical, i))
			}
			mustCrawl(t, c, false)
			wantArticles(t, a, w, canonical+" is "+what, list...)
			mustCrawl(t, newCrawler(t, a, "127.0.0.1:"+w.port()), true)
			wantArticles(t, a, w, canonical+" is "+what+", a second time", list...)
		}
	}
}

// TestTextElsewhere: where an address has something else than its article (a
// list with status 200, a refusal, a lock), the text is no copy of it elsewhere.
func TestTextElsewhere(t *testing.T) {
	const old, now = "/zz-un-bel-article", "/aa-un-bel-article"
	for what, tt := range map[string]struct {
		at   http.HandlerFunc
		want []string
	}{
		"list":   {listAt("/x-y-z", "/a-b-c", "/d-e-f"), []string{now}},
		"locked": {answers(403), []string{now, "gone:" + old}},
		"other file": {func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Type", "application/json")
		}, []string{now}},
		"error": {answers(500), []string{old}},
	} {
		for _, order := range [][2]string{{old, now}, {now, old}} {
			p, w, a, c := changing(t, trame.Source{}, order[:]...)
			p.set(old, textAt("Un bel article", "", 1))
			mustCrawl(t, c, false)
			p.set(old, tt.at)
			p.set(now, textAt("Un bel article", "", 1))
			mustCrawl(t, c, true)
			wantArticles(t, a, w, what, tt.want...)
		}
	}
}
