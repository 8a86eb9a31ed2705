package web

import (
	"strings"
	"time"

	"trame"
)

// reading says how a search was understood, and offers the other ways to read it.
type reading struct {
	Understood string
	Notes      []note
	Moment     *note // of a search in the archive as it was
}

// note is one thing that was done with the words of a search.
type note struct {
	Text string
	Link link // to the search without it, or with it; its URL may be empty
}

// maxForms is how many forms of a word a note names.
const maxForms = 3

func (s *site) reading(q trame.Query, res *trame.Results) reading {
	r := reading{Understood: typeset(res.Understood), Moment: momentOf(q, s.Now())}
	add := func(text, label string, to trame.Query) {
		r.Notes = append(r.Notes, note{text, link{label, searchURL(to.At(1))}})
	}
	say := func(text string) { r.Notes = append(r.Notes, note{Text: typeset(text)}) }

	if better := res.Suggestion; better != nil {
		other := q
		other.Text = better.Text
		add("Essayez avec", quote(better.Text)+" ("+count(better.Total, "article")+")", other)
	}
	strict := q
	strict.Strict = true
	most := needsMost(res)
	if most {
		add(mostText(res), "Exiger tous les mots", strict)
	}
	if len(res.Dropped) > 0 {
		say(droppedText(res.Dropped))
	}
	if len(res.Added) > 0 {
		text := addedText(res.Added)
		if most {
			say(text)
		} else {
			add(text, "Chercher à la lettre", strict)
		}
	}
	r.Notes = append(r.Notes, twinNotes(q, res.Twins)...)
	for _, remark := range trame.Remarks(q.Text) {
		say(remark)
	}
	if q.Strict {
		wide := q
		wide.Strict = false
		add("Cherché à la lettre\u00a0: rien n’est ajouté à vos mots, et aucun n’est laissé de côté.", "Chercher plus largement", wide)
	}
	return r
}

// needsMost reports whether some of the words were enough: then some articles hold
// all, or those shown say what they lack.
func needsMost(res *trame.Results) bool {
	if res.Total == 0 || res.Whole == res.Total {
		return false
	}
	if res.Whole > 0 {
		return true
	}
	for _, it := range res.Items {
		if len(it.Missing) > 0 {
			return true
		}
	}
	return false
}

// mostText counts the articles that hold most of the words and all of them.
func mostText(res *trame.Results) string {
	text := count(res.Total, "article")
	if res.Total > 1 {
		text += " contiennent la plupart de ces mots"
	} else {
		text += " contient la plupart de ces mots"
	}
	switch res.Whole {
	case 0:
		return text + ", aucun ne les contient tous."
	case 1:
		return text + ", dont 1 les contient tous."
	}
	return text + ", dont " + number(res.Whole) + " les contiennent tous."
}

// droppedText names the words that were not looked for.
func droppedText(words []string) string {
	if len(words) == 1 {
		return "Mot laissé de côté : " + quotes(words) + " (aucun article ne le contient, ou il ne fait que poser la question)."
	}
	return "Mots laissés de côté : " + quotes(words) + " (aucun article ne les contient, ou ils ne font que poser la question)."
}

// addedText names what was searched besides what was written, be it the long form
// of an acronym or another spelling.
func addedText(all []trame.Expansion) string {
	parts := make([]string, len(all))
	for i, x := range all {
		parts[i] = quotes(firstOf(x.With)) + " (pour " + quote(x.Words) + ")"
	}
	return "Aussi cherché : " + strings.Join(parts, " ; ") + "."
}

