package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler"
	"trame/crawler/fetch"
	"trame/export"
)

type sourcesCmd struct {
	List   sourcesListCmd   `cmd:"" default:"1" help:"List the sources with their health and coverage."`
	Check  sourcesCheckCmd  `cmd:"" help:"Say what would be found at an address; writes nothing."`
	Add    sourcesAddCmd    `cmd:"" help:"Add a site, or the built-in list."`
	Remove sourcesRemoveCmd `cmd:"" help:"Stop visiting a source. Its articles stay."`
	Import sourcesImportCmd `cmd:"" help:"Add the feeds of an OPML file."`
	Export sourcesExportCmd `cmd:"" help:"Write the sources as OPML."`
}

type sourcesListCmd struct {
	JSON bool `name:"json" help:"Print the list as JSON."`
}

// Run lists the sources.
func (c *sourcesListCmd) Run(ctx context.Context, s *Settings, st streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	sources, err := h.listed(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(st.out, append([]archive.SourceRecord{}, sources...)) // [] and not null
	}
	w := tabwriter.NewWriter(st.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tCOUNTRY\tARTICLES\tFIRST\tLAST\tVISITED\tHEALTH\tURL")
	for _, src := range sources {
		visited := "never"
		if !src.LastVisit.IsZero() {
			visited = src.LastVisit.In(time.Local).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", src.ID, dash(src.Country), src.Articles,
			dash(src.First.String()), dash(src.Last.String()), visited, src.Health, src.URL)
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

type sourcesCheckCmd struct {
	URL  string `arg:"" help:"Address of a site, a page or a feed."`
	JSON bool   `name:"json" help:"Print what was found as JSON."`
}

// Run looks at an address as the crawler would. It needs no data folder.
func (c *sourcesCheckCmd) Run(ctx context.Context, s *Settings, st streams) error {
	p, err := s.validate()
	if err != nil {
		return usageError{err}
	}
	src := trame.Source{URL: c.URL}
	if err := completeSource(&src); err != nil {
		return usageError{err}
	}
	h := &house{settings: s, parsed: p, log: s.logger(true)}
	if h.themes, err = s.themeList(); err != nil {
		return usageError{err}
	}
	if err := h.needContact([]archive.SourceRecord{{Source: src}}); err != nil {
		return err
	}
	cr, err := h.newCrawler(nil)
	if err != nil {
		return err
	}
	found, err := cr.Check(ctx, src.URL)
	if errors.Is(err, fetch.ErrAddress) {
		return fmt.Errorf("%w; if it is yours, let it through with --allow-net HOST:PORT", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(st.out, found)
	}
	return printFinding(st.out, found)
}

type sourcesAddCmd struct {
	URL      string   `arg:"" optional:"" help:"Address of the site; its feeds and sitemap are found."`
	Defaults bool     `help:"Add the built-in list of sources (or that of TRAME_SOURCES)."`
	ID       string   `name:"id" help:"Short name; from the host when absent."`
	Name     string   `help:"Name for readers; from the host when absent."`
	Country  string   `help:"BE, FR, CH, LU, CA…" placeholder:"BE"`
	Kind     string   `help:"auto, feed, site, list or events." default:"auto"`
	Include  []string `help:"Which paths may be articles (regular expression, repeatable)." placeholder:"REGEXP"`
	Exclude  []string `help:"Which paths never are (regular expression, repeatable)." placeholder:"REGEXP"`
	Every    string   `help:"auto, or how often to look, such as 6h." default:"auto"`
	MaxPages int      `help:"Pages visited in one round at most; 0 is the crawler's default."`
}

// Run adds a source to the archive. It visits nothing.
func (c *sourcesAddCmd) Run(ctx context.Context, s *Settings, st streams) error {
	if (c.URL == "") == !c.Defaults {
		return usageError{errors.New("sources add: name an address, such as https://example.org/, or --defaults")}
	}
	src := trame.Source{URL: c.URL, ID: c.ID, Name: c.Name, Country: c.Country, Kind: c.Kind,
		Include: c.Include, Exclude: c.Exclude, Every: c.Every, MaxPages: c.MaxPages}
	if !c.Defaults {
		if err := completeSource(&src); err != nil {
			return usageError{err}
		}
	}
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	if c.Defaults {
		if err := h.putSourceList(ctx); err != nil {
			return err
		}
		_, err = fmt.Fprintln(st.out, "the built-in sources are in the archive; trame sources list shows them")
		return err
	}
	if err := h.addSource(ctx, src); err != nil {
		return err
	}
	_, err = fmt.Fprintf(st.out, "added %s (%s); visit it now with: trame crawl %s\n", src.ID, src.URL, src.ID)
	return err
}

// sameAddress reports whether two addresses have one canonical form.
func sameAddress(a, b string) bool {
	x, errX := crawler.CanonicalURL(a)
	y, errY := crawler.CanonicalURL(b)
	return errX == nil && errY == nil && x == y
}

// addSource adds a source whose id and address are not taken.
func (h *house) addSource(ctx context.Context, src trame.Source) error {
	known, err := h.archive.Sources(ctx)
	if err != nil {
		return err
	}
	for _, k := range known {
		switch same := sameAddress(k.URL, src.URL); {
		case same:
			return fmt.Errorf("%s is already gathered as source %q; change it with a list (TRAME_SOURCES), or remove it first", src.URL, k.ID)
		case k.ID == src.ID && k.URL != "": // what was imported has no address yet
			return fmt.Errorf("the id %q is taken by %s; choose another with --id", src.ID, k.URL)
		}
	}
	return h.archive.PutSource(ctx, src)
}

type sourcesRemoveCmd struct {
	ID string `arg:"" help:"Id of the source."`
}

// Run removes a source.
func (c *sourcesRemoveCmd) Run(ctx context.Context, s *Settings, st streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	if s.Sources != "" {
		return usageError{fmt.Errorf("the list %s puts its sources back at every start; take %q out of it", s.Sources, c.ID)}
	}
	if err := h.syncSources(ctx); err != nil {
		return err
	}
	err = h.archive.RemoveSource(ctx, c.ID)
	if errors.Is(err, trame.ErrNotFound) {
		return usageError{fmt.Errorf("no source has the id %q; trame sources list shows them", c.ID)}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(st.out, "removed %s; its articles stay\n", c.ID)
	return err
}

type sourcesImportCmd struct {
	File string `arg:"" help:"OPML file; - reads standard input." placeholder:"FILE.opml"`
}

// Run adds what an OPML file names and the archive does not have.
func (c *sourcesImportCmd) Run(ctx context.Context, s *Settings, st streams) error {
	in := st.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	list, err := export.ReadOPML(in)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	added := 0
	for _, src := range list {
		err := completeSource(&src)
		if err == nil {
			err = h.addSource(ctx, src)
		}
		if err != nil {
			fmt.Fprintf(st.err, "trame: left out: %s\n", oneLine(err.Error()))
			continue
		}
		added++
	}
	_, err = fmt.Fprintf(st.out, "%d of %d sources added\n", added, len(list))
	return err
}

type sourcesExportCmd struct{}

// Run writes the sources as OPML.
func (c *sourcesExportCmd) Run(ctx context.Context, s *Settings, st streams) error {
	h, err := enter(ctx, s, s.logger(true))
	if err != nil {
		return explain(err, s)
	}
	defer h.leave()
	records, err := h.listed(ctx)
	if err != nil {
		return err
	}
	var sources []trame.Source
	for _, r := range records {
		if r.URL != "" { // what was imported has no address
			sources = append(sources, r.Source)
		}
	}
	return export.WriteOPML(st.out, sources)
}

// printFinding writes what was found for a person's screen.
func printFinding(out io.Writer, f crawler.Finding) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  name      %s\n  platform  %s\n", f.URL, dash(f.Name), dash(f.Platform))
	for _, feed := range f.Feeds {
		fmt.Fprintf(&b, "  feed      %s (%d items)\n", feed.URL, feed.Items)
		for _, flaw := range feed.Flaws {
			fmt.Fprintf(&b, "            ! %s\n", flaw)
		}
	}
	for _, m := range f.Sitemaps {
		fmt.Fprintf(&b, "  sitemap   %s (%d pages, %d further sitemaps)\n", m.URL, m.Pages, m.Sitemaps)
	}
	if f.Pager != "" {
		fmt.Fprintf(&b, "  pager     %s\n", f.Pager)
	}
	fmt.Fprintf(&b, "  links     %d of the home belong to the site\n", f.Links)
	for _, a := range f.Samples {
		date := a.Published.String()
		if date == "" {
			date = "no date"
		}
		fmt.Fprintf(&b, "  article   %s · %s · %d words · %s\n", a.Title, date, a.Words, strings.Join(a.Themes, ", "))
	}
	for _, p := range f.Problems {
		fmt.Fprintf(&b, "  problem   %s\n", p)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
