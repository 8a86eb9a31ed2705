package read

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trame"
)

func extractHTML(t *testing.T, page string) Reading {
	t.Helper()
	return Extract(Page{URL: address(t, "https://exemple-social.invalid/posts/un-texte/"), ContentType: "text/html; charset=utf-8", Body: []byte(page), Fetched: rigSeen,
		Source: trame.Source{Name: "Le carnet du quai"}})
}

const (
	oneParagraph = "Le samedi 12 décembre, de 10 à 17 heures, l’ancienne filature accueillera une bourse du travail social. Pas de conférence : des tables. À chacune, une question apportée par une équipe et deux heures pour s’échanger des ruses, des textes, des adresses."
	ownWords     = "Je suis éducateur en prévention spécialisée depuis neuf ans. Je commence ce carnet un dimanche de pluie, parce que je rentre chaque soir avec des phrases dans les poches.</p><p>Je changerai les prénoms. Je ne dirai rien que les gens ne pourraient lire sur eux-mêmes. Quand j’hésiterai, je me tairai, et ce carnet sera donc plein de trous, comme mon travail."
)

// TestOneParagraph: a post of one paragraph has its text once.
func TestOneParagraph(t *testing.T) {
	wordpress := `<!DOCTYPE html><html lang="fr"><head><title>Une bourse du travail social – Lignes</title><meta name="generator" content="WordPress 6.7"></head>
<body class="single single-post"><div id="content"><main id="main"><article class="post hentry"><header class="entry-header"><h1 class="entry-title">Une bourse du travail social</h1>
<div class="entry-meta"><span class="posted-on">Publié le <time class="entry-date published" datetime="2020-11-20T09:00:00+01:00">20 novembre 2020</time></span></div></header>
<div class="entry-content"><p>%s</p>
<div class="sharedaddy"><h3 class="sd-title">Partager :</h3></div></div></article></main></div></body></html>`
	for _, c := range []struct{ page, want string }{
		{fmt.Sprintf(wordpress, oneParagraph), oneParagraph},
		{`<title>A</title><h1>A</h1><p>Un texte.</p>`, "Un texte."},
		{`<title>Un mot</title><h1>Un mot</h1><p>` + oneParagraph + `</p>`, oneParagraph},
	} {
		if r := extractHTML(t, c.page); r.Article.Text != c.want || r.Article.Words != wordCount(c.want) {
			t.Errorf("text = %q of %d words, want %q", r.Article.Text, r.Article.Words, c.want)
		}
	}
}

