package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"trame"
)

//go:embed templates
var templateFiles embed.FS

// builder makes the answers of one site.
type builder struct {
	*site
	known   map[string]*piece // every piece of the web, by "look/slug"
	pages   *template.Template
	encode  func(string) ([]byte, error) // nil: UTF-8
	charset string                       // as declared
	style   answer                       // headers and validators of every page
}

// view is what a template sees.
type view struct {
	Name, Base string
	Kind       string // single, home, list, page, locked, gone, denied, missing…
	Title      string
	Path       string
	Piece      *piece
	Body       template.HTML
	Pieces     []*piece // of a list
	Section    string
	Sections   []section
	Recent     []*piece // newest first
	Related    []*piece
	Pages      []link // of a pager
	Prev, Next string
	Extra      any
}

// link is a line of a menu or pager; Href is empty on the current page.
type link struct{ Text, Href string }

// section is a heading under which a site files its pieces.
type section struct {
	Name, Path string
	Pieces     []*piece // newest first
}

func newBuilder(s *site, known map[string]*piece) (*builder, error) {
	b := &builder{site: s, known: known, charset: "utf-8"}
	var err error
	b.pages, err = template.New(s.look+".html").Funcs(template.FuncMap{
		"jour": frDay, "long": frLong, "mois": frMonth, "numerique": frShort, "ilya": ago,
		"iso":   func(p *piece) string { return p.moment().Format(time.RFC3339) },
		"debut": func(p *piece, n int) string { return p.excerpt(n) },
		"path":  func(p *piece) string { return s.path(p.url) },
		"head":  func(p *piece, name string) string { return p.head[name] },
		"slug":  slug,
		"plus":  func(a, b int) int { return a + b },
	}).ParseFS(templateFiles, "templates/"+s.look+".html")
	if err != nil {
		return nil, fmt.Errorf("demo: template of %s: %w", s.id, err)
	}
	return b, nil
}

// page renders a view as the answer of an address.
func (b *builder) page(path string, v view) error {
	v.Name, v.Base, v.Path = b.name, b.base, path
	if v.Piece != nil {
		if v.Title == "" {
			v.Title = v.Piece.title
		}
		if v.Body == "" && v.Kind == "single" {
			v.Body = b.html(v.Piece.blocks)
		}
	}
	if v.Recent == nil {
		v.Recent = b.newest(6)
	}
	var out bytes.Buffer
	if err := b.pages.Execute(&out, v); err != nil {
		return fmt.Errorf("page %s: %w", path, err)
	}
	body := out.Bytes()
	if b.encode != nil {
		var err error
		if body, err = b.encode(out.String()); err != nil {
			return fmt.Errorf("encode %s: %w", path, err)
		}
	}
	a := b.style
	a.kind, a.body, a.status = "text/html; charset="+b.charset, body, http.StatusOK
	switch v.Kind {
	case "missing":
		a.status = http.StatusNotFound
	case "denied":
		a.status = http.StatusForbidden
	case "gone":
		a.status = http.StatusGone
	case "single":
		if a.etag {
			a.modified = v.Piece.changed(a.modified)
		}
	}
	b.answers[path] = a
	return nil
}

// file adds an answer that is not a page.
func (b *builder) file(path, kind string, body []byte) {
	b.answers[path] = answer{status: http.StatusOK, kind: kind, body: body, etag: true}
}

// css adds the style sheet of the site.
func (b *builder) css(path string) error {
	body, err := templateFiles.ReadFile("templates/" + b.look + ".css")
	if err != nil {
		return err
	}
	b.file(path, "text/css; charset=utf-8", body)
	return nil
}

// move adds a redirect.
func (b *builder) move(from, to string, status int) {
	b.answers[from] = answer{status: status, location: to}
}

// singles adds the page of every piece, with its neighbours of the same section.
func (b *builder) singles() error {
	for _, p := range b.pieces {
		v := view{Kind: "single", Piece: p, Sections: b.sections(""), Related: b.related(p, 3), Section: p.section}
		switch p.head["status"] {
		case isGone:
			v.Kind = "gone"
		case isLocked:
			v.Kind = "locked"
		}
		if err := b.page(b.site.path(p.url), v); err != nil {
			return err
		}
		if old := p.head["old"]; old != "" {
			b.move(old, p.url, http.StatusMovedPermanently)
		}
	}
	return b.page("404", view{Kind: "missing", Title: "Page non trouvée", Sections: b.sections("")})
}

// listing adds pages of per pieces each; at(n) is the address of page n, from 1.
func (b *builder) listing(pieces []*piece, per int, at func(n int) string, v view) error {
	count := max(1, (len(pieces)+per-1)/per)
	for n := 1; n <= count; n++ {
		v.Pieces = pieces[(n-1)*per : min(n*per, len(pieces))]
		v.Pages, v.Prev, v.Next = nil, "", ""
		for i := 1; i <= count && count > 1; i++ {
			l := link{Text: fmt.Sprint(i), Href: at(i)}
			if i == n {
				l.Href = ""
			}
			v.Pages = append(v.Pages, l)
		}
		if n > 1 {
			v.Prev = at(n - 1)
		}
		if n < count {
			v.Next = at(n + 1)
		}
		if err := b.page(at(n), v); err != nil {
			return err
		}
	}
	return nil
}

// shown returns the pieces that the site lists, newest first: those that are
// gone stay out.
func (b *builder) shown() []*piece {
	var all []*piece
	for _, p := range slices.Backward(b.pieces) {
		if p.head["status"] != isGone {
			all = append(all, p)
		}
	}
	return all
}

func (b *builder) newest(n int) []*piece {
	all := b.shown()
	return all[:min(n, len(all))]
}

