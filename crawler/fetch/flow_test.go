package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// TestRedirectsInward covers the flows of the pack in which a public page leads
// to a private address.
func TestRedirectsInward(t *testing.T) {
	trap, trap6 := newCanary(t, "127.0.0.1:0"), newCanary(t, "[::1]:0")
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/302":
			http.Redirect(w, r, "http://127.0.0.1:"+trap.port()+"/", 302)
		case "/307":
			http.Redirect(w, r, "http://127.0.0.1:"+trap.port()+"/", 307)
		case "/5":
			http.Redirect(w, r, "/4", 302)
		case "/4":
			http.Redirect(w, r, "/3", 301)
		case "/3":
			http.Redirect(w, r, "/2", 303)
		case "/2":
			http.Redirect(w, r, "/302", 308)
		case "/6":
			w.Header().Set("Location", "https://[::1]:"+trap6.port()+"/")
			w.WriteHeader(302)
		case "/relative":
			w.Header().Set("Location", "//127.0.0.1:"+trap.port()+"/")
			w.WriteHeader(302)
		case "/user":
			w.Header().Set("Location", "http://user:secret@"+r.Host+"/")
			w.WriteHeader(302)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
		case "/javascript":
			w.Header().Set("Location", "javascript:alert(1)")
			w.WriteHeader(302)
		case "/bad":
			w.Header().Set("Location", "http://[::1")
			w.WriteHeader(302)
		}
	}))
	c := client(t, Options{}, s.URL)
	for path, want := range map[string]error{
		"/302": ErrAddress, "/307": ErrAddress, "/5": ErrAddress, "/6": ErrAddress, "/relative": ErrAddress,
		"/user": ErrAddress, "/bad": ErrAddress, "/file": ErrScheme, "/javascript": ErrScheme,
	} {
		if a, err := c.Get(t.Context(), Request{URL: s.URL + path}); !errors.Is(err, want) {
			t.Errorf("Get(%s) = %v, %v, want %v", path, a, err, want)
		}
	}
}

func TestRobotsRedirectInward(t *testing.T) {
	trap := newCanary(t, "127.0.0.1:0")
	var pages atomic.Int64
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			pages.Add(1)
			return
		}
		http.Redirect(w, r, "http://127.0.0.1:"+trap.port()+"/robots.txt", 302)
	})
	c := client(t, Options{}, s.URL)
	_, err := c.Get(t.Context(), Request{URL: s.URL})
	if !errors.Is(err, ErrRobots) || !errors.Is(err, ErrUnavailable) || pages.Load() != 0 {
		t.Errorf("Get = %v after %d pages, want ErrRobots and none", err, pages.Load())
	}
}

// names is a DNS server on loopback. Each query for a name takes the next list
// of answers, the last for ever.
type names struct {
	mu      sync.Mutex
	answers map[string][][]string // name, with final dot → answers → addresses, or "CNAME …"
}

func (n *names) next(name string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[strings.ToLower(name)]
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		n.answers[strings.ToLower(name)] = list[1:]
	}
	return list[0]
}

// resolver starts the server and returns a resolver that asks nobody else.
func (n *names) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			k, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := n.reply(buf[:k]); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) reply(query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	var list []string
	if q.Type == dnsmessage.TypeA || strings.HasPrefix(q.Name.String(), "v6") {
		list = n.next(q.Name.String()) // one answer for a pair of queries
	}
	owner := q.Name
	for _, s := range list {
		h := dnsmessage.ResourceHeader{Name: owner, Class: dnsmessage.ClassINET, TTL: 0}
		if target, ok := strings.CutPrefix(s, "CNAME "); ok {
			h.Type = dnsmessage.TypeCNAME
			owner = dnsmessage.MustNewName(target)
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.CNAMEResource{CNAME: owner}})
			continue
		}
		switch a := netip.MustParseAddr(s); {
		case a.Is4() && q.Type == dnsmessage.TypeA:
			h.Type = dnsmessage.TypeA
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: a.As4()}})
		case a.Is6() && q.Type == dnsmessage.TypeAAAA:
			h.Type = dnsmessage.TypeAAAA
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}

