package demo

import (
	"fmt"
	"slices"
	"strings"

	"trame"
)

// events is the catalogue of a Belgian training organisation: when, where, for
// whom, how much. No page says when it was put online.
func events() *site {
	return &site{
		id: "ateliers-du-ponton", name: "Les Ateliers du Ponton", country: "BE", kind: trame.KindEvents,
		look: "events", makes: trame.TypeEvent, dated: false,
		address: func(p *piece) string { return "/formations/" + p.slug },
		build:   buildEvents,
	}
}

func buildEvents(b *builder) error {
	b.style = answer{etag: true}
	if err := b.css("/assets/ponton.css"); err != nil {
		return err
	}
	if err := b.singles(); err != nil {
		return err
	}
	byDay := slices.Clone(b.pieces)
	slices.SortStableFunc(byDay, func(x, y *piece) int { return strings.Compare(y.head["days"], x.head["days"]) })
	years := map[string][]*piece{}
	var order []link
	for _, p := range byDay {
		y := p.head["days"][:4]
		if len(years[y]) == 0 {
			order = append(order, link{"Catalogue " + y, "/catalogue/" + y})
		}
		years[y] = append(years[y], p)
	}
	for _, l := range order {
		y := strings.TrimPrefix(l.Href, "/catalogue/")
		if err := b.page(l.Href, view{Kind: "list", Title: l.Text, Pieces: years[y], Extra: order}); err != nil {
			return err
		}
	}
	if err := b.page("/", view{Kind: "home", Title: b.name, Pieces: byDay[:min(10, len(byDay))], Extra: order}); err != nil {
		return err
	}
	b.sitemap("/sitemap.xml", byDay, append([]string{"/"}, hrefs(order)...), false)
	return nil
}

func hrefs(links []link) []string {
	var all []string
	for _, l := range links {
		all = append(all, l.Href)
	}
	return all
}

// When prints the days of an event as people write them: « 24 et 31 janvier
// 2025 », « mardi 15 novembre et vendredi 2 décembre 2022 ».
func (p *piece) When() string {
	days := p.days()
	last := days[len(days)-1]
	if len(days) == 1 {
		return frLong(last)
	}
	var parts []string
	for _, d := range days[:len(days)-1] {
		switch {
		case d.Year == last.Year && d.Month == last.Month:
			parts = append(parts, fmt.Sprint(d.Day))
		case d.Year == last.Year:
			parts = append(parts, strings.TrimSuffix(frLong(d), fmt.Sprint(" ", d.Year)))
		default:
			parts = append(parts, frLong(d))
		}
	}
	end := frLong(last)
	if days[0].Year == last.Year && days[0].Month == last.Month {
		end = frDay(last)
	}
	return strings.Join(parts, ", ") + " et " + end
}
