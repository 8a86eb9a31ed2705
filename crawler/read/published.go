package read

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"trame"
)

// dateMetas returns the names under which a head gives the day of publication,
// those that say so first and those that may mean an edit last.
func dateMetas() [25]string {
	return [25]string{
		"article:published_time", "og:article:published_time", "citation_publication_date", "citation_online_date", "dcterms.issued", "dc.date.issued", "dcterms.created",
		"dc.date.created", "datepublished", "publication_date", "date_published", "pubdate", "publishdate", "publish-date", "article.published", "og:pubdate", "originalpublicationdate",
		"rnews:datepublished", "article:created", "parsely-pub-date", "sailthru.date", "dcterms.available", "dcterms.date", "dc.date", "date",
	}
}

// dating finds dates of publication in a page; nothing is published after limit.
type dating struct {
	s     *sight
	limit trame.Date
	event bool // the page has boxes with the date, place or price of an event
}

// newDating bounds dates by the day after the visit, in case clocks differ.
func newDating(s *sight, fetched time.Time) dating {
	d := dating{s: s, limit: trame.Date{Year: 2200, Month: 1, Day: 1}}
	if !fetched.IsZero() {
		d.limit = trame.DateOf(fetched.AddDate(0, 0, 1))
	}
	_, ld := s.mainLD()
	d.event = ld != nil || gathers(s.practicals())
	for _, b := range s.blocks {
		d.event = d.event || b.trait&traitEvent != 0 && !b.region.side()
	}
	return d
}

// possible reports whether a text can have been published on d.
func (g dating) possible(d trame.Date) bool {
	return realDate(d) && d.First().Number() <= g.limit.Number()
}

// value reads a machine-written date, which may be year or month alone.
func (g dating) value(s string) trame.Date {
	if t, ok := parseMoment(s); ok {
		d := trame.DateOf(t)
		if strings.HasPrefix(strings.ToLower(g.s.lang), "fr") {
			d = dayOf(t)
		}
		if g.possible(d) {
			return d
		}
		return trame.Date{}
	}
	s = strings.TrimSpace(s)
	if d, err := trame.ParseDate(strings.ReplaceAll(s, "/", "-")); err == nil && g.possible(d) && len(s) > 4 {
		return d
	}
	return trame.Date{}
}

// published returns the day of publication and where it was found. It prefers
// what a page says to programs, then what it shows, then what its feed says; it
// never takes the date of another page, of an event, of an edit, or of today.
func (g dating) published(p Page) (trame.Date, string) {
	article, _ := g.s.mainLD()
	if d := g.value(article.text("datePublished")); !d.IsZero() {
		return d, trame.FromJSONLD
	}
	for _, m := range dateMetas() {
		if d := g.value(g.s.metas[m]); !d.IsZero() {
			return d, trame.FromMeta
		}
	}
	seen := g.visible()
	if seen.score >= strongDate {
		return seen.date, seen.from
	}
	if h := p.Hint; g.possible(h.Published) && !h.Published.IsZero() {
		if h.From == trame.FromSitemap {
			return h.Published, trame.FromSitemap
		}
		return h.Published, trame.FromFeed
	}
	if seen.score >= weakDate {
		return seen.date, seen.from
	}
	if d := urlDate(p.URL); g.possible(d) {
		return d, trame.FromURL
	}
	return trame.Date{}, trame.FromNone
}

// Scores of visible dates: a strong one is believed before the feed, a weak one
// after it, and what is below is not believed at all.
const (
	strongDate = 40
	weakDate   = 25
)

// What dates a page stands near its beginning or its end, in blocks.
const (
	datedHead = 600
	datedTail = 60
)

type datePick struct {
	date  trame.Date
	from  string
	score int
}

// visible returns the most believable date that the page shows.
func (g dating) visible() datePick {
	var best datePick
	set := func(d trame.Date, score int, from string) {
		if score > best.score && !d.IsZero() && g.possible(d) {
			best = datePick{d, from, score}
		}
	}
	free := 0 // time elements that belong to no side box
	for _, t := range g.s.times {
		if !t.region.side() && !t.card {
			free++
		}
	}
	for _, t := range g.s.times {
		if score := g.timeScore(t, free); score > 0 {
			set(g.timeDate(t), score, trame.FromTime)
		}
	}
	for i := range g.s.blocks {
		if i < datedHead || i >= len(g.s.blocks)-datedTail {
			g.blockDates(i, set)
		}
	}
	return best
}

func (g dating) near(block int) bool {
	d := block - g.s.titleAt
	return g.s.titleAt >= 0 && d >= -4 && d <= 8
}

