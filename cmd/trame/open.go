package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"trame"
	"trame/archive"
	"trame/crawler"
	"trame/crawler/fetch"
	"trame/crawler/read"
	"trame/french"
	"trame/index"
)

// minFree is the free space below which the crawl rests.
const minFree = 200 << 20

// house is what a command works in: the rooms that it asked to be opened.
type house struct {
	settings *Settings
	parsed   parsed
	themes   []trame.Theme
	words    *french.Thesaurus
	log      *slog.Logger
	archive  *archive.Archive
	index    index.Engine
	fetch    *fetch.Client
	patience time.Duration // index.Options.Patience
	notice   string        // one French sentence on top of every page; empty: none
}

// enter checks the settings and opens the archive.
func enter(ctx context.Context, s *Settings, log *slog.Logger) (*house, error) {
	p, err := s.validate()
	if err != nil {
		return nil, usageError{err}
	}
	h := &house{settings: s, parsed: p, log: log}
	if h.themes, err = s.themeList(); err != nil {
		return nil, usageError{err}
	}
	if _, err := read.NewClassifier(h.themes); err != nil {
		return nil, usageError{fmt.Errorf("TRAME_THEMES: %w", err)}
	}
	if h.words, err = s.thesaurus(); err != nil {
		return nil, usageError{err}
	}
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder %s: %w; choose a folder that can be written with --data", s.Data, err)
	}
	if h.archive, err = archive.Open(ctx, s.archiveDSN(), archive.Options{Log: log}); err != nil {
		return nil, err
	}
	return h, nil
}

// openIndex opens the index beside the archive.
func (h *house) openIndex(ctx context.Context) (err error) {
	h.index, err = index.Open(ctx, h.settings.indexDSN(), h.archive, index.Options{Themes: h.themes, Thesaurus: h.words, Log: h.log, Patience: h.patience})
	return err
}

// openWeb makes the one door to the web.
func (h *house) openWeb() {
	h.fetch = fetch.New(fetch.Options{
		UserAgent: h.settings.userAgent(),
		AllowNet:  h.parsed.allow,
		Delay:     h.parsed.delay,
		Log:       h.log,
	})
}

// newCrawler makes a crawler whose visits are told to onVisit.
func (h *house) newCrawler(onVisit func(crawler.VisitReport)) (*crawler.Crawler, error) {
	if h.fetch == nil {
		h.openWeb()
	}
	delay := h.parsed.delay
	if delay == 0 {
		delay = -1 // to the crawler 0 means its default
	}
	return crawler.New(h.archive, h.fetch, crawler.Options{
		UserAgent: h.settings.userAgent(),
		Contact:   h.settings.Contact,
		Themes:    h.themes,
		Delay:     delay,
		Owner:     h.owner(),
		Log:       h.log,
		OnVisit:   onVisit,
		Free:      func() (uint64, error) { return freeSpace(h.settings.Data) },
	})
}

// owner names the holder of this process's leases. On SQLite it stays the same
// after a restart, so that what a killed process held is taken back at once; on
// PostgreSQL other processes of this machine may work on the same archive.
func (h *house) owner() string {
	if strings.HasPrefix(h.settings.archiveDSN(), "sqlite:") {
		return "" // the machine's name
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return fmt.Sprintf("crawler@%s:%d", host, os.Getpid())
}

// leave closes what was opened. What was acknowledged is safe by then, so an
// error here is told and no more.
func (h *house) leave() {
	if h.index != nil {
		if err := h.index.Close(); err != nil {
			h.log.Warn("close the index", "error", err)
		}
	}
	if h.archive != nil {
		if err := h.archive.Close(); err != nil {
			h.log.Warn("close the archive", "error", err)
		}
	}
}

// noteSeeded is the archive's note that the built-in sources were put in once.
// They are put in at the first start of an empty archive and never again: what
// was removed stays removed.
const noteSeeded = "sources seeded"

// syncSources brings the archive's sources in line with the settings: the file
// that they name wins; without one, an archive that has no source yet gets the
// built-in list.
func (h *house) syncSources(ctx context.Context) error {
	due, err := h.listDue(ctx)
	if err != nil || !due {
		return err
	}
	return h.putSourceList(ctx)
}

// listDue reports whether the settings' list is to be put into the archive.
func (h *house) listDue(ctx context.Context) (bool, error) {
	if h.settings.Sources != "" {
		return true, nil
	}
	known, err := h.archive.Sources(ctx)
	visited := func(r archive.SourceRecord) bool { return r.URL != "" } // the others came with an import
	if err != nil || slices.ContainsFunc(known, visited) {
		return false, err
	}
	_, err = h.archive.Note(ctx, noteSeeded)
	if errors.Is(err, trame.ErrNotFound) {
		return true, nil
	}
	return false, err // it was filled before, or cannot be read
}

// listed returns the sources as they are, or as the next start would make them;
// it writes nothing.
func (h *house) listed(ctx context.Context) ([]archive.SourceRecord, error) {
	records, err := h.archive.Sources(ctx)
	if err != nil {
		return nil, err
	}
	due, err := h.listDue(ctx)
	if err != nil || !due {
		return records, err
	}
	list, err := h.settings.sourceList()
	if err != nil {
		return nil, usageError{err}
	}
	for _, src := range list {
		i := slices.IndexFunc(records, func(r archive.SourceRecord) bool { return r.ID == src.ID })
		if i < 0 {
			i = len(records)
			records = append(records, archive.SourceRecord{Coverage: trame.Coverage{Health: archive.HealthNew}})
		}
		records[i].Source = src
	}
	return records, nil
}

// putSourceList writes the settings' list into the archive.
func (h *house) putSourceList(ctx context.Context) error {
	list, err := h.settings.sourceList()
	if err != nil {
		return usageError{err}
	}
	for _, src := range list {
		if err := h.archive.PutSource(ctx, src); err != nil {
			return err
		}
	}
	return h.archive.SetNote(ctx, noteSeeded, time.Now().UTC().Format(time.RFC3339))
}

// needContact returns an error when one of the sources is on the public web and
// nobody is named whom webmasters could write to.
func (h *house) needContact(sources []archive.SourceRecord) error {
	if h.settings.Contact != "" {
		return nil
	}
	for _, src := range sources {
		if src.URL != "" && !private(src.URL) { // what was imported has no address to visit
			return usageError{fmt.Errorf("%s is on the public web: say whom webmasters can write to with --contact you@example.org (or TRAME_CONTACT) before crawling it", src.URL)}
		}
	}
	return nil
}

// private reports whether an address is on this machine or in a private network:
// whoever may fetch it needs no introduction.
func private(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	if strings.EqualFold(u.Hostname(), "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return err == nil && (addr.IsLoopback() || addr.IsPrivate())
}

// explain adds what to do to errors whose text alone does not say it.
func explain(err error, s *Settings) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; give this user the right to write in %s, or choose another folder with --data", err, s.Data)
	}
	return err
}
