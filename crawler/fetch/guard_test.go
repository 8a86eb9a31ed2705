package fetch

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

type target81 struct {
	URL   string
	Block bool
	Class string `json:"cls"`
}

// TestTargets asks for every address of the pack that may be tried on loopback,
// and checks the others by the guard alone, which resolves and dials nothing.
func TestTargets(t *testing.T) {
	const inner = "TRAME_TEST_RESOLVER"
	if os.Getenv(inner) == "" {
		for _, resolver := range []string{"go", "cgo"} {
			t.Run(resolver, func(t *testing.T) {
				cmd := exec.CommandContext(within(t, time.Minute), os.Args[0], "-test.run=^TestTargets$", "-test.v")
				cmd.Env = append(os.Environ(), "GODEBUG=netdns="+resolver, inner+"="+resolver)
				if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestTargets") {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		return
	}
	trap, trap6 := newCanary(t, "127.0.0.1:0"), newCanary(t, "[::1]:0")
	c := client(t, Options{Timeout: 5 * time.Second})
	// The port is let through for another address, so that the address alone decides.
	p, err := parsePort(trap.port())
	if err != nil {
		t.Fatal(err)
	}
	c.guard.allow = []AddrPorts{{Addr: netip.MustParseAddr("127.9.9.9"), First: p, Last: p}}
	c.dialer.ControlContext = c.guard.control
	tried := 0
	for _, x := range readJSON[[]target81](t, "ssrf/targets.json") {
		if strings.HasPrefix(x.URL, "(handler)") || x.Class == "allow-list" {
			continue // TestRedirectsInward, TestNames, TestAllowList
		}
		tried++
		port := trap.port()
		if strings.Contains(x.URL, "[::1]") {
			port = trap6.port()
		}
		address := strings.ReplaceAll(x.URL, "{P}", port)
		if x.Class == "metadata name" {
			continue // a name: TestNames
		}
		u, err := url.Parse(address)
		if err != nil {
			continue // refused by the first thing that reads it
		}
		if _, err := c.guard.check(u); !loopbackForm(u) {
			if !errors.Is(err, ErrAddress) && !errors.Is(err, ErrScheme) {
				t.Errorf("check(%s) = %v, want it refused (%s)", address, err, x.Class)
			}
			continue
		}
		_, err = c.Get(t.Context(), Request{URL: address})
		if !errors.Is(err, ErrAddress) && !errors.Is(err, ErrScheme) {
			t.Errorf("Get(%s) = %v, want it refused (%s)", address, err, x.Class)
		}
		// The dialer alone must refuse it too. With Go's resolver the numeric forms
		// are names and would cause a query to the outside.
		if u.Port() != "" && (os.Getenv(inner) == "cgo" || !numeric(strings.ToLower(u.Hostname())) || net.ParseIP(u.Hostname()) != nil) {
			if conn, err := c.transport.DialContext(t.Context(), "tcp", u.Host); err == nil {
				conn.Close()
				t.Errorf("dial %s: connected (%s)", u.Host, x.Class)
			}
		}
	}
	if tried < 50 {
		t.Errorf("%d addresses tried, want at least 50", tried)
	}
}

// loopbackForm reports whether an address, however written, is one of this
// machine: it may really be asked for.
func loopbackForm(u *url.URL) bool {
	for _, s := range []string{"10.0.0.1", "172.16", "192.", "169.254", "100.", "198.", "203.", "224.", "240.", "255.", "exemple.test"} {
		if strings.HasPrefix(u.Hostname(), s) {
			return false
		}
	}
	ip := net.ParseIP(u.Hostname())
	return !strings.Contains(u.Hostname(), ":") || ip.IsLoopback() || ip.IsUnspecified() || ip.To4() != nil && ip.To4().IsLoopback()
}

func TestPublic(t *testing.T) {
	for s, want := range map[string]bool{
		"8.8.8.8": true, "193.190.147.1": true, "2001:4860:4860::8888": true, "2a02:2788::1": true,
		"172.15.255.255": true, "172.32.0.0": true, "100.63.255.255": true, "100.128.0.0": true, "198.17.255.255": true,
		"0.0.0.0": false, "0.1.2.3": false, "100.64.0.1": false, "192.0.0.192": false, "198.19.255.255": false,
		"239.1.1.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1": false,
		"100::1": false, "2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "3fff::1": false,
		"5f00::1": false, "fc00::1": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false,
		"2a02:2788::1%eth0": false,
	} {
		if got := public(netip.MustParseAddr(s)); got != want {
			t.Errorf("public(%s) = %t, want %t", s, got, want)
		}
	}
	if public(netip.Addr{}) {
		t.Error("the zero address is public")
	}
}

func TestAllowList(t *testing.T) {
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("bonjour")) }))
	other := newCanary(t, "127.0.0.1:0")
	c := client(t, Options{}, s.URL)
	if a, err := c.Get(t.Context(), Request{URL: s.URL}); err != nil || string(a.Body) != "bonjour" {
		t.Errorf("Get(%s) = %v, %v", s.URL, a, err)
	}
	for _, address := range []string{
		"http://127.0.0.1:" + other.port() + "/", "http://127.0.0.1/",
		"http://user@" + hostOf(s.URL) + "/", "http://user:secret@" + hostOf(s.URL) + "/",
	} {
		if _, err := c.Get(t.Context(), Request{URL: address}); !errors.Is(err, ErrAddress) {
			t.Errorf("Get(%s) = %v, want ErrAddress", address, err)
		}
	}
	mapped := mustURL(t, "http://[::ffff:127.0.0.1]:"+s.URL[strings.LastIndexByte(s.URL, ':')+1:])
	if _, err := c.guard.check(mapped); err != nil {
		t.Errorf("check(%s) = %v: it is the address that is let through", mapped, err)
	}
	long := s.URL + "/" + strings.Repeat("a", maxURL)
	if _, err := c.Get(t.Context(), Request{URL: long}); !errors.Is(err, ErrAddress) {
		t.Errorf("Get of %d bytes = %v, want ErrAddress", len(long), err)
	}
	if c.transport.Proxy != nil {
		t.Error("the environment may name a proxy")
	}
}

