package trame

import (
	"fmt"
	"strings"
)

// Describe says in French how an expression was read: « tous ces mots : secret,
// partagé ; sans : médical ». A nil expression gives "".
func Describe(e Expr) string {
	switch e := e.(type) {
	case nil:
		return ""
	case And:
		return describeAll(e)
	case Or:
		return describeAny(e)
	}
	return describeAll(And{e})
}

// list is something that is asked, with what it is asked of: « dans le titre :
// logement, hébergement ».
type list struct {
	one, many string // what stands before one item, and before several
	items     []string
}

// describeAll puts the parts that are alike together, those that are not wanted
// at the end.
func describeAll(parts And) string {
	var lists []list
	add := func(one, many, item string) {
		for i := range lists {
			if lists[i].one == one {
				lists[i].items = append(lists[i].items, item)
				return
			}
		}
		lists = append(lists, list{one, many, []string{item}})
	}
	var without []string
	for _, part := range parts {
		switch e := part.(type) {
		case Not:
			without = append(without, inline(e.Of))
		case Or:
			lists = append(lists, list{items: []string{describeAny(e)}})
		case DateRange:
			add("", "", inline(e))
		default:
			one, many := heading(e)
			add(one, many, bare(e))
		}
	}
	if without != nil {
		lists = append(lists, list{"sans", "sans", without})
	}
	all := make([]string, len(lists))
	for i, l := range lists {
		all[i] = l.String()
	}
	return strings.Join(all, " ; ")
}

func (l list) String() string {
	items := strings.Join(l.items, ", ")
	switch {
	case l.one == "":
		return items
	case len(l.items) > 1:
		return l.many + " : " + items
	}
	return l.one + " : " + items
}

// describeAny says what of several is enough.
func describeAny(parts Or) string {
	if field := commonField(parts); field != "" {
		items := make([]string, len(parts))
		for i, e := range parts {
			items[i] = bare(e)
		}
		return fieldLabel[field] + " : " + strings.Join(items, " ou ")
	}
	items := make([]string, len(parts))
	words, conditions := true, false
	for i, e := range parts {
		items[i] = inline(e)
		switch before, _ := heading(e); before {
		case "le mot", "les mots":
		case "l’expression", "un mot qui commence par":
			words = false
		default:
			conditions = true
		}
	}
	what := "l’une de ces expressions"
	switch {
	case conditions:
		what = "l’une de ces conditions"
	case words:
		what = "l’un de ces mots"
	}
	return what + " : " + strings.Join(items, ", ")
}

// commonField returns the field that all parts are asked of, or "".
func commonField(parts Or) string {
	common := fieldOf(parts[0])
	for _, e := range parts {
		if fieldOf(e) != common {
			return ""
		}
	}
	return common
}

func fieldOf(e Expr) string {
	switch e := e.(type) {
	case Word:
		return e.Field
	case Phrase:
		return e.Field
	case Prefix:
		return e.Field
	}
	return ""
}

// heading returns what stands before a word, a phrase or a beginning, and before
// several.
func heading(e Expr) (one, many string) {
	if field := fieldOf(e); field != "" {
		return fieldLabel[field], fieldLabel[field]
	}
	switch e := e.(type) {
	case Word:
		if strings.Contains(e.Text, " ") { // what names one thing: travailleur social
			return "les mots", "tous ces mots"
		}
		return "le mot", "tous ces mots"
	case Phrase:
		if e.Slop > 0 {
			s := "les mots, " + near(e.Slop)
			return s, s
		}
		return "l’expression", "les expressions"
	case Prefix:
		return "un mot qui commence par", "des mots qui commencent par"
	}
	return "", ""
}

var fieldLabel = map[string]string{
	FieldTitle: "dans le titre", FieldAuthor: "auteur", FieldSource: "source", FieldTheme: "thème", FieldType: "type", FieldCountry: "pays",
}

// bare says an expression under its heading.
func bare(e Expr) string {
	switch e := e.(type) {
	case Word:
		if label, ok := typeLabel[e.Text]; ok && e.Field == FieldType {
			return label
		}
		return e.Text
	case Phrase:
		if e.Field != "" && e.Slop > 0 {
			return "« " + e.Text + " » " + near(e.Slop)
		}
		return "« " + e.Text + " »"
	case Prefix:
		return e.Text + "…"
	}
	return inline(e)
}

var typeLabel = map[string]string{TypeEvent: "événement", TypeReport: "rapport", TypeList: "liste"}

func near(slop int) string {
	if slop == 1 {
		return "à un mot près"
	}
	return fmt.Sprintf("à %d mots près", slop)
}

// inline says an expression without a heading, in brackets where it has parts.
func inline(e Expr) string {
	switch e := e.(type) {
	case And:
		return "(" + inlineAll(e, " et ") + ")"
	case Or:
		return "(" + inlineAll(e, " ou ") + ")"
	case Not:
		return "sans " + inline(e.Of)
	case DateRange:
		return describeDates(e.From, e.To)
	case Word:
		return inField(e.Field, bare(e))
	case Phrase:
		if e.Field == "" && e.Slop > 0 {
			return bare(e) + " " + near(e.Slop)
		}
		return inField(e.Field, bare(e))
	case Prefix:
		return inField(e.Field, bare(e))
	}
	return ""
}

func inlineAll(parts []Expr, between string) string {
	all := make([]string, len(parts))
	for i, e := range parts {
		all[i] = inline(e)
	}
	return strings.ReplaceAll(strings.Join(all, between), " et sans ", " sans ")
}

func inField(field, s string) string {
	switch field {
	case "":
		return s
	case FieldTitle:
		return s + " dans le titre"
	}
	return fieldLabel[field] + " " + s
}

func describeDates(from, to Date) string {
	switch {
	case from == to && from.Day > 0:
		return "publié le " + inWords(from)
	case from == to:
		return "publié en " + inWords(from)
	case from.IsZero():
		return "publié jusqu’" + article(to, "à ", "au ") + inWords(to)
	case to.IsZero():
		return "publié depuis " + article(from, "", "le ") + inWords(from)
	}
	return "publié " + article(from, "de ", "du ") + inWords(from) + article(to, " à ", " au ") + inWords(to)
}

// article returns what stands before a year or a month, or before a day.
func article(d Date, month, day string) string {
	if d.Day > 0 {
		return day
	}
	if month == "de " && (d.Month == 4 || d.Month == 8 || d.Month == 10) { // d’avril
		return "d’"
	}
	return month
}

var months = []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// inWords writes a date in French: 2015, mars 2015, 1er mars 2015.
func inWords(d Date) string {
	s := fmt.Sprint(d.Year)
	if d.Month > 0 {
		s = months[d.Month-1] + " " + s
	}
	switch {
	case d.Day == 1:
		s = "1er " + s
	case d.Day > 1:
		s = fmt.Sprint(d.Day) + " " + s
	}
	return s
}
