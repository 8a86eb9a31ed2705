// Package export turns what the archive holds into the forms of other programs.
// cmd uses it.
package export

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"trame"
)

// Limits of an OPML file that is read.
const (
	maxOPMLBytes    = 4 << 20
	maxOPMLDepth    = 32
	maxOPMLOutlines = 10_000
)

// opml is a document of OPML 2.0 (opml.org/spec2.opml), as far as lists of
// subscriptions use it.
type opml struct {
	XMLName  xml.Name  `xml:"opml"`
	Version  string    `xml:"version,attr"`
	Title    string    `xml:"head>title"`
	Outlines []outline `xml:"body>outline"`
}

type outline struct {
	Text string `xml:"text,attr"`
	Type string `xml:"type,attr,omitempty"`
	Feed string `xml:"xmlUrl,attr,omitempty"`
	Site string `xml:"htmlUrl,attr,omitempty"`
}

// WriteOPML writes sources as a list of subscriptions: one outline a feed, and
// one with its site alone for a source whose feeds are not known.
func WriteOPML(w io.Writer, sources []trame.Source) error {
	doc := opml{Version: "2.0", Title: "Trame"}
	for _, s := range sources {
		for _, feed := range s.Feeds {
			doc.Outlines = append(doc.Outlines, outline{Text: s.Name, Type: "rss", Feed: feed, Site: s.URL})
		}
		if len(s.Feeds) == 0 {
			doc.Outlines = append(doc.Outlines, outline{Text: s.Name, Type: "link", Site: s.URL})
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// ReadOPML returns the sources that a list of subscriptions names, folders
// opened. Feeds of the same site come together. The URL is the site's, or the
// feed's where the list does not say the site; ids are left empty.
func ReadOPML(r io.Reader) ([]trame.Source, error) {
	limited := &io.LimitedReader{R: r, N: maxOPMLBytes + 1}
	d := xml.NewDecoder(limited)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	list := subscriptions{at: map[string]int{}}
	depth, isOPML := 0, false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read OPML: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxOPMLDepth {
				return nil, errors.New("read OPML: outlines are nested too deeply")
			}
			isOPML = isOPML || t.Name.Local == "opml"
			if t.Name.Local == "outline" {
				list.add(t.Attr)
			}
		case xml.EndElement:
			depth--
		}
		if limited.N <= 0 || len(list.sources) > maxOPMLOutlines {
			return nil, errors.New("read OPML: the list is too long (4 MiB, 10,000 outlines)")
		}
	}
	if !isOPML {
		return nil, errors.New("read OPML: this is not an OPML file")
	}
	return list.sources, nil
}

// subscriptions gathers sources by their address.
type subscriptions struct {
	sources []trame.Source
	at      map[string]int
}

func (l *subscriptions) add(attrs []xml.Attr) {
	var name, title, feed, site string
	for _, a := range attrs {
		switch a.Name.Local {
		case "text":
			name = a.Value
		case "title":
			title = a.Value
		case "xmlUrl":
			feed = a.Value
		case "htmlUrl":
			site = a.Value
		}
	}
	if feed == "" && site == "" { // a folder
		return
	}
	s := trame.Source{URL: site, Name: name, Kind: trame.KindAuto}
	if s.Name == "" {
		s.Name = title
	}
	if site == "" {
		s.URL, s.Kind = feed, trame.KindFeed
	}
	i, known := l.at[s.URL]
	if !known {
		i = len(l.sources)
		l.at[s.URL] = i
		l.sources = append(l.sources, s)
	}
	if feed != "" {
		l.sources[i].Feeds = append(l.sources[i].Feeds, feed)
	}
}