// related returns other pieces of the same section, the nearest in time first.
func (b *builder) related(p *piece, n int) []*piece {
	var all []*piece
	for _, o := range b.shown() {
		if o != p && o.section == p.section && o.public() {
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(x, y *piece) int { return abs(x.num-p.num) - abs(y.num-p.num) })
	return all[:min(n, len(all))]
}

// sections returns the sections in the order of their names, at prefix + slug.
func (b *builder) sections(prefix string) []section {
	byName := map[string][]*piece{}
	for _, p := range b.shown() {
		byName[p.section] = append(byName[p.section], p)
	}
	var all []section
	for name, pieces := range byName {
		if name != "" {
			all = append(all, section{Name: name, Path: prefix + slug(name), Pieces: pieces})
		}
	}
	slices.SortFunc(all, func(x, y section) int { return strings.Compare(slug(x.Name), slug(y.Name)) })
	return all
}

// tagged returns the pieces under each of their tags, at prefix + slug.
func (b *builder) tagged(prefix string) []section {
	at := map[string]int{}
	var all []section
	for _, p := range b.shown() {
		for _, t := range p.tags {
			i, ok := at[slug(t)]
			if !ok {
				i = len(all)
				at[slug(t)] = i
				all = append(all, section{Name: t, Path: prefix + slug(t)})
			}
			all[i].Pieces = append(all[i].Pieces, p)
		}
	}
	return all
}

// html renders blocks.
func (b *builder) html(blocks []block) template.HTML {
	var out strings.Builder
	for _, bl := range blocks {
		if bl.kind == "ul" {
			out.WriteString("<ul>\n")
			for _, l := range bl.lines {
				out.WriteString("<li>" + b.inline(l) + "</li>\n")
			}
			out.WriteString("</ul>\n")
			continue
		}
		text := b.inline(bl.lines[0])
		if bl.kind == "blockquote" {
			text = "<p>" + text + "</p>"
		}
		out.WriteString("<" + bl.kind + ">" + text + "</" + bl.kind + ">\n")
	}
	return template.HTML(out.String())
}

// inline escapes a line and renders its marks. A link names a piece of the web,
// or with "@old" behind it the address that the piece had before; one that names
// none stays text, and the corpus test fails.
func (b *builder) inline(s string) string {
	s = template.HTMLEscapeString(s)
	s = strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(s)
	s = noBreak(s)
	s = linkMark.ReplaceAllStringFunc(s, func(m string) string {
		part := linkMark.FindStringSubmatch(m)
		name, old := strings.CutSuffix(part[2], "@old")
		p := b.known[name]
		if p == nil {
			return part[1]
		}
		href := p.url
		if old {
			href = p.site.base + p.head["old"]
		}
		if p.site == b.site {
			href = b.site.path(href)
		}
		return `<a href="` + template.HTMLEscapeString(href) + `">` + part[1] + "</a>"
	})
	s = boldMark.ReplaceAllString(s, "<strong>$1</strong>")
	return emphMark.ReplaceAllString(s, "<em>$1</em>")
}

// noBreak puts no-break spaces where French typography wants them.
func noBreak(s string) string {
	return strings.NewReplacer(" ;", "\u00a0;", " :", "\u00a0:", " ?", "\u00a0?", " !", "\u00a0!",
		"« ", "«\u00a0", " »", "\u00a0»", " €", "\u00a0€", " %", "\u00a0%").Replace(s)
}

func abs(n int) int { return max(n, -n) }

// slug returns a name as it stands in an address.
func slug(s string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		case strings.ContainsRune("éèêë", r):
			out.WriteByte('e')
		case strings.ContainsRune("àâä", r):
			out.WriteByte('a')
		case strings.ContainsRune("îï", r):
			out.WriteByte('i')
		case strings.ContainsRune("ôö", r):
			out.WriteByte('o')
		case strings.ContainsRune("ùûü", r):
			out.WriteByte('u')
		case r == 'ç':
			out.WriteByte('c')
		case r == 'œ':
			out.WriteString("oe")
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
	}
	return strings.TrimRight(out.String(), "-")
}

// The twelve months and seven days as French pages print them.
func months() []string {
	return []string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
}

func weekdays() []string {
	return []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
}

// frDay prints « 1er mars 2014 », « mars 2014 » or « 2014 ».
func frDay(d trame.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprint(d.Year)
	case d.Day == 0:
		return frMonth(d)
	case d.Day == 1:
		return "1er " + frMonth(d)
	}
	return fmt.Sprint(d.Day, " ", frMonth(d))
}

func frMonth(d trame.Date) string { return fmt.Sprint(months()[d.Month], " ", d.Year) }

// frLong prints « mercredi 12 mars 2014 ».
func frLong(d trame.Date) string {
	f := d.First()
	t := time.Date(f.Year, f.Month, f.Day, 12, 0, 0, 0, time.UTC)
	return weekdays()[t.Weekday()] + " " + frDay(d)
}

// frShort prints « 12/03/2014 ».
func frShort(d trame.Date) string { return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year) }

// ago prints « Il y a 3 mois », counted back from the day of the newest piece, so
// that pages do not change from one visit to the next.
func ago(p *piece) string {
	all := p.site.pieces
	days := int(all[len(all)-1].moment().Sub(p.moment()).Hours()/24) + 2
	switch {
	case days < 7:
		return fmt.Sprintf("Il y a %d jours", days)
	case days < 14:
		return "Il y a 1 semaine"
	case days < 60:
		return fmt.Sprintf("Il y a %d semaines", days/7)
	case days < 365:
		return fmt.Sprintf("Il y a %d mois", days/30)
	case days < 730:
		return "Il y a 1 an"
	}
	return fmt.Sprintf("Il y a %d ans", days/365)
}
