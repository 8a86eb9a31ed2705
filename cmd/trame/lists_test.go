package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trame"
	"trame/crawler/read"
)

// TestBuiltinLists holds the lists that the binary carries: they can be read,
// and what they say of each other is true.
func TestBuiltinLists(t *testing.T) {
	s := &Settings{}
	themes, err := s.themeList()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read.NewClassifier(themes); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, theme := range themes {
		known[theme.ID] = true
		if theme.Label["fr"] == "" || theme.Label["en"] == "" {
			t.Errorf("theme %s has no name in French or English", theme.ID)
		}
	}
	sources, err := s.sourceList()
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 50 || len(themes) < 20 {
		t.Errorf("%d sources and %d themes, want about 60 and 30", len(sources), len(themes))
	}
	for _, src := range sources {
		for section, theme := range src.Themes {
			if !known[theme] {
				t.Errorf("source %s maps %q to the theme %q, which is not there", src.ID, section, theme)
			}
		}
	}
}

// TestThesaurusSetting: the file of the setting takes the place of the built-in
// one, and check says which line of it is wrong, and how to mend it.
func TestThesaurusSetting(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mots.tsv")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &Settings{}
	words, err := s.thesaurus()
	if err != nil || len(words.Match([]string{"CPAS"})) != 1 {
		t.Fatalf("the built-in thesaurus does not know CPAS: %v", err)
	}
	write("kind\tcountry\tforms\tsource\nacronym\tCH\tOPAS|office de prévoyance\t\n")
	s = &Settings{Thesaurus: file, Data: t.TempDir(), Archive: "sqlite:", Index: "bleve:", Timezone: "Europe/Brussels", Delay: "2s", Log: "text"}
	words, err = s.thesaurus()
	if err != nil || len(words.Match([]string{"opas"})) != 1 || words.Match([]string{"CPAS"}) != nil {
		t.Errorf("the file does not replace the built-in thesaurus: %v", err)
	}
	write("kind\tcountry\tforms\tsource\nacronym\tCH\tOPAS\t\n")
	i := slices.IndexFunc(s.findings(t.Context()), func(f finding) bool {
		return f.What == "thesaurus" && !f.OK && f.Mend != "" && strings.Contains(f.Detail, "TRAME_THESAURUS: "+file+", line 2: ") && strings.Contains(f.Detail, "add a form")
	})
	if i < 0 {
		t.Errorf("check does not tell what is wrong with the thesaurus: %+v", s.findings(t.Context()))
	}
	if _, err := (&Settings{Thesaurus: filepath.Join(t.TempDir(), "none")}).thesaurus(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a thesaurus that is not there gives %v", err)
	}
}

func TestSourceList(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sources.yaml")
	const list = `
- url: HTTPS://www.Example.org
  country: be
- url: example.net/blog
  id: blog
  kind: list
  delay: 0s
  max_pages: 3
- url: 127.0.0.1:8101
  delay: 500ms
  themes: { "Travail social": travail-social }
`
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := (&Settings{Sources: file}).sourceList()
	if err != nil {
		t.Fatal(err)
	}
	want := []trame.Source{
		{ID: "example-org", URL: "HTTPS://www.Example.org", Name: "example.org", Country: "BE"},
		{ID: "blog", URL: "https://example.net/blog", Name: "example.net", Kind: trame.KindList, Delay: -1, MaxPages: 3},
		{ID: "127-0-0-1-8101", URL: "http://127.0.0.1:8101", Name: "127.0.0.1:8101", Delay: 500 * time.Millisecond,
			Themes: map[string]string{"Travail social": "travail-social"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sourceList differs (-want +got):\n%s", diff)
	}
	for name, text := range map[string]string{
		"no address":   "- id: a",
		"bad kind":     "- {url: https://a.example/, kind: blog}",
		"bad pattern":  `- {url: https://a.example/, include: ["("]}`,
		"bad delay":    "- {url: https://a.example/, delay: 3 apples}",
		"long delay":   "- {url: https://a.example/, delay: 48h}",
		"bad every":    "- {url: https://a.example/, every: sometimes}",
		"bad text":     "- {url: https://a.example/, text: all}",
		"bad id":       "- {url: https://a.example/, id: É t é}",
		"bad country":  "- {url: https://a.example/, country: Belgique}",
		"bad sitemap":  "- {url: https://a.example/, sitemap: perhaps}",
		"no list":      "url: https://a.example/",
		"not YAML":     "- {url: https://a.example/",
		"a bomb":       "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b]",
		"no http":      "- url: mailto:a@b.example",
		"two the same": "- url: https://a.example/\n- url: https://a.example/",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := (&Settings{Sources: file}).sourceList(); err == nil {
			t.Errorf("%s: sourceList = %+v, want an error", name, got)
		}
	}
}
