package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	bolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sync/errgroup"

	"trame"
)

// Keys of what a generation says of itself, written in the batch that makes it true.
var (
	keyMapping = []byte("mapping") // mappingVersion
	keyCursor  = []byte("cursor")  // number of the last change applied
	keyCount   = []byte("count")   // documents
)

// errDamaged marks what is wrong with a generation that cannot be used.
var errDamaged = errors.New("damaged index")

// generation is one open Bleve index.
type generation struct {
	path    string
	store   index.Index
	queue   *index.AnalysisQueue
	columns columnCache
	words   lexiconKeeper
}

// createGeneration makes an empty one.
func createGeneration(path string) (*generation, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	g, err := startGeneration(path)
	if err != nil {
		return nil, err
	}
	b := index.NewBatch()
	b.SetInternal(keyMapping, []byte(mappingVersion))
	b.SetInternal(keyCursor, encodeNumber(0))
	b.SetInternal(keyCount, encodeNumber(0))
	if err := g.store.Batch(b); err != nil {
		g.close()
		return nil, fmt.Errorf("create index %s: %w", path, err)
	}
	return g, nil
}

// openGeneration opens one and checks it. Whatever is wrong with it, a panic in
// Bleve or a page that cannot be read included, is an error.
func openGeneration(path string) (*generation, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open index %s: %w", path, diagnose(err))
	}
	g, err := startGeneration(path)
	if err != nil {
		return nil, err
	}
	if err := g.check(); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

func startGeneration(path string) (g *generation, err error) {
	debug.SetPanicOnFault(true)
	defer recovered(&err, "open index "+path)
	g = &generation{path: path, queue: index.NewAnalysisQueue(1)}
	g.store, err = scorch.NewScorch(scorch.Name, map[string]any{"path": path, "bolt_timeout": "1s"}, g.queue)
	if err == nil {
		err = g.store.Open()
	}
	if err != nil {
		g.queue.Close()
		return nil, fmt.Errorf("open index %s: %w", path, diagnose(err))
	}
	return g, nil
}

// diagnose says what an error on opening means: that the folder is in use, that
// the system lacks something for now, or else that the index is damaged.
func diagnose(err error) error {
	if errors.Is(err, bolterrors.ErrTimeout) {
		return fmt.Errorf("%w: another process uses it", trame.ErrBusy)
	}
	for _, passing := range []error{fs.ErrPermission, syscall.ENOSPC, syscall.EMFILE, syscall.ENFILE, syscall.EROFS, syscall.ENOMEM} {
		if errors.Is(err, passing) {
			return err
		}
	}
	return fmt.Errorf("%w: %v", errDamaged, err)
}

// recovered makes an error of a panic, and of memory that cannot be read because
// the file behind it has shrunk. Defer it first.
func recovered(err *error, doing string) {
	debug.SetPanicOnFault(false)
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: %w: %v", doing, errDamaged, p)
	}
}

// check compares the generation with what it says of itself, and its files with
// their checksums, which Bleve does not.
func (g *generation) check() (err error) {
	debug.SetPanicOnFault(true)
	defer recovered(&err, "check index "+g.path)
	s, err := g.snapshot()
	if err != nil {
		return err
	}
	defer s.Close()
	if v := string(s.Internal()[string(keyMapping)]); v != mappingVersion {
		return fmt.Errorf("%w: mapping %q, want %q", errDamaged, v, mappingVersion)
	}
	n, err := s.DocCount()
	if err != nil {
		return err
	}
	if want := decodeNumber(s.Internal()[string(keyCount)]); int64(n) != want {
		return fmt.Errorf("%w: %d documents, want %d", errDamaged, n, want)
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, seg := range s.Segments() {
		if p, ok := seg.Segment().(segment.PersistedSegment); ok {
			group.Go(func() error { return checkFile(p.Path()) })
		}
	}
	return group.Wait()
}

// checkFile compares a segment with the CRC-32 at its end.
func checkFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return diagnose(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < 4 {
		return fmt.Errorf("%w: %s is too short", errDamaged, path)
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-4); err != nil {
		return fmt.Errorf("%w: %v", errDamaged, err)
	}
	var end [4]byte
	if _, err := io.ReadFull(f, end[:]); err != nil {
		return fmt.Errorf("%w: %v", errDamaged, err)
	}
	if binary.BigEndian.Uint32(end[:]) != sum.Sum32() {
		return fmt.Errorf("%w: %s does not match its checksum", errDamaged, path)
	}
	return nil
}

// snapshot returns the state of now; close it.
func (g *generation) snapshot() (*scorch.IndexSnapshot, error) {
	r, err := g.store.Reader()
	if err != nil {
		return nil, err
	}
	s, ok := r.(*scorch.IndexSnapshot)
	if !ok || s == nil {
		return nil, fmt.Errorf("read index %s: closed", g.path)
	}
	return s, nil
}

func (g *generation) close() (err error) {
	defer recovered(&err, "close index "+g.path)
	err = g.store.Close()
	g.queue.Close()
	return err
}

// cursor returns the number of the last change applied.
func (g *generation) cursor() (int64, error) {
	s, err := g.snapshot()
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return decodeNumber(s.Internal()[string(keyCursor)]), nil
}

// apply writes documents, takes others away and moves the cursor, in one batch.
func (g *generation) apply(documents []*document, gone []string, upTo int64) (err error) {
	debug.SetPanicOnFault(true)
	defer recovered(&err, "write index "+g.path)
	b := index.NewBatch()
	ids := make([]string, 0, len(documents)+len(gone))
	for _, d := range documents {
		b.Update(d)
		ids = append(ids, d.id)
	}
	for _, id := range gone {
		b.Delete(id)
		ids = append(ids, id)
	}
	before, known, err := g.count(ids)
	if err != nil {
		return err
	}
	b.SetInternal(keyCursor, encodeNumber(upTo))
	b.SetInternal(keyCount, encodeNumber(before-known+int64(len(documents))))
	if err := g.store.Batch(b); err != nil {
		return fmt.Errorf("write index %s: %w", g.path, err)
	}
	return nil
}

// count returns the number of documents, and how many of these ids are among them.
func (g *generation) count(ids []string) (all, known int64, err error) {
	s, err := g.snapshot()
	if err != nil {
		return 0, 0, err
	}
	defer s.Close()
	n, err := s.DocCount()
	if err != nil {
		return 0, 0, err
	}
	for _, seg := range s.Segments() {
		found, err := seg.Segment().DocNumbers(ids)
		if err != nil {
			return 0, 0, err
		}
		if seg.Deleted() != nil {
			found.AndNot(seg.Deleted())
		}
		known += int64(found.GetCardinality())
	}
	return int64(n), known, nil
}

// discard closes a generation and removes it. Searches under way end in peace:
// they hold its files.
func (g *generation) discard() error {
	return errors.Join(g.close(), os.RemoveAll(g.path))
}
