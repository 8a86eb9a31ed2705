package web_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"trame"
	"trame/web"
)

// browser starts a Chromium that may speak to base alone: any other address, any
// line on its console and any exception fails the test.
func browser(t *testing.T, base string) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed: apt-get install chromium")
		}
		t.Skip("chromium is not installed")
	}
	limit, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewExecAllocator(limit, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true))...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	var mu sync.Mutex
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		t.Errorf(format, args...)
	}
	err = chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, base) && !strings.HasPrefix(e.Request.URL, "data:") {
				complain("the page asks for %s", e.Request.URL)
			}
		case *log.EventEntryAdded:
			if !strings.Contains(e.Entry.Text, "the server responded with a status of 4") {
				complain("console: %s", e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			complain("exception: %s", e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// serve runs a handler on loopback behind the product's own server.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = web.Server("", h)
	ts.Start()
	t.Cleanup(ts.Close)
	return ts.URL
}

// frames opens addresses in frames, six at a time, and returns those in which
// the canary fired. Each frame has a moment after its load for late events.
const frames = `(async paths => {
	const fired = [];
	const open = path => new Promise(done => {
		const f = document.body.appendChild(document.createElement('iframe'));
		f.onload = () => setTimeout(() => {
			if (f.contentWindow.fired !== 0) fired.push(path + ' ' + f.contentWindow.fired);
			f.remove(); done();
		}, 15);
		f.src = path;
	});
	const next = async () => { for (let p; p = paths.pop();) await open(p); };
	await Promise.all([next(), next(), next(), next(), next(), next()]);
	return fired;
})(%s)`

// TestBrowserRunsNothingHostile opens every hostile page in a Chromium without
// the Content-Security-Policy, so that escaping alone must hold.
func TestBrowserRunsNothingHostile(t *testing.T) {
	h, paths := hostileWorld(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(unguarded{w}, r) })
	mux.HandleFunc("/assets/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // they only take time
	mux.HandleFunc("/control", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html><title>x</title>", vectors(t)[0].Input)
	})
	mux.HandleFunc("/stage", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html><title>x</title><body>")
	})
	base := serve(t, mux)
	ctx := browser(t, base)
	canary := func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: "window.fired = 0; window.X = () => { window.fired++ }; window.alert = window.X;",
		})
		return chromedp.Void{}, err
	}
	if err := chromedp.Do(ctx, canary, chromedp.Navigate(base+"/stage")); err != nil {
		t.Fatal(err)
	}
	fired := func(paths []string) []string {
		t.Helper()
		list, err := json.Marshal(paths)
		if err != nil {
			t.Fatal(err)
		}
		hot, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(frames, list), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return hot
	}
	if got := fired([]string{"/control"}); len(got) != 1 || got[0] != "/control 1" {
		t.Fatalf("the control page gave %q: the test sees nothing", got)
	}
	var open []string
	for _, path := range paths {
		if !strings.HasPrefix(path, "/recherche?") || strings.Contains(path, "per_page") || strings.Contains(path, "?q=") {
			open = append(open, path) // the others are refused with one and the same page
		}
	}
	if len(open) < 400 {
		t.Errorf("only %d pages to open", len(open))
	}
	for _, path := range fired(open) {
		t.Errorf("ran foreign script: %s", path)
	}
}

// unguarded sends everything but the Content-Security-Policy.
type unguarded struct{ http.ResponseWriter }

func (u unguarded) WriteHeader(status int) {
	u.Header().Del("Content-Security-Policy")
	u.ResponseWriter.WriteHeader(status)
}

func (u unguarded) Write(b []byte) (int, error) {
	u.Header().Del("Content-Security-Policy")
	return u.ResponseWriter.Write(b)
}

