package fetch

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// bomb returns a gzip of n MiB of zeros, in members of one MiB.
func bomb(t testing.TB, n int) []byte {
	t.Helper()
	return bytes.Repeat(zip(t, make([]byte, 1<<20)), n)
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBombs(t *testing.T) {
	big := bomb(t, 1500) // 1.5 MB for 1.5 GB
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "gzip-encoding") {
			w.Header().Set("Content-Encoding", "gzip")
		}
		switch {
		case strings.HasSuffix(r.URL.Path, ".rss"):
			w.Header().Set("Content-Type", "application/rss+xml")
		case strings.HasSuffix(r.URL.Path, ".gz"):
			w.Header().Set("Content-Type", "application/gzip")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		_, _ = w.Write(big)
	}))
	c := client(t, Options{}, s.URL)
	for _, path := range []string{
		"/gzip-encoding/", "/gzip-encoding/page.html", "/gzip-encoding/sitemap.xml.gz", "/gzip-encoding/flux.rss", "/gzip-encoding/rapport.gz",
	} {
		before := heap()
		if _, err := c.Get(t.Context(), Request{URL: s.URL + path}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("Get(%s) = %v, want ErrTooLarge", path, err)
		}
		const most = 4*defaultBytes + 24<<20 // the server shares the process
		if grown := heap() - before; grown > most {
			t.Errorf("Get(%s): heap grew by %d MiB, want at most %d", path, grown>>20, most>>20)
		}
	}
	// A file that is gzip, and not only sent so, is passed as it is: bounded, and
	// its reader's to open.
	a, err := c.Get(t.Context(), Request{URL: s.URL + "/sitemap.xml.gz"})
	if err != nil || !bytes.Equal(a.Body, big) {
		t.Errorf("Get(/sitemap.xml.gz) = %v, want the file as it is", err)
	}
}

func TestRobotsBomb(t *testing.T) {
	head := []byte("User-agent: *\nDisallow: /prive\n" + strings.Repeat("# remplissage\n", 1000))
	big := append(zip(t, head), bomb(t, 500)...)
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(big)
		}
	})
	c := client(t, Options{}, s.URL)
	before := heap()
	if err := c.Allowed(t.Context(), s.URL+"/prive"); !errors.Is(err, ErrRobots) || errors.Is(err, ErrUnavailable) {
		t.Errorf("Allowed(/prive) = %v, want ErrRobots", err)
	}
	if err := c.Allowed(t.Context(), s.URL+"/"); err != nil {
		t.Errorf("Allowed(/) = %v", err)
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("heap grew by %d MiB", grown>>20)
	}
}

func TestEncodings(t *testing.T) {
	text := strings.Repeat("Le secret professionnel partagé. ", 40)
	file := func(name string) []byte {
		b, err := os.ReadFile("testdata/gzip/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, x := range []struct {
		name, encoding string
		body           []byte
		want           error // nil: the text, or "" for no body
		text           string
	}{
		{"gzip", "gzip", zip(t, []byte(text)), nil, text},
		{"capitals", "GZIP", zip(t, []byte(text)), nil, text},
		{"x-gzip", "x-gzip", zip(t, []byte(text)), nil, text},
		{"two members", "gzip", append(zip(t, []byte("Le secret ")), zip(t, []byte("professionnel"))...), nil, "Le secret professionnel"},
		{"plain", "", []byte(text), nil, text},
		{"identity", "identity", []byte(text), nil, text},
		{"empty", "gzip", nil, nil, ""},
		{"br", "br", []byte(text), ErrEncoding, ""},
		{"deflate", "deflate", []byte(text), ErrEncoding, ""},
		{"zstd", "zstd", []byte(text), ErrEncoding, ""},
		{"unknown", "truc", []byte(text), ErrEncoding, ""},
		{"twice", "gzip, gzip", file("double-gzip.gz"), ErrEncoding, ""},
		{"bad CRC", "gzip", file("bad-crc.gz"), ErrEncoding, ""},
		{"truncated", "gzip", file("truncated.gz"), ErrEncoding, ""},
		{"cut in the header", "gzip", file("truncated.gz")[:5], ErrEncoding, ""},
		{"not gzip", "gzip", file("not-gzip.html"), ErrEncoding, ""},
		{"garbage after", "gzip", file("trailing-garbage.gz"), ErrEncoding, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
				if x.encoding != "" {
					w.Header().Set("Content-Encoding", x.encoding)
				}
				_, _ = w.Write(x.body)
			}))
			c := client(t, Options{}, s.URL)
			for range 4 { // the host is not to blame and does not rest
				a, err := c.Get(t.Context(), Request{URL: s.URL})
				if !errors.Is(err, x.want) {
					t.Fatalf("Get = %v, want %v", err, x.want)
				}
				if err == nil && string(a.Body) != x.text {
					t.Errorf("Get = %q, want %q", a.Body, x.text)
				}
				if err == nil && a.Header.Get("Content-Encoding") != "" {
					t.Errorf("Content-Encoding %q is still there", a.Header.Get("Content-Encoding"))
				}
			}
		})
	}
}