func TestWithoutEchoes(t *testing.T) {
	long := "Cette phrase est assez longue pour ne pas être dite deux fois."
	for _, c := range []struct{ in, want []string }{
		{[]string{long, "Le titre", long}, []string{long, "Le titre"}},
		{[]string{long, "Le titre Le titre " + long}, []string{long}},
		{[]string{"Oui.", long, "Oui."}, []string{"Oui.", long, "Oui."}}, // an answer may come twice
		{[]string{long, "Le titre de ce livre dit tout."}, []string{long, "Le titre de ce livre dit tout."}},
		{[]string{"Le titre", long, "Le titre"}, []string{"Le titre", long}},
	} {
		if got := withoutEchoes(c.in, "Le titre"); !slices.Equal(got, c.want) {
			t.Errorf("withoutEchoes(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestWithoutLabels(t *testing.T) {
	authors, tags := []string{"Pauline Vercors", "Dieudonné Kasongo"}, []string{"travail de rue", "aller vers"}
	body := []string{"Le premier alinéa.", "Le second alinéa."}
	for _, c := range []struct{ before, after []string }{
		{[]string{"Pauline Vercors, Dieudonné Kasongo", "Résumé"}, []string{"Mots-clés : travail de rue, aller vers"}},
		{[]string{"par Pauline Vercors et Dieudonné Kasongo"}, []string{"travail de rue", "aller vers"}},
		{nil, []string{"Mis à jour le 12/03/2007 - Le grenier, depuis 1999"}},
		{nil, []string{"Retour aux Outils - Accueil"}},
		{[]string{"Mis à jour le 3 mars 2021"}, []string{"Étiquettes : aller vers"}},
	} {
		in := slices.Concat(c.before, body, c.after)
		if got := withoutLabels(in, authors, tags); !slices.Equal(got, body) {
			t.Errorf("withoutLabels(%q) = %q", in, got)
		}
	}
	for _, kept := range [][]string{
		{"Mise à jour du 12 mars : la réunion est reportée.", "Le second alinéa."},
		{"Pauline Vercors travaille ici.", "Il faut aller vers les gens."},
		{"Le premier alinéa.", "Mots-clés : une expression que la page ne range pas"},
		{"travail de rue"},
	} {
		if got := withoutLabels(kept, authors, tags); !slices.Equal(got, kept) {
			t.Errorf("withoutLabels(%q) = %q", kept, got)
		}
	}
}

// TestAuthorMetas: every author that the head names is kept.
func TestAuthorMetas(t *testing.T) {
	for _, c := range []struct{ head, want string }{
		{`<meta name="citation_author" content="Pauline Vercors"><meta name="citation_author" content="Dieudonné Kasongo">`, "Pauline Vercors|Dieudonné Kasongo"},
		{`<meta name="citation_author" content="Vercors, Pauline"><meta name="citation_author" content="Kasongo, Dieudonné">`, "Pauline Vercors|Dieudonné Kasongo"},
		{`<meta name="author" content="Pauline Vercors"><meta name="author" content="Dieudonné Kasongo">`, "Pauline Vercors|Dieudonné Kasongo"},
		{`<meta name="DC.creator" content="Pauline Vercors"><meta name="DC.creator" content="Dieudonné Kasongo"><meta name="author" content="admin">`, "Pauline Vercors|Dieudonné Kasongo"},
		{`<meta name="author" content="Pauline Vercors"><meta name="citation_author" content="Pauline Vercors"><meta name="citation_author" content="Joël Castaing">`, "Pauline Vercors|Joël Castaing"},
	} {
		r := extractHTML(t, `<html lang="fr"><head><title>Un texte</title>`+c.head+`</head><body><article><h1>Un texte</h1><p>`+ownWords+`</p></article></body></html>`)
		if got := strings.Join(r.Article.Authors, "|"); got != c.want {
			t.Errorf("%s: authors %q, want %q", c.head, got, c.want)
		}
	}
}

// TestHugoPost: the name beside the date signs; the folder « posts » and the name
// of the site are no section; the keywords under the text are not of the text.
func TestHugoPost(t *testing.T) {
	page := `<!DOCTYPE html><html lang="fr"><head><title>Une page | Le carnet du quai</title><meta property="article:section" content="%s"></head><body>
<header class="site-header"><a href="/">Le carnet du quai</a></header><main><article class="post"><header><h1>Une page</h1>
<p class="post-meta"><time datetime="2024-03-12">12 mars 2024</time> · %s</p></header><div class="post-content"><p>` + ownWords + `</p></div>
<ul class="post-tags"><li><a href="/tags/rue/">travail de rue</a></li><li><a href="/tags/aller-vers/">aller vers</a></li></ul></article></main></body></html>`
	for _, c := range []struct{ section, beside, wantSection, wantAuthor string }{
		{"posts", "Théo Langlebert", "", "Théo Langlebert"},
		{"Le carnet du quai", "Anne de La Tour", "", "Anne de La Tour"},
		{"Récits", "5 min de lecture", "Récits", ""},
		{"Récits", "Travail social", "Récits", ""},
	} {
		a := extractHTML(t, fmt.Sprintf(page, c.section, c.beside)).Article
		if a.Section != c.wantSection || strings.Join(a.Authors, "|") != c.wantAuthor {
			t.Errorf("%s, %s: section %q, authors %q", c.section, c.beside, a.Section, a.Authors)
		}
		if !slices.Equal(a.Tags, []string{"travail de rue", "aller vers"}) || !strings.HasSuffix(a.Text, "comme mon travail.") || !strings.HasPrefix(a.Text, "Je suis") {
			t.Errorf("tags %q, text %q", a.Tags, a.Text)
		}
	}
}

// TestReviewNotice: keywords that are printed in a line are read as such.
func TestReviewNotice(t *testing.T) {
	a := extractHTML(t, `<html lang="fr"><head><title>Un rapport — Les cahiers</title><meta name="citation_author" content="Pauline Vercors"><meta name="citation_author" content="Dieudonné Kasongo"></head><body><main><article class="rapport">
<h1>Un rapport</h1><p class="auteurs"><span class="auteur">Pauline Vercors</span>, <span class="auteur">Dieudonné Kasongo</span></p><section class="resume"><h2>Résumé</h2><p>`+ownWords+`</p></section>
<p class="mots-cles">Mots-clés : accès aux droits, ruralité</p></article></main></body></html>`).Article
	if !slices.Equal(a.Tags, []string{"accès aux droits", "ruralité"}) || !strings.HasPrefix(a.Text, "Je suis") || !strings.HasSuffix(a.Text, "comme mon travail.") {
		t.Errorf("tags %q, text %q", a.Tags, a.Text)
	}
}
