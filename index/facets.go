package index

import (
	"cmp"
	"slices"

	"trame"
)

// maxFacetValues bounds the lines of a facet.
const maxFacetValues = 100

// labeller returns the label of a facet's value, or "" when the value says it all.
type labeller func(facet, value string) string

// open turns counts of sets into counts of the values in them.
func (f facetView) open(counts []int32) []int32 {
	values := make([]int32, len(f.values))
	for set, n := range counts {
		if n > 0 {
			for _, o := range f.sets[set] {
				values[o] += n
			}
		}
	}
	return values
}

// facetValues makes the lines of a facet: by count, years and months by time. A
// value that the query is narrowed to is always among them.
func facetValues(values []string, counts []int32, chosen []string, facet string, label labeller) []trame.FacetValue {
	lines := []trame.FacetValue{}
	for o, n := range counts {
		if n > 0 || slices.Contains(chosen, values[o]) {
			lines = append(lines, trame.FacetValue{Value: values[o], Label: label(facet, values[o]), Count: int(n)})
		}
	}
	for _, v := range chosen {
		if !slices.ContainsFunc(lines, func(l trame.FacetValue) bool { return l.Value == v }) {
			lines = append(lines, trame.FacetValue{Value: v, Label: label(facet, v)})
		}
	}
	if facet == "year" || facet == "month" {
		slices.SortFunc(lines, func(a, b trame.FacetValue) int { return cmp.Compare(a.Value, b.Value) })
		return lines
	}
	slices.SortFunc(lines, func(a, b trame.FacetValue) int {
		if n := cmp.Compare(b.Count, a.Count); n != 0 {
			return n
		}
		return cmp.Compare(a.Value, b.Value)
	})
	if len(lines) > maxFacetValues {
		rest := lines[maxFacetValues:]
		lines = lines[:maxFacetValues:maxFacetValues]
		for _, l := range rest {
			if slices.Contains(chosen, l.Value) {
				lines = append(lines, l)
			}
		}
	}
	return lines
}

// labels of values that come from no file, in French and English.
var labels = map[string]map[string]map[string]string{
	"fr": {
		"country":  {"BE": "Belgique", "FR": "France", "CH": "Suisse", "LU": "Luxembourg", "CA": "Canada"},
		"type":     {trame.TypeArticle: "Article", trame.TypeEvent: "Événement", trame.TypeReport: "Rapport", trame.TypeList: "Liste de liens"},
		"language": {"fr": "français", "nl": "néerlandais", "en": "anglais", "de": "allemand", "es": "espagnol", "it": "italien"},
	},
	"en": {
		"country":  {"BE": "Belgium", "FR": "France", "CH": "Switzerland", "LU": "Luxembourg", "CA": "Canada"},
		"type":     {trame.TypeArticle: "Article", trame.TypeEvent: "Event", trame.TypeReport: "Report", trame.TypeList: "List of links"},
		"language": {"fr": "French", "nl": "Dutch", "en": "English", "de": "German", "es": "Spanish", "it": "Italian"},
	},
}

// newLabeller labels in a language, with the names of themes and of sources.
func newLabeller(language string, themes []trame.Theme, sources map[string]string) labeller {
	names := make(map[string]string, len(themes))
	for _, t := range themes {
		names[t.ID] = t.Name(language)
	}
	return func(facet, value string) string {
		switch facet {
		case "theme":
			return names[value]
		case "source":
			return sources[value]
		}
		return labels[language][facet][value]
	}
}
