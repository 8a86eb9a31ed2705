package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far long work is: a bar on a terminal, a line now and then
// elsewhere. Many goroutines may tell it.
type progress struct {
	mu   sync.Mutex
	out  io.Writer
	what string
	bar  *progressbar.ProgressBar
	last time.Time
}

// onTerminal reports whether a stream is a person's screen.
func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// newProgress starts showing work on a stream, most often standard error.
func newProgress(out io.Writer, what string) *progress {
	p := &progress{out: out, what: what, last: time.Now()}
	if onTerminal(out) {
		p.bar = progressbar.NewOptions64(-1,
			progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	return p
}

// set shows done of total; a total of 0 is unknown.
func (p *progress) set(done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.bar != nil:
		if total > 0 && p.bar.GetMax64() != total {
			p.bar.ChangeMax64(total)
		}
		_ = p.bar.Set64(done) // what cannot be drawn is no error of the work
	case time.Since(p.last) >= 10*time.Second:
		p.last = time.Now()
		if total > 0 {
			fmt.Fprintf(p.out, "%s: %d of %d\n", p.what, done, total)
		} else {
			fmt.Fprintf(p.out, "%s: %d\n", p.what, done)
		}
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
