package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"trame"
)

// hostileRounds is how many times every query is asked.
const hostileRounds = 3

// longAddress is from how many bytes of an address a server may close the
// connection before it has read them all: an answer that says so may be lost.
const longAddress = 32 << 10

// hostile asks the hostile queries of the tests of a server, eight at a time, of
// pages and API, and looks at /healthz meanwhile.
func (b bench) hostile(ctx context.Context, n int, file string) error {
	cases, err := hostileQueries("testdata/hostile-queries.json")
	if err != nil {
		return err
	}
	if file == "" {
		file = filepath.Join(b.dir, "articles.jsonl")
		if _, err := writeArticles(file, n); err != nil {
			return err
		}
	}
	out, _, err := b.run(ctx, "hostile", "import", file)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	fmt.Println(lines[len(lines)-1])
	c, base, err := b.serve(ctx, "hostile")
	if err != nil {
		return err
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	idle := memory(c.Process.Pid, "VmRSS:")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	health := make(chan []time.Duration)
	go func() { health <- watch(ctx, base) }()
	answers, err := askHostile(ctx, client, base, cases)
	stop()
	healthy := <-health
	if err != nil {
		return err
	}
	reportHostile(answers)
	fmt.Printf("/healthz meanwhile          %d times, median %.1f ms, slowest %.1f ms\n", len(healthy), ms(quantile(healthy, .5)), ms(quantile(healthy, 1)))
	fmt.Printf("memory                      %d MB before, %d MB after, %d MB at most\n", idle>>20, memory(c.Process.Pid, "VmRSS:")>>20, memory(c.Process.Pid, "VmHWM:")>>20)
	return nil
}

// hostileQuery is a query that somebody means ill with.
type hostileQuery struct {
	ID string
	v  url.Values
}

// hostileQueries reads them. Long ones are described: a text, or one repeated
// between two others, or values repeated.
func hostileQueries(file string) ([]hostileQuery, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var written []struct {
		ID, Q string
		Text  struct {
			Before, Repeat, After string
			Times                 int
		}
		Values url.Values
		Copies int
	}
	if err := json.Unmarshal(data, &written); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var all []hostileQuery
	for _, w := range written {
		q := hostileQuery{w.ID, url.Values{}}
		for name, values := range w.Values {
			q.v[name] = slices.Repeat(values, max(w.Copies, 1))
		}
		if len(q.v) == 0 {
			var b strings.Builder
			b.WriteString(w.Q + w.Text.Before)
			for i := range w.Text.Times {
				b.WriteString(strings.ReplaceAll(w.Text.Repeat, "%d", strconv.Itoa(i)))
			}
			q.v.Set("q", b.String()+w.Text.After)
		}
		all = append(all, q)
	}
	return all, nil
}

// hostileAnswer is what a server made of a hostile query.
type hostileAnswer struct {
	path, id string
	status   int  // 0: the connection was closed, as it may be on a long address
	retry    bool // it says when to ask again
	took     time.Duration
}

// askHostile asks every query on every path, eight at a time.
func askHostile(ctx context.Context, client *http.Client, base string, cases []hostileQuery) ([]hostileAnswer, error) {
	paths := []string{"/api/v1/articles", "/recherche", "/api/v1/trends", "/api/v1/concordance", "/api/v1/suggest"}
	var answers []hostileAnswer
	for range hostileRounds {
		for _, q := range cases {
			for _, path := range paths {
				answers = append(answers, hostileAnswer{path: path, id: q.ID})
			}
		}
	}
	values := map[string]string{}
	for _, q := range cases {
		v := maps.Clone(q.v)
		if v["facets"] == nil {
			v.Set("facets", strings.Join(trame.FacetNames, ","))
		}
		values[q.ID] = v.Encode()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make(chan error, 8)
	for range cap(errs) {
		group.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(answers); i = next.Add(1) - 1 {
				a := &answers[i]
				began := time.Now()
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+a.path+"?"+values[a.id], nil)
				if err != nil {
					errs <- err
					return
				}
				resp, err := client.Do(req)
				tooLong := len(values[a.id]) > longAddress
				if err != nil && tooLong {
					a.took = time.Since(began)
					continue
				}
				if err != nil {
					errs <- fmt.Errorf("%s of %s: %w", a.id, a.path, shortened(err))
					return
				}
				_, err = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if err != nil && !tooLong {
					errs <- fmt.Errorf("%s of %s: %w", a.id, a.path, err)
					return
				}
				a.status, a.retry, a.took = resp.StatusCode, resp.Header.Get("Retry-After") != "", time.Since(began)
			}
		})
	}
	group.Wait()
	select {
	case err := <-errs:
		return nil, err
	default:
		return answers, nil
	}
}

// shortened leaves the address, which may have a million characters, out of an
// error.
func shortened(err error) error {
	if e, ok := err.(*url.Error); ok {
		return e.Err
	}
	return err
}

func reportHostile(answers []hostileAnswer) {
	byPath := map[string][]hostileAnswer{}
	for _, a := range answers {
		byPath[a.path] = append(byPath[a.path], a)
	}
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		all := byPath[path]
		statuses := map[int]int{}
		var times []time.Duration
		for _, a := range all {
			statuses[a.status]++
			times = append(times, a.took)
			if a.status >= 500 && !(a.status == http.StatusServiceUnavailable && a.retry) {
				fmt.Printf("  %s of %s: %d\n", a.id, a.path, a.status)
			}
		}
		slowest := slices.MaxFunc(all, func(a, b hostileAnswer) int { return cmp.Compare(a.took, b.took) })
		fmt.Printf("%-27s %d answers %v, median %.1f ms, 99 %% %.1f ms, slowest %.1f ms (%s)\n", path, len(all), statuses,
			ms(quantile(times, .5)), ms(quantile(times, .99)), ms(slowest.took), slowest.id)
	}
}

// watch asks for /healthz until ctx ends and returns how long it took each time.
func watch(ctx context.Context, base string) (times []time.Duration) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		began := time.Now()
		resp, err := client.Get(base + "/healthz")
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		times = append(times, time.Since(began))
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	return times
}

// memory returns a line of /proc/PID/status in bytes, or 0.
func memory(pid int, name string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == name {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n << 10
		}
	}
	return 0
}

// serve starts trame serve on a data folder of the bench, without crawling, and
// waits until it answers.
func (b bench) serve(ctx context.Context, data string) (*exec.Cmd, string, error) {
	addr, err := freePort()
	if err != nil {
		return nil, "", err
	}
	c := exec.CommandContext(ctx, b.trame, "serve", "--crawl=off", "--listen", addr, "--data", filepath.Join(b.dir, data))
	c.Stderr = io.Discard
	if err := c.Start(); err != nil {
		return nil, "", err
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		resp, err := http.Get("http://" + addr + "/healthz")
		if err == nil {
			resp.Body.Close()
			return c, "http://" + addr, nil
		}
		if ctx.Err() != nil || time.Now().After(end) {
			_ = c.Process.Kill()
			_ = c.Wait()
			return nil, "", fmt.Errorf("serve does not answer: %w", err)
		}
	}
}
