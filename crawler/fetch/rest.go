package fetch

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxRetryAfter = 24 * time.Hour // a longer Retry-After counts as this one
	firstBackOff  = 10 * time.Second
	maxBackOff    = time.Hour   // after refusals that name no time
	patience      = 3           // requests that fail in a row before a host rests
	firstDown     = time.Minute // after that many
	maxDown       = 6 * time.Hour
)

// rest is how long a host is left alone, and why.
type rest struct {
	until    time.Time
	why      string
	refusals int // 429 and 503 in a row
	failures int // requests without a whole answer in a row
}

// refused notes a 429 or 503. A 429 speaks of us: the host rests for as long as
// it asks. A 503 may be one broken page: after the first the host rests for at
// most maxWait, and only refusals in a row send it to rest for as long as it
// asks (the page itself waits as long as it asked: see Answer.Retry). Where no
// time is named, rests double from firstBackOff to maxBackOff.
func (r *rest) refused(now time.Time, status int, h http.Header) {
	r.refusals++
	d, ok := RetryAfter(h, now)
	switch {
	case !ok:
		d = backOff(firstBackOff, r.refusals-1, maxBackOff)
	case status == http.StatusServiceUnavailable && r.refusals == 1:
		d = min(d, maxWait)
	}
	r.extend(now.Add(d), "status "+strconv.Itoa(status))
}

// failed notes a request without a whole answer: connection refused, time-out,
// cut short.
func (r *rest) failed(now time.Time, err error) {
	if r.failures++; r.failures >= patience {
		r.extend(now.Add(backOff(firstDown, r.failures-patience, maxDown)),
			fmt.Sprintf("%d failures in a row: %v", r.failures, err))
	}
}

func (r *rest) recovered() { r.refusals, r.failures = 0, 0 }

func (r *rest) extend(until time.Time, why string) {
	if until.After(r.until) {
		r.until, r.why = until, why
	}
}

// backOff doubles first n times, up to limit.
func backOff(first time.Duration, n int, limit time.Duration) time.Duration {
	d := first
	for range min(n, 40) {
		if d *= 2; d >= limit {
			return limit
		}
	}
	return d
}

// RetryAfter reads the Retry-After header of an answer (RFC 9110, 10.2.3):
// seconds, or a date. It reports false where there is none or none that can be
// read. It returns one second at least and a day at most.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	s := strings.TrimSpace(h.Get("Retry-After"))
	d := maxRetryAfter
	if s != "" && strings.Trim(s, "0123456789") == "" {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n < int64(maxRetryAfter/time.Second) {
			d = time.Duration(n) * time.Second
		}
	} else if at, err := http.ParseTime(s); err == nil {
		d = at.Sub(now)
	} else {
		return 0, false
	}
	return max(time.Second, min(d, maxRetryAfter)), true
}
