package index

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trame"
	"trame/archive"
	"trame/french"
)

// Words of which the random articles are made: plain ones, and what French writes
// in several ways.
var (
	plainVocabulary = strings.Fields(`travail travail social social sociale sociaux secret professionnel professionnelle accueil enfant enfants
		famille logement logements aide aides jeunesse droit droits santé mentale usager usagers service services public publique emploi
		précarité hébergement urgence prévention justice détention handicap numérique grève faim école formation recherche équipe parole
		écoute juge avocat police quartier ville loi décret chômage pauvreté réseau collectif collective fin fins cas os bois`)
	oddVocabulary = strings.Fields(`yeux œil œuvre œuvres cieux ciel mesdames travaux travail chevaux cheval travailleur·euse·s travailleuse travailleurs
		étudiant(e)s étudiant-e-s étudiantes éducateur.trice.s éducatrices usager·ère·s usagère celleux iels toustes auteur/autrice
		psycho-social psychosocial psycho-sociale psychosociaux burn-out burnout vivre-ensemble co-construction coconstruction aller-vers
		mi-temps socio-économique socioéconomique sans-abri sans-papiers sans-abrisme sans-domicile CPAS C.P.A.S. cpas ONE O.N.E. one AS as ES SDF I.P.P.J.
		l’accueil l'accueil d’enfants qu'il aujourd'hui jusqu’ici presqu’île 2015 1 000 25 3e COVID-19 24/7 2002-2 art.60 naïve e´tat émancipation
		émancipation ﬁn Straße 漢字 العمل Œuvre ŒUVRE TRAVAIL Dupont-Lajoie https://exemple.test/un-deux a.b.c x`)
	pairVocabulary = []string{"travail social", "aide sociale", "secret professionnel", "psycho social", "burn out", "sans abri", "sans papiers",
		"santé mentale", "école de travail social", "aller vers", "service public", "co construction", "sans domicile fixe", "l’aide à la jeunesse"}
	smallVocabulary = strings.Fields("le la les de des du un une et à en dans pour sur avec qui que ne pas plus est sont par ce cette au aux sans vers non")
	worldThemes     = map[string]string{"logement": "Logement", "sante-mentale": "Santé mentale", "jeunesse": "Jeunesse", "numerique": "Numérique", "pauvrete": "Pauvreté"}
	worldSources    = map[string]string{"failles": "Lignes de faille", "perles": "Perles", "lien": "Le lien social", "media": ""}
	worldCountries  = map[string]string{"BE": "Belgique", "FR": "France", "CH": "Suisse", "": ""}
	worldTypes      = map[string]string{"article": "Article", "event": "Événement", "report": "Rapport", "list": "Liste de liens"}
	worldAuthors    = []string{"Jérôme Dujardin", "Anne Le Goff", "Marie-Ève Dupont", "Dupont", "J. Martin", "L’équipe", "Collectif", "de la Tour", "Zoé D’Hoop"}
)

// known is an article of a world, with its number. It never changes.
type known struct {
	trame.Article
	number int64
}

// state is what an index should hold after some change.
type state map[string]*known

// world makes random articles, and applies changes of them to an engine.
type world struct {
	t      testing.TB
	r      *rand.Rand
	engine *bleveEngine
	now    state
	head   int64 // of the changes
	number int64 // of the last article
	texts  int
}

// seed returns the seed of a random test: that of TRAME_TEST_SEED, or another each time.
func seed(t testing.TB) uint64 {
	s := uint64(time.Now().UnixNano())
	if text := os.Getenv("TRAME_TEST_SEED"); text != "" {
		var err error
		if s, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TRAME_TEST_SEED: %v", err)
		}
	}
	t.Logf("TRAME_TEST_SEED=%d", s)
	return s
}

