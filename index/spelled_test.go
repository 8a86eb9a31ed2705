package index

import (
	"net/url"
	"testing"

	"trame"
	"trame/french"
)

// TestSpelled asks for words that no article holds: slips are read as the word that
// was meant, also after an article; words of the trade stay what they are.
func TestSpelled(t *testing.T) {
	a := newArchive(t)
	importAll(t, a, []trame.Article{
		{URL: "https://mots.test/1", Title: "Une nuit", Text: "Les équipes se sont réunies pour parler de l’hébergement d’urgence, des factures et de l’exclusion ; une assistante témoigne."},
		{URL: "https://mots.test/2", Title: "Un jour", Text: "Les équipes réunies parlent de facture, d’urgence, d’exclusion, de turn-over."},
	})
	e, err := Open(t.Context(), "bleve:"+t.TempDir(), a, Options{Thesaurus: french.DefaultThesaurus()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	if err := CatchUp(t.Context(), a, e, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		query, with string // "": in no other spelling
		total       int
	}{
		{"urgance", "urgence", 2},
		{"hébergement d'urgance", "urgence", 1},
		{"l’hebergemant", "hébergement", 1},
		{"réfugiés", "", 0},
		{"fracture", "", 0},
		{"expulsion", "", 0},
		{"équipe", "", 2},
	} {
		r := ask(t, e, "q="+url.QueryEscape(test.query))
		with := ""
		if len(r.Added) > 0 {
			with = r.Added[0].With[0]
		}
		if with != test.with || r.Total != test.total {
			t.Errorf("Search(%s) finds %d with %v, want %d with %s", test.query, r.Total, r.Added, test.total, test.with)
		}
	}
}