func (g dating) timeScore(t timeTag, free int) int {
	n := t.node
	cls := strings.ToLower(attr(n, "class") + " " + attr(n, "itemprop") + " " + attr(n, "property"))
	if strings.Contains(cls, "modified") || strings.Contains(cls, "updated") && !strings.Contains(cls, "published") ||
		strings.Contains(cls, "startdate") || strings.Contains(cls, "enddate") || strings.Contains(cls, "dtstart") || strings.Contains(cls, "dtend") || t.trait&traitEvent != 0 {
		return 0
	}
	named := hasAttr(n, "pubdate") || strings.Contains(cls, "published") || strings.Contains(cls, "pubdate") || strings.Contains(cls, "entry-date") || strings.Contains(cls, "dc:")
	if n.Data == "abbr" && !named {
		return 0
	}
	if t.region.side() || t.card {
		return 0
	}
	score := 60
	if named {
		score += 15
	}
	if g.near(t.block) {
		score += 10
	} else if free > 3 {
		score -= 45
	}
	if t.block < len(g.s.blocks) && edited(g.s.blocks[t.block].text) {
		score -= 45
	}
	return score
}

// timeDate returns the date of a time element: its text where the text says that
// it was published then or is in words, for some systems put the moment of the
// last edit into the attribute; otherwise the attribute.
func (g dating) timeDate(t timeTag) trame.Date {
	text := textOf(t.node)
	var shown trame.Date
	if f := findDates(text); len(f) > 0 && f[0].date.Day > 0 {
		shown = f[0].date
	}
	for _, a := range [...]string{"datetime", "content", "title"} {
		d := g.value(attr(t.node, a))
		if d.IsZero() {
			continue
		}
		labelled := t.block < len(g.s.blocks) && publishedBefore.MatchString(fold(g.s.blocks[t.block].text))
		if !shown.IsZero() && (labelled || strings.IndexFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' }) >= 0) {
			return shown
		}
		return d
	}
	return shown
}

// fold is lower case without accents, with the byte length of what it folds
// not kept: for matching words alone.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range strings.ToLower(s) {
		switch {
		case r == 0xa0 || r == 0x202f || r == 0x2009:
			b.WriteByte(' ')
		case r == '’':
			b.WriteByte('\'')
		default:
			b.WriteString(bare(r))
		}
	}
	return b.String()
}

const publishedWords = `(?:publie|publiee|soumis|soumise|submitted|propose|proposee|mis en ligne|mise en ligne|mis a disposition|poste|postee|ecrit|redige|paru|parue|edite|cree|creee|publication|parution|posted|published|date de (?:publication|parution|mise en ligne)|le post du)`

var (
	publishedBefore = regexp.MustCompile(`\b` + publishedWords + `\b[^.!?0-9]{0,60}$|^\s*` + publishedWords + `\b`)
	publishedStart  = regexp.MustCompile(`^[^\pL]*(?:(?:article|texte|billet|document|page|dossier|actualite|breve|par [^.!?0-9]{2,60}?)[ ,|·•–-]*)?` + publishedWords + `\b[^.!?0-9]{0,60}$`)
	publishedInside = regexp.MustCompile(`[|·•–—,;(:/-]\s*` + publishedWords + `\b[^.!?0-9]{0,60}$`)
	updatedBefore   = regexp.MustCompile(`\b(?:mis a jour|mise a jour|maj|modifie|modifiee|actualise|actualisee|updated|modified|derniere (?:mise|modification|edition)|edition du site)\b[^0-9]{0,40}$`)
	updatedAny      = regexp.MustCompile(`\b(?:mis a jour|mise a jour|modifie le|modifiee le|actualise le|updated|last modified)\b`)
	eventWords      = regexp.MustCompile(`\b(?:aura lieu|auront lieu|ont lieu|a lieu|eut lieu|se tiendra|se tiendront|se deroulera|rendez-vous|rencontre du|journees? d'etudes?|colloque|seminaire|inscriptions?|date limite|avant le|jusqu'au|a partir du|programme|debut|salle|echeance|cloture|prochaine|prochain|session|sessions|formation|depuis le|des le)\b`)
	hourWords       = regexp.MustCompile(`\b\d{1,2} ?h(?: ?\d\d)?\b|\b\d{1,2}:\d\d\b`)
)

// edited reports whether a line speaks of its last edit and not of publication.
func edited(text string) bool {
	f := fold(text)
	return updatedAny.MatchString(f) && !strings.Contains(f, "publie") && !strings.Contains(f, "en ligne")
}

