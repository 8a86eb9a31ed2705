package demo

import (
	"fmt"
	"slices"
	"strings"

	"trame"
)

// spip is a watch committee of Belgium on SPIP: numbered articles with chapo,
// text and post-scriptum, news in brief, a feed with dc:date alone, no sitemap
// but its « plan ». Every page says that it was modified now.
func spip() *site {
	return &site{
		id: "comite-haute-ornelle", name: "Comité de veille de la Haute-Ornelle", country: "BE", kind: trame.KindAuto,
		look: "spip", makes: trame.TypeArticle, dated: true,
		themes: map[string]string{
			"Secret professionnel": "secret-professionnel", "Aide à la jeunesse": "protection-enfance",
			"Numérique": "numerique", "Conditions de travail": "conditions-travail",
		},
		address: func(p *piece) string {
			if isBrief(p) {
				return fmt.Sprintf("/spip.php?breve%d", p.num)
			}
			return fmt.Sprintf("/spip.php?article%d", p.num)
		},
		build: buildSPIP,
	}
}

func isBrief(p *piece) bool { return p.section == "Brèves" }

func buildSPIP(b *builder) error {
	b.style = answer{always: true, header: map[string]string{
		"Composed-By": "SPIP 4.2.9 @ www.spip.net", "Vary": "Cookie,Accept-Encoding",
	}}
	if err := b.css("/squelettes/css/comite.css"); err != nil {
		return err
	}
	if err := b.singles(); err != nil {
		return err
	}
	sections := b.sections("")
	briefs := slices.DeleteFunc(b.shown(), func(p *piece) bool { return !isBrief(p) })
	articles := slices.DeleteFunc(b.shown(), isBrief)
	for i, s := range sections {
		root := fmt.Sprintf("/spip.php?rubrique%d", i+1)
		if s.Name == "Brèves" {
			root = "/spip.php?page=breves"
		}
		sections[i].Path = root
	}
	for i, s := range sections {
		at := func(n int) string {
			if n == 1 {
				return s.Path
			}
			return fmt.Sprintf("%s&debut_articles=%d", s.Path, (n-1)*10)
		}
		v := view{Kind: "list", Title: s.Name, Section: s.Name, Sections: sections, Extra: i + 1}
		if err := b.listing(s.Pieces, 10, at, v); err != nil {
			return err
		}
	}
	home := view{Kind: "home", Sections: sections, Pieces: articles[:min(8, len(articles))], Related: briefs[:min(5, len(briefs))]}
	if err := b.page("/", home); err != nil {
		return err
	}
	if err := b.page("/spip.php?page=plan", view{Kind: "plan", Title: "Plan du site", Sections: sections}); err != nil {
		return err
	}
	for _, p := range articles {
		b.answers[fmt.Sprintf("/?article%d", p.num)] = b.answers[b.site.path(p.url)]
	}
	style := feedStyle{generator: "SPIP - www.spip.net", full: true, creator: true}
	for i, s := range sections {
		if s.Name != "Brèves" {
			b.feed(fmt.Sprintf("/spip.php?page=backend&id_rubrique=%d", i+1), b.name+" : "+s.Name, s.Pieces[:min(10, len(s.Pieces))], style)
		}
	}
	b.feed("/spip.php?page=backend", b.name, articles[:min(10, len(articles))], style)
	b.feed("/spip.php?page=backend-breves", b.name+" : brèves", briefs[:min(10, len(briefs))], style)
	return nil
}

// PS returns the post-scriptum, and Edited what the page says of its last change.
func (p *piece) PS() string     { return p.head["ps"] }
func (p *piece) Edited() string { return p.head["edited"] }

// Rubrique returns the number of the piece's section on a SPIP site.
func (v view) Rubrique(p *piece) string {
	for i, s := range v.Sections {
		if s.Name != p.section {
			continue
		}
		if isBrief(p) {
			return "/spip.php?page=breves"
		}
		return fmt.Sprintf("/spip.php?rubrique%d", i+1)
	}
	return "/"
}

// Brief reports whether the piece is news in brief.
func (p *piece) Brief() bool { return isBrief(p) }

// Upper returns a section's name as a menu prints it: capitals keep their accents.
func (s section) Upper() string { return strings.ToUpper(s.Name) }
