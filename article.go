package trame

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kinds of article.
const (
	TypeArticle = "article"
	TypeEvent   = "event"  // a training, a study day: something that takes place on given dates
	TypeReport  = "report" // a document of its own, most often a PDF
	TypeList    = "list"   // a curated list of links
)

// Origins of a publication date, strongest first; FromNone says that the page
// gives none.
const (
	FromJSONLD  = "json-ld"
	FromMeta    = "meta"
	FromTime    = "time"
	FromText    = "text"
	FromFeed    = "feed"
	FromSitemap = "sitemap"
	FromURL     = "url"
	FromNone    = "none"
)

// Article is one text that the archive knows, as a reader would cite it.
// Its JSON form is the contract of import, export and API.
type Article struct {
	ID         string   `json:"id"`  // ID(URL): 16 hexadecimal digits, stable for ever
	URL        string   `json:"url"` // canonical, http or https
	Title      string   `json:"title"`
	Authors    []string `json:"authors,omitempty"`
	Source     string   `json:"source"`
	SourceName string   `json:"source_name,omitempty"`
	Country    string   `json:"country,omitempty"`  // ISO 3166-1 alpha-2, upper case
	Language   string   `json:"language,omitempty"` // BCP 47, most often "fr"

	Published     Date   `json:"published,omitzero"`       // as much as is known; the zero Date is "unknown"
	PublishedFrom string `json:"published_from,omitempty"` // one of the From… constants

	Updated   time.Time `json:"updated,omitzero"`
	FirstSeen time.Time `json:"first_seen,omitzero"`
	LastSeen  time.Time `json:"last_seen,omitzero"`

	Type    string   `json:"type"`
	Section string   `json:"section,omitempty"` // the source's own, as printed
	Tags    []string `json:"tags,omitempty"`    // the source's own, as printed
	Themes  []string `json:"themes,omitempty"`  // ids of our themes, in the order of the theme list

	Summary string `json:"summary,omitempty"`
	Text    string `json:"text,omitempty"` // paragraphs parted by blank lines
	Words   int    `json:"words,omitempty"`
	Image   string `json:"image,omitempty"`

	Attachments []Attachment `json:"attachments,omitempty"`
	Event       *Event       `json:"event,omitempty"`
	AlsoAt      []Place      `json:"also_at,omitempty"`   // other addresses of the same text
	ListedBy    []Place      `json:"listed_by,omitempty"` // curated lists that point here
	Gone        bool         `json:"gone"`                // the page answers 404 or 410 now
}

// Attachment is a document that an article links to as its own.
type Attachment struct {
	URL       string `json:"url"`
	Title     string `json:"title,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	Pages     int    `json:"pages,omitempty"`
}

// Event says when and where something takes place. Times and prices stay as the
// page prints them.
type Event struct {
	Dates     []Date `json:"dates"`
	Time      string `json:"time,omitempty"`
	Place     string `json:"place,omitempty"`
	Price     string `json:"price,omitempty"`
	Organizer string `json:"organizer,omitempty"`
}

// Place is another address of, or to, an article.
type Place struct {
	URL    string `json:"url"`
	Source string `json:"source,omitempty"`
}

// ID returns the identifier of the article at a canonical address: the first 64
// bits of its SHA-256, in hexadecimal. It is safe in paths and stable for ever.
func ID(canonicalURL string) string {
	sum := sha256.Sum256([]byte(canonicalURL))
	return hex.EncodeToString(sum[:8])
}

// ValidID reports whether s has the form of an identifier made by [ID].
func ValidID(s string) bool {
	return len(s) == 16 && strings.Trim(s, "0123456789abcdef") == ""
}

// Fingerprint returns a digest of what a reader would notice changing: every
// field but the moments at which the crawler looked. Two articles with equal
// fingerprints are the same version.
func (a Article) Fingerprint() string {
	a.FirstSeen, a.LastSeen = time.Time{}, time.Time{}
	b, err := json.Marshal(a)
	if err != nil { // no field of Article can fail to encode
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// minKeyed is how many words a text must have to be told apart by its letters.
const minKeyed = 40

// TextKey returns a digest of what an article says, letters and digits of title,
// text, and the dates, time and place of its event alone: two addresses with one
// key have one text, and two sessions of one training have not. It is 0 for
// texts too short to tell apart.
func (a Article) TextKey() uint64 {
	if a.Words < minKeyed {
		return 0
	}
	h := addLetters(addLetters(fnvOffset, a.Title), a.Text)
	if e := a.Event; e != nil {
		for _, d := range e.Dates {
			h = addLetters(h, d.String())
		}
		h = addLetters(addLetters(h, e.Time), e.Place)
	}
	return h
}

// FNV-1a, 64 bits (Fowler, Noll, Vo): hash/fnv wants the letters in one piece.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// addLetters returns the digest h after the letters and digits of s too, in lower
// case.
func addLetters(h uint64, s string) uint64 {
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			h = (h ^ uint64(r)) * fnvPrime
		case 'A' <= r && r <= 'Z':
			h = (h ^ uint64(r+'a'-'A')) * fnvPrime
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			var b [utf8.UTFMax]byte
			for _, c := range b[:utf8.EncodeRune(b[:], unicode.ToLower(r))] {
				h = (h ^ uint64(c)) * fnvPrime
			}
		}
	}
	return h
}

// articleJSON is Article without its methods, so that encoding it does not recurse.
type articleJSON Article

// MarshalJSON adds published_precision, which follows from Published, and
// writes published_from even when the date is unknown.
func (a Article) MarshalJSON() ([]byte, error) {
	if a.Published.IsZero() {
		a.PublishedFrom = FromNone
	}
	return json.Marshal(struct {
		articleJSON
		Precision string `json:"published_precision"`
	}{articleJSON(a), a.Published.Precision()})
}

// UnmarshalJSON reads the form that MarshalJSON writes, and a full date with a
// coarser published_precision, which cuts it.
func (a *Article) UnmarshalJSON(b []byte) error {
	in := struct {
		*articleJSON
		Precision string `json:"published_precision"`
	}{articleJSON: (*articleJSON)(a)}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	switch in.Precision {
	case "month":
		a.Published.Day = 0
	case "year":
		a.Published.Month, a.Published.Day = 0, 0
	case "none":
		a.Published = Date{}
	}
	if a.Published.IsZero() {
		a.PublishedFrom = FromNone
	}
	return nil
}
