package crawler_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"trame"
)

func page(w http.ResponseWriter, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>%s</title></head><body><header><a href="/">Accueil</a></header><main>%s</main></body></html>`, title, body)
}

func article(w http.ResponseWriter, title string, n int, more string) {
	page(w, title, "<article><h1>"+title+"</h1><p class=\"date\">Publié le 5 avril 2015</p>"+madeUp(n)+"</article>"+more)
}

// traps are the endless or lying sites of ../shared/packs/hostile/html/trap-recipes.json
// that a crawl, not a fetch, has to end: the most requests that it may cost, and
// the number of articles that must be found all the same.
var traps = []struct {
	id       string
	articles int
	most     int
	serve    func(w http.ResponseWriter, r *http.Request)
}{
	{"session-id", 20, 60, func(w http.ResponseWriter, r *http.Request) {
		links := ""
		for i := range 20 {
			links += fmt.Sprintf(`<a href="/texte-numero-%d?PHPSESSID=%016x">texte %d</a> `, i, rand.Uint64(), i)
		}
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/texte-numero-%d", &n); err == nil {
			article(w, fmt.Sprintf("Texte numéro %d du carnet", n), n, links)
			return
		}
		page(w, "Accueil", links)
	}},
	{"path-repeat", 0, 20, func(w http.ResponseWriter, r *http.Request) {
		page(w, "Sans fond", `<a href="a/b/">plus loin</a> <a href="/a/b/">début</a>`)
	}},
	{"calendar", 0, 140, func(w http.ResponseWriter, r *http.Request) {
		var y, m int
		if _, err := fmt.Sscanf(r.URL.Path, "/agenda/%d/%d", &y, &m); err != nil {
			y, m = 2025, 5
		}
		body := "<h1>Agenda</h1><p>Aucun évènement ce mois-ci.</p>"
		for d := 1; d <= 28; d++ {
			body += fmt.Sprintf(`<a href="/agenda/%d/%02d/%02d">%d</a> `, y, m, d, d)
		}
		body += fmt.Sprintf(`<a rel="next" href="/agenda/%d/%02d">suivant</a> <a href="/agenda/%d/%02d">précédent</a>`, y+m/12, m%12+1, y-1, m)
		page(w, "Agenda", body)
	}},
	{"redirect-loop", 0, 40, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/r/"))
		if r.URL.Path == "/" {
			page(w, "Accueil", `<a href="/r/1">départ</a>`)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/r/%d", n+1), http.StatusFound)
	}},
	{"redirect-ping-pong", 0, 30, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "s", Value: fmt.Sprint(rand.Uint64())})
		switch r.URL.Path {
		case "/":
			page(w, "Accueil", `<a href="/ping-ici">ici</a>`)
		case "/ping-ici":
			http.Redirect(w, r, "/pong-la", http.StatusFound)
		default:
			http.Redirect(w, r, "/ping-ici", http.StatusFound)
		}
	}},
	{"soft-404", 1, 60, func(w http.ResponseWriter, r *http.Request) {
		links := ""
		for range 5 {
			links += fmt.Sprintf(`<a href="/un-mot-%x">voir</a> `, rand.Uint64())
		}
		article(w, "Page introuvable sur ce site", 1, links)
	}},
	{"facets", 0, 120, func(w http.ResponseWriter, r *http.Request) {
		links := ""
		q := r.URL.Query()
		for _, k := range []string{"a", "b", "c", "d", "e", "tri"} {
			next := r.URL.Query()
			n, _ := strconv.Atoi(q.Get(k))
			next.Set(k, fmt.Sprint(n+1))
			links += `<a href="/liste?` + next.Encode() + `">filtre</a> `
		}
		page(w, "Liste", "<p>Aucun résultat.</p>"+links)
	}},
	{"endless-pager", 30, 200, func(w http.ResponseWriter, r *http.Request) {
		if n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/texte-du-carnet-")); err == nil {
			article(w, fmt.Sprintf("Texte %d du carnet de bord", n), n, "")
			return
		}
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		body := ""
		for i := n * 5; i < n*5+5 && i < 30; i++ {
			body += fmt.Sprintf(`<h2><a href="/texte-du-carnet-%d">Texte %d du carnet de bord</a></h2>`, i, i)
		}
		page(w, "Liste", body+fmt.Sprintf(`<a rel="next" href="/?page=%d">page suivante</a>`, n+1))
	}},
	{"infinite-subdomains", 0, 10, func(w http.ResponseWriter, r *http.Request) {
		page(w, "Accueil", `<a href="http://n1.exemple.invalid/">suivant</a><a href="http://localhost:1/">autre</a>`)
	}},
	{"etag-304-lie", 0, 10, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) }},
	{"retry-after", 0, 20, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", []string{"120", "99999999999", "Wed, 21 Oct 2037 07:28:00 GMT", "-1", "bientôt"}[len(r.URL.Path)%5])
		w.WriteHeader(http.StatusTooManyRequests)
	}},
	{"binary", 0, 20, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			page(w, "Accueil", `<a href="/document-en-fait-binaire">document</a>`)
			return
		}
		w.Header().Set("Content-Type", "application/x-gzip")
		w.Write([]byte{0x1f, 0x8b, 8, 0, 1, 2, 3})
	}},
}

func TestTraps(t *testing.T) {
	for _, trap := range traps {
		t.Run(trap.id, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			w := newWeb(t, "")
			w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/robots.txt", "/sitemap.xml", "/feed/", "/rss.xml", "/index.xml":
					http.NotFound(out, r)
					return
				}
				if asked.Add(1) > 2000 { // a crawl that does not end must not hang the test
					panic(http.ErrAbortHandler)
				}
				trap.serve(out, r)
			})
			a, c := crawlOf(t, w, trame.Source{})
			mustCrawl(t, c, false)
			first := asked.Load()
			t.Logf("%d requests", first)
			if first > int64(trap.most) {
				t.Errorf("%d requests, want %d at most", first, trap.most)
			}
			if got := articles(t, a, w); len(got) != trap.articles {
				t.Errorf("%d articles, want %d", len(got), trap.articles)
			}
			mustCrawl(t, c, true)
			if again := asked.Load() - first; again > 2*int64(trap.most) {
				t.Errorf("second crawl: %d requests, want %d at most", again, 2*trap.most)
			}
			if got := articles(t, a, w); len(got) != trap.articles {
				t.Errorf("second crawl: %d articles, want %d", len(got), trap.articles)
			}
		})
	}
}

// TestMaxPages: no crawl visits more pages of a source than it may.
func TestMaxPages(t *testing.T) {
	w := newWeb(t, "")
	var asked atomic.Int64
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(out, r)
			return
		}
		n := int(asked.Add(1))
		links := ""
		for i := range 10 {
			links += fmt.Sprintf(`<a href="/un-texte-de-plus-%d">texte</a> `, n*10+i)
		}
		article(out, fmt.Sprintf("Texte %d d’un site sans fin", n), n, links)
	})
	_, c := crawlOf(t, w, trame.Source{MaxPages: 25, Sitemap: "off", Feeds: []string{w.URL + "/flux"}})
	r := mustCrawl(t, c, false)
	if !r.Sources[0].Full || asked.Load() > 25+1 {
		t.Errorf("%d pages asked, full %v, want 26 at most (25 and a feed), full", asked.Load(), r.Sources[0].Full)
	}
}
