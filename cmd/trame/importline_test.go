package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"trame"
)

// lines are articles in the JSON of many programs, and what is none.
var lines = []string{
	`{"url":"https://a.test/","title":"T","text":"Un.\n\nDeux « \"trois\" » \\ \/ \t l'été"}`,
	` { "text" : "au début" , "title":"T", "words":3 } `,
	`{"title":"T","text":"\u00e9t\u00e9 \ud83d\ude00 \ud83d"}`,
	`{"title":"T","text":"à la fin","event":{"text":"non","dates":["2022-11-15"]},"attachments":[{"url":"u","title":"]}\"{["}]}`,
	`{"title":"T","Text":"une majuscule"}`,
	`{"title":"T","text":"un","text":"deux"}`,
	`{"title":"T","text":"un","TEXT":"deux"}`,
	`{"title":"T","t\u0065xt":"échappé"}`,
	`{"title":"T","text":"un","t\u0065xt":"échappé"}`,
	`{"title":"T","text":null}`,
	`{"title":"T","text":12}`,
	`{"title":"T","text":""}`,
	`{"title":"T"}`,
	`{}`, `[]`, `null`, `"text"`, ``, `{`, `{"text"`, `{"text":`, `{"text":"`, `{"text":"\`, `{"text":"\"`, `{"text":"a"`,
	`{"text":"a"}}`, `{"text":"a"} {}`, `{"text":"a",}`, `{,"text":"a"}`, `{"text":"a" "title":"b"}`, `{"text":"a"x}`,
	`{"title":[,"text":"a"}`, `{"title":"T","text":"\x"}`, `{"title":"T","text":"\u12"}`,
	"{\"title\":\"T\",\"text\":\"une\ttabulation\"}",
	"{\"title\":\"T\",\"text\":\"\xff octet\"}",
	`{"title":6,"text":"a"}`,
	`{"published":"2015-04-05","published_precision":"month","text":"a"}`,
}

func FuzzDecodeArticle(f *testing.F) {
	for _, l := range lines {
		f.Add([]byte(l))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var want trame.Article
		wantErr := json.Unmarshal(line, &want)
		got, err := decodeArticle(append([]byte(nil), line...))
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("decodeArticle(%q) = %+v, %v, want %+v, %v", line, got, err, want, wantErr)
		}
	})
}

// The text of what other programs write is read apart, for the sake of speed.
func TestTextApart(t *testing.T) {
	for _, l := range lines[:4] {
		if from, to, ok := textIn([]byte(l)); !ok || l[from] != '"' || l[to-1] != '"' {
			t.Errorf("textIn(%s) = %d, %d, %v", l, from, to, ok)
		}
	}
}

func FuzzCountWords(f *testing.F) {
	f.Add("")
	f.Add(" l'été\u00a0: deux\u202ftrois\n\nquatre\xff ")
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := countWords(s), len(strings.Fields(s)); got != want {
			t.Errorf("countWords(%q) = %d, want %d", s, got, want)
		}
	})
}
