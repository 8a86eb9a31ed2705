package fetch

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func readJSON[T any](t *testing.T, name string) T {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestRobotsCases(t *testing.T) {
	type testCase struct {
		ID, Robots, Agent, URL, Note string
		Allow                        bool
	}
	cases := readJSON[[]testCase](t, "robots/cases.json")
	if len(cases) != 74 {
		t.Fatalf("%d cases, want 74", len(cases))
	}
	for _, c := range cases {
		u, took := mustURL(t, c.URL), time.Hour
		var got bool
		for range 3 { // the machine may be busy once
			start := time.Now()
			got = parseRobots(c.Robots, productToken(c.Agent), u).allows(u)
			took = min(took, time.Since(start))
		}
		if got != c.Allow {
			t.Errorf("%s: allows(%.80s) = %t, want %t: %s", c.ID, c.URL, got, c.Allow, c.Note)
		}
		if took > 50*time.Millisecond {
			t.Errorf("%s: took %v, want less than 50 ms", c.ID, took)
		}
	}
}

// Beyond the pack: lines that French sites really have, and the corners of the
// pattern language.
func TestRobotsMore(t *testing.T) {
	for _, c := range []struct {
		robots, path string
		allow        bool
	}{
		{"User-agent: *\nDisallow: /spip.php?page=recherche*\n", "/spip.php?page=recherche&recherche=x", false},
		{"User-agent: *\nDisallow: /*?\n", "/?", false},
		{"User-agent: *\nDisallow: /a%2Ab\n", "/a*b", false},
		{"User-agent: *\nDisallow: /a%2Ab\n", "/axb", true},
		{"User-agent: *\nDisallow: /prix%24\n", "/prix$", false},
		{"User-agent: *\nDisallow: /prix$eur\n", "/prix$eur", false},
		{"User-agent: *\nDisallow: /a b\n", "/a%20b", false},
		{"User-agent: *\nDisallow: /$\n", "/", false},
		{"User-agent: *\nDisallow: /$\n", "/a", true},
		{"User-agent: *\nDisallow: /a*$\n", "/abc", false},
		{"User-agent: *\nDisallow: /a*b*c$\n", "/a-b-c-c", false},
		{"User-agent: *\nDisallow: /ab*b$\n", "/ab", true},
		{"User-agent: *\nDisallow: $\n", "/", true},
		{"User-agent: *\nDisallow: /robots.txt\n", "/robots.txt", true},
		{"User-agent: *\nDisallow: /robots.txt\n", "/robots.txt?x", false},
		{"User-agent: *\nDisallow: /100%\n", "/100%25", false}, // a sign that begins no escape stands for itself
		{"User-agent: trame\nUser-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b", true},
		{"User-agent: *\nDisallow:\nUser-agent: Autre\nDisallow: /\n", "/a", true},
	} {
		r := parseRobots(c.robots, "Trame", mustURL(t, "https://exemple.test/"))
		if got := r.allows(mustURL(t, "https://exemple.test"+c.path)); got != c.allow {
			t.Errorf("%q allows %s = %t, want %t", c.robots, c.path, got, c.allow)
		}
	}
}

func TestRobotsRecords(t *testing.T) {
	text := "Sitemap: https://exemple.test/sitemap.xml\n" +
		"User-agent: *\nCrawl-delay: 2.5\nDisallow: /a\n" +
		"Sitemap: /plan.xml.gz\nSitemap: javascript:alert(1)\nSitemap: ftp://exemple.test/s.xml\n" +
		"User-agent: Trame\nCrawl-delay: NaN\nCrawl-delay: -3\nCrawl-delay: demain\nCrawl-delay: 7\n"
	base := mustURL(t, "https://exemple.test/robots.txt")
	for token, want := range map[string]time.Duration{"Trame": 7 * time.Second, "Autre": 2500 * time.Millisecond} {
		if got := parseRobots(text, token, base).crawlDelay; got != want {
			t.Errorf("crawlDelay for %s = %v, want %v", token, got, want)
		}
	}
	want := []string{"https://exemple.test/sitemap.xml", "https://exemple.test/plan.xml.gz"}
	if got := parseRobots(text, "Trame", base).sitemaps; !slices.Equal(got, want) {
		t.Errorf("sitemaps = %q, want %q", got, want)
	}
	many := strings.Repeat("Sitemap: /s.xml\n", 2*maxSitemaps)
	if got := len(parseRobots(many, "Trame", base).sitemaps); got != maxSitemaps {
		t.Errorf("%d sitemaps kept of %d, want %d", got, 2*maxSitemaps, maxSitemaps)
	}
}

// A file of the largest size, made of the dearest rules, must not hold up a crawl.
func TestRobotsWorstCase(t *testing.T) {
	line := "Disallow: /*a*a*a*a*b$\n"
	text := "User-agent: *\n" + strings.Repeat(line, maxRobots/len(line))
	u := mustURL(t, "https://exemple.test/"+strings.Repeat("a", maxURL-1))
	start := time.Now()
	r := parseRobots(text, "Trame", u)
	if !r.allows(u) {
		t.Error("allows = false, want true")
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}

func FuzzRobots(f *testing.F) {
	b, err := os.ReadFile("testdata/robots/cases.json")
	if err != nil {
		f.Fatal(err)
	}
	var cases []struct{ Robots, URL string }
	if err := json.Unmarshal(b, &cases); err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(c.Robots, strings.TrimPrefix(c.URL, "https://exemple.test"))
	}
	base := mustURL(f, "https://exemple.test/robots.txt")
	f.Fuzz(func(t *testing.T, text, path string) {
		r := parseRobots(text, "VeilleBot", base)
		u, err := base.Parse(path)
		if err != nil {
			return
		}
		got := r.allows(u)
		// The order of the rules never matters, nor does how the address is escaped.
		slices.Reverse(r.list)
		if r.allows(u) != got {
			t.Errorf("rules reversed: allows(%s) = %t, want %t", u, !got, got)
		}
		for _, s := range r.sitemaps {
			if v, err := url.Parse(s); err != nil || v.Scheme != "http" && v.Scheme != "https" {
				t.Errorf("sitemap %q, %v", s, err)
			}
		}
		if r.crawlDelay < 0 {
			t.Errorf("crawl delay %v", r.crawlDelay)
		}
		once := normalise(path)
		if twice := normalise(once); twice != once {
			t.Errorf("normalise(%q) = %q, then %q", path, once, twice)
		}
	})
}
