package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"trame"
	"trame/french"
)

// Bounds of a concordance: what is shown of the text on each side, how many
// articles are read for it, the newest first, and how much text.
const (
	sideLength       = 60 // characters
	mostConcordance  = 1000
	mostRead         = 20 << 20 // bytes
	concordanceChunk = 50       // articles read at once
	sortedWords      = 8        // of a side
)

// Concordance implements trame.Searcher.
func (e *bleveEngine) Concordance(ctx context.Context, q trame.Query, o trame.ConcordanceOptions) (c *trame.Concordance, err error) {
	if !slices.Contains([]string{"left", "right", "date"}, o.Sort) {
		return nil, &trame.QueryError{Field: "sort", Msg: "Le tri n’est pas compris. Choisissez left (les mots qui précèdent), right (ceux qui suivent) ou date."}
	}
	if o.Limit < 1 || o.Limit > trame.MaxConcordance {
		return nil, &trame.QueryError{Field: "limit", Msg: fmt.Sprintf("Le nombre de lignes est de 1 à %d.", trame.MaxConcordance)}
	}
	q.Sort, q.Page, q.Cursor, q.PerPage, q.Facets = trame.SortNewest, 0, "", 1, nil
	err = e.answer(ctx, q, func(s *search) error {
		s.best = newRanking(mostConcordance, trame.SortNewest, nil)
		if err := s.run(ctx); err != nil {
			return err
		}
		c, err = s.concordance(ctx, e.texts, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (s *search) concordance(ctx context.Context, texts Texts, o trame.ConcordanceOptions) (*trame.Concordance, error) {
	text, title := s.markers()
	if title.empty() {
		return nil, &trame.QueryError{Field: "q", Msg: "Une concordance demande au moins un mot à montrer. Écrivez un mot ou une expression qui se trouve dans le titre ou le texte."}
	}
	list := &placeList{sort: o.Sort, limit: o.Limit}
	c := &trame.Concordance{Total: s.total, Understood: s.understood()}
	bytes := 0
	found := s.best.sorted()
	looked := 0
	for part := range slices.Chunk(found, concordanceChunk) {
		articles, err := s.articles(ctx, texts, part)
		if err != nil {
			return nil, err
		}
		for _, a := range articles {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if bytes > mostRead || list.full() {
				break
			}
			looked++
			if a.ID == "" {
				continue
			}
			c.Articles++
			_, body := french.Searched(&a)
			bytes += len(body)
			list.add(a, a.Title, title.find(a.Title))
			list.add(a, body, text.find(body))
		}
		if bytes > mostRead || list.full() {
			break
		}
	}
	c.Lines = list.lines()
	c.Complete = looked == s.total && !list.cut
	return c, nil
}

// wanted is what a concordance shows in one kind of text.
type wanted struct {
	french.Marker
	near []nearWords
}

func (w *wanted) empty() bool { return len(w.Terms)+len(w.Prefixes)+len(w.Phrases)+len(w.near) == 0 }

// find returns the places in a text, in order; no two overlap.
func (w *wanted) find(text string) []french.Span {
	spans := w.Find(text)
	if len(w.near) == 0 {
		return spans
	}
	tokens := french.Analyze(text)
	for _, near := range w.near {
		spans = append(spans, near.find(tokens)...)
	}
	slices.SortFunc(spans, func(a, b french.Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	end := 0
	return slices.DeleteFunc(spans, func(s french.Span) bool {
		if s.Start < end {
			return true
		}
		end = s.End
		return false
	})
}

// markers find the words of the query: in texts, and in titles. A phrase is found
// where it stands, and so is another form of what was asked.
func (s *search) markers() (text, title *wanted) {
	text, title = new(wanted), new(wanted)
	s.seek(s.e, func(field string, f func(*wanted)) {
		if field == "" {
			f(text)
		}
		if textFields(field) != nil {
			f(title)
		}
	})
	for _, a := range s.plan.added {
		for _, form := range a.With {
			text.Seek(form, 1)
			title.Seek(form, 1)
		}
	}
	return text, title
}

// seek gives what an expression asks for to the markers of its fields.
func (s *search) seek(e trame.Expr, in func(field string, f func(*wanted))) {
	switch e := e.(type) {
	case trame.And:
		for _, part := range french.JoinSans(e) {
			s.seek(part, in)
		}
	case trame.Or:
		for _, part := range e {
			s.seek(part, in)
		}
	case trame.Word:
		if !slices.Contains(s.plan.dropped, french.WithoutArticle(e.Text)) {
			in(e.Field, func(m *wanted) { m.Seek(e.Text, 1) })
		}
	case trame.Phrase:
		in(e.Field, func(m *wanted) {
			if near := newNearWords(e); e.Slop > 0 && len(near.slots) > 1 {
				m.near = append(m.near, near)
			} else {
				m.Seek(e.Text, 1)
			}
		})
	case trame.Prefix:
		words := french.Words(e.Text)
		if len(words) > 0 {
			in(e.Field, func(m *wanted) { m.SeekPrefix(words[len(words)-1], 1) })
		}
	}
}

// placeList keeps the first lines in the order asked.
type placeList struct {
	sort  string
	limit int
	kept  []place
	cut   bool // there were more
	n     int
}

type place struct {
	trame.ConcordanceLine
	key, then []string // by which it is sorted
	n         int      // in the order of reading
}

// full reports whether no line to come can be among the first.
func (l *placeList) full() bool { return l.sort == "date" && l.cut }

// add adds the places of an article's text.
func (l *placeList) add(a trame.Article, text string, spans []french.Span) {
	for _, span := range spans {
		if l.sort == "date" && len(l.kept) == l.limit {
			l.cut = true
			return
		}
		p := place{ConcordanceLine: trame.ConcordanceLine{
			Left: leftOf(text, span.Start), Words: flat(text[span.Start:span.End]), Right: rightOf(text, span.End),
			ID: a.ID, Title: a.Title, Source: a.Source, Published: a.Published,
		}, n: l.n}
		l.n++
		if l.sort != "date" {
			left, right := french.Words(p.Left), french.Words(p.Right)
			slices.Reverse(left)
			p.key, p.then = firstWords(left), firstWords(right)
			if l.sort == "right" {
				p.key, p.then = p.then, p.key
			}
		}
		if l.kept = append(l.kept, p); len(l.kept) >= 3*l.limit+100 && l.sort != "date" {
			l.shorten()
		}
	}
}

func firstWords(words []string) []string { return slices.Clone(words[:min(len(words), sortedWords)]) }

// shorten sorts the lines and keeps the first.
func (l *placeList) shorten() {
	slices.SortFunc(l.kept, func(a, b place) int {
		return cmp.Or(slices.Compare(a.key, b.key), slices.Compare(a.then, b.then), cmp.Compare(a.n, b.n))
	})
	if len(l.kept) > l.limit {
		l.cut = true
		l.kept = slices.Clone(l.kept[:l.limit])
	}
}

func (l *placeList) lines() []trame.ConcordanceLine {
	l.shorten()
	lines := make([]trame.ConcordanceLine, len(l.kept))
	for i, p := range l.kept {
		lines[i] = p.ConcordanceLine
	}
	return lines
}

// leftOf returns the whole words before a place, with the space or the article
// that parts them from it.
func leftOf(text string, at int) string {
	from := at
	for n := 0; n < sideLength && from > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	if r, _ := utf8.DecodeLastRuneInString(text[:from]); from > 0 && !unicode.IsSpace(r) {
		if i := strings.IndexFunc(text[from:at], unicode.IsSpace); i >= 0 {
			from += i
		}
	}
	return strings.TrimLeft(flat(text[from:at]), " ·")
}

// rightOf returns the whole words after a place.
func rightOf(text string, at int) string {
	to := at
	for n := 0; n < sideLength && to < len(text); n++ {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	if r, _ := utf8.DecodeRuneInString(text[to:]); to < len(text) && !unicode.IsSpace(r) {
		if i := strings.LastIndexFunc(text[at:to], unicode.IsSpace); i >= 0 {
			to = at + i
		}
	}
	return strings.TrimRight(flat(text[at:to]), " ·")
}

// flat writes a stretch of text on one line: white space is one space, the end of
// a paragraph a middle dot, signs that cannot be seen nothing.
func flat(s string) string {
	var b strings.Builder
	for s = strings.ToValidUTF8(s, "\ufffd"); s != ""; {
		rest := strings.TrimLeftFunc(s, unicode.IsSpace)
		if blank := s[:len(s)-len(rest)]; blank != "" {
			if s = rest; strings.Count(blank, "\n") > 1 {
				b.WriteString(" ·")
			}
			b.WriteByte(' ')
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		if !unicode.IsControl(r) && !unicode.Is(unicode.Bidi_Control, r) {
			b.WriteRune(r)
		}
		s = s[size:]
	}
	return b.String()
}
