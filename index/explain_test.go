package index

import (
	"math"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"trame"
	"trame/archive"
	"trame/french"
)

// explained returns an engine over composed articles and examples, with twins and
// deletions, in several segments.
func explained(t *testing.T) (Engine, []string) {
	a := newArchive(t)
	articles := compose(400)
	var words []string
	for i := range articles {
		if i%9 == 0 {
			articles[i].Text = "Le CPAS, centre public d’action sociale. " + articles[i].Text + " psycho-social psychosocial"
		}
		if i%11 == 0 {
			articles[i].Text += " Le CCAS écoute les sans-abri : comment faire ?"
		}
		words = append(words, strings.Fields(articles[i].Title)[0])
		articles[i].Text = articles[i].Title + "\n\n" + articles[i].Text
	}
	importAll(t, a, articles)
	e, err := Open(t.Context(), "bleve:"+t.TempDir(), a, Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := e.Apply(t.Context(), []archive.Change{{N: 1000 + int64(i), ID: articles[i*7].ID}}, 1000+int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	words = append(words, strings.Fields("CPAS CCAS psycho-social psychosocial sans-abri comment faire travail social zyzomys auteur:auteur pays:BE theme:theme3 titre:travail")...)
	return e, words
}

// TestPartsAddUp asks random questions: the parts of each score are the score.
func TestPartsAddUp(t *testing.T) {
	e, words := explained(t)
	r := rand.New(rand.NewPCG(7, 7))
	pick := func() string { return words[r.IntN(len(words))] }
	plain := func() string {
		for {
			if w := pick(); !strings.Contains(w, ":") {
				return w
			}
		}
	}
	hits := 0
	for range 1500 {
		var text []string
		for range 1 + r.IntN(6) {
			switch r.IntN(12) {
			case 0:
				text = append(text, "\""+plain()+" "+plain()+"\"")
			case 1:
				text = append(text, "\"travail social\"~3")
			case 2:
				text = append(text, "("+pick()+" OU "+pick()+")")
			case 3:
				text = append(text, "-"+pick())
			case 4:
				text = append(text, string([]rune(plain() + "aaa")[:3])+"*")
			case 5:
				text = append(text, "\"travail social\"")
			default:
				text = append(text, pick())
			}
		}
		v := url.Values{"q": {strings.Join(text, " ")}, "explain": {"1"}}
		for name, one := range map[string]int{"twins": 3, "strict": 4} {
			if r.IntN(one) == 0 {
				v.Set(name, "on")
			}
		}
		q, err := trame.ParseQuery(v)
		if err != nil {
			continue
		}
		found, err := e.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Items {
			if hits++; math.Abs(gains(h.Parts)-h.Score) > 1e-4*max(h.Score, 1) {
				t.Errorf("Search(%s): the parts add up to %v, the score is %v: %+v", v.Get("q"), gains(h.Parts), h.Score, h.Parts)
				break
			}
			for _, p := range h.Parts {
				if p.Words == "" || p.Why == "" || p.Gain <= 0 {
					t.Errorf("Search(%s): part %+v", v.Get("q"), p)
				}
			}
		}
	}
	if hits < 3000 {
		t.Errorf("%d results explained", hits)
	}
}

func TestExplain(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	h := ask(t, e, "q=secret+professionnel&explain=1").Items[0]
	var told []string
	for _, p := range h.Parts {
		told = append(told, p.Words+" · "+p.Field+" · "+p.Why)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{"secret · titre · 1 fois dans un titre de ", "secret · texte · forme exacte, ", " sur 12)", "· début du texte · ", "secret professionnel · texte · mots voisins (3 places au plus), "} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q among\n%s", want, all)
		}
	}
	if p := ask(t, e, "q=secret").Items[0].Parts; p != nil {
		t.Errorf("explained unasked: %+v", p)
	}
	if p := ask(t, e, "q=secret&explain=1&sort=newest").Items[0].Parts; p != nil {
		t.Errorf("explained a score that does not count: %+v", p)
	}
	if got := number(1234567) + decimal(0.4) + decimal(0.25) + decimal(1); got != "1\u202f234\u202f5670,40,251" {
		t.Errorf("numbers: %s", got)
	}
}
