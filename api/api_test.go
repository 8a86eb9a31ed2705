package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"trame"
	"trame/api"
	"trame/archive"
	"trame/french"
	"trame/index"
)

var update = flag.Bool("update", false, "write the golden answers")

var themes = []trame.Theme{
	{ID: "travail-social", Label: map[string]string{"fr": "Travail social", "en": "Social work"}, Query: `titre:"travail social"`},
	{ID: "deontologie", Label: map[string]string{"fr": "Éthique et déontologie"}, Parent: "travail-social", Query: "déontologie"},
	{ID: "secret-professionnel", Label: map[string]string{"fr": "Secret professionnel"}, Parent: "deontologie", Query: `"secret professionnel"`},
	{ID: "logement", Label: map[string]string{"fr": "Logement"}, Query: "logement"},
	{ID: "orphelin", Label: map[string]string{"fr": "Orphelin"}, Parent: "disparu", Query: "orphelin"},
}

// articles are invented; between them they use every field.
var articles = []trame.Article{
	{
		URL: "https://revue.example/secret", Title: "Le secret professionnel à l’épreuve", Authors: []string{"Anne Lebrun", "Karim El Idrissi"},
		Source: "revue", SourceName: "La Revue", Country: "BE", Language: "fr", Published: trame.Date{Year: 2015, Month: 4, Day: 5}, PublishedFrom: trame.FromJSONLD,
		Updated: time.Date(2016, 1, 2, 3, 4, 5, 0, time.UTC), Type: trame.TypeReport, Section: "Études", Tags: []string{"secret", "droit"},
		Themes: []string{"deontologie", "secret-professionnel"}, Summary: "Une étude.", Words: 42, Image: "https://revue.example/i.png",
		Text:        "Le secret professionnel protège la parole. <b>Ceci</b> n’est pas une balise & reste du texte.",
		Attachments: []trame.Attachment{{URL: "https://revue.example/e.pdf", Title: "L’étude", MediaType: "application/pdf", Pages: 40}},
		AlsoAt:      []trame.Place{{URL: "https://ailleurs.example/secret", Source: "ailleurs"}},
		ListedBy:    []trame.Place{{URL: "https://liste.example/1", Source: "liste"}},
	},
	{
		URL: "https://formations.example/1", Title: "Journée sur le secret partagé", Source: "formations", SourceName: "Formations", Country: "BE", Language: "fr",
		Published: trame.Date{Year: 2022, Month: 10}, PublishedFrom: trame.FromText, Type: trame.TypeEvent, Themes: []string{"secret-professionnel"},
		Text:  "Une journée de formation.",
		Event: &trame.Event{Dates: []trame.Date{{Year: 2022, Month: 11, Day: 15}, {Year: 2022, Month: 12}}, Time: "9 h", Place: "Namur", Price: "50 €", Organizer: "Formations"},
	},
	{URL: "https://libre.example/logement", Title: "Habiter", Source: "libre", SourceName: "Libre", Country: "FR", Language: "fr", Published: trame.Date{Year: 2019}, PublishedFrom: trame.FromURL, Type: trame.TypeArticle, Themes: []string{"logement"}, Text: "Le logement d’abord, en entier."},
	{URL: "https://revue.example/vieux", Title: "Sans date", Source: "revue", SourceName: "La Revue", Country: "BE", Type: trame.TypeArticle, Text: "On ne sait pas quand.", Gone: true},
	{URL: "https://revue.example/cpas", Title: "Au CPAS de Namur", Source: "revue", SourceName: "La Revue", Country: "BE", Published: trame.Date{Year: 2015, Month: 6, Day: 1}, Type: trame.TypeArticle, Text: "Une journée au guichet du centre public d’action sociale, où le secret se garde mal."},
	{URL: "https://libre.example/ccas", Title: "Au guichet du CCAS", Source: "libre", SourceName: "Libre", Country: "FR", Published: trame.Date{Year: 2020}, Type: trame.TypeArticle, Text: "Le CCAS reçoit sans rendez-vous. Le guichet ouvre à neuf heures, chaque journée."},
}

// world is the API over a real archive and a real index.
type world struct {
	archive *archive.Archive
	search  trame.Searcher
	http    http.Handler
}

