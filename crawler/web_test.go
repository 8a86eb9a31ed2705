package crawler_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"trame"
	"trame/archive"
	"trame/crawler"
)

// web is a whole site read from a text file and served over loopback. A section
// "/path" is an answer: status, headers, an empty line, body. A section "@2
// /path" takes its place once the site is in its second state.
type web struct {
	*httptest.Server
	mu      sync.Mutex
	answers [2]map[string]answer
	second  bool
	hits    map[string]int // requests by path and query
	not304  map[string]int // those answered in full
	handler http.Handler   // for what no section names; nil is 404
}

type answer struct {
	status int
	header http.Header
	body   string
}

func newWeb(t *testing.T, file string) *web {
	t.Helper()
	w := &web{hits: map[string]int{}, not304: map[string]int{}, answers: [2]map[string]answer{{}, {}}}
	if file != "" {
		ar, err := txtar.ParseFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			state, path := 0, f.Name
			if p, ok := strings.CutPrefix(f.Name, "@2 "); ok {
				state, path = 1, p
			}
			w.answers[state][path] = parseAnswer(t, f.Name, string(f.Data))
		}
	}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func parseAnswer(t *testing.T, name, s string) answer {
	t.Helper()
	head, body, _ := strings.Cut(s, "\n\n")
	lines := strings.Split(head, "\n")
	status, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		t.Fatalf("section %s: %v", name, err)
	}
	a := answer{status: status, header: http.Header{}, body: body}
	for _, l := range lines[1:] {
		if k, v, ok := strings.Cut(l, ":"); ok {
			a.header.Add(k, strings.TrimSpace(v))
		}
	}
	return a
}

func (w *web) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	uri := r.URL.RequestURI()
	w.mu.Lock()
	w.hits[uri]++
	a, ok := w.answers[0][uri]
	if b, changed := w.answers[1][uri]; w.second && changed {
		a, ok = b, true
	}
	w.mu.Unlock()
	if !ok {
		if w.handler != nil {
			w.handler.ServeHTTP(out, r)
			return
		}
		http.NotFound(out, r)
		return
	}
	for k, v := range a.header {
		out.Header()[k] = v
	}
	if tag := a.header.Get("Etag"); tag != "" && r.Header.Get("If-None-Match") == tag {
		out.WriteHeader(http.StatusNotModified)
		return
	}
	w.mu.Lock()
	w.not304[uri]++
	w.mu.Unlock()
	out.WriteHeader(a.status)
	fmt.Fprint(out, w.fill(a.body))
}

var textMark = regexp.MustCompile(`\{\{text (\d+)\}\}`)

func (w *web) fill(s string) string {
	s = strings.ReplaceAll(s, "{{base}}", w.URL)
	return textMark.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.Atoi(textMark.FindStringSubmatch(m)[1])
		return madeUp(n)
	})
}

// madeUp returns three paragraphs that differ for each n and hold MARQUE-n-.
func madeUp(n int) string {
	who := []string{"L’équipe de rue", "Le service d’accompagnement", "Une assistante sociale", "Le comité des usagers", "La permanence juridique", "Le foyer d’accueil", "Un éducateur"}
	does := []string{"reçoit les familles du quartier sans rendez-vous", "rappelle que le secret appartient à la personne", "demande du temps plutôt que des formulaires", "tient un cahier des refus de guichet", "accompagne les démarches qui n’aboutissent pas", "écoute ceux que personne n’attend", "refuse de trier les demandes"}
	when := []string{"depuis trois hivers", "chaque jeudi soir", "malgré la fin des subsides", "avec des bénévoles formés", "dans une ancienne école", "au pied des immeubles", "en lien avec le CPAS"}
	var b strings.Builder
	for p := range 3 {
		fmt.Fprintf(&b, "<p>MARQUE-%d-%d.", n, p)
		for i := range 4 {
			k := n*7 + p*5 + i*3
			fmt.Fprintf(&b, " %s %s, %s, et cela fait %d situations suivies cette année.", who[k%7], does[(k/2+i)%7], when[(k/3+p)%7], 10+(n*13+p*7+i)%80)
		}
		b.WriteString("</p>\n")
	}
	return b.String()
}

func (w *web) port() string {
	return fmt.Sprint(w.Listener.Addr().(*net.TCPAddr).Port)
}

// mutate puts the site into its second state.
func (w *web) mutate() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.second = true
}

func (w *web) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.hits)
	clear(w.not304)
}

func (w *web) total() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.hits {
		n += c
	}
	return n
}

func (w *web) asked(uri string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hits[uri]
}

// crawlOf makes an archive with one source on the site and a crawler for it.
func crawlOf(t *testing.T, w *web, s trame.Source) (*archive.Archive, *crawler.Crawler) {
	t.Helper()
	a := openArchive(t)
	if s.URL == "" {
		s.URL = w.URL + "/"
	}
	if s.ID == "" {
		s.ID = "site"
	}
	if err := a.PutSource(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return a, newCrawler(t, a, "127.0.0.1:"+w.port())
}

// articles returns the articles of an archive by path.
func articles(t *testing.T, a *archive.Archive, w *web) map[string]trame.Article {
	t.Helper()
	out := map[string]trame.Article{}
	for art, err := range a.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimPrefix(art.URL, w.URL)] = art
	}
	return out
}

func mustCrawl(t *testing.T, c *crawler.Crawler, all bool) crawler.Report {
	t.Helper()
	r, err := c.Crawl(t.Context(), nil, all)
	if err != nil {
		t.Fatal(err)
	}
	if c.Panics() > 0 {
		t.Errorf("%d visits ended in a panic", c.Panics())
	}
	return r
}

func stateOf(t *testing.T, a *archive.Archive, url string) archive.Link {
	t.Helper()
	l, err := a.Link(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
