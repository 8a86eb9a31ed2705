package read

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"trame"
)

// Bounds of an event's dates, and of the blocks that are searched for them.
const (
	maxEventDates  = 60
	maxDatedBlocks = 200
)

var (
	priceLine  = regexp.MustCompile(`(?i)\b\d[\d .]*(?:[.,]\d\d)? ?(?:€|euros?\b|eur\b|chf\b)|\bgratuit\w*\b|\bentrée libre\b|\bparticipation aux frais\b`)
	placeLine  = regexp.MustCompile(`(?i:^(?:lieu|où|adresse|salle|endroit)\s*:?\s+\S)|\b\d{4,5} \p{Lu}[\p{L}'’ -]{2,40}$`)
	timeLine   = regexp.MustCompile(`(?i)\b(?:de |à |dès |entre )?(?:\d{1,2} ?(?:[h:] ?(?:\d\d)?)? ?(?:à|-|–|et) ?)?\d{1,2} ?[h:] ?(?:\d\d)?`)
	announces  = regexp.MustCompile(`\b(?:aura lieu|auront lieu|se tiendra|se tiendront|se deroulera|se derouleront|aura pour theme|journees? d'etudes?|colloque|seminaire|conference|formation|rencontre|webinaire|atelier|inscription|inscriptions|rendez-vous|date limite|programme|debat)\b`)
	takesPlace = regexp.MustCompile(`\b(?:aura lieu|auront lieu|ont lieu|se tiendra|se tiendront|se deroulera|se derouleront|sera organisee?|vous invitent?)\b`)
	past       = regexp.MustCompile(`\b(?:remis|remise|creee?|fondee?|vote|votee|adopte|adoptee|promulguee?|signee?|depuis|loi|decret|arrete|circulaire|ordonnance|jugement|ne|nee|decedee?)\b[^.;]{0,25}$`)
	signsUp    = regexp.MustCompile(`\b(?:inscriptions?|s'inscrire|inscrivez|bulletin d'inscription|participation|par personne|tarif|places limitees|aura lieu|auront lieu|se tiendra|se tiendront|se deroulera|rendez-vous)\b`)
)

// event returns what a page says of something that takes place, or nil: the
// dates that it announces, and as printed hours, place and price. sure says
// whether the page is the announcement itself rather than a text that mentions one.
func (s *sight) event(published trame.Date, updated trame.Date) (e *trame.Event, sure bool) {
	_, ld := s.mainLD()
	if p := s.practicals(); ld == nil && gathers(p) {
		if e := practicalEvent(p); len(e.Dates) > 0 {
			return e, true
		}
	}
	e = &trame.Event{}
	if ld != nil {
		sure = true
		for _, k := range []string{"startDate", "endDate"} {
			if t, ok := parseMoment(ld.text(k)); ok {
				addEventDate(e, dayOf(t))
			}
		}
		eventFromLD(e, ld)
	}
	boxed := false
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.trait&traitEvent != 0 && b.region != inNav && b.region != inFooter && b.region != inHeader {
			s.eventBox(b, published, e)
			boxed = true
		}
	}
	if boxed {
		for i := range s.blocks {
			if b := &s.blocks[i]; b.trait&traitMeta != 0 && !b.region.side() && !edited(b.text) && !publishedBefore.MatchString(fold(b.text)) {
				s.eventBox(b, published, e)
			}
		}
	}
	signs, takes, dated := false, false, 0
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.region.side() || b.card || b.trait&(traitJunk|traitTags) != 0 || len(b.text) > 1500 {
			continue
		}
		if dated > maxDatedBlocks {
			break
		}
		if strings.ContainsAny(b.text, "0123456789") {
			dated++
		}
		f := fold(b.text)
		signs = signs || signsUp.MatchString(f)
		if !boxed && ld == nil {
			takes = s.announced(i, f, published, updated, e) && takesPlace.MatchString(f) || takes
		}
	}
	if len(e.Dates) == 0 {
		return nil, false
	}
	slices.SortFunc(e.Dates, func(a, b trame.Date) int { return a.Number() - b.Number() })
	sure = sure || boxed || takes || signs && published.IsZero() && e.Price != "" || signs && s.titleAnnounces()
	return e, sure
}

// titleAnnounces reports a title that names a kind of gathering.
func (s *sight) titleAnnounces() bool {
	if s.titleAt < 0 {
		return false
	}
	f := fold(s.blocks[s.titleAt].text)
	return regexpAny(f, "journee", "colloque", "seminaire", "formation", "rencontre", "conference", "webinaire", "atelier", "assises", "congres", "soiree", "forum")
}

func regexpAny(s string, words ...string) bool {
	for _, w := range words {
		if i := strings.Index(s, w); i >= 0 && (i == 0 || s[i-1] == ' ' || s[i-1] == '\'') {
			return true
		}
	}
	return false
}

// addEventDate keeps a date once.
func addEventDate(e *trame.Event, d trame.Date) {
	if realDate(d) && d.Day > 0 && len(e.Dates) < maxEventDates && !slices.Contains(e.Dates, d) {
		e.Dates = append(e.Dates, d)
	}
}

