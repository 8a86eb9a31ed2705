package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"trame/crawler/fetch"
)

// Settings are what every command takes: a flag, an environment variable TRAME_*
// and a key of the settings file, in that order of precedence. The README's
// table is checked against this struct.
type Settings struct {
	Config string `help:"Settings file (TOML): one key a line, named as the flags with _ for -." env:"TRAME_CONFIG" placeholder:"FILE"`
	Data   string `help:"Folder that holds the archive and the index. Back it up; nothing else is state." env:"TRAME_DATA" default:"./trame-data" placeholder:"DIR"`

	Archive string `help:"Where the archive is: sqlite: in the data folder, or postgres://… shared by several processes." env:"TRAME_ARCHIVE" default:"sqlite:" placeholder:"DSN"`
	Index   string `help:"Where the index is: bleve: in the data folder. It can be rebuilt from the archive at any time." env:"TRAME_INDEX" default:"bleve:" placeholder:"DSN"`

	Sources   string `help:"File that replaces the built-in list of sources (YAML)." env:"TRAME_SOURCES" placeholder:"FILE"`
	Themes    string `help:"File that replaces the built-in themes (YAML). Articles read from then on carry them; reread brings the others in line." env:"TRAME_THEMES" placeholder:"FILE"`
	Thesaurus string `help:"File that replaces the built-in thesaurus of acronyms, synonyms and Belgian and French twins (tab-separated; see docs/operations.md). Searches use it from the next start on; nothing needs to be indexed again." env:"TRAME_THESAURUS" placeholder:"FILE"`

	AllowNet  string `help:"Addresses that may be fetched though they are not public, as 127.0.0.1:8101-8136,127.0.0.1:9000. Everything else that is not public stays refused." env:"TRAME_ALLOW_NET" placeholder:"LIST"`
	UserAgent string `help:"How the crawler names itself. The word before the slash is what robots.txt files address." env:"TRAME_USER_AGENT" placeholder:"TEXT"`
	Contact   string `help:"Address or page where webmasters reach you. The public web is not crawled without it." env:"TRAME_CONTACT" placeholder:"MAIL|URL"`
	Delay     string `help:"Pause between two visits to a host; sources and robots.txt may ask for more." env:"TRAME_DELAY" default:"2s" placeholder:"2s"`

	Timezone string `help:"Zone of the times that pages show." env:"TRAME_TIMEZONE" default:"Europe/Brussels" placeholder:"ZONE"`
	Log      string `help:"Form of the log on standard error: text or json." env:"TRAME_LOG" enum:"text,json" default:"text"`
	Verbose  bool   `short:"v" help:"Log every visit as well." env:"TRAME_VERBOSE"`
}

// parsed is what validate makes of the settings that are more than text.
type parsed struct {
	allow []fetch.AddrPorts
	delay time.Duration
	zone  *time.Location
}

// validate checks every setting, alone and against the others, and names the
// first that cannot work.
func (s *Settings) validate() (p parsed, err error) {
	if p.allow, err = fetch.ParseAllowNet(s.AllowNet); err != nil {
		return p, fmt.Errorf("TRAME_ALLOW_NET: %w", err)
	}
	if p.delay, err = time.ParseDuration(s.Delay); err != nil || p.delay < 0 || p.delay > time.Hour {
		return p, fmt.Errorf("TRAME_DELAY %q: want a duration between 0s and 1h, such as 2s", s.Delay)
	}
	if p.zone, err = time.LoadLocation(s.Timezone); err != nil {
		return p, fmt.Errorf("TRAME_TIMEZONE %q: not a known zone; write it as Europe/Brussels", s.Timezone)
	}
	if !strings.HasPrefix(s.Archive, "sqlite:") && !strings.HasPrefix(s.Archive, "postgres://") && !strings.HasPrefix(s.Archive, "postgresql://") {
		return p, fmt.Errorf("TRAME_ARCHIVE %q: want sqlite: or postgres://…", s.Archive)
	}
	if !strings.HasPrefix(s.Index, "bleve:") {
		return p, fmt.Errorf("TRAME_INDEX %q: want bleve: (the OpenSearch engine is not part of this version)", s.Index)
	}
	if strings.ContainsAny(s.UserAgent+s.Contact, "\r\n") {
		return p, errors.New("TRAME_USER_AGENT and TRAME_CONTACT must each be one line")
	}
	return p, nil
}

// archiveDSN and indexDSN name the places inside the data folder where the
// settings leave that open.
func (s *Settings) archiveDSN() string {
	if s.Archive == "sqlite:" {
		return "sqlite:" + filepath.Join(s.Data, "archive.db")
	}
	return s.Archive
}

func (s *Settings) indexDSN() string {
	if s.Index == "bleve:" {
		return "bleve:" + filepath.Join(s.Data, "index.bleve")
	}
	return s.Index
}

// userAgent names the product and, where there is one, whom to write to.
func (s *Settings) userAgent() string {
	if s.UserAgent != "" {
		return s.UserAgent
	}
	if s.Contact != "" {
		return "Trame/" + version() + " (+" + s.Contact + ")"
	}
	return "Trame/" + version()
}

// logger writes to standard error, as text or JSON; warnings and above alone
// unless quiet is false.
func (s *Settings) logger(quiet bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if quiet {
		o.Level = slog.LevelWarn
	}
	if s.Verbose {
		o.Level = slog.LevelDebug
	}
	if s.Log == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

// checkListen reports an address that cannot be listened on by its form.
func checkListen(addr string) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("TRAME_LISTEN %q: want HOST:PORT, such as 127.0.0.1:8080", addr)
	}
	return nil
}

// checkBaseURL reports a public address that links cannot be made from.
func checkBaseURL(base string) error {
	if base == "" {
		return nil
	}
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" {
		return fmt.Errorf("TRAME_BASE_URL %q: want the public address of the site, such as https://trame.example.org", base)
	}
	return nil
}

// settingsFile returns a resolver that answers flags from the TOML file named by
// --config or TRAME_CONFIG. A key that no flag of the program has is an error.
func settingsFile(args []string) (kong.Resolver, error) {
	path := os.Getenv("TRAME_CONFIG")
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			path = v
		} else if a == "--config" && i+1 < len(args) {
			path = args[i+1]
		}
	}
	if path == "" {
		return nil, nil
	}
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), toml.Parser()); err != nil {
		return nil, fmt.Errorf("read settings file %s: %w", path, err)
	}
	return fileResolver{path, k}, nil
}

type fileResolver struct {
	path string
	keys *koanf.Koanf
}

// Validate refuses keys that no command knows: a misspelt setting must not be
// ignored in silence.
func (r fileResolver) Validate(app *kong.Application) error {
	known := map[string]bool{}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			known[strings.ReplaceAll(f.Name, "-", "_")] = true
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(app.Node)
	for _, key := range r.keys.Keys() {
		if !known[key] {
			return fmt.Errorf("settings file %s: no setting is named %q; trame --help lists them", r.path, key)
		}
	}
	return nil
}

// Resolve answers a flag from the file, unless the environment has it.
func (r fileResolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, ok := os.LookupEnv(env); ok {
			return nil, nil
		}
	}
	key := strings.ReplaceAll(flag.Name, "-", "_")
	if !r.keys.Exists(key) {
		return nil, nil
	}
	return r.keys.Get(key), nil
}
