package export

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trame"
)

func TestOPMLRoundTrip(t *testing.T) {
	want := []trame.Source{
		{URL: "https://a.example/", Name: `Écrire & "lutter" <ici>`, Kind: trame.KindAuto, Feeds: []string{"https://a.example/feed/", "https://a.example/?x=1&y=2"}},
		{URL: "https://b.example/", Name: "Sans fil", Kind: trame.KindAuto},
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadOPML(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ReadOPML(WriteOPML(x)) differs (-want +got):\n%s", diff)
	}
}

func TestReadOPML(t *testing.T) {
	const folders = `<?xml version="1.0"?><opml version="1.0"><body><outline text="Social"><outline title="T" xmlUrl="https://x.example/rss"/></outline></body></opml>`
	got, err := ReadOPML(strings.NewReader(folders))
	want := []trame.Source{{URL: "https://x.example/rss", Name: "T", Kind: trame.KindFeed, Feeds: []string{"https://x.example/rss"}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ReadOPML(folders): %v\n%s", err, diff)
	}
	bad := map[string]string{
		"not XML":     "bonjour",
		"HTML":        "<html><body>rien</body></html>",
		"too deep":    `<opml>` + strings.Repeat("<outline>", 100),
		"cut":         `<opml><body><outline text="a"`,
		"entity bomb": `<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><opml><outline text="&b;" xmlUrl="http://x/"/>`,
		"too long":    `<opml><body>` + strings.Repeat(`<outline text="a" xmlUrl=""/>`, 200_000),
	}
	for name, text := range bad {
		if got, err := ReadOPML(strings.NewReader(text)); err == nil && name != "entity bomb" {
			t.Errorf("ReadOPML(%s) = %d sources, want an error", name, len(got))
		} else if len(got) > 0 && strings.Contains(got[0].Name, "aaaa") {
			t.Errorf("ReadOPML(%s) expanded an entity", name)
		}
	}
}
