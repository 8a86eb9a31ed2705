package read

import (
	"regexp"
	"strings"

	"trame"
)

// practical is what a line of practical information is about.
type practical int

const (
	aboutNothing practical = iota
	aboutDates
	aboutHours
	aboutPlace
	aboutPrice
	aboutHost
)

// labels of practical information, folded, as French announcements print them in
// front of a colon or in the first cell of a row.
var practicalLabels = [...]struct {
	about practical
	label *regexp.Regexp
}{
	{aboutDates, regexp.MustCompile(`^(?:dates?|quand|jours?|date et (?:heure|lieu)|dates? (?:de la |de l')?(?:formation|rencontre|journee|session|evenement)s?)$`)},
	{aboutHours, regexp.MustCompile(`^(?:horaires?|heures?|heure de debut|de quelle heure a quelle heure)$`)},
	{aboutPlace, regexp.MustCompile(`^(?:lieux?|ou|endroit|salle|lieu (?:de la |de l')?(?:formation|rencontre|journee|evenement)|adresse du jour)$`)},
	{aboutPrice, regexp.MustCompile(`^(?:prix|tarifs?|couts?|participation(?: aux frais)?|frais(?: d'inscription)?|p\.?a\.?f\.?)$`)},
	{aboutHost, regexp.MustCompile(`^(?:organisat(?:eur|rice|ion)s?|organise(?:e)? par|formation animee par|formateurs?|formatrices?|anime(?:e)? par)$`)},
}

var (
	labelled = regexp.MustCompile(`^\s*([\pL][\pL’' .]{1,40}?)\s*:\s*(\S.*)$`)
	deadline = regexp.MustCompile(`\b(?:avant(?: le)?|au plus tard(?: le)?|jusqu'au|date limite[^.;]{0,40}|cloture[^.;]{0,30})\s*$`)
)

// practicalOf returns what a label is about.
func practicalOf(label string) practical {
	label = strings.Trim(fold(label), " :.–-")
	for _, l := range practicalLabels {
		if l.label.MatchString(label) {
			return l.about
		}
	}
	return aboutNothing
}

// practicals returns what the page says in lines of practical information:
// <dt>Lieu</dt><dd>Mons</dd>, the cells of a row, « Lieu : Mons ». The first
// value of each kind counts.
func (s *sight) practicals() map[practical]string {
	found := map[practical]string{}
	note := func(about practical, value string) {
		if value = strings.TrimSpace(value); about != aboutNothing && value != "" && found[about] == "" {
			found[about] = cut(line(value), 200)
		}
	}
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.region.side() || b.card || len(b.text) > 250 {
			continue
		}
		if m := labelled.FindStringSubmatch(b.text); m != nil {
			note(practicalOf(m[1]), m[2])
			continue
		}
		if i+1 < len(s.blocks) && b.node != nil && len(b.text) < 50 {
			switch b.node.Data {
			case "dt", "th", "td":
				if next := &s.blocks[i+1]; next.node != nil && (next.node.Data == "dd" || next.node.Data == "td") {
					note(practicalOf(b.text), next.text)
				}
			}
		}
	}
	return found
}

// joinTerms puts the terms of definition lists and their definitions on one line,
// « Public : éducateurs », for a text parts them by a blank line. Where the page
// announces a gathering, the lines that the event's own fields say are left out.
func (s *sight) joinTerms(text string) string {
	defined := map[string]string{} // by term
	for i := range s.blocks[:max(len(s.blocks)-1, 0)] {
		b, next := &s.blocks[i], &s.blocks[i+1]
		if b.node != nil && next.node != nil && b.node.Data == "dt" && next.node.Data == "dd" {
			defined[b.text] = next.text
		}
	}
	p := s.practicals()
	announced := gathers(p)
	said := func(label, value string) bool {
		about := practicalOf(label)
		return announced && about != aboutNothing && p[about] == cut(line(value), 200)
	}
	var out []string
	paras := strings.Split(text, "\n\n")
	for i := 0; i < len(paras); i++ {
		t := paras[i]
		if value, ok := defined[t]; ok && i+1 < len(paras) && paras[i+1] == value {
			if i++; !said(t, value) {
				out = append(out, strings.TrimRight(t, " :")+" : "+value)
			}
			continue
		}
		if m := labelled.FindStringSubmatch(t); m != nil && said(m[1], m[2]) {
			continue
		}
		out = append(out, t)
	}
	return strings.Join(out, "\n\n")
}

// gathers reports whether practical information is that of a gathering: when it
// is, and one more thing that people need to know to come.
func gathers(p map[practical]string) bool {
	if p[aboutDates] == "" || len(findDates(p[aboutDates])) == 0 {
		return false
	}
	return p[aboutHours] != "" || p[aboutPlace] != "" || p[aboutPrice] != ""
}

// practicalEvent makes an event of practical information.
func practicalEvent(p map[practical]string) *trame.Event {
	e := &trame.Event{Time: p[aboutHours], Place: p[aboutPlace], Price: p[aboutPrice], Organizer: p[aboutHost]}
	when := p[aboutDates]
	for _, d := range findDates(when) {
		if !deadline.MatchString(fold(when[:d.start])) {
			addEventDate(e, d.date)
		}
	}
	return e
}
