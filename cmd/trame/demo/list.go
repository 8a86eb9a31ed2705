package demo

import (
	"html/template"

	"trame"
)

// list is a curated list of links, kept by a librarian: one page of collections,
// each a few links to texts of the other sites with a comment. Two of the links
// tell of the web as it is: one leads to an old address, one to a page that is gone.
func list() *site {
	return &site{
		id: "glanures", name: "Glanures sociales", country: "BE", kind: trame.KindList,
		look: "list", makes: trame.TypeList, dated: false,
		address: func(p *piece) string { return "/#" + p.slug },
		build:   buildList,
	}
}

const listTitle = "Glanures sociales : des textes choisis pour le travail social"

// collection is a part of the list.
type collection struct {
	Slug, Title string
	Body        template.HTML
}

func buildList(b *builder) error {
	b.style = answer{etag: true}
	if err := b.css("/glanures.css"); err != nil {
		return err
	}
	var all []collection
	for _, p := range b.pieces {
		all = append(all, collection{p.slug, p.title, b.html(p.blocks)})
	}
	if err := b.page("/", view{Kind: "home", Title: listTitle, Extra: all}); err != nil {
		return err
	}
	return b.page("404", view{Kind: "missing", Title: "Rien ici"})
}
