package fetch

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	maxWait       = 10 * time.Second // a longer rest is ErrResting, not waited for
	maxCrawlDelay = 60 * time.Second // a longer Crawl-delay counts as this one
	maxHosts      = 1024             // remembered; those with nothing to remember go first
)

// pace gives each host (host:port) one turn at a time, with the delay between
// two turns that its source or its robots.txt asks for, and lets it rest.
// Nothing that one host does holds up another.
type pace struct {
	now func() time.Time
	log *slog.Logger
	def time.Duration

	mu     sync.Mutex
	hosts  map[string]*host
	delays map[string]time.Duration // set by SetDelay
}

// host is what is remembered of one host. All but the channels is under pace.mu.
type host struct {
	key        string
	turn       chan struct{} // holds a token while somebody has the turn
	users      int           // who hold or await the turn, or the policy
	ended      time.Time     // of the last turn
	crawlDelay time.Duration
	rest       rest
	asking     chan struct{} // holds a token while somebody asks for robots.txt
	policy     *policy       // nil until robots.txt was asked for
}

func newPace(o Options) *pace {
	return &pace{now: o.Now, log: o.Log, def: max(o.Delay, 0), hosts: map[string]*host{}, delays: map[string]time.Duration{}}
}

// use returns the record of a host and keeps it from being forgotten until leave.
func (p *pace) use(key string) *host {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[key]
	if h == nil {
		if len(p.hosts) >= maxHosts {
			p.forget()
		}
		h = &host{key: key, turn: make(chan struct{}, 1), asking: make(chan struct{}, 1)}
		p.hosts[key] = h
	}
	h.users++
	return h
}

func (p *pace) leave(h *host) {
	p.mu.Lock()
	h.users--
	p.mu.Unlock()
}

// forget drops the hosts that nobody uses and that need no waiting for.
func (p *pace) forget() {
	now := p.now()
	maps.DeleteFunc(p.hosts, func(_ string, h *host) bool {
		return h.users == 0 && !p.ready(h).After(now)
	})
}

// ready returns the moment from which a host may be asked. Under p.mu.
func (p *pace) ready(h *host) time.Time {
	t, delay := h.rest.until, p.delay(h.key)
	if !h.ended.IsZero() {
		if end := h.ended.Add(max(delay, h.crawlDelay)); end.After(t) {
			t = end
		}
	}
	return t
}

func (p *pace) delay(key string) time.Duration {
	if d, ok := p.delays[key]; ok {
		return d
	}
	if d, ok := p.delays[key[:strings.LastIndexByte(key, ':')]]; ok {
		return d
	}
	return p.def
}

func (p *pace) setDelay(key string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delays[strings.ToLower(key)] = max(d, 0)
}

func (p *pace) setCrawlDelay(h *host, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h.crawlDelay = min(d, maxCrawlDelay)
}

func (p *pace) resting() map[string]time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, out := p.now(), map[string]time.Time{}
	for key, h := range p.hosts {
		if h.rest.until.After(now) {
			out[key] = h.rest.until
		}
	}
	return out
}

// take waits for the turn of a host. The caller ends it.
func (p *pace) take(ctx context.Context, key string) (*turn, error) {
	h := p.use(key)
	if err := p.awake(h); err != nil {
		p.leave(h)
		return nil, err
	}
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		p.leave(h)
		return nil, fmt.Errorf("wait for the turn of %s: %w", key, context.Cause(ctx))
	}
	t := &turn{pace: p, host: h}
	if err := p.awake(h); err != nil { // who had the turn before was sent to rest
		t.giveBack()
		return nil, err
	}
	p.mu.Lock()
	wait := p.ready(h).Sub(p.now())
	p.mu.Unlock()
	if err := sleep(ctx, wait); err != nil {
		t.giveBack()
		return nil, fmt.Errorf("wait %v for %s: %w", wait.Round(time.Millisecond), key, err)
	}
	return t, nil
}

// awake returns ErrResting where a host rests for longer than is waited for.
func (p *pace) awake(h *host) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h.rest.until.Sub(p.now()) > maxWait {
		return fmt.Errorf("%s: %w until %s (%s)", h.key, ErrResting, h.rest.until.UTC().Format(time.RFC3339), h.rest.why)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// turn is the right to ask a host. It ends once.
type turn struct {
	pace    *pace
	host    *host
	refused bool // 429 or 503
}

// answered notes what the status of an answer asks of us.
func (t *turn) answered(status int, h http.Header) {
	t.refused = status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
	if !t.refused {
		return
	}
	p := t.pace
	p.mu.Lock()
	defer p.mu.Unlock()
	t.host.rest.refused(p.now(), status, h)
	t.log()
}

// end gives the turn back. fault tells against the host; nil does not.
func (t *turn) end(fault error) {
	p := t.pace
	p.mu.Lock()
	if fault != nil {
		t.host.rest.failed(p.now(), fault)
		t.log()
	} else if !t.refused {
		t.host.rest.recovered()
	}
	t.host.ended = p.now()
	p.mu.Unlock()
	t.giveBack()
}

func (t *turn) giveBack() {
	<-t.host.turn
	t.pace.leave(t.host)
}

func (t *turn) log() {
	if r := t.host.rest; r.until.After(t.pace.now()) {
		t.pace.log.Info("host rests", "host", t.host.key, "until", r.until, "why", r.why)
	}
}