// effort returns how many times longer than usual random tests run: TRAME_TEST_EFFORT.
func effort() int {
	n, err := strconv.Atoi(os.Getenv("TRAME_TEST_EFFORT"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

func newWorld(t testing.TB) *world {
	t.Helper()
	var themes []trame.Theme
	for id, label := range worldThemes {
		themes = append(themes, trame.Theme{ID: id, Label: map[string]string{"fr": label}})
	}
	e, err := openBleve(t.TempDir(), newArchive(t), 1<<40, Options{Themes: themes, Searches: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return &world{t: t, r: rand.New(rand.NewPCG(seed(t), 7)), engine: e, now: state{}}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// key picks a key of a map, the same one for the same seed.
func key(r *rand.Rand, from map[string]string) string {
	return pick(r, slices.Sorted(maps.Keys(from)))
}

func (w *world) chance(percent int) bool { return w.r.IntN(100) < percent }

// word makes a word, or a few.
func (w *world) word() string {
	switch n := w.r.IntN(10); {
	case n < 4: // some words are much more frequent than others
		return plainVocabulary[w.r.IntN(1+w.r.IntN(len(plainVocabulary)))]
	case n < 6:
		return pick(w.r, oddVocabulary)
	case n < 7:
		return pick(w.r, pairVocabulary)
	case n < 8 && w.chance(20):
		return pick(w.r, []string{"burn-out", "burnout", "travailleur·euse·s", "psycho-social"})
	}
	return pick(w.r, smallVocabulary)
}

// text makes a text of about n words.
func (w *world) text(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(pick(w.r, []string{" ", " ", " ", " ", " ", " ", ", ", ". ", "\n\n", " – ", " : ", "; ", "\u00a0", " « ", " ("}))
		}
		s := w.word()
		if w.chance(5) {
			s = strings.ToUpper(s)
		}
		b.WriteString(s)
	}
	return b.String()
}

// date makes a date of some precision.
func (w *world) date() trame.Date {
	d := trame.Date{Year: 2010 + w.r.IntN(8), Month: time.Month(1 + w.r.IntN(12)), Day: 1 + w.r.IntN(28)}
	switch w.r.IntN(8) {
	case 0:
		return trame.Date{}
	case 1:
		d.Month, d.Day = 0, 0
	case 2:
		d.Day = 0
	case 3:
		d.Day = 0
		return d.Last()
	case 5: // around a leap day
		d = trame.Date{Year: 2012, Month: time.February, Day: pick(w.r, []int{0, 28, 29})}
	case 4:
		return trame.Date{Year: d.Year, Month: time.January, Day: 1}
	}
	return d
}

// article makes the article at an address.
func (w *world) article(number int64) *known {
	u := fmt.Sprintf("https://exemple.test/%d", number)
	source := key(w.r, worldSources)
	k := &known{number: number, Article: trame.Article{
		ID: trame.ID(u), URL: u, Title: w.text(w.r.IntN(9)), Source: source, SourceName: worldSources[source], Country: key(w.r, worldCountries),
		Language: pick(w.r, []string{"fr", "fr", "nl", ""}), Type: key(w.r, worldTypes), Published: w.date(),
		FirstSeen: time.Unix(1_600_000_000+number, 0).UTC(), Summary: w.text(w.r.IntN(12)),
	}}
	for range w.r.IntN(4) {
		k.Authors = append(k.Authors, pick(w.r, worldAuthors))
		k.Themes = append(k.Themes, key(w.r, worldThemes))
	}
	if w.texts++; w.texts%90 == 0 { // long enough for places that do not fit into their numbers
		k.Text = w.text(2200) + strings.Repeat(" travail social", 600)
		k.Title = strings.Repeat("travail ", 20)
	} else if !w.chance(8) {
		k.Text = w.text(w.r.IntN(1 + w.r.IntN(150)))
	}
	if w.chance(10) {
		k.Event = &trame.Event{Place: w.text(2), Organizer: w.text(3)}
	}
	return k
}

// step is one call of Apply, and what the index should hold after it.
type step struct {
	changes []archive.Change
	upTo    int64
	after   state
}

// plan makes a step of some articles added, changed and removed.
func (w *world) plan(added, changed, removed int) step {
	after := maps.Clone(w.now)
	var s step
	put := func(id string, k *known) {
		w.head++
		c := archive.Change{N: w.head, ID: id, Number: w.number}
		if k == nil {
			c.Number = after[id].number
			delete(after, id)
		} else {
			c.Number, c.Article = k.number, &k.Article
			after[id] = k
		}
		s.changes = append(s.changes, c)
	}
	for range added {
		w.number++
		k := w.article(w.number)
		put(k.ID, k)
	}
	some := func() string { return pick(w.r, slices.Sorted(maps.Keys(after))) }
	for range changed {
		if len(after) > 0 {
			id := some()
			put(id, w.article(after[id].number))
		}
	}
	for range removed {
		if len(after) > 0 {
			put(some(), nil)
		}
	}
	s.upTo, s.after = w.head, after
	w.now = after
	return s
}

// apply gives a step to the engine.
func (w *world) apply(s step) {
	if err := w.engine.Apply(w.t.Context(), s.changes, s.upTo); err != nil {
		w.t.Fatal(err)
	}
}

// sample returns some words in a row of an article, as they were written.
func (w *world) sample(n int) string {
	for range 20 {
		if len(w.now) == 0 {
			break
		}
		k := w.now[pick(w.r, slices.Sorted(maps.Keys(w.now)))]
		title, body := french.Searched(&k.Article)
		words := strings.Fields(strings.Map(outOfSyntax, pick(w.r, []string{title, body, body})))
		if len(words) >= n {
			at := w.r.IntN(len(words) - n + 1)
			return strings.Join(words[at:at+n], " ")
		}
	}
	return w.word()
}

// outOfSyntax takes the signs away that mean something in a query.
func outOfSyntax(r rune) rune {
	if strings.ContainsRune("\"«»“”|&:*~^", r) {
		return ' '
	}
	return r
}

// one makes a word of a query.
func (w *world) one() string {
	s := w.sample(1)
	if w.chance(20) {
		s = strings.Fields(w.word())[0]
	}
	switch w.r.IntN(12) {
	case 0:
		return french.Fold(s)
	case 1:
		return strings.ToUpper(s)
	case 2:
		return s + "s"
	}
	return s
}

// part makes a part of a query.
func (w *world) part(depth int) string {
	switch w.r.IntN(22) {
	case 0, 1, 2:
		return `"` + w.sample(2+w.r.IntN(3)) + `"`
	case 3:
		return fmt.Sprintf(`"%s"~%d`, w.sample(2+w.r.IntN(2)), 1+w.r.IntN(8))
	case 4:
		return fmt.Sprintf(`"%s %s"~%d`, w.one(), w.one(), 1+w.r.IntN(30))
	case 15: // words that stand at the same places
		of := pick(w.r, []string{"burn out burnout", "burnout burn-out", "travailleur travailleuse", "étudiant étudiants", "social psycho-social psychosocial"})
		return fmt.Sprintf(`"%s"~%d`, of, 1+w.r.IntN(60))
	case 5, 6:
		of := w.one()
		if w.chance(30) {
			of = pick(w.r, oddVocabulary)
		}
		r := []rune(strings.TrimRight(of, "-'’.)("))
		return string(r[:min(len(r), 3+w.r.IntN(4))]) + "*"
	case 7:
		return "titre:" + w.one()
	case 8:
		return fmt.Sprintf(`titre:"%s"`, w.sample(2))
	case 9:
		return w.field()
	case 10:
		if w.chance(50) {
			return "date:" + w.date().String()
		}
		return "date:" + w.date().String() + ".." + w.date().String()
	case 11:
		return "-" + w.one()
	case 12, 13, 14:
		if depth > 0 {
			parts := []string{w.part(depth - 1), w.part(depth - 1)}
			if w.chance(40) {
				parts = append(parts, w.part(depth-1))
			}
			return pick(w.r, []string{"", "", "", "SAUF "}) + "(" + strings.Join(parts, pick(w.r, []string{" ", " OU ", " OU "})) + ")"
		}
	}
	return w.one()
}

// field makes a part that asks for the value of a field.
func (w *world) field() string {
	value := func(of map[string]string) string {
		id := key(w.r, of)
		switch w.r.IntN(4) {
		case 0:
			return `"` + of[id] + `"`
		case 1:
			return id[:min(len(id), 3)] + "*"
		}
		return id
	}
	switch w.r.IntN(5) {
	case 0:
		return "theme:" + value(worldThemes)
	case 1:
		return "source:" + value(worldSources)
	case 2:
		return "type:" + value(worldTypes)
	case 3:
		return "pays:" + value(worldCountries)
	}
	author := strings.Fields(pick(w.r, worldAuthors))
	if w.chance(40) {
		return `auteur:"` + strings.Join(author, " ") + `"`
	}
	return "auteur:" + pick(w.r, author)
}

// filters narrows a query, or not.
func (w *world) filters(q *trame.Query) {
	some := func(values []string) (chosen []string) {
		if w.chance(15) {
			for range 1 + w.r.IntN(2) {
				if v := pick(w.r, values); v != "" && !slices.Contains(chosen, v) {
					chosen = append(chosen, v)
				}
			}
		}
		return chosen
	}
	sorted := func(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
	q.Themes, q.Sources, q.Countries = some(append(sorted(worldThemes), "inconnu")), some(sorted(worldSources)), some(sorted(worldCountries))
	q.Types, q.Authors, q.Languages = some(sorted(worldTypes)), some(worldAuthors), some([]string{"fr", "nl", "en"})
	if w.chance(15) {
		q.From = w.date()
	}
	if w.chance(15) {
		q.To = w.date()
	}
	if w.chance(5) {
		q.From = trame.Date{Year: 2010 + w.r.IntN(9)}
		q.To = q.From
	}
	if !q.To.IsZero() && q.From.Number() > q.To.Last().Number() {
		q.From = trame.Date{}
	}
	if w.chance(15) {
		q.AsOf = time.Unix(1_600_000_000+w.r.Int64N(w.number+2), 0).UTC()
	}
}
