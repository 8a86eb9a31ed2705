package crawler_test

import (
	"strings"
	"testing"

	"trame/crawler"
)

func TestCanonicalURL(t *testing.T) {
	tests := []struct{ raw, want string }{
		{"HTTP://Exemple.BE:80", "http://exemple.be/"},
		{"https://exemple.be:443/a", "https://exemple.be/a"},
		{"https://exemple.be:8443/a", "https://exemple.be:8443/a"},
		{" https://exemple.be/a#haut ", "https://exemple.be/a"},
		{"https://exemple.be/a/../b/./c/", "https://exemple.be/b/c/"},
		{"https://exemple.be/a/b/..", "https://exemple.be/a/"},
		{"https://exemple.be/../../a", "https://exemple.be/a"},
		{"https://exemple.be/%7eami/%c3%a9t%C3%A9", "https://exemple.be/~ami/%C3%A9t%C3%A9"},
		{"https://exemple.be/été et demi", "https://exemple.be/%C3%A9t%C3%A9%20et%20demi"},
		{"https://exemple.be/100%", ""},
		{"https://exemple.be/a%2Fb", "https://exemple.be/a%2Fb"},
		{"https://été.exemple.be/", "https://xn--t-9fab.exemple.be/"},
		{"https://exemple.be./a", "https://exemple.be/a"},
		{"https://exemple.be/a?utm_source=x&id=4&utm_medium=y", "https://exemple.be/a?id=4"},
		{"https://exemple.be/a?fbclid=1", "https://exemple.be/a"},
		{"https://exemple.be/a?b=2&a=1", "https://exemple.be/a?b=2&a=1"},
		{"https://exemple.be/a?b=2&amp;a=1", "https://exemple.be/a?b=2&a=1"},
		{"https://exemple.be/a?share=facebook&nb=1", "https://exemple.be/a"},
		{"https://exemple.be/liste?nb=20", "https://exemple.be/liste?nb=20"},
		{"https://exemple.be/a?xtor=RSS-1", "https://exemple.be/a"},
		{"https://exemple.be/a?replytocom=7#respond", "https://exemple.be/a"},
		{"https://exemple.be/a;jsessionid=ABC123?x=1", "https://exemple.be/a?x=1"},
		{"https://exemple.be/a?PHPSESSID=9e3779b100009e37", "https://exemple.be/a"},
		{"https://exemple.be/a?sid=9e3779b100009e37", "https://exemple.be/a"},
		{"https://exemple.be/a?sid=12", "https://exemple.be/a?sid=12"},
		{"https://exemple.be/a?", "https://exemple.be/a"},
		{"http://[::1]:8080/a", "http://[::1]:8080/a"},
		{"https://exemple.be/a\n/b", "https://exemple.be/a/b"},
		{"mailto:a@exemple.be", ""},
		{"javascript:alert(1)", ""},
		{"//exemple.be/a", ""},
		{"/a", ""},
		{"https:///a", ""},
		{"https://nom:secret@exemple.be/", ""},
		{"https://exemple.be/" + strings.Repeat("a", 2048), ""},
	}
	for _, tt := range tests {
		got, err := crawler.CanonicalURL(tt.raw)
		if (err != nil) != (tt.want == "") || got != tt.want {
			t.Errorf("CanonicalURL(%.80q) = %q, %v, want %q", tt.raw, got, err, tt.want)
		}
	}
}

// FuzzCanonicalURL: a canonical address is its own canonical form.
func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{"http://a/%2e%2e/b", "http://a/b?c=%zz&utm_source=1", "https://É.be/é;sid=1/x", "http://a/..//./b/.", "http://a?&&=&x", "http://A:80/%41?%41=%20", "http://0?utm_%0X00", "http://a/;%73id=1", "http://a/?amp;amp;b&%61mp;c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := crawler.CanonicalURL(raw)
		if err != nil {
			return
		}
		twice, err := crawler.CanonicalURL(once)
		if err != nil || twice != once {
			t.Errorf("CanonicalURL(%q) = %q, and of that %q, %v", raw, once, twice, err)
		}
	})
}
