package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sites is how many fast hosts are crawled at once.
const sites = 8

// crawl crawls sites of articles with no pause between visits, alone and then
// beside a host that answers slowly and one that never ends its answers.
func (b bench) crawl(ctx context.Context, pages int) error {
	var fast []string
	for i := range sites {
		base, err := serveSite(ctx, articleSite(uint64(i), pages/sites))
		if err != nil {
			return err
		}
		fast = append(fast, base)
	}
	alone, err := b.crawlOnce(ctx, "alone", fast)
	if err != nil {
		return err
	}
	alone.print("crawl of 8 sites, no pause")
	slow, err := serveSite(ctx, slowSite())
	if err != nil {
		return err
	}
	endless, err := serveSite(ctx, endlessSite())
	if err != nil {
		return err
	}
	beside, err := b.crawlOnce(ctx, "beside", append(fast, slow, endless))
	if err != nil {
		return err
	}
	fmt.Printf("beside a slow and an endless host: the eight took %.1f s, %.2f times as long\n",
		beside.fast.Seconds(), beside.fast.Seconds()/alone.fast.Seconds())
	return nil
}

// crawled is the outcome of one crawl.
type crawled struct {
	usage
	visits, articles int
	fast             time.Duration // until the last of the fast sites was done
}

func (c crawled) print(what string) {
	fmt.Printf("%-27s %d pages, %d articles in %.1f s: %.0f pages a second, CPU %.1f ms a page, memory %d MB\n", what,
		c.visits, c.articles, c.Wall.Seconds(), float64(c.visits)/c.Wall.Seconds(), 1000*c.CPU.Seconds()/float64(c.visits), c.RSS>>20)
}

// crawlOnce runs `trame crawl` on a new data folder.
func (b bench) crawlOnce(ctx context.Context, name string, bases []string) (crawled, error) {
	list, allow := "", []string{}
	for i, base := range bases {
		pages := 0
		if i >= sites {
			pages = 4 // the slow ones: enough to hurt, few enough to end
		}
		list += fmt.Sprintf("- url: %s\n  id: site-%d\n  max_pages: %d\n", base, i, pages)
		allow = append(allow, strings.Trim(strings.TrimPrefix(base, "http://"), "/"))
	}
	file := filepath.Join(b.dir, name+".yaml")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		return crawled{}, err
	}
	out, u, err := b.run(ctx, name, "crawl", "--json", "--delay", "0s", "--sources", file, "--allow-net", strings.Join(allow, ","))
	if err != nil {
		return crawled{}, err
	}
	var report struct {
		Sources []struct {
			ID       string
			Visited  int
			New      int
			Duration time.Duration `json:"duration_ns"`
		}
	}
	if err := json.Unmarshal([]byte(out[strings.Index(out, "{"):]), &report); err != nil {
		return crawled{}, fmt.Errorf("report of trame crawl: %w", err)
	}
	c := crawled{usage: u}
	for _, s := range report.Sources {
		c.visits += s.Visited
		c.articles += s.New
		var n int
		if _, err := fmt.Sscanf(s.ID, "site-%d", &n); err == nil && n < sites {
			c.fast = max(c.fast, s.Duration)
		}
	}
	return c, nil
}

// serveSite serves a handler on a port of its own until the context ends.
func serveSite(ctx context.Context, h http.Handler) (base string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return "http://" + l.Addr().String() + "/", nil
}

// articleSite has n articles of about 600 words, a feed, and listings of twenty.
func articleSite(seed uint64, n int) http.Handler {
	const perList = 20
	mux := http.NewServeMux()
	w := newWriter(100 + seed)
	titles := make([]string, n)
	bodies := make([]string, n)
	for i := range n {
		titles[i] = w.title()
		bodies[i] = "<p>" + strings.Join(w.paragraphs(600), "</p>\n<p>") + "</p>"
	}
	day := func(i int) time.Time { return time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, -i) }
	frame := func(w http.ResponseWriter, title, main string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="fr"><head><title>%s – Banc %d</title><link rel="alternate" type="application/rss+xml" href="/feed/"></head>
<body><header><a href="/">Banc %d</a><nav><ul><li><a href="/">Accueil</a></li><li><a href="/liste/1/">Articles</a></li></ul></nav></header>
<main>%s</main><aside><h2>Les dernières nouvelles</h2><ul><li>Il y a 3 mois <a href="/article-0/">Un titre ancien</a></li></ul></aside>
<footer>Mentions légales</footer></body></html>`, html.EscapeString(title), seed, seed, main)
	}
	list := func(rw http.ResponseWriter, page int) {
		var b strings.Builder
		for i := (page - 1) * perList; i < min(page*perList, n); i++ {
			fmt.Fprintf(&b, `<h2><a href="/article-%d/">%s</a></h2>`, i, html.EscapeString(titles[i]))
		}
		if page*perList < n {
			fmt.Fprintf(&b, `<a rel="next" href="/liste/%d/">Suivants</a>`, page+1)
		}
		frame(rw, "Articles", b.String())
	}
	mux.HandleFunc("GET /{$}", func(rw http.ResponseWriter, _ *http.Request) { list(rw, 1) })
	mux.HandleFunc("GET /liste/{page}/", func(rw http.ResponseWriter, r *http.Request) {
		var page int
		if _, err := fmt.Sscanf(r.PathValue("page"), "%d", &page); err != nil || page < 1 || (page-1)*perList >= n {
			http.NotFound(rw, r)
			return
		}
		list(rw, page)
	})
	mux.HandleFunc("GET /{article}/", func(rw http.ResponseWriter, r *http.Request) {
		var i int
		if _, err := fmt.Sscanf(r.PathValue("article"), "article-%d", &i); err != nil || i < 0 || i >= n {
			http.NotFound(rw, r)
			return
		}
		frame(rw, titles[i], fmt.Sprintf(`<article><h1>%s</h1><time datetime="%s">%s</time>%s</article>`,
			html.EscapeString(titles[i]), day(i).Format(time.RFC3339), day(i).Format("02/01/2006"), bodies[i]))
	})
	mux.HandleFunc("GET /feed/", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(rw, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Banc</title>`)
		for i := range min(n, 10) {
			fmt.Fprintf(rw, `<item><title>%s</title><link>/article-%d/</link><pubDate>%s</pubDate></item>`,
				html.EscapeString(titles[i]), i, day(i).Format(time.RFC1123Z))
		}
		fmt.Fprint(rw, `</channel></rss>`)
	})
	return mux
}

// slowSite answers every request after two seconds.
func slowSite() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(2 * time.Second):
		case <-r.Context().Done():
			return
		}
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(rw, `<html lang="fr"><title>Lent</title><h1>Lent</h1><p>Une page qui vient tard.</p><a href="%s1/">suite</a></html>`, r.URL.Path)
	})
}

// endlessSite never ends its answers, but for robots.txt.
func endlessSite() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		block := []byte(strings.Repeat("<p>sans fin ", 1000))
		for range 10_000 { // 120 MB at the most
			if _, err := rw.Write(block); err != nil {
				return
			}
		}
	})
}
