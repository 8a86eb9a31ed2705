package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"trame"
	"trame/archive"
)

// TestByHand: queries that did not come through ParseQuery are bounded too.
func TestByHand(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	for _, q := range []trame.Query{
		{Page: 1 << 40}, {PerPage: 1 << 40}, {Page: 10_000, PerPage: 100}, {Facets: []string{"constructor"}}, {Text: string(make([]byte, 600))}, {Text: "ab*"},
	} {
		if r, err := e.Search(t.Context(), q); !errors.Is(err, trame.ErrInvalidQuery) {
			t.Errorf("Search(%.60v) = %v, %v, want ErrInvalidQuery", q, r, err)
		}
	}
	for _, q := range []trame.Query{{Page: -5}, {PerPage: -1}, {Sort: "x"}, {Text: "\xff\xfe"}} {
		if _, err := e.Search(t.Context(), q); err != nil {
			t.Errorf("Search(%v): %v", q, err)
		}
	}
}

// blocked are texts that are read only when let go.
type blocked struct {
	Texts
	entered chan struct{}
	let     chan struct{}
}

func (b blocked) Articles(context.Context, []string) ([]trame.Article, error) { return nil, nil }

func (b blocked) ArticlesByNumber(ctx context.Context, _ []int64) ([]trame.Article, error) {
	b.entered <- struct{}{}
	select {
	case <-b.let:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestBusy: one search more than can run or wait is told so at once, and a
// search that waits ends with its context.
func TestBusy(t *testing.T) {
	texts := blocked{entered: make(chan struct{}, maxWaiting+2), let: make(chan struct{})}
	e, err := openBleve(t.TempDir(), texts, 1<<40, Options{Searches: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	article := examples(t)[0]
	article.ID = trame.ID(article.URL)
	if err := e.Apply(t.Context(), []archive.Change{{N: 1, ID: article.ID, Number: 1, Article: &article}}, 1); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	search := func() {
		if _, err := e.Search(t.Context(), trame.Query{}); err != nil {
			t.Errorf("Search: %v", err)
		}
	}
	group.Go(search)
	<-texts.entered
	short, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Search(short, trame.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a waiting search ends with %v, want its context's error", err)
	}
	for range maxWaiting {
		group.Go(search)
	}
	for e.waiting.Load() < maxWaiting {
		time.Sleep(time.Millisecond)
	}
	if _, err := e.Search(t.Context(), trame.Query{}); !errors.Is(err, trame.ErrBusy) {
		t.Errorf("one search too many ends with %v, want ErrBusy", err)
	}
	close(texts.let)
	group.Wait()
}

// TestDeadline: a search ends soon after its context.
func TestDeadline(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, examples(t))
	e := newEngine(t, t.TempDir(), a)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := e.Search(ctx, trame.Query{Text: "travail social"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search = %v, %v, want that it was cancelled", r, err)
	}
}

// TestFollow: what is written to the archive is found soon, changed articles are
// found by their new words, and what has moved away is found no more.
func TestFollow(t *testing.T) {
	a := newArchive(t)
	e := newEngine(t, t.TempDir(), a)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Follow(ctx, a, e, nil) }()
	articles := examples(t)
	importAll(t, a, articles)
	until(t, func() bool { return ask(t, e, "").Total == len(articles) })
	articles[0].Text = "Tout a changé : zébulon."
	importAll(t, a, articles[:1])
	until(t, func() bool { return ask(t, e, "q=zebulon").Total == 1 })
	if r := ask(t, e, ""); r.Total != len(articles) {
		t.Errorf("a changed article makes %d of %d", r.Total, len(articles))
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Follow = %v", err)
	}
	cursor, err := e.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gone := []archive.Change{{N: cursor + 1, ID: trame.ID(articles[1].URL), Number: 2}, {N: cursor + 2, ID: "0000000000000000", Number: 99}}
	if err := e.Apply(t.Context(), gone, cursor+2); err != nil {
		t.Fatal(err)
	}
	if r := ask(t, e, ""); r.Total != len(articles)-1 || r.TotalArchive != len(articles)-1 {
		t.Errorf("an article that moved away leaves %d of %d", r.Total, r.TotalArchive)
	}
}

// until waits for a condition, at most ten seconds.
func until(t *testing.T, true func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !true(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the condition does not come true")
		}
	}
}

// TestRebuild: searches are answered in full while the index is made again, what
// is written meanwhile is not lost, and one generation is left.
func TestRebuild(t *testing.T) {
	a := newArchive(t)
	articles := compose(2500)
	importAll(t, a, articles[:2000])
	folder := t.TempDir()
	e := newEngine(t, folder, a)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		for ctx.Err() == nil {
			if r, err := e.Search(t.Context(), trame.Query{}); err != nil || r.Total < 2000 {
				t.Errorf("Search during a rebuild = %v, %v", r, err)
				return
			}
		}
	})
	group.Go(func() { Follow(ctx, a, e, nil) })
	steps := 0
	err := e.Rebuild(t.Context(), a, func(done, head int64) {
		if steps++; steps == 1 {
			importAll(t, a, articles[2000:])
		}
		if done > head {
			t.Errorf("progress says %d of %d", done, head)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := ask(t, e, ""); r.Total != 2500 {
		t.Errorf("the new index holds %d, want 2500", r.Total)
	}
	cancel()
	group.Wait()
	if steps < 3 {
		t.Errorf("progress was called %d times", steps)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if all, _ := filepath.Glob(filepath.Join(folder, "g*")); len(all) != 1 {
		t.Errorf("%v are left, want one", all)
	}
	if err := Rebuild(t.Context(), "bleve:"+folder, a, Options{}, nil); err != nil {
		t.Fatal(err)
	}
	if r := ask(t, newEngine(t, folder, a), ""); r.Total != 2500 {
		t.Errorf("the index made by command holds %d, want 2500", r.Total)
	}
	if _, err := os.Stat(filepath.Join(folder, "damaged")); err == nil {
		t.Error("an index was taken for damaged")
	}
}
