package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"trame"
	"trame/archive"
)

// text is what a node says.
func text(n *html.Node) string { return visible(n) }

var digits = regexp.MustCompile(`\d+`)

func TestCheckboxesCarryTheStateOfTheSearch(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	p := getPage(t, h, "/recherche?q=placement&country=BE&country=FR&from=2018&sort=newest&theme=protection-enfance")
	var form *html.Node
	for _, f := range p.find("form", "") {
		for n := range f.Descendants() {
			if attr(n, "type") == "checkbox" {
				form = f
			}
		}
	}
	if form == nil {
		t.Fatal("no form with checkboxes")
	}
	sent := map[string][]string{}
	for n := range form.Descendants() {
		if n.Data != "input" || attr(n, "name") == "" {
			continue
		}
		if attr(n, "type") == "hidden" || attr(n, "type") == "checkbox" && hasAttr(n, "checked") {
			sent[attr(n, "name")] = append(sent[attr(n, "name")], attr(n, "value"))
		}
	}
	got := strings.Join([]string{
		strings.Join(sent["q"], ","), strings.Join(sent["from"], ","), strings.Join(sent["sort"], ","),
		strings.Join(sent["theme"], ","), strconv.Itoa(len(sent["country"])),
	}, " ")
	if want := "placement 2018 newest protection-enfance 2"; got != want {
		t.Errorf("the form sends %q, want %q", got, want)
	}
}

