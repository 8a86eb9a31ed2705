package archive

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"trame"
)

// maxText bounds the text of an article.
const maxText = 16 << 20

// maxPages bounds the pages of a document.
const maxPages = 1_000_000

// fitArticle returns an article as it may be kept: clean strings, an address for
// the web, an ID, dates that can be written, and only addresses that a reader's
// browser may be sent to. base is its address when it names none.
func fitArticle(a trame.Article, base string) (trame.Article, error) {
	a = cleaned(a)
	if a.URL == "" {
		a.URL = base
	}
	if a.ID == "" {
		a.ID = trame.ID(a.URL)
	}
	switch {
	case a.URL == "":
		return a, errors.New("an article without an address")
	case !isWebAddress(a.URL):
		return a, fmt.Errorf("the address %.80q is not one of the web: it must begin with http:// or https:// and have at most %d bytes", a.URL, maxURL)
	case !trame.ValidID(a.ID):
		return a, fmt.Errorf("the id %.40q of %s is not 16 hexadecimal digits; leave it out to have it made from the address", a.ID, a.URL)
	case len(a.Source) > maxID:
		return a, fmt.Errorf("the source's id %.80s… of %s is longer than %d bytes", a.Source, a.URL, maxID)
	case len(a.Text) > maxText:
		return a, fmt.Errorf("the text of %s is longer than %d MiB", a.URL, maxText>>20)
	}
	if a.Type == "" {
		a.Type = trame.TypeArticle
	}
	a.FirstSeen, a.LastSeen = fitTime(a.FirstSeen), fitTime(a.LastSeen)
	a.Updated = fitTime(a.Updated)
	a.Published = fitDate(a.Published)
	if a.Published.IsZero() {
		a.PublishedFrom = trame.FromNone
	}
	if a.Event != nil { // cleaned made this one ours
		a.Event.Dates = slices.DeleteFunc(slices.Clone(a.Event.Dates), func(d trame.Date) bool { return fitDate(d).IsZero() })
	}
	if !isWebAddress(a.Image) {
		a.Image = ""
	}
	a.Attachments = slices.DeleteFunc(a.Attachments, func(t trame.Attachment) bool { return !isWebAddress(t.URL) })
	for i := range a.Attachments {
		a.Attachments[i].Pages = min(max(a.Attachments[i].Pages, 0), maxPages)
	}
	a.AlsoAt = slices.DeleteFunc(a.AlsoAt, func(p trame.Place) bool { return !isWebAddress(p.URL) })
	a.ListedBy = slices.DeleteFunc(a.ListedBy, func(p trame.Place) bool { return !isWebAddress(p.URL) })
	return a, nil
}

// fitTime is t in UTC, or zero where
// it cannot be written as RFC 3339.
func fitTime(t time.Time) time.Time {
	if t = t.UTC(); t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// fitDate is d, or unknown where it is no day of the calendar.
func fitDate(d trame.Date) trame.Date {
	if back, err := trame.ParseDate(d.String()); err != nil || back != d {
		return trame.Date{}
	}
	return d
}

func isWebAddress(s string) bool {
	if len(s) > maxURL || !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Host != ""
}
