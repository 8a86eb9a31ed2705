package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"trame/crawler/read"
)

type checkCmd struct {
	JSON bool `name:"json" help:"Print the findings as JSON."`
}

// finding is one line of check: what was looked at, whether it is well, and what
// to do when it is not.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Mend   string `json:"mend,omitempty"`
}

// Run looks at everything that a start needs and says what is wrong with it. It
// fails when something keeps trame from working.
func (c *checkCmd) Run(ctx context.Context, s *Settings, io streams) error {
	findings := s.findings(ctx)
	bad := 0
	for _, f := range findings {
		if !f.OK {
			bad++
		}
	}
	if c.JSON {
		if err := printJSON(io.out, findings); err != nil {
			return err
		}
	} else {
		printFindings(io.out, findings)
	}
	if bad > 0 {
		return fmt.Errorf("check: %d of %d points need attention", bad, len(findings))
	}
	return nil
}

func printFindings(out io.Writer, findings []finding) {
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark = "BAD "
		}
		fmt.Fprintf(out, "%s%-10s %s\n", mark, f.What, f.Detail)
		if f.Mend != "" {
			fmt.Fprintf(out, "    %-10s → %s\n", "", f.Mend)
		}
	}
}

// findings looks at settings, folder, space, archive, index, sources, clock and
// the programs that are used where they are there.
func (s *Settings) findings(ctx context.Context) []finding {
	var all []finding
	add := func(what string, err error, detail, mend string) bool {
		f := finding{What: what, OK: err == nil, Detail: detail}
		if err != nil {
			f.Detail, f.Mend = oneLine(err.Error()), mend
		}
		all = append(all, f)
		return err == nil
	}
	_, err := s.validate()
	add("settings", err, "as documented", "correct the setting named; trame --help lists them")
	themes, err := s.themeList()
	if err == nil {
		_, err = read.NewClassifier(themes)
	}
	add("themes", err, fmt.Sprintf("%d themes", len(themes)), "correct the file, or leave TRAME_THEMES empty for the built-in themes")
	list, err := s.sourceList()
	add("list", err, fmt.Sprintf("%d sources in the list", len(list)), "correct the file, or leave TRAME_SOURCES empty for the built-in list")
	words, err := s.thesaurus()
	add("thesaurus", err, fmt.Sprintf("%d lines", words.Len()), "correct what the sentence names, or leave TRAME_THESAURUS empty for the built-in thesaurus")
	add("folder", writable(s.Data), s.Data+" can be written", "choose a folder that this user can write in with --data")
	free, err := freeSpace(existing(s.Data))
	if err == nil && free < minFree {
		err = fmt.Errorf("%d MB free", free>>20)
	}
	add("space", err, fmt.Sprintf("%d MB free", free>>20), fmt.Sprintf("free %d MB: below that the crawl rests", minFree>>20))
	all = append(all, s.archiveFindings(ctx)...)
	all = append(all, clockFinding(time.Now()), pdfFinding())
	return all
}

// archiveFindings opens the archive and the index and compares them.
func (s *Settings) archiveFindings(ctx context.Context) []finding {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return []finding{{What: "archive", Detail: oneLine(explain(err, s).Error()), Mend: "stop the other trame, or mend what the sentence names"}}
	}
	defer h.leave()
	totals, err := h.archive.Totals(ctx)
	if err != nil {
		return []finding{{What: "archive", Detail: oneLine(err.Error()), Mend: "restore a backup, or start with an empty folder"}}
	}
	out := []finding{{What: "archive", OK: true, Detail: fmt.Sprintf("%d articles, %d pages, %d sources", totals.Articles, totals.Pages, totals.Sources)}}
	if err := h.openIndex(ctx); err != nil {
		return append(out, finding{What: "index", Detail: oneLine(err.Error()), Mend: "run trame reindex"})
	}
	cursor, err := h.index.Cursor(ctx)
	if err != nil {
		return append(out, finding{What: "index", Detail: oneLine(err.Error()), Mend: "run trame reindex"})
	}
	detail := "up to date"
	if cursor < totals.Change {
		detail = fmt.Sprintf("%d changes behind; serve, crawl and search bring it up to date", totals.Change-cursor)
	}
	out = append(out, finding{What: "index", OK: true, Detail: detail})
	sources, err := h.listed(ctx)
	if err != nil {
		return append(out, finding{What: "sources", Detail: oneLine(err.Error())})
	}
	if err := h.needContact(sources); err != nil {
		out = append(out, finding{What: "contact", Detail: oneLine(err.Error()), Mend: "set TRAME_CONTACT"})
	}
	for _, src := range sources {
		if src.Health == "failing" {
			out = append(out, finding{What: "source", Detail: src.ID + ": " + src.Problem, Mend: "look at " + src.URL + " in a browser; correct or remove the source"})
		}
	}
	return out
}

// existing returns the nearest folder above path, or path itself, that exists.
func existing(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "/"
	}
	for abs != filepath.Dir(abs) {
		if _, err := os.Stat(abs); err == nil {
			return abs
		}
		abs = filepath.Dir(abs)
	}
	return abs
}

// writable reports whether files can be made in the data folder, making it where
// it is not there.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".check-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// clockFinding tells a clock that was never set: dates would all be wrong.
func clockFinding(now time.Time) finding {
	f := finding{What: "clock", OK: now.Year() >= 2026, Detail: now.Format(time.RFC3339)}
	if !f.OK {
		f.Mend = "set the clock of this machine"
	}
	return f
}

// pdfFinding tells whether the text of PDF files could be read here.
func pdfFinding() finding {
	if path, err := exec.LookPath("pdftotext"); err == nil {
		return finding{What: "pdf", OK: true, Detail: path + " (PDF files are listed by title and link in this version)"}
	}
	return finding{What: "pdf", OK: true, Detail: "pdftotext is not installed; PDF files are listed by title and link"}
}

type healthcheckCmd struct {
	Listen string `help:"Address of the server." env:"TRAME_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
}

// Run asks /healthz once, for two seconds at most.
func (c *healthcheckCmd) Run(ctx context.Context, io streams) error {
	if err := checkListen(c.Listen); err != nil {
		return usageError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Listen+"/healthz", nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("healthcheck: no answer from %s: %w", c.Listen, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s answers %s", c.Listen, resp.Status)
	}
	_, err = fmt.Fprintln(io.out, "ok")
	return err
}
