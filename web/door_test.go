package web_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"trame"
	"trame/web"
)

// failing is a searcher that gives an error, or panics.
type failing struct {
	trame.Searcher
	err error
}

func (f failing) Search(context.Context, trame.Query) (*trame.Results, error) {
	if f.err == nil {
		panic("the searcher fell over")
	}
	return nil, f.err
}

func TestErrorPages(t *testing.T) {
	w := newWorld(t)
	fails := func(err error) http.Handler { return web.New(w.archive, failing{err: err}, w.options) }
	ok := w.handler()
	tests := []struct {
		h            http.Handler
		method, path string
		status       int
		say          string
	}{
		{ok, "GET", "/nulle-part", 404, "Cette page n’existe pas"},
		{ok, "GET", "/a/0123456789abcdef", 404, "Cette page n’existe pas"},
		{ok, "GET", "/a/..%2f..%2fetc%2fpasswd", 404, "Cette page n’existe pas"},
		{ok, "GET", "/a/" + strings.Repeat("a", 3000), 404, "Cette page n’existe pas"},
		{ok, "GET", "/recherche?q=ab*", 400, "Il faut au moins trois lettres avant l’astérisque"},
		{ok, "GET", "/recherche?per_page=-1", 400, "de 1 à 100"},
		{ok, "GET", "/recherche?page=99999999999999999999", 400, "pages 1 à"},
		{ok, "GET", "/recherche?q=%zz", 400, "mal formée"},
		{ok, "GET", "/recherche?q=" + strings.Repeat("a", 600), 400, "trop longue"},
		{ok, "GET", "/recherche?x=" + strings.Repeat("a", 9000), 414, "trop longue"},
		{ok, "POST", "/recherche", 405, "ne reçoit rien"},
		{ok, "DELETE", "/", 405, "ne reçoit rien"},
		{ok, "TRACE", "/sources", 405, "ne reçoit rien"},
		{fails(trame.ErrBusy), "GET", "/recherche?q=a+b", 503, "Trop de recherches"},
		{fails(fmt.Errorf("search: %w", context.DeadlineExceeded)), "GET", "/", 503, "Trop de recherches"},
		{fails(errors.New("disk on fire at /secret/path")), "GET", "/recherche", 500, "L’erreur vient de Trame"},
		{fails(nil), "GET", "/recherche", 500, "L’erreur vient de Trame"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, tt.method, clipped(tt.path)), func(t *testing.T) {
			rec := httptest.NewRecorder()
			tt.h.ServeHTTP(rec, httptest.NewRequest(tt.method, tt.path, nil))
			if rec.Code != tt.status {
				t.Errorf("status %d, want %d", rec.Code, tt.status)
			}
			body := rec.Body.String()
			if !strings.Contains(body, tt.say) {
				t.Errorf("does not say %q:\n%s", tt.say, body)
			}
			if strings.Contains(body, "/secret/path") {
				t.Error("tells the inside of an error")
			}
			if tt.status == 503 && rec.Header().Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			checkSound(t, rec.Body.Bytes())
		})
	}
}

func clipped(s string) string { return s[:min(len(s), 40)] }

func TestErrorsUnderAPIAreProblems(t *testing.T) {
	h := newWorld(t).handler()
	rec := get(t, h, "/api/v9/x")
	if rec.Code != 404 || rec.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(rec.Body.String(), `"status":404`) {
		t.Errorf("%d %s %s", rec.Code, rec.Header().Get("Content-Type"), rec.Body)
	}
	if rec.Header().Get("Access-Control-Allow-Origin") != "*" || rec.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("pages elsewhere may not read the API: %v", rec.Header())
	}
	if strings.Contains(rec.Body.String(), "page") {
		t.Errorf("a program is told of pages: %s", rec.Body)
	}
}

func TestMistakeIsShownWhereItIs(t *testing.T) {
	p := getPage(t, newWorld(t).handler(), "/recherche?q=logement+ab*")
	marks := p.find("mark", "")
	if len(marks) != 1 || text(marks[0]) != "ab*" {
		t.Errorf("marks %v in %s", marks, p.text)
	}
	if !strings.Contains(p.text, "logement") {
		t.Error("the query is gone from the page")
	}
}

