package fetch

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	maxSitemaps = 1000 // Sitemap lines kept
)

// rules are what one robots.txt says to one robot (RFC 9309).
type rules struct {
	list       []rule
	crawlDelay time.Duration // 0: none asked
	sitemaps   []string      // absolute, http or https, in order
}

// rule is one Allow or Disallow line.
type rule struct {
	allow bool
	size  int      // octets of the pattern, normalised: the longest match wins
	parts []string // the pattern between its stars
	end   bool     // the pattern ends in $
}

// parseRobots reads a robots.txt for the robot with a product token. It never
// fails: what is no rule is skipped. base resolves relative Sitemap lines.
func parseRobots(text, token string, base *url.URL) *rules {
	p := &robotsParser{token: strings.ToLower(token), base: base}
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if ok {
			p.line(strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value))
		}
	}
	return p.rules()
}

// robotsParser gathers two groups: that of our token and that of "*".
type robotsParser struct {
	token    string
	base     *url.URL
	named    bool // a group of our own was seen, maybe empty: "*" is not for us (2.2.1)
	own, any group
	forOwn   bool // the lines that follow are for our token
	forAny   bool
	inRules  bool // a rule was read since the last User-agent line, so that the next one opens a group
	sitemaps []string
}

type group struct {
	list       []rule
	crawlDelay time.Duration
}

func (p *robotsParser) line(key, value string) {
	switch key {
	case "user-agent":
		p.agent(value)
	case "allow", "disallow":
		p.inRules = true
		if value != "" {
			r := newRule(key == "allow", value)
			p.each(func(g *group) { g.list = append(g.list, r) })
		}
	case "crawl-delay": // not in the RFC; it closes no group (2.2.4)
		if d, ok := seconds(value); ok {
			p.each(func(g *group) { g.crawlDelay = max(g.crawlDelay, d) })
		}
	case "sitemap":
		p.sitemap(value)
	}
}

func (p *robotsParser) agent(value string) {
	if p.inRules {
		p.inRules, p.forOwn, p.forAny = false, false, false
	}
	switch token := productToken(value); {
	case token != "" && strings.EqualFold(token, p.token):
		p.forOwn, p.named = true, true
	case value == "*", strings.HasPrefix(value, "* "):
		p.forAny = true
	}
}

func (p *robotsParser) each(f func(*group)) {
	if p.forOwn {
		f(&p.own)
	}
	if p.forAny {
		f(&p.any)
	}
}

func (p *robotsParser) sitemap(value string) {
	if len(p.sitemaps) >= maxSitemaps || len(value) > maxURL {
		return
	}
	u, err := p.base.Parse(value)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		p.sitemaps = append(p.sitemaps, u.String())
	}
}

func (p *robotsParser) rules() *rules {
	g := p.any
	if p.named {
		g = p.own
	}
	return &rules{list: g.list, crawlDelay: g.crawlDelay, sitemaps: p.sitemaps}
}

// productToken returns the characters up to the first that may not stand in a
// product token: "VeilleBot/1.2" is VeilleBot (RFC 9309, 2.2.1).
func productToken(s string) string {
	for i, r := range s {
		if r != '_' && r != '-' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return s[:i]
		}
	}
	return s
}

func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 {
		return 0, false
	}
	return time.Duration(min(f, 1e6) * float64(time.Second)), true
}

func newRule(allow bool, pattern string) rule {
	pattern, end := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	r := rule{allow: allow, end: end, size: len(parts) - 1}
	for i, part := range parts {
		part = normalise(part)
		r.size += len(part)
		if i == 0 || i == len(parts)-1 || part != "" { // ** is *
			r.parts = append(r.parts, part)
		}
	}
	if end {
		r.size++
	}
	return r
}

// allows reports whether an address may be fetched: the longest matching rule
// decides, Allow among equals, and without a match it may (2.2.2).
func (r *rules) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if path == "/robots.txt" && u.RawQuery == "" {
		return true
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	path = normalise(path)
	allow, size := true, -1
	for i := range r.list {
		x := &r.list[i]
		if (x.size > size || x.size == size && x.allow && !allow) && x.matches(path) {
			allow, size = x.allow, x.size
		}
	}
	return allow
}

// matches compares in time linear in the path: every part takes the first place
// where it fits, which is right because only the last part may be bound to the end.
func (r *rule) matches(path string) bool {
	rest, ok := strings.CutPrefix(path, r.parts[0])
	if !ok {
		return false
	}
	if len(r.parts) == 1 {
		return !r.end || rest == ""
	}
	last := len(r.parts) - 1
	for _, part := range r.parts[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	if r.end {
		return strings.HasSuffix(rest, r.parts[last])
	}
	return strings.Contains(rest, r.parts[last])
}

// normalise brings a path, or the part of a pattern between stars, to the form
// that is compared (2.2.2): unreserved characters are decoded, other escapes
// have capitals, and what may not stand in a URL, or is * or $, is escaped.
func normalise(s string) string {
	const hexa = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) {
			hi, lo := unhex(s[i+1]), unhex(s[i+2])
			if hi >= 0 && lo >= 0 {
				c, escaped, i = byte(hi<<4|lo), true, i+2
			}
		}
		switch {
		case unreserved(c), !escaped && c != '*' && c != '$' && c > ' ' && c < 0x7f:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hexa[c>>4])
			b.WriteByte(hexa[c&15])
		}
	}
	return b.String()
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}