func TestLimitToTheByte(t *testing.T) {
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		b := make([]byte, n)
		switch r.URL.Path {
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			b = zip(t, b)
		case "/chunked":
			w.(http.Flusher).Flush()
		case "/empty-members": // decompress to nothing, for ever
			w.Header().Set("Content-Encoding", "gzip")
			b = bytes.Repeat(zip(t, nil), n)
		}
		_, _ = w.Write(b)
	}))
	c := client(t, Options{MaxBytes: 5000}, s.URL)
	for _, x := range []struct {
		path string
		n    int
		want error
	}{
		{"/plain", 5000, nil}, {"/plain", 5001, ErrTooLarge},
		{"/chunked", 5000, nil}, {"/chunked", 5001, ErrTooLarge},
		{"/gzip", 5000, nil}, {"/gzip", 5001, ErrTooLarge},
		{"/empty-members", 10, nil}, {"/empty-members", 5000, ErrTooLarge},
	} {
		a, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("%s%s?n=%d", s.URL, x.path, x.n)})
		if !errors.Is(err, x.want) || err == nil && x.path != "/empty-members" && len(a.Body) != x.n {
			t.Errorf("Get(%s, %d bytes) = %v, want %v", x.path, x.n, err, x.want)
		}
	}
}

// raw serves what its function writes to the connection, whatever HTTP says.
func raw(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buf := make([]byte, 4096)
				n, _ := conn.Read(buf)
				if bytes.HasPrefix(buf[:n], []byte("GET /robots.txt ")) {
					io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
					return
				}
				answer(conn)
			}()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return "http://" + l.Addr().String()
}

// drip writes s again and again until the other side has had enough.
func drip(conn net.Conn, s string, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for range tick.C {
		if _, err := io.WriteString(conn, s); err != nil {
			return
		}
	}
}

const ok200 = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

