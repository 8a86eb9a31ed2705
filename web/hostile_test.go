package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"trame"
	"trame/web"
)

// vector is a line of the corpus of hostile texts.
type vector struct{ ID, Ctx, Input string }

func vectors(t *testing.T) []vector {
	t.Helper()
	b, err := os.ReadFile("testdata/xss.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(b, &vs); err != nil {
		t.Fatal(err)
	}
	return vs
}

// hostileArticle carries a vector in every field that a page shows.
func hostileArticle(i int, v vector) trame.Article {
	x := v.Input
	return trame.Article{
		URL: fmt.Sprintf("https://hostile.example/%d", i), Title: x + " quincaillerie", Authors: []string{x}, Source: "hostile", SourceName: x,
		Country: "BE", Type: trame.TypeEvent, Section: x, Tags: []string{x}, Summary: x, Text: x + "\n\nquincaillerie " + x, Words: 10,
		Published: trame.Date{Year: 2020}, Event: &trame.Event{Dates: []trame.Date{{Year: 2021}}, Place: x, Time: x, Price: x, Organizer: x},
		Attachments: []trame.Attachment{{URL: x, Title: x, MediaType: x}},
		AlsoAt:      []trame.Place{{URL: x, Source: x}}, ListedBy: []trame.Place{{URL: x, Source: x}},
	}
}

// echo is a searcher that answers with articles as they are, and with markup
// that was never escaped: what a broken index would do.
type echo struct {
	trame.Searcher
	items []trame.Article
}

func (e echo) Search(_ context.Context, q trame.Query) (*trame.Results, error) {
	lo := min((q.Number()-1)*q.Size(), len(e.items))
	r := &trame.Results{Total: len(e.items), TotalArchive: len(e.items), Whole: 1, Facets: map[string][]trame.FacetValue{}}
	for _, a := range e.items[lo:min(lo+q.Size(), len(e.items))] {
		x := trame.Markup(a.Summary)
		r.Items = append(r.Items, trame.Hit{Article: a, TitleMarked: x, Snippet: "<mark>" + x + "</mark>", Missing: []string{a.Summary}})
		r.Dropped = append(r.Dropped, a.Summary)
		r.Added = append(r.Added, trame.Expansion{Words: a.Summary, With: []string{a.Summary}})
		r.Understood, r.Suggestion = a.Summary, &trame.Suggestion{Text: a.Summary, Total: 1}
		r.Twins = []trame.Twin{{Words: a.Summary, Country: a.Summary, Others: []string{a.Summary}, Gain: 1}}
		for _, f := range q.Facets {
			r.Facets[f] = append(r.Facets[f], trame.FacetValue{Value: a.Summary, Label: a.Summary, Count: 1})
		}
	}
	return r, nil
}

// Similar answers that each article is like itself.
func (e echo) Similar(_ context.Context, id string, _ int) ([]trame.Relative, error) {
	i := slices.IndexFunc(e.items, func(a trame.Article) bool { return trame.ID(a.URL) == id })
	if i < 0 {
		return nil, trame.ErrNotFound
	}
	return []trame.Relative{{Hit: trame.Hit{Article: e.items[i]}, Reason: e.items[i].Summary}}, nil
}

// hostileWorld is a site whose every text is hostile.
func hostileWorld(t *testing.T) (h http.Handler, paths []string) {
	vs := vectors(t)
	if len(vs) < 200 {
		t.Fatalf("%d vectors", len(vs))
	}
	var articles []trame.Article
	for i, v := range vs {
		articles = append(articles, hostileArticle(i, v))
	}
	w := newWorld(t, articles...)
	for i, v := range vs {
		id := fmt.Sprintf("s%d", i)
		s := trame.Source{ID: id, Name: v.Input, URL: v.Input}
		if err := w.archive.PutSource(t.Context(), s); err != nil {
			continue // refused at the door: it cannot reach a page
		}
		if err := w.archive.NoteSource(t.Context(), id, v.Input, v.Input); err != nil {
			t.Fatal(err)
		}
	}
	w.options.Notice, w.options.Version = vs[0].Input, vs[1].Input
	w.options.Status = func() string { return vs[2].Input }
	w.options.Themes = append(w.options.Themes, trame.Theme{ID: "x", Label: map[string]string{"fr": vs[3].Input}, Query: vs[4].Input})
	paths = []string{"/", "/sources", "/methode"}
	for i, a := range articles {
		q := url.Values{"q": {"quincaillerie"}, "author": {clipped(vs[i].Input)}}
		paths = append(paths, "/a/"+trame.ID(a.URL)+"?"+q.Encode())
	}
	for page := 1; page <= (len(vs)+99)/100; page++ {
		paths = append(paths, fmt.Sprintf("/recherche?per_page=100&page=%d", page))
	}
	for _, v := range vs {
		for _, name := range []string{"q", "theme", "source", "from", "sort"} {
			paths = append(paths, "/recherche?"+url.Values{name: {v.Input}}.Encode())
		}
	}
	return web.New(w.archive, echo{items: articles}, w.options), paths
}

