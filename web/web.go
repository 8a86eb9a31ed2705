// Package web serves the pages that people read: search, article, sources, help.
// Every page is made on the server and works without script; cmd joins it with
// package api behind one server.
//
// A page is one struct, rendered into a buffer and then written. Handlers return
// errors; answerError turns them into a page, or into a problem document for
// addresses under /api/.
package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"trame"
	"trame/archive"
)

// Options change how the pages behave; the zero value works.
type Options struct {
	BaseURL string           // public address for absolute links, "https://trame.example.org"; empty: links stay relative
	Themes  []trame.Theme    // for labels, the order and the tree of themes
	Version string           // shown in the footer
	Notice  string           // one French sentence on top of every page; empty: none
	Status  func() string    // one French sentence on the crawl under way; nil or "": none
	Ready   func() error     // why /readyz is not green; nil means always ready
	Now     func() time.Time // the clock; nil means time.Now
	Zone    *time.Location   // of the dates shown; nil means Europe/Brussels
	Log     *slog.Logger     // nil means nothing is logged
}

// site is what every handler needs.
type site struct {
	archive *archive.Archive
	search  trame.Searcher
	themes  *themeTree
	reasons *themeReasons
	pages   pages
	assets  *assets
	Options
}

// New returns a router with every page, the assets, /healthz, /readyz and
// robots.txt. Further routes may be added to it: they get the same headers,
// limits and recovery from panics. It panics only on a mistake in the embedded
// templates or assets, which the tests would find.
func New(a *archive.Archive, s trame.Searcher, o Options) *gin.Engine {
	st, err := newSite(a, s, o)
	if err != nil {
		panic(err)
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	if err := r.SetTrustedProxies(nil); err != nil { // nil cannot be malformed
		panic(err)
	}
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash = false // gin's redirect believes X-Forwarded-Prefix
	r.RedirectFixedPath = false
	r.Use(st.guard())
	st.routes(r)
	return r
}

func newSite(a *archive.Archive, s trame.Searcher, o Options) (*site, error) {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = brussels()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	st := &site{archive: a, search: s, themes: newThemeTree(o.Themes), Options: o}
	st.reasons = newThemeReasons(st.themes)
	var err error
	if st.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if st.pages, err = parsePages(st.assets); err != nil {
		return nil, err
	}
	return st, nil
}

// brussels is the zone of the pages; where the machine has no zone data, UTC.
func brussels() *time.Location {
	if z, err := time.LoadLocation("Europe/Brussels"); err == nil {
		return z
	}
	return time.UTC
}

func (s *site) routes(r *gin.Engine) {
	get := func(path string, h func(*gin.Context) error) {
		r.Match([]string{http.MethodGet, http.MethodHead}, path, s.handle(h))
	}
	get("/", s.home)
	get("/recherche", s.results)
	get("/a/:id", s.article)
	get("/sources", s.sources)
	get("/aide", s.text("aide"))
	get("/methode", s.method)
	get("/api", s.text("api"))
	get("/opensearch.xml", s.openSearch)
	get("/robots.txt", s.robots)
	get("/healthz", s.healthz)
	get("/readyz", s.readyz)
	get("/assets/*file", s.assets.serve)
	get("/favicon.ico", s.assets.favicon)
	r.NoRoute(s.handle(s.noRoute))
	r.NoMethod(s.handle(func(*gin.Context) error { return errMethod }))
}

// noRoute answers an unknown address; a known page with a slash too many is
// pointed at the right one.
func (s *site) noRoute(c *gin.Context) error {
	for _, p := range []string{"/recherche", "/sources", "/aide", "/methode", "/api"} {
		if c.Request.URL.Path == p+"/" {
			c.Redirect(http.StatusMovedPermanently, p)
			return nil
		}
	}
	return trame.ErrNotFound
}

func (s *site) healthz(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	c.String(http.StatusOK, "ok\n")
	return nil
}

func (s *site) readyz(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	if s.Ready != nil {
		if err := s.Ready(); err != nil {
			s.Log.Warn("not ready", "err", err)
			c.Header("Retry-After", "5")
			c.String(http.StatusServiceUnavailable, "not ready\n")
			return nil
		}
	}
	c.String(http.StatusOK, "ready\n")
	return nil
}

func (s *site) robots(c *gin.Context) error {
	c.Header("Cache-Control", "public, max-age=3600")
	c.String(http.StatusOK, "User-agent: *\nDisallow: /recherche\nDisallow: /api/\n")
	return nil
}

// openSearch lets a browser add the archive to its search boxes. It needs an
// absolute address, so it exists only where one is set.
func (s *site) openSearch(c *gin.Context) error {
	if s.BaseURL == "" {
		return trame.ErrNotFound
	}
	return s.render(c, http.StatusOK, "opensearch.xml", struct{ Base string }{s.BaseURL})
}

// errMethod is the answer to a method that an address does not know.
var errMethod = errors.New("method not allowed")
