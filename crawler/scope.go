package crawler

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"trame"
	"trame/archive"
)

// scope says which addresses belong to a source and what they are expected to
// be. It is a pure function of the source and its platform.
type scope struct {
	home             *url.URL
	base             *url.URL // the home as it answers, after its own redirects
	prefix           string   // of paths; "/" where the source is a whole site
	include, exclude []*regexp.Regexp
	platform         string
}

// newScope returns the scope of a source. A pattern that does not compile is an
// error that names it.
func newScope(s trame.Source, platform string) (*scope, error) {
	raw, err := CanonicalURL(s.URL)
	if err != nil {
		return nil, err
	}
	home, err := url.Parse(raw)
	if err != nil {
		return nil, err
	}
	sc := &scope{home: home, base: home, prefix: prefixOf(home.Path), platform: platform}
	if sc.include, err = compileAll(s.Include); err != nil {
		return nil, err
	}
	sc.exclude, err = compileAll(s.Exclude)
	return sc, err
}

func compileAll(patterns []string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, p := range patterns {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil, err
		}
		out = append(out, re)
	}
	return out, nil
}

// prefixOf returns the folder that a source's own path opens: "/blog/" for
// "/blog/", "/blog/index.php"; "/blog" for "/blog", which also holds "/blog/x".
func prefixOf(p string) string {
	if strings.HasSuffix(p, "/") || p == "" {
		return "/" + strings.TrimPrefix(p, "/")
	}
	if path.Ext(p) != "" {
		return p[:strings.LastIndexByte(p, '/')+1]
	}
	return p
}

