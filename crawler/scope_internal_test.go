package crawler

import (
	"net/url"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

func TestSPIPAddresses(t *testing.T) {
	const want = "http://x.be/spip.php?article4"
	for _, raw := range []string{
		"http://x.be/spip.php?article4", "http://x.be/?article4", "http://x.be/article4",
		"http://x.be/spip.php?page=article&id_article=4", "http://x.be/spip.php?article4&lang=fr",
	} {
		if got := spipURL(raw); got != want {
			t.Errorf("spipURL(%s) = %s, want %s", raw, got, want)
		}
	}
	for _, raw := range []string{
		"http://x.be/spip.php?rubrique2&debut_articles=10", "http://x.be/spip.php?page=plan",
		"http://x.be/Un-titre", "http://x.be/spip.php?page=backend&id_rubrique=3", "http://x.be/",
	} {
		if got := spipURL(raw); got != raw {
			t.Errorf("spipURL(%s) = %s, want it unchanged", raw, got)
		}
	}
}

func TestFollows(t *testing.T) {
	s := trame.Source{URL: "https://www.x.be/", Exclude: []string{"^/emploi/"}}
	sc, err := newScope(s, "wordpress")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]archive.LinkKind{
		"https://www.x.be/un-article/":                   archive.LinkPage,
		"http://x.be/un-article/":                        archive.LinkPage,
		"https://x.be/?p=12":                             archive.LinkPage,
		"https://x.be/category/social/":                  archive.LinkPager,
		"https://x.be/category/social/page/3/":           archive.LinkPager,
		"https://x.be/2015/04/":                          archive.LinkPager,
		"https://x.be/2015/04/05/un-article/":            archive.LinkPage,
		"https://x.be/page/2/":                           archive.LinkPager,
		"https://x.be/spip.php?rubrique4":                archive.LinkPager,
		"https://x.be/spip.php?article4":                 archive.LinkPage,
		"https://x.be/emploi/":                           "",
		"https://x.be/emploi/educateur-h-f/":             "",
		"https://y.be/un-article/":                       "",
		"https://blog.x.be/un-article/":                  "",
		"https://x.be:8080/un-article/":                  "",
		"https://x.be/wp-admin/":                         "",
		"https://x.be/wp-login.php":                      "",
		"https://x.be/xmlrpc.php?rsd":                    "",
		"https://x.be/wp-content/uploads/a.jpg":          "",
		"https://x.be/rapport.pdf":                       "",
		"https://x.be/un-article/feed/":                  "",
		"https://x.be/comments/feed/":                    "",
		"https://x.be/?s=secret":                         "",
		"https://x.be/un-article/?print=1":               "",
		"https://x.be/panier/":                           "",
		"https://x.be/spip.php?page=login&url=.":         "",
		"https://x.be/spip.php?page=imprimer&x=1":        "",
		"https://x.be/a/b/a/b/":                          "",
		"https://x.be/liste?a=1&b=1&c=1&d=1&e=1&f=1&g=1": "",
	}
	for raw, want := range kinds {
		if got, ok := sc.follows(raw); got != want || ok != (want != "") {
			t.Errorf("follows(%s) = %q, %v, want %q", raw, got, ok, want)
		}
	}
}

// TestOneFormOfASite: a site's pages have one address, in the form in which its
// home answers.
func TestOneFormOfASite(t *testing.T) {
	sc, err := newScope(trame.Source{URL: "http://x.be/"}, "")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{scope: sc}
	s.rebase("https://ailleurs.be/")
	for _, base := range []string{"http://x.be", "https://www.x.be"} {
		s.rebase(base + "/fr/")
		for raw, want := range map[string]string{
			"http://x.be/a?b=1": base + "/a?b=1", "https://www.x.be/a": base + "/a", "http://www.x.be": base + "/",
			"https://y.be/a": "https://y.be/a", "http://x.be:8080/a": "http://x.be:8080/a",
		} {
			if got, err := s.within().canonical(raw); err != nil || got != want {
				t.Errorf("home at %s: canonical(%s) = %s, %v, want %s", base, raw, got, err, want)
			}
		}
	}
}

