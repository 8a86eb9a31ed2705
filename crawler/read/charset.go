package read

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// sniffBytes is how far into a page a declaration of its charset is looked for:
// old pages put it behind long scripts.
const sniffBytes = 8 << 10

var (
	metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})`)
	xmlCharset  = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([a-z0-9_:.-]{2,40})["']`)
)

// decode returns the text of a body in UTF-8 and the name of the charset that it
// was read with. A byte order mark wins; then bytes that are wholly valid as
// UTF-8 are UTF-8 whatever anybody declares; then the header, then the page's own
// declaration; then windows-1252, as the WHATWG Encoding Standard has it for
// Western Europe (it is also what "iso-8859-1" means there).
func decode(body []byte, contentType string) (text, name string) {
	switch {
	case bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(body[3:]), "\uFFFD"), "utf-8"
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}):
		return transcode(body, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)), "utf-16be"
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}):
		return transcode(body, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), "utf-16le"
	}
	if e, name := wideWithoutMark(body); e != nil {
		return transcode(body, e), name
	}
	if utf8.Valid(body) && !escapes(body) {
		return string(body), "utf-8"
	}
	for _, label := range declared(body, contentType) {
		e, name := charset.Lookup(label)
		if e == nil || name == "replacement" || strings.HasPrefix(name, "utf-16") {
			continue // unknown, forbidden (utf-7), or contradicted by the bytes
		}
		if name == "utf-8" {
			if mostlyUTF8(body) {
				return strings.ToValidUTF8(string(body), "\uFFFD"), name
			}
			continue
		}
		return transcode(body, e), name
	}
	if mostlyUTF8(body) {
		return strings.ToValidUTF8(string(body), "\uFFFD"), "utf-8"
	}
	return transcode(body, charmap.Windows1252), "windows-1252"
}

// escapes reports whether a body holds the escape sequences of ISO-2022, which
// are valid ASCII too.
func escapes(body []byte) bool {
	return bytes.Contains(body[:min(len(body), sniffBytes)], []byte("\x1b$"))
}

// declared lists the charsets that header, XML declaration and meta name.
func declared(body []byte, contentType string) []string {
	var out []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		out = append(out, params["charset"])
	}
	head := body[:min(len(body), sniffBytes)]
	for _, re := range []*regexp.Regexp{xmlCharset, metaCharset} {
		if m := re.FindSubmatch(head); m != nil {
			out = append(out, string(m[1]))
		}
	}
	return out
}

// mostlyUTF8 reports whether a body that is not valid UTF-8 is UTF-8 with a few
// damaged bytes: it holds at least as many whole sequences as broken ones. Texts
// in a single-byte charset hardly ever hold a whole one.
func mostlyUTF8(body []byte) bool {
	whole, broken := 0, 0
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			broken++
		} else {
			whole++
		}
		i += n
	}
	return whole > 0 && whole >= broken
}

// wideWithoutMark recognises UTF-16 without a byte order mark by the zeros that
// its first markup characters show.
func wideWithoutMark(body []byte) (encoding.Encoding, string) {
	if len(body) < 8 {
		return nil, ""
	}
	switch {
	case body[0] == '<' && body[1] == 0 && body[2] != 0 && body[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	case body[0] == 0 && body[1] == '<' && body[2] == 0 && body[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	}
	return nil, ""
}

func transcode(body []byte, e encoding.Encoding) string {
	out, err := e.NewDecoder().Bytes(body)
	if err != nil { // decoders replace what they cannot read; only a cut sequence ends here
		return strings.ToValidUTF8(string(out), "\uFFFD")
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}
