package web

import (
	"net/url"
	"slices"
	"strings"

	"trame"
)

// outside is a link to a publisher. URL is empty when the address is not one
// that a reader should be sent to; then it is shown as text.
type outside struct {
	URL  string // http or https, or empty
	Host string // what the browser will really call, without "www."
	Text string // the address as it was found
}

// away checks an address from the archive before it becomes a link: http and
// https with a host, no user name, nothing that browsers read differently from
// net/url (backslashes, spaces, control characters).
func away(raw string) outside {
	o := outside{Text: raw}
	if strings.ContainsAny(raw, "\\ \"<>^`{|}") || strings.IndexFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0 {
		return o
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return o
	}
	if strings.IndexFunc(u.Host, func(r rune) bool { return r > 0x7f || r == '%' }) >= 0 {
		return o
	}
	o.URL = u.String()
	o.Host = strings.TrimPrefix(u.Host, "www.")
	return o
}

// searchURL is the address of the result page of q.
func searchURL(q trame.Query) string {
	if v := state(q); len(v) > 0 {
		return "/recherche?" + v.Encode()
	}
	return "/recherche"
}

// articleURL is the address of an article's page, with the search that led to
// it, so that the page can mark its words and lead back.
func articleURL(id string, q trame.Query) string {
	if v := state(q); len(v) > 0 {
		return "/a/" + id + "?" + v.Encode()
	}
	return "/a/" + id
}

// state is q as parameters, without what only programs ask for.
func state(q trame.Query) url.Values {
	q.Facets, q.Explain = nil, false
	return q.Values()
}

// kept are the parameters of q that a form does not change, as hidden fields.
func kept(q trame.Query, without ...string) []field {
	v := state(q.At(1))
	for _, name := range without {
		v.Del(name)
	}
	var fs []field
	for _, name := range stateNames() {
		for _, value := range v[name] {
			fs = append(fs, field{name, value})
		}
	}
	return fs
}

// raw are the parameters of an address as they were written, right or wrong, as
// hidden fields.
func raw(v url.Values, without ...string) []field {
	var fs []field
	for _, name := range stateNames() {
		for _, value := range v[name] {
			if value != "" && !slices.Contains(without, name) {
				fs = append(fs, field{name, strings.ToValidUTF8(value, "")})
			}
		}
	}
	return fs
}

// unfiltered is q on its first page without a filter; how its words are read and
// the moment that it asks for stay.
func unfiltered(q trame.Query) trame.Query {
	q = q.At(1)
	q.Themes, q.Sources, q.Countries, q.Types, q.Authors, q.Languages = nil, nil, nil, nil, nil, nil
	q.From, q.To = trame.Date{}, trame.Date{}
	return q
}

// stateNames are the parameters that a page of results hands on, but for the page
// itself.
func stateNames() []string {
	return []string{"q", "theme", "source", "country", "type", "author", "language", "from", "to", "sort", "per_page", "as_of", "twins", "strict"}
}
