package read

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"trame"
)

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// TestRigCheck measures on pages fetched beforehand into TRAME_RIG_PAGES.
func TestRigCheck(t *testing.T) {
	dir := os.Getenv("TRAME_RIG_PAGES")
	if dir == "" {
		t.Skip()
	}
	var idx map[string]struct {
		File, CT, Loc string
		Status        int
	}
	b, _ := os.ReadFile(dir + "/index.json")
	if err := json.Unmarshal(b, &idx); err != nil {
		t.Fatal(err)
	}
	portRe := regexp.MustCompile(`:81\d\d`)
	for _, site := range []struct {
		truth string
		ports []string
	}{{"wordpress", []string{"8101", "8102", "8103"}}, {"spip", []string{"8111", "8112"}}, {"hugo", []string{"8121"}}, {"iso", []string{"8122"}}, {"teasers", []string{"8123"}}, {"pearl", []string{"8124"}}, {"training", []string{"8125"}}} {
		var truth struct {
			Chrome   []string `json:"chrome_never_in_body"`
			Articles []struct {
				URL, Title, Date, Author, Lead string
				Body                           string   `json:"body_text"`
				Must                           []string `json:"must_contain"`
				MustNot                        []string `json:"must_not_contain"`
				Categories, Tags, Pages        []string
				Events                         []string `json:"event_dates"`
				Attachments                    []struct{ URL string }
				Modified                       string
			}
			Not   []struct{ URL, Why string }        `json:"not_articles"`
			Never []struct{ URL, Kind, Text string } `json:"never_found"`
		}
		b, _ := os.ReadFile("/work/shared/rig/truth/" + site.truth + ".json")
		if err := json.Unmarshal(b, &truth); err != nil {
			t.Fatal(err)
		}
		for _, port := range site.ports {
			hints := map[string]Hint{}
			if os.Getenv("RIG_HINTS") != "" {
				for u, e := range idx {
					if strings.Contains(u, ":"+port) && e.Status == 200 && strings.Contains(e.CT, "xml") {
						body, _ := os.ReadFile(dir + "/pages/" + e.File)
						pu, _ := url.Parse(u)
						if f, err := ParseFeed(pu, e.CT, body); err == nil {
							for _, it := range f.Items {
								hints[it.URL] = it.Hint
							}
						}
					}
				}
			}
			read := func(u string) (Reading, bool) {
				u = portRe.ReplaceAllString(u, ":"+port)
				e, ok := idx[u]
				if !ok || e.Status != 200 {
					return Reading{}, false
				}
				body, _ := os.ReadFile(dir + "/pages/" + e.File)
				pu, _ := url.Parse(u)
				return Extract(Page{URL: pu, ContentType: e.CT, Body: body, Fetched: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), Hint: hints[u], Source: trame.Source{}}), true
			}
			n := map[string]int{}
			start := time.Now()
			pages := 0
			for _, a := range truth.Articles {
				r, ok := read(a.URL)
				if !ok {
					t.Logf("%s not fetched %s", port, a.URL)
					continue
				}
				pages++
				short := a.URL[strings.LastIndex(a.URL[:len(a.URL)-1], "/"):]
				n["articles"]++
				if r.Verdict != IsArticle {
					t.Logf("%s VERDICT %s %s (%s)", port, short, r.Verdict, r.Why)
				} else {
					n["verdict"]++
				}
				if letters(r.Article.Title) != letters(a.Title) {
					t.Logf("%s TITLE %s\n  got  %s\n  want %s", port, short, r.Article.Title, a.Title)
				} else {
					n["title"]++
				}
				want := ""
				if len(a.Date) >= 10 {
					want = a.Date[:10]
				}
				if got := r.Article.Published.String(); got != want {
					n["date wrong "+r.Article.PublishedFrom]++
					if n["date wrong "+r.Article.PublishedFrom] < 4 {
						t.Logf("%s DATE %s got %s (%s) want %s", port, short, got, r.Article.PublishedFrom, want)
					}
				} else {
					n["date"]++
				}
				if a.Author != "" {
					if strings.Join(r.Article.Authors, ", ") == a.Author {
						n["author"]++
					} else {
						n["author wrong"]++
						if n["author wrong"] < 4 {
							t.Logf("%s AUTHOR %s got %q want %q", port, short, r.Article.Authors, a.Author)
						}
					}
				}
				if len(a.Categories) > 0 {
					ok := false
					for _, c := range a.Categories {
						ok = ok || letters(c) == letters(r.Article.Section)
					}
					if ok {
						n["section"]++
					} else {
						n["section wrong"]++
						if n["section wrong"] < 4 {
							t.Logf("%s SECTION %s got %q want %q", port, short, r.Article.Section, a.Categories)
						}
					}
				}
				if len(a.Tags) > 0 {
					if letters(strings.Join(r.Article.Tags, "")) == letters(strings.Join(a.Tags, "")) {
						n["tags"]++
					} else {
						hit := 0
						for _, x := range a.Tags {
							for _, y := range r.Article.Tags {
								if letters(x) == letters(y) {
									hit++
								}
							}
						}
						if hit == len(a.Tags) && len(r.Article.Tags) == hit {
							n["tags"]++
						} else {
							n["tags wrong"]++
							if n["tags wrong"] < 4 {
								t.Logf("%s TAGS %s got %q want %q", port, short, r.Article.Tags, a.Tags)
							}
						}
					}
				}
				var at, wa []string
				for _, x := range r.Article.Attachments {
					at = append(at, x.URL)
				}
				for _, x := range a.Attachments {
					wa = append(wa, portRe.ReplaceAllString(x.URL, ":"+port))
				}
				if strings.Join(at, " ") != strings.Join(wa, " ") {
					t.Logf("%s ATTACH %s got %q want %q", port, short, at, wa)
				}
				var ev []string
				if r.Article.Event != nil {
					for _, d := range r.Article.Event.Dates {
						ev = append(ev, d.String())
					}
				}
				if strings.Join(ev, " ") != strings.Join(a.Events, " ") {
					t.Logf("%s EVENT %s got %q want %q", port, short, ev, a.Events)
				}
				n["type "+r.Article.Type]++
				if a.Modified != "" && (r.Article.Updated.IsZero() || r.Article.Updated.Format("2006-01-02") != a.Modified[:10]) {
					t.Logf("%s MODIFIED %s got %s want %s", port, short, r.Article.Updated, a.Modified)
				}
				text := letters(r.Article.Text)
				for _, m := range a.Must {
					n["must"]++
					if !strings.Contains(text, letters(m)) {
						if len(a.Pages) == 0 {
							t.Logf("%s MUST %s lacks %.100s", port, short, m)
						}
					} else {
						n["must ok"]++
					}
				}
				for _, m := range append(a.MustNot, truth.Chrome...) {
					n["not"]++
					if strings.Contains(text, letters(m)) {
						t.Logf("%s CHROME %s has %.100s", port, short, m)
					} else {
						n["not ok"]++
					}
				}
				if !strings.Contains(text, letters(a.Lead)) {
					n["no lead"]++
				}
				if len(a.Pages) > 0 && r.Next == "" {
					t.Logf("%s NEXT %s none", port, short)
				} else if len(a.Pages) == 0 && r.Next != "" {
					t.Logf("%s NEXT %s %s", port, short, r.Next)
				}
				d := float64(len(text)) / float64(len(letters(a.Body)))
				if d > 1.25 || d < 0.9 {
					n["size off"]++
					if n["size off"] < 4 {
						t.Logf("%s SIZE %s %.2f", port, short, d)
					}
				}
				if r.Article.Language != "fr" {
					t.Logf("%s LANG %s %s", port, short, r.Article.Language)
				}
			}
			took := time.Since(start)
			for _, a := range truth.Not {
				r, ok := read(a.URL)
				if !ok {
					t.Logf("%s not fetched %s", port, a.URL)
					continue
				}
				n["not_articles"]++
				if r.Verdict == IsArticle {
					t.Logf("%s NOT-ARTICLE %s is article (%s)", port, a.URL, r.Why)
				} else {
					n["not_articles ok"]++
				}
				if os.Getenv("RIG_V") != "" {
					t.Logf("%s %s %s (%s) next=%s links=%d feeds=%d", port, a.URL, r.Verdict, r.Why, r.Next, len(r.Links), len(r.Feeds))
				}
			}
			for _, a := range truth.Never {
				if r, ok := read(a.URL); ok && a.URL != "" {
					t.Logf("%s never %s: %s (%s)", port, a.Kind, r.Verdict, r.Why)
				}
			}
			t.Logf("== %s %v ms/page %.1f %s", port, n, float64(took.Milliseconds())/float64(max(pages, 1)), map[bool]string{true: "with hints"}[len(hints) > 0])
		}
	}
}