// TestHostileTextsStayText parses every page and finds no element, attribute or
// address that is not ours.
func TestHostileTextsStayText(t *testing.T) {
	h, paths := hostileWorld(t)
	ours := elements(t, newWorld(t, sample(t)...).handler())
	bodies := 0
	for _, path := range paths {
		rec := get(t, h, path)
		if rec.Code >= 500 {
			t.Errorf("GET %s: %d", path, rec.Code)
		}
		if strings.Contains(rec.Body.String(), "quincaillerie") {
			bodies++
		}
		root, err := nethtml.Parse(strings.NewReader(rec.Body.String()))
		if err != nil {
			t.Fatal(err)
		}
		checkNesting(t, rec.Body.Bytes())
		for n := range root.Descendants() {
			if n.Type == nethtml.CommentNode {
				t.Errorf("GET %s: a comment", path)
			}
			if n.Type != nethtml.ElementNode {
				continue
			}
			checkElement(t, n)
			for _, a := range n.Attr {
				if !ours[n.Data][a.Key] {
					t.Errorf("GET %s: <%s %s> is not ours", path, n.Data, a.Key)
				}
			}
			if ours[n.Data] == nil {
				t.Errorf("GET %s: <%s> is not ours", path, n.Data)
			}
		}
		if t.Failed() {
			t.Fatalf("stopped at %s", path)
		}
	}
	if bodies < 200 {
		t.Errorf("only %d pages carried the texts", bodies)
	}
}

// elements learns from harmless pages which elements and attributes are ours.
func elements(t *testing.T, h http.Handler) map[string]map[string]bool {
	t.Helper()
	ours := map[string]map[string]bool{"mark": {}, "dl": {"class": true}, "small": {}}
	paths := []string{"/nulle-part", "/recherche?q=placement+ab*", "/recherche?from=demain", "/recherche?q=placement&country=CH", "/recherche?page=2&theme=protection-enfance"}
	for _, a := range sample(t) {
		paths = append(paths, "/a/"+trame.ID(a.URL)+"?q=placement+dossier")
	}
	for _, p := range everyPage(trame.ID(sample(t)[0].URL)) {
		paths = append(paths, p.path)
	}
	for _, path := range paths {
		root, err := nethtml.Parse(strings.NewReader(get(t, h, path).Body.String()))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == nethtml.ElementNode {
				if ours[n.Data] == nil {
					ours[n.Data] = map[string]bool{}
				}
				for _, a := range n.Attr {
					ours[n.Data][a.Key] = true
				}
			}
		}
	}
	ours["details"]["open"], ours["div"]["hidden"], ours["input"]["class"] = true, true, true // of long facets
	return ours
}

// TestLinkedDataIsData reads the JSON-LD of hostile pages back.
func TestLinkedDataIsData(t *testing.T) {
	h, paths := hostileWorld(t)
	n := 0
	for _, path := range paths {
		if !strings.HasPrefix(path, "/a/") {
			continue
		}
		body := get(t, h, path).Body.String()
		_, rest, ok := strings.Cut(body, `<script type="application/ld+json">`)
		if !ok {
			t.Fatalf("GET %s: no JSON-LD", path)
		}
		data, _, _ := strings.Cut(rest, "</script>")
		var v map[string]any
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			t.Errorf("GET %s: JSON-LD %v: %s", path, err, html.EscapeString(data))
		}
		if !strings.Contains(body, "Articles proches") {
			t.Errorf("GET %s shows no relatives", path)
		}
		n++
	}
	if n != len(vectors(t)) {
		t.Errorf("%d pages read", n)
	}
	if !slices.ContainsFunc(paths, func(p string) bool { return strings.Contains(p, "%3Cscript") }) {
		t.Error("no script among the addresses")
	}
}
