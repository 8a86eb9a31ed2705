package demo

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"

	"trame"
)

// wordpress is a critical collective of Belgium on WordPress: a ticker of
// relative dates, related posts, share buttons, a feed of ten items, the past in
// category pages and wp-sitemap. Its pages carry no validators, its feed does;
// half of its posts carry JSON-LD.
func wordpress() *site {
	return &site{
		id: "lignes-de-faille", name: "Lignes de faille", country: "BE", kind: trame.KindAuto,
		look: "wordpress", makes: trame.TypeArticle, dated: true,
		themes: map[string]string{
			"Travail social": "travail-social", "Politiques sociales": "politiques-sociales",
			"Luttes": "greves-mouvements", "Logement": "logement", "Numérique": "numerique",
			"Écologie sociale": "ecologie-sociale", "Jeunesse": "protection-enfance",
		},
		address: func(p *piece) string { return "/" + p.slug + "/" },
		build:   buildWordPress,
	}
}

func buildWordPress(b *builder) error {
	b.style = answer{header: map[string]string{"Vary": "Accept-Encoding"}}
	if err := b.css("/wp-content/themes/faille/style.css"); err != nil {
		return err
	}
	if err := b.singles(); err != nil {
		return err
	}
	sections := b.sections("/category/")
	paged := func(root string) func(int) string {
		return func(n int) string {
			if n == 1 {
				return root
			}
			return fmt.Sprintf("%spage/%d/", root, n)
		}
	}
	if err := b.listing(b.shown(), 10, paged("/"), view{Kind: "home", Sections: sections}); err != nil {
		return err
	}
	var categories []string
	for _, s := range sections {
		v := view{Kind: "list", Title: s.Name, Section: s.Name, Sections: sections}
		if err := b.listing(s.Pieces, 8, paged(s.Path+"/"), v); err != nil {
			return err
		}
		categories = append(categories, s.Path+"/")
	}
	var tags []string
	for _, s := range b.tagged("/tag/") {
		v := view{Kind: "list", Title: s.Name, Section: s.Name, Sections: sections, Extra: "Étiquette"}
		if err := b.listing(s.Pieces, 8, paged(s.Path+"/"), v); err != nil {
			return err
		}
		tags = append(tags, s.Path+"/")
	}
	for path, text := range wordpressPages() {
		if err := b.page(path, view{Kind: "page", Title: text[0], Body: template.HTML(text[1]), Sections: sections}); err != nil {
			return err
		}
	}
	for _, p := range b.pieces {
		b.move(fmt.Sprintf("/?p=%d", p.num+100), p.url, http.StatusMovedPermanently)
	}
	b.feed("/feed/", b.name, b.newest(10), feedStyle{generator: "https://wordpress.org/?v=6.7.2", pubDate: true, full: true, creator: true})
	b.move("/?feed=rss2", "/feed/", http.StatusMovedPermanently)
	b.sitemapIndex("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-page-1.xml", "/wp-sitemap-taxonomies-category-1.xml", "/wp-sitemap-taxonomies-post_tag-1.xml")
	b.sitemap("/wp-sitemap-posts-post-1.xml", b.shown(), nil, true)
	b.sitemap("/wp-sitemap-posts-page-1.xml", nil, []string{"/", "/a-propos/", "/contact/"}, false)
	b.sitemap("/wp-sitemap-taxonomies-category-1.xml", nil, categories, false)
	b.sitemap("/wp-sitemap-taxonomies-post_tag-1.xml", nil, tags, false)
	b.move("/sitemap.xml", "/wp-sitemap.xml", http.StatusMovedPermanently)
	return nil
}

func wordpressPages() map[string][2]string {
	return map[string][2]string{
		"/a-propos/": {"Le collectif", "<p>Lignes de faille réunit depuis 2009 des travailleuses et des travailleurs sociaux de Bruxelles et de Wallonie. " +
			"Nous écrivons ce que nous voyons, sans attendre qu’on nous le demande.</p><p>Les textes n’engagent que leurs auteurs et autrices. Ils peuvent être repris, à condition de citer la source.</p>"},
		"/contact/": {"Nous écrire", "<p>Une réaction, un texte à proposer ? Le comité de lecture se réunit le premier mardi du mois à Vaulx-sur-Ornelle. " +
			"Les propositions sont lues par deux personnes au moins.</p>"},
	}
}

// LD returns the structured data of a post, or nothing: every second post was
// written before the plug-in that makes it.
func (p *piece) LD() template.JS {
	if p.num%2 == 0 {
		return ""
	}
	ld := map[string]any{
		"@context": "https://schema.org", "@type": "BlogPosting", "headline": p.title,
		"datePublished": p.moment().Format("2006-01-02T15:04:05-07:00"), "mainEntityOfPage": p.url,
		"inLanguage": "fr-BE", "articleSection": p.section, "publisher": map[string]any{"@type": "Organization", "name": p.site.name},
	}
	if p.author != "" {
		ld["author"] = map[string]any{"@type": "Person", "name": p.author}
	}
	out, err := json.Marshal(ld)
	if err != nil { // strings and maps of strings cannot fail
		panic(err)
	}
	return template.JS(out)
}

// ID returns the number under which the site knows the piece.
func (p *piece) ID() int { return p.num + 100 }

// The fields that templates print.
func (p *piece) Title() string    { return p.title }
func (p *piece) Lead() string     { return p.lead }
func (p *piece) Author() string   { return p.author }
func (p *piece) Section() string  { return p.section }
func (p *piece) Tags() []string   { return p.tags }
func (p *piece) Date() trame.Date { return p.date }
func (p *piece) URL() string      { return p.url }
func (p *piece) Num() int         { return p.num }
func (p *piece) Locked() bool     { return p.head["status"] == isLocked }
func (p *piece) Noindex() bool    { return p.head["status"] == isNoindex }
