package archive

import (
	"strings"
	"testing"

	"trame"
)

// The versions kept in memory are those asked for last, and not too many.
func TestRecent(t *testing.T) {
	var r recent
	text := strings.Repeat("x", 9<<10)
	for v := range int64(10_000) {
		r.put(v, trame.Article{Words: int(v), Text: text})
		if a, ok := r.get(7); v >= 7 && (!ok || a.Words != 7) {
			t.Fatalf("get(7) = %d, %v after %d others though it is asked for all the time", a.Words, ok, v)
		}
	}
	if a, ok := r.get(9_999); !ok || a.Words != 9_999 {
		t.Error("the last one is not there")
	}
	if _, ok := r.get(8); ok {
		t.Error("one that nobody asked for is still there after 9,000 others")
	}
	if n := (len(r.now) + len(r.old)) * (len(text) + recentEach); n > recentBytes+2*(len(text)+recentEach) {
		t.Errorf("%d bytes are kept, want %d", n, recentBytes)
	}
	r.put(-1, trame.Article{Text: strings.Repeat("x", recentLarge)})
	if _, ok := r.get(-1); ok {
		t.Error("a large text is kept")
	}
}
