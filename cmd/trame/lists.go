package main

import (
	"embed"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"trame"
	"trame/crawler"
	"trame/french"
)

//go:embed defaults/sources.yaml defaults/themes.yaml
var defaults embed.FS

const maxListFile = 4 << 20

// themeList returns the themes of the settings' file, or the built-in ones.
func (s *Settings) themeList() ([]trame.Theme, error) {
	var themes []trame.Theme
	if err := readList(s.Themes, "defaults/themes.yaml", &themes); err != nil {
		return nil, fmt.Errorf("TRAME_THEMES: %w", err)
	}
	seen := map[string]bool{}
	for i, t := range themes {
		switch {
		case t.ID == "" || strings.ContainsAny(t.ID, " /?#,"):
			return nil, fmt.Errorf("TRAME_THEMES: theme %d: an id is letters, digits and hyphens; this one is %q", i+1, t.ID)
		case seen[t.ID]:
			return nil, fmt.Errorf("TRAME_THEMES: theme %q stands twice", t.ID)
		case t.Parent == t.ID:
			return nil, fmt.Errorf("TRAME_THEMES: theme %q is its own parent", t.ID)
		}
		seen[t.ID] = true
	}
	parent := map[string]string{}
	for _, t := range themes {
		if t.Parent != "" && !seen[t.Parent] {
			return nil, fmt.Errorf("TRAME_THEMES: theme %q has parent %q, which is not in the list", t.ID, t.Parent)
		}
		parent[t.ID] = t.Parent
	}
	for _, t := range themes {
		steps := 0
		for at := t.ID; at != ""; at = parent[at] {
			if steps++; steps > len(themes) {
				return nil, fmt.Errorf("TRAME_THEMES: theme %q is among its own ancestors", t.ID)
			}
		}
	}
	return themes, nil
}

// sourceEntry is a source as the list writes it: a delay of 0s asks for none,
// where none is written the crawler's default holds.
type sourceEntry struct {
	trame.Source `yaml:",inline"`
	Wait         *time.Duration `yaml:"delay"`
}

// source checks and completes an entry.
func (e sourceEntry) source() (trame.Source, error) {
	src := e.Source
	if e.Wait != nil {
		if src.Delay = *e.Wait; src.Delay == 0 {
			src.Delay = -1
		} else if src.Delay < 0 || src.Delay > time.Hour {
			return src, fmt.Errorf("%s: delay %s: want between 0s and 1h", src.URL, src.Delay)
		}
	}
	return src, completeSource(&src)
}

// sourceList returns the sources of the settings' file, or the built-in ones.
func (s *Settings) sourceList() ([]trame.Source, error) {
	var entries []sourceEntry
	if err := readList(s.Sources, "defaults/sources.yaml", &entries); err != nil {
		return nil, fmt.Errorf("TRAME_SOURCES: %w", err)
	}
	var sources []trame.Source
	seen := map[string]bool{}
	for i, e := range entries {
		src, err := e.source()
		if err != nil {
			return nil, fmt.Errorf("TRAME_SOURCES: source %d: %w", i+1, err)
		}
		if seen[src.ID] {
			return nil, fmt.Errorf("TRAME_SOURCES: two sources have the id %q; give one another id", src.ID)
		}
		seen[src.ID] = true
		sources = append(sources, src)
	}
	return sources, nil
}

// completeSource checks a source and fills scheme, id and name where they are
// absent.
func completeSource(src *trame.Source) error {
	address := src.URL
	if !strings.Contains(address, "://") { // as people write addresses
		scheme := "https://"
		if private("http://" + address) {
			scheme = "http://"
		}
		address = scheme + address
	}
	canonical, err := crawler.CanonicalURL(address)
	if err != nil {
		return fmt.Errorf("url %q: %w; write it as https://example.org/", src.URL, err)
	}
	u, err := url.Parse(canonical)
	if err != nil {
		return fmt.Errorf("url %q: %w", src.URL, err)
	}
	src.URL = address
	host := strings.TrimPrefix(u.Host, "www.")
	if src.ID == "" {
		src.ID = sourceID(host, u.Path)
	}
	if sourceID(src.ID, "") != src.ID {
		return fmt.Errorf("id %q: use lower-case letters, digits and hyphens", src.ID)
	}
	if src.Name == "" {
		src.Name = host
	}
	src.Country = strings.ToUpper(src.Country)
	if src.Country != "" && !countryCode.MatchString(src.Country) {
		return fmt.Errorf("%s: country %q: want the two letters of a country, such as BE", src.ID, src.Country)
	}
	switch src.Sitemap {
	case "", "auto", "off":
	default:
		if _, err := crawler.CanonicalURL(src.Sitemap); err != nil {
			return fmt.Errorf("%s: sitemap %q: want auto, off or an address", src.ID, src.Sitemap)
		}
	}
	switch src.Kind {
	case "", trame.KindAuto, trame.KindFeed, trame.KindSite, trame.KindList, trame.KindEvents:
	default:
		return fmt.Errorf("%s: kind %q: want auto, feed, site, list or events", src.ID, src.Kind)
	}
	for _, re := range append(append([]string{}, src.Include...), src.Exclude...) {
		if _, err := regexp.Compile(re); err != nil {
			return fmt.Errorf("%s: pattern %q: %w", src.ID, re, err)
		}
	}
	for _, feed := range src.Feeds {
		if _, err := crawler.CanonicalURL(feed); err != nil {
			return fmt.Errorf("%s: feed %q: %w", src.ID, feed, err)
		}
	}
	if src.MaxPages < 0 {
		return fmt.Errorf("%s: max_pages %d: want 1 or more", src.ID, src.MaxPages)
	}
	if src.Every != "" && src.Every != "auto" {
		if d, err := time.ParseDuration(src.Every); err != nil || d < time.Minute {
			return fmt.Errorf("%s: every %q: want auto or a duration of 1m or more", src.ID, src.Every)
		}
	}
	if src.Text != "" && src.Text != "extract" && src.Text != "full" {
		return fmt.Errorf("%s: text %q: want extract or full", src.ID, src.Text)
	}
	return nil
}

// sourceID makes an id of a host and the last part of a path.
func sourceID(host, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	name := host
	if last := parts[len(parts)-1]; last != "" && !strings.Contains(last, ".") {
		name += "-" + last
	}
	return strings.Trim(notID.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// thesaurus returns that of the settings' file, or the built-in one.
func (s *Settings) thesaurus() (*french.Thesaurus, error) {
	if s.Thesaurus == "" {
		return french.DefaultThesaurus(), nil
	}
	f, err := os.Open(s.Thesaurus)
	if err != nil {
		return nil, fmt.Errorf("TRAME_THESAURUS: %w", err)
	}
	defer f.Close()
	t, err := french.ReadThesaurus(f, s.Thesaurus)
	if err != nil {
		return nil, fmt.Errorf("TRAME_THESAURUS: %w", err)
	}
	return t, nil
}

// readList reads a YAML list from a file, or from the built-in one where the
// path is empty. Unknown keys are errors: a misspelt key must not be lost.
func readList(path, builtin string, into any) error {
	var text []byte
	var err error
	if path == "" {
		text, err = defaults.ReadFile(builtin)
	} else {
		if info, statErr := os.Stat(path); statErr == nil && info.Size() > maxListFile {
			return fmt.Errorf("%s is larger than 4 MiB", path)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalWithOptions(text, into, yaml.Strict()); err != nil {
		if path == "" {
			path = builtin
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
