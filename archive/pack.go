package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"trame"
)

// maxUnpacked bounds what a stored blob may grow to when it is read.
const maxUnpacked = 128 << 20

// maxBuffer bounds the buffers that are kept for the next article.
const maxBuffer = 1 << 20

// packer compresses pages and versions. It is safe for use by many goroutines.
type packer struct {
	page, version *zstd.Encoder // versions come by the thousand in an import: faster, 3 % larger
	dec           *zstd.Decoder
	buffers       *sync.Pool // of *[]byte, for what is read at once and let go
}

func newPacker() (p packer, err error) {
	encoder := func(level zstd.EncoderLevel) (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20))
	}
	if p.page, err = encoder(zstd.SpeedDefault); err != nil {
		return p, fmt.Errorf("start zstd: %w", err)
	}
	if p.version, err = encoder(zstd.SpeedFastest); err != nil {
		return p, fmt.Errorf("start zstd: %w", err)
	}
	if p.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxUnpacked)); err != nil {
		return p, fmt.Errorf("start zstd: %w", err)
	}
	p.buffers = &sync.Pool{New: func() any { return new([]byte) }}
	return p, nil
}

func (p packer) close() {
	p.page.Close()
	p.version.Close()
	p.dec.Close()
}

func (p packer) packPage(b []byte) []byte { return p.page.EncodeAll(b, make([]byte, 0, len(b)/3+64)) }

func (p packer) unpackPage(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	return p.unpack(b, nil)
}

func (p packer) unpack(b, to []byte) ([]byte, error) {
	out, err := p.dec.DecodeAll(b, to)
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return out, nil
}

// form is how a version of an article is kept, before it is compressed: a line of
// JSON that holds all but the text, then the text as it is. The moments at which
// it was seen are not part of it.
type form []byte

// formOf returns the form of an article; it may use the memory of old.
func formOf(a trame.Article, old form) (form, error) {
	text := a.Text
	a.Text, a.FirstSeen, a.LastSeen = "", time.Time{}, time.Time{}
	head, err := a.MarshalJSON() // which has no line feed in it
	if err != nil {
		return nil, fmt.Errorf("encode article %s: %w", a.ID, err)
	}
	return append(append(append(old[:0], head...), '\n'), text...), nil
}

// fingerprint tells whether two versions are the same to a reader.
func (f form) fingerprint() string {
	sum := sha256.Sum256(f)
	return hex.EncodeToString(sum[:16])
}

// unpackArticle reads a packed form, and what was written before there was one:
// JSON that holds the text too.
func (p packer) unpackArticle(b []byte) (a trame.Article, err error) {
	buf := p.buffers.Get().(*[]byte)
	defer p.buffers.Put(buf)
	f, err := p.unpack(b, (*buf)[:0])
	if err != nil {
		return a, err
	}
	if cap(f) <= maxBuffer {
		*buf = f
	}
	head, text, apart := bytes.Cut(f, []byte{'\n'})
	if err := a.UnmarshalJSON(head); err != nil {
		return a, err
	}
	if apart {
		a.Text = string(text)
	}
	return a, nil
}
