package read

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"trame"
)

// Bounds of a feed. gofeed recurses by itself and dies on deep extensions
// (faults.md X1), so nothing reaches it that these have not passed.
const (
	maxFeed         = 20 << 20 // bytes
	maxFeedDepth    = 128
	maxFeedElements = 200_000
	maxFeedItems    = 5_000
	maxFeedContent  = 512 << 10 // bytes of one item's HTML
	maxFeedSummary  = 2_000     // bytes
)

var errNotFeed = errors.New("not a feed")

// ParseFeed reads RSS, Atom, RDF and JSON Feed. It repairs what can be: a feed
// that is cut or holds bad bytes gives its complete items and says so in Flaws.
// It returns an error when the body is not a feed at all.
func ParseFeed(base *url.URL, contentType string, body []byte) (f Feed, err error) {
	defer func() {
		if e := recover(); e != nil {
			f, err = Feed{}, fmt.Errorf("read feed: the parser panicked: %v", e)
		}
	}()
	if len(body) > maxFeed {
		return Feed{}, fmt.Errorf("read feed: larger than %d MiB", maxFeed>>20)
	}
	text, _ := decode(body, contentType)
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "{") {
		return jsonFeed(base, t)
	}
	x, err := repairXML(text)
	if err != nil {
		return Feed{}, fmt.Errorf("read feed: %w", err)
	}
	raw, flaws := x.parse()
	if raw == nil {
		return Feed{}, fmt.Errorf("read feed: %s", strings.Join(flaws, "; "))
	}
	f = translate(base, raw, flaws)
	f.Next = x.next(base)
	return f, nil
}

// jsonFeed reads a JSON Feed (jsonfeed.org).
func jsonFeed(base *url.URL, text string) (Feed, error) {
	if nesting(text) > maxFeedDepth {
		return Feed{}, errors.New("read JSON feed: nested too deep")
	}
	var head struct {
		Version string `json:"version"`
		NextURL string `json:"next_url"`
	}
	if err := json.Unmarshal([]byte(text), &head); err != nil {
		return Feed{}, fmt.Errorf("read JSON feed: %w", err)
	}
	if !strings.Contains(head.Version, "jsonfeed.org") {
		return Feed{}, fmt.Errorf("read JSON feed: %w: no jsonfeed.org version", errNotFeed)
	}
	raw, err := gofeed.NewParser().ParseString(text)
	if err != nil {
		return Feed{}, fmt.Errorf("read JSON feed: %w", err)
	}
	f := translate(base, raw, nil)
	f.Next = webURL(base, head.NextURL)
	return f, nil
}

// translate turns what gofeed read into our nouns: addresses absolute, texts
// clean, dates by our own parser.
func translate(base *url.URL, raw *gofeed.Feed, flaws []string) Feed {
	f := Feed{Title: cut(plain(raw.Title), maxTitle), Flaws: flaws}
	from := base
	if u := parseWebURL(base, raw.Link); u != nil && (base == nil || sameSite(u, base)) {
		from = u
	}
	lost, comments := 0, 0
	for _, it := range raw.Items {
		if len(f.Items) >= maxFeedItems {
			f.Flaws = append(f.Flaws, fmt.Sprintf("more than %d items", maxFeedItems))
			break
		}
		if comment.MatchString(it.Link) {
			comments++
			continue
		}
		item, ok := feedItem(from, it)
		if !ok {
			lost++
			continue
		}
		f.Items = append(f.Items, item)
	}
	if comments > 0 {
		f.Flaws = append(f.Flaws, fmt.Sprintf("%d items are comments", comments))
	}
	if lost > 0 {
		f.Flaws = append(f.Flaws, fmt.Sprintf("%d items without a web address", lost))
	}
	return f
}

