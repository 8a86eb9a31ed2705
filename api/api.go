// Package api answers programs: JSON under /api/v1, described by an OpenAPI 3.1
// document at /api/openapi.json that is made from the types of this package. cmd
// mounts it on the router of package web.
//
// Errors are problem documents (RFC 9457) with a French sentence; a query that
// is not understood says where and why.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"trame"
	"trame/archive"
)

// Options change how the API answers; the zero value works.
type Options struct {
	BaseURL string        // public address, "https://trame.example.org"; empty: links are relative
	Themes  []trame.Theme // the tree that /themes answers
	Version string        // of the program
	Log     *slog.Logger  // nil means nothing is logged
}

// searchTime is how long an answer waits for the index or the archive.
const searchTime = 10 * time.Second

// door is what every operation needs.
type door struct {
	archive *archive.Archive
	search  trame.Searcher
	Options
}

// Mount adds the API to a router.
func Mount(r *gin.Engine, a *archive.Archive, s trame.Searcher, o Options) {
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &door{archive: a, search: s, Options: o}
	doc := humagin.New(r, config(o))
	d.articles(doc)
	d.article(doc)
	d.suggest(doc)
	d.similar(doc)
	d.trends(doc)
	d.concordance(doc)
	d.themes(doc)
	d.sources(doc)
	d.status(doc)
	delete(doc.OpenAPI().Components.Schemas.Map(), "ErrorModel") // huma's own, of which nothing is left
	spec, err := json.Marshal(doc.OpenAPI())
	if err != nil { // the document is made of our types alone
		panic(err)
	}
	r.GET("/api/openapi.json", func(c *gin.Context) {
		c.Data(http.StatusOK, "application/openapi+json", spec)
	})
	for _, route := range r.Routes() { // net/http leaves the body of an answer to HEAD out
		if route.Method == http.MethodGet && strings.HasPrefix(route.Path, "/api/") {
			r.HEAD(route.Path, route.HandlerFunc)
		}
	}
}

// config is huma's without its web pages, its second copies of the document and
// its $schema fields.
func config(o Options) huma.Config {
	c := huma.DefaultConfig("Trame", o.Version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	c.Info.Description = "Articles de travail social francophone : recherche, thèmes, sources. " +
		"Le texte d’un article est cherché en entier ; il n’est rendu que si sa source le permet."
	if o.BaseURL != "" {
		c.Servers = []*huma.Server{{URL: o.BaseURL}}
	}
	return c
}

// operation is a GET under /api/v1 whose errors are problem documents.
func operation(doc huma.API, id, path, summary string, params []*huma.Param, failures ...int) huma.Operation {
	op := huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary,
		Parameters: params, Responses: map[string]*huma.Response{},
	}
	describeProblems(doc, &op, append(failures, http.StatusInternalServerError, http.StatusServiceUnavailable))
	return op
}

// register binds an operation to its work: it bounds its time, recovers its
// errors in one place and turns them into problems.
func register[I, O any](d *door, doc huma.API, op huma.Operation, work func(context.Context, *I) (*O, error)) {
	huma.Register(doc, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, stop := context.WithTimeout(ctx, searchTime)
		defer stop()
		out, err := work(ctx, in)
		if err != nil {
			return nil, d.problem(op.OperationID, err)
		}
		return out, nil
	})
}