// TestFormsKeepTheReading: how the words are read, and the moment, stay in every
// form and in the way out of all filters; a cursor does not travel.
func TestFormsKeepTheReading(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	p := getPage(t, h, "/recherche?q=placement&country=BE&as_of=2030-01-01&twins=on&strict=on&cursor=abc&explain=1")
	forms := p.find("form", "")
	if len(forms) != 4 {
		t.Fatalf("%d forms, want 4", len(forms))
	}
	for _, f := range forms {
		sent := map[string]string{}
		for n := range f.Descendants() {
			if n.Data == "input" && attr(n, "type") == "hidden" {
				sent[attr(n, "name")] = attr(n, "value")
			}
		}
		if got := sent["as_of"] + sent["twins"] + sent["strict"] + sent["cursor"] + sent["explain"]; got != "2030-01-01T23:59:59Zonon" {
			t.Errorf("a form sends %v", sent)
		}
	}
	if got, want := attr(p.find("a", "clear")[0], "href"), "/recherche?as_of=2030-01-01T23%3A59%3A59Z&q=placement&strict=on&twins=on"; got != want {
		t.Errorf("without filters: %q, want %q", got, want)
	}
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func TestChipsTakeOneFilterAway(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	p := getPage(t, h, "/recherche?country=BE&theme=protection-enfance&from=2018-03&to=2026")
	want := map[string]string{
		"Thème Protection de l’enfance": "/recherche?country=BE&from=2018-03&to=2026",
		"Pays Belgique":                 "/recherche?from=2018-03&theme=protection-enfance&to=2026",
		"Date mars 2018 – 2026":         "/recherche?country=BE&theme=protection-enfance",
	}
	for _, c := range p.find("a", "chip") {
		label := strings.TrimPrefix(text(c), "Retirer le filtre ")
		if want[label] != attr(c, "href") {
			t.Errorf("chip %q leads to %q, want %q", label, attr(c, "href"), want[label])
		}
		delete(want, label)
	}
	if len(want) > 0 {
		t.Errorf("no chip for %v", want)
	}
}

func TestBarsOfTheYears(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	p := getPage(t, h, "/recherche?country=BE&from=2024&to=2025")
	bars := p.find("ol", "bars")
	if len(bars) != 1 {
		t.Fatalf("%d histograms, want 1", len(bars))
	}
	for n := range bars[0].Descendants() {
		if n.Data != "a" {
			continue
		}
		label := attr(n, "aria-label")
		year := label[:4]
		if inside := year == "2024" || year == "2025"; inside != hasClass(n, "on") {
			t.Errorf("bar %s: on = %v", year, !inside)
		}
		to := getPage(t, h, attr(n, "href"))
		n := digits.FindString(label[5:])
		if !strings.Contains(to.text, " "+n+" article") {
			t.Errorf("bar says %q, its page does not", label)
		}
	}
}

func TestFrenchDatesInTheFields(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	for _, from := range []string{"5/4/2024", "05/04/2024", "05.04.2024", "2024-04-05", "2024-4-5", "5-4-2024", "5 avril 2024", "5 AVR. 2024"} {
		p := getPage(t, h, "/recherche?from="+url.QueryEscape(from))
		var got string
		for _, n := range p.find("input", "") {
			if attr(n, "name") == "from" && attr(n, "id") == "de" {
				got = attr(n, "value")
			}
		}
		if got != "05/04/2024" {
			t.Errorf("from=%s: the field says %q, want 05/04/2024", from, got)
		}
	}
	if p := getPage(t, h, "/recherche?from=demain"); p.status != http.StatusBadRequest || !strings.Contains(p.text, "demain") {
		t.Errorf("from=demain: %d %s", p.status, p.text)
	}
}

// TestWaysOutAreTrue follows each way out of an empty result and counts again.
func TestWaysOutAreTrue(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	for _, path := range []string{
		"/recherche?q=placement+loyers&strict=on",
		"/recherche?q=placement&country=CH",
		"/recherche?q=placement&country=CH&from=2001&to=2002",
		"/recherche?q=%22placement+urgence+lits%22&type=report",
		"/recherche?q=placement+ou+loyers&strict=on",
		"/recherche?q=placement+sans+loyers+zyzomys&strict=on",
		"/recherche?q=placement&as_of=2001-01-01",
		"/recherche?q=placement&as_of=2001-01-01&strict=on&country=CH",
	} {
		p := getPage(t, h, path)
		if !strings.Contains(p.text, "Aucun article") {
			t.Fatalf("%s is not empty", path)
		}
		ways := p.find("ul", "do")
		if len(ways) == 0 {
			t.Errorf("%s: no way out", path)
			continue
		}
		for n := range ways[0].Descendants() {
			if n.Data == "a" && !strings.Contains(getPage(t, h, attr(n, "href")).text, " "+text(n)+" ") {
				t.Errorf("%s: %s says %q, its page does not", path, attr(n, "href"), text(n))
			}
		}
	}
}

// TestMistakesKeepTheSearch: what was right in an address is still in the forms of
// the error page.
func TestMistakesKeepTheSearch(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	for path, want := range map[string]string{
		"/recherche?from=31/02/2015&to=2016&theme=logement&q=CPAS": "q=CPAS theme=logement to=2016",
		"/recherche?q=ab*&country=BE&sort=newest":                  "country=BE q=ab* sort=newest",
		"/recherche?country=BELGIQUE&q=CPAS&type=event":            "q=CPAS type=event",
	} {
		p := getPage(t, h, path)
		if p.status != http.StatusBadRequest {
			t.Fatalf("GET %s: %d", path, p.status)
		}
		var got []string
		for n := range p.find("form", "search")[0].Descendants() {
			if n.Data == "input" {
				got = append(got, attr(n, "name")+"="+attr(n, "value"))
			}
		}
		slices.Sort(got)
		if g := strings.Join(got, " "); g != want {
			t.Errorf("GET %s: the form holds %q, want %q", path, g, want)
		}
	}
	p := getPage(t, h, "/recherche?from=31/02/2015&theme=logement&q=CPAS")
	if !strings.Contains(p.text, "31/02/2015") || !strings.Contains(p.text, "5/4/2015, 4/2015 ou 2015") {
		t.Errorf("a wrong date is answered with %s", p.text)
	}
	fields := map[string]string{}
	for n := range p.find("div", "range")[0].Descendants() {
		if n.Data == "input" {
			fields[attr(n, "name")] = attr(n, "value")
		}
	}
	if want := map[string]string{"from": "31/02/2015", "to": "", "theme": "logement", "q": "CPAS"}; !maps.Equal(fields, want) {
		t.Errorf("the form for dates holds %v, want %v", fields, want)
	}
	long := getPage(t, h, "/recherche?q="+strings.Repeat("%C3%A9", 513))
	if long.status != http.StatusBadRequest || !strings.Contains(long.text, "513 caractères, pour 512 au plus") {
		t.Errorf("a long search is answered with %s", long.text)
	}
}

// TestUndatedAreCounted compares what the page says with a count of the archive.
func TestUndatedAreCounted(t *testing.T) {
	var as []trame.Article
	for i, year := range []int{0, 0, 0, 2014, 2015, 2015, 2016} {
		a := trame.Article{URL: fmt.Sprintf("https://revue.example/%d", i), Title: fmt.Sprint("Le logement ", i), Source: "revue", SourceName: "La Revue", Type: trame.TypeArticle, Text: fmt.Sprint("Un texte sur le logement, numéro ", i), Published: trame.Date{Year: year}}
		as = append(as, a)
	}
	h := newWorld(t, as...).handler()
	for path, want := range map[string]string{
		"/recherche":                           "3 sans date",
		"/recherche?q=logement&from=2015":      "3 sans date, hors de toute période",
		"/recherche?q=logement&to=2014":        "3 sans date, hors de toute période",
		"/recherche?q=date:2014..2016&to=2015": "",
	} {
		text := getPage(t, h, path).text
		if want == "" && strings.Contains(text, "sans date") || !strings.Contains(text, want) {
			t.Errorf("GET %s does not say %q: %s", path, want, text)
		}
	}
}

// TestWayBackLeadsToThePage follows a hit of the second page and comes back.
func TestWayBackLeadsToThePage(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	p := getPage(t, h, "/recherche?page=2&country=BE")
	if title := text(p.find("title", "")[0]); !strings.Contains(title, "Belgique") || !strings.Contains(title, "page 2") {
		t.Errorf("the title is %q", title)
	}
	for n := range p.find("li", "hit")[0].Descendants() {
		if n.Data == "a" && n.Parent.Data == "h3" {
			back := getPage(t, h, attr(n, "href")).find("nav", "crumb")[0]
			if to := attr(back.FirstChild, "href"); to != "/recherche?country=BE&page=2" {
				t.Errorf("the way back leads to %q", to)
			}
		}
	}
}

func TestOnlyStopWords(t *testing.T) {
	p := getPage(t, newWorld(t, sample(t)...).handler(), "/recherche?q=le+la+de")
	if !strings.Contains(p.text, "mots trop courants") {
		t.Errorf("the page says %s", p.text)
	}
}

func TestEventsSayTheirOwnDates(t *testing.T) {
	a := trame.Article{URL: "https://formations.example/1", Title: "Une journée d’étude", Source: "formations", SourceName: "Formations", Type: trame.TypeEvent, Text: "Une journée.", Event: &trame.Event{Dates: []trame.Date{{Year: 2027, Month: 3, Day: 4}}}}
	h := newWorld(t, a).handler()
	for _, path := range []string{"/recherche", "/a/" + trame.ID(a.URL)} {
		if text := getPage(t, h, path).text; strings.Contains(text, "inconnue") || !strings.Contains(text, "mars 2027") {
			t.Errorf("GET %s says %s", path, text)
		}
	}
}

func TestPages(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	p := getPage(t, h, "/recherche?page=2")
	if !strings.Contains(p.text, "21 à 40 sur 74") || !strings.Contains(p.text, "Page 2 sur 4") {
		t.Errorf("page 2 says %s", p.text)
	}
	if n := len(p.find("li", "hit")); n != 20 {
		t.Errorf("%d hits on page 2, want 20", n)
	}
	seen := map[string]bool{}
	for _, path := range []string{"/recherche", "/recherche?page=2", "/recherche?page=3", "/recherche?page=4"} {
		for _, li := range getPage(t, h, path).find("h3", "") {
			for n := range li.Descendants() {
				if n.Data == "a" {
					seen[attr(n, "href")] = true
				}
			}
		}
	}
	if len(seen) != 74 {
		t.Errorf("four pages show %d articles, want 74", len(seen))
	}
	rec := get(t, h, "/recherche?page=90")
	if to := rec.Header().Get("Location"); rec.Code != http.StatusFound || to != "/recherche?page=4" {
		t.Errorf("page 90: %d %q, want the last page", rec.Code, to)
	}
}

func TestResultPagesAreNotForSearchEngines(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	for path, want := range map[string]string{"/recherche?q=placement": "noindex, follow", "/sources": "", "/": ""} {
		got := ""
		for _, m := range getPage(t, h, path).find("meta", "") {
			if attr(m, "name") == "robots" {
				got = attr(m, "content")
			}
		}
		if got != want {
			t.Errorf("GET %s: robots %q, want %q", path, got, want)
		}
	}
	if body := get(t, h, "/robots.txt").Body.String(); !strings.Contains(body, "Disallow: /recherche") {
		t.Errorf("robots.txt: %s", body)
	}
}

func TestArticlePage(t *testing.T) {
	long := strings.Repeat("Un paragraphe assez long pour que l’extrait doive être coupé quelque part. ", 20) + "\n\nDernier paragraphe avec un mot rare : quincaillerie."
	articles := []trame.Article{
		{URL: "https://revue.example/1", Title: "Le placement", Authors: []string{"Anne Lebrun"}, Source: "revue", SourceName: "La Revue", Country: "BE", Type: trame.TypeArticle, Text: long, Words: 300, Published: trame.Date{Year: 2015, Month: 4, Day: 5}, PublishedFrom: trame.FromMeta},
		{URL: "https://libre.example/1", Title: "Libre", Source: "libre", SourceName: "Libre", Type: trame.TypeArticle, Text: long},
		{URL: "https://revue.example/2", Title: "Perdu", Source: "revue", SourceName: "La Revue", Type: trame.TypeReport, Gone: true, Text: "Texte.",
			Attachments: []trame.Attachment{{URL: "https://revue.example/a.pdf", Title: "Rapport", MediaType: "application/pdf", Pages: 42}}},
		{URL: "https://revue.example/3", Title: "Journée", Source: "revue", SourceName: "La Revue", Type: trame.TypeEvent, Published: trame.Date{Year: 2022, Month: 10},
			Event: &trame.Event{Dates: []trame.Date{{Year: 2022, Month: 11, Day: 15}, {Year: 2022, Month: 12, Day: 1}}, Place: "Namur", Price: "180 €"}},
	}
	w := newWorld(t, articles...)
	if err := w.archive.PutSource(t.Context(), trame.Source{ID: "libre", Name: "Libre", URL: "https://libre.example/", Text: "full"}); err != nil {
		t.Fatal(err)
	}
	h := w.handler()
	page := func(i int, query string) shown { return getPage(t, h, "/a/"+trame.ID(articles[i].URL)+query) }

	tests := []struct {
		i         int
		query     string
		want, not []string
	}{
		{0, "", []string{"Lire l’article sur revue.example", "5 avril 2015", "LEBRUN, Anne, 2015. Le placement. La Revue [en ligne]. 5 avril 2015.", "[Consulté le 25 novembre 2026]", "Extrait court", "Anne Lebrun", "déclarée par la page"}, []string{"quincaillerie", "Vos mots"}},
		{0, "?q=quincaillerie", []string{"Vos mots dans l’article", "quincaillerie", "Retour aux résultats pour « quincaillerie »"}, nil},
		{1, "", []string{"quincaillerie", "date inconnue", "s. d."}, []string{"Extrait court"}},
		{2, "", []string{"ne répond plus", "Essayer l’adresse d’origine", "Rapport", "PDF, 42 pages"}, []string{"Lire l’article sur"}},
		{3, "", []string{"Formation, événement", "15 novembre 2022 et 1er décembre 2022", "Namur", "octobre 2022"}, nil},
	}
	for _, tt := range tests {
		p := page(tt.i, tt.query)
		checkSoundPage(t, h, "/a/"+trame.ID(articles[tt.i].URL)+tt.query)
		for _, s := range tt.want {
			if !strings.Contains(p.text, s) {
				t.Errorf("article %d%s does not say %q:\n%s", tt.i, tt.query, s, p.text)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(p.text, s) {
				t.Errorf("article %d%s says %q", tt.i, tt.query, s)
			}
		}
	}
	if n := len([]rune(text(page(0, "").find("div", "prose")[0]))); n > 400 {
		t.Errorf("the extract has %d characters, want at most 400", n)
	}
	meta := map[string]string{}
	for _, m := range page(0, "").find("meta", "") {
		meta[attr(m, "name")] = attr(m, "content")
	}
	for name, want := range map[string]string{"DC.title": "Le placement", "DC.type": "newspaperArticle", "DC.creator": "Anne Lebrun", "DC.date": "2015-04-05", "DC.source": "La Revue", "DC.identifier": "https://revue.example/1"} {
		if meta[name] != want {
			t.Errorf("meta %s = %q, want %q", name, meta[name], want)
		}
	}
}

func checkSoundPage(t *testing.T, h http.Handler, path string) {
	t.Helper()
	checkSound(t, get(t, h, path).Body.Bytes())
}

// TestMovedArticle asks for an article by the id of its old address.
func TestMovedArticle(t *testing.T) {
	a := sample(t)[0]
	w := newWorld(t, a)
	old := a.URL
	to := archive.Link{URL: old + "-deplace", Host: "passerelles.example", Source: a.Source, Kind: archive.LinkPage, State: archive.StateRead}
	from := archive.Link{URL: old, Host: "passerelles.example", Source: a.Source, Kind: archive.LinkPage, State: archive.StateMoved, Target: to.URL}
	a.URL, a.ID = to.URL, trame.ID(to.URL)
	for _, v := range []archive.Visit{{Link: from}, {Link: to, Article: &a}} {
		if _, err := w.archive.Save(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	rec := get(t, w.handler(), "/a/"+trame.ID(old)+"?q=placement")
	if want := "/a/" + a.ID + "?q=placement"; rec.Code != http.StatusMovedPermanently || rec.Header().Get("Location") != want {
		t.Errorf("%d %q, want 301 %q", rec.Code, rec.Header().Get("Location"), want)
	}
	if p := getPage(t, w.handler(), rec.Header().Get("Location")); p.status != 200 || !strings.Contains(p.text, "Lire l’article") {
		t.Errorf("at the new address: %d %s", p.status, p.text)
	}
}

func TestSourcesPage(t *testing.T) {
	w := newWorld(t, sample(t)...)
	if err := w.archive.NoteSource(t.Context(), "cahiers", "spip", "Le serveur ne répond plus (503)."); err != nil {
		t.Fatal(err)
	}
	p := getPage(t, w.handler(), "/sources")
	for _, want := range []string{"Trame lit 6 sources et garde la notice de 74 articles", "Le serveur ne répond plus (503).", "Pas encore visitée", "1 sans date", "Cahiers de l’accompagnement BE"} {
		if !strings.Contains(p.text, want) {
			t.Errorf("does not say %q:\n%s", want, p.text)
		}
	}
}

// TestHelpIsTrue asks everything that the help says can be asked.
func TestHelpIsTrue(t *testing.T) {
	h := newWorld(t, sample(t)...).handler()
	asked := 0
	for _, table := range getPage(t, h, "/aide").find("table", "guide") {
		for n := range table.Descendants() {
			if n.Data != "code" {
				continue
			}
			q := text(n)
			if p := getPage(t, h, "/recherche?q="+url.QueryEscape(q)); p.status != http.StatusOK {
				t.Errorf("the help says %s, the search answers %d: %s", q, p.status, p.text)
			}
			if r := trame.Remarks(q); r != nil {
				t.Errorf("the help says %s, the search remarks %q", q, r)
			}
			asked++
		}
	}
	if asked < 20 {
		t.Errorf("only %d examples asked", asked)
	}
}