// blockDates weighs the dates of block i.
func (g dating) blockDates(i int, set func(trame.Date, int, string)) {
	b := g.s.blocks[i]
	if b.region.side() || b.card || len(b.text) > 400 || b.trait&traitEvent != 0 {
		return
	}
	found := findDates(b.text)
	for k, f := range found {
		before := fold(b.text[max(0, runeFloor(b.text, f.start-90)):f.start])
		if updatedBefore.MatchString(before) {
			continue
		}
		score := 0
		rest := len(b.text) - (f.end - f.start)
		alone := len(found) == 1 || found[len(found)-1].run != found[0].run
		switch {
		case publishedStart.MatchString(before) || publishedInside.MatchString(before) && len(b.text) < 200,
			b.trait&traitMeta != 0 && publishedBefore.MatchString(before):
			score = 58
		case len(found) > 1 && !alone, f.through:
			continue
		case g.event: // an unsigned date is the event's
			continue
		case b.trait&traitMeta != 0 && len(b.text) < 300 && !busy(b.text):
			score = 45
		case len(found) == 1 && f.date.Day > 0 && rest < 45 && b.heading == 0 && !busy(b.text) && g.near(i):
			score = 27
			if signed(b.text, f) {
				score = 42
			}
		default:
			continue
		}
		if g.near(i) {
			score += 8
		}
		if f.date.Day == 0 {
			score -= 12
		}
		set(f.date, score-k-min(i/60, 4), trame.FromText)
	}
}

// busy reports a line that announces something rather than dates a text.
func busy(text string) bool {
	f := fold(text)
	return eventWords.MatchString(f) || hourWords.MatchString(f) && !strings.Contains(f, " a ") && !strings.Contains(f, ", ")
}

// signed reports a line that is little else than a date, with or without a name:
// « Bérengère T., 20 février 2020 », « le 3 mai 1999 ».
func signed(text string, f dateSpan) bool {
	before := strings.TrimSpace(text[:f.start])
	after := strings.TrimSpace(text[f.end:])
	return len(after) < 25 && (len(before) < 12 || strings.HasSuffix(before, ",") || strings.HasSuffix(before, "|") || strings.HasSuffix(before, "-") || strings.HasSuffix(before, "–") ||
		strings.HasSuffix(before, "·") || strings.HasSuffix(before, "le"))
}

func runeFloor(s string, i int) int {
	if i <= 0 {
		return 0
	}
	for i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

var (
	urlDay   = regexp.MustCompile(`/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:[/._-]|$)`)
	urlMonth = regexp.MustCompile(`/((?:19|20)\d\d)[/-](\d\d)/[^/]*[^/0-9][^/]*`)
)

// urlDate returns the day or the month that an address is filed under.
func urlDate(u *url.URL) trame.Date {
	if u == nil {
		return trame.Date{}
	}
	if m := urlDay.FindStringSubmatch(u.Path); m != nil {
		d := trame.Date{Year: number(m[1]), Month: time.Month(number(m[2])), Day: number(m[3])}
		if realDate(d) && d.Day > 0 && d.Month > 0 {
			return d
		}
	}
	if m := urlMonth.FindStringSubmatch(u.Path); m != nil && !strings.Contains(u.Path, "/uploads/") {
		d := trame.Date{Year: number(m[1]), Month: time.Month(number(m[2]))}
		if realDate(d) && d.Month > 0 {
			return d
		}
	}
	return trame.Date{}
}

func number(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// updated returns the moment of the last edit that the page gives, when it is
// later than the day of publication.
func (g dating) updated(published trame.Date) time.Time {
	article, _ := g.s.mainLD()
	for _, v := range []string{article.text("dateModified"), g.s.meta("article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "datemodified", "last-modified")} {
		t, ok := parseMoment(v)
		if ok && g.possible(dayOf(t)) && dayOf(t).Number() > published.Number() && !published.IsZero() {
			return t
		}
	}
	for i, b := range g.s.blocks {
		if b.region.side() || b.card || len(b.text) > 200 || i >= datedHead && i < len(g.s.blocks)-datedTail {
			continue
		}
		for _, f := range findDates(b.text) {
			if f.date.Day > 0 && updatedBefore.MatchString(fold(b.text[:f.start])) && g.possible(f.date) && f.date.Number() > published.Number() && !published.IsZero() {
				return brussels(f.date.Year, f.date.Month, f.date.Day, 0, 0, 0)
			}
		}
	}
	return time.Time{}
}
