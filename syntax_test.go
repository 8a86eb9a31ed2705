package trame

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write testdata/syntax.txt again")

// TestSyntax reads testdata/syntax.txt: texts, and how they are read or refused.
func TestSyntax(t *testing.T) {
	const file = "testdata/syntax.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	rows := 0
	for line := range strings.Lines(string(data)) {
		text, isRow := strings.CutPrefix(line, "> ")
		quoted, isQuoted := strings.CutPrefix(line, ">q ")
		switch {
		case isRow:
			text = strings.TrimSuffix(text, "\n")
		case isQuoted:
			if text, err = strconv.Unquote(strings.TrimSpace(quoted)); err != nil {
				t.Fatalf("%s: %q: %v", file, line, err)
			}
		case strings.HasPrefix(line, "  "):
			continue // what was read before
		}
		got.WriteString(line)
		if isRow || isQuoted {
			got.WriteString(reading(t, text))
			rows++
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if rows < 120 {
		t.Errorf("%s has %d rows", file, rows)
	}
	want := strings.Split(string(data), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(want) || line != want[i] {
			t.Fatalf("%s:%d: %q, want %q", file, i+1, line, want[min(i, len(want)-1)])
		}
	}
}

// reading says how a text is read: the form that FormatExpr writes, what Describe
// says, and remarks; or where and why it is refused.
func reading(t *testing.T, text string) string {
	t.Helper()
	e, err := ParseExpr(text)
	var bad *QueryError
	switch {
	case errors.As(err, &bad):
		if bad.Field != "q" || bad.At < 0 || bad.At > len(text) || bad.At < len(text) && !utf8.RuneStart(text[bad.At]) {
			t.Errorf("ParseExpr(%q): the error points to byte %d of %s", text, bad.At, bad.Field)
		}
		return fmt.Sprintf("  ! %d: %s\n", bad.At, bad.Msg)
	case err != nil:
		t.Errorf("ParseExpr(%q): %v, want a QueryError", text, err)
	}
	s := "  nothing\n"
	if e != nil {
		s = "  = " + FormatExpr(e) + "\n  : " + Describe(e) + "\n"
	}
	for _, r := range Remarks(text) {
		s += "  ? " + r + "\n"
	}
	return s
}
