package read

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Bounds of a sitemap (sitemaps.org: 50 000 entries, 50 MB).
const (
	maxSitemap        = 50 << 20 // bytes, decompressed
	maxSitemapEntries = 50_000
	maxSitemapDepth   = 64
)

// ParseSitemap reads a sitemap or a sitemap index (plain or gzip): the pages,
// and the further sitemaps, that it names. A list of addresses, one a line, is a
// sitemap too. What is cut or malformed gives the entries before the fault; the
// error is for a body that is no sitemap at all, or larger than 50 MiB.
func ParseSitemap(base *url.URL, body []byte) (pages []SitemapEntry, sitemaps []string, err error) {
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		if body, err = gunzip(body); err != nil {
			return nil, nil, err
		}
	}
	if len(body) > maxSitemap {
		return nil, nil, fmt.Errorf("read sitemap: larger than %d MiB", maxSitemap>>20)
	}
	text, _ := decode(body, "")
	text = strings.TrimLeft(text, "\ufeff \t\r\n")
	if !strings.HasPrefix(text, "<") {
		return plainSitemap(text)
	}
	return xmlSitemap(base, text)
}

// gunzip decompresses within the bound of a sitemap; a file cut short gives what
// it holds.
func gunzip(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read sitemap: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, maxSitemap+1))
	if len(out) > maxSitemap {
		return nil, fmt.Errorf("read sitemap: larger than %d MiB decompressed", maxSitemap>>20)
	}
	if err != nil && len(out) == 0 {
		return nil, fmt.Errorf("read sitemap: %w", err)
	}
	return out, nil
}

// listed resolves a loc: the protocol wants whole addresses, some sites write
// paths; anything else is no address.
func listed(base *url.URL, loc string) string {
	loc = strings.TrimSpace(loc)
	if entity.MatchString(loc) { // one that nobody knows: it is never expanded
		return ""
	}
	if !strings.HasPrefix(loc, "/") && !strings.HasPrefix(strings.ToLower(loc), "http") {
		return ""
	}
	return webURL(base, loc)
}

func plainSitemap(text string) (pages []SitemapEntry, sitemaps []string, err error) {
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if len(pages) >= maxSitemapEntries {
			break
		}
		if strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://") {
			if u := webURL(nil, l); u != "" {
				pages = append(pages, SitemapEntry{URL: u})
			}
		}
	}
	if len(pages) == 0 {
		return nil, nil, errors.New("read sitemap: not a sitemap")
	}
	return pages, nil, nil
}

func xmlSitemap(base *url.URL, text string) (pages []SitemapEntry, sitemaps []string, err error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var open []string
	var loc, mod strings.Builder
	known := false
	for {
		t, err := d.RawToken()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) >= maxSitemapDepth || len(pages)+len(sitemaps) >= maxSitemapEntries {
				return pages, sitemaps, nil
			}
			open = append(open, t.Name.Local)
			switch t.Name.Local {
			case "urlset", "sitemapindex":
				known = true
			case "url", "sitemap":
				loc.Reset()
				mod.Reset()
			}
		case xml.CharData:
			if n := len(open); n >= 2 && (open[n-2] == "url" || open[n-2] == "sitemap") {
				switch {
				case open[n-1] == "loc" && loc.Len() < maxURL*2:
					loc.Write(t)
				case open[n-1] == "lastmod" && mod.Len() < 100:
					mod.Write(t)
				}
			}
		case xml.EndElement:
			if len(open) == 0 {
				continue
			}
			name := open[len(open)-1]
			open = open[:len(open)-1]
			if name != "url" && name != "sitemap" {
				continue
			}
			if u := listed(base, loc.String()); u != "" {
				if name == "sitemap" {
					sitemaps = append(sitemaps, u)
				} else {
					e := SitemapEntry{URL: u}
					e.LastMod, _ = parseMoment(mod.String())
					pages = append(pages, e)
				}
				loc.Reset()
			}
		}
	}
	if !known {
		return nil, nil, errors.New("read sitemap: not a sitemap")
	}
	return pages, sitemaps, nil
}
