package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be trame itself when a script calls it by that
// name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"trame": main})
}

// trameBinary builds trame and returns its path: the tests that start, kill and
// time processes want it as people run it, without the race detector.
func trameBinary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trame")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build trame: %v\n%s", err, out)
	}
	return path
}

// TestScripts runs command lines as a person would type them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != ""})
}
