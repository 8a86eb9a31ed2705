package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"trame"
)

// decodeArticle reads the article that a line holds, as json.Unmarshal does. It
// takes the text, most of the line, out by itself: that is five times as fast.
func decodeArticle(line []byte) (trame.Article, error) {
	if from, to, ok := textIn(line); ok {
		if text, ok := unquote(line[from:to]); ok {
			rest := make([]byte, 0, len(line)-(to-from)+2)
			rest = append(append(append(rest, line[:from]...), `""`...), line[to:]...)
			var a trame.Article
			if err := a.UnmarshalJSON(rest); err == nil {
				a.Text = text
				return a, nil
			}
		}
	}
	var a trame.Article
	if err := json.Unmarshal(line, &a); err != nil {
		return a, fmt.Errorf("want one article, a JSON object: %w", plainJSON(err))
	}
	return a, nil
}

// plainJSON takes the names of Go's types out of an error of encoding/json.
func plainJSON(err error) error {
	var t *json.UnmarshalTypeError
	if !errors.As(err, &t) {
		return err
	}
	if t.Field == "" {
		return fmt.Errorf("this is a JSON %s", t.Value)
	}
	return fmt.Errorf("%s cannot be a JSON %s", t.Field, t.Value)
}

// textIn returns where the string that is the member "text" of an object stands,
// its quotes included. It is not ok where that is not plain to see: no such
// member or two, keys with escapes. It sees strings and brackets alone, so what
// it says holds for valid JSON; for the rest it says anything.
func textIn(line []byte) (from, to int, ok bool) {
	at := skipSpace(line, 0)
	if at == len(line) || line[at] != '{' {
		return 0, 0, false
	}
	for at < len(line) && line[at] != '}' {
		start := skipSpace(line, at+1) // after { or a comma
		end := skipString(line, start)
		if end < 0 {
			return 0, 0, false
		}
		key := line[start+1 : end-1]
		at = skipSpace(line, end)
		if at == len(line) || line[at] != ':' || bytes.IndexByte(key, '\\') >= 0 {
			return 0, 0, false
		}
		start = skipSpace(line, at+1)
		if end = skipValue(line, start); end < 0 {
			return 0, 0, false
		}
		if bytes.EqualFold(key, []byte("text")) { // encoding/json takes Text for text too
			if ok || line[start] != '"' {
				return 0, 0, false
			}
			from, to, ok = start, end, true
		}
		at = skipSpace(line, end)
	}
	return from, to, ok
}

func skipSpace(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\t' || b[at] == '\r' || b[at] == '\n') {
		at++
	}
	return at
}

// skipString returns the end of the string that begins at a place, -1 where none
// does.
func skipString(b []byte, at int) int {
	if at >= len(b) || b[at] != '"' {
		return -1
	}
	for at++; at < len(b); {
		n := bytes.IndexByte(b[at:], '"')
		if n < 0 {
			return -1
		}
		end, slashes := at+n, 0
		for b[end-1-slashes] == '\\' { // it ends at the quote before the string
			slashes++
		}
		at = end + 1
		if slashes%2 == 0 {
			return at
		}
	}
	return -1
}

// skipValue returns the end of the value that begins at a place, -1 where it has
// none.
func skipValue(b []byte, at int) int {
	for depth := 0; at < len(b); {
		switch b[at] {
		case '"':
			if at = skipString(b, at); at < 0 || depth == 0 {
				return at
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 {
				return at // of a number or a name
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',':
			if depth == 0 {
				return at
			}
		}
		at++
	}
	return -1
}

// unquote returns what a JSON string says; it is not ok where that is not valid.
func unquote(quoted []byte) (text string, ok bool) {
	s := quoted[1 : len(quoted)-1]
	if !utf8.Valid(s) || bytes.Contains(s, []byte(`\u`)) {
		return text, json.Unmarshal(quoted, &text) == nil
	}
	for _, c := range s {
		if c < ' ' { // must be escaped
			return "", false
		}
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		n := bytes.IndexByte(s, '\\')
		if n < 0 {
			n = len(s)
		}
		b.Write(s[:n])
		if n == len(s) {
			return b.String(), true
		}
		i := strings.IndexByte(`"\/bfnrt`, s[n+1])
		if i < 0 {
			return "", false
		}
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		s = s[n+2:]
	}
}

// countWords counts the words of a text as strings.Fields does, and keeps none.
func countWords(s string) (n int) {
	in := false
	for _, r := range s {
		space := (r <= ' ' || r >= utf8.RuneSelf) && unicode.IsSpace(r) // most letters are spared the call
		if !space && !in {
			n++
		}
		in = !space
	}
	return n
}
