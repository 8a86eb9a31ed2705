package trame

import (
	"fmt"
	"time"
)

// Date is a day, a month or a year of the Gregorian calendar, as far as it is
// known: Day is 0 when only the month is, Month is 0 when only the year is, and
// the zero Date is unknown. It has no time and no zone: it is what a page prints.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in the zone of t.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2015-04-05", "2015-04", "2015" and "" (unknown).
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() < 1 {
			break
		}
		d := DateOf(t)
		if len(s) < len("2006-01-02") {
			d.Day = 0
		}
		if len(s) < len("2006-01") {
			d.Month = 0
		}
		return d, nil
	}
	if s == "" {
		return Date{}, nil
	}
	return Date{}, fmt.Errorf("date %q: want 2015, 2015-04 or 2015-04-05", s)
}

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// Precision returns "day", "month", "year" or "none".
func (d Date) Precision() string {
	switch {
	case d.IsZero():
		return "none"
	case d.Month == 0:
		return "year"
	case d.Day == 0:
		return "month"
	}
	return "day"
}

// String returns the form that ParseDate reads.
func (d Date) String() string {
	switch d.Precision() {
	case "none":
		return ""
	case "year":
		return fmt.Sprintf("%04d", d.Year)
	case "month":
		return fmt.Sprintf("%04d-%02d", d.Year, int(d.Month))
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// First returns the first day that the date may mean.
func (d Date) First() Date {
	if d.IsZero() {
		return d
	}
	return Date{d.Year, max(d.Month, 1), max(d.Day, 1)}
}

// Last returns the last day that the date may mean.
func (d Date) Last() Date {
	switch d.Precision() {
	case "year":
		return Date{d.Year, 12, 31}
	case "month":
		return DateOf(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC))
	}
	return d
}

// Number returns yyyymmdd of the first day that the date may mean, and 0 when
// it is unknown. Numbers sort as dates do.
func (d Date) Number() int {
	f := d.First()
	return f.Year*10000 + int(f.Month)*100 + f.Day
}

// MarshalText implements [encoding.TextMarshaler].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}
