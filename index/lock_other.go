//go:build !unix

package index

import (
	"os"
	"path/filepath"
)

// lockFolder opens the lock file alone: where there is no flock, Bleve's own lock
// guards the index (bolt_timeout).
func lockFolder(path string) (*os.File, error) {
	return os.OpenFile(filepath.Join(path, "LOCK"), os.O_RDWR|os.O_CREATE, 0o600)
}
