package web

import (
	"cmp"
	"math"
	"slices"

	"trame"
)

// facetCut is how many lines of a facet are seen before « n autres ».
const facetCut = 6

// facet is one group of checkboxes.
type facet struct {
	Name, Legend string
	Options      []option
	More         []option // behind « n autres »
	MoreOpen     bool     // one of them is chosen
	MoreLabel    string
	Find         bool // with script: a field that narrows the list
}

// option is one checkbox of a facet.
type option struct {
	Value, Label string
	Count        int
	Checked      bool
	Level        int // 0, 1, 2: how far it is set in
}

// facets are the groups that the result page shows, without those that offer
// nothing to choose.
func (s *site) facets(q trame.Query, counted map[string][]trame.FacetValue) []facet {
	all := []facet{
		s.themeFacet(q.Themes, counted["theme"]),
		flatFacet("country", "Pays", "autre pays", q.Countries, counted["country"], countryName),
		flatFacet("source", "Source", "autre source", q.Sources, counted["source"], nil),
		flatFacet("type", "Type", "autre type", q.Types, counted["type"], typeName),
	}
	return slices.DeleteFunc(all, func(f facet) bool { return len(f.Options) == 0 })
}

func flatFacet(name, legend, more string, chosen []string, values []trame.FacetValue, label func(string) string) facet {
	f := facet{Name: name, Legend: legend}
	for _, v := range values {
		f.Options = append(f.Options, option{
			Value: v.Value, Label: facetLabel(v, label), Count: v.Count, Checked: slices.Contains(chosen, v.Value),
		})
	}
	for _, c := range chosen { // what is chosen and finds nothing stays in sight
		if !slices.ContainsFunc(values, func(v trame.FacetValue) bool { return v.Value == c }) {
			f.Options = append(f.Options, option{Value: c, Label: facetLabel(trame.FacetValue{Value: c}, label), Checked: true})
		}
	}
	slices.SortStableFunc(f.Options, func(a, b option) int { return cmp.Compare(b.Count, a.Count) })
	f.Find = len(f.Options) > 2*facetCut
	f.cut(facetCut, more)
	return f
}

func facetLabel(v trame.FacetValue, label func(string) string) string {
	if label != nil {
		return label(v.Value)
	}
	return cmp.Or(v.Label, v.Value)
}

// cut moves what comes after n lines behind « n autres », unless that would hide
// a single line.
func (f *facet) cut(n int, noun string) {
	if len(f.Options) <= n+1 {
		return
	}
	f.Options, f.More = f.Options[:n], f.Options[n:]
	f.MoreLabel = count(len(f.More), noun)
	f.MoreOpen = slices.ContainsFunc(f.More, func(o option) bool { return o.Checked })
}

// themeFacet shows the fullest themes, those that are chosen and their
// neighbours in the tree, each under the nearest of its parents that is seen. A
// theme is a query of its own, so it may find more than its parent: then it
// stands after it, because what is set in reads as a part. All others are behind « n autres », the fullest first.
func (s *site) themeFacet(chosen []string, values []trame.FacetValue) facet {
	f := facet{Name: "theme", Legend: "Thème"}
	counts := map[string]int{}
	for _, v := range values {
		counts[v.Value] = v.Count
	}
	branches := s.themes.branches(counts, chosen)
	seen := seenThemes(branches, counts, chosen)
	var later []branch
	var walk func(b branch, level, above int)
	walk = func(b branch, level, above int) {
		o := option{Value: b.id, Label: s.themes.name(b.id), Count: counts[b.id], Checked: slices.Contains(chosen, b.id), Level: min(level, 2)}
		switch {
		case seen[b.id]:
			if o.Count > above {
				later = append(later, b)
				return
			}
			f.Options = append(f.Options, o)
			level, above = level+1, o.Count
		case o.Count > 0:
			o.Level = 0
			f.More = append(f.More, o)
		}
		for _, c := range b.children {
			walk(c, level, above)
		}
	}
	for _, b := range branches {
		walk(b, 0, math.MaxInt)
		for len(later) > 0 {
			b, later = later[0], later[1:]
			walk(b, 0, math.MaxInt)
		}
	}
	slices.SortStableFunc(f.More, func(a, b option) int { return cmp.Compare(b.Count, a.Count) })
	f.MoreLabel = count(len(f.More), "autre thème")
	return f
}

// seenThemes chooses the themes in sight: the fullest, and of every theme that
// is chosen itself, its parents and its children.
func seenThemes(branches []branch, counts map[string]int, chosen []string) map[string]bool {
	var all []branch
	for _, b := range branches {
		all = append(all, b.flat()...)
	}
	slices.SortStableFunc(all, func(a, b branch) int { return cmp.Compare(counts[b.id], counts[a.id]) })
	seen := map[string]bool{}
	for i, b := range all {
		if i <= facetCut && counts[b.id] > 0 && (i < facetCut || len(all) == facetCut+1) {
			seen[b.id] = true
		}
		for _, n := range b.flat() {
			if slices.Contains(chosen, n.id) {
				seen[b.id] = true // a parent of a chosen one, or that itself
			}
		}
		if slices.Contains(chosen, b.id) {
			for _, c := range b.children {
				seen[c.id] = true
			}
		}
	}
	return seen
}

// chip is a filter that is on, with the address of the page without it.
type chip struct{ Kind, Label, URL string }

// chips are the filters of q, each removable. label finds the words for a value
// of a facet.
func (s *site) chips(q trame.Query, counted map[string][]trame.FacetValue) []chip {
	var cs []chip
	add := func(kind string, values *[]string, label func(string) string) {
		was := *values
		for i, v := range was {
			*values = slices.Delete(slices.Clone(was), i, i+1)
			without := q.At(1)
			cs = append(cs, chip{kind, label(v), searchURL(without)})
			*values = was
		}
	}
	add("Thème", &q.Themes, s.themes.name)
	add("Pays", &q.Countries, countryName)
	add("Source", &q.Sources, labelIn(counted["source"]))
	add("Type", &q.Types, typeName)
	add("Auteur", &q.Authors, func(v string) string { return v })
	add("Langue", &q.Languages, languageName)
	if !q.From.IsZero() || !q.To.IsZero() {
		without := q.At(1)
		without.From, without.To = trame.Date{}, trame.Date{}
		cs = append(cs, chip{"Date", period(q.From, q.To), searchURL(without)})
	}
	return cs
}

func labelIn(values []trame.FacetValue) func(string) string {
	return func(v string) string {
		for _, f := range values {
			if f.Value == v {
				return cmp.Or(f.Label, v)
			}
		}
		return v
	}
}

// period names a span of dates: « 2018 – 2026 », « depuis mars 2018 ».
func period(from, to trame.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return "toutes les dates"
	case to.IsZero():
		return "depuis " + since(from)
	case from.IsZero():
		return "jusqu’à " + shortDate(to)
	case from == to:
		return shortDate(from)
	}
	return shortDate(from) + " – " + shortDate(to)
}

func since(d trame.Date) string {
	if d.Day > 0 {
		return "le " + shortDate(d)
	}
	return shortDate(d)
}
