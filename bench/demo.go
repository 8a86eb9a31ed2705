package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// demo measures how soon serve --demo answers, finds a first article, and has
// them all.
func (b bench) demo(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	addr, err := freePort()
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, b.trame, "serve", "--demo", "--listen", addr)
	c.Stdout, c.Stderr = io.Discard, io.Discard
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // it removes its folder
	began := time.Now()
	if err := c.Start(); err != nil {
		return err
	}
	defer func() { _ = c.Process.Signal(os.Interrupt); _ = c.Wait() }()
	client := &http.Client{Timeout: 5 * time.Second}
	var answers, first time.Duration
	for ctx.Err() == nil {
		total, waiting, err := demoState(ctx, client, "http://"+addr)
		if err == nil && answers == 0 {
			answers = time.Since(began)
		}
		if err == nil && total > 0 && first == 0 {
			first = time.Since(began)
		}
		if err == nil && first > 0 && waiting == 0 {
			fmt.Printf("serve --demo                answers after %d ms, finds a first article after %d ms, all %d after %.1f s\n",
				answers.Milliseconds(), first.Milliseconds(), total, time.Since(began).Seconds())
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("the demo is not done: %w", ctx.Err())
}

// demoState returns how many articles a search finds and how many links wait to
// be visited or indexed.
func demoState(ctx context.Context, client *http.Client, base string) (total, waiting int, err error) {
	var found struct{ Total int }
	if err := getJSON(ctx, client, base+"/api/v1/articles?per_page=1", &found); err != nil {
		return 0, 0, err
	}
	var status struct {
		Articles, Waiting int
	}
	if err := getJSON(ctx, client, base+"/api/v1/status", &status); err != nil {
		return 0, 0, err
	}
	return found.Total, status.Waiting + status.Articles - found.Total, nil
}

func getJSON(ctx context.Context, client *http.Client, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(into)
}