// eventFromLD reads place, price and organiser of a schema.org event.
func eventFromLD(e *trame.Event, n ldNode) {
	e.Place = cut(n.text("location"), 200)
	e.Organizer = cut(n.text("organizer"), 200)
	if offers, ok := n["offers"].(map[string]any); ok {
		o := ldNode(offers)
		price := o.text("price")
		if f, ok := offers["price"].(float64); ok {
			price = strconv.FormatFloat(f, 'f', -1, 64)
		}
		if price != "" {
			e.Price = cut(strings.TrimSpace(price+" "+o.text("priceCurrency")), 200)
		}
	}
}

// eventBox reads a line of a box made for dates, places and prices.
func (s *sight) eventBox(b *block, published trame.Date, e *trame.Event) {
	found := findDates(b.text)
	for _, f := range found {
		if f.date != published {
			addEventDate(e, f.date)
		}
	}
	if e.Price == "" && priceLine.MatchString(b.text) {
		e.Price = cut(b.text, 200)
	}
	if e.Place == "" && len(found) == 0 && hasClass(b.node, "lieu", "lieux", "place", "location") {
		e.Place = cut(b.text, 200)
	}
}

// announced reads the dates of block i when it announces something.
func (s *sight) announced(i int, f string, published, updated trame.Date, e *trame.Event) bool {
	b := &s.blocks[i]
	found := findDates(b.text)
	if len(found) == 0 {
		return false
	}
	several := found[len(found)-1].run < len(found)
	if !several && !announces.MatchString(f) && !hourWords.MatchString(f) {
		return false
	}
	took := false
	for _, d := range found {
		before := fold(b.text[runeFloor(b.text, d.start-90):d.start])
		if !d.through && !several && !announces.MatchString(before) && !hourWords.MatchString(f) || past.MatchString(before) || deadline.MatchString(before) {
			continue
		}
		if publishedBefore.MatchString(before) || updatedBefore.MatchString(before) || d.date == published || d.date == updated || !published.IsZero() && d.date.Number() < published.Number() {
			continue
		}
		if b.trait&traitMeta != 0 && len(found) == 1 && !announces.MatchString(f) {
			continue
		}
		addEventDate(e, d.date)
		took = true
	}
	if !took {
		return false
	}
	if e.Place == "" {
		e.Place = placeIn(b.text, found)
	}
	if m := timeLine.FindString(b.text); e.Time == "" && strings.ContainsAny(m, "h:") {
		e.Time = strings.TrimSpace(m)
	}
	for j := max(0, i-3); j <= min(i+6, len(s.blocks)-1); j++ {
		n := &s.blocks[j]
		if n.region.side() || len(n.text) > 300 {
			continue
		}
		if e.Price == "" && priceLine.MatchString(n.text) && len(n.text) < 160 {
			e.Price = cut(n.text, 200)
		}
		if e.Place == "" && placeLine.MatchString(n.text) && len(n.text) < 160 {
			e.Place = cut(n.text, 200)
		}
	}
	return true
}

var (
	placeAfter  = regexp.MustCompile(`(?:^|[\s,])((?:à|au|aux|chez|dans les locaux|en ligne|en visioconférence)(?:[\s’'][^.;:(0-9]{2,90})?)(?:[.;:(]|$)`)
	placeBefore = regexp.MustCompile(`(?:aura lieu|auront lieu|se tiendra|se tiendront|se déroulera|se dérouleront)\s+((?:à|au|aux|chez|dans les locaux)[\s’'][^.;:(0-9]{2,90}?),?\s*(?:(?:le|les|du|ce)\s+)?(?:\pL+di|dimanche)?\s*$`)
	placeLead   = regexp.MustCompile(`^(?:à la|à l[’']|au|aux|à|chez|dans les locaux (?:de la|de l[’']|du|des|de))\s*`)
	noPlace     = regexp.MustCompile(`^(?:à (?:partir|compter|destination|propos|l[’'](?:occasion|attention|initiative))|au (?:sujet|cours|tarif|plus)|à \d)`)
)

// placeIn returns where a sentence says that something takes place: after its
// dates and hours, or between its verb and the first date.
func placeIn(text string, found []dateSpan) string {
	if m := placeBefore.FindStringSubmatch(text[:found[0].start]); m != nil && !noPlace.MatchString(m[1]) {
		return placeLead.ReplaceAllString(strings.TrimSpace(m[1]), "")
	}
	after := text[found[len(found)-1].end:]
	if i := strings.IndexAny(after, ".;"); i >= 0 {
		after = after[:i]
	}
	for _, t := range timeLine.FindAllString(after, 4) {
		if strings.ContainsAny(t, "h:") {
			after = strings.Replace(after, t, ",", 1)
		}
	}
	for _, m := range placeAfter.FindAllStringSubmatch(after, 4) {
		if !noPlace.MatchString(m[1]) {
			return cut(placeLead.ReplaceAllString(strings.TrimSpace(m[1]), ""), 200)
		}
	}
	return ""
}
