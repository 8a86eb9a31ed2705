package archive

import (
	"path/filepath"
	"strings"
	"testing"
)

// The links of one source are found without walking those of all.
func TestLinksByIndex(t *testing.T) {
	a := openAt(t, filepath.Join(t.TempDir(), "a.db"))
	var id, parent, unused int
	var step string
	err := a.r.QueryRowContext(t.Context(), `EXPLAIN QUERY PLAN SELECT `+linkColumns+` FROM links WHERE url > $1 AND source = $2 ORDER BY url LIMIT 200`, "a", "b").
		Scan(&id, &parent, &unused, &step)
	if err != nil || !strings.Contains(step, "(source=? AND url>?)") {
		t.Errorf("plan = %q, %v, want a search by source and address", step, err)
	}
}
