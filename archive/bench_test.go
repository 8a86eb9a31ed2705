package archive_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// prose returns n words of a small French vocabulary, never the same twice.
func prose(r *rand.Rand, n int) string {
	words := strings.Fields(`le la les une des travail social assistante éducateur équipe accompagnement familles enfants protection
		secret professionnel partagé usagers logement précarité insertion droit aide jeunesse institution cadre loi décret pratique
		terrain formation analyse collectif quartier santé mentale rue parole écoute rencontre projet réseau service public hôpital
		et ou dans sur avec sans pour par que qui ne pas plus est sont été avait peut doit entre selon ainsi`)
	var b strings.Builder
	for i := range n {
		b.WriteString(words[r.IntN(len(words))])
		if i%97 == 96 {
			b.WriteString(".\n\n")
		} else {
			fmt.Fprintf(&b, "%s ", [...]string{"", "", "", ",", fmt.Sprint(r.IntN(9999))}[r.IntN(5)])
		}
	}
	return b.String()
}

func eachDatabase(b *testing.B, bench func(b *testing.B, w *world)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, open(b, sqliteDSN(b))) })
	b.Run("postgres", func(b *testing.B) { bench(b, open(b, postgresDSN(b))) })
}

// BenchmarkImport imports articles of 600 words, 400 at once.
func BenchmarkImport(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		r := rand.New(rand.NewPCG(1, 1))
		const size = 400
		done := 0
		for b.Loop() {
			b.StopTimer()
			given := batch(done, size)
			for i := range given {
				given[i].Text, given[i].Summary, given[i].Tags = prose(r, 600), prose(r, 30), []string{"a", "b"}
			}
			b.StartTimer()
			if n, err := w.Import(b.Context(), given); n != size || err != nil {
				b.Fatal(n, err)
			}
			done += size
		}
		b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "articles/s")
	})
}

// BenchmarkSave saves visits with a page of 40 kB, an article of 600 words and
// 60 links of which 3 are new.
func BenchmarkSave(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		r := rand.New(rand.NewPCG(1, 1))
		i := 0
		for b.Loop() {
			b.StopTimer()
			v := w.read(host, fmt.Sprintf("/%d", i), "Titre", prose(r, 600))
			v.Page.Body = []byte("<html>" + strings.Repeat("<div class=menu><a href=/x>", 1000) + v.Article.Text + prose(r, 2000))
			for n := range 60 {
				v.Found = append(v.Found, page(host, fmt.Sprintf("/suite/%d", 3*i+n)))
			}
			b.StartTimer()
			w.save(v)
			i++
		}
		b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "visits/s")
	})
}

// crowd is an archive of as many sources as hosts, n links, a third of them due,
// and n/10 articles.
func crowd(b *testing.B, w *world, hosts, n int) {
	b.Helper()
	links := make([]archive.Link, 0, n)
	for i := range n {
		l := page(fmt.Sprintf("h%d.test", i%hosts), fmt.Sprintf("/%d", i))
		l.Depth, l.Hint = i%7, []byte(strings.Repeat("x", 200))
		l.Due = w.clock.now().Add(time.Duration(i%3)*time.Hour - time.Minute)
		links = append(links, l)
	}
	for part := 0; part < n; part += 20_000 {
		w.add(links[part:min(n, part+20_000)]...)
	}
	for h := range min(hosts, 60) {
		w.put(trame.Source{ID: fmt.Sprintf("h%d", h), URL: fmt.Sprintf("https://h%d.test/", h)})
	}
	for part := 0; part < n/10; part += 500 {
		given := batch(part, 500)
		for i := range given {
			given[i].Source, given[i].Published = fmt.Sprintf("h%d", i%hosts), trame.Date{Year: 2000 + i%25, Month: 3}
		}
		if _, err := w.Import(b.Context(), given); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLease leases 20 of 200,000 links of 60 hosts.
func BenchmarkLease(b *testing.B) { benchmarkLease(b, 60) }

// BenchmarkLeaseManyHosts leases 20 of 200,000 links of 5,000 hosts.
func BenchmarkLeaseManyHosts(b *testing.B) { benchmarkLease(b, 5000) }

func benchmarkLease(b *testing.B, hosts int) {
	eachDatabase(b, func(b *testing.B, w *world) {
		crowd(b, w, hosts, 200_000)
		for b.Loop() {
			links, err := w.Lease(b.Context(), "x", time.Minute, archive.LinkFilter{Limit: 20})
			if err != nil || len(links) != 20 {
				b.Fatal(len(links), err)
			}
			b.StopTimer()
			if err := w.Release(context.Background(), "x"); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
}

// BenchmarkSources reads all sources, of 60, with 100,000 links and 10,000 articles.
func BenchmarkSources(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		crowd(b, w, 60, 100_000)
		for b.Loop() {
			if s, err := w.Sources(b.Context()); err != nil || len(s) != 60 || s[0].Waiting == 0 {
				b.Fatal(len(s), err)
			}
		}
	})
}

// BenchmarkTotals counts 100,000 links and 10,000 articles.
func BenchmarkTotals(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		crowd(b, w, 60, 100_000)
		for b.Loop() {
			if s, err := w.Totals(b.Context()); err != nil || s.Waiting == 0 {
				b.Fatal(s, err)
			}
		}
	})
}

// BenchmarkChanges reads the history of 2,000 articles of 600 words, 200 at
// once, as an index does that is made again.
func BenchmarkChanges(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		r := rand.New(rand.NewPCG(1, 1))
		given := batch(0, 2000)
		for i := range given {
			given[i].Text = prose(r, 600)
		}
		if _, err := w.Import(b.Context(), given); err != nil {
			b.Fatal(err)
		}
		read := 0
		for b.Loop() {
			for after := int64(0); ; {
				c, err := w.Changes(b.Context(), after, 200)
				if err != nil {
					b.Fatal(err)
				}
				if len(c) == 0 {
					break
				}
				read, after = read+len(c), c[len(c)-1].N
			}
		}
		b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "articles/s")
	})
}

// BenchmarkSitemap saves a visit that found 50,000 links, all new at first.
func BenchmarkSitemap(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		n := 0
		for b.Loop() {
			v := archive.Visit{Link: of(archive.LinkSitemap, 1, page(host, "/plan.xml"))}
			for i := range 50_000 {
				v.Found = append(v.Found, page(host, fmt.Sprintf("/%d/%d", n, i)))
			}
			w.save(v)
			n++
		}
	})
}

// BenchmarkArticles reads ten articles of 600 words, as a page of results does:
// out of 20,000 at random, then out of the same hundred.
func BenchmarkArticles(b *testing.B) {
	eachDatabase(b, func(b *testing.B, w *world) {
		r := rand.New(rand.NewPCG(1, 1))
		const size = 20_000
		for done := 0; done < size; done += 1000 {
			given := batch(done, 1000)
			for i := range given {
				given[i].Text, given[i].Summary = prose(r, 600), prose(r, 30)
			}
			if _, err := w.Import(b.Context(), given); err != nil {
				b.Fatal(err)
			}
		}
		for name, among := range map[string]int{"any": size, "same": 100} {
			b.Run(name, func(b *testing.B) {
				numbers := make([]int64, 10)
				for b.Loop() {
					for i := range numbers {
						numbers[i] = 1 + r.Int64N(int64(among))
					}
					if found, err := w.ArticlesByNumber(b.Context(), numbers); err != nil || len(found) != 10 {
						b.Fatal(len(found), err)
					}
				}
			})
		}
	})
}
