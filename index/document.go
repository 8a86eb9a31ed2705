package index

import (
	"encoding/binary"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"trame"
	"trame/archive"
	"trame/french"
)

// mappingVersion names the fields below and what french makes of words. An index
// of another version is made again.
const mappingVersion = "trame 4"

// Fields of a document in Bleve. The facets have fields of their own names, but
// for year and month, which come from the row.
const (
	fieldTitle      = "title" // words, with their places (packPlaces)
	fieldBody       = "body"  // the same
	fieldOdd        = "odd"   // words whose stem does not begin as they do: yeux
	fieldSourceName = "sname" // id and name of the source, parted by a zero byte
	fieldRow        = "row"   // numbers of the article, see row
)

// A word is indexed as its stem, formMark and its surface form: all forms of a
// stem stand together in the dictionary, and each is counted by itself. So one
// list of terms serves stems, exact forms, beginnings and the spelling of words.
const formMark = 0

// options of the kinds of fields.
const (
	positions = index.IndexField | index.IncludeTermVectors
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
	terms   index.TokenFrequencies
	value   []byte // of the stored field
}

// newDocument analyses the article of a change.
func newDocument(c archive.Change) *document {
	a := c.Article
	titleText, bodyText := french.Searched(a)
	title, body := french.Analyze(titleText), french.Analyze(bodyText)
	d := &document{id: a.ID}
	d.keywords("_id", identity, a.ID)
	d.fields[0].value = []byte(a.ID)
	d.words(fieldTitle, title)
	d.words(fieldBody, body)
	d.oddWords()
	d.keywords("theme", keyword, a.Themes...)
	d.keywords("source", keyword, a.Source)
	d.keywords("country", keyword, a.Country)
	d.keywords("type", keyword, a.Type)
	d.keywords("author", keyword, a.Authors...)
	d.keywords("language", keyword, a.Language)
	if a.SourceName != "" {
		d.keywords(fieldSourceName, keyword, a.Source+"\x00"+a.SourceName)
	}
	d.keywords(fieldRow, values, row{
		number: c.Number,
		day:    dayOf(a.Published),
		seen:   uint32(max(a.FirstSeen.Unix(), 0)),
		title:  uint16(min(lengthOf(title), mostTitleLength)),
		body:   uint32(min(lengthOf(body), mostBodyLength)),
	}.encode())
	return d
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

// leadOf returns the first tokens of a body.
func leadOf(body []french.Token) []french.Token {
	for i, t := range body {
		if t.Position > leadSize {
			return body[:i]
		}
	}
	return body
}

// words adds a field of tokens.
func (d *document) words(name string, tokens []french.Token) {
	if len(tokens) == 0 {
		return
	}
	// The tokens of a term are a chain: while they are gathered its frequency is its
	// newest token, and before[i] is the one before token i, or -1.
	f := &field{name: name, options: positions, terms: make(index.TokenFrequencies, len(tokens)/2+1)}
	made := make([]index.TokenFreq, 0, len(tokens))
	before := make([]int32, len(tokens))
	var key []byte
	for i, t := range tokens {
		key = append(append(append(key[:0], t.Term...), formMark), t.Surface...)
		before[i] = -1
		tf := f.terms[string(key)]
		if tf == nil {
			made = append(made, index.TokenFreq{Term: slices.Clone(key)})
			tf = &made[len(made)-1]
			f.terms[string(key)] = tf
		} else {
			before[i] = int32(tf.Frequency())
		}
		tf.SetFrequency(i)
	}
	var places []uint32
	for i := range made {
		places = places[:0]
		for k := int32(made[i].Frequency()); k >= 0; k = before[k] {
			if at := uint32(tokens[k].Position); len(places) == 0 || places[len(places)-1] != at {
				places = append(places, at)
			}
		}
		slices.Reverse(places)
		number, whole := packPlaces(places)
		made[i].SetFrequency(int(number))
		if !whole {
			made[i].Locations = []*index.TokenLocation{location(places)}
		}
	}
	d.fields = append(d.fields, f)
}

// location holds many places as one of Bleve's: the first as its position, the
// others as differences where it has room for the places of arrays.
func location(places []uint32) *index.TokenLocation {
	l := &index.TokenLocation{Position: int(places[0])}
	for i := 1; i < len(places); i++ {
		l.ArrayPositions = append(l.ArrayPositions, uint64(places[i]-places[i-1]))
	}
	return l
}

// oddWords lists the terms that do not begin with the first two letters of their
// word.
func (d *document) oddWords() {
	var odd []string
	for _, f := range d.fields {
		if f.name != fieldTitle && f.name != fieldBody {
			continue
		}
		for term := range f.terms {
			if word := term[strings.IndexByte(term, formMark)+1:]; len(word) >= 2 && term[:2] != word[:2] {
				if folded := french.Fold(word); len(folded) >= 2 && term[:2] != folded[:2] {
					odd = append(odd, term)
				}
			}
		}
	}
	d.keywords(fieldOdd, keyword, odd...)
}

// maxKeyword bounds a value of a facet, in bytes.
const maxKeyword = 500

// keywords adds a field of values that stand for themselves.
func (d *document) keywords(name string, o index.FieldIndexingOptions, values ...string) {
	f := &field{name: name, options: o, terms: index.TokenFrequencies{}}
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
	number int64  // of the article in the archive, 35 bits
	day    int32  // yyyymmdd; mm and dd are 00 as far as they are unknown
	seen   uint32 // when it was seen first, in seconds since 1970
	title  uint16 // length in terms, 14 bits
	body   uint32 // the same, 21 bits
}

const (
	mostTitleLength = 1<<14 - 1
	mostBodyLength  = 1<<21 - 1
)

// rowParts are the sevens of bits that each number of a row takes.
var rowParts = [5]int{5, 4, 5, 2, 3}

// encode writes a row in bytes of seven bits: a term may not hold the byte 0xff,
// which Bleve puts between the values of a document.
func (r row) encode() string {
	var b []byte
	for i, n := range []uint64{uint64(r.number), uint64(r.day), uint64(r.seen), uint64(r.title), uint64(r.body)} {
		for range rowParts[i] {
			b = append(b, byte(n&0x7f))
			n >>= 7
		}
	}
	return string(b)
}

func decodeRow(b []byte) row {
	if len(b) != 19 {
		return row{}
	}
	var n [5]uint64
	at := 0
	for i, parts := range rowParts {
		for k := range parts {
			n[i] |= uint64(b[at]) << (7 * k)
			at++
		}
	}
	return row{int64(n[0]), int32(n[1]), uint32(n[2]), uint16(n[3]), uint32(n[4])}
}

// dayOf returns yyyymmdd, with 00 for what is unknown.
func dayOf(d trame.Date) int32 { return int32(d.Year*10_000 + int(d.Month)*100 + d.Day) }

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
func (f *field) AnalyzedLength() int                              { return 1 } // stored with each term; ours are in the row
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.terms) * 12) }

func encodeNumber(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// decodeNumber reads what encodeNumber wrote; nothing is 0.
func decodeNumber(b []byte) int64 {
	if len(b) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b))
}
