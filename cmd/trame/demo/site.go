package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"trame"
)

// site is one site of the web: a table of addresses and answers, all made when
// the web starts, since a port is known only then.
type site struct {
	id, name, country string
	kind              string // of the source
	look              string // name of its corpus, template and style sheet
	makes             string // what its pieces are: a trame.Type… constant
	dated             bool   // its pages print the date of publication
	themes            map[string]string
	address           func(p *piece) string // path of a piece
	build             func(b *builder) error

	base    string // "http://127.0.0.1:40001"
	pieces  []*piece
	answers map[string]answer // by path, with its query if any
}

// answer is what a site says to one address.
type answer struct {
	status   int
	kind     string // content type
	location string // of a redirect
	etag     bool
	modified time.Time // zero: no Last-Modified
	always   bool      // Last-Modified is the moment of the answer, as SPIP does
	header   map[string]string
	body     []byte
}

// sites returns the sites without their texts.
func sites() []*site {
	return []*site{
		wordpress(), spip(), handmade(), teasers(), review(), blog(), events(), list(),
	}
}

// load returns the sites with their texts.
func load() ([]*site, error) {
	all := sites()
	for _, s := range all {
		s.answers = map[string]answer{}
		if err := readCorpus(s); err != nil {
			return nil, err
		}
		if len(s.pieces) == 0 {
			return nil, fmt.Errorf("demo: no text for %s", s.id)
		}
	}
	return all, nil
}

// build gives every piece its address, then makes the answers of every site.
func build(all []*site) error {
	known := map[string]*piece{}
	for _, s := range all {
		for _, p := range s.pieces {
			p.url = s.base + s.address(p)
			known[s.look+"/"+p.slug] = p
		}
	}
	for _, s := range all {
		b, err := newBuilder(s, known)
		if err != nil {
			return err
		}
		if err := s.build(b); err != nil {
			return fmt.Errorf("demo: build %s: %w", s.id, err)
		}
		b.file("/robots.txt", "text/plain; charset=utf-8", []byte(s.robots()))
	}
	return nil
}

// robots returns a robots.txt of the usual kind.
func (s *site) robots() string {
	closed := map[string]string{"wordpress": "/wp-admin/", "spip": "/ecrire/", "teasers": "/user/"}[s.look]
	text := "User-agent: *\nDisallow: " + closed + "\n"
	for _, path := range []string{"/wp-sitemap.xml", "/sitemap.xml"} {
		if _, ok := s.answers[path]; ok {
			text += "\nSitemap: " + s.base + path + "\n"
		}
	}
	return text
}

func (s *site) source() trame.Source {
	return trame.Source{
		ID: s.id, URL: s.base + "/", Name: s.name, Country: s.country, Kind: s.kind,
		Themes: s.themes, Delay: time.Millisecond, Every: "auto", Text: "full",
		Note: "site de démonstration : textes écrits pour Trame, personnes et lieux inventés",
	}
}

// ServeHTTP answers from the table. A query that the table does not know is
// ignored, and a missing final slash is a redirect, as on most servers.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "405 Méthode non permise", http.StatusMethodNotAllowed)
		return
	}
	a, ok := s.answers[r.URL.Path]
	if r.URL.RawQuery != "" {
		if exact, found := s.answers[r.URL.Path+"?"+r.URL.RawQuery]; found {
			a, ok = exact, true
		} else if s.look == "spip" {
			ok = false
		}
	}
	if !ok {
		if _, dir := s.answers[r.URL.Path+"/"]; dir {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return
		}
		a = s.answers["404"]
	}
	a.send(w, r)
}

func (a answer) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.location != "" {
		http.Redirect(w, r, a.location, a.status)
		return
	}
	h.Set("Content-Type", a.kind)
	if a.status != http.StatusOK {
		w.WriteHeader(a.status)
		w.Write(a.body)
		return
	}
	if a.etag {
		sum := sha256.Sum256(a.body)
		h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	}
	if a.always {
		h.Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		w.Write(a.body)
		return
	}
	http.ServeContent(w, r, "", a.modified, bytes.NewReader(a.body))
}

// path returns the path of an address of the site.
func (s *site) path(url string) string { return strings.TrimPrefix(url, s.base) }
