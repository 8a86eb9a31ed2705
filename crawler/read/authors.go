package read

import (
	"regexp"
	"slices"
	"strings"
)

const maxAuthors = 20

var (
	authorLead  = regexp.MustCompile(`(?i)^(?:(?:publié|écrit|rédigé|posté|posted|written|proposé|soumis|submitted)e?s?\s+)?(?:par|de|by|auteurs?(?:\.?trices?)?|auteure?|autrices?|author|texte|propos recueillis par)\s*:?\s+`)
	authorTail  = regexp.MustCompile(`(?i)\s+(?:le\s+\d|\||-\s|·|•|publié|mis à jour|mis en ligne|dans\s|\d{1,2}[ /.]).*$`)
	authorSplit = regexp.MustCompile(`\s*(?:;|,|\s+et\s+|\s+and\s+|\s+&\s+)\s*`)
	nobody      = regexp.MustCompile(`(?i)^(?:admin\w*|auteurs?|author|web ?master|web ?mestre|root|editor|éditeur|user ?\d*|utilisateur|super (?:utilisateur|user)|wordpress|test|anonyme?|anonymous|.*@.*|https?:.*|www\..*|.*\.(?:fr|com|org|net|be)|plus d.articles|tous ses articles|voir .*|suivre.*|partager.*|\d+)$`)
	// two or three capitalised words: « Théo Langlebert », « Anne de La Tour »
	fullName      = regexp.MustCompile(`^\p{Lu}[\p{L}'’.-]+(?:\s+(?:(?:de|du|van|von|der|den|el)\s+)?\p{Lu}[\p{L}'’.-]+){1,2}$`)
	dateSeparator = regexp.MustCompile(`\s+[·•|–—-]\s+|\s*[·•|]\s*`)
	byName        = regexp.MustCompile(`(?:^|[\s,·|(])(?:[Pp]ar|PAR|[Pp]ropos recueillis par)\s+((?:\p{Lu}[\p{L}'’.-]*\s+){1,3}\p{Lu}[\p{L}'’.-]+(?:(?:\s+et\s+|,\s+)(?:\p{Lu}[\p{L}'’.-]*\s+){1,3}\p{Lu}[\p{L}'’-]+){0,4})`)
)

// authors returns who signs: persons and organisations as the page prints them,
// without accounts such as admin.
func (s *sight) authors(hint []string) []string {
	site := key(s.sitename())
	article, _ := s.mainLD()
	if a := names(s.people(article["author"]), site); len(a) > 0 {
		return a
	}
	var told []string
	for _, m := range authorMetas {
		if a := names(s.metaNames(m), site); len(a) > len(told) {
			told = a
		}
	}
	if len(told) > 0 {
		return told
	}
	strong, weak := s.signatures()
	if a := names(strong, ""); len(a) > 0 && len(a) <= 6 {
		return a
	}
	if a := names(hint, ""); len(a) > 0 {
		return a
	}
	if len(weak) > 0 {
		if a := names(weak, site); len(a) > 0 && len(a) <= 6 {
			return a
		}
	}
	if a := s.byline(); len(a) > 0 {
		return a
	}
	return s.dateline()
}

// authorMetas are the metas that name authors, once each or one a name; the one
// that names the most is believed, the first of these where they are level.
var authorMetas = []string{"author", "dc.creator", "dcterms.creator", "citation_author", "article:author", "parsely-author", "sailthru.author", "byl"}

// metaNames returns what a meta says of authors; « Kasongo, Dieudonné » of
// citation_author, which takes one name a meta, is one name turned round.
func (s *sight) metaNames(meta string) []string {
	if meta != "citation_author" {
		return s.signed[meta]
	}
	var out []string
	for _, v := range s.signed[meta] {
		last, first, found := strings.Cut(v, ",")
		last, first = strings.TrimSpace(last), strings.TrimSpace(first)
		if found && first != "" && last != "" && !strings.Contains(first, ",") && (!strings.Contains(first, " ") || !strings.Contains(last, " ")) {
			v = first + " " + last
		}
		out = append(out, v)
	}
	return out
}

