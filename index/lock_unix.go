//go:build unix

package index

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"trame"
)

// lockFolder takes the folder for this process. The lock ends with the process,
// however it ends.
func lockFolder(path string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(path, "LOCK"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		pid, _ := io.ReadAll(io.LimitReader(f, 20))
		f.Close()
		return nil, fmt.Errorf("folder %s is in use by another trame (process %s); stop it first: %w", path, strings.TrimSpace(string(pid)), trame.ErrBusy)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock folder %s: %w", path, err)
	}
	if err := f.Truncate(0); err == nil { // the number is for people; a full disk does not matter
		fmt.Fprintln(f, os.Getpid())
	}
	return f, nil
}
