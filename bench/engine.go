package main

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"trame"
	"trame/archive"
	"trame/french"
	"trame/index"
)

// engine speaks the protocol of ../shared/peers, so that the engine is asked in
// process in the same rotation as others: it prints READY, then reads lines of a
// mode and a class and answers the queries of that class, one a line. Modes: a,
// ten best and total; b, with three facets; c, by date with ten passages marked.
// a and b read no texts, as the others do not.
func engine(ctx context.Context, data, queries string) error {
	a, err := archive.Open(ctx, "sqlite:"+filepath.Join(data, "archive.db"), archive.Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	e, err := index.Open(ctx, "bleve:"+filepath.Join(data, "index.bleve"), a, index.Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		return err
	}
	defer e.Close()
	classes := map[string][]string{}
	b, err := os.ReadFile(queries)
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n") {
		class, words, _ := strings.Cut(line, "\t")
		classes[class] = append(classes[class], words)
	}
	fmt.Println("READY trame (in process)")
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() && ctx.Err() == nil {
		mode, class, _ := strings.Cut(in.Text(), " ")
		var out strings.Builder
		began := cpuTime()
		for _, words := range classes[class] {
			q, err := peerQuery(mode, class, words)
			if err != nil {
				return err
			}
			t, c := time.Now(), cpuTime()
			r, err := e.Search(ctx, q)
			if err != nil {
				return fmt.Errorf("%s: %w", words, err)
			}
			cpu, wall := cpuTime()-c, time.Since(t)
			fmt.Fprintf(&out, "%.1f %.1f %d %d %d %d %d %.3f\n", micro(wall), micro(cpu), r.Total,
				sum(r.Facets["source"]), sum(r.Facets["theme"]), sum(r.Facets["year"]), shown(mode, r), 0.0)
		}
		fmt.Printf("%sEND %.1f\n", out.String(), micro(cpuTime()-began))
	}
	return in.Err()
}

func peerQuery(mode, class, words string) (trame.Query, error) {
	v := url.Values{"per_page": {"10"}, "q": {words}, "strict": {"on"}}
	switch {
	case class == "phrase":
		v.Set("q", `"`+words+`"`)
	case strings.HasPrefix(class, "or"):
		v.Set("q", strings.Join(strings.Fields(words), " OU "))
	}
	if mode != "a" {
		v.Set("facets", "source,theme,year")
	}
	if mode == "c" {
		v.Set("sort", "newest")
	}
	q, err := trame.ParseQuery(v)
	q.Bare = mode != "c"
	return q, err
}

func micro(d time.Duration) float64 { return float64(d) / 1e3 }

func sum(values []trame.FacetValue) (n int) {
	for _, v := range values {
		n += v.Count
	}
	return n
}

func shown(mode string, r *trame.Results) (n int) {
	for _, h := range r.Items {
		if mode != "c" || strings.Contains(string(h.Snippet), "<mark>") {
			n++
		}
	}
	return n
}

// cpuTime is what the process has used, garbage collection included.
func cpuTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
