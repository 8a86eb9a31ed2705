package read

import (
	"strings"
	"time"
	"unicode"

	"trame"
)

// dateSpan is a date found in running text: bytes [start,end) of the text that
// findDates was given.
type dateSpan struct {
	date       trame.Date
	start, end int
	run        int  // dates written together share one: « 24 et 31 janvier 2025 »
	through    bool // it ends a span: « du 5 au 7 mai 2025 »
}

// maxDateText bounds the text that is searched for dates: what announces or
// signs a page is short.
const maxDateText = 4000

// findDates lists the dates that a text writes in French order, in words or in
// figures, and ISO dates. Days that share a month or a year each give a date. A
// month with a year gives a date without day. A date without year is left out:
// nobody can know which one it is.
func findDates(text string) []dateSpan {
	if len(text) > maxDateText {
		text = strings.ToValidUTF8(text[:maxDateText], "")
	}
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	toks := dateTokens(text)
	var out []dateSpan
	run := 0
	for i := 0; i < len(toks); {
		found, next := datesAt(toks, i)
		if len(found) == 0 {
			i = max(i+1, next)
			continue
		}
		run++
		for _, f := range found {
			f.run = run
			out = append(out, f)
		}
		i = next
	}
	return out
}

type dateToken struct {
	word       string // folded letters, or ""
	num        int    // value of digits, or -1
	digits     int
	punct      rune // a single other character, or 0
	start, end int
	space      bool // white space stands before it
}

func dateTokens(s string) []dateToken {
	var out []dateToken
	var word strings.Builder
	rs := []rune(s)
	at := 0
	space := false
	for i := 0; i < len(rs); {
		r := rs[i]
		switch {
		case unicode.IsSpace(r):
			space = true
			at += len(string(r))
			i++
			continue
		case r >= '0' && r <= '9':
			t := dateToken{start: at, space: space}
			for i < len(rs) && rs[i] >= '0' && rs[i] <= '9' {
				if t.digits < 9 {
					t.num = t.num*10 + int(rs[i]-'0')
				}
				t.digits++
				at++
				i++
			}
			t.end = at
			out = append(out, t)
		case unicode.IsLetter(r):
			word.Reset()
			t := dateToken{start: at, num: -1, space: space}
			for i < len(rs) && (unicode.IsLetter(rs[i]) || unicode.Is(unicode.Mn, rs[i])) {
				if !unicode.Is(unicode.Mn, rs[i]) { // an accent of its own: NFD text
					word.WriteString(bare(unicode.ToLower(rs[i])))
				}
				at += len(string(rs[i]))
				i++
			}
			t.word, t.end = word.String(), at
			out = append(out, t)
		default:
			n := len(string(r))
			out = append(out, dateToken{punct: r, num: -1, start: at, end: at + n, space: space})
			at += n
			i++
		}
		space = false
	}
	return out
}

// monthOf returns the month that a folded word names, French or English, whole
// or cut as newspapers and programs do, or 0.
func monthOf(w string) time.Month {
	if len(w) < 3 {
		return 0
	}
	for m, names := range [...]string{
		"janvier january janv jan", "fevrier february fevr fev feb", "mars march mar", "avril april avr apr", "mai may",
		"juin june jun", "juillet july juil jul jui", "aout august aou aug", "septembre september sept sep",
		"octobre october oct", "novembre november nov", "decembre december dec",
	} {
		for n := range strings.FieldsSeq(names) {
			if w == n {
				return time.Month(m + 1)
			}
		}
	}
	return 0
}

func isWeekday(w string) bool {
	switch w {
	case "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lundis", "mardis", "mercredis", "jeudis", "vendredis", "samedis", "dimanches",
		"lun", "mar", "mer", "jeu", "ven", "sam", "dim":
		return true
	}
	return false
}

// datesAt reads the dates that begin at token i and returns them with the token
// after them.
func datesAt(t []dateToken, i int) ([]dateSpan, int) {
	if t[i].num >= 0 {
		if d, n := numericDate(t, i); n > 0 {
			return []dateSpan{{date: d, start: t[i].start, end: t[n-1].end}}, n
		}
		if t[i].digits <= 2 {
			return dayList(t, i)
		}
		return nil, i
	}
	if m := monthOf(t[i].word); m != 0 {
		return monthFirst(t, i, m)
	}
	return nil, i
}

// numericDate reads 12/01/2026, 12.01.26, 12-01-2026, 2026-01-12 and 2026/01/12.
// It returns the token after the date, or 0.
func numericDate(t []dateToken, i int) (trame.Date, int) {
	if i+4 >= len(t) {
		return trame.Date{}, 0
	}
	a, s1, b, s2, c := t[i], t[i+1], t[i+2], t[i+3], t[i+4]
	if s1.punct != s2.punct || s1.punct != '/' && s1.punct != '.' && s1.punct != '-' || b.num < 0 || c.num < 0 || b.digits > 2 {
		return trame.Date{}, 0
	}
	if i > 0 && !a.space && (t[i-1].punct == s1.punct || t[i-1].num >= 0) { // the middle of something longer
		return trame.Date{}, 0
	}
	if i+5 < len(t) && !t[i+5].space && t[i+5].punct == s1.punct && i+6 < len(t) && t[i+6].num >= 0 {
		return trame.Date{}, 0
	}
	var d trame.Date
	switch {
	case a.digits == 4 && c.digits <= 2 && s1.punct != '.':
		d = trame.Date{Year: a.num, Month: time.Month(b.num), Day: c.num}
	case a.digits <= 2 && c.digits == 4:
		d = trame.Date{Year: c.num, Month: time.Month(b.num), Day: a.num}
	case a.digits <= 2 && c.digits == 2 && !(s1.punct == '-' && s1.space):
		d = trame.Date{Year: century(c.num), Month: time.Month(b.num), Day: a.num}
	}
	if !realDate(d) {
		return trame.Date{}, 0
	}
	return d, i + 5
}

