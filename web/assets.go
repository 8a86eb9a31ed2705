package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"trame"
)

//go:embed assets/*.css assets/*.js assets/*.svg assets/fonts/*.woff2
var assetFiles embed.FS

// assets are the files that pages load, under names that change with their
// content, so that a browser may keep them for ever.
type assets struct {
	byName map[string]string // "style.css" → "/assets/style.1f3c….css"
	byPath map[string]asset
}

type asset struct {
	mediaType string
	etag      string
	body      []byte
}

func loadAssets() (*assets, error) {
	as := &assets{byName: map[string]string{}, byPath: map[string]asset{}}
	var sheets []string
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if path.Ext(name) == ".css" { // after the files that it names
			sheets = append(sheets, name)
			return nil
		}
		return as.load(name)
	})
	if err != nil {
		return nil, err
	}
	for _, name := range sheets {
		if err := as.load(name); err != nil {
			return nil, err
		}
	}
	return as, nil
}

func (as *assets) load(file string) error {
	body, err := assetFiles.ReadFile(file)
	if err != nil {
		return fmt.Errorf("load asset %s: %w", file, err)
	}
	name := strings.TrimPrefix(file, "assets/")
	ext := path.Ext(name)
	if ext == ".css" {
		body = []byte(as.pointFonts(string(body)))
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:6])
	at := "/assets/" + strings.TrimSuffix(path.Base(name), ext) + "." + hash + ext
	as.byName[name] = at
	as.byPath[at] = asset{mediaType: mediaType(ext), etag: `"` + hash + `"`, body: body}
	return nil
}

// pointFonts puts the served names of the fonts into a style sheet.
func (as *assets) pointFonts(sheet string) string {
	for name, at := range as.byName {
		sheet = strings.ReplaceAll(sheet, "url("+name+")", "url("+at+")")
	}
	return sheet
}

func mediaType(ext string) string {
	switch ext {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(ext)
}

// url returns the address of an asset; an unknown name is a mistake in a template.
func (as *assets) url(name string) (string, error) {
	if at, ok := as.byName[name]; ok {
		return at, nil
	}
	return "", fmt.Errorf("no asset %q", name)
}

func (as *assets) serve(c *gin.Context) error {
	a, ok := as.byPath[c.Request.URL.Path]
	if !ok {
		return trame.ErrNotFound
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Header("ETag", a.etag)
	if matches(c.GetHeader("If-None-Match"), a.etag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, a.mediaType, a.body)
	return nil
}

// matches reads an If-None-Match: a list of tags, weak or not, or a star (RFC
// 9110, 13.1.2).
func matches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// favicon answers browsers that ask for an icon before they have read a page.
func (as *assets) favicon(c *gin.Context) error {
	a := as.byPath[as.byName["favicon.svg"]]
	c.Header("Cache-Control", "public, max-age=86400")
	c.Data(http.StatusOK, a.mediaType, a.body)
	return nil
}
