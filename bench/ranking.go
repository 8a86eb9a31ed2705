package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"trame"
	"trame/archive"
	"trame/french"
	"trame/index"
)

// ranking measures how good the first ten results are: nDCG@10 (linear gains,
// averaged inside a need first, as ireval does) on collections of queries with
// judgments, as typed and as people mistype them.
func (b bench) ranking(ctx context.Context, folder string) error {
	packs, err := filepath.Glob(filepath.Join(folder, "*", "queries.jsonl"))
	if err != nil || len(packs) == 0 {
		return fmt.Errorf("no collections in %s", folder)
	}
	fmt.Println("| collection | queries | as typed | no accents | capitals | curly apostrophe | one typo | plural | nothing found | median total |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, p := range packs {
		if err := b.rankPack(ctx, filepath.Dir(p)); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return nil
}

// pack is a collection: documents, queries grouped by need, judgments.
type pack struct {
	queries []packQuery
	grades  map[string]map[string]float64 // query, document
	names   map[string]string             // document by article
}

type packQuery struct{ ID, Text, Group string }

func (b bench) rankPack(ctx context.Context, dir string) error {
	folder, err := os.MkdirTemp(b.dir, "pack-")
	if err != nil {
		return err
	}
	a, err := archive.Open(ctx, "sqlite:"+filepath.Join(folder, "archive.db"), archive.Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := readPack(ctx, dir, a)
	if err != nil {
		return err
	}
	e, err := index.Open(ctx, "bleve:"+filepath.Join(folder, "index"), a, index.Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		return err
	}
	defer e.Close()
	if err := index.CatchUp(ctx, a, e, nil); err != nil {
		return err
	}
	row := []string{filepath.Base(dir), strconv.Itoa(len(p.queries))}
	var first rankResult
	for i, change := range []func(string) string{unchanged, noAccents, capitals, curly, typist(), plural} {
		r, err := p.measure(ctx, e, change)
		if err != nil {
			return err
		}
		if i == 0 {
			first = r
		}
		row = append(row, fmt.Sprintf("%.4f", r.ndcg))
	}
	row = append(row, fmt.Sprintf("%.1f %%", 100*first.nothing), strconv.Itoa(first.median))
	fmt.Println("| " + strings.Join(row, " | ") + " |")
	return nil
}

// readPack reads a collection and imports its documents.
func readPack(ctx context.Context, dir string, a *archive.Archive) (*pack, error) {
	p := &pack{grades: map[string]map[string]float64{}, names: map[string]string{}}
	var articles []trame.Article
	flush := func() error {
		_, err := a.Import(ctx, articles)
		articles = articles[:0]
		return err
	}
	err := eachLine(ctx, dir, "corpus.jsonl", func(line []byte) error {
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal(line, &d); err != nil {
			return err
		}
		u := "https://pack.test/" + url.PathEscape(d.ID)
		p.names[trame.ID(u)] = d.ID
		articles = append(articles, trame.Article{ID: trame.ID(u), URL: u, Title: cmp.Or(d.Title, d.ID), Text: d.Text, Source: "pack", Language: "fr", Type: trame.TypeArticle})
		if len(articles) == 500 {
			return flush()
		}
		return nil
	})
	if err = errors.Join(err, flush()); err != nil {
		return nil, err
	}
	err = eachLine(ctx, dir, "qrels.tsv", func(line []byte) error {
		cell := strings.Split(string(line), "\t")
		if len(cell) < 3 {
			return fmt.Errorf("judgment %q", line)
		}
		grade, err := strconv.ParseFloat(cell[2], 64)
		if p.grades[cell[0]] == nil {
			p.grades[cell[0]] = map[string]float64{}
		}
		p.grades[cell[0]][cell[1]] = grade
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, eachLine(ctx, dir, "queries.jsonl", func(line []byte) error {
		var q packQuery
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		q.Group = cmp.Or(q.Group, q.ID)
		if len(p.grades[q.ID]) > 0 {
			p.queries = append(p.queries, q)
		}
		return nil
	})
}

// eachLine reads a file of a collection, which may be packed by xz.
func eachLine(ctx context.Context, dir, name string, f func([]byte) error) error {
	var in io.Reader
	file, err := os.Open(filepath.Join(dir, name))
	if err == nil {
		defer file.Close()
		in = file
	} else {
		c := exec.CommandContext(ctx, "xz", "-dc", filepath.Join(dir, name+".xz"))
		out, err := c.StdoutPipe()
		if err != nil {
			return err
		}
		if err := c.Start(); err != nil {
			return err
		}
		defer c.Wait()
		in = out
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if err := f(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}

type rankResult struct {
	ndcg, nothing float64
	median        int // of totals
}

func (p *pack) measure(ctx context.Context, s trame.Searcher, change func(string) string) (rankResult, error) {
	texts := make([]string, len(p.queries))
	for i, q := range p.queries {
		texts[i] = change(q.Text)
	}
	var mu sync.Mutex
	gains := map[string][]float64{}
	var totals []int
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, q := range p.queries {
		group.Go(func() error {
			v := url.Values{"q": {texts[i]}, "per_page": {"10"}, "sort": {"relevance"}}
			var r *trame.Results
			query, err := trame.ParseQuery(v)
			if err == nil {
				r, err = s.Search(ctx, query)
			}
			if errors.Is(err, trame.ErrInvalidQuery) {
				r, err = &trame.Results{}, nil
			}
			if err != nil {
				return fmt.Errorf("%q: %w", texts[i], err)
			}
			var found []string
			for _, h := range r.Items {
				found = append(found, p.names[h.ID])
			}
			mu.Lock()
			defer mu.Unlock()
			gains[q.Group] = append(gains[q.Group], ndcg(found, p.grades[q.ID]))
			totals = append(totals, r.Total)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return rankResult{}, err
	}
	var r rankResult
	for _, of := range gains {
		sum := 0.0
		for _, g := range of {
			sum += g
		}
		r.ndcg += sum / float64(len(of)) / float64(len(gains))
	}
	for _, n := range totals {
		if n == 0 {
			r.nothing += 1 / float64(len(totals))
		}
	}
	slices.Sort(totals)
	r.median = totals[len(totals)/2]
	return r, nil
}

func ndcg(found []string, grades map[string]float64) float64 {
	var got, best float64
	for i, id := range found[:min(len(found), 10)] {
		got += grades[id] / math.Log2(float64(i+2))
	}
	var all []float64
	for _, g := range grades {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	for i, g := range all[:min(len(all), 10)] {
		best += g / math.Log2(float64(i+2))
	}
	if best == 0 {
		return 0
	}
	return got / best
}

// How people write what was meant.

func unchanged(s string) string { return s }

func noAccents(s string) string {
	folded, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), s)
	if err != nil {
		return s
	}
	return folded
}

func capitals(s string) string { return strings.ToUpper(noAccents(s)) }

func curly(s string) string { return strings.ReplaceAll(s, "'", "’") }

var longWord = regexp.MustCompile(`\p{L}{5,}`)

// inLongest changes the longest word of five letters or more.
func inLongest(s string, change func([]rune) []rune) string {
	longest := ""
	for _, w := range longWord.FindAllString(s, -1) {
		if len([]rune(w)) > len([]rune(longest)) {
			longest = w
		}
	}
	if longest == "" {
		return s
	}
	return strings.Replace(s, longest, string(change([]rune(longest))), 1)
}

// typist swaps, drops or doubles a letter inside the longest word, the same ones
// each time.
func typist() func(string) string {
	r := rand.New(rand.NewPCG(7, 7))
	return func(s string) string {
		return inLongest(s, func(w []rune) []rune {
			i := 1 + r.IntN(len(w)-2)
			switch r.IntN(3) {
			case 0:
				w[i], w[i+1] = w[i+1], w[i]
				return w
			case 1:
				return slices.Delete(w, i, i+1)
			}
			return slices.Insert(w, i, w[i])
		})
	}
}

func plural(s string) string {
	return inLongest(s, func(w []rune) []rune {
		if w[len(w)-1] == 's' {
			return w[:len(w)-1]
		}
		return append(w, 's')
	})
}