// TestHeadersOnEveryRoute walks the table of routes.
func TestHeadersOnEveryRoute(t *testing.T) {
	w := newWorld(t, sample(t)...)
	w.options.BaseURL = "https://trame.example"
	engine := web.New(w.archive, w.search, w.options)
	engine.GET("/later", func(c *gin.Context) { c.String(200, "added by another room") })
	engine.GET("/panics", func(*gin.Context) { panic("later") })
	routes := engine.Routes()
	if len(routes) < 12 {
		t.Fatalf("%d routes", len(routes))
	}
	paths := []string{"/nulle-part", "/sources/"}
	for _, r := range routes {
		paths = append(paths, strings.NewReplacer(":id", trame.ID(sample(t)[0].URL), "*file", "x").Replace(r.Path))
	}
	for _, path := range paths {
		rec := get(t, engine, path)
		for name, want := range map[string]string{
			"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security":    "max-age=31536000",
		} {
			if got := rec.Header().Get(name); got != want {
				t.Errorf("GET %s: %s is %q, want %q", path, name, got, want)
			}
		}
		if rec.Header().Get("Cache-Control") == "" {
			t.Errorf("GET %s: no Cache-Control", path)
		}
		if rec.Header().Get("Set-Cookie") != "" {
			t.Errorf("GET %s sets a cookie", path)
		}
	}
}

func TestHealth(t *testing.T) {
	w := newWorld(t)
	if rec := get(t, w.handler(), "/healthz"); rec.Code != 200 || rec.Body.String() != "ok\n" {
		t.Errorf("healthz: %d %q", rec.Code, rec.Body)
	}
	if rec := get(t, w.handler(), "/readyz"); rec.Code != 200 {
		t.Errorf("readyz: %d", rec.Code)
	}
	w.options.Ready = func() error { return errors.New("stopping") }
	if rec := get(t, w.handler(), "/readyz"); rec.Code != 503 {
		t.Errorf("readyz while stopping: %d, want 503", rec.Code)
	}
	if rec := get(t, w.handler(), "/healthz"); rec.Code != 200 {
		t.Errorf("healthz while stopping: %d, want 200", rec.Code)
	}
}

