// Package fetch is the one door to the web: every visit, feed, sitemap and
// robots.txt goes through its Client. It guards addresses at dial time, bounds
// bytes, headers, redirects and time, obeys robots.txt (RFC 9309), and keeps one
// connection and one pace per host.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Errors that callers tell apart. They come wrapped with what was asked.
var (
	ErrAddress  = errors.New("address not allowed")           // not public, wrong port, credentials, not a URL
	ErrScheme   = errors.New("only http and https")           // file:, ftp:, javascript:…
	ErrRobots   = errors.New("refused by robots.txt")         // see ErrUnavailable
	ErrTooLarge = errors.New("answer too large")              // past Options.MaxBytes, decompressed
	ErrRedirect = errors.New("redirects without end")         // a loop, or more than maxHops
	ErrEncoding = errors.New("content encoding not readable") // not gzip, or damaged gzip
	ErrResting  = errors.New("host is resting")               // see Client.Resting

	// ErrUnavailable comes together with ErrRobots where robots.txt itself could
	// not be had (5xx, 429, no answer): everything counts as refused for now
	// (RFC 9309, 2.3.1.4), and robots.txt is asked again after some minutes.
	ErrUnavailable = errors.New("robots.txt not available")
)

// Limits of every request.
const (
	maxHops      = 5       // redirects followed
	maxURL       = 8 << 10 // bytes of an address
	maxHeader    = 64 << 10
	maxError     = 64 << 10  // bytes of the page of a 4xx or 5xx; the rest is dropped
	maxRobots    = 512 << 10 // bytes of robots.txt that are read (RFC 9309, 2.5: at least 500 KiB)
	defaultBytes = 10 << 20
	defaultTime  = 30 * time.Second
	defaultAgent = "Trame/0.1"
)

// Options change how a Client behaves; the zero value fetches public addresses
// on ports 80 and 443 alone.
type Options struct {
	UserAgent string           // sent as is; its product token (up to "/") is matched in robots.txt
	AllowNet  []AddrPorts      // see ParseAllowNet: addresses let through though not public
	Delay     time.Duration    // between two requests to a host, end to start; 0 means none
	MaxBytes  int64            // of a decompressed answer; 0 means 10 MiB
	Timeout   time.Duration    // of a request, body included; 0 means 30 s
	Now       func() time.Time // nil means time.Now
	Log       *slog.Logger
}

// Client fetches. It is an http.RoundTripper, so that colly and every
// http.Client in the house go through the same door: each hop of a redirect is
// a RoundTrip of its own and is checked as such. It keeps no cookies. Safe for
// many goroutines.
type Client struct {
	o         Options
	guard     guard
	dialer    *net.Dialer
	transport *http.Transport
	pace      *pace
}

// New returns a client.
func New(o Options) *Client {
	if o.UserAgent == "" {
		o.UserAgent = defaultAgent
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultBytes
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTime
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	g := guard{allow: o.AllowNet}
	d := newDialer(g, o.Timeout)
	return &Client{o: o, guard: g, dialer: d, transport: newTransport(d, o.Timeout), pace: newPace(o)}
}

// RoundTrip checks scheme and robots.txt, waits for the host's turn (until the
// request's context ends), sends, and returns an answer whose body is
// decompressed and ends in ErrTooLarge past the limit. The host's turn ends when
// the body is closed or read to its end. The page of a 4xx or 5xx is cut at 64 KiB
// instead: the status is what counts. A 304 or 206 that was not asked for is an
// error.
//
// It sends its own User-Agent, asks for gzip alone and drops cookies and
// credentials. It knows GET and HEAD. Where it is called by an http.Client, it
// refuses the sixth redirect and any loop with ErrRedirect, whatever that
// client's own policy; that client's Timeout counts the wait for the turn, so it
// should have none. A long rest is not waited for: ErrResting.
func (c *Client) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	if req.Method != http.MethodGet && req.Method != http.MethodHead && req.Method != "" {
		return nil, fmt.Errorf("method %s: only GET and HEAD are sent", req.Method)
	}
	if err := checkChain(req); err != nil {
		return nil, err
	}
	host, err := c.guard.check(req.URL)
	if err != nil {
		return nil, err
	}
	if err := c.obey(req.Context(), host, req.URL); err != nil {
		return nil, err
	}
	res, err := c.send(req, host, c.o.MaxBytes)
	if err != nil {
		return nil, err
	}
	if err := c.plausible(req, res); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res, nil
}

// plausible refuses an answer that cannot be what was asked for.
func (c *Client) plausible(req *http.Request, res *http.Response) error {
	conditional := req.Header.Get("If-None-Match") != "" || req.Header.Get("If-Modified-Since") != ""
	switch s := res.StatusCode; {
	case s == http.StatusNotModified && !conditional, s == http.StatusPartialContent && req.Header.Get("Range") == "":
		return fmt.Errorf("status %d, which was not asked for", s)
	case s < 300 && req.Method != http.MethodHead && res.ContentLength > c.o.MaxBytes:
		return fmt.Errorf("%w: %d bytes announced, more than %d", ErrTooLarge, res.ContentLength, c.o.MaxBytes)
	}
	return nil
}

// Allowed reports whether robots.txt lets an address be fetched, without
// fetching it: nil, or what RoundTrip would answer.
func (c *Client) Allowed(ctx context.Context, address string) error {
	u, host, err := c.parse(address)
	if err == nil {
		err = c.obey(ctx, host, u)
	}
	if err != nil {
		return fmt.Errorf("check %s: %w", address, err)
	}
	return nil
}

// Sitemaps returns the Sitemap lines of a host's robots.txt.
func (c *Client) Sitemaps(ctx context.Context, anyURL string) ([]string, error) {
	u, host, err := c.parse(anyURL)
	if err != nil {
		return nil, fmt.Errorf("sitemaps of %s: %w", anyURL, err)
	}
	p, err := c.policy(ctx, host, u)
	if err != nil {
		return nil, fmt.Errorf("sitemaps of %s: %w", anyURL, err)
	}
	if p.err != nil {
		return nil, fmt.Errorf("sitemaps of %s: %w", anyURL, p.err)
	}
	return append([]string(nil), p.rules.sitemaps...), nil
}

// SetDelay sets the pace of a host (host:port, or host for all its ports) where
// its source asks for another than the default. A Crawl-delay in robots.txt that
// is longer wins, up to a minute.
func (c *Client) SetDelay(host string, d time.Duration) { c.pace.setDelay(host, d) }

// Resting returns the hosts that asked for rest (Retry-After, 429, 503, or that
// fail again and again), with the moment at which each may be asked again.
func (c *Client) Resting() map[string]time.Time { return c.pace.resting() }

// CloseIdleConnections closes the connections that wait for another request.
func (c *Client) CloseIdleConnections() { c.transport.CloseIdleConnections() }