// twinNotes offer the words of the other country, or say that they were searched.
func twinNotes(q trame.Query, twins []trame.Twin) []note {
	other := q.At(1)
	other.Twins = !q.Twins
	var notes []note
	for _, t := range twins {
		gain := "+" + number(t.Gain)
		text := inCountry(t.Country) + ", " + quote(t.Words) + " se dit " + either(t.Others[:min(len(t.Others), maxTwinForms)])
		switch {
		case q.Twins:
			text += "\u00a0: ces mots sont cherchés aussi (" + gain + ")."
		case len(twins) > 1:
			text += " (" + gain + ")."
		default:
			return []note{{text + ".", link{"Ajouter ces articles (" + gain + ")", searchURL(other)}}}
		}
		notes = append(notes, note{Text: text})
	}
	switch {
	case q.Twins && len(notes) == 0:
		return []note{{"Les mots de l’autre pays n’ajoutent rien à cette recherche.", link{"S’en tenir à mes mots", searchURL(other)}}}
	case q.Twins:
		notes[len(notes)-1].Link = link{"S’en tenir à mes mots", searchURL(other)}
	case len(notes) > 0:
		notes[len(notes)-1].Link = link{"Ajouter ces articles", searchURL(other)}
	}
	return notes
}

// maxTwinForms is how many of the other country’s words a note names: the acronym
// and what it stands for.
const maxTwinForms = 2

func inCountry(code string) string {
	switch code {
	case "LU", "CA":
		return "Au " + countryName(code)
	}
	return "En " + countryName(code)
}

// momentOf says that the archive is shown as it was.
func momentOf(q trame.Query, now time.Time) *note {
	if q.AsOf.IsZero() {
		return nil
	}
	text := "État de l’archive au " + moment(q.AsOf) + "."
	if q.AsOf.After(now) {
		text = "L’archive telle qu’elle est\u00a0: le moment demandé (" + moment(q.AsOf) + ") n’est pas encore passé."
	}
	today := q.At(1)
	today.AsOf = time.Time{}
	return &note{text, link{"Revenir à aujourd’hui", searchURL(today)}}
}

// moment writes a moment of as_of, in UTC as addresses do: « 3 mars 2026, 10:30:05
// UTC »; the end of a day is that day.
func moment(t time.Time) string {
	t = t.UTC()
	day := longDate(trame.DateOf(t))
	if t.Format(time.TimeOnly) == "23:59:59" {
		return day
	}
	return day + ", " + t.Format(time.TimeOnly) + "\u00a0UTC"
}

// searchCitation is a reference to a search that can be run again.
type searchCitation struct{ Text, Address, URL string }

// citeSearch refers to the articles found as the archive is now, or as it was at
// the moment that was asked.
func (s *site) citeSearch(q trame.Query, chips []chip, total int) searchCitation {
	now := s.Now().UTC().Truncate(time.Second)
	if q = q.At(1); q.AsOf.IsZero() || q.AsOf.After(now) {
		q.AsOf = now
	}
	what := "tous les articles"
	if q.Text != "" {
		what = "recherche " + quote(q.Text)
	}
	if len(chips) > 0 {
		labels := make([]string, len(chips))
		for i, c := range chips {
			labels[i] = c.Label
		}
		what += " (" + strings.Join(labels, ", ") + ")"
	}
	q.PerPage = 0
	at := searchURL(q)
	return searchCitation{"Trame, " + what + ", " + count(total, "article") + ", état au " + moment(q.AsOf) + ".", s.BaseURL + at, at}
}

// quote puts words between guillemets.
func quote(words string) string {
	return "«\u00a0" + strings.ReplaceAll(words, "'", "’") + "\u00a0»"
}

// quotes lists words: « a », « b » et « c ».
func quotes(words []string) string {
	qs := make([]string, len(words))
	for i, w := range words {
		qs[i] = quote(w)
	}
	return join(qs)
}

// either lists words of which one is meant: « a », « b » ou « c ».
func either(words []string) string {
	s := quotes(words)
	if i := strings.LastIndex(s, " et «"); i >= 0 && len(words) > 1 {
		s = s[:i] + " ou «" + s[i+len(" et «"):]
	}
	return s
}

func firstOf(forms []string) []string { return forms[:min(len(forms), maxForms)] }