func TestParseAllowNet(t *testing.T) {
	got, err := ParseAllowNet(" 127.0.0.1:8101-8136, 127.0.0.1:9000,[::1]:80,[::ffff:10.0.0.1]:81,")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range got {
		list = append(list, a.String())
	}
	if s, want := strings.Join(list, ","), "127.0.0.1:8101-8136,127.0.0.1:9000,[::1]:80,10.0.0.1:81"; s != want {
		t.Errorf("ParseAllowNet = %s, want %s", s, want)
	}
	if got, err := ParseAllowNet(""); err != nil || got != nil {
		t.Errorf(`ParseAllowNet("") = %v, %v`, got, err)
	}
	for _, bad := range []string{
		"127.0.0.1", "localhost:80", "10.0.0.0/8:80", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:90-80", "::1:80",
		"[::1]", "[127.0.0.1]:80", "127.0.0.1:80-", "127.0.0.1:-80", "[fe80::1%eth0]:80", ":80", "127.1:80", "127.0.0.1:80;127.0.0.1:81",
	} {
		if got, err := ParseAllowNet(bad); err == nil {
			t.Errorf("ParseAllowNet(%q) = %v, want an error", bad, got)
		}
	}
}

func FuzzParseAllowNet(f *testing.F) {
	for _, s := range []string{"127.0.0.1:8101-8136,127.0.0.1:9000", "[::1]:80", "[::ffff:1.2.3.4]:1-2", "a:1", "[]:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := ParseAllowNet(s)
		if err != nil {
			return
		}
		for _, a := range list {
			again, err := ParseAllowNet(a.String())
			if err != nil || len(again) != 1 || again[0] != a {
				t.Errorf("ParseAllowNet(%s) = %v, %v, want %v", a, again, err, a)
			}
			if a.First == 0 || a.Last < a.First || !a.Addr.IsValid() || a.Addr.Is4In6() {
				t.Errorf("ParseAllowNet(%q) gives %#v", s, a)
			}
		}
	})
}
