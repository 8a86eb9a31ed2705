package demo

import (
	"fmt"
	"html/template"

	"trame"
)

// blog is a French notebook on outreach work, made by Hugo: a static site with
// RSS, sitemap, OpenGraph, ETag and Last-Modified, answered by 304.
func blog() *site {
	return &site{
		id: "le-seuil-et-la-rue", name: "Le seuil et la rue", country: "FR", kind: trame.KindAuto,
		look: "blog", makes: trame.TypeArticle, dated: true,
		address: func(p *piece) string { return "/posts/" + p.slug + "/" },
		build:   buildBlog,
	}
}

func buildBlog(b *builder) error {
	b.style = answer{etag: true, header: map[string]string{"Cache-Control": "max-age=600"}}
	if err := b.css("/css/seuil.css"); err != nil {
		return err
	}
	if err := b.singles(); err != nil {
		return err
	}
	at := func(root string) func(int) string {
		return func(n int) string {
			if n == 1 {
				return root
			}
			return fmt.Sprintf("%spage/%d/", root, n)
		}
	}
	if err := b.listing(b.shown(), 7, at("/"), view{Kind: "home", Title: b.name}); err != nil {
		return err
	}
	if err := b.page("/posts/", view{Kind: "archive", Title: "Tous les billets", Pieces: b.shown()}); err != nil {
		return err
	}
	tags := b.tagged("/tags/")
	for _, t := range tags {
		if err := b.listing(t.Pieces, 7, at(t.Path+"/"), view{Kind: "list", Title: t.Name, Section: t.Name}); err != nil {
			return err
		}
	}
	if err := b.page("/tags/", view{Kind: "tags", Title: "Mots-clés", Sections: tags}); err != nil {
		return err
	}
	about := template.HTML("<p>Je suis travailleur de rue depuis 2007, dans une équipe de prévention spécialisée puis dans une équipe mobile. J’écris ici ce que la rue m’apprend. Les prénoms sont changés, les lieux aussi.</p>")
	if err := b.page("/a-propos/", view{Kind: "page", Title: "À propos", Body: about}); err != nil {
		return err
	}
	b.feed("/index.xml", b.name, b.newest(15), feedStyle{generator: "Hugo 0.123.7", pubDate: true})
	b.sitemap("/sitemap.xml", b.shown(), []string{"/", "/posts/", "/tags/", "/a-propos/"}, true)
	return nil
}
