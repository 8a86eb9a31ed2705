package crawler

import (
	"time"

	"trame"
	"trame/archive"
)

// Bounds of the time between two visits to one address.
const (
	shortest = 15 * time.Minute
	longest  = 7 * 24 * time.Hour
	day      = 24 * time.Hour
)

// firstEvery is the time to the second visit, by kind: a feed is cheap to ask
// and says what is new, a list moves when an article appears, an article may be
// corrected in its first days.
func firstEvery(kind archive.LinkKind) time.Duration {
	switch kind {
	case archive.LinkFeed:
		return time.Hour
	case archive.LinkHome:
		return 3 * time.Hour
	}
	return day
}

// nextEvery is the time to the next visit of an address that answered. Feeds,
// homes, sitemaps and lists follow their own rhythm: half the time after a
// change, one and a half times after none. An article is asked again after 1,
// 2, 4 and then 7 days; one that was old when it was found, after 7.
// A source's own "every" replaces the rhythm of its home and feeds.
func nextEvery(l archive.Link, s trame.Source, changed bool, published trame.Date, now time.Time) time.Duration {
	if d, err := time.ParseDuration(s.Every); err == nil && d > 0 && (l.Kind == archive.LinkHome || l.Kind == archive.LinkFeed) {
		return min(max(d, shortest), longest)
	}
	if l.Kind == archive.LinkPage {
		if l.Every == 0 && isOld(published, now) {
			return longest
		}
		if l.Every == 0 || changed {
			return day
		}
		return min(l.Every*2, longest)
	}
	switch {
	case l.Every == 0 && l.Kind == archive.LinkFeed && l.Depth > 1:
		return day // the feed of a section: the site's own is asked more often
	case l.Every == 0:
		return firstEvery(l.Kind)
	case changed:
		return max(l.Every/2, shortest)
	}
	return min(l.Every+l.Every/2, longest)
}

// isOld reports a publication more than two months before now.
func isOld(d trame.Date, now time.Time) bool {
	return !d.IsZero() && d.Last().Number() < trame.DateOf(now.AddDate(0, -2, 0)).Number()
}

// backOff is the time to the next try after so many failures in a row: 15
// minutes, doubled each time, 7 days at most.
func backOff(fails int) time.Duration {
	d := shortest
	for i := 1; i < fails && d < longest; i++ {
		d *= 2
	}
	return min(d, longest)
}
