package read

import (
	"strings"
	"time"

	"trame"
)

// brussels is the zone of what names none. Where the system has no zone data,
// the clock of Brussels is counted by rule (brusselsOffset).
func brussels(y int, m time.Month, d, hh, mm, ss int) time.Time {
	if loc, err := time.LoadLocation("Europe/Brussels"); err == nil {
		return time.Date(y, m, d, hh, mm, ss, 0, loc)
	}
	t := time.Date(y, m, d, hh, mm, ss, 0, time.UTC)
	off := brusselsOffset(t)
	return time.Date(y, m, d, hh, mm, ss, 0, time.FixedZone("", off))
}

// brusselsOffset is the offset in seconds of a local time of the years from 1996
// on: summer from the last Sunday of March to the last Sunday of October
// (directive 2000/84/EC).
func brusselsOffset(t time.Time) int {
	lastSunday := func(m time.Month) time.Time {
		d := time.Date(t.Year(), m, 31, 2, 0, 0, 0, time.UTC)
		return d.AddDate(0, 0, -int(d.Weekday()))
	}
	if !t.Before(lastSunday(time.March)) && t.Before(lastSunday(time.October)) {
		return 7200
	}
	return 3600
}

// parseMoment reads the date of a feed item or of a datetime attribute: RFC 3339,
// RFC 822, and what French programs write. What names no zone is Brussels time;
// what names no time is midnight. The zero of a program's clock, impossible and
// far-off dates are refused: ok is false.
func parseMoment(s string) (t time.Time, ok bool) {
	s = strings.TrimSpace(clean(s))
	if s == "" || len(s) > 200 {
		return time.Time{}, false
	}
	toks := dateTokens(s)
	var d trame.Date
	after := 0
	for i := range toks {
		found, next := datesAt(toks, i)
		if len(found) > 0 && found[0].date.Day > 0 {
			d, after = found[0].date, next
			break
		}
	}
	if d.IsZero() {
		return time.Time{}, false
	}
	hh, mm, ss, rest := clock(toks, after)
	off, named := zone(s, toks, rest)
	if named {
		t = time.Date(d.Year, d.Month, d.Day, hh, mm, ss, 0, time.FixedZone("", off))
	} else {
		t = brussels(d.Year, d.Month, d.Day, hh, mm, ss)
	}
	if u := t.UTC(); u.Year() == 1970 && u.YearDay() <= 2 || u.Year() == 1969 && u.YearDay() >= 364 {
		return time.Time{}, false
	}
	return t, true
}

// clock reads a time of day after token i: 10:00, 10:00:00, T10:00:00.5, « à 14h30 »,
// « à 10 h 05 ». It returns the token after it.
func clock(t []dateToken, i int) (hh, mm, ss, next int) {
	for j := i; j < len(t) && j < i+4; j++ {
		if t[j].num < 0 || t[j].digits > 2 || t[j].num > 23 || j+1 >= len(t) {
			continue
		}
		hour := t[j].num
		sep := t[j+1]
		if sep.punct != ':' && sep.word != "h" {
			continue
		}
		if j+2 >= len(t) || t[j+2].num < 0 || t[j+2].num > 59 || t[j+2].digits != 2 {
			return hour, 0, 0, j + 2
		}
		hh, mm, next = hour, t[j+2].num, j+3
		if next+1 < len(t) && t[next].punct == ':' && t[next+1].num >= 0 && t[next+1].num < 60 {
			ss = t[next+1].num
			next += 2
			if next+1 < len(t) && t[next].punct == '.' && !t[next+1].space && t[next+1].num >= 0 {
				next += 2
			}
		}
		return hh, mm, ss, next
	}
	return 0, 0, 0, i
}

// zone reads a zone at or just after token i and returns its offset in seconds.
func zone(s string, t []dateToken, i int) (offset int, named bool) {
	if i >= len(t) {
		return 0, false
	}
	switch t[i].word {
	case "z", "gmt", "ut", "utc", "wet":
		return 0, true
	case "cet", "met", "bst", "west":
		return 3600, true
	case "cest", "mest", "eet":
		return 7200, true
	case "est":
		return -5 * 3600, true
	case "edt":
		return -4 * 3600, true
	case "pst":
		return -8 * 3600, true
	case "pdt":
		return -7 * 3600, true
	}
	sign := 0
	switch t[i].punct {
	case '+':
		sign = 1
	case '-', '−':
		sign = -1
	}
	if sign == 0 || i+1 >= len(t) || t[i+1].num < 0 || t[i+1].space {
		return 0, false
	}
	h, m := t[i+1].num, 0
	switch {
	case t[i+1].digits == 4:
		h, m = h/100, h%100
	case t[i+1].digits == 2 && i+3 < len(t) && t[i+2].punct == ':':
		m = t[i+3].num
	}
	if h > 14 || m > 59 || m < 0 {
		return 0, false
	}
	return sign * (h*3600 + m*60), true
}

// dayOf returns the day of a moment as its own zone or, in UTC, as Brussels has
// it: SPIP and others write local midnight in UTC, which is the day before.
func dayOf(t time.Time) trame.Date {
	if _, off := t.Zone(); off == 0 {
		if loc, err := time.LoadLocation("Europe/Brussels"); err == nil {
			return trame.DateOf(t.In(loc))
		}
		return trame.DateOf(t.Add(time.Duration(brusselsOffset(t)) * time.Second))
	}
	return trame.DateOf(t)
}
