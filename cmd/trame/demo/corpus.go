package demo

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"trame"
)

//go:embed corpus/*.txtar
var corpusFiles embed.FS

// Conditions of a piece that is not for every reader (header "status").
const (
	isGone    = "gone"    // answers 410
	isLocked  = "locked"  // asks for a password
	isNoindex = "noindex" // asks not to be indexed
)

// piece is one text of the corpus.
type piece struct {
	site    *site
	slug    string
	num     int // from 1, in the order of dates
	title   string
	lead    string
	author  string
	section string
	tags    []string
	date    trame.Date
	head    map[string]string // every header line, by name
	blocks  []block
	pdf     []block // of a report: what its document says
	url     string
}

// block is a paragraph, a sub-head, a quotation or a list.
type block struct {
	kind  string // "p", "h2", "blockquote", "ul"
	lines []string
}

func (p *piece) public() bool { return p.head["status"] == "" }

func (p *piece) truth() Truth {
	t := Truth{URL: p.url, Title: p.title, Source: p.site.id, Kind: p.site.makes}
	if p.site.dated {
		t.Date = p.date
	}
	if p.site.makes == trame.TypeEvent {
		t.Dates = p.days()
	}
	if len(p.pdf) > 0 {
		t.PDF = p.site.base + p.pdfPath()
	}
	return t
}

// days returns the dates on which an event takes place.
func (p *piece) days() []trame.Date {
	var all []trame.Date
	for _, f := range strings.Fields(p.head["days"]) {
		if d, err := trame.ParseDate(f); err == nil {
			all = append(all, d)
		}
	}
	return all
}

// moment returns an hour of the day of publication, as a server would note it
// in Brussels or Paris.
func (p *piece) moment() time.Time {
	zone := time.FixedZone("CET", 3600)
	if p.date.Month >= time.April && p.date.Month <= time.October {
		zone = time.FixedZone("CEST", 7200)
	}
	d := p.date.First()
	return time.Date(d.Year, d.Month, d.Day, 8+p.num%10, p.num*7%60, 0, 0, zone)
}

// changed returns the moment at which a file server would say that the page was
// last changed: the day that its footer prints, or that of its publication, or
// else the one given.
func (p *piece) changed(otherwise time.Time) time.Time {
	if t, err := time.Parse("02/01/2006", p.head["updated"]); err == nil {
		return t.Add(18 * time.Hour)
	}
	if p.site.dated && p.date.Day > 0 {
		return p.moment()
	}
	return otherwise
}

// readCorpus reads the pieces of a site in the order of their dates; pieces of
// the same day, and those without a date, stay in the order of the file.
func readCorpus(s *site) error {
	names, err := corpusFiles.ReadDir("corpus")
	if err != nil {
		return err
	}
	for _, n := range names {
		// a site may have more than one file: spip.txtar, spip-2.txtar…
		if site, _, _ := strings.Cut(strings.TrimSuffix(n.Name(), ".txtar"), "-"); site != s.look {
			continue
		}
		b, err := corpusFiles.ReadFile(path.Join("corpus", n.Name()))
		if err != nil {
			return err
		}
		for _, f := range txtar.Parse(b).Files {
			p, err := readPiece(f.Name, string(f.Data))
			if err != nil {
				return fmt.Errorf("demo: %s: %s: %w", n.Name(), f.Name, err)
			}
			p.site = s
			s.pieces = append(s.pieces, p)
		}
	}
	slices.SortStableFunc(s.pieces, func(a, b *piece) int {
		return strings.Compare(a.date.String(), b.date.String())
	})
	for i, p := range s.pieces {
		p.num = i + 1
	}
	return nil
}

// readPiece reads "name: value" lines, a blank line, then blocks parted by blank
// lines. A line "%%" parts the page from its document.
func readPiece(slug, text string) (*piece, error) {
	header, body, ok := strings.Cut(text, "\n\n")
	if !ok {
		return nil, fmt.Errorf("no body")
	}
	p := &piece{slug: slug, head: map[string]string{}}
	for line := range strings.Lines(header) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, fmt.Errorf("header line %q: want name: value", line)
		}
		p.head[name] = value
	}
	p.title, p.lead, p.author, p.section = p.head["title"], p.head["lead"], p.head["author"], p.head["section"]
	if p.title == "" {
		return nil, fmt.Errorf("no title")
	}
	if t := p.head["tags"]; t != "" {
		p.tags = strings.Split(t, "; ")
	}
	var err error
	if p.date, err = trame.ParseDate(p.head["date"]); err != nil {
		return nil, err
	}
	page, pdf, _ := strings.Cut(body, "\n%%\n")
	p.blocks, p.pdf = readBlocks(page), readBlocks(pdf)
	return p, nil
}

func readBlocks(text string) []block {
	var all []block
	for part := range strings.SplitSeq(text, "\n\n") {
		part = strings.TrimSpace(part)
		lines := strings.Split(part, "\n")
		switch {
		case part == "":
		case strings.HasPrefix(part, "## "):
			all = append(all, block{"h2", []string{part[3:]}})
		case strings.HasPrefix(part, "> "):
			all = append(all, block{"blockquote", []string{strings.Join(lines, " ")[2:]}})
		case strings.HasPrefix(part, "- "):
			for i, l := range lines {
				lines[i] = strings.TrimPrefix(l, "- ")
			}
			all = append(all, block{"ul", lines})
		default:
			all = append(all, block{"p", []string{strings.Join(lines, " ")}})
		}
	}
	return all
}

var (
	linkMark = regexp.MustCompile(`\[([^\]]+)\]\(([^)]+)\)`) // [text](site/slug)
	boldMark = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	emphMark = regexp.MustCompile(`\*([^*]+)\*`)
)

// plain returns a line without its marks.
func plain(s string) string {
	s = linkMark.ReplaceAllString(s, "$1")
	return strings.ReplaceAll(s, "*", "")
}

// excerpt returns the beginning of the text, at most n characters, cut at a word.
func (p *piece) excerpt(n int) string {
	text := p.lead
	for _, b := range p.blocks {
		if text != "" {
			break
		}
		if b.kind == "p" {
			text = plain(b.lines[0])
		}
	}
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	cut := string(r[:n])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.«") + " […]"
}