// TestHostileServers: whatever a server does, the request ends within its time,
// with an error where the page is not whole, and the next request finds the
// host's turn free.
func TestHostileServers(t *testing.T) {
	const timeout = 300 * time.Millisecond
	for name, answer := range map[string]func(net.Conn){
		"slow drip": func(c net.Conn) {
			io.WriteString(c, ok200+"\r\n")
			drip(c, "a", 10*time.Millisecond)
		},
		"slow headers":  func(c net.Conn) { io.WriteString(c, ok200); drip(c, "X-A: b\r\n", 10*time.Millisecond) },
		"never answers": func(c net.Conn) { io.Copy(io.Discard, c) },
		"endless body": func(c net.Conn) {
			io.WriteString(c, ok200+"\r\n")
			drip(c, strings.Repeat("a", 1<<20), time.Microsecond)
		},
		"endless headers": func(c net.Conn) {
			io.WriteString(c, ok200)
			drip(c, strings.Repeat("X-A: b\r\n", 1000), time.Microsecond)
		},
		"one long header": func(c net.Conn) {
			io.WriteString(c, ok200+"X-A: ")
			drip(c, strings.Repeat("b", 10_000), time.Microsecond)
		},
		"100 KB of headers": func(c net.Conn) {
			io.WriteString(c, ok200+strings.Repeat("X-A: "+strings.Repeat("b", 93)+"\r\n", 1000)+"Content-Length: 0\r\n\r\n")
		},
		"flood of 100":     func(c net.Conn) { drip(c, "HTTP/1.1 100 Continue\r\n\r\n", time.Microsecond) },
		"longer than told": func(c net.Conn) { io.WriteString(c, ok200+"Content-Length: 10000\r\n\r\ndix octets") },
		"huge length":      func(c net.Conn) { io.WriteString(c, ok200+"Content-Length: 10485761\r\n\r\ndix octets") },
		"two lengths":      func(c net.Conn) { io.WriteString(c, ok200+"Content-Length: 10\r\nContent-Length: 3\r\n\r\ndix octets") },
		"bad chunk":        func(c net.Conn) { io.WriteString(c, ok200+"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n") },
		"cut chunk":        func(c net.Conn) { io.WriteString(c, ok200+"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n") },
		"endless chunk line": func(c net.Conn) {
			io.WriteString(c, ok200+"Transfer-Encoding: chunked\r\n\r\n")
			drip(c, "0;x=y", time.Microsecond)
		},
		"empty":      func(net.Conn) {},
		"reset":      func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"garbage":    func(c net.Conn) { io.WriteString(c, "\x00\xff\x13\x37 bonjour\r\n\r\n") },
		"HTTP/0.9":   func(c net.Conn) { io.WriteString(c, "<html>bonjour</html>") },
		"bad status": func(c net.Conn) { io.WriteString(c, "HTTP/1.1 999999 OK\r\n\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := raw(t, answer)
			c := client(t, Options{Timeout: timeout}, address)
			for range 2 {
				start := time.Now()
				if a, err := c.Get(t.Context(), Request{URL: address}); err == nil {
					t.Errorf("Get = %d, %d bytes, want an error", a.Status, len(a.Body))
				}
				if d := time.Since(start); d > timeout+3*time.Second {
					t.Errorf("took %v", d)
				}
			}
		})
	}
}

// A status of 404 counts, whatever its page is.
func TestErrorPages(t *testing.T) {
	address := raw(t, func(c net.Conn) {
		io.WriteString(c, "HTTP/1.1 410 Gone\r\nContent-Length: 99999999\r\n\r\n<p>")
	})
	c := client(t, Options{}, address)
	if a, err := c.Get(t.Context(), Request{URL: address}); err != nil || a.Status != 410 || a.Body != nil {
		t.Errorf("Get = %v, %v, want status 410 without body", a, err)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(free(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the client that does not trust it
	s.StartTLS()
	t.Cleanup(s.Close)
	c := client(t, Options{}, s.URL)
	if _, err := c.Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Get with an unknown certificate = %v, want ErrUnavailable", err)
	}
	c = client(t, Options{}, s.URL)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c.transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	if a, err := c.Get(t.Context(), Request{URL: s.URL}); err != nil || string(a.Body) != "HTTP/2.0" {
		t.Errorf("Get over TLS = %v, %v", a, err)
	}
	// The guard holds for HTTP/2 too.
	if _, err := client(t, Options{}).Get(t.Context(), Request{URL: s.URL}); !errors.Is(err, ErrAddress) {
		t.Errorf("Get over TLS without permission = %v, want ErrAddress", err)
	}
	// A server that takes the connection and never shakes hands.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	stalled := "https://" + l.Addr().String()
	c = client(t, Options{Timeout: 200 * time.Millisecond}, stalled)
	if _, err := c.Get(t.Context(), Request{URL: stalled}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Get from a server that stalls = %v, want ErrUnavailable", err)
	}
}

// A caller that forgets its body keeps the host until the deadline, not for ever.
func TestForgottenBody(t *testing.T) {
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	c := client(t, Options{Timeout: 200 * time.Millisecond}, s.URL)
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	checkTurns(t, c)
	if _, err := res.Body.Read(make([]byte, 1)); err == nil || err == io.EOF {
		t.Errorf("Read after the deadline = %v, want an error", err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
}
