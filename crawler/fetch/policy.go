package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	robotsFresh = 24 * time.Hour  // RFC 9309, 2.4
	robotsRetry = 5 * time.Minute // after a robots.txt that could not be had
)

// policy is what is known of a host's robots.txt: rules, or why it could not be
// had.
type policy struct {
	rules *rules
	err   error     // matches ErrRobots and ErrUnavailable
	until time.Time // asked again from then on
}

// obey returns ErrRobots where robots.txt refuses an address.
func (c *Client) obey(ctx context.Context, key string, u *url.URL) error {
	if u.EscapedPath() == "/robots.txt" && u.RawQuery == "" {
		return nil
	}
	p, err := c.policy(ctx, key, u)
	if err != nil {
		return err
	}
	if p.err != nil {
		return p.err
	}
	if !p.rules.allows(u) {
		return fmt.Errorf("%s%s: %w", key, u.RequestURI(), ErrRobots)
	}
	return nil
}

// policy returns the policy of a host, asking for its robots.txt where it is not
// known or old. One caller asks, the others wait.
func (c *Client) policy(ctx context.Context, key string, u *url.URL) (*policy, error) {
	h := c.pace.use(key)
	defer c.pace.leave(h)
	select {
	case h.asking <- struct{}{}:
		defer func() { <-h.asking }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for robots.txt of %s: %w", key, context.Cause(ctx))
	}
	if h.policy != nil && c.o.Now().Before(h.policy.until) { // asking guards policy
		return h.policy, nil
	}
	r, err := c.askRobots(ctx, u)
	switch {
	case err == nil:
		c.pace.setCrawlDelay(h, r.crawlDelay)
		h.policy = &policy{rules: r, until: c.o.Now().Add(robotsFresh)}
	case ctx.Err() != nil, errors.Is(err, errOwnAddress), errors.Is(err, ErrResting):
		return nil, err // says nothing of robots.txt
	default:
		err = fmt.Errorf("%s: %w, %w: %w", key, ErrRobots, ErrUnavailable, err)
		h.policy = &policy{err: err, until: c.o.Now().Add(robotsRetry)}
		c.o.Log.Info("robots.txt not available: host counts as closed", "host", key, "error", err)
	}
	return h.policy, nil
}

// errOwnAddress marks a host that the guard itself refuses, as its name resolves.
var errOwnAddress = errors.New("host refused")

// askRobots fetches and reads the robots.txt that holds for an address,
// following redirects, to other hosts too (2.3.1.2). An error means that it is
// unreachable, and a 4xx that there are no rules (2.3.1.3); 429 counts as
// unreachable, because it is no statement about robots.txt.
func (c *Client) askRobots(ctx context.Context, of *url.URL) (*rules, error) {
	at := &url.URL{Scheme: of.Scheme, Host: of.Host, Path: "/robots.txt"}
	for hop := 0; ; hop++ {
		key, err := c.guard.check(at)
		if err != nil {
			return nil, err
		}
		res, err := c.sendRobots(ctx, at, key)
		if err != nil {
			if hop == 0 && errors.Is(err, ErrAddress) {
				err = fmt.Errorf("%w: %w", errOwnAddress, err)
			}
			return nil, err
		}
		next, err := target(res, at)
		if next == nil {
			return c.readRobots(res, at)
		}
		discard(res.Body)
		if err != nil {
			return nil, err
		}
		if hop == maxHops {
			return &rules{}, nil // 2.3.1.2: may count as "no rules"
		}
		at = next
	}
}

func (c *Client) sendRobots(ctx context.Context, at *url.URL, key string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/plain,*/*;q=0.5")
	return c.send(req, key, maxRobots)
}

func (c *Client) readRobots(res *http.Response, at *url.URL) (*rules, error) {
	defer discard(res.Body)
	switch s := res.StatusCode; {
	case s == http.StatusTooManyRequests, s >= 500:
		return nil, fmt.Errorf("%s: status %d", at, s)
	case s >= 300:
		return &rules{}, nil
	}
	text, err := io.ReadAll(res.Body)
	if errors.Is(err, ErrTooLarge) { // the last line may be cut to one that forbids more, or less
		text, err = text[:bytes.LastIndexAny(text, "\r\n")+1], nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	return parseRobots(string(text), productToken(c.o.UserAgent), at), nil
}
