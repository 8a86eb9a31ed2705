package french

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed thesaurus.tsv
var thesaurusFile string

// DefaultThesaurus returns the built-in thesaurus of Belgian and French social
// work. It is read anew each time: call it once.
func DefaultThesaurus() *Thesaurus {
	t, err := ReadThesaurus(strings.NewReader(thesaurusFile), "the built-in thesaurus")
	if err != nil {
		panic(err) // a test reads the file
	}
	return t
}

// Kinds of lines.
const (
	kindAcronym   = "acronym"
	kindAmbiguous = "ambiguous"
	kindSynonym   = "synonym"
	kindNear      = "near"
	kindTwin      = "twin"
)

var weights = map[string]float64{
	kindAcronym: WeightAcronym, kindAmbiguous: WeightAmbiguous, kindSynonym: WeightSynonym, kindNear: WeightNear,
}

const (
	thesaurusColumns = "kind\tcountry\tforms\tsource"
	allCountries     = "all"
	capitalsOnly     = "!"
)

// Bounds of a file.
const (
	maxThesaurusBytes = 2 << 20
	maxThesaurusLines = 10_000
	maxForms          = 24 // of a line
	maxFormBytes      = 160
	maxFormTerms      = 16
)

// ReadThesaurus reads a thesaurus: UTF-8 text, 2 MiB and 10,000 lines at most,
// with four columns parted by tabs. The first line names them:
//
//	kind	country	forms	source
//	acronym	BE	CPAS|centre public d'action sociale	https://…
//	synonym	all	burn-out|épuisement professionnel	…
//	twin	BE/FR	CPAS = CCAS	…
//
// The kind says what the forms, parted by |, are to each other: acronym (an
// acronym and what it stands for), ambiguous (the same, but the acronym often
// means something else), synonym (names of one thing), near (related things),
// twin (left of the equals sign what the first country says, right of it what the
// second does; it reaches their acronyms and long forms through their own lines).
// The country is two capital letters, all, or two countries for a twin. A form
// that ends in ! counts in capitals alone: VIF!. The source is for people, and
// may be empty. Empty lines and lines that begin with # say nothing.
//
// An acronym on several lines is ambiguous by itself. Errors name the file as
// name, the line, what is wrong and how to write it.
func ReadThesaurus(r io.Reader, name string) (*Thesaurus, error) {
	lines := bufio.NewScanner(io.LimitReader(r, maxThesaurusBytes+1))
	lines.Buffer(nil, maxThesaurusBytes+2)
	b := newBuilder()
	n, size, header := 0, 0, false
	for lines.Scan() {
		n++
		size += len(lines.Bytes()) + 1
		text := strings.TrimSuffix(lines.Text(), "\r")
		if n == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		var err error
		switch {
		case size > maxThesaurusBytes+1 || n > maxThesaurusLines:
			err = fmt.Errorf("the file is too long; %d MiB and %d lines are the most", maxThesaurusBytes>>20, maxThesaurusLines)
		case strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#"):
		case !header:
			header = true
			if strings.TrimRight(text, "\t ") != thesaurusColumns {
				err = fmt.Errorf("the first line must name the columns kind, country, forms and source, parted by tabs; it is %.60q", text)
			}
		default:
			err = b.line(text)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, n, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s, line %d: the line is too long", name, n+1)
	} else if err != nil {
		return nil, fmt.Errorf("%s, after line %d: %w", name, n, err)
	}
	if !header {
		return nil, fmt.Errorf("%s: empty; the first line must name the columns kind, country, forms and source, parted by tabs", name)
	}
	return b.finish(), nil
}

var (
	oneCountry   = regexp.MustCompile(`^([A-Z]{2}|all)$`)
	twoCountries = regexp.MustCompile(`^([A-Z]{2})/([A-Z]{2})$`)
)

// line takes in a line of the file.
func (b *builder) line(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("the text is not UTF-8; save the file as UTF-8")
	}
	columns := strings.Split(text, "\t")
	if len(columns) < 3 || len(columns) > 4 {
		return fmt.Errorf("want the columns kind, country, forms and source, parted by tabs (not by spaces); this line has %d", len(columns))
	}
	kind, country, forms := strings.TrimSpace(columns[0]), strings.TrimSpace(columns[1]), columns[2]
	b.entries++
	if kind == kindTwin {
		return b.twinLine(country, forms)
	}
	if _, known := weights[kind]; !known {
		return fmt.Errorf("kind %q; want acronym, ambiguous, synonym, near or twin", kind)
	}
	if !oneCountry.MatchString(country) {
		return fmt.Errorf("country %q; want two capital letters such as BE, or all", country)
	}
	numbers, err := b.formList(forms)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(numbers, func(n int) bool { return b.forms[n].key != b.forms[numbers[0]].key }) {
		return fmt.Errorf("%q: all forms are one to the search, which heeds no accents, capitals, plurals or small words; add a form that differs, after |", forms)
	}
	b.concept(kind, country, numbers)
	return nil
}

func (b *builder) twinLine(country, forms string) error {
	countries := twoCountries.FindStringSubmatch(country)
	if countries == nil || countries[1] == countries[2] {
		return fmt.Errorf("country %q; a twin wants two countries, such as BE/FR", country)
	}
	left, right, ok := strings.Cut(forms, "=")
	if !ok || strings.Contains(right, "=") {
		return fmt.Errorf("forms %q; a twin wants one equals sign between the words of %s and those of %s, such as CPAS = CCAS", forms, countries[1], countries[2])
	}
	tw := twin{countries: [2]string{countries[1], countries[2]}}
	for i, side := range []string{left, right} {
		numbers, err := b.formList(side)
		if err != nil {
			return err
		}
		tw.sides[i] = numbers
	}
	for _, n := range tw.sides[0] {
		if slices.Contains(tw.sides[1], n) {
			return fmt.Errorf("%q stands on both sides of the equals sign; leave it out on one", b.forms[n].text)
		}
	}
	b.twins = append(b.twins, tw)
	return nil
}

// formList reads forms parted by |.
func (b *builder) formList(list string) ([]int, error) {
	texts := strings.Split(list, "|")
	if len(texts) > maxForms {
		return nil, fmt.Errorf("%d forms; %d are the most", len(texts), maxForms)
	}
	var numbers []int
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if err := checkForm(text); err != nil {
			return nil, err
		}
		n, ok := b.form(text)
		if !ok {
			return nil, fmt.Errorf("form %q holds no word that can be looked up; leave it out, or write it in full", text)
		}
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers, nil
}

func checkForm(text string) error {
	switch {
	case text == "":
		return errors.New("an empty form; write forms with one | between them, and none at the ends")
	case len(text) > maxFormBytes:
		return fmt.Errorf("form %.40q… is too long; %d bytes are the most", text, maxFormBytes)
	case len(Analyze(text)) > maxFormTerms:
		return fmt.Errorf("form %.40q… has too many words; %d are the most, small ones not counted", text, maxFormTerms)
	}
	return nil
}