// TestNames: what a name resolves to decides, at the moment of dialling. The
// server on 127.0.0.2 stands for a public address; the canary has the same port
// on 127.0.0.1.
func TestNames(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skipf("no second loopback address: %v", err)
	}
	s := httptest.NewUnstartedServer(free(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "public") }))
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	newCanary(t, "127.0.0.1:"+port)

	n := &names{answers: map[string][][]string{
		"bon.test.":       {{"127.0.0.2"}},
		"un.test.":        {{"127.0.0.1"}},
		"deux.test.":      {{"127.0.0.3", "127.0.0.1"}}, // nothing listens on the first
		"v6-mappe.test.":  {{"::ffff:127.0.0.1"}},
		"cname.test.":     {{"CNAME localhost.", "127.0.0.1"}},
		"change.test.":    {{"127.0.0.2"}, {"127.0.0.1"}},
		"garde.test.":     {{"127.0.0.2"}, {"127.0.0.1"}},
		"metadonnees.ec.": {{"169.254.169.254"}},
	}}
	open := func(keepAlive bool) *Client {
		c := client(t, Options{AllowNet: allow(t, "http://127.0.0.3:"+port)}, s.URL)
		c.dialer.Resolver = n.resolver(t)
		c.transport.DisableKeepAlives = !keepAlive
		return c
	}
	c := open(false)
	if a, err := c.Get(t.Context(), Request{URL: "http://bon.test:" + port}); err != nil || string(a.Body) != "public" {
		t.Fatalf("Get(bon.test) = %v, %v", a, err)
	}
	for _, name := range []string{"un.test", "deux.test", "v6-mappe.test", "cname.test", "metadonnees.ec"} {
		if a, err := c.Get(t.Context(), Request{URL: "http://" + name + ":" + port}); err == nil {
			t.Errorf("Get(%s) = %q, want an error", name, a.Body)
		} else if name != "deux.test" && (!errors.Is(err, ErrAddress) || errors.Is(err, ErrRobots)) {
			t.Errorf("Get(%s) = %v, want ErrAddress: it says nothing of robots.txt", name, err)
		}
	}
	// robots.txt comes from the first answer, the page would from the second.
	if _, err := c.Get(t.Context(), Request{URL: "http://change.test:" + port}); !errors.Is(err, ErrAddress) {
		t.Errorf("Get(change.test) = %v, want ErrAddress", err)
	}
	// A connection that is kept stays where it is.
	c = open(true)
	for range 3 {
		if a, err := c.Get(t.Context(), Request{URL: "http://garde.test:" + port}); err != nil || string(a.Body) != "public" {
			t.Errorf("Get(garde.test) = %v, %v", a, err)
		}
	}
}

// relay is a site whose paths redirect as its recipe says.
func relay(t *testing.T, asked *atomic.Int64) *httptest.Server {
	return site(t, free(func(w http.ResponseWriter, r *http.Request) {
		var n int
		asked.Add(1)
		switch {
		case r.URL.Path == "/a":
			http.SetCookie(w, &http.Cookie{Name: "vu", Value: "1"})
			http.Redirect(w, r, "/b", 302)
		case r.URL.Path == "/b":
			http.Redirect(w, r, "/a", 302)
		case r.URL.Path == "/self":
			http.Redirect(w, r, "/self#plus", 302)
		case r.URL.Path == "/sans-adresse":
			w.WriteHeader(302)
		case scan(r.URL.Path, "/r/%d", &n): // for ever
			http.Redirect(w, r, fmt.Sprintf("/r/%d", n+1), 302)
		case scan(r.URL.Path, "/fin/%d", &n) && n > 0:
			http.Redirect(w, r, fmt.Sprintf("/fin/%d", n-1), 301)
		default:
			fmt.Fprint(w, "cookie: ", r.Header.Get("Cookie"))
		}
	}))
}

func scan(s, format string, n *int) bool {
	_, err := fmt.Sscanf(s, format, n)
	return err == nil
}

