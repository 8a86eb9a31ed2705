package read

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

// shared returns the path of a file in ../shared beside the clone. Without it
// the measurement is skipped, but not where CI is set.
func shared(t testing.TB, elem ...string) string {
	t.Helper()
	p := filepath.Join(append([]string{"..", "..", "..", "shared"}, elem...)...)
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%v: CI measures with ../shared", err)
		}
		t.Skipf("no ../shared/%s here", filepath.Join(elem...))
	}
	return p
}

// letters is how truth files are compared: systems change quotes and spaces.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// capture is one recorded answer of a site of the rig.
type capture struct {
	URL    string
	Status int
	Header map[string]string
	Text   string
	Base64 string
}

func (c capture) body(t testing.TB) []byte {
	t.Helper()
	if c.Base64 == "" {
		return []byte(c.Text)
	}
	b, err := base64.StdEncoding.DecodeString(c.Base64)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// captures reads a recorded site.
func captures(t testing.TB, name string) map[string]capture {
	t.Helper()
	f, err := os.Open(shared(t, "rig", "captures", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]capture{}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 32<<20)
	for lines.Scan() {
		var c capture
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		out[c.URL] = c
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// truth is what a site of the rig really holds.
type truth struct {
	Base     string
	Chrome   []string `json:"chrome_never_in_body"`
	Articles []struct {
		URL, Title, Date, Author string
		Aliases, Pages           []string
		Categories, Tags         []string
		Must                     []string `json:"must_contain"`
		MustNot                  []string `json:"must_not_contain"`
		Attachments              []struct{ URL string }
	}
	Not   []struct{ URL, Why string }        `json:"not_articles"`
	Never []struct{ URL, Kind, Text string } `json:"never_found"`
}

func readTruth(t testing.TB, name string, port string) truth {
	t.Helper()
	b, err := os.ReadFile(shared(t, "rig", "truth", name))
	if err != nil {
		t.Fatal(err)
	}
	var tr truth
	if err := json.Unmarshal(b, &tr); err != nil {
		t.Fatal(err)
	}
	base := tr.Base // the same truth serves several ports
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(b), base+"/", "http://127.0.0.1:"+port+"/")), &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

var rigSeen = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// TestRecordedSites reads six recorded sites of the rig (WordPress under three
// themes, SPIP under two, Hugo) and holds every page against the truth.
func TestRecordedSites(t *testing.T) {
	for _, site := range []struct{ capture, truth, port string }{
		{"wordpress-8101.jsonl.gz", "wordpress.json", "8101"},
		{"wordpress-8102.jsonl.gz", "wordpress.json", "8102"},
		{"wordpress-8103.jsonl.gz", "wordpress.json", "8103"},
		{"spip-8111.jsonl.gz", "spip.json", "8111"},
		{"spip-8112.jsonl.gz", "spip.json", "8112"}, // its pages print neither date nor author: they come from its feeds by keyword
		{"hugo-8121.jsonl.gz", "hugo.json", "8121"},
	} {
		t.Run(site.port, func(t *testing.T) {
			pages := captures(t, site.capture)
			tr := readTruth(t, site.truth, site.port)
			hints := feedHints(t, pages)
			known := map[string]bool{}
			for _, a := range tr.Articles {
				for _, u := range append(append([]string{a.URL}, a.Aliases...), a.Pages...) {
					known[u] = true
				}
				c, ok := pages[a.URL]
				if !ok {
					t.Errorf("%s was not recorded", a.URL)
					continue
				}
				r := readCapture(t, c, hints[a.URL])
				checkReading(t, a.URL, r)
				if r.Verdict != IsArticle {
					t.Errorf("%s: %s (%s), want an article", a.URL, r.Verdict, r.Why)
				}
				if letters(r.Article.Title) != letters(a.Title) {
					t.Errorf("%s: title %q, want %q", a.URL, r.Article.Title, a.Title)
				}
				want := a.Date[:min(len(a.Date), 10)]
				if got := r.Article.Published.String(); got != want {
					t.Errorf("%s: published %s (%s), want %s", a.URL, got, r.Article.PublishedFrom, want)
				}
				if r.Article.Language != "fr" {
					t.Errorf("%s: language %q", a.URL, r.Article.Language)
				}
				if a.Author != "" && strings.Join(r.Article.Authors, ", ") != a.Author {
					t.Errorf("%s: authors %q, want %q", a.URL, r.Article.Authors, a.Author)
				}
				text := letters(r.Article.Text)
				for _, m := range a.Must {
					if !strings.Contains(text, letters(m)) && len(a.Pages) == 0 {
						t.Errorf("%s: the text lacks %q", a.URL, m)
					}
				}
				for _, m := range append(a.MustNot, tr.Chrome...) {
					if strings.Contains(text, letters(m)) {
						t.Errorf("%s: the text has %q", a.URL, m)
					}
				}
				got, all := map[string]bool{}, fmt.Sprint(r.Article.Attachments)
				for _, d := range r.Article.Attachments {
					got[d.URL] = true
				}
				for _, d := range a.Attachments {
					if !got[d.URL] {
						t.Errorf("%s: attachments %s, want %s", a.URL, all, d.URL)
					}
				}
			}
			strangers(t, pages, tr, known)
		})
	}
}

// strangers holds that nothing but articles is judged an article: neither what
// the truth names nor any other recorded page.
func strangers(t *testing.T, pages map[string]capture, tr truth, known map[string]bool) {
	t.Helper()
	locked := map[string]bool{}
	for _, n := range tr.Never {
		locked[n.URL] = n.Kind == "password"
	}
	named := 0
	for _, n := range tr.Not {
		if _, ok := pages[n.URL]; ok {
			named++
		}
	}
	if named < 6 {
		t.Errorf("only %d pages that are no articles were recorded", named)
	}
	for u, c := range pages {
		if c.Status != 200 || known[u] || !strings.Contains(c.Header["Content-Type"], "html") {
			continue
		}
		r := readCapture(t, c, Hint{})
		if canonical := r.Canonical; known[canonical] && r.Verdict == IsArticle { // another address of one
			continue
		}
		if locked[u] {
			if r.Verdict != IsLocked || r.Article.Text != "" {
				t.Errorf("%s: %s (%s), want locked and no text", u, r.Verdict, r.Why)
			}
			continue
		}
		if r.Verdict == IsArticle {
			t.Errorf("%s: %s (%s), want no article", u, r.Verdict, r.Why)
		}
	}
}

func readCapture(t testing.TB, c capture, h Hint) Reading {
	t.Helper()
	return Extract(Page{URL: address(t, c.URL), ContentType: c.Header["Content-Type"], Body: c.body(t), Hint: h, Fetched: rigSeen})
}

// feedHints gathers what the recorded feeds say of pages.
func feedHints(t testing.TB, pages map[string]capture) map[string]Hint {
	t.Helper()
	out := map[string]Hint{}
	for u, c := range pages {
		if c.Status != 200 || !strings.Contains(c.Header["Content-Type"], "xml") || strings.Contains(u, "sitemap") || strings.HasSuffix(u, ".xsl") {
			continue
		}
		base, err := url.Parse(u)
		if err != nil {
			t.Fatal(err)
		}
		f, err := ParseFeed(base, c.Header["Content-Type"], c.body(t))
		if err != nil {
			continue
		}
		for _, it := range f.Items {
			if h, ok := out[it.URL]; !ok || len(h.Content) < len(it.Hint.Content) {
				out[it.URL] = it.Hint
			}
		}
	}
	return out
}

// TestThemesOfSeeds gives themes to the two texts of the seeds that the recorded
// sites hold, as the comment at the head of themes.yaml wants them: an extraction
// that kept what surrounds a text would give more.
func TestThemesOfSeeds(t *testing.T) {
	c, err := NewClassifier(defaultThemes(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct{ capture, url, want string }{
		{"spip-8111.jsonl.gz", "http://127.0.0.1:8111/spip.php?article7", "secret-professionnel deontologie metiers-formation travail-social"},
		{"wordpress-8101.jsonl.gz", "http://127.0.0.1:8101/collectif-solidarite-contre-l-exclusion-le-dossier-social-electronique/", "secret-professionnel dossier-social-electronique minima-sociaux"},
		{"wordpress-8103.jsonl.gz", "http://127.0.0.1:8103/collectif-solidarite-contre-l-exclusion-le-dossier-social-electronique/", "secret-professionnel dossier-social-electronique minima-sociaux"},
	} {
		page, ok := captures(t, s.capture)[s.url]
		if !ok {
			t.Errorf("%s was not recorded", s.url)
			continue
		}
		got := c.Classify(readCapture(t, page, Hint{}).Article, nil)
		for _, w := range strings.Fields(s.want) {
			if !slices.Contains(got, w) {
				t.Errorf("%s: themes %q, want %s", s.url, got, w)
			}
		}
		for _, n := range strings.Fields("greves-mouvements protection-enfance handicap participation developpement-communautaire ecologie-sociale migrations non-recours mna addictions violences justice-detention genre-egalite numerique vieillissement") {
			if slices.Contains(got, n) {
				t.Errorf("%s: themes %q, want no %s", s.url, got, n)
			}
		}
		t.Logf("%s: %q", s.url, got)
	}
}
