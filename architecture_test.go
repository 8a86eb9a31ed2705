package trame_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which rooms of this module a room may import, besides itself and
// what lies inside it. A new room or arrow changes this table and
// docs/decisions.md in the same commit.
var arrows = map[string][]string{
	// floor 0: the nouns
	".": {},
	// floor 1: no arrow between these
	"archive": {"."},
	"french":  {"."},
	"export":  {"."},
	// floor 2: no arrow between these
	"crawler": {".", "archive", "french"},
	"index":   {".", "archive", "french"},
	"api":     {".", "archive", "french", "export"},
	"web":     {".", "archive", "french", "export"},
	// floor 3: every key
	"cmd":   {".", "archive", "french", "export", "crawler", "index", "api", "web"},
	"bench": {".", "archive", "french", "export", "crawler", "index", "api", "web", "cmd"},
}

// banned names what a folder must not import although its floor would allow it,
// with the reason.
var banned = map[string]struct {
	paths  []string
	reason string
}{
	"crawler/read":  {[]string{"net/http", "database/sql", "os", "trame/archive", "trame/crawler/fetch"}, "reading a page is pure: no network, no clock, no database"},
	"crawler/fetch": {[]string{"trame/archive", "trame/crawler/read"}, "the door to the web knows nothing of what comes through it"},
}

func TestArrows(t *testing.T) {
	for file, imports := range sources(t) {
		room := roomOf(path.Dir(file))
		allowed, known := arrows[room]
		if !known {
			t.Errorf("%s: %q is not a room of the table", file, room)
			continue
		}
		for _, imported := range imports {
			to, ours := ourRoom(imported)
			if ours && to != room && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s: no arrow leads from %s to %s", file, imported, room, to)
			}
			if room == "." && !ours && strings.Contains(strings.Split(imported, "/")[0], ".") {
				t.Errorf("%s imports %s: the root knows the standard library alone", file, imported)
			}
		}
	}
}

func TestBanned(t *testing.T) {
	for file, imports := range sources(t) {
		for folder, ban := range banned {
			if path.Dir(file) != folder && !strings.HasPrefix(file, folder+"/") {
				continue
			}
			for _, imported := range imports {
				if slices.Contains(ban.paths, imported) {
					t.Errorf("%s imports %s: %s", file, imported, ban.reason)
				}
			}
		}
	}
}

// TestTableIsTrue keeps the table from naming rooms that are not there.
func TestTableIsTrue(t *testing.T) {
	found := map[string]bool{}
	for file := range sources(t) {
		found[roomOf(path.Dir(file))] = true
	}
	for room := range arrows {
		if !found[room] {
			t.Errorf("the table names the room %q, which holds no Go file", room)
		}
	}
}

// sources returns the imports of every Go file of the product (tests left out),
// by its path from the root.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || name == "tools" || strings.HasPrefix(name, ".") && name != ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			all[filepath.ToSlash(p)] = append(all[filepath.ToSlash(p)], imported)
		}
		if len(f.Imports) == 0 {
			all[filepath.ToSlash(p)] = nil
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// roomOf returns the first folder of a path, or "." for the root.
func roomOf(dir string) string {
	first, _, _ := strings.Cut(dir, "/")
	return first
}

// ourRoom returns the room of an import path of this module.
func ourRoom(imported string) (room string, ours bool) {
	if imported == "trame" {
		return ".", true
	}
	rest, ours := strings.CutPrefix(imported, "trame/")
	return roomOf(rest), ours
}
