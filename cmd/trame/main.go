// Command trame gathers, keeps and searches articles of French-language social
// work. See the README, or run `trame --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	_ "time/tzdata" // dates must be read right where the system has no zones

	"github.com/alecthomas/kong"
)

// commands is the whole command line.
type commands struct {
	Settings

	Serve       serveCmd       `cmd:"" help:"Run everything in one process: pages, API, crawl, index."`
	Crawl       crawlCmd       `cmd:"" help:"Visit what is due, index it, say what came of it, stop."`
	Sources     sourcesCmd     `cmd:"" help:"List, try out, add or remove the sites that are gathered."`
	Search      searchCmd      `cmd:"" help:"Ask the archive."`
	Extract     extractCmd     `cmd:"" help:"Say what a page says, as one article in JSON."`
	Analyze     analyzeCmd     `cmd:"" help:"Show the terms that a text is indexed and searched by."`
	Import      importCmd      `cmd:"" help:"Put articles (JSON Lines) into the archive and the index."`
	Export      exportCmd      `cmd:"" help:"Write articles to standard output."`
	Reindex     reindexCmd     `cmd:"" help:"Rebuild the index from the archive."`
	Reread      rereadCmd      `cmd:"" help:"Extract, date and classify again from the kept pages, without any download."`
	Check       checkCmd       `cmd:"" help:"Say what is wrong with settings, folders and sources, and how to mend it."`
	Healthcheck healthcheckCmd `cmd:"" help:"Ask a running server whether it is well: exit code 0 when it is."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// streams are the three ends of a command.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	unsetEmpty()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], streams{interruptible(ctx, os.Stdin), os.Stdout, os.Stderr}))
}

// unsetEmpty makes an empty setting in the environment no setting: compose files
// hand on variables that nobody has set.
func unsetEmpty() {
	for _, v := range os.Environ() {
		if name, ok := strings.CutSuffix(v, "="); ok && strings.HasPrefix(name, "TRAME_") {
			os.Unsetenv(name)
		}
	}
}

// interruptible returns a reader whose reads end with ctx: a read of a terminal
// or a pipe cannot be woken otherwise. Nothing is read of r before it is asked.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	return &interrupted{ctx: ctx, from: r}
}

type interrupted struct {
	ctx  context.Context // of the whole process: a Reader is given none
	from io.Reader
	once sync.Once
	pipe *io.PipeReader
}

// Read implements io.Reader.
func (i *interrupted) Read(p []byte) (int, error) {
	i.once.Do(func() {
		var w *io.PipeWriter
		i.pipe, w = io.Pipe()
		go func() {
			_, err := io.Copy(w, i.from)
			w.CloseWithError(err)
		}()
		context.AfterFunc(i.ctx, func() { w.CloseWithError(context.Cause(i.ctx)) })
	})
	return i.pipe.Read(p)
}

// usageError marks an error of the command line or the settings: exit code 2.
type usageError struct{ error }

// run carries out one command line and returns its exit code. Every error is one
// line on standard error.
func run(ctx context.Context, args []string, s streams) int {
	err := dispatch(ctx, args, s)
	if err == nil {
		return exitDone
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = errors.New("stopped")
	}
	fmt.Fprintln(s.err, "trame: "+oneLine(err.Error()))
	if errors.As(err, &usageError{}) {
		return exitUsage
	}
	return exitFailed
}

func dispatch(ctx context.Context, args []string, s streams) error {
	var c commands
	done := false // help was asked for and printed
	options := []kong.Option{
		kong.Name("trame"),
		kong.Description("Trame gathers articles of French-language social work and makes them searchable.\n\nTry it: trame serve --demo"),
		kong.Writers(s.out, s.err),
		kong.Exit(func(int) { done = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.UsageOnError(),
	}
	resolver, err := settingsFile(args)
	if err != nil {
		return usageError{err}
	}
	if resolver != nil {
		options = append(options, kong.Resolvers(resolver))
	}
	parser, err := kong.New(&c, options...)
	if err != nil {
		return usageError{err}
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	if args[0] == "help" { // as people type it
		args = append(slices.Clone(args[1:]), "--help")
	}
	command, err := parser.Parse(args)
	if done {
		return nil
	}
	if err != nil && strings.HasPrefix(err.Error(), "unknown flag") && slices.Contains(args, "search") {
		return usageError{fmt.Errorf("%w; a query that begins with - stands after --: trame search -- -mot", err)}
	}
	if err != nil {
		return usageError{fmt.Errorf("%w; see trame --help", err)}
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return command.Run(&c.Settings, s)
}

// oneLine keeps an error on one line: what libraries put on several is joined.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

// version returns the version that the binary was built with: the module's, or
// "dev" and the commit where that is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 8 {
			return "dev-" + s.Value[:8]
		}
	}
	return "dev"
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "trame "+version())
	return err
}
