package web

import (
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// Limits of the server. A header, a body or a reader that is slower loses its
// connection and disturbs nobody.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 32 << 10 // bytes
	maxBody       = 64 << 10 // bytes; no page takes a body today
	maxAddress    = 8 << 10  // bytes of path and parameters
)

// Server returns a server for h on addr with a limit on everything that a
// client can draw out, and with answers compressed for clients that ask.
func Server(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           gzhttp.GzipHandler(h),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
}