func newWorld(t *testing.T) world {
	t.Helper()
	seen := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	a, err := archive.Open(t.Context(), "sqlite:"+t.TempDir()+"/trame.db", archive.Options{Now: func() time.Time { return seen }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	for _, s := range []trame.Source{
		{ID: "revue", Name: "La Revue", URL: "https://revue.example/", Country: "BE"},
		{ID: "formations", Name: "Formations", URL: "https://formations.example/", Country: "BE", Kind: trame.KindEvents},
		{ID: "libre", Name: "Libre", URL: "https://libre.example/", Country: "FR", Text: "full", Feeds: []string{"https://libre.example/feed/"}},
	} {
		if err := a.PutSource(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Import(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	e, err := index.Open(t.Context(), "bleve:"+t.TempDir()+"/index", a, index.Options{Themes: themes, Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := index.CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Search(t.Context(), trame.Query{Text: "zyzomys"}); err != nil { // whose spelling waits for the words that are read in the background
		t.Fatal(err)
	}
	waitForTitles(t, e)
	return world{a, e, mount(a, e)}
}

// waitForTitles returns once titles have been read in the background.
func waitForTitles(t *testing.T, s trame.Searcher) {
	t.Helper()
	for range 10_000 {
		all, err := s.Suggest(t.Context(), "secret", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if c.Kind == trame.CompleteTitle {
				return
			}
		}
		<-time.After(time.Millisecond)
	}
	t.Fatal("no title is suggested")
}

func mount(a *archive.Archive, s trame.Searcher) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	api.Mount(r, a, s, api.Options{Themes: themes, Version: "essai"})
	return r
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec
}

// golden are questions whose answers are kept, word for word.
var golden = map[string]string{
	"all":      "/api/v1/articles?facets=theme,source,country,type,year",
	"secret":   "/api/v1/articles?q=secret+professionnel",
	"filtered": "/api/v1/articles?country=BE&theme=secret-professionnel&from=2020&facets=theme,country&per_page=1",
	"nothing":  "/api/v1/articles?q=zyzomys&facets=year",
	"second":   "/api/v1/articles?per_page=1&page=2&sort=oldest",
	"added":    "/api/v1/articles?q=CPAS+journee",
	"twins":    "/api/v1/articles?q=CPAS&twins=on&country=FR",
	"strict":   "/api/v1/articles?q=CPAS&strict=on",
	"long":     "/api/v1/articles?q=comment+parler+du+secret+professionnel+au+logement",
	"before":   "/api/v1/articles?as_of=2026-11-24",
	"remarks":  "/api/v1/articles?q=secret^2",
	"similar":  "/api/v1/articles/" + trame.ID("https://revue.example/cpas") + "/similar?limit=3",
	"alone":    "/api/v1/articles/" + trame.ID("https://libre.example/logement") + "/similar",
	"context":  "/api/v1/concordance?q=%22secret+professionnel%22+OU+guichet&sort=right",
	"suggest":  "/api/v1/suggest?q=secret+prof",
	"begun":    "/api/v1/suggest?q=lo&limit=3",
	"names":    "/api/v1/suggest?q=an",
	"trends":   "/api/v1/trends?q=secret&country=BE&interval=month&to=2015",
	"years":    "/api/v1/trends",
	"report":   "/api/v1/articles/" + trame.ID("https://revue.example/secret"),
	"full":     "/api/v1/articles/" + trame.ID("https://libre.example/logement"),
	"event":    "/api/v1/articles/" + trame.ID("https://formations.example/1"),
	"undated":  "/api/v1/articles/" + trame.ID("https://revue.example/vieux"),
	"themes":   "/api/v1/themes",
	"sources":  "/api/v1/sources",
	"status":   "/api/v1/status",
	"unknown":  "/api/v1/articles/0123456789abcdef",
	"mistake":  "/api/v1/articles?q=logement+ab*",
	"deep":     "/api/v1/articles?page=100000",
}

// varying is what changes from run to run, or belongs to the tests of package
// index: times, scores, terms and the words for a query.
var varying = regexp.MustCompile(`"(took_ms|score)":[-+.e0-9]+|"(understood)":"[^"]*"|"(terms)":\[[^\]]*\]|"(next_cursor)":"[^"]*"|"(next)":"[^"]*"`)

func TestGoldenAnswers(t *testing.T) {
	w := newWorld(t)
	for name, path := range golden {
		t.Run(name, func(t *testing.T) {
			rec := get(t, w.http, path)
			var pretty bytes.Buffer
			fmt.Fprintf(&pretty, "GET %s\n%d %s\n", path, rec.Code, rec.Header().Get("Content-Type"))
			if err := json.Indent(&pretty, varying.ReplaceAll(rec.Body.Bytes(), []byte(`"$1$2$3$4$5":"*"`)), "", "  "); err != nil {
				t.Fatalf("not JSON: %v\n%s", err, rec.Body)
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, pretty.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
				t.Errorf("answer differs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnswersKeepTheirPromise checks every answer against the schema that the
// OpenAPI document gives for its path and status.
func TestAnswersKeepTheirPromise(t *testing.T) {
	w := newWorld(t)
	rec := get(t, w.http, "/api/openapi.json")
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct{ Schema *huma.Schema }
			}
		}
		Components struct{ Schemas map[string]*huma.Schema }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s, want 3.1", doc.OpenAPI)
	}
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	for name, s := range doc.Components.Schemas {
		s.PrecomputeMessages()
		registry.Map()[name] = s
	}
	busy := mount(w.archive, failing{trame.ErrBusy})
	broken := mount(w.archive, failing{errors.New("disk on fire")})
	check := func(h http.Handler, path string) {
		rec := get(t, h, path)
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		route := u.Path
		if id, ok := strings.CutPrefix(route, "/api/v1/articles/"); ok {
			_, under, _ := strings.Cut(id, "/")
			route = strings.TrimSuffix("/api/v1/articles/{id}/"+under, "/")
		}
		media := rec.Header().Get("Content-Type")
		content, ok := doc.Paths[route]["get"].Responses[fmt.Sprint(rec.Code)].Content[media]
		if !ok {
			t.Errorf("GET %s: %d %s is not in the document", path, rec.Code, media)
			return
		}
		var v any
		if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		res := &huma.ValidateResult{}
		content.Schema.PrecomputeMessages()
		huma.Validate(registry, content.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, res)
		for _, e := range res.Errors {
			t.Errorf("GET %s: %v", path, e)
		}
	}
	for _, path := range golden {
		check(w.http, path)
	}
	check(w.http, "/api/v1/articles?q=secret+professionnel&explain=1")
	for _, path := range []string{"/api/v1/articles", "/api/v1/suggest?q=secret", "/api/v1/trends", "/api/v1/concordance", "/api/v1/concordance.csv", "/api/v1/articles/" + trame.ID(articles[0].URL) + "/similar", "/api/v1/themes", "/api/v1/status"} {
		check(busy, path)
		check(broken, path)
	}
}

// failing is a searcher that gives an error.
type failing struct{ err error }

func (f failing) Search(context.Context, trame.Query) (*trame.Results, error) { return nil, f.err }

func (f failing) Suggest(context.Context, string, int) ([]trame.Completion, error) {
	return nil, f.err
}

func (f failing) Similar(context.Context, string, int) ([]trame.Relative, error) { return nil, f.err }

func (f failing) Concordance(context.Context, trame.Query, trame.ConcordanceOptions) (*trame.Concordance, error) {
	return nil, f.err
}

func (f failing) Trends(context.Context, trame.Query, string) (*trame.Trends, error) {
	return nil, f.err
}

func TestErrors(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		h      http.Handler
		path   string
		status int
		say    string
	}{
		{w.http, "/api/v1/articles?q=ab*", 400, `"field":"q","at":0`},
		{w.http, "/api/v1/articles?q=logement+ab*", 400, `"field":"q","at":9`},
		{w.http, "/api/v1/articles?from=demain", 400, `"field":"from"`},
		{w.http, "/api/v1/articles?per_page=101", 400, `"field":"per_page"`},
		{w.http, "/api/v1/articles?per_page=-1", 400, `"field":"per_page"`},
		{w.http, "/api/v1/articles?page=9223372036854775807", 400, `"field":"page"`},
		{w.http, "/api/v1/articles?facets=text", 400, `"field":"facets"`},
		{w.http, "/api/v1/articles?sort=random", 400, `"field":"sort"`},
		{w.http, "/api/v1/articles?cursor=abc", 400, `"field":"cursor"`},
		{w.http, "/api/v1/articles?cursor=a.b", 400, `"field":"cursor"`},
		{w.http, "/api/v1/articles?twins=perhaps", 400, `"field":"twins"`},
		{w.http, "/api/v1/articles?strict=2", 400, `"field":"strict"`},
		{w.http, "/api/v1/articles?explain=2", 400, `"field":"explain"`},
		{w.http, "/api/v1/articles?as_of=hier", 400, `"field":"as_of"`},
		{w.http, "/api/v1/concordance?q=logement+ab*", 400, `"field":"q","at":9`},
		{w.http, "/api/v1/concordance", 400, `"field":"q"`},
		{w.http, "/api/v1/concordance?q=secret&sort=newest", 400, `"field":"sort"`},
		{w.http, "/api/v1/concordance?q=secret&limit=many", 400, `"field":"limit"`},
		{w.http, "/api/v1/concordance.csv?q=secret&limit=1001", 400, `"field":"limit"`},
		{mount(w.archive, failing{trame.ErrBusy}), "/api/v1/concordance.csv", 503, "Réessayez"},
		{w.http, "/api/v1/suggest?q=secret&limit=11", 400, `"field":"limit"`},
		{w.http, "/api/v1/suggest?q=%zz", 400, "mal formée"},
		{mount(w.archive, failing{trame.ErrBusy}), "/api/v1/suggest?q=secret", 503, "Réessayez"},
		{w.http, "/api/v1/trends?interval=week", 400, `"field":"interval"`},
		{w.http, "/api/v1/trends?q=logement+ab*", 400, `"field":"q","at":9`},
		{mount(w.archive, failing{trame.ErrBusy}), "/api/v1/trends", 503, "Réessayez"},
		{w.http, "/api/v1/articles?q=%zz", 400, "mal formée"},
		{w.http, "/api/v1/articles/nope", 404, "n’est pas dans le fonds"},
		{w.http, "/api/v1/articles/nope/similar", 404, "n’est pas dans le fonds"},
		{w.http, "/api/v1/articles/0123456789abcdef/similar", 404, "n’est pas dans le fonds"},
		{w.http, "/api/v1/articles/" + trame.ID(articles[0].URL) + "/similar?limit=51", 400, `"field":"limit"`},
		{mount(w.archive, failing{trame.ErrBusy}), "/api/v1/articles/" + trame.ID(articles[0].URL) + "/similar", 503, "Réessayez"},
		{w.http, "/api/v1/articles/..%2f..%2fetc", 404, ""},
		{mount(w.archive, failing{trame.ErrBusy}), "/api/v1/articles", 503, "Réessayez"},
		{mount(w.archive, failing{context.DeadlineExceeded}), "/api/v1/articles", 503, "Réessayez"},
		{mount(w.archive, failing{errors.New("disk on fire at /secret")}), "/api/v1/articles", 500, "L’erreur vient de Trame"},
	}
	for _, tt := range tests {
		rec := get(t, tt.h, tt.path)
		if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.say) {
			t.Errorf("GET %s: %d %s, want %d with %s", tt.path, rec.Code, rec.Body, tt.status, tt.say)
		}
		if tt.say != "" && rec.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("GET %s: %s", tt.path, rec.Header().Get("Content-Type"))
		}
		if tt.status == 503 && rec.Header().Get("Retry-After") == "" {
			t.Errorf("GET %s: no Retry-After", tt.path)
		}
		if strings.Contains(rec.Body.String(), "/secret") {
			t.Errorf("GET %s tells the inside of an error", tt.path)
		}
	}
}

func TestHead(t *testing.T) {
	w := newWorld(t)
	for path, status := range map[string]int{"/api/v1/articles?q=secret": 200, "/api/v1/themes": 200, "/api/openapi.json": 200, "/api/v1/articles/0123456789abcdef": 404} {
		rec := httptest.NewRecorder()
		w.http.ServeHTTP(rec, httptest.NewRequest(http.MethodHead, path, nil))
		if rec.Code != status || rec.Header().Get("Content-Type") != get(t, w.http, path).Header().Get("Content-Type") {
			t.Errorf("HEAD %s: %d %s, want %d", path, rec.Code, rec.Header().Get("Content-Type"), status)
		}
	}
}

// TestHostileQueries asks the corpus of hostile texts in every parameter: an
// answer or a refusal, never a failure.
func TestHostileQueries(t *testing.T) {
	w := newWorld(t)
	texts := []string{"*", "**", "?", "/.*/", "~", `"`, `""`, "(", "((((", ")", "-", "- -", "a OU", "OU OU", "titre:", "titre:titre:a", "date:", "date:9999..1", "date:..", `"a"~99999`, "\x00", "\xff\xfe", "%", "<script>", strings.Repeat("a ", 300), strings.Repeat("(", 500), strings.Repeat(`"`, 501), "{\"query\":{}}", "+a^9", "a:b:c", "\u202eabc", "🙂*"}
	for _, text := range texts {
		for _, name := range []string{"q", "theme", "source", "country", "type", "author", "language", "from", "to", "sort", "page", "per_page", "facets", "cursor", "as_of", "strict", "twins", "explain", "interval"} {
			for _, at := range []string{"/api/v1/articles?", "/api/v1/trends?", "/api/v1/suggest?", "/api/v1/concordance?", "/api/v1/concordance.csv?"} {
				path := at + url.Values{name: {text}}.Encode()
				if rec := get(t, w.http, path); rec.Code != 200 && rec.Code != 400 {
					t.Errorf("GET %s: %d %s", path, rec.Code, rec.Body)
				}
			}
		}
	}
}

// TestArticleFormIsTheContract compares the articles of answers with the form of
// import and export: same names, same values, but the text.
func TestArticleFormIsTheContract(t *testing.T) {
	w := newWorld(t)
	for _, in := range articles {
		a, err := w.archive.Article(t.Context(), trame.ID(in.URL))
		if err != nil {
			t.Fatal(err)
		}
		full := a.Source == "libre"
		if !full {
			a.Text = ""
		}
		b, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var want, got map[string]any
		if err := errors.Join(json.Unmarshal(b, &want), json.Unmarshal(get(t, w.http, "/api/v1/articles/"+a.ID).Body.Bytes(), &got)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-export +api):\n%s", in.URL, diff)
		}
	}
	ours := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[api.Article]()) {
		ours[strings.Split(f.Tag.Get("json"), ",")[0]] = true
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[trame.Article]()) {
		if name := strings.Split(f.Tag.Get("json"), ",")[0]; !ours[name] {
			t.Errorf("answers lack %q", name)
		}
	}
}

// TestExplain adds up what the scores are made of.
func TestExplain(t *testing.T) {
	w := newWorld(t)
	var a api.Answer
	if err := json.Unmarshal(get(t, w.http, "/api/v1/articles?q=secret+professionnel&explain=1").Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	for _, it := range a.Items {
		sum := 0.0
		for _, p := range it.Parts {
			sum += p.Gain
		}
		if math.Abs(sum-it.Score) > 1e-4 || len(it.Parts) < 2 {
			t.Errorf("%s scores %v: %+v", it.URL, it.Score, it.Parts)
		}
	}
	if len(a.Items) == 0 {
		t.Error("nothing found")
	}
}

// TestNextWalksThroughEverything follows next from page to page.
func TestNextWalksThroughEverything(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	at := "/api/v1/articles?per_page=1&sort=newest"
	for at != "" && len(seen) < 10 {
		var a api.Answer
		if err := json.Unmarshal(get(t, w.http, at).Body.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		for _, it := range a.Items {
			if seen[it.ID] {
				t.Errorf("%s twice", it.ID)
			}
			seen[it.ID] = true
		}
		at = a.Next
	}
	if len(seen) != len(articles) {
		t.Errorf("%d articles, want %d", len(seen), len(articles))
	}
}

// TestMovedArticle asks by the id that an article had at its old address.
func TestMovedArticle(t *testing.T) {
	w := newWorld(t)
	old, now := articles[2].URL, "https://libre.example/habiter"
	moved := archive.Visit{Link: archive.Link{URL: old, Host: "libre.example", Source: "libre", Kind: archive.LinkPage, State: archive.StateMoved, Target: now}}
	if _, err := w.archive.Save(t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	a := articles[2]
	a.URL, a.ID = now, trame.ID(now)
	if _, err := w.archive.Save(t.Context(), archive.Visit{Link: archive.Link{URL: now, Host: "libre.example", Source: "libre", Kind: archive.LinkPage, State: archive.StateRead}, Article: &a}); err != nil {
		t.Fatal(err)
	}
	rec := get(t, w.http, "/api/v1/articles/"+trame.ID(old))
	if want := "/api/v1/articles/" + trame.ID(now); rec.Code != http.StatusPermanentRedirect || rec.Header().Get("Location") != want {
		t.Errorf("%d %q, want 308 %q: %s", rec.Code, rec.Header().Get("Location"), want, rec.Body)
	}
	if rec, want := get(t, w.http, "/api/v1/articles/"+trame.ID(old)+"/similar"), "/api/v1/articles/"+trame.ID(now)+"/similar"; rec.Code != http.StatusPermanentRedirect || rec.Header().Get("Location") != want {
		t.Errorf("similar: %d %q, want 308 %q", rec.Code, rec.Header().Get("Location"), want)
	}
	if rec := get(t, w.http, rec.Header().Get("Location")); rec.Code != 200 {
		t.Errorf("at the new address: %d", rec.Code)
	}
}
