package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

func newDialer(g guard, timeout time.Duration) *net.Dialer {
	return &net.Dialer{Timeout: min(10*time.Second, timeout), ControlContext: g.control}
}

// newTransport returns the only http.Transport of the house: no proxy (the
// environment could name one), no decompression of its own, and the guard on
// every socket. HTTP/2 is spoken where https offers it; it goes through the same
// dialer.
func newTransport(d *net.Dialer, timeout time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		TLSHandshakeTimeout:    min(10*time.Second, timeout),
		ResponseHeaderTimeout:  min(15*time.Second, timeout),
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
	}
}

// parse reads and checks an address.
func (c *Client) parse(address string) (*url.URL, string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrAddress, err)
	}
	host, err := c.guard.check(u)
	return u, host, err
}

// checkChain walks back the redirects that led to a request. An http.Client
// records them in Response.
func checkChain(req *http.Request) error {
	seen, hops := map[string]bool{withoutFragment(req.URL): true}, 0
	for r := req.Response; r != nil && r.Request != nil; r = r.Request.Response {
		from := withoutFragment(r.Request.URL)
		if seen[from] {
			return fmt.Errorf("%w: %s again", ErrRedirect, from)
		}
		seen[from] = true
		if hops++; hops > maxHops {
			return fmt.Errorf("%w: more than %d", ErrRedirect, maxHops)
		}
	}
	return nil
}

func withoutFragment(u *url.URL) string {
	v := *u
	v.Fragment, v.RawFragment = "", ""
	return v.String()
}

// send waits for the turn of a checked host, sends, and hands the turn to the
// body of the answer. limit bounds the decompressed body.
func (c *Client) send(req *http.Request, host string, limit int64) (*http.Response, error) {
	t, err := c.pace.take(req.Context(), host)
	if err != nil {
		return nil, err
	}
	late := fmt.Errorf("no whole answer from %s within %v: %w", host, c.o.Timeout, context.DeadlineExceeded)
	ctx, cancel := context.WithTimeoutCause(req.Context(), c.o.Timeout, late)
	res, err := c.transport.RoundTrip(c.dress(ctx, req, host))
	if err != nil {
		err = becauseOf(ctx, err)
		cancel()
		t.end(hostFault(req.Context(), err))
		return nil, err
	}
	t.answered(res.StatusCode, res.Header)
	res.Request = req
	if err := c.open(ctx, cancel, t, res, limit); err != nil {
		return nil, err
	}
	return res, nil
}

// dress returns the request as it is sent: to the host that was checked, with our
// name and no one's secrets.
func (c *Client) dress(ctx context.Context, req *http.Request, host string) *http.Request {
	r := req.Clone(ctx)
	r.Body, r.ContentLength, r.GetBody = nil, 0, nil
	r.Host = "" // the address decides, not the caller
	r.URL.Host = host
	if req.URL.Port() == "" {
		r.URL.Host = host[:strings.LastIndexByte(host, ':')]
	}
	for _, h := range []string{"Cookie", "Authorization", "Proxy-Authorization"} {
		r.Header.Del(h)
	}
	r.Header.Set("User-Agent", c.o.UserAgent)
	r.Header.Set("Accept-Encoding", "gzip")
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "fr,en;q=0.5")
	}
	return r
}

// becauseOf says that a deadline passed where the error would say no more than
// that something was cancelled.
func becauseOf(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	if cause := context.Cause(ctx); !errors.Is(err, cause) {
		return fmt.Errorf("%w (%v)", cause, err)
	}
	return err
}

// hostFault returns an error that tells against the host: it did not answer, or
// not to the end. What the guard refused, what the caller gave up and what came
// whole but unreadable does not.
func hostFault(caller context.Context, err error) error {
	switch {
	case err == nil, caller.Err() != nil,
		errors.Is(err, ErrAddress), errors.Is(err, ErrTooLarge), errors.Is(err, ErrEncoding):
		return nil
	}
	return err
}
