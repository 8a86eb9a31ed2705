package fetch

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// open replaces the body of an answer by one that is decompressed, bounded and
// bound to the host's turn (see RoundTrip). On error everything is closed and the turn is over.
func (c *Client) open(ctx context.Context, cancel context.CancelFunc, t *turn, res *http.Response, limit int64) error {
	b := &body{ctx: ctx, cancel: cancel, caller: res.Request.Context(), turn: t, limit: limit, cut: res.StatusCode >= 400}
	if b.cut {
		b.limit = min(limit, maxError)
	}
	b.wire = &wire{src: res.Body, left: limit}
	// A caller that forgets to close keeps the host for no longer than the deadline.
	context.AfterFunc(ctx, func() { b.finish(context.Cause(ctx)) })
	coded, err := encoding(res)
	if err != nil {
		b.finish(err)
		return err
	}
	if coded {
		b.zip = &zipped{src: bufio.NewReader(b.wire)}
		res.Header.Del("Content-Length")
		res.ContentLength = -1
	}
	res.Header.Del("Content-Encoding")
	res.Uncompressed = true // colly would gunzip again, without a bound, whatever ends in .xml.gz
	res.Body = b
	return nil
}

// encoding reports whether the body of an answer is gzip. Nothing but gzip was
// asked for: anything else, and gzip twice, is ErrEncoding.
func encoding(res *http.Response) (bool, error) {
	switch e := strings.ToLower(strings.Join(res.Header.Values("Content-Encoding"), ",")); strings.TrimSpace(e) {
	case "", "identity":
		return false, nil
	case "gzip", "x-gzip":
		none := res.Request.Method == http.MethodHead || res.ContentLength == 0 ||
			res.StatusCode == http.StatusNoContent || res.StatusCode == http.StatusNotModified
		return !none, nil
	default:
		return false, fmt.Errorf("%w: %q", ErrEncoding, e)
	}
}

// body is the body of an answer as callers see it. The first error of Read, its
// end included, and Close give the turn back, once.
type body struct {
	ctx    context.Context
	caller context.Context
	cancel context.CancelFunc
	turn   *turn
	wire   *wire
	zip    *zipped // nil when the body is plain
	limit  int64
	cut    bool  // end at the limit as if there were no more
	count  int64 // decompressed bytes given
	err    error // sticky
	once   sync.Once
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.read(p)
	over := b.count+int64(n) > b.limit
	if over {
		n = int(b.limit - b.count)
	} else if b.count+int64(n) == b.limit && err == nil {
		over, err = b.more()
	}
	b.count += int64(n)
	if over && b.cut {
		err = io.EOF
	} else if over {
		err = fmt.Errorf("%w: more than %d bytes", ErrTooLarge, b.limit)
	}
	if err != nil {
		if err != io.EOF {
			err = becauseOf(b.ctx, err)
		}
		b.err = err
		b.finish(err)
	}
	return n, err
}

// more looks one byte past the limit: a reader with the same limit (colly's, by
// default) would stop there and take a cut page for a whole one.
func (b *body) more() (bool, error) {
	var p [1]byte
	for {
		if n, err := b.read(p[:]); n > 0 || err != nil {
			return n > 0, err
		}
	}
}

func (b *body) read(p []byte) (int, error) {
	if b.zip == nil {
		return b.wire.Read(p)
	}
	n, err := b.zip.Read(p)
	switch {
	case err == nil, err == io.EOF:
		return n, err
	case b.wire.err != nil && b.wire.err != io.EOF: // the connection's fault, not the encoding's
		return n, b.wire.err
	}
	return n, fmt.Errorf("%w: %v", ErrEncoding, err)
}

// Close implements [io.Closer]. It never fails.
func (b *body) Close() error {
	if b.err == nil {
		b.err = errors.New("read on a closed body")
	}
	b.finish(nil)
	return nil
}

func (b *body) finish(err error) {
	b.once.Do(func() {
		b.wire.src.Close()
		b.cancel()
		if err == io.EOF {
			err = nil
		}
		b.turn.end(hostFault(b.caller, err))
	})
}

// wire counts the bytes that come over the wire: a gzip of endless empty members
// decompresses to nothing.
type wire struct {
	src  io.ReadCloser
	left int64
	err  error
}

func (w *wire) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if w.left < 0 {
		w.err = fmt.Errorf("%w, compressed", ErrTooLarge)
		return 0, w.err
	}
	if int64(len(p)) > w.left+1 {
		p = p[:w.left+1]
	}
	n, err := w.src.Read(p)
	w.left -= int64(n)
	w.err = err
	return n, err
}

// zipped is a gzip.Reader that reads its header with the first Read and takes an
// empty body for an empty text.
type zipped struct {
	src *bufio.Reader
	gz  *gzip.Reader
}

func (z *zipped) Read(p []byte) (int, error) {
	if z.gz == nil {
		if _, err := z.src.Peek(1); err != nil {
			return 0, err
		}
		gz, err := gzip.NewReader(z.src)
		if err != nil {
			return 0, err
		}
		z.gz = gz
	}
	return z.gz.Read(p)
}
