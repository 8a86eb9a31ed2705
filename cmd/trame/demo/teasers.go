package demo

import (
	"fmt"

	"trame"
)

// teasers is a French site of guidance on Drupal 7: teasers with a pager that
// counts from 0, and no date anywhere. It has neither feed nor sitemap.
func teasers() *site {
	return &site{
		id: "reperes-deonto", name: "Repères déontologiques", country: "FR", kind: trame.KindAuto,
		look: "teasers", makes: trame.TypeArticle, dated: false,
		themes: map[string]string{
			"Secret professionnel": "secret-professionnel", "Écrits et dossiers": "deontologie",
			"Protection de l’enfance": "protection-enfance", "Insertion": "minima-sociaux",
		},
		address: func(p *piece) string { return "/fiche/" + p.slug },
		build:   buildTeasers,
	}
}

func buildTeasers(b *builder) error {
	b.style = answer{etag: true, header: map[string]string{
		"X-Generator": "Drupal 7 (http://drupal.org)", "Cache-Control": "public, max-age=0",
		"Expires": "Sun, 19 Nov 1978 05:00:00 GMT", "Content-Language": "fr",
	}}
	if err := b.css("/sites/default/themes/reperes/style.css"); err != nil {
		return err
	}
	if err := b.singles(); err != nil {
		return err
	}
	paged := func(root string) func(int) string {
		return func(n int) string {
			if n == 1 {
				return root
			}
			return fmt.Sprintf("%s?page=%d", root, n-1)
		}
	}
	sections := b.sections("/rubrique/")
	if err := b.listing(b.shown(), 6, paged("/"), view{Kind: "home", Title: b.name, Sections: sections}); err != nil {
		return err
	}
	for _, s := range sections {
		v := view{Kind: "list", Title: s.Name, Section: s.Name, Sections: sections}
		if err := b.listing(s.Pieces, 6, paged(s.Path), v); err != nil {
			return err
		}
	}
	if err := b.page("/user/", view{Kind: "denied", Title: "Accès refusé", Sections: sections}); err != nil {
		return err
	}
	for _, p := range b.pieces {
		b.move(fmt.Sprintf("/node/%d", p.num), p.url, 301)
	}
	return nil
}
