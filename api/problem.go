package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"trame"
)

// Problem is an error as programs receive it (RFC 9457).
type Problem struct {
	Title  string `json:"title" doc:"Ce qui ne va pas, en peu de mots"`
	Status int    `json:"status" doc:"Le statut HTTP"`
	Detail string `json:"detail" doc:"Une phrase en français : quoi, et que faire"`
	Field  string `json:"field,omitempty" doc:"Le paramètre qui n’est pas compris"`
	At     *int   `json:"at,omitempty" nullable:"false" doc:"Où dans q, en octets depuis le début"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem finds the words for an error; it is the one place where errors become
// answers. What is our own fault goes to the log.
func (d *door) problem(operation string, err error) error {
	var known *Problem
	if errors.As(err, &known) {
		return err
	}
	var bad *trame.QueryError
	switch {
	case errors.As(err, &bad):
		p := &Problem{Title: "Recherche incomprise", Status: http.StatusBadRequest, Detail: bad.Msg, Field: bad.Field}
		if bad.Field == "q" {
			p.At = &bad.At
		}
		return p
	case errors.Is(err, trame.ErrInvalidQuery):
		return &Problem{Title: "Recherche incomprise", Status: http.StatusBadRequest, Detail: "Cette recherche n’est pas comprise."}
	case errors.Is(err, trame.ErrNotFound):
		return &Problem{Title: "Introuvable", Status: http.StatusNotFound, Detail: "Cet article n’est pas dans le fonds."}
	case errors.Is(err, trame.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return huma.ErrorWithHeaders(
			&Problem{Title: "Trop de demandes", Status: http.StatusServiceUnavailable, Detail: "Trop de recherches à la fois. Réessayez dans quelques secondes."},
			http.Header{"Retry-After": {"2"}, "Cache-Control": {"no-store"}})
	}
	if !errors.Is(err, context.Canceled) { // else the client has left
		d.Log.Error("api failed", "operation", operation, "err", err)
	}
	return &Problem{Title: "Erreur de Trame", Status: http.StatusInternalServerError, Detail: "L’erreur vient de Trame ; elle est notée dans son journal. Réessayez dans un moment."}
}

// describeProblems writes the errors of an operation into the document.
func describeProblems(doc huma.API, op *huma.Operation, statuses []int) {
	schema := doc.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range statuses {
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
		}
	}
}
