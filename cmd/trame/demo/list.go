package demo

import "trame"

// list is a curated list of links, kept by a librarian: every collection is one
// page of links to texts of the other sites, each with a comment.
func list() *site {
	return &site{
		id: "glanures", name: "Glanures sociales", country: "BE", kind: trame.KindList,
		look: "list", makes: trame.TypeList, dated: false,
		address: func(p *piece) string { return "/collection/" + p.slug },
		build:   buildList,
	}
}

func buildList(b *builder) error {
	b.style = answer{etag: true}
	if err := b.css("/glanures.css"); err != nil {
		return err
	}
	if err := b.singles(); err != nil {
		return err
	}
	return b.page("/", view{Kind: "home", Title: b.name, Pieces: b.shown()})
}
