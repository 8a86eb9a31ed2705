package demo

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Measures of a page of a report, in points: A4, with margins.
const (
	pdfWidth, pdfHeight = 595, 842
	pdfLeft, pdfTop     = 70, 770
	pdfBottom           = 80
	pdfSize, pdfLeading = 11, 16
	pdfColumns          = 84 // characters that fit on a line of Helvetica 11
)

// pdfLine is one line to print.
type pdfLine struct {
	font string // F1 plain, F2 bold
	size int
	gap  int // above the line
	text string
}

// makePDF typesets a report: title, authors, then its text, in the two standard
// Helvetica faces (PDF 1.4, ISO 32000-1, 9.6.2.2) and WinAnsi encoding. It
// returns the document and the number of its pages.
func makePDF(p *piece) ([]byte, int, error) {
	pages := [][]pdfLine{pdfCover(p)}
	var page []pdfLine
	y := pdfTop
	for _, l := range pdfLines(p) {
		if y -= l.gap + pdfLeading; y < pdfBottom {
			pages, page, y = append(pages, page), nil, pdfTop-pdfLeading
		}
		page = append(page, l)
	}
	pages = append(pages, page)

	w := pdfWriter{}
	w.out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 6+2*i)
	}
	w.object(1, "<< /Type /Catalog /Pages 2 0 R /Lang (fr) >>")
	w.object(2, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), strings.Join(kids, " ")))
	w.object(3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	w.object(4, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
	info, err := pdfInfo(p)
	if err != nil {
		return nil, 0, err
	}
	w.object(5, info)
	for i, lines := range pages {
		stream, err := pdfStream(lines, fmt.Sprintf("%s — page %d / %d", p.site.name, i+1, len(pages)))
		if err != nil {
			return nil, 0, fmt.Errorf("document of %s: %w", p.slug, err)
		}
		w.object(6+2*i, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents %d 0 R >>",
			pdfWidth, pdfHeight, 7+2*i))
		w.object(7+2*i, fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", len(stream), stream))
	}
	return w.end(), len(pages), nil
}

// pdfCover is the first page: the journal, the title, who and when.
func pdfCover(p *piece) []pdfLine {
	all := []pdfLine{{"F1", pdfSize, 0, p.site.name}}
	for i, l := range wrap(p.title, 38) {
		gap := 14
		if i == 0 {
			gap = 180
		}
		all = append(all, pdfLine{"F2", 22, gap, l})
	}
	all = append(all, pdfLine{"F1", 13, 30, p.author}, pdfLine{"F1", pdfSize, 10, p.head["issue"] + ", " + frMonth(p.date)})
	return append(all, pdfLine{"F1", 9, 240, "Observatoire des solidarités locales du pays de Lière, Rochevive"})
}

// pdfLines breaks the text of a report into lines.
func pdfLines(p *piece) []pdfLine {
	var all []pdfLine
	add := func(font string, size, gap, columns int, text string) {
		for i, l := range wrap(plain(text), columns) {
			if i > 0 {
				gap = (size - pdfSize) / 2
			}
			all = append(all, pdfLine{font, size, gap, l})
		}
	}
	for _, b := range p.pdf {
		switch b.kind {
		case "h2":
			add("F2", 13, 14, 68, b.lines[0])
		case "ul":
			for _, l := range b.lines {
				add("F1", pdfSize, 2, pdfColumns, "– "+l)
			}
		default:
			add("F1", pdfSize, 8, pdfColumns, b.lines[0])
		}
	}
	return all
}

// pdfStream draws lines and a footer, compressed.
func pdfStream(lines []pdfLine, footer string) ([]byte, error) {
	var content bytes.Buffer
	y := pdfTop
	draw := func(font string, size, y int, text string) error {
		s, err := pdfString(text)
		if err != nil {
			return err
		}
		fmt.Fprintf(&content, "BT /%s %d Tf %d %d Td %s Tj ET\n", font, size, pdfLeft, y, s)
		return nil
	}
	for i, l := range lines {
		if y -= pdfLeading; i > 0 {
			y -= l.gap
		}
		if err := draw(l.font, l.size, y, l.text); err != nil {
			return nil, err
		}
	}
	if err := draw("F1", 8, 40, footer); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(content.Bytes()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func pdfInfo(p *piece) (string, error) {
	title, err := pdfString(p.title)
	if err != nil {
		return "", err
	}
	author, err := pdfString(p.author)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("<< /Title %s /Author %s /Producer (Cahiers) /CreationDate (D:%04d%02d01090000) >>", title, author, p.date.Year, p.date.Month), nil
}

// pdfString returns a literal string in WinAnsi. A character that this encoding
// does not have is an error: the corpus must not use it.
func pdfString(s string) (string, error) {
	b, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		return "", fmt.Errorf("%q is not in WinAnsi: %w", s, err)
	}
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(b) + ")", nil
}

// wrap breaks text at spaces into lines of at most n characters.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > n {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// pdfWriter numbers objects and keeps where each begins.
type pdfWriter struct {
	out bytes.Buffer
	at  []int
}

// object writes object n; objects are written in order from 1.
func (w *pdfWriter) object(n int, body string) {
	w.at = append(w.at, w.out.Len())
	fmt.Fprintf(&w.out, "%d 0 obj\n%s\nendobj\n", n, body)
}

// end writes the cross-reference table and returns the document.
func (w *pdfWriter) end() []byte {
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.at)+1)
	for _, at := range w.at {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.out, "trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(w.at)+1, start)
	return w.out.Bytes()
}
