package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"trame"
	"trame/api"
	"trame/web"
)

// everyPage is a visit to each kind of page, with what its text must say when
// the archive is empty and when it is full; "" means that it has no such state.
func everyPage(id string) []struct{ path, empty, full string } {
	return []struct{ path, empty, full string }{
		{"/", "Le fonds est vide", "Derniers articles"},
		{"/recherche", "Le fonds est vide", "74 articles"},
		{"/recherche?q=placement", "Le fonds est vide", "pour « placement »"},
		{"/recherche?q=zyzomys", "Le fonds est vide", "Aucun article pour cette recherche"},
		{"/recherche?country=BE&theme=protection-enfance&from=2018&sort=oldest", "Le fonds est vide", "depuis 2018"},
		{"/recherche?q=CPAS+placement+logement&as_of=2030-01-01&twins=on", "", "Compris ainsi"},
		{"/recherche?q=placement&strict=on", "", "Chercher plus largement"},
		{"/recherche?page=2&per_page=50", "", "Page 2 sur 2"},
		{"/a/" + id, "", "Citer cet article"},
		{"/a/" + id + "?q=placement", "", "Retour aux résultats"},
		{"/sources", "Aucune source", "Couverture par source"},
		{"/aide", "Ce que vous pouvez écrire", "Ce que vous pouvez écrire"},
		{"/methode", "Droits des éditeurs", "Droits des éditeurs"},
		{"/api", "OpenAPI 3.1", "OpenAPI 3.1"},
	}
}

func TestEveryPageIsSound(t *testing.T) {
	articles := sample(t)
	id := trame.ID(articles[0].URL)
	for _, full := range []bool{false, true} {
		w := newWorld(t)
		if full {
			w = newWorld(t, articles...)
		}
		h := w.handler()
		for _, p := range everyPage(id) {
			want := p.empty
			if full {
				want = p.full
			}
			if want == "" {
				continue
			}
			t.Run(fmt.Sprintf("full=%v%s", full, p.path), func(t *testing.T) {
				rec := get(t, h, p.path)
				if rec.Code != http.StatusOK {
					t.Fatalf("status %d, want 200", rec.Code)
				}
				checkSound(t, rec.Body.Bytes())
				got := getPage(t, h, p.path)
				if !strings.Contains(got.text, want) {
					t.Errorf("does not say %q:\n%s", want, got.text)
				}
			})
		}
	}
}

// checkSound checks what holds for every page: nesting, one heading, no
// inline code, addresses of kinds that are safe, unique ids.
func checkSound(t *testing.T, body []byte) {
	t.Helper()
	checkNesting(t, body)
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	p := shown{root: root}
	if n := len(p.find("h1", "")); n != 1 {
		t.Errorf("%d h1, want 1", n)
	}
	ids := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		checkElement(t, n)
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q stands twice", id)
			}
			ids[id] = true
		}
	}
	for n := range root.Descendants() {
		for _, name := range []string{"for", "aria-labelledby"} {
			if to := attr(n, name); to != "" && !ids[to] {
				t.Errorf("%s=%q points at nothing", name, to)
			}
		}
	}
}

func checkElement(t *testing.T, n *html.Node) {
	t.Helper()
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
		case a.Key == "href" || a.Key == "src" || a.Key == "action":
			if !safeAddress(a.Val) {
				t.Errorf("<%s> leads to %q", n.Data, a.Val)
			}
		}
	}
	switch n.Data {
	case "script":
		if attr(n, "src") == "" && attr(n, "type") != "application/ld+json" {
			t.Error("inline script")
		}
	case "style", "iframe", "object", "embed", "base":
		t.Errorf("<%s> in a page", n.Data)
	}
}

func safeAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return u.Host != "" && u.User == nil
	}
	return u.Scheme == "" && u.Host == "" && (strings.HasPrefix(s, "/") || strings.HasPrefix(s, "#")) && !strings.HasPrefix(s, "//")
}

// checkNesting follows the tags as they are written: the parser would mend what
// the template broke.
func checkNesting(t *testing.T, body []byte) {
	t.Helper()
	void := strings.Fields("area base br col embed hr img input link meta source track wbr")
	var open []string
	for z := html.NewTokenizer(bytes.NewReader(body)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			if len(open) > 0 {
				t.Errorf("not closed: %v", open)
			}
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			if !slices.Contains(void, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// TestNoDeadLink follows every link inside the site, from page to page.
func TestNoDeadLink(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	seen, queue := map[string]bool{"/": true}, []string{"/"}
	for len(queue) > 0 && len(seen) < 1500 {
		at := queue[0]
		queue = queue[1:]
		rec := get(t, h, at)
		if rec.Code != http.StatusOK && rec.Code != http.StatusFound {
			t.Errorf("GET %s: %d", at, rec.Code)
			continue
		}
		if strings.Count(at, "=") > 1 || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
			continue // filters of filters have no end
		}
		root, err := html.Parse(rec.Body)
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			for _, name := range []string{"href", "src"} {
				to, _, _ := strings.Cut(attr(n, name), "#")
				if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "/api/") || seen[to] {
					continue
				}
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d addresses seen", len(seen))
	}
}

// TestAPIPageIsTrue opens every address of the API that the page on it names, and
// those of its other parameters.
func TestAPIPageIsTrue(t *testing.T) {
	w := newWorld(t, sample(t)...)
	r := web.New(w.archive, w.search, w.options)
	api.Mount(r, w.archive, w.search, api.Options{})
	n := 0
	open := func(path string) {
		t.Helper()
		if rec := get(t, r, path); rec.Code != http.StatusOK {
			t.Errorf("GET %s: %d %s", path, rec.Code, rec.Body)
		}
		n++
	}
	p := getPage(t, r, "/api")
	for _, a := range p.find("a", "") {
		if strings.HasPrefix(attr(a, "href"), "/api/") {
			open(attr(a, "href"))
		}
	}
	open("/api/v1/articles/" + trame.ID(sample(t)[0].URL) + "/similar")
	open("/api/v1/articles?q=placement&as_of=2026-11-25T10:30:00Z&twins=on&strict=on&explain=1&facets=theme,country,source,type,author,language,year,month")
	var first struct {
		Next string `json:"next_cursor"`
	}
	if err := json.Unmarshal(get(t, r, "/api/v1/articles?per_page=2").Body.Bytes(), &first); err != nil || first.Next == "" {
		t.Errorf("next_cursor = %q, %v", first.Next, err)
	}
	open("/api/v1/articles?per_page=2&cursor=" + first.Next)
	if n < 10 {
		t.Errorf("only %d addresses opened", n)
	}
}

// TestWeight holds the budget of the design: what a first visit loads.
func TestWeight(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	for _, path := range []string{"/", "/recherche", "/sources", "/methode"} {
		total := zipped(t, get(t, h, path).Body.Bytes())
		p := getPage(t, h, path)
		for _, n := range append(p.find("link", ""), p.find("script", "")...) {
			at := attr(n, "href") + attr(n, "src")
			if !strings.HasPrefix(at, "/assets/") {
				continue
			}
			body := get(t, h, at).Body.Bytes()
			size := len(body)
			if strings.HasSuffix(at, ".css") || strings.HasSuffix(at, ".js") {
				if size = zipped(t, body); size > 10<<10 {
					t.Errorf("%s: %d bytes compressed, want at most 10 KiB", at, size)
				}
			}
			total += size
		}
		if total > 120<<10 {
			t.Errorf("GET %s loads %d bytes, want at most 120 KiB", path, total)
		}
	}
}

func zipped(t *testing.T, body []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
