//go:build unix

package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"trame"
)

// lockName is the file that says who uses a folder. It stays when the process
// ends; the kernel's lock on it does not, whatever ends the process.
const lockName = "trame.lock"

// lockPatience is how long a second process waits for the first to end: long
// enough for a restart, short enough for a person.
const lockPatience = time.Second

// lockFolder makes this process the only user of the archive in dir, or returns
// an error matching trame.ErrBusy that names dir and the process that has it.
func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder %s: %w; trame must be able to write there", dir, err)
	}
	for end := time.Now().Add(lockPatience); ; time.Sleep(50 * time.Millisecond) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, signLock(f)
		}
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("lock the data folder %s: %w; its file system must support locks, a network share may not", dir, err)
		}
		if time.Now().After(end) {
			holder := lockHolder(f)
			f.Close()
			return nil, fmt.Errorf("the data folder %s is in use by %s: stop that one, or choose another folder: %w", dir, holder, trame.ErrBusy)
		}
	}
}

// signLock writes the number of this process into the lock file.
func signLock(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("write %s: %w", f.Name(), err)
	}
	if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return fmt.Errorf("write %s: %w", f.Name(), err)
	}
	return nil
}

// lockHolder reads who signed the lock file.
func lockHolder(f *os.File) string {
	b, _ := io.ReadAll(io.LimitReader(f, 32))
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || pid <= 0 {
		return "another trame"
	}
	return "another trame (process " + strconv.Itoa(pid) + ")"
}