// century opens a year of two digits.
func century(y int) int {
	if y > 70 {
		return 1900 + y
	}
	return 2000 + y
}

// dayList reads « 5 avril 2015 », « 1er août 2025 », « 24 et 31 janvier 2025 »,
// « 15 novembre et vendredi 2 décembre 2022 », « du 5 au 7 mai 2025 ».
func dayList(t []dateToken, i int) ([]dateSpan, int) {
	var out []dateSpan
	first := i
	noMonth, noYear := 0, 0 // out[noMonth:] wait for a month, out[noYear:] for a year
	through := false
	end := i
	for i < len(t) && len(out) < 40 {
		if t[i].num < 1 || t[i].num > 31 || t[i].digits > 2 {
			break
		}
		out = append(out, dateSpan{date: trame.Date{Day: t[i].num}, start: t[i].start, end: t[i].end, through: through})
		i = ordinal(t, i+1)
		j := i
		if j < len(t) && (t[j].punct == '-' || t[j].punct == '.') { // 3-déc.-2018
			j++
		}
		if j < len(t) && t[j].word == "de" {
			j++
		}
		if j < len(t) {
			if m := monthOf(t[j].word); m != 0 {
				for k := noMonth; k < len(out); k++ {
					out[k].date.Month = m
				}
				noMonth = len(out)
				j++
				y := j
				for y < len(t) && (t[y].punct == '.' || t[y].punct == ',' || t[y].punct == '-' || t[y].word == "de") && y < j+2 {
					y++
				}
				i = j
				if y < len(t) && t[y].digits == 4 && t[y].num >= 1000 {
					for k := noYear; k < len(out); k++ {
						out[k].date.Year = t[y].num
					}
					noYear, i = len(out), y+1
				}
				end = i
				out[len(out)-1].end = t[i-1].end
			}
		}
		next, sep := daySeparator(t, i)
		if !sep.ok {
			break
		}
		through, i = sep.through, next
	}
	if noYear == 0 {
		return nil, first
	}
	out = out[:noYear]
	kept := out[:0]
	for _, d := range out {
		if realDate(d.date) {
			kept = append(kept, d)
		}
	}
	return kept, end // nothing is kept of « 29 février 2025 », and no « février 2025 » either
}

// ordinal skips the « er » of « 1er », the « e » and the signs that stand for them.
func ordinal(t []dateToken, i int) int {
	if i < len(t) && !t[i].space {
		switch {
		case t[i].word == "er" || t[i].word == "e" || t[i].word == "eme":
			return i + 1
		case t[i].punct == '°' || t[i].punct == 'º' || t[i].punct == 'ᵉ':
			return i + 1
		}
	} else if i < len(t) && t[i].word == "er" {
		return i + 1
	}
	return i
}

type daySep struct{ ok, through bool }

// daySeparator reads what parts two days of a list: a comma, et, ou, au, à, with
// the next day's weekday and article.
func daySeparator(t []dateToken, i int) (int, daySep) {
	var s daySep
	for n := 0; i < len(t) && n < 6; n++ {
		switch {
		case t[i].punct == ',' || t[i].punct == '&' || t[i].word == "et" || t[i].word == "ou" || t[i].word == "puis":
			s.ok = true
		case t[i].word == "au" || t[i].punct == '–' || t[i].punct == '-' || t[i].punct == '/':
			s.ok, s.through = true, true
		case t[i].word == "le" || t[i].word == "les" || t[i].word == "du" || isWeekday(t[i].word):
		case t[i].num >= 0:
			return i, s
		default:
			return i, daySep{}
		}
		i++
	}
	return i, daySep{}
}

// monthFirst reads « Août 22, 2019 », « Oct 3 2013 » and « mars 2019 ».
func monthFirst(t []dateToken, i int, m time.Month) ([]dateSpan, int) {
	j := i + 1
	if j < len(t) && t[j].punct == '.' {
		j++
	}
	if j >= len(t) || t[j].num < 0 {
		return nil, i
	}
	if t[j].digits == 4 {
		d := trame.Date{Year: t[j].num, Month: m}
		if !realDate(d) {
			return nil, i
		}
		return []dateSpan{{date: d, start: t[i].start, end: t[j].end}}, j + 1
	}
	day := t[j].num
	k := j + 1
	if k < len(t) && !t[k].space && (t[k].word == "st" || t[k].word == "nd" || t[k].word == "rd" || t[k].word == "th") {
		k++
	}
	k = ordinal(t, k)
	if k < len(t) && t[k].punct == ',' {
		k++
	}
	if k >= len(t) || t[k].digits != 4 || t[j].digits > 2 {
		return nil, i
	}
	d := trame.Date{Year: t[k].num, Month: m, Day: day}
	if day == 0 || !realDate(d) {
		return nil, i
	}
	return []dateSpan{{date: d, start: t[i].start, end: t[k].end}}, k + 1
}

// realDate reports whether the calendar has the date and whether a text of our
// time can bear it: 1970-01-01 is a program's zero.
func realDate(d trame.Date) bool {
	if d.Year < 1900 || d.Year > 2200 || d.Month < 0 || d.Month > 12 || d.Day < 0 {
		return false
	}
	if d == (trame.Date{Year: 1970, Month: 1, Day: 1}) {
		return false
	}
	return d.Day == 0 || trame.DateOf(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)) == d
}
