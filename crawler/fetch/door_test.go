package fetch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// otherDoors are the files that may speak HTTP without this package, and why.
var otherDoors = map[string]string{
	"cmd/trame/check.go": "trame healthcheck asks the server of its own machine",
	"bench/":             "measures our server from outside",
}

// forbidden are the names of net/http that reach the web without a Client.
var forbidden = []string{
	"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport", "Transport", "ProxyFromEnvironment", "ProxyURL",
}

// TestOnlyDoor walks the whole repository: no other code fetches anything.
func TestOnlyDoor(t *testing.T) {
	const root = "../.."
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" || name == "crawler/fetch") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || excused(name) {
			return nil
		}
		files++
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for pos, what := range doors(f) {
			t.Errorf("%s:%d: %s: every fetch goes through fetch.Client", name, set.Position(pos).Line, what)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("%d files looked at: is %s still the root of the repository?", files, root)
	}
}

func excused(name string) bool {
	for path := range otherDoors {
		if name == path || strings.HasSuffix(path, "/") && strings.HasPrefix(name, path) {
			return true
		}
	}
	return false
}

// doors returns what in a file reaches the web by itself.
func doors(f *ast.File) map[token.Pos]string {
	found := map[token.Pos]string{}
	web, crawl := importName(f, "net/http"), importName(f, "github.com/gocolly/colly/v2")
	var collectors []token.Pos
	transports, limits := 0, 0
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			switch {
			case web != "" && isName(n.X, web) && slices.Contains(forbidden, n.Sel.Name):
				found[n.Pos()] = "http." + n.Sel.Name
			case n.Sel.Name == "ParseURL" || n.Sel.Name == "ParseURLWithContext":
				found[n.Pos()] = n.Sel.Name
			case crawl != "" && isName(n.X, crawl) && n.Sel.Name == "NewCollector":
				collectors = append(collectors, n.Pos())
			case n.Sel.Name == "WithTransport":
				transports++
			case n.Sel.Name == "MaxBodySize":
				limits++
			}
		case *ast.CompositeLit:
			if s, ok := n.Type.(*ast.SelectorExpr); ok && web != "" && isName(s.X, web) && s.Sel.Name == "Client" && !hasKey(n, "Transport") {
				found[n.Pos()] = "http.Client without a Transport"
			}
		case *ast.CallExpr:
			if isName(n.Fun, "new") && len(n.Args) == 1 {
				if s, ok := n.Args[0].(*ast.SelectorExpr); ok && web != "" && isName(s.X, web) && s.Sel.Name == "Client" {
					found[n.Pos()] = "new(http.Client)"
				}
			}
		case *ast.ValueSpec:
			if s, ok := n.Type.(*ast.SelectorExpr); ok && web != "" && isName(s.X, web) && s.Sel.Name == "Client" {
				found[n.Pos()] = "http.Client without a Transport"
			}
		}
		return true
	})
	if len(collectors) > transports || len(collectors) > limits {
		found[collectors[0]] = "colly.NewCollector without WithTransport and MaxBodySize(0), or colly cuts pages silently"
	}
	return found
}

func importName(f *ast.File, path string) string {
	for _, i := range f.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err != nil || p != path {
			continue
		}
		if i.Name != nil {
			return i.Name.Name
		}
		return map[string]string{"net/http": "http", "github.com/gocolly/colly/v2": "colly"}[path]
	}
	return ""
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func hasKey(c *ast.CompositeLit, key string) bool {
	return slices.ContainsFunc(c.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		return ok && isName(kv.Key, key)
	})
}

// TestDoors: the walk finds what it is there to find.
func TestDoors(t *testing.T) {
	const head = "package x\nimport (\n\"net/http\"\nw \"net/http\"\n\"github.com/gocolly/colly/v2\"\n\"github.com/mmcdole/gofeed\"\n)\n"
	for code, want := range map[string]int{
		"var a, _ = http.Get(s)":                                     1,
		"var a = http.DefaultClient":                                 1,
		"var a = http.DefaultTransport":                              1,
		"var a = &http.Client{}":                                     1,
		"var a = &http.Client{Timeout: 1}":                           1,
		"var a = &http.Client{Transport: c}":                         0,
		"var a = new(http.Client)":                                   1,
		"var a http.Client":                                          1,
		"var a *http.Client":                                         0,
		"var a = &http.Transport{}":                                  1,
		"var a, _ = gofeed.NewParser().ParseURL(s)":                  1,
		"var a = colly.NewCollector()":                               1,
		"func f() { c := colly.NewCollector(); c.WithTransport(x) }": 1,
		"func f() { c := colly.NewCollector(colly.MaxBodySize(0)); c.WithTransport(x) }":             0,
		"var a = http.Server{}\nfunc f(w http.ResponseWriter) { http.Error(w, s, http.StatusGone) }": 0,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", strings.Replace(head, "w \"net/http\"\n", "", 1)+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := doors(f); len(got) != want {
			t.Errorf("doors(%s) = %v, want %d", code, got, want)
		}
	}
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nimport w \"net/http\"\nvar a, _ = w.Get(s)", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := doors(f); len(got) != 1 {
		t.Errorf("an import under another name hides http.Get: %v", got)
	}
}
