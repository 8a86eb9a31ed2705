package read

import (
	"net/url"
	"regexp"
	"strings"
)

// platform names the system that made a page, or "".
func (s *sight) platform() string {
	gen := strings.ToLower(s.metas["generator"])
	for _, p := range []string{"wordpress", "spip", "drupal", "hugo", "blogger", "joomla"} {
		if strings.Contains(gen, p) {
			if p == "wordpress" && strings.HasSuffix(s.url.Hostname(), ".hypotheses.org") {
				return "hypotheses"
			}
			return p
		}
	}
	for _, l := range s.links {
		switch h := l.href; {
		case strings.Contains(h, "wp-content/") || strings.Contains(h, "wp-includes/") || strings.Contains(l.rel, "api.w.org"):
			if strings.HasSuffix(s.url.Hostname(), ".hypotheses.org") {
				return "hypotheses"
			}
			return "wordpress"
		case strings.Contains(h, "spip.php") || strings.Contains(h, "squelettes"):
			return "spip"
		case strings.Contains(h, "/sites/default/files/"), strings.Contains(h, "/sites/all/"), strings.Contains(h, "/core/themes/"):
			return "drupal"
		case strings.Contains(h, "/media/jui/"), strings.Contains(h, "/media/system/"):
			return "joomla"
		case strings.Contains(h, "blogger.com/"), strings.Contains(h, ".blogspot."):
			return "blogger"
		}
	}
	for i, a := range s.anchors {
		if i < 200 && strings.Contains(a.URL, "/spip.php?") {
			return "spip"
		}
	}
	if strings.Contains(s.url.Path, "spip.php") {
		return "spip"
	}
	return ""
}

// addressKind is what an address is by its form alone, as the platforms write it.
type addressKind byte

const (
	kindUnknown addressKind = iota
	kindHome
	kindArticle // SPIP articleN, breveN; WordPress ?p=N
	kindSection
	kindTag
	kindAuthor
	kindPager
	kindArchive // by date
	kindSearch
	kindService // login, contact, legal notices, sitemaps
	kindFeed
)

var (
	spipKey   = regexp.MustCompile(`^(article|breve|rubrique|mot|auteur|site|groupe|document)-?(\d+)$`)
	spipPath  = regexp.MustCompile(`^/(?:spip\.php/)?(article|breve|rubrique|mot|auteur)(\d+)(?:\.html?)?/?$`)
	pagedPath = regexp.MustCompile(`/page/\d+/?$`)
	datePath  = regexp.MustCompile(`^(?:/[a-z-]{2,20})?/(?:19|20)\d\d(?:/\d{1,2}(?:/\d{1,2})?)?/?$`)
	feedPath  = regexp.MustCompile(`(?:^|/)(?:feed|rss|atom)(?:/(?:rss2?|atom|rdf))?/?$|\.(?:rss|atom|rdf)$|/(?:feed|rss|atom|index)\.xml$`)
)

// listWord says what a part of an address leads to by its name.
func listWord(s string) addressKind {
	switch s {
	case "category", "categorie", "categories", "rubrique", "rubriques", "cat", "topics", "themes", "thematique", "thematiques":
		return kindSection
	case "tag", "tags", "mot-cle", "mots-cles", "motcle", "etiquette", "etiquettes", "label", "taxonomy":
		return kindTag
	case "author", "auteur", "auteurs", "user", "users", "profile":
		return kindAuthor
	case "search", "recherche":
		return kindSearch
	}
	return kindUnknown
}

func pathKind(address string) addressKind {
	u, err := url.Parse(address)
	if err != nil {
		return kindUnknown
	}
	return kindOf(u)
}

