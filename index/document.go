package index

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"trame"
	"trame/archive"
	"trame/french"
)

// mappingVersion names the fields below and what french makes of words. An index
// of another version is made again.
const mappingVersion = "trame 2"

// Fields of a document in Bleve. The facets have fields of their own names.
const (
	fieldTitle      = "title"  // stems, with positions
	fieldBody       = "body"   // the same
	fieldTitleExact = "xtitle" // folded words
	fieldBodyExact  = "xbody"
	fieldSourceName = "sname" // id and name of the source, parted by a zero byte
	fieldRow        = "row"   // numbers of the article, see row
)

// options of the kinds of fields.
const (
	positions = index.IndexField | index.IncludeTermVectors
	words     = index.IndexField
	keyword   = index.IndexField | index.SkipFreqNorm
	values    = index.IndexField | index.SkipFreqNorm | index.DocValues
	identity  = index.IndexField | index.StoreField
)

// document is an article as Bleve is given it, analysed already.
type document struct {
	id     string
	fields []*field
}

// field is one field of a document with its terms.
type field struct {
	name    string
	options index.FieldIndexingOptions
	length  int // in terms; at least 1, for Bleve reads 0 as "nothing here"
	terms   index.TokenFrequencies
	value   []byte // of the stored field
}

// newDocument analyses the article of a change.
func newDocument(c archive.Change) *document {
	a := c.Article
	title := french.Analyze(a.Title)
	body := french.Analyze(bodyOf(a))
	d := &document{id: a.ID}
	d.keywords("_id", identity, a.ID)
	d.fields[0].value = []byte(a.ID)
	d.text(fieldTitle, positions, title, stemOf)
	d.text(fieldBody, positions, body, stemOf)
	d.text(fieldTitleExact, words, title, exactOf)
	d.text(fieldBodyExact, words, body, exactOf)
	d.keywords("theme", keyword, a.Themes...)
	d.keywords("source", keyword, a.Source)
	d.keywords("country", keyword, a.Country)
	d.keywords("type", keyword, a.Type)
	d.keywords("author", keyword, a.Authors...)
	d.keywords("language", keyword, a.Language)
	if y := a.Published.Year; y > 0 {
		d.keywords("year", keyword, a.Published.First().String()[:4])
	}
	if a.Published.Month > 0 {
		d.keywords("month", keyword, a.Published.First().String()[:7])
	}
	if a.SourceName != "" {
		d.keywords(fieldSourceName, keyword, a.Source+"\x00"+a.SourceName)
	}
	d.keywords(fieldRow, values, row{c.Number, int32(a.Published.Number()), uint16(min(lengthOf(title), math.MaxUint16)), uint32(lengthOf(body))}.encode())
	return d
}

// bodyOf returns what the words of a query are looked for in besides the title:
// the text, or where there is none the summary, and where an event takes place.
func bodyOf(a *trame.Article) string {
	body := a.Text
	if body == "" {
		body = a.Summary
	}
	if e := a.Event; e != nil && e.Place+e.Organizer != "" {
		body += "\n\n" + e.Place + "\n\n" + e.Organizer
	}
	return body
}

// lengthOf returns how many tokens weigh on the length of a text: psychosocial
// beside psycho-social does not make it longer.
func lengthOf(tokens []french.Token) (n int) {
	for _, t := range tokens {
		if t.Width < 2 {
			n++
		}
	}
	return n
}

func stemOf(t french.Token) string  { return t.Term }
func exactOf(t french.Token) string { return t.Exact }

// text adds a field of tokens. Two forms at one place count as one.
func (d *document) text(name string, o index.FieldIndexingOptions, tokens []french.Token, term func(french.Token) string) {
	if len(tokens) == 0 {
		return
	}
	f := &field{name: name, options: o, length: len(tokens), terms: make(index.TokenFrequencies, len(tokens)/2+1)}
	var places []index.TokenLocation
	if o.IncludeTermVectors() {
		places = make([]index.TokenLocation, len(tokens))
	}
	for i, t := range tokens {
		s := term(t)
		tf := f.terms[s]
		if tf == nil {
			tf = &index.TokenFreq{Term: []byte(s)}
			f.terms[s] = tf
		}
		tf.SetFrequency(tf.Frequency() + 1)
		if places != nil {
			places[i].Position = t.Position
			tf.Locations = append(tf.Locations, &places[i])
		}
	}
	d.fields = append(d.fields, f)
}

// maxKeyword bounds a value of a facet, in bytes.
const maxKeyword = 500

// keywords adds a field of values that stand for themselves.
func (d *document) keywords(name string, o index.FieldIndexingOptions, values ...string) {
	f := &field{name: name, options: o, length: 1, terms: index.TokenFrequencies{}}
	for _, v := range values {
		if v == "" {
			continue
		}
		if len(v) > maxKeyword {
			v = strings.ToValidUTF8(v[:maxKeyword], "")
		}
		tf := &index.TokenFreq{Term: []byte(v)}
		tf.SetFrequency(1)
		f.terms[v] = tf
	}
	if len(f.terms) > 0 {
		d.fields = append(d.fields, f)
	}
}

// row holds the numbers of an article that columns are made of.
type row struct {
	number int64  // of the article in the archive
	day    int32  // yyyymmdd, 0 when unknown
	title  uint16 // length in terms
	body   uint32
}

// encode writes a row as text: a term may not hold the byte 0xff, which Bleve
// puts between the values of a document.
func (r row) encode() string {
	var b []byte
	b = strconv.AppendInt(b, r.number, 36)
	b = strconv.AppendInt(append(b, ' '), int64(r.day), 36)
	b = strconv.AppendUint(append(b, ' '), uint64(r.title), 36)
	b = strconv.AppendUint(append(b, ' '), uint64(r.body), 36)
	return string(b)
}

func decodeRow(b []byte) (r row) {
	parts := strings.Fields(string(b))
	if len(parts) != 4 {
		return r
	}
	number, _ := strconv.ParseInt(parts[0], 36, 64)
	day, _ := strconv.ParseInt(parts[1], 36, 32)
	title, _ := strconv.ParseUint(parts[2], 36, 16)
	body, _ := strconv.ParseUint(parts[3], 36, 32)
	return row{number, int32(day), uint16(title), uint32(body)}
}

// The methods that Bleve asks of a document.

func (d *document) ID() string { return d.id }
func (d *document) VisitFields(visit index.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}
func (d *document) VisitComposite(index.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) AddIDField()                                {}
func (d *document) StoredFieldsBytes() uint64                  { return uint64(len(d.id)) }
func (d *document) Indexed() bool                              { return true }

func (d *document) NumPlainTextBytes() uint64 {
	var n uint64
	for _, f := range d.fields {
		n += f.NumPlainTextBytes()
	}
	return n
}

// Size is only added up by Bleve for its statistics.
func (d *document) Size() int { return int(d.NumPlainTextBytes()) }

// The methods that Bleve asks of a field.

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(f.length * 6) }

func encodeNumber(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// decodeNumber reads what encodeNumber wrote; nothing is 0.
func decodeNumber(b []byte) int64 {
	if len(b) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b))
}
