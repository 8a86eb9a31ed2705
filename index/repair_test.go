package index

import (
	"errors"
	"testing"

	"trame"
)

// TestRepairIsTriedAgain: an index that could not be opened again after a failure
// is opened by the next look of Follow.
func TestRepairIsTriedAgain(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a).(*bleveEngine)
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	e.mu.Lock()
	g := e.now
	e.now = nil // what repair leaves when the index cannot be opened
	e.mu.Unlock()
	if err := g.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Search(t.Context(), trame.Query{}); !errors.Is(err, trame.ErrBusy) {
		t.Fatalf("Search without an index = %v, want ErrBusy", err)
	}
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	if r, err := e.Search(t.Context(), trame.Query{}); err != nil || r.Total == 0 {
		t.Errorf("Search after CatchUp = %v, %v, want the articles", r, err)
	}
}