func feedItem(base *url.URL, it *gofeed.Item) (Item, bool) {
	out := Item{GUID: cut(line(it.GUID), maxURL)}
	refs := append([]string{it.Link}, it.Links...)
	if ext := it.Extensions["feedburner"]["origLink"]; len(ext) > 0 {
		refs = append([]string{ext[0].Value}, refs...)
	}
	if strings.HasPrefix(it.GUID, "http") {
		refs = append(refs, it.GUID)
	}
	for _, r := range refs {
		if out.URL = webURL(base, r); out.URL != "" {
			break
		}
	}
	if out.URL == "" {
		return out, false
	}
	out.Hint = Hint{
		From:    trame.FromFeed,
		Title:   cut(plain(it.Title), maxTitle),
		Content: cut(clean(it.Content), maxFeedContent),
	}
	out.Hint.Summary, out.Hint.Section = describeItem(it.Description)
	dated(it, &out.Hint)
	for _, p := range it.Authors {
		if p != nil && len(out.Hint.Authors) < maxAuthors {
			name := line(p.Name)
			if name == "" {
				name = line(p.Email)
			}
			out.Hint.Authors = append(out.Hint.Authors, names([]string{name}, "")...)
		}
	}
	var tags labels
	for _, c := range it.Categories {
		tags.add(plain(c))
	}
	out.Hint.Tags = tags.list
	return out, true
}

// dated reads an item's dates. An Atom entry that only says when it was updated
// is taken to be published then: the first version of an entry has nothing else.
func dated(it *gofeed.Item, h *Hint) {
	raw := it.Published
	if raw == "" && it.DublinCoreExt != nil && len(it.DublinCoreExt.Date) > 0 {
		raw = it.DublinCoreExt.Date[0]
	}
	if t, ok := parseMoment(it.Updated); ok {
		h.Updated = t
	}
	if t, ok := parseMoment(raw); ok {
		h.Published = dayOf(t)
	} else if raw == "" && !h.Updated.IsZero() {
		h.Published = dayOf(h.Updated)
	}
}

var (
	comment   = regexp.MustCompile(`#(?:comment-?\d+|c\d+|forum\d+)$`)
	titleTags = regexp.MustCompile(`(?is)<script\b.*?</script\s*>|<style\b.*?</style\s*>|</?(?:a|abbr|b|big|br|cite|code|div|em|font|h[1-6]|i|img|mark|p|q|s|small|span|strong|sub|sup|svg|u|iframe|script|style)\b[^<>]*>`)
	entity    = regexp.MustCompile(`&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
	wpTail    = regexp.MustCompile(`(?s)(?:L['’]article|Cet article|Le billet|The post)\s.{1,400}?(?:est apparu en premier sur|appeared first on|first appeared on).{0,200}$`)
	spipTail  = regexp.MustCompile(`(?s)\n\s*-\s*\n?\s*<a\s[^>]*rel=["']directory["'][^>]*>([^<]{1,200})</a>.*$`)
)

// plain returns a short text of a feed without the tags and double escapes that
// some programs leave in it. « <sic> » is no tag and stays.
func plain(s string) string {
	s = titleTags.ReplaceAllString(s, " ")
	if entity.MatchString(s) {
		s = titleTags.ReplaceAllString(html.UnescapeString(s), " ")
	}
	return line(s)
}

// describeItem returns an item's summary as plain text and, where SPIP appends
// it, the section that the item is filed under.
func describeItem(d string) (summary, section string) {
	if len(d) > maxFeedContent {
		d = cut(d, maxFeedContent)
	}
	if m := spipTail.FindStringSubmatchIndex(d); m != nil {
		section = plain(d[m[2]:m[3]])
		d = d[:m[0]]
	}
	if strings.ContainsAny(d, "<&") {
		if doc, err := html.Parse(strings.NewReader(d)); err == nil {
			d = textOf(doc)
		} else {
			d = plain(d)
		}
	}
	return cut(strings.TrimSpace(wpTail.ReplaceAllString(line(d), "")), maxFeedSummary), section
}
