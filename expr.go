package trame

// Expr is a parsed query text. It is a tree of And, Or, Not, Word, Phrase,
// Prefix and DateRange. A nil Expr matches everything. Words are as written:
// turning them into terms is the work of package french.
type Expr interface{ expr() }

// Fields that a query may name. The empty field means title and text.
const (
	FieldTitle   = "titre"
	FieldAuthor  = "auteur"
	FieldSource  = "source"
	FieldTheme   = "theme"
	FieldType    = "type"
	FieldCountry = "pays"
	FieldDate    = "date"
)

type (
	// And matches what all of its parts match.
	And []Expr
	// Or matches what one of its parts matches.
	Or []Expr
	// Not matches what its part does not.
	Not struct{ Of Expr }
	// Word is one word as written: it may open into several terms (sans-abri, l’ASE).
	Word struct{ Field, Text string }
	// Phrase is words in this order; with Slop > 0, within Slop words of each other in any order.
	Phrase struct {
		Field, Text string
		Slop        int
	}
	// Prefix is the beginning of a word, three letters or more.
	Prefix struct{ Field, Text string }
	// DateRange is a span of publication dates, inclusive; a zero end is open.
	DateRange struct{ From, To Date }
)

func (And) expr()       {}
func (Or) expr()        {}
func (Not) expr()       {}
func (Word) expr()      {}
func (Phrase) expr()    {}
func (Prefix) expr()    {}
func (DateRange) expr() {}
