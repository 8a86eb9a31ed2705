package read

import (
	"strings"

	"golang.org/x/net/html"
)

// trait is what the class, id and role of an element say of it.
type trait uint16

const (
	traitNav trait = 1 << iota
	traitAside
	traitFooter
	traitPager
	traitHeader
	traitMain
	traitMeta    // a line with date, author, section
	traitJunk    // never part of a text: share buttons, related posts, newsletter forms, comments
	traitTags    // a list of keywords
	traitSection // the section that a page is filed under
	traitCrumbs  // breadcrumbs
	traitAuthor
	traitEvent // a box with the date, place or price of an event
)

// traitWords gives the traits of the words that class and id values are made of,
// French and English, as SPIP, WordPress, Drupal, Joomla and hand-made sites
// write them. A key matches a whole value without hyphens ("lireaussi" matches
// lire-aussi and lire_aussi) or one of its words.
func traitWords(w string) trait {
	switch w {
	case "nav", "navbar", "navigation", "menu", "menus", "submenu", "topbar", "skiplink", "skip", "onglets", "langues", "mainnavigation", "menuprincipal",
		"breakingnews", "marquee", "ticker", "trending", "trendingcollapse", "slider", "carousel":
		return traitNav
	case "breadcrumb", "breadcrumbs", "bredcrumb", "breadcrumbtrail", "ariane", "filariane", "filariannne", "filsariane", "arbo", "hierarchie", "youarehere":
		return traitNav | traitCrumbs | traitJunk
	case "aside", "sidebar", "widget", "widgets", "widgetarea", "extra", "recents", "recentposts", "recentcomments", "latest", "colonne", "droite", "gauche":
		return traitAside
	case "related", "relatedposts", "jprelatedposts", "relatedarticles", "yarpp", "connexes", "connexe", "similaires", "lireaussi", "alireaussi", "alire", "voiraussi", "memerubrique",
		"memesujet", "memetheme", "danslamemerubrique", "recommended", "recommendations", "articlesconnexes", "articlesrelies", "billetsproches",
		"newsletter", "infolettre", "lettreinfo", "mc4wp", "mc4wpform", "tnp", "abonnement", "abonnez", "subscribe", "subscription",
		"share", "sharing", "sharedaddy", "partage", "partager", "partages", "socialshare", "addtoany", "a2a", "a2akit", "shareaholic", "essb", "ssba", "heateor", "sociable", "reseauxsociaux", "sociaux",
		"comment", "comments", "commentaires", "commentaire", "commentlist", "commentrespond", "respond", "disqus", "forum", "forums", "repondre", "addcomment",
		"cookie", "cookies", "consent", "rgpd", "gdpr", "tarteaucitron", "popup", "modal",
		"postnavigation", "navlinks", "postnav", "prevnext", "authorbox", "imprimer", "printfriendly", "jprating", "likes", "jplikes", "screenreadertext",
		"publicite", "advert", "ads", "adsense", "advertisement", "sponsor", "taboola", "outbrain", "paperplane", "petition",
		"donate", "donation", "faireundon", "soutenir", "searchform", "formulairerecherche", "retour":
		return traitAside | traitJunk
	case "footer", "pied", "piedpage", "pieddepage", "colophon", "copyright", "bas", "basdepage", "footercontainer", "sitefooter":
		return traitFooter
	case "pager", "pagination", "pagenavi", "wppagenavi", "pagelinks", "paginate":
		return traitPager
	case "siteheader", "masthead", "entete", "topheader", "haut", "headertop", "sitebranding", "banniere", "siteintro":
		return traitHeader
	case "main", "content", "contenu", "maincontent", "entrycontent", "postcontent", "articlecontent", "articlebody", "texte", "corps", "hentry", "contenuprincipal":
		return traitMain
	case "infopubli", "infospubli", "publi", "published", "entrymeta", "postmeta", "entrydate", "postdate", "meta", "metadata", "metadonnees", "submitted", "byline", "dateline",
		"postedon", "postedby", "cartouche", "timestamp", "creation", "infosarticle", "infoarticle", "articleinfo", "signature", "sig", "postinfo", "nodesubmitted", "blogdate",
		"date", "dates", "datepublication", "createdate", "createddate", "articledate", "posttime", "itemdate", "created", "publication", "datecreated", "articlemeta", "info", "infos", "fieldnamepostdate":
		return traitMeta
	case "tags", "tag", "taglinks", "tagslinks", "tagcloud", "posttags", "entrytags", "motscles", "motcle", "keywords", "etiquettes", "mots", "itemtags", "articletags", "fieldtags", "fieldnamefieldtags", "taxonomyposttag":
		return traitTags
	case "catlinks", "categories", "categorie", "category", "rubrique", "rubriques", "entrycategory", "entrycategories", "postcategory", "postcategories", "categoryname", "taxonomycategory", "fieldrubrique", "section":
		return traitSection
	case "author", "auteur", "auteurs", "auteures", "authors", "vcard", "postauthor", "entryauthor", "articleauthor", "authorname", "nomauteur", "createdby", "writtenby", "wpblockpostauthor":
		return traitAuthor | traitMeta
	case "prix", "tarif", "tarifs", "lieu", "lieux", "horaire", "horaires", "evenement", "event", "agenda", "sessions":
		return traitEvent
	}
	return 0
}

// boxReader answers what elements are; it remembers class values, which repeat.
type boxReader map[string]trait

func (r boxReader) of(n *html.Node) trait {
	var t trait
	switch n.Data {
	case "nav":
		t |= traitNav
	case "aside":
		t |= traitAside
	case "footer":
		t |= traitFooter
	case "main", "article":
		t |= traitMain
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "id":
			if headingLevel(n.Data) == 0 { // there it is made of the heading's words
				t |= r.value(a.Val)
			}
		case "class":
			t |= r.value(a.Val)
		case "role":
			switch strings.ToLower(strings.TrimSpace(a.Val)) {
			case "navigation", "menu", "menubar", "search":
				t |= traitNav
			case "complementary":
				t |= traitAside
			case "contentinfo":
				t |= traitFooter
			case "banner":
				t |= traitHeader
			case "main", "article":
				t |= traitMain
			}
		case "itemprop":
			switch strings.ToLower(a.Val) {
			case "articlebody":
				t |= traitMain
			case "author":
				t |= traitAuthor
			case "breadcrumb":
				t |= traitCrumbs | traitNav
			}
		}
	}
	return t
}

func (r boxReader) value(v string) trait {
	if len(v) > 500 {
		v = v[:500]
	}
	if t, ok := r[v]; ok {
		return t
	}
	var t trait
	for w := range strings.FieldsSeq(strings.ToLower(v)) {
		words := strings.FieldsFunc(w, func(c rune) bool { return c == '-' || c == '_' })
		if len(words) > 0 && modifier(words) {
			continue
		}
		t |= traitWords(strings.Join(words, ""))
		for i, p := range words {
			t |= traitWords(strings.TrimRight(p, "0123456789")) &^ (traitTags | traitSection | traitMain) // words that say little alone
			if i+1 < len(words) {
				t |= traitWords(p + words[i+1])
			}
		}
	}
	r[v] = t
	return t
}

// modifier reports class values that say what an element has, holds or is filed
// under, not what it is: has-sidebar, tag-inclusion, category-terrain.
func modifier(words []string) bool {
	switch words[0] {
	case "has", "is", "no", "not", "with", "without", "avec", "sans", "tag", "category", "post", "type", "status", "format", "align", "col", "row", "js", "bg", "text":
		return len(words) > 1 && traitWords(strings.Join(words, "")) == 0
	}
	return false
}
