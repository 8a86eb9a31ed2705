package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	actors "github.com/oklog/run"
	"golang.org/x/net/netutil"

	"trame/api"
	"trame/crawler"
	"trame/index"
	"trame/web"
)

// maxConnections bounds the connections open at a time; more wait to be accepted.
const maxConnections = 2000

// drain is how long requests under way may take to end after a SIGTERM.
const drain = 20 * time.Second

type serveCmd struct {
	Listen  string `help:"Address that pages and API are served on." env:"TRAME_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	BaseURL string `name:"base-url" help:"Public address of the site, for links; never taken from a request." env:"TRAME_BASE_URL" placeholder:"URL"`
	Crawl   string `help:"off: serve and index, but visit nothing." env:"TRAME_CRAWL" enum:"on,off" default:"on"`
	Letter  string `help:"off: this process composes no letter. The letter does not exist yet: off is all there is." env:"TRAME_LETTER" enum:"off" default:"off"`
	Demo    bool   `help:"Serve a small web of its own on loopback, crawl it for real into a temporary folder, and show the result."`
}

// Run serves until the context ends.
func (c *serveCmd) Run(ctx context.Context, s *Settings, io streams) error {
	if err := checkListen(c.Listen); err != nil {
		return usageError{err}
	}
	if err := checkBaseURL(c.BaseURL); err != nil {
		return usageError{err}
	}
	if c.Demo {
		return c.demo(ctx, s, io)
	}
	h, err := enter(ctx, s, s.logger(false))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	if err := h.syncSources(ctx); err != nil {
		return err
	}
	crawl, err := c.mayCrawl(ctx, h)
	if err != nil {
		return err
	}
	l, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	h.log.Info("serving", "address", "http://"+l.Addr().String(), "data", s.Data, "crawl", crawl)
	return c.serve(ctx, h, l, c.baseOf(l), crawl, nil)
}

// baseOf returns the address that links begin with: the one set, or the one
// listened on where people can reach it; otherwise links stay relative.
func (c *serveCmd) baseOf(l net.Listener) string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	if a, ok := l.Addr().(*net.TCPAddr); ok && a.IP.IsUnspecified() {
		return ""
	}
	return "http://" + l.Addr().String()
}

// mayCrawl says whether this process crawls: not when it is switched off, and
// not the public web without a contact.
func (c *serveCmd) mayCrawl(ctx context.Context, h *house) (bool, error) {
	if c.Crawl == "off" {
		return false, nil
	}
	sources, err := h.archive.Sources(ctx)
	if err != nil {
		return false, err
	}
	if err := h.needContact(sources); err != nil {
		h.log.Warn("nothing is crawled", "why", err.Error())
		h.notice = "La collecte est à l’arrêt : il manque une adresse de contact dans les réglages (TRAME_CONTACT)."
		return false, nil
	}
	return true, nil
}

// searchPatience is how long a search of the server waits for the spelling of a
// word: the words are read when it starts, which takes seconds where there are many.
const searchPatience = 500 * time.Millisecond

// serve runs the actors until one fails or the context ends: pages and API, the
// index that follows the archive, and the crawl.
func (c *serveCmd) serve(ctx context.Context, h *house, l net.Listener, base string, crawl bool, onVisit func(crawler.VisitReport)) error {
	h.patience = searchPatience
	if err := h.openIndex(ctx); err != nil {
		l.Close()
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var group actors.Group
	actor := func(work func(context.Context) error) {
		ctx, stop := context.WithCancel(ctx)
		group.Add(func() error { return guarded(func() error { return work(ctx) }) }, func(error) { stop() })
	}
	actor(func(ctx context.Context) error { <-ctx.Done(); return nil }) // the signal
	actor(func(ctx context.Context) error {
		return h.serveHTTP(ctx, l, base)
	})
	actor(func(ctx context.Context) error {
		// the first completion has words and columns read: nobody waits for them then
		if _, err := h.index.Suggest(ctx, "travail", 1); err != nil {
			h.log.Warn("no completions", "error", err)
		}
		return index.Follow(ctx, h.archive, h.index, h.log)
	})
	if crawl {
		cr, err := h.newCrawler(onVisit)
		if err != nil {
			l.Close()
			return err
		}
		actor(cr.Run)
	}
	if err := group.Run(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// guarded turns a panic of an actor into its error, so that the others stop in
// order.
func guarded(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return work()
}

// serveHTTP answers requests until the context ends, then lets those under way
// finish.
func (h *house) serveHTTP(ctx context.Context, l net.Listener, base string) error {
	handler := h.handler(ctx, base)
	server := web.Server(l.Addr().String(), handler)
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		quiet, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		done <- server.Shutdown(quiet)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return <-done
}

// handler joins the two doors.
func (h *house) handler(ctx context.Context, base string) http.Handler {
	engine := web.New(h.archive, h.index, web.Options{
		BaseURL: base,
		Themes:  h.themes,
		Version: version(),
		Ready:   func() error { return h.ready(ctx) },
		Zone:    h.parsed.zone,
		Notice:  h.notice,
		Log:     h.log,
	})
	api.Mount(engine, h.archive, h.index, api.Options{
		BaseURL: base,
		Themes:  h.themes,
		Version: version(),
		Log:     h.log,
	})
	return engine
}

// ready reports why requests should go elsewhere, if they should.
func (h *house) ready(ctx context.Context) error {
	if ctx.Err() != nil {
		return errors.New("stopping")
	}
	if free, err := freeSpace(h.settings.Data); err == nil && free < minFree {
		return fmt.Errorf("less than %d MB are free on %s: the crawl rests until there is space", minFree>>20, h.settings.Data)
	}
	if _, err := h.index.Cursor(ctx); err != nil {
		return err
	}
	return nil
}

// listen opens an address and says what to do when it is taken.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another address with --listen, such as 127.0.0.1:8081", addr, err)
	}
	return netutil.LimitListener(l, maxConnections), nil
}
