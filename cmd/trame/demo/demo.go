// Package demo is a small web that lives on loopback: eight sites of the kinds
// that Trame meets, with some three hundred texts written for this project.
// `trame serve --demo` starts it and crawls it over real HTTP, so that anyone can
// see the whole line at work without a network. Every person, organisation and
// town in it is invented. Only cmd/trame uses it.
//
// The texts are in corpus, one txtar archive a site, in a form that a writer can
// edit; the looks are in templates, one file and one style sheet a site.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"trame"
)

// Web is the demo's small web, serving.
type Web struct {
	Sources []trame.Source // one a site, ready to crawl
	Allow   string         // the value of TRAME_ALLOW_NET that lets exactly these addresses through

	sites   []*site
	servers []*http.Server
	running sync.WaitGroup
	stop    context.CancelFunc
	mu      sync.Mutex
	err     error // of the servers, joined
}

// Truth is one text that the web serves, as a perfect reader would know it.
type Truth struct {
	URL    string
	Title  string
	Source string       // id of the source
	Date   trame.Date   // as the page prints it; zero when it prints none
	Kind   string       // a trame.Type… constant
	Dates  []trame.Date // of an event
	PDF    string       // address of a report's document
}

// Start serves the sites, each on its own free port of 127.0.0.1, until ctx
// ends or Close is called. It returns once every site answers.
func Start(ctx context.Context, log *slog.Logger) (*Web, error) {
	sites, err := load()
	if err != nil {
		return nil, err
	}
	w := &Web{sites: sites}
	var listeners []net.Listener
	giveUp := func() {
		for _, l := range listeners {
			l.Close()
		}
	}
	var allow []string
	for _, s := range sites {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
		if err != nil {
			giveUp()
			return nil, fmt.Errorf("demo: listen for %s: %w", s.id, err)
		}
		listeners = append(listeners, l)
		s.base = "http://" + l.Addr().String()
		allow = append(allow, l.Addr().String())
	}
	w.Allow = strings.Join(allow, ",")
	if err := build(sites); err != nil {
		giveUp()
		return nil, err
	}
	ctx, w.stop = context.WithCancel(ctx)
	for i, s := range sites {
		w.Sources = append(w.Sources, s.source())
		w.serve(ctx, listeners[i], s, log)
	}
	w.running.Go(func() {
		<-ctx.Done()
		w.shut()
	})
	return w, nil
}

// serve starts the server of one site.
func (w *Web) serve(ctx context.Context, l net.Listener, s *site, log *slog.Logger) {
	srv := &http.Server{
		Handler:           s,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	w.servers = append(w.servers, srv)
	log.Debug("demo site serves", "source", s.id, "address", s.base)
	w.running.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				w.fail(fmt.Errorf("demo: site %s: panic: %v", s.id, p))
			}
		}()
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			w.fail(fmt.Errorf("demo: serve %s: %w", s.id, err))
		}
	})
}

// fail notes the error of a server and stops the others.
func (w *Web) fail(err error) {
	w.mu.Lock()
	w.err = errors.Join(w.err, err)
	w.mu.Unlock()
	w.stop()
}

// shut lets answers under way end for a second, then closes every server.
func (w *Web) shut() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, srv := range w.servers {
		if srv.Shutdown(ctx) != nil {
			srv.Close()
		}
	}
}

// Wait blocks until the web has stopped and returns the errors of its servers;
// nil when it was asked to stop.
func (w *Web) Wait() error {
	w.running.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Close stops the web and waits for it.
func (w *Web) Close() error {
	w.stop()
	return w.Wait()
}

// Truth returns every text that the web offers to readers, site by site.
func (w *Web) Truth() []Truth {
	var all []Truth
	for _, s := range w.sites {
		if s.makes == trame.TypeList { // one page of all its collections
			all = append(all, Truth{URL: s.base + "/", Title: listTitle, Source: s.id, Kind: s.makes})
			continue
		}
		for _, p := range s.pieces {
			if p.public() {
				all = append(all, p.truth())
			}
		}
	}
	return all
}

// Never returns the addresses that are linked to and must not become articles:
// a page that is gone (410), one behind a password, one that asks not to be
// indexed.
func (w *Web) Never() []string {
	var all []string
	for _, s := range w.sites {
		for _, p := range s.pieces {
			if !p.public() {
				all = append(all, p.url)
			}
		}
	}
	return all
}

// Moved returns the old addresses that are still linked to, with the address of
// the text that each leads to.
func (w *Web) Moved() map[string]string {
	all := map[string]string{}
	for _, s := range w.sites {
		for _, p := range s.pieces {
			if p.head["old"] != "" {
				all[s.base+p.head["old"]] = p.url
			}
		}
	}
	return all
}
