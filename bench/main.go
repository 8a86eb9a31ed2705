// Command bench measures what the README and docs/benchmarks.md quote: it builds
// the trame binary, runs it as a process of its own on loopback, and prints the
// figures. Nothing it starts outlives it.
//
//	go run ./bench crawl    pages a second through fetch, extract, archive and index; memory; a slow host beside fast ones
//	go run ./bench demo     how soon serve --demo shows a first result, and all of them
//	go run ./bench rig      the recorded sites of ../shared/rig against their truth, crawled twice (minutes: SPIP asks for a second between visits)
//	go run ./bench ranking  nDCG@10 on collections of queries with judgments, as typed and mistyped
//	go run ./bench peers    the engine in process beside tantivy, Lucene, Bleve and FTS5, built and indexed by ../shared/peers/run.sh
//	go run ./bench load     import of 10,000 articles, start of serve on them, searches over HTTP
//	go run ./bench hostile  the hostile queries of the tests, eight at a time, over HTTP; /healthz and memory meanwhile
//	go run ./bench busy     searches in process, at rest and while 200 articles a second are indexed
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	articles := flags.Int("articles", 10_000, "articles to load")
	file := flags.String("file", "", "articles to load instead, JSON Lines")
	queries := flags.String("queries", "", "queries to ask instead, lines of a class and words")
	pages := flags.Int("pages", 600, "pages of each site to crawl")
	built := flags.String("work", "", "folder that ../shared/peers/run.sh worked in")
	packs := flags.String("packs", "../shared/packs/ir", "folder of collections with judgments")
	if len(args) == 0 {
		return fmt.Errorf("say what to measure: crawl, demo, rig, ranking, load, hostile or busy")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if args[0] == "engine" {
		if flags.NArg() != 3 || flags.Arg(0) != "serve" {
			return fmt.Errorf("usage: bench engine serve DATA QUERIES")
		}
		return engine(ctx, flags.Arg(1), flags.Arg(2))
	}
	work, err := os.MkdirTemp("", "trame-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := bench{dir: work, trame: filepath.Join(work, "trame")}
	if err := b.build(ctx); err != nil {
		return err
	}
	fmt.Printf("%s, %d cores, %s\n\n", cpu(), runtime.NumCPU(), runtime.Version())
	switch args[0] {
	case "crawl":
		return b.crawl(ctx, *pages)
	case "peers":
		if *built == "" {
			return fmt.Errorf("say with -work where ../shared/peers/run.sh has built and indexed the others")
		}
		return b.peers(ctx, *built, *articles)
	case "ranking":
		return b.ranking(ctx, *packs)
	case "demo":
		return b.demo(ctx)
	case "rig":
		return b.rig(ctx)
	case "load":
		return b.load(ctx, *articles)
	case "hostile":
		return b.hostile(ctx, *articles, *file)
	case "busy":
		return b.busy(ctx, *articles, *file, *queries)
	}
	return fmt.Errorf("nothing is called %q: crawl, demo, rig, ranking, load, hostile or busy", args[0])
}

// bench is a folder with the binary that is measured.
type bench struct {
	dir   string
	trame string
}

// build compiles the binary as a release is compiled.
func (b bench) build(ctx context.Context) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.trame, "./cmd/trame")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s (run it from the root of the repository)", err, out)
	}
	return nil
}

// usage is what a process took.
type usage struct {
	Wall, CPU time.Duration
	RSS       int64 // greatest, in bytes
}

// run runs trame with a data folder of the bench and returns what it took.
func (b bench) run(ctx context.Context, data string, args ...string) (string, usage, error) {
	c := exec.CommandContext(ctx, b.trame, append(args, "--data", filepath.Join(b.dir, data))...)
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	began := time.Now()
	err := c.Run()
	u := usage{Wall: time.Since(began)}
	if s := c.ProcessState; s != nil {
		u.CPU = s.UserTime() + s.SystemTime()
		if r, ok := s.SysUsage().(*syscall.Rusage); ok {
			u.RSS = r.Maxrss << 10
		}
	}
	if err != nil {
		return out.String(), u, fmt.Errorf("trame %s: %w: %s", strings.Join(args, " "), err, out.String())
	}
	return out.String(), u, nil
}

// freePort returns an address of loopback that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// quantile returns the q-quantile of durations, which it sorts.
func quantile(d []time.Duration, q float64) time.Duration {
	slices.Sort(d)
	return d[min(len(d)-1, int(q*float64(len(d))))]
}

// cpu names the processor.
func cpu() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}
