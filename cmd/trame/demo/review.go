package demo

import (
	"fmt"
	"html/template"
	"strings"

	"trame"
)

// review is the journal of an observatory: every report has a landing page with
// an abstract, the marks that scholarly indexes read, and its PDF. A report is
// dated by its month alone.
func review() *site {
	return &site{
		id: "cahiers-de-liere", name: "Cahiers de l’Observatoire du pays de Lière", country: "FR", kind: trame.KindAuto,
		look: "review", makes: trame.TypeReport, dated: true,
		address: func(p *piece) string { return "/rapports/" + p.slug },
		build:   buildReview,
	}
}

// pdfPath returns the path of a report's document.
func (p *piece) pdfPath() string { return "/pdf/" + p.slug + ".pdf" }

// document is what a landing page says of its PDF.
type document struct {
	Path  string
	Pages int
	KB    int
}

func buildReview(b *builder) error {
	b.style = answer{etag: true}
	if err := b.css("/css/cahiers.css"); err != nil {
		return err
	}
	sections := b.sections("/dossiers/")
	for _, p := range b.pieces {
		v := view{Kind: "single", Piece: p, Sections: sections, Related: b.related(p, 3)}
		if len(p.pdf) > 0 {
			body, pages, err := makePDF(p)
			if err != nil {
				return err
			}
			b.file(p.pdfPath(), "application/pdf", body)
			v.Extra = document{p.pdfPath(), pages, (len(body) + 1023) / 1024}
		}
		if err := b.page(b.site.path(p.url), v); err != nil {
			return err
		}
	}
	if err := b.page("/", view{Kind: "home", Title: b.name, Pieces: b.newest(6), Sections: sections}); err != nil {
		return err
	}
	all := func(n int) string {
		if n == 1 {
			return "/rapports/"
		}
		return fmt.Sprintf("/rapports/page-%d", n)
	}
	if err := b.listing(b.shown(), 9, all, view{Kind: "list", Title: "Tous les rapports", Sections: sections}); err != nil {
		return err
	}
	for _, s := range sections {
		if err := b.page(s.Path, view{Kind: "list", Title: s.Name, Pieces: s.Pieces, Sections: sections}); err != nil {
			return err
		}
	}
	about := template.HTML("<p>L’Observatoire des solidarités locales du pays de Lière étudie, depuis 2010, les conditions de vie et le recours aux droits dans quarante-trois communes. Ses cahiers paraissent deux fois l’an.</p>")
	if err := b.page("/la-revue", view{Kind: "page", Title: "La revue", Body: about, Sections: sections}); err != nil {
		return err
	}
	b.sitemap("/sitemap.xml", b.shown(), []string{"/", "/rapports/", "/la-revue"}, false)
	return b.page("404", view{Kind: "missing", Title: "Page absente", Sections: sections})
}

// Authors returns the names of the authors, parted by commas in the corpus.
func (p *piece) Authors() []string {
	if p.author == "" {
		return nil
	}
	return strings.Split(p.author, ", ")
}

// Slashed returns the date as scholarly marks write it: 2019/06.
func (p *piece) Slashed() string { return strings.ReplaceAll(p.date.String(), "-", "/") }
