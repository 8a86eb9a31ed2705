package crawler

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// maxURL is the longest address, in bytes, that is visited or kept.
const maxURL = 2000

// CanonicalURL returns the form of an address under which it is known: scheme
// and host in lower case, the host in its ASCII form, no default port, no
// fragment, no dot segments, percent-encoding in one form (RFC 3986, 6.2.2), and
// without the parameters that only track a reader or name a session. The other
// parameters stay in the order given, because old scripts read them by order.
// It refuses what is not http or https, carries a password, or is longer than
// 2,000 bytes. Its result is its own canonical form.
func CanonicalURL(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxURL {
		return "", fmt.Errorf("address of %d bytes: at most %d are kept", len(raw), maxURL)
	}
	u, err := url.Parse(stripControls(raw))
	if err != nil {
		return "", fmt.Errorf("address: %w", err)
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" {
		return "", fmt.Errorf("address %q: want http:// or https://", raw)
	}
	if u.User != nil {
		return "", fmt.Errorf("address of %s: carries a user name", u.Hostname())
	}
	host, err := canonicalHost(u, scheme)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", raw, err)
	}
	s := scheme + "://" + host + canonicalPath(u.EscapedPath()) + canonicalQuery(u.RawQuery)
	if len(s) > maxURL {
		return "", fmt.Errorf("address of %d bytes: at most %d are kept", len(s), maxURL)
	}
	return s, nil
}

// stripControls removes the tabs and line ends that browsers ignore in hrefs.
func stripControls(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, s)
}

func canonicalHost(u *url.URL, scheme string) (string, error) {
	name := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if name == "" {
		return "", fmt.Errorf("no host")
	}
	if strings.Contains(name, ":") { // an IPv6 literal
		name = "[" + name + "]"
	} else if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	} else if !plainHost.MatchString(name) {
		return "", fmt.Errorf("host %q is not a name", name)
	}
	port := u.Port()
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return name, nil
	}
	return name + ":" + port, nil
}

// plainHost lets through names that IDNA refuses though DNS carries them
// (underscores).
var plainHost = regexp.MustCompile(`^[a-z0-9._-]+$`)

var pathSession = regexp.MustCompile(`(?i);(jsessionid|phpsessid|sid)=[^/]*`)

func canonicalPath(p string) string {
	p = pathSession.ReplaceAllString(normalizeEscapes(p), "")
	if p == "" {
		return "/"
	}
	if !strings.Contains(p, "/.") {
		return p
	}
	var out []string
	parts := strings.Split(strings.TrimPrefix(p, "/"), "/")
	for i, s := range parts {
		last := i == len(parts)-1
		switch s {
		case ".", "..":
			if s == ".." && len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return "/" + strings.Join(out, "/")
}

const hexDigits = "0123456789ABCDEF"

// normalizeEscapes decodes what needs no encoding, writes the rest in upper
// case, and encodes what may not stand bare in an address.
func normalizeEscapes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			v := unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
			if isUnreserved(v) {
				b.WriteByte(v)
			} else {
				b.WriteByte('%')
				b.WriteByte(hexDigits[v>>4])
				b.WriteByte(hexDigits[v&15])
			}
		case c == '%':
			b.WriteString("%25")
		case c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// tracking names the parameters that never choose a page: campaigns (Matomo,
// Google, Meta, Mailchimp, AT Internet), sharing, sessions.
var tracking = regexp.MustCompile(`(?i)^(utm_.*|mtm_.*|pk_.*|piwik_.*|mc_cid|mc_eid|fbclid|fb_[a-z_]+|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|igshid|igsh|xtor|xtref|xtcr|at_(medium|campaign|custom\d|emailtype|recipient_id)|_ga|_gl|_hs[a-z]+|s_cid|share|nb|replytocom|like_comment|phpsessid|jsessionid|aspsessionid[a-z]*|sessionid|session_id|sessid|var_mode|var_recherche|cn-reloaded|ref_src)$`)

// shortSession are names that mean a session only when the value looks like one.
var (
	shortSession = regexp.MustCompile(`(?i)^(sid|s_id|zid|osid|id_session)$`)
	sessionValue = regexp.MustCompile(`^[0-9a-zA-Z,-]{16,}$`)
)

func canonicalQuery(q string) string {
	if q == "" {
		return ""
	}
	var kept []string
	for _, part := range strings.Split(normalizeEscapes(q), "&") {
		for strings.HasPrefix(part, "amp;") {
			part = part[len("amp;"):]
		}
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		if k, err := url.QueryUnescape(key); err == nil && hasNoMeaning(k, value) {
			continue
		}
		kept = append(kept, part)
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + strings.Join(kept, "&")
}

func hasNoMeaning(key, value string) bool {
	if key == "nb" { // Jetpack's "nb=1" of share links; elsewhere it may page
		return value == "1"
	}
	return tracking.MatchString(key) || shortSession.MatchString(key) && sessionValue.MatchString(value)
}

var (
	spipObject  = regexp.MustCompile(`^(article|breve|rubrique|mot|auteur|site|syndic)(\d+)$`)
	spipLong    = regexp.MustCompile(`^id_(article|breve|rubrique|mot|auteur|syndic)=(\d+)$`)
	spipPageArg = regexp.MustCompile(`^page=(article|breve|rubrique|mot|auteur|site)$`)
)

// spipURL brings the addresses of one SPIP object to one: "/?article4",
// "/article4", "spip.php?page=article&id_article=4" and "…&lang=fr" are all
// "/spip.php?article4". Other parameters (pagers) stay. It takes and returns a
// canonical address.
func spipURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	dir, file := u.Path[:strings.LastIndexByte(u.Path, '/')+1], u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	object := ""
	if m := spipObject.FindString(file); m != "" {
		object = m
	} else if file != "" && file != "spip.php" && file != "index.php" {
		return raw
	}
	var rest []string
	for _, part := range strings.Split(u.RawQuery, "&") {
		switch long := spipLong.FindStringSubmatch(part); {
		case part == "" || part == "lang=fr" || spipPageArg.MatchString(part):
		case object == "" && spipObject.MatchString(part):
			object = part
		case object == "" && long != nil && strings.Contains(u.RawQuery, "page="+long[1]):
			object = long[1] + long[2]
		default:
			rest = append(rest, part)
		}
	}
	if object == "" {
		return raw
	}
	u.Path, u.RawPath = dir+"spip.php", ""
	u.RawQuery = strings.Join(append([]string{object}, rest...), "&")
	return u.String()
}
