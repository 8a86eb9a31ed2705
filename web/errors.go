package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"trame"
)

// failure is what a person is told of an error.
type failure struct {
	status  int
	heading string
	say     string
}

// handle makes a handler that may fail into one that answers its errors.
func (s *site) handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.answerError(c, err)
		}
	}
}

// explain finds the words for an error.
func explain(err error) failure {
	var tooLarge *http.MaxBytesError
	var bad *trame.QueryError
	switch {
	case errors.As(err, &bad):
		return failure{http.StatusBadRequest, "Cette recherche n’est pas comprise", bad.Msg}
	case errors.Is(err, trame.ErrInvalidQuery), errors.Is(err, errBadAddress):
		return failure{http.StatusBadRequest, "Cette adresse n’est pas comprise", "L’adresse est mal formée : un signe % n’y est pas suivi de deux chiffres hexadécimaux, par exemple."}
	case errors.Is(err, trame.ErrNotFound):
		return failure{http.StatusNotFound, "Cette page n’existe pas", "L’adresse est peut-être incomplète, ou l’article n’est pas dans le fonds."}
	case errors.Is(err, errMethod):
		return failure{http.StatusMethodNotAllowed, "Cette action n’est pas possible ici", "Cette adresse se consulte, mais ne reçoit rien."}
	case errors.As(err, &tooLarge):
		return failure{http.StatusRequestEntityTooLarge, "C’est trop long", "L’envoi dépasse ce que Trame accepte."}
	case errors.Is(err, errAddressTooLong):
		return failure{http.StatusRequestURITooLong, "Cette adresse est trop longue", "Raccourcissez la recherche ou retirez des filtres."}
	case errors.Is(err, trame.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return failure{http.StatusServiceUnavailable, "Trop de recherches à la fois", "Réessayez dans quelques secondes : votre recherche reste dans le champ."}
	}
	return failure{http.StatusInternalServerError, "Quelque chose s’est mal passé", "L’erreur vient de Trame, pas de vous ; elle est notée dans le journal. Réessayez dans un moment."}
}

// errorPage is every answer that is not what was asked for.
type errorPage struct {
	frame
	Status  int
	Heading string
	Say     string
	Mistake *mistake
	Dates   *datesForm // where a date is what is wrong
}

// datesForm lets a reader correct a date and keep the rest of the search.
type datesForm struct {
	From, To string // as they were typed
	Bad      string // "from" or "to"
	Kept     []field
}

// mistake shows where a query stops being understood.
type mistake struct{ Before, Here, After string }

// answerError is the one place where errors become answers.
func (s *site) answerError(c *gin.Context, err error) {
	if c.Writer.Written() {
		s.Log.Error("answer broken off", "route", c.FullPath(), "err", err)
		return
	}
	if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
		c.Status(499) // the reader has left; nobody sees this but the log
		return
	}
	f := explain(err)
	if f.status == http.StatusInternalServerError {
		s.Log.Error("page failed", "route", c.FullPath(), "err", err)
	}
	if f.status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "2")
	}
	c.Header("Cache-Control", "no-store")
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		problem(c, f)
		return
	}
	p := &errorPage{frame: s.frame(f.heading, ""), Status: f.status, Heading: f.heading, Say: f.say}
	p.NoIndex, p.Box = true, clip(c.Query("q"), 4*trame.MaxQueryBytes)
	p.Mistake = findMistake(err, p.Box)
	if c.Request.URL.Path == "/recherche" {
		s.keepSearch(c.Request.URL.Query(), err, p)
	}
	if err := s.render(c, f.status, "erreur", p); err != nil {
		s.Log.Error("error page failed", "err", err)
		c.String(f.status, "%s\n", cmp.Or(f.heading, "Erreur"))
	}
}

// keepSearch lets the forms of an error page carry on with what was asked, but
// for what was wrong in it.
func (s *site) keepSearch(v url.Values, err error, p *errorPage) {
	var bad *trame.QueryError
	field := ""
	if errors.As(err, &bad) {
		field = bad.Field
	}
	p.Kept = raw(v, "q", field)
	switch {
	case field == "from" || field == "to":
		p.Dates = &datesForm{From: clip(v.Get("from"), 100), To: clip(v.Get("to"), 100), Bad: field, Kept: raw(v, "from", "to")}
	case field == "q" && utf8.RuneCountInString(v.Get("q")) > trame.MaxQueryLength:
		p.Say = fmt.Sprintf("La recherche est trop longue\u00a0: elle compte %s, pour %d au plus.",
			count(utf8.RuneCountInString(v.Get("q")), "caractère"), trame.MaxQueryLength)
	}
}

// problem answers a program (RFC 9457).
func problem(c *gin.Context, f failure) {
	switch f.status {
	case http.StatusNotFound:
		f.heading, f.say = "Cette adresse n’existe pas", "Les adresses de l’API sont décrites dans /api/openapi.json."
	case http.StatusMethodNotAllowed:
		f.say = "L’API se lit avec GET ou HEAD et ne reçoit rien."
	}
	body, err := json.Marshal(struct {
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail"`
	}{f.heading, f.status, f.say})
	if err != nil { // strings and a number cannot fail to encode
		panic(err)
	}
	c.Data(f.status, "application/problem+json", body)
}

// findMistake cuts the text of a query at the place that a QueryError names.
func findMistake(err error, text string) *mistake {
	var bad *trame.QueryError
	if !errors.As(err, &bad) || bad.Field != "q" || text == "" || bad.At < 0 || bad.At > len(text) {
		return nil
	}
	before, rest := strings.ToValidUTF8(text[:bad.At], ""), strings.ToValidUTF8(text[bad.At:], "")
	m := &mistake{Before: before, Here: rest}
	if i := strings.IndexByte(rest, ' '); i > 0 {
		m.Here, m.After = rest[:i], rest[i:]
	}
	return m
}

// clip cuts text at n bytes, between two characters.
func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}