func kindOf(u *url.URL) addressKind {
	if k := spipKind(u); k != kindUnknown {
		return k
	}
	q := u.Query()
	switch {
	case q.Has("s") || q.Has("recherche") || q.Has("search_api_fulltext") || q.Has("searchword"):
		return kindSearch
	case q.Has("feed"):
		return kindFeed
	case q.Has("cat"):
		return kindSection
	case q.Has("tag"):
		return kindTag
	case q.Has("author"):
		return kindAuthor
	case q.Has("m") && len(q.Get("m")) >= 4:
		return kindArchive
	case q.Has("paged") || q.Has("debut_articles"):
		return kindPager
	}
	p := strings.ToLower(u.Path)
	switch {
	case feedPath.MatchString(p):
		return kindFeed
	case pagedPath.MatchString(p):
		return kindPager
	case datePath.MatchString(p):
		return kindArchive
	}
	segments := strings.FieldsFunc(p, func(r rune) bool { return r == '/' })
	if len(segments) == 0 {
		if q.Has("p") || q.Has("page_id") {
			return kindUnknown
		}
		if digits(q.Get("page")) {
			return kindPager
		}
		return kindHome
	}
	last := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(segments[len(segments)-1], ".html"), ".htm"), ".php")
	if len(segments) == 1 && (last == "index" || last == "default") {
		return kindHome
	}
	if k := listWord(segments[0]); k != kindUnknown && len(segments) <= 3 && !longSlug(last) {
		return k
	}
	if len(segments) > 1 {
		if k := listWord(segments[len(segments)-2]); k != kindUnknown && !longSlug(last) {
			return k
		}
	}
	if (last == "node" || last == "blog" || last == "actualites" || last == "archives" || last == "archive") && len(segments) == 1 {
		return kindPager
	}
	if serviceSlug(last) {
		return kindService
	}
	if q.Has("page") && digits(q.Get("page")) && len(segments) <= 2 && q.Get("page") != "0" && len(q) == 1 {
		return kindPager
	}
	return kindUnknown
}

// longSlug reports a last part of an address that names a text rather than a
// section: many words.
func longSlug(s string) bool { return strings.Count(s, "-") >= 5 }

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// spipKind reads the forms of SPIP's addresses: spip.php?article7, ?article7,
// /article7, ?page=article&id_article=7, and the marked names of sections
// (-Formations-), keywords (+-secret-+) and authors (_Anne_).
func spipKind(u *url.URL) addressKind {
	script := strings.HasSuffix(u.Path, "spip.php") || u.Path == "/" || u.Path == ""
	if m := spipPath.FindStringSubmatch(u.Path); m != nil {
		return spipObject(m[1])
	}
	if script && u.RawQuery != "" {
		first, _, _ := strings.Cut(u.RawQuery, "&")
		if m := spipKey.FindStringSubmatch(first); m != nil {
			return spipObject(m[1])
		}
		q := u.Query()
		page := q.Get("page")
		if strings.HasSuffix(u.Path, "spip.php") || q.Has("id_article") || q.Has("id_rubrique") {
			switch {
			case page == "article" && q.Has("id_article") || page == "breve" && q.Has("id_breve") || page == "" && q.Has("id_article"):
				return kindArticle
			case page == "rubrique" || page == "" && q.Has("id_rubrique"):
				return kindSection
			case page == "mot":
				return kindTag
			case page == "auteur":
				return kindAuthor
			case page == "recherche":
				return kindSearch
			case strings.HasPrefix(page, "backend"):
				return kindFeed
			case page == "sommaire":
				return kindHome
			case page != "":
				return kindService
			}
		}
	}
	if script && strings.HasSuffix(u.Path, "spip.php") && u.RawQuery == "" {
		return kindHome
	}
	name := strings.TrimPrefix(u.Path, "/")
	switch {
	case len(name) > 4 && strings.HasPrefix(name, "+-") && strings.HasSuffix(name, "-+"):
		return kindTag
	case len(name) > 3 && strings.HasPrefix(name, "-") && strings.HasSuffix(name, "-") && !strings.Contains(name, "/"):
		return kindSection
	case len(name) > 3 && strings.HasPrefix(name, "_") && strings.HasSuffix(name, "_") && !strings.Contains(name, "/"):
		return kindAuthor
	}
	return kindUnknown
}

func spipObject(name string) addressKind {
	switch name {
	case "article", "breve":
		return kindArticle
	case "rubrique":
		return kindSection
	case "mot", "groupe":
		return kindTag
	case "auteur":
		return kindAuthor
	}
	return kindService
}

// serviceSlug reports the pages that every site has and nobody cites.
func serviceSlug(s string) bool {
	switch s {
	case "contact", "contacts", "contactez-nous", "nous-contacter", "contact-us", "a-propos", "apropos", "about", "about-us", "qui-sommes-nous", "presentation", "mentions-legales", "mentions", "legal",
		"politique-de-confidentialite", "confidentialite", "vie-privee", "privacy-policy", "rgpd", "cookies", "politique-de-cookies", "plan-du-site", "plan", "sitemap", "site-map", "cgu", "cgv",
		"conditions-generales", "conditions-generales-dutilisation", "login", "connexion", "se-connecter", "register", "inscription-newsletter", "newsletter", "infolettre", "abonnement", "s-abonner",
		"panier", "cart", "checkout", "mon-compte", "my-account", "faire-un-don", "don", "dons", "adherer", "adhesion", "partenaires", "liens", "credits", "aide", "faq", "wp-login", "advsearch":
		return true
	}
	return false
}
