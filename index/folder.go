package index

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// folder is where an index lives:
//
//	LOCK      held while the index is open
//	CURRENT   the name of the generation in use, replaced in one step
//	g1, g2…   generations, each a Bleve index; those that are not in use are removed
//	damaged   the last one that could not be used, kept for a look
type folder struct {
	path string
	lock *os.File
}

func openFolder(path string) (*folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	lock, err := lockFolder(path)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	return &folder{path, lock}, nil
}

func (f *folder) close() error { return f.lock.Close() }

// current returns the path of the generation in use, or "".
func (f *folder) current() string {
	b, err := os.ReadFile(filepath.Join(f.path, "CURRENT"))
	name := strings.TrimSpace(string(b))
	if err != nil || generationNumber(name) == 0 {
		return ""
	}
	return filepath.Join(f.path, name)
}

// use makes a generation the one in use.
func (f *folder) use(generation string) error {
	next := filepath.Join(f.path, "CURRENT.new")
	file, err := os.Create(next)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, filepath.Base(generation))
	if err == nil {
		err = file.Sync()
	}
	if e := file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Rename(next, filepath.Join(f.path, "CURRENT")); err != nil {
		return err
	}
	return syncFolder(f.path)
}

// syncFolder makes a rename in a folder last. Some systems cannot; the rename
// stands all the same.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// next returns the path of a generation that does not exist yet.
func (f *folder) next() string {
	last := 0
	for _, name := range f.generations() {
		last = max(last, generationNumber(name))
	}
	return filepath.Join(f.path, "g"+strconv.Itoa(last+1))
}

func (f *folder) generations() []string {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if generationNumber(e.Name()) > 0 {
			names = append(names, e.Name())
		}
	}
	return names
}

// generationNumber returns 3 for "g3", and 0 for what is no generation.
func generationNumber(name string) int {
	digits, ok := strings.CutPrefix(name, "g")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || digits != strconv.Itoa(n) {
		return 0
	}
	return n
}

// setAside keeps a generation that cannot be used, in the place of an earlier one.
func (f *folder) setAside(generation string) error {
	aside := filepath.Join(f.path, "damaged")
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	return os.Rename(generation, aside)
}

// tidy removes the generations that are not in use: a rebuild that did not end,
// or the one before.
func (f *folder) tidy() {
	for _, name := range f.generations() {
		if path := filepath.Join(f.path, name); path != f.current() {
			os.RemoveAll(path)
		}
	}
}
