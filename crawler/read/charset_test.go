package read

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestDecode(t *testing.T) {
	const text = "Société à Liège : « l’œuvre », 10 €"
	cp1252 := func(s string) []byte {
		b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	utf16 := func(e unicode.Endianness, mark unicode.BOMPolicy, s string) []byte {
		b, err := unicode.UTF16(e, mark).NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	far := strings.Repeat(" ", 5000) // old pages declare late
	for _, c := range []struct {
		name, contentType string
		body              []byte
		want              string
	}{
		{"plain", "", []byte(text), "utf-8"},
		{"UTF-8 that a header calls Latin-1", "text/html; charset=iso-8859-1", []byte(text), "utf-8"},
		{"UTF-8 that a meta calls Latin-1", "", []byte("<meta charset=latin1>" + text), "utf-8"},
		{"byte order mark", "text/html; charset=iso-8859-1", append([]byte{0xEF, 0xBB, 0xBF}, text...), "utf-8"},
		{"windows-1252 declared iso-8859-1", "", cp1252("<META http-equiv=Content-Type content='text/html; charset=iso-8859-1'>" + text), "windows-1252"},
		{"declared late", "", cp1252(far + "<meta charset='windows-1252'>" + text), "windows-1252"},
		{"declared by nobody", "", cp1252(text), "windows-1252"},
		{"a header that lies", "text/html; charset=utf-8", cp1252(text), "windows-1252"},
		{"a charset that nobody knows", "text/html; charset=x-latin-42", cp1252(text), "windows-1252"},
		{"UTF-16 with a mark", "text/html; charset=utf-8", utf16(unicode.LittleEndian, unicode.UseBOM, "<html>"+text), "utf-16le"},
		{"UTF-16 without", "", utf16(unicode.BigEndian, unicode.IgnoreBOM, "<html>"+text), "utf-16be"},
	} {
		got, name := decode(c.body, c.contentType)
		if name != c.want || !strings.Contains(got, text) {
			t.Errorf("%s: %q in %s, want %q in %s", c.name, got, name, text, c.want)
		}
	}
	got, name := decode([]byte("Société, été, \xe9 et l’aide"), "text/html; charset=utf-8")
	if name != "utf-8" || got != "Société, été, \uFFFD et l’aide" {
		t.Errorf("one bad byte: %q in %s", got, name)
	}
	if got, _ := decode([]byte("+ADw-script+AD4-alert(1)"), "text/html; charset=utf-7"); strings.Contains(got, "<script") {
		t.Errorf("UTF-7 was decoded: %q", got)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b\x1b[31mc":  "ab[31mc",
		"a\u202eb\u2066c":  "abc",
		"soft\u00adhyphen": "softhyphen",
		"bad \xff byte":    "bad \uFFFD byte",
		"keep\nand\ttabs":  "keep\nand\ttabs",
		"\ufeffmark":       "mark",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := line("  a \n\t b\u00a0: c  "); got != "a b\u00a0: c" {
		t.Errorf("line = %q", got)
	}
	if got := cut(strings.Repeat("mot ", 200), 50); len(got) > 50 || !strings.HasSuffix(got, "mot…") {
		t.Errorf("cut = %q", got)
	}
}
