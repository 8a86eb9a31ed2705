// Package fetch is the one door to the web: every visit, feed, sitemap and
// robots.txt goes through its Client. It guards addresses at dial time, bounds
// bytes, headers, redirects and time, obeys robots.txt (RFC 9309), and keeps one
// connection and one pace per host.
package fetch

import (
	"context"
	"log/slog"
	"net/http"
	"time"
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

// AddrPorts is one entry of TRAME_ALLOW_NET: an address and a span of ports.
type AddrPorts struct{}

// ParseAllowNet reads "127.0.0.1:8101-8136,127.0.0.1:9000,[::1]:80".
func ParseAllowNet(s string) ([]AddrPorts, error) { panic("todo") }

// Client fetches. It is an http.RoundTripper, so that colly and every
// http.Client in the house go through the same door: each hop of a redirect is
// a RoundTrip of its own and is checked as such. Safe for many goroutines.
type Client struct{}

// New returns a client.
func New(o Options) *Client { panic("todo") }

// RoundTrip checks scheme and robots.txt, waits for the host's turn (until the
// request's context ends), sends, and returns an answer whose body is
// decompressed and ends in ErrTooLarge past the limit. The host's turn ends when
// the body is closed or read to its end.
func (c *Client) RoundTrip(req *http.Request) (*http.Response, error) { panic("todo") }

// Request is what Get fetches.
type Request struct {
	URL          string
	ETag         string // of the last answer: sent as If-None-Match
	LastModified string // sent as If-Modified-Since
	Accept       string // "" means HTML first
}

// Hop is one redirect.
type Hop struct {
	From, To string
	Status   int
}

// Answer is a whole answer. Status may be any final status: 404 is no error here.
type Answer struct {
	URL    string // after redirects
	Hops   []Hop
	Status int
	Header http.Header
	Body   []byte // decompressed; nil on 304
}

// Get fetches an address, following at most five redirects.
func (c *Client) Get(ctx context.Context, r Request) (*Answer, error) { panic("todo") }

// Sitemaps returns the Sitemap lines of a host's robots.txt.
func (c *Client) Sitemaps(ctx context.Context, anyURL string) ([]string, error) { panic("todo") }

// SetDelay sets the pace of a host (host:port) where its source asks for another
// than the default. A Crawl-delay in robots.txt that is longer wins.
func (c *Client) SetDelay(host string, d time.Duration) { panic("todo") }

// Resting returns the hosts that asked for rest (Retry-After, 429, 503, or that
// fail again and again), with the moment at which each may be asked again.
func (c *Client) Resting() map[string]time.Time { panic("todo") }