// siteKey names a site: http and https, with and without "www.", are one.
func siteKey(u *url.URL) string {
	port := u.Port()
	if port == "80" || port == "443" {
		port = ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") + ":" + port
}

// oneSite reports whether two addresses are of one site.
func oneSite(a, b string) bool {
	u, err1 := url.Parse(a)
	v, err2 := url.Parse(b)
	return err1 == nil && err2 == nil && siteKey(u) == siteKey(v)
}

// canonical is CanonicalURL with what is known of the source: its own addresses
// get the scheme and host under which its home answers, so that no page is
// visited both as http and https, with and without "www."; and the rules of its
// platform.
func (sc *scope) canonical(raw string) (string, error) {
	s, err := CanonicalURL(raw)
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(s, sc.base.Scheme+"://"+sc.base.Host+"/") {
		if u, err := url.Parse(s); err == nil && sc.sameSite(u) {
			s = sc.base.Scheme + "://" + sc.base.Host + s[len(u.Scheme)+len("://")+len(u.Host):]
		}
	}
	if sc.platform == "spip" || strings.Contains(s, "/spip.php?") {
		s = spipURL(s)
	}
	return s, nil
}

func (sc *scope) sameSite(u *url.URL) bool { return siteKey(u) == siteKey(sc.home) }

// isHome reports whether a canonical address is the source's home, as it was
// given or as it answers.
func (sc *scope) isHome(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && sc.sameSite(u) && (samePage(u, sc.home) || samePage(u, sc.base))
}

func samePage(a, b *url.URL) bool {
	return strings.TrimSuffix(a.Path, "/") == strings.TrimSuffix(b.Path, "/") && a.RawQuery == b.RawQuery
}

func (sc *scope) underPrefix(p string) bool {
	if !strings.HasPrefix(p, sc.prefix) {
		return false
	}
	return strings.HasSuffix(sc.prefix, "/") || len(p) == len(sc.prefix) || p[len(sc.prefix)] == '/'
}

// Addresses that are never visited: doors for people who work on the site or
// write in it, copies of pages, results of searches, and files of other kinds.
var (
	neverPath = regexp.MustCompile(`(?i)(^|/)(wp-admin|wp-login\.php|wp-signup\.php|wp-comments-post\.php|wp-trackback\.php|wp-cron\.php|wp-json|wp-includes|wp-content|xmlrpc\.php|trackback|embed|ecrire|administrator|connexion|login|logout|signin|signup|register|inscription-compte|mot-de-passe|user/(login|register|password)|cart|panier|checkout|commande|mon-compte|my-account|cgi-bin|cdn-cgi|print|imprimer|imprimable|printpdf|printmail|amp|feed|rss|atom)(/|$)|^/prive/`)
	neverArg  = regexp.MustCompile(`(?i)(^|&)(s|q|query|search|recherche|searchword|keys|share|replytocom|add-to-cart|action|print|imprimable|printable|tmpl|outputtype|attachment_id|preview|login|redirect_to|var_mode|feed|ical|outlook-ical|doing_wp_cron|rest_route|xsl)=|(^|&)format=(feed|pdf|raw|xml|json|ical|ics|rss|atom)|(^|&)option=com_(mailto|users|search|finder|acymailing|contact)|(^|&)page=(login|imprimer|print|recherche|contact|forum|identifiants|spip_pass|backend[^&]*|ical[^&]*|calendrier)(&|$)`)
	// otherFile is what is not read as a page. Documents (PDF, DOC) are kept as
	// attachments of the articles that link to them.
	otherFile = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|json|map|woff2?|ttf|eot|otf|mp3|mp4|m4a|m4v|ogg|oga|ogv|webm|avi|mov|wmv|flv|wav|flac|zip|rar|7z|gz|tgz|bz2|xz|tar|iso|exe|msi|dmg|apk|bin|pdf|docx?|xlsx?|pptx?|od[tspg]|rtf|epub|mobi|ics|vcf|csv|xml|rss|atom|rdf|torrent|swf)$`)
)

// Shapes of addresses that are listings on the platforms known.
var (
	listingPath = regexp.MustCompile(`(?i)(^|/)(page|category|categorie|categories|tag|tags|author|auteur|auteurs|rubrique|rubriques|mots-cles|archives?|label|topics?|themes?|thematiques?)(/|$)|^(/[a-z]{2})?/\d{4}(/\d{2}){0,2}/?$|/page/\d+/?$`)
	listingArg  = regexp.MustCompile(`(?i)(^|&)((rubrique|mot|auteur|site|syndic)\d+|page=(plan|archives|sommaire|rubrique|mot|auteur)|cat=\d+|tag=|author=|paged=|page=\d+|start=\d+|limitstart=|debut_[a-z_]+=|offset=\d+|m=\d{6})`)
)

// kindOf says what an address is expected to be, from its shape.
func (sc *scope) kindOf(u *url.URL) archive.LinkKind {
	if listingPath.MatchString(u.Path) || listingArg.MatchString(u.RawQuery) {
		return archive.LinkPager
	}
	return archive.LinkPage
}

// follows reports whether a canonical address is visited for this source, and
// what it is expected to be.
func (sc *scope) follows(raw string) (archive.LinkKind, bool) {
	u, err := url.Parse(raw)
	if err != nil || !sc.sameSite(u) || !sc.underPrefix(u.Path) || isTrapShape(u) {
		return "", false
	}
	if neverPath.MatchString(u.Path) || neverArg.MatchString(u.RawQuery) || otherFile.MatchString(u.Path) {
		return "", false
	}
	kind := sc.kindOf(u)
	if kind == archive.LinkPage && matchAny(sc.exclude, pathAndQuery(u)) {
		return "", false
	}
	return kind, true
}

// mayBeArticle applies the source's include and exclude patterns to path and query.
func (sc *scope) mayBeArticle(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	p := pathAndQuery(u)
	return (len(sc.include) == 0 || matchAny(sc.include, p)) && !matchAny(sc.exclude, p)
}

func pathAndQuery(u *url.URL) string {
	if u.RawQuery == "" {
		return u.Path
	}
	return u.Path + "?" + u.RawQuery
}

func matchAny(res []*regexp.Regexp, s string) bool {
	for _, re := range res {
		if re.MatchString(s) {
			return true
		}
	}
	return false
}

// hostOf returns host:port in lower case, as links and the fetch client name it.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}
