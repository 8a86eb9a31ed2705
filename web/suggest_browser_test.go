package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"trame"
	"trame/api"
	"trame/web"
)

// completions answer whatever is asked, with what an answer must not be able to do.
const completions = `{"items":[
 {"kind":"word","text":"placement urgent","marked":"<mark>plac</mark>ement urgent","count":1234},
 {"kind":"title","text":"Le <b>placement</b>","marked":"Le &lt;b&gt;<mark>plac</mark>ement<img src=x onerror=alert(1)><script>alert(1)</script>","url":"/sources"},
 {"kind":"theme","text":"Protection","marked":"Protection","count":1,"url":"/recherche?theme=protection-enfance"},
 {"kind":"author","text":"placement","marked":"placement","count":2,"url":"https://elsewhere.example/"}]}`

// TestBrowserSuggestions drives the list under the search field by keyboard and
// pointer, as its users and their screen readers do.
func TestBrowserSuggestions(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	asked := make(chan string, 100)
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.HandleFunc("/api/v1/suggest", func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Query().Get("q")
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Query().Get("q") == "rien" {
			fmt.Fprint(w, `{"items":[]}`)
			return
		}
		fmt.Fprint(w, completions)
	})
	base := serve(t, mux)
	ctx := browser(t, base)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	says := func(js, want string) {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+js+")"))
		if err != nil || got != want {
			t.Errorf("%s = %q %v, want %q", js, got, err, want)
		}
	}
	const down, up, escape = kb.ArrowDown, kb.ArrowUp, kb.Escape
	// enter is the key without its character: the driver would send that even where
	// the page has taken the key.
	enter := func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13})
		return chromedp.Void{}, err
	}
	state := `[document.activeElement.id, q.getAttribute('aria-expanded'), q.getAttribute('aria-activedescendant'), document.querySelector('#sug [aria-selected=true]')?.id]`
	open := func(text string) {
		t.Helper()
		do(chromedp.Navigate(base+"/recherche?country=BE"), chromedp.Click("#q"), chromedp.KeyEvent(text), chromedp.WaitVisible("#sug li"))
	}

	do(chromedp.EmulateViewport(1280, 900))
	open("plac")
	if got := <-asked; got != "plac" || len(asked) != 0 {
		t.Errorf("asked for %q and %d times more, want plac once", got, len(asked))
	}
	says(state, "q,true,,")
	says(`[...document.querySelectorAll('#sug li')].map(e => e.innerText.replace(/\s+/g, ' ')).join('|')`,
		"placement urgent 1 234 articles|Le <b>placement<img src=x onerror=alert(1)><script>alert(1)</script> Article|Protection Thème · 1 article|placement Auteur · 2 articles")
	says(`document.querySelectorAll('#sug img, #sug script, #sug b').length`, "0")
	says(`document.querySelector('.box [role=status]').textContent`, "4 suggestions")
	do(chromedp.KeyEvent(down))
	says(state, "q,true,sug-0,sug-0")
	do(chromedp.Evaluate[chromedp.Void](axe(t)))
	wrong, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	if err != nil || len(wrong) > 0 {
		t.Errorf("axe on the open list: %v %q", err, wrong)
	}
	do(chromedp.KeyEvent(up))
	says(state, "q,true,,")
	do(chromedp.KeyEvent(up))
	says(state, "q,true,sug-3,sug-3")
	do(chromedp.KeyEvent(escape))
	says(state, "q,false,,")
	says("q.value", "plac")

	do(chromedp.KeyEvent(down), chromedp.KeyEvent(down), chromedp.KeyEvent(down), enter, chromedp.WaitVisible(`input[value="protection-enfance"][checked]`))
	says("location.pathname + location.search", "/recherche?theme=protection-enfance")
	open("plac") // a word keeps the filters
	do(chromedp.KeyEvent(down), enter, chromedp.WaitVisible(`#q[value="placement urgent"]`))
	says("location.pathname + location.search", "/recherche?q=placement+urgent&country=BE")
	open("plac") // an address elsewhere is not followed
	do(chromedp.Click("#sug-3"), chromedp.WaitVisible(`#q[value="placement"]`))
	says("location.pathname + location.search", "/recherche?q=placement&country=BE")
	open("plac")
	do(chromedp.Click("#sug-1"), chromedp.WaitVisible(".cover"))
	says("location.pathname", "/sources")
	open("plac") // Enter without a choice searches what was typed
	do(chromedp.KeyEvent("\r"), chromedp.WaitVisible(`#q[value="plac"]`))
	says("location.pathname + location.search", "/recherche?q=plac&country=BE")
}

// TestBrowserSuggestionsOfTheAPI makes the journey with what the API really
// answers: a word by keyboard, then a theme by pointer.
func TestBrowserSuggestionsOfTheAPI(t *testing.T) {
	w := newWorld(t, sample(t)...)
	if _, err := w.search.Search(t.Context(), trame.Query{Text: "zyzomys"}); err != nil { // whose spelling waits for the words that are read in the background
		t.Fatal(err)
	}
	r := web.New(w.archive, w.search, w.options)
	api.Mount(r, w.archive, w.search, api.Options{})
	base := serve(t, r)
	ctx := browser(t, base)
	type step = chromedp.Action[chromedp.Void]
	says := func(want string, steps ...step) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
		if got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.pathname + location.search")); err != nil || got != want {
			t.Errorf("at %s %v, want %s", got, err, want)
		}
	}
	says("/", chromedp.Navigate(base+"/"), chromedp.Click("#q"), chromedp.KeyEvent("le logem"), chromedp.WaitVisible("#sug li"))
	says("/recherche?q=le+logement", chromedp.Click("#sug-0"), chromedp.WaitVisible(`#q[value="le logement"]`))
	says("/", chromedp.Navigate(base+"/"), chromedp.Click("#q"), chromedp.KeyEvent("LOGÉM"), chromedp.WaitVisible("#sug li"))
	says("/recherche?theme=logement", chromedp.Click(`#sug li:last-child`), chromedp.WaitVisible(`input[value="logement"][checked]`))
}