// TestHostIsNeverBelieved sends false hosts and forwarding headers; nothing of
// them may come back.
func TestHostIsNeverBelieved(t *testing.T) {
	w := newWorld(t, sample(t)...)
	w.options.BaseURL = "https://trame.example"
	h := w.handler()
	for _, path := range []string{"/", "/recherche?q=placement", "/sources", "/sources/", "/a/" + trame.ID(sample(t)[0].URL), "/opensearch.xml", "/nulle-part", "/recherche?page=90", "/api"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "evil.test"
		for _, name := range []string{"X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-For", "X-Original-URL", "Forwarded", "Accept-Language"} {
			r.Header.Set(name, "//evil.test")
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if strings.Contains(rec.Body.String(), "evil.test") || strings.Contains(fmt.Sprint(rec.Header()), "evil.test") {
			t.Errorf("GET %s gives a false host back", path)
		}
	}
	if body := get(t, h, "/opensearch.xml").Body.String(); !strings.Contains(body, `template="https://trame.example/recherche?q={searchTerms}"`) {
		t.Errorf("opensearch.xml: %s", body)
	}
}

// TestRawRequests speaks to a real server with what no client library sends.
func TestRawRequests(t *testing.T) {
	w := newWorld(t, sample(t)...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := web.Server(l.Addr().String(), w.handler())
	srv.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	tests := []struct{ request, status string }{
		{"GET //evil.test/%2f.. HTTP/1.1", "404"},
		{"GET /\\evil.test HTTP/1.1", "404"},
		{"GET /assets/../../etc/passwd HTTP/1.1", "404"},
		{"GET /assets/..%2f..%2fetc%2fpasswd HTTP/1.1", "404"},
		{"GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", "404"},
		{"GET /assets/..%5c..%5cetc HTTP/1.1", "404"},
		{"GET /a/%00 HTTP/1.1", "404"},
		{"GET /aide/ HTTP/1.1", "301"},
		{"FOO / HTTP/1.1", "405"},
		{"GET /healthz HTTP/1.1\r\nX: " + strings.Repeat("a", 1<<20), "431"},
		{"GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1", "431"},
		{"GET /healthz HTTP/1.1\r\nIf-None-Match: " + strings.Repeat("a", 20<<10), "200"},
		{"POST /recherche HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: xchunked", "501"},
	}
	for _, tt := range tests {
		conn, err := net.DialTimeout("tcp", l.Addr().String(), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		go io.WriteString(conn, tt.request+"\r\nHost: x\r\nConnection: close\r\n\r\n")
		line, err := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		if !strings.HasPrefix(line, "HTTP/1.1 "+tt.status) {
			t.Errorf("%.60q answers %q (%v), want %s", tt.request, line, err, tt.status)
		}
	}
}

// TestSlowClientsAreClosed opens connections that never end their headers: the
// server hangs up on each, and answers others at once meanwhile.
func TestSlowClientsAreClosed(t *testing.T) {
	t.Parallel()
	base := serve(t, newWorld(t).handler())
	var slow []net.Conn
	for range 200 {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(base, "http://"), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, conn)
	}
	start := time.Now()
	res, err := http.Get(base + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("/healthz took %v beside slow clients", took)
	}
	for _, conn := range slow {
		conn.SetReadDeadline(start.Add(15 * time.Second))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("a slow client is still connected after 15 s")
		}
	}
}

func TestServerLimits(t *testing.T) {
	s := web.Server("127.0.0.1:0", http.NotFoundHandler())
	got := fmt.Sprint(s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout, s.MaxHeaderBytes)
	if want := "5s 15s 30s 1m0s 32768"; got != want {
		t.Errorf("limits %s, want %s", got, want)
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	w := newWorld(t, sample(t)...)
	ts := httptest.NewServer(web.Server("", w.handler()).Handler)
	defer ts.Close()
	plain := get(t, w.handler(), "/recherche").Body.Len()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ts.URL+"/recherche", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Content-Encoding") != "gzip" || len(body) > plain/3 || !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("%s, %d of %d bytes, Vary %q", res.Header.Get("Content-Encoding"), len(body), plain, res.Header.Get("Vary"))
	}
}

func TestBodiesAreBounded(t *testing.T) {
	w := newWorld(t)
	engine := web.New(w.archive, w.search, w.options)
	var read int
	engine.POST("/later", func(c *gin.Context) {
		b, err := io.ReadAll(c.Request.Body)
		read = len(b)
		if err == nil {
			t.Error("a body of 1 MB was read whole")
		}
	})
	engine.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/later", bytes.NewReader(make([]byte, 1<<20))))
	if read > 64<<10 {
		t.Errorf("%d bytes were read", read)
	}
}

func TestAssets(t *testing.T) {
	h := newWorld(t).handler()
	p := getPage(t, h, "/")
	n := 0
	for _, l := range append(p.find("link", ""), p.find("script", "")...) {
		at := attr(l, "href") + attr(l, "src")
		if !strings.HasPrefix(at, "/assets/") {
			continue
		}
		n++
		rec := get(t, h, at)
		if rec.Code != 200 || rec.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || rec.Body.Len() == 0 {
			t.Errorf("GET %s: %d %s %d bytes", at, rec.Code, rec.Header().Get("Cache-Control"), rec.Body.Len())
		}
		r := httptest.NewRequest(http.MethodGet, at, nil)
		r.Header.Set("If-None-Match", rec.Header().Get("ETag"))
		again := httptest.NewRecorder()
		h.ServeHTTP(again, r)
		if again.Code != http.StatusNotModified {
			t.Errorf("GET %s again: %d, want 304", at, again.Code)
		}
		for header, want := range map[string]int{"W/" + rec.Header().Get("ETag"): 304, `"a", ` + rec.Header().Get("ETag"): 304, "*": 304, `"a"`: 200} {
			r.Header.Set("If-None-Match", header)
			again := httptest.NewRecorder()
			if h.ServeHTTP(again, r); again.Code != want {
				t.Errorf("GET %s with If-None-Match %s: %d, want %d", at, header, again.Code, want)
			}
		}
		if strings.HasSuffix(at, ".css") && strings.Contains(rec.Body.String(), "url(fonts/") {
			t.Error("the style sheet names a font that is not served")
		}
	}
	if n < 6 {
		t.Errorf("%d assets on the page", n)
	}
}

func TestFavicon(t *testing.T) {
	rec := get(t, newWorld(t).handler(), "/favicon.ico")
	if rec.Code != 200 || rec.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(rec.Body.String(), "<svg") {
		t.Errorf("%d %s", rec.Code, rec.Header().Get("Content-Type"))
	}
}

func TestHead(t *testing.T) {
	rec := httptest.NewRecorder()
	newWorld(t).handler().ServeHTTP(rec, httptest.NewRequest(http.MethodHead, "/recherche", nil))
	if rec.Code != 200 {
		t.Errorf("HEAD: %d", rec.Code)
	}
}

// TestLogTellsNothingOfReaders reads the log of a search: no word of it, no
// address of the reader.
func TestLogTellsNothingOfReaders(t *testing.T) {
	var b bytes.Buffer
	w := newWorld(t, sample(t)...)
	w.options.Log = slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	get(t, w.handler(), "/recherche?q=secretissime")
	get(t, w.handler(), "/x%0a2026-01-01%20admin%20logged%20in")
	if s := b.String(); strings.Contains(s, "secretissime") || strings.Contains(s, "192.0.2.1") || strings.Contains(s, "admin logged") || !strings.Contains(s, `"route":"/recherche"`) {
		t.Errorf("the log says %s", s)
	}
}
