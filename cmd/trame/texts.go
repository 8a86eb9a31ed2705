package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"trame"
	"trame/crawler"
	"trame/crawler/read"
	"trame/french"
)

// maxPage bounds a page given to extract.
const maxPage = 32 << 20

type extractCmd struct {
	File  string `arg:"" optional:"" help:"File to read, or - for standard input." placeholder:"FILE"`
	URL   string `name:"url" help:"Address that the page came from: links and some dates depend on it." placeholder:"URL"`
	Type  string `help:"Content type of the page." default:"text/html"`
	JSONL bool   `name:"jsonl" help:"Read lines {id, url, html_base64, content_type} and answer each with one article on one line."`
	Flat  bool   `help:"With --jsonl: attachments as bare addresses, as scorers of extractors read them."`
}

// extracted is what extract prints: an article and what else the page says.
type extracted struct {
	article trame.Article
	besides
}

// besides are the members that extract adds to those of an article.
type besides struct {
	Description string   `json:"description,omitempty"`
	Sitename    string   `json:"sitename,omitempty"`
	Canonical   string   `json:"canonical,omitempty"`
	Headings    []string `json:"headings,omitempty"`
	Categories  []string `json:"categories,omitempty"`
	Date        string   `json:"date,omitempty"`        // the day of publication, where one is known
	EventDates  []string `json:"event_dates,omitempty"` // of the event
	Attachments []string `json:"attachments,omitempty"` // flat: addresses in the place of the article's own
	Verdict     string   `json:"verdict"`
	Why         string   `json:"why,omitempty"`
}

// MarshalJSON writes one object with the members of both.
func (e extracted) MarshalJSON() ([]byte, error) {
	a, err := json.Marshal(e.article)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(e.besides)
	if err != nil {
		return nil, err
	}
	return append(append(a[:len(a)-1], ','), b[1:]...), nil // both are objects with members
}

// Run reads one page, or one a line.
func (c *extractCmd) Run(ctx context.Context, s *Settings, io streams) error {
	themes, err := s.themeList()
	if err != nil {
		return usageError{err}
	}
	classifier, err := read.NewClassifier(themes)
	if err != nil {
		return usageError{err}
	}
	if c.JSONL {
		return extractLines(ctx, classifier, c.Flat, io.in, io.out)
	}
	if c.File == "" {
		return usageError{errors.New("extract: name a file, or - for standard input")}
	}
	body, err := readInput(c.File, io.in)
	if err != nil {
		return err
	}
	e, err := extractPage(classifier, c.URL, c.Type, body)
	if err != nil {
		return usageError{err}
	}
	return printJSON(io.out, e)
}

// readInput reads a file, or standard input for "-", up to maxPage bytes.
func readInput(name string, in io.Reader) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, maxPage+1))
	if err == nil && len(body) > maxPage {
		err = fmt.Errorf("%s is larger than %d MiB", name, maxPage>>20)
	}
	return body, err
}

// extractPage reads one page. Without an address, links that are not absolute
// are lost and the article has no id.
func extractPage(c *read.Classifier, address, contentType string, body []byte) (extracted, error) {
	u := &url.URL{Scheme: "http", Host: "invalid.invalid", Path: "/page"} // RFC 2606: no such host
	id, canonical := "", ""
	if address != "" {
		var err error
		if u, err = url.Parse(address); err != nil || !u.IsAbs() {
			return extracted{}, fmt.Errorf("--url %q: want an absolute address", address)
		}
		if canonical, err = crawler.CanonicalURL(address); err == nil {
			id = trame.ID(canonical)
		}
	}
	r := read.Extract(read.Page{URL: u, ContentType: contentType, Body: body, Fetched: time.Now()})
	a := r.Article
	a.ID, a.URL = id, canonical
	a.Themes = c.Classify(a, nil)
	e := extracted{a, besides{
		Description: a.Summary, Sitename: r.Sitename, Canonical: r.Canonical,
		Headings: r.Headings, Verdict: string(r.Verdict), Why: r.Why,
	}}
	if a.Section != "" {
		e.Categories = []string{a.Section}
	}
	if a.Published.Precision() == "day" {
		e.Date = a.Published.String()
	}
	if a.Event != nil {
		for _, d := range a.Event.Dates {
			e.EventDates = append(e.EventDates, d.String())
		}
	}
	return e, nil
}

// flatten puts the addresses of the attachments in their place.
func (e *extracted) flatten() {
	for _, d := range e.article.Attachments {
		e.Attachments = append(e.Attachments, d.URL)
	}
	e.article.Attachments = nil
}

// pageLine is a line of extract --jsonl.
type pageLine struct {
	ID          string `json:"id"`
	URL         string `json:"url"`
	HTML        string `json:"html_base64"`
	ContentType string `json:"content_type"`
}

// extractLines answers each line at once; a line that cannot be read is answered
// with its error, so that the answers stay in step.
func extractLines(ctx context.Context, c *read.Classifier, flat bool, in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	for ctx.Err() == nil {
		line, err := readLine(lines, 2*maxPage)
		if len(line) > 0 {
			if err := answerLine(c, flat, line, out); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func answerLine(c *read.Classifier, flat bool, line []byte, out io.Writer) error {
	var in pageLine
	fail := func(err error) error {
		return json.NewEncoder(out).Encode(struct {
			ID    string `json:"id"`
			Error string `json:"error"`
		}{in.ID, err.Error()})
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return fail(fmt.Errorf("not a JSON object with id, url, html_base64: %w", err))
	}
	body, err := base64.StdEncoding.DecodeString(in.HTML)
	if err != nil {
		return fail(fmt.Errorf("html_base64: %w", err))
	}
	if in.ContentType == "" {
		in.ContentType = "text/html"
	}
	e, err := extractPage(c, in.URL, in.ContentType, body)
	if err != nil {
		return fail(err)
	}
	e.article.ID = in.ID
	if flat {
		e.flatten()
	}
	return json.NewEncoder(out).Encode(e)
}

// readLine returns the next line without its end; io.EOF comes with the last.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return nil, fmt.Errorf("a line is longer than %d MiB", limit>>20)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSpace(line), err
		}
	}
}

type analyzeCmd struct {
	Text []string `arg:"" help:"Text to analyse." placeholder:"TEXT"`
}

// Run prints the terms, one a line.
func (c *analyzeCmd) Run(io streams) error {
	for _, t := range french.Analyze(strings.Join(c.Text, " ")) {
		if _, err := fmt.Fprintln(io.out, t.Term); err != nil {
			return err
		}
	}
	return nil
}

// printJSON writes one indented JSON document.
func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
