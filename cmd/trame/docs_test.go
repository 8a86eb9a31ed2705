package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write the README's table of settings anew")

const (
	tableBegins = "|---|---|\n"
	tableEnds   = "<!-- /settings -->"
)

// settingRows returns a row of the README's table for every setting, and the
// names of all environment variables that the program reads.
func settingRows(t *testing.T) (rows []string, names map[string]bool) {
	t.Helper()
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	names = map[string]bool{}
	add := func(flags []*kong.Flag) {
		for _, f := range flags {
			if len(f.Envs) == 0 || names[f.Envs[0]] {
				continue
			}
			names[f.Envs[0]] = true
			meaning := f.Help
			if f.HasDefault && f.Default != "" {
				meaning += " Default: `" + f.Default + "`."
			}
			rows = append(rows, fmt.Sprintf("| `%s` | %s |\n", f.Envs[0], meaning))
		}
	}
	add(parser.Model.Flags)
	for _, c := range parser.Model.Children {
		add(c.Flags)
	}
	return rows, names
}

// TestReadmeSettings holds the README's table to the settings that the program
// has; -update writes it.
func TestReadmeSettings(t *testing.T) {
	const file = "../../README.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), "<!-- settings:")
	head, rest, ok2 := strings.Cut(rest, tableBegins)
	_, after, ok3 := strings.Cut(rest, tableEnds)
	if !ok || !ok2 || !ok3 {
		t.Fatal("README.md has no table of settings between its two comments")
	}
	rows, _ := settingRows(t)
	want := before + "<!-- settings:" + head + tableBegins + strings.Join(rows, "") + tableEnds + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatal("the README's table of settings is not that of the program; go test ./cmd/trame -run TestReadmeSettings -update")
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestNamedSettingsExist holds the files that set the environment to names that
// the program reads.
func TestNamedSettingsExist(t *testing.T) {
	_, names := settingRows(t)
	for _, file := range []string{"../../docker-compose.yml", "../../Dockerfile", "../../README.md", "../../README.fr.md", "../../docs/operations.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`TRAME_[A-Z_]+`).FindAllString(string(text), -1) {
			if !names[name] {
				t.Errorf("%s names %s, which the program does not read", file, name)
			}
		}
	}
}