func TestScopeUnderAPath(t *testing.T) {
	for raw, paths := range map[string]map[string]bool{
		"https://x.be/blog":           {"/blog": true, "/blog/a": true, "/blogue/a": false, "/a": false},
		"https://x.be/blog/":          {"/blog/a": true, "/a": false},
		"https://x.be/blog/index.php": {"/blog/a": true, "/a": false},
		"https://x.be/":               {"/a": true},
	} {
		sc, err := newScope(trame.Source{URL: raw}, "")
		if err != nil {
			t.Fatal(err)
		}
		for p, want := range paths {
			if _, got := sc.follows("https://x.be" + p); got != want {
				t.Errorf("source %s: follows(%s) = %v, want %v", raw, p, got, want)
			}
		}
	}
}

func TestTrapShapes(t *testing.T) {
	for raw, want := range map[string]bool{
		"http://x.be/a/b/c/":                              false,
		"http://x.be/2015/2015/04/":                       false,
		"http://x.be/a/b/a/b/":                            true,
		"http://x.be/infini/encore/encore/encore/":        true,
		"http://x.be/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15": true,
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := isTrapShape(u); got != want {
			t.Errorf("isTrapShape(%s) = %v, want %v", raw, got, want)
		}
	}
}

func TestIsPartOf(t *testing.T) {
	for _, tt := range []struct {
		next, first string
		want        bool
	}{
		{"http://x.be/titre/2/", "http://x.be/titre/", true},
		{"http://x.be/titre/2", "http://x.be/titre", true},
		{"http://x.be/titre?page=2", "http://x.be/titre", true},
		{"http://x.be/spip.php?article4&page=2", "http://x.be/spip.php?article4", true},
		{"http://x.be/autre-titre/", "http://x.be/titre/", false},
		{"http://x.be/titre/suite/", "http://x.be/titre/", false},
		{"http://x.be/2/", "http://x.be/", false},
		{"http://y.be/titre/2/", "http://x.be/titre/", false},
	} {
		if got := isPartOf(tt.next, tt.first); got != tt.want {
			t.Errorf("isPartOf(%s, %s) = %v, want %v", tt.next, tt.first, got, tt.want)
		}
	}
}

func TestRhythm(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	every := func(kind archive.LinkKind, changes ...bool) (out []time.Duration) {
		l := archive.Link{Kind: kind}
		for _, changed := range changes {
			l.Every = nextEvery(l, trame.Source{}, changed, trame.Date{}, now)
			out = append(out, l.Every)
		}
		return out
	}
	const h = time.Hour
	for _, tt := range []struct{ got, want []time.Duration }{
		{every(archive.LinkFeed, true, true, true, true), []time.Duration{h, h / 2, h / 4, h / 4}},
		{every(archive.LinkFeed, true, false, false), []time.Duration{h, h * 3 / 2, h * 9 / 4}},
		{every(archive.LinkPage, true, false, false, false, false), []time.Duration{24 * h, 48 * h, 96 * h, longest, longest}},
		{every(archive.LinkPage, true, false, true), []time.Duration{24 * h, 48 * h, 24 * h}},
	} {
		for i := range tt.want {
			if tt.got[i] != tt.want[i] {
				t.Errorf("rhythm %v, want %v", tt.got, tt.want)
				break
			}
		}
	}
	if got := nextEvery(archive.Link{Kind: archive.LinkPage}, trame.Source{}, true, trame.Date{Year: 2015}, now); got != longest {
		t.Errorf("an article of 2015 is asked again after %v, want %v", got, longest)
	}
	if got := nextEvery(archive.Link{Kind: archive.LinkFeed}, trame.Source{Every: "1m"}, true, trame.Date{}, now); got != shortest {
		t.Errorf("every 1m gives %v, want %v", got, shortest)
	}
	if got := []time.Duration{backOff(1), backOff(2), backOff(40)}; got[0] != 15*time.Minute || got[1] != 30*time.Minute || got[2] != longest {
		t.Errorf("backOff = %v", got)
	}
}
