package archive

import (
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"trame"
)

// maxUnpacked bounds what a stored blob may grow to when it is read.
const maxUnpacked = 128 << 20

// packer compresses pages and versions. It is safe for use by many goroutines.
type packer struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newPacker() (packer, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<20))
	if err != nil {
		return packer{}, fmt.Errorf("start zstd: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		return packer{}, fmt.Errorf("start zstd: %w", err)
	}
	return packer{enc, dec}, nil
}

func (p packer) close() {
	p.enc.Close()
	p.dec.Close()
}

func (p packer) pack(b []byte) []byte { return p.enc.EncodeAll(b, make([]byte, 0, len(b)/3+64)) }

func (p packer) unpack(b []byte) ([]byte, error) {
	if len(b) == 0 {
		return nil, nil
	}
	out, err := p.dec.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return out, nil
}

func (p packer) packArticle(a trame.Article) ([]byte, error) {
	b, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode article %s: %w", a.ID, err)
	}
	return p.pack(b), nil
}

func (p packer) unpackArticle(b []byte) (a trame.Article, err error) {
	b, err = p.unpack(b)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(b, &a)
}
