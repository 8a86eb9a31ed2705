package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// policy lets a page load what this site serves and nothing else: no inline
// script or style, no frame, no third party.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Reasons for which a request is turned away before a handler sees it.
var (
	errAddressTooLong = errors.New("address too long")
	errBadAddress     = errors.New("malformed address")
)

// guard is around every route, its own and those added later: headers, limits, a
// log line, and a page instead of a crash.
func (s *site) guard() gin.HandlerFunc {
	secure := strings.HasPrefix(s.BaseURL, "https://")
	return func(c *gin.Context) {
		start := s.Now()
		setHeaders(c.Writer.Header(), secure)
		if strings.HasPrefix(c.Request.URL.Path, "/api/") { // public, without a key or a cookie
			c.Header("Access-Control-Allow-Origin", "*")
			c.Header("Cross-Origin-Resource-Policy", "cross-origin")
		}
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic in a handler", "route", c.FullPath(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				s.answerError(c, errors.New("panic"))
				c.Abort()
			}
			s.Log.Debug("answered", "method", c.Request.Method, "route", c.FullPath(),
				"status", c.Writer.Status(), "took", s.Now().Sub(start).Round(time.Millisecond))
		}()
		if err := checkRequest(c); err != nil {
			s.answerError(c, err)
			c.Abort()
			return
		}
		c.Next()
	}
}

func setHeaders(h http.Header, secure bool) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// checkRequest refuses addresses that no page of ours links to, and bounds what
// a handler may read of a body.
func checkRequest(c *gin.Context) error {
	r := c.Request
	if len(r.URL.RawQuery)+len(r.URL.Path) > maxAddress {
		return errAddressTooLong
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		return errBadAddress
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(c.Writer, r.Body, maxBody)
	}
	return nil
}
