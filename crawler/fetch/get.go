package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const acceptHTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

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
	Body   []byte    // decompressed; nil on 304
	Retry  time.Time // of 429 and 503: when they ask to come back; zero where they do not say
}

// Get fetches an address, following at most five redirects. A 304 to a request
// without ETag and LastModified is an error. A body that cannot be read whole is
// an error too, but for 4xx and 5xx, where the status says enough: Body is nil,
// or the first 64 KiB of a longer page.
func (c *Client) Get(ctx context.Context, r Request) (*Answer, error) {
	a, err := c.get(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", r.URL, err)
	}
	return a, nil
}

func (c *Client) get(ctx context.Context, r Request) (*Answer, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	a := &Answer{}
	var from *http.Response // chains the hops for checkChain
	for {
		req, err := r.build(ctx, u, from)
		if err != nil {
			return nil, err
		}
		res, err := c.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		next, err := target(res, u)
		if err != nil {
			res.Body.Close()
			return nil, err
		}
		if next == nil {
			return a, c.read(a, u, res)
		}
		discard(res.Body)
		a.Hops = append(a.Hops, Hop{From: u.String(), To: next.String(), Status: res.StatusCode})
		u, from = next, res
	}
}

func (r Request) build(ctx context.Context, u *url.URL, from *http.Response) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Response = from
	req.Header.Set("Accept", acceptHTML)
	for name, value := range map[string]string{
		"Accept": r.Accept, "If-None-Match": r.ETag, "If-Modified-Since": r.LastModified,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return req, nil
}

// target returns where an answer redirects to, or nil. A Location that is no
// address, or none of http and https, is an error.
func target(res *http.Response, at *url.URL) (*url.URL, error) {
	switch res.StatusCode {
	case 301, 302, 303, 307, 308:
	default:
		return nil, nil
	}
	location := res.Header.Get("Location")
	if location == "" {
		return nil, nil
	}
	next, err := at.Parse(location)
	if err != nil {
		return at, fmt.Errorf("redirect of %s: %w: %w", at, ErrAddress, err)
	}
	next.Fragment, next.RawFragment = "", ""
	if next.Scheme != "http" && next.Scheme != "https" {
		return next, fmt.Errorf("redirect of %s to %q: %w", at, next.Scheme, ErrScheme)
	}
	return next, nil
}

// discard ends an answer of which nothing is wanted, in a way that keeps the
// connection where the rest is short.
func discard(b io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, b, 4<<10)
	b.Close()
}

func (c *Client) read(a *Answer, u *url.URL, res *http.Response) error {
	defer res.Body.Close()
	a.URL, a.Status, a.Header = u.String(), res.StatusCode, res.Header
	if a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable {
		now := c.o.Now()
		if d, ok := RetryAfter(res.Header, now); ok {
			a.Retry = now.Add(d)
		}
	}
	if a.Status == http.StatusNotModified {
		return nil
	}
	body, err := io.ReadAll(res.Body)
	if err != nil && a.Status < 400 {
		return err
	}
	if err == nil {
		a.Body = body
	}
	return nil
}