// axe is the accessibility checker that runs inside the page.
func axe(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestBrowserPages opens every page on a wide screen, on a phone and on the
// narrowest window, light and dark: nothing on the console, nothing asked of
// others, nothing wider than the window, nothing that axe finds wrong.
func TestBrowserPages(t *testing.T) {
	w := newWorld(t, sample(t)...)
	mux := http.NewServeMux()
	mux.Handle("/", w.handler())
	mux.HandleFunc("/bad", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><p style="color:#ccc">pale<input>`)
	})
	base := serve(t, mux)
	ctx := browser(t, base)
	checker := axe(t)
	look := func(path string, width int64, scheme string) (wide int64, wrong []string) {
		t.Helper()
		media := func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return chromedp.Void{}, err
		}
		err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 844), media, chromedp.Navigate(base+path), chromedp.Evaluate[chromedp.Void](checker),
			chromedp.Evaluate[chromedp.Void]("for (const d of document.querySelectorAll('details')) d.open = true"))
		if err != nil {
			t.Fatalf("%s at %d: %v", path, width, err)
		}
		if wide, err = chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); err != nil {
			t.Fatal(err)
		}
		wrong, err = chromedp.Run(ctx, chromedp.Evaluate[[]string](
			`axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).slice(0, 3).join(' | ')))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatalf("axe on %s: %v", path, err)
		}
		return wide, wrong
	}
	if _, wrong := look("/bad", 390, "light"); len(wrong) < 3 {
		t.Fatalf("axe finds only %q on a bad page", wrong)
	}
	paths := []string{"/nulle-part", "/recherche?q=logement+ab*"}
	for _, p := range everyPage(trame.ID(sample(t)[0].URL)) {
		paths = append(paths, p.path)
	}
	for _, screen := range []struct {
		width  int64
		scheme string
	}{{1280, "light"}, {390, "dark"}, {320, "light"}} {
		for _, path := range paths {
			wide, wrong := look(path, screen.width, screen.scheme)
			if wide > screen.width {
				t.Errorf("%s at %d pixels is %d wide", path, screen.width, wide)
			}
			for _, v := range wrong {
				t.Errorf("%s at %d, %s: %s", path, screen.width, screen.scheme, v)
			}
		}
	}
}

// TestBrowserJourney searches, narrows, reads and returns, first with script and
// then without.
func TestBrowserJourney(t *testing.T) {
	w := newWorld(t, sample(t)...)
	base := serve(t, w.handler())
	ctx := browser(t, base)
	eval := func(js string) string {
		t.Helper()
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+js+")"))
		if err != nil {
			t.Fatalf("%s: %v", js, err)
		}
		return v
	}
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	// at waits for the page, by an element that only it has, and checks where it is.
	at := func(want string, arrived chromedp.Action[chromedp.Void]) {
		t.Helper()
		do(arrived)
		if got := eval("location.pathname + location.search"); got != want {
			t.Fatalf("at %s, want %s", got, want)
		}
	}
	found, narrowed, wide := chromedp.WaitVisible("#nb"), chromedp.WaitVisible(".chip"), chromedp.WaitNotPresent(".chip")

	do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+"/"))
	do(chromedp.KeyEvent("/"))
	if got := eval("document.activeElement.id"); got != "q" {
		t.Errorf("the key / leads to %q", got)
	}
	eval("document.getElementById('q').value = ''") // the driver types what a browser would not
	do(chromedp.KeyEvent("placement\r"))
	at("/recherche?q=placement", found)
	do(chromedp.Click(`input[name=country][value=BE]`))
	at("/recherche?q=placement&country=BE", narrowed)
	do(chromedp.WaitVisible(`input[name=country][value=BE]:focus`)) // the keyboard is where it was
	do(chromedp.Click(`.chip`))
	at("/recherche?q=placement", wide)
	do(chromedp.Click(".citing summary"), chromedp.WaitVisible(".citebox"))
	if got, want := eval(`document.querySelector('.citebox a').textContent`), base+"/recherche?as_of=2026-11-25T10%3A00%3A00Z&q=placement"; got != want {
		t.Errorf("the cited address is %s, want %s", got, want)
	}
	before := eval("getComputedStyle(document.documentElement).backgroundColor")
	do(chromedp.Click("#theme"))
	if eval("getComputedStyle(document.documentElement).backgroundColor") == before {
		t.Error("the theme does not change")
	}
	do(chromedp.Navigate(base + "/sources"))
	if eval("getComputedStyle(document.documentElement).backgroundColor") == before {
		t.Error("the theme is not kept")
	}

	do(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
	do(chromedp.Navigate(base+"/"), chromedp.Click("#q"), chromedp.KeyEvent("placement\r"))
	at("/recherche?q=placement", found)
	do(chromedp.Click(`input[name=country][value=BE]`), chromedp.Click(`.fapply button`))
	at("/recherche?q=placement&country=BE", narrowed)
	do(chromedp.Click(`.hit h3 a`))
	do(chromedp.WaitVisible(`.crumb a`), chromedp.Click(`.crumb a`))
	at("/recherche?country=BE&q=placement", narrowed)
}