func TestRedirects(t *testing.T) {
	var asked atomic.Int64
	s := relay(t, &asked)
	c := client(t, Options{}, s.URL)
	for path, want := range map[string]int64{"/a": 2, "/self": 1, "/r/0": 6, "/fin/6": 6} {
		asked.Store(0)
		if _, err := c.Get(t.Context(), Request{URL: s.URL + path}); !errors.Is(err, ErrRedirect) || asked.Load() != want {
			t.Errorf("Get(%s) = %v after %d requests, want ErrRedirect after %d", path, err, asked.Load(), want)
		}
	}
	a, err := c.Get(t.Context(), Request{URL: s.URL + "/fin/5#ancre"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Hop{}
	for n := 5; n > 0; n-- {
		want = append(want, Hop{From: fmt.Sprintf("%s/fin/%d", s.URL, n), To: fmt.Sprintf("%s/fin/%d", s.URL, n-1), Status: 301})
	}
	want[0].From += "#ancre"
	if !slices.Equal(a.Hops, want) || a.URL != s.URL+"/fin/0" || a.Status != 200 {
		t.Errorf("Get = %s %d by %v", a.URL, a.Status, a.Hops)
	}
	if a, err := c.Get(t.Context(), Request{URL: s.URL + "/sans-adresse"}); err != nil || a.Status != 302 {
		t.Errorf("Get(/sans-adresse) = %v, %v", a, err)
	}
	// An http.Client of another's, with its own idea of how many hops are fine.
	h := &http.Client{Transport: c, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	for _, path := range []string{"/r/0", "/a"} {
		res, err := h.Get(s.URL + path)
		if err == nil {
			res.Body.Close()
		}
		if !errors.Is(err, ErrRedirect) {
			t.Errorf("http.Client.Get(%s) = %v, want ErrRedirect", path, err)
		}
	}
}

func TestRobotsForEachHop(t *testing.T) {
	var fetched sync.Map
	closed := site(t, func(w http.ResponseWriter, r *http.Request) {
		fetched.Store("closed"+r.URL.Path, true)
		if r.URL.Path == "/robots.txt" {
			fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
		}
	})
	s := site(t, func(w http.ResponseWriter, r *http.Request) {
		fetched.Store(r.URL.Path, true)
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /prive\n")
		case "/vers-prive":
			http.Redirect(w, r, "/prive/page", 301)
		case "/vers-ailleurs":
			http.Redirect(w, r, closed.URL+"/page", 301)
		}
	})
	c := client(t, Options{}, s.URL, closed.URL)
	for _, path := range []string{"/vers-prive", "/vers-ailleurs", "/prive/"} {
		_, err := c.Get(t.Context(), Request{URL: s.URL + path})
		if !errors.Is(err, ErrRobots) || errors.Is(err, ErrUnavailable) {
			t.Errorf("Get(%s) = %v, want ErrRobots alone", path, err)
		}
	}
	for _, path := range []string{"/prive/page", "/prive/", "closed/page"} {
		if _, ok := fetched.Load(path); ok {
			t.Errorf("%s was fetched", path)
		}
	}
	if err := c.Allowed(t.Context(), s.URL+"/prive/x"); !errors.Is(err, ErrRobots) {
		t.Errorf("Allowed(/prive/x) = %v, want ErrRobots", err)
	}
	if err := c.Allowed(t.Context(), s.URL+"/ouvert"); err != nil {
		t.Errorf("Allowed(/ouvert) = %v", err)
	}
	if _, ok := fetched.Load("/ouvert"); ok {
		t.Error("Allowed fetched the page")
	}
}

// Nothing of ours goes out but what is written in dress.
func TestNoSecretsNoCookies(t *testing.T) {
	heads := make(chan http.Header, 10)
	s := site(t, free(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Host", r.Host)
		heads <- r.Header
		http.SetCookie(w, &http.Cookie{Name: "suivi", Value: "1"})
	}))
	c := client(t, Options{UserAgent: "TrameBot/1.0 (+https://exemple.test)"}, s.URL)
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("moi", "secret")
		req.Header.Set("Cookie", "a=b")
		req.Header.Set("User-Agent", "colly")
		req.Header.Set("Accept-Encoding", "br, zstd")
		req.Host = "autre.test"
		res, err := c.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.Request != req {
			t.Error("the answer does not name the request it answers")
		}
		h := <-heads
		for name, want := range map[string]string{
			"Host": hostOf(s.URL), "Authorization": "", "Cookie": "", "Accept-Encoding": "gzip", "User-Agent": "TrameBot/1.0 (+https://exemple.test)",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("sent %s: %q, want %q", name, got, want)
			}
		}
	}
	post, err := http.NewRequestWithContext(t.Context(), "POST", s.URL, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := c.RoundTrip(post); err == nil {
		res.Body.Close()
		t.Error("POST was sent")
	}
	select {
	case h := <-heads:
		t.Errorf("POST arrived: %v", h)
	default:
	}
}