// names cleans and splits signatures.
func names(raw []string, site string) []string {
	seen := map[string]bool{}
	var out []string
	for _, r := range raw {
		if len(r) > 600 {
			continue
		}
		for _, n := range authorSplit.Split(authorLead.ReplaceAllString(line(r), ""), -1) {
			n = authorTail.ReplaceAllString(authorLead.ReplaceAllString(n, ""), "")
			n = strings.Trim(n, " ,;:|–·•()")
			k := key(n)
			if len(k) < 3 || len(n) > 80 || strings.ContainsAny(n, "0123456789→") || nobody.MatchString(n) || k == site || seen[k] || len(strings.Fields(n)) > 7 || len(out) >= maxAuthors {
				continue
			}
			seen[k] = true
			out = append(out, n)
		}
	}
	return out
}

// signatures returns the names that markup calls authors, surely and perhaps.
func (s *sight) signatures() (strong, weak []string) {
	for i, a := range s.anchors {
		n := s.anchorAt[i]
		if !strings.Contains(" "+strings.ToLower(a.Rel)+" ", " author ") && !hasClass(n, "fn") {
			continue
		}
		if !region(0).sideName(a.Region) && len(a.Text) < 120 && !s.cardAt(i) {
			strong = append(strong, a.Text)
		}
	}
	if len(strong) > 0 {
		return strong, nil
	}
	first := -1
	for i, b := range s.blocks {
		if b.region.side() || b.card || b.trait&traitAuthor == 0 || len(b.text) > 200 || first >= 0 && i > first+4 {
			continue
		}
		if first < 0 {
			first = i
		}
		weak = append(weak, b.text)
	}
	return nil, weak
}

func (region) sideName(name string) bool { return name != "" && name != "main" }

// cardAt reports whether anchor i stands in the teaser of another page.
func (s *sight) cardAt(i int) bool {
	n := s.anchorAt[i]
	for k, p := 0, n.Parent; p != nil && k < 4; k, p = k+1, p.Parent {
		if (p.Data == "li" || p.Data == "article") && teaser(p) {
			return true
		}
	}
	return false
}

// byline returns the names after « par » in a line near the title.
func (s *sight) byline() []string {
	for i, b := range s.blocks {
		if i > 200 || len(b.text) > 200 || b.region.side() || b.card || b.heading > 0 {
			continue
		}
		if s.titleAt >= 0 && (i < s.titleAt-3 || i > s.titleAt+8) && i < len(s.blocks)-8 {
			continue
		}
		if m := byName.FindStringSubmatch(b.text); m != nil && len(b.text) <= 120 && !organisation(m[1]) {
			if a := names([]string{m[1]}, ""); len(a) > 0 {
				return a
			}
		}
	}
	return nil
}

// dateline returns the name that stands beside the date in the box under the
// title: « 12 mars 2024 · Théo Langlebert ».
func (s *sight) dateline() []string {
	if s.titleAt < 0 {
		return nil
	}
	sections, tags := s.filing(Hint{}, "")
	for i := max(0, s.titleAt-2); i < len(s.blocks) && i <= s.titleAt+4; i++ {
		b := &s.blocks[i]
		if b.trait&traitMeta == 0 || b.trait&(traitTags|traitSection|traitJunk) != 0 || b.region.side() || b.card || len(b.text) > 120 {
			continue
		}
		dated, name := false, ""
		for _, part := range dateSeparator.Split(b.text, 6) {
			if len(findDates(part)) > 0 {
				dated = true
			} else if fullName.MatchString(part) && !organisation(part) && !slices.Contains(sections, part) && !slices.Contains(tags, part) && name == "" {
				name = part
			}
		}
		if a := names([]string{name}, key(s.sitename())); dated && len(a) > 0 {
			return a
		}
	}
	return nil
}

// organisation reports a name that begins with an article: « par La Ruche » in
// running text is seldom a signature.
func organisation(name string) bool {
	first, _, _ := strings.Cut(name, " ")
	switch strings.ToLower(first) {
	case "la", "le", "les", "un", "une", "des", "du", "cette", "ce", "notre", "nos":
		return true
	}
	return strings.HasPrefix(name, "L'") || strings.HasPrefix(name, "L’")
}
