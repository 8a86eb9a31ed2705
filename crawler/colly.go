package crawler

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/gocolly/colly/v2"

	"trame/crawler/fetch"
)

// visitor fetches pages through colly. Colly's own robots, delays, caches and
// body limit are off: the transport under it does all of that for every fetch
// of the house (see package fetch), colly gives the visit its shape.
type visitor struct {
	base *colly.Collector
}

// maxHops is how many redirects one visit follows.
const maxHops = 5

// hops is the trail of one visit. It travels in the request's context, because
// colly's clones share one client.
type hops struct {
	list []fetch.Hop
	off  string // where the last redirect leads, when it leaves the site
}

type hopsKey struct{}

var errNotAPage = errors.New("not a page")

func newVisitor(f *fetch.Client, userAgent string) *visitor {
	c := colly.NewCollector(colly.AllowURLRevisit(), colly.ParseHTTPErrorResponse(), colly.MaxBodySize(0))
	c.IgnoreRobotsTxt = true
	c.DetectCharset = false
	if userAgent != "" {
		c.UserAgent = userAgent
	}
	c.DisableCookies()
	c.WithTransport(f)
	c.SetRequestTimeout(0) // the transport bounds each hop, the visit's context the whole
	c.SetRedirectHandler(followInside)
	return &visitor{base: c}
}

// followInside follows redirects as long as they stay on the site where the
// visit began; one that leaves it is recorded and not followed.
func followInside(req *http.Request, via []*http.Request) error {
	trail, _ := req.Context().Value(hopsKey{}).(*hops)
	if trail == nil {
		return http.ErrUseLastResponse
	}
	last := via[len(via)-1]
	hop := fetch.Hop{From: last.URL.String(), To: req.URL.String()}
	if req.Response != nil {
		hop.Status = req.Response.StatusCode
	}
	trail.list = append(trail.list, hop)
	if siteKey(req.URL) != siteKey(via[0].URL) {
		trail.off = req.URL.String()
		return http.ErrUseLastResponse
	}
	if len(via) > maxHops {
		return errTooManyHops
	}
	// The validators are those of the first address: a 304 of another page would
	// say nothing.
	if first := via[0].URL; req.URL.Hostname() != first.Hostname() || req.URL.RequestURI() != first.RequestURI() {
		req.Header.Del("If-None-Match")
		req.Header.Del("If-Modified-Since")
	}
	return nil
}

var errTooManyHops = fmt.Errorf("more than %d redirects", maxHops)

// page is what a visit got, before anything is read from it.
type page struct {
	fetch.Answer
	Off     string // the address on another site that the page redirects to
	NotPage string // the media type, where it is not one that is read; there is no body then
}

// get visits an address. The validators of the last answer, where given, make
// the visit conditional.
func (v *visitor) get(ctx context.Context, rawURL, etag, lastModified string) (*page, error) {
	trail := &hops{}
	c := v.base.Clone()
	c.Context = context.WithValue(ctx, hopsKey{}, trail)
	out := &page{}
	c.OnResponseHeaders(func(r *colly.Response) {
		out.Status, out.Header, out.URL = r.StatusCode, r.Headers.Clone(), r.Request.URL.String()
		if r.StatusCode/100 == 2 && !isPageType(r.Headers.Get("Content-Type"), r.Request.URL) {
			out.NotPage = mediaType(r.Headers.Get("Content-Type"))
			r.Request.Abort()
		}
		// Colly decodes what the header declares, and headers lie: the bytes are
		// wanted as they came, and this is the one charset that it leaves alone.
		r.Headers.Set("Content-Type", "text/html; charset=utf-8")
	})
	c.OnResponse(func(r *colly.Response) { out.Body = r.Body })
	header := http.Header{"Accept": {"text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"}}
	if etag != "" {
		header.Set("If-None-Match", etag)
	}
	if lastModified != "" {
		header.Set("If-Modified-Since", lastModified)
	}
	err := c.Request(http.MethodGet, rawURL, nil, nil, header)
	out.Hops, out.Off = trail.list, trail.off
	if out.NotPage != "" && errors.Is(err, colly.ErrAbortedAfterHeaders) {
		return out, nil
	}
	if err != nil {
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // it names the address once more
		}
		return nil, fmt.Errorf("visit %s: %w", rawURL, err)
	}
	if out.Status == 0 {
		return nil, fmt.Errorf("visit %s: %w", rawURL, errNotAPage)
	}
	return out, nil
}

// isPageType reports whether an answer may be a page. Colly would unpack an
// answer that calls itself gzip without any limit, so those never pass.
func isPageType(contentType string, u *url.URL) bool {
	if strings.HasSuffix(strings.ToLower(u.Path), ".gz") {
		return false
	}
	switch t := mediaType(contentType); t {
	case "", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml":
		return !strings.Contains(strings.ToLower(contentType), "gzip")
	default:
		return false
	}
}

func mediaType(contentType string) string {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		t, _, _ = strings.Cut(contentType, ";")
	}
	return strings.ToLower(strings.TrimSpace(t))
}
