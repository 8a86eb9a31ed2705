package read

import (
	"strings"
	"testing"

	"trame"
)

const someProse = `<p>Les travailleurs sociaux du département se sont réunis pour évoquer leurs conditions d’exercice. La rencontre a permis de croiser les regards des assistantes de service social, des éducateurs spécialisés et des conseillères en économie sociale familiale.</p>
<p>Au cours des échanges, plusieurs équipes ont présenté les actions collectives qu’elles conduisent avec les habitants du quartier.</p>`

// page writes a small page.
func page(title, bodyAttr, body string) string {
	return "<!doctype html><html lang=fr><head><title>" + title + " - Un site</title></head><body " + bodyAttr + ">" + body + "</body></html>"
}

func TestVerdicts(t *testing.T) {
	teasers := strings.Repeat(`<h2><a href="/texte">Un texte sur le travail social de quartier</a></h2><p>Un court résumé du texte qui est annoncé ici.</p>`, 4)
	for _, c := range []struct {
		name, url, html string
		hint            Hint
		want            Verdict
	}{
		{"text on a hand-made site", "http://x.be/textes/01.htm", page("Un titre", "", "<h1>Un titre</h1>"+someProse), Hint{}, IsArticle},
		{"home", "http://x.be/", page("Un titre", "", "<h1>Un titre</h1>"+someProse), Hint{}, IsListing},
		{"teasers", "http://x.be/actus", page("Actus", "", "<h1>Actus</h1>"+teasers), Hint{}, IsListing},
		{"WordPress post", "http://x.be/un-titre/", page("Un titre", "class='single single-post'", `<link href="/wp-content/a.css"><h1>Un titre</h1><p>Bref.</p>`), Hint{}, IsArticle},
		{"WordPress page", "http://x.be/equipe/", page("Équipe", "class='page page-id-3'", `<meta name=generator content="WordPress 6"><h1>Équipe</h1>`+someProse), Hint{}, IsListing},
		{"WordPress category", "http://x.be/category/a/", page("A", "class='archive category'", `<meta name=generator content="WordPress 6"><h1>A</h1>`+someProse), Hint{}, IsListing},
		{"date archive", "http://x.be/2015/04/", page("Avril 2015", "", "<h1>Avril 2015</h1>"+someProse), Hint{}, IsListing},
		{"search", "http://x.be/?s=secret", page("Recherche", "", "<h1>Recherche</h1>"+someProse), Hint{}, IsListing},
		{"contact", "http://x.be/contact", page("Contact", "", "<h1>Contact</h1>"+someProse), Hint{}, IsListing},
		{"SPIP article", "http://x.be/spip.php?article7", page("Un titre", "", `<h1>Un titre</h1><div class="texte"><p>Bref.</p></div>`), Hint{}, IsArticle},
		{"SPIP article, other form", "http://x.be/?article7", page("Un titre", "", `<meta name=generator content="SPIP 4"><h1>Un titre</h1><div class="texte"><p>Bref.</p></div>`), Hint{}, IsArticle},
		{"SPIP section", "http://x.be/spip.php?rubrique7", page("Un titre", "", "<h1>Un titre</h1>"+someProse), Hint{}, IsListing},
		{"SPIP keyword", "http://x.be/spip.php?mot1", page("Un titre", "", "<h1>Un titre</h1>"+someProse), Hint{}, IsListing},
		{"SPIP plan", "http://x.be/spip.php?page=plan", page("Plan", "", "<h1>Plan</h1>"+someProse), Hint{}, IsListing},
		{"password form", "http://x.be/a/", page("Protégé", "class=single", `<h1>Protégé</h1><form class="post-password-form" action="/wp-login.php?action=postpass"><input type=password name=post_password></form>`), Hint{}, IsLocked},
		{"login box beside a text", "http://x.be/a", page("Un titre", "", "<h1>Un titre</h1>"+someProse+"<form><input type=password></form>"), Hint{}, IsArticle},
		{"paywall", "http://x.be/a", page("Un titre", "", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Un titre","datePublished":"2020-01-02","isAccessibleForFree":false}</script><h1>Un titre</h1><p>Le début.</p>`), Hint{}, IsLocked},
		{"noindex", "http://x.be/a", page("Un titre", "", `<meta name=robots content="noindex, nofollow"><h1>Un titre</h1>`+someProse), Hint{}, IsRefused},
		{"meta refresh", "http://x.be/a", `<html><head><meta http-equiv=refresh content="0; url=/b"><title>x</title></head></html>`, Hint{}, IsRedirect},
		{"a page that reloads itself", "http://x.be/a", `<html><head><meta http-equiv=refresh content="300"><title>Un titre</title></head><body><h1>Un titre</h1>` + someProse, Hint{}, IsArticle},
		{"frames", "http://x.be/cadres.htm", `<html><head><title>Cadres</title></head><frameset><frame src="menu.htm"><frame src="texte.htm"></frameset></html>`, Hint{}, IsListing},
		{"short item of a feed", "http://x.be/a", page("Un titre", "", "<h1>Un titre</h1><p>Une annonce en quelques mots seulement, mais une annonce tout de même, dit la rédaction ce matin.</p>"), Hint{From: trame.FromFeed}, IsArticle},
		{"the same outside a feed", "http://x.be/a", page("Un titre", "", "<h1>Un titre</h1><p>Une annonce en quelques mots seulement, mais une annonce tout de même, dit la rédaction ce matin.</p>"), Hint{}, IsListing},
		{"empty", "http://x.be/a", "  ", Hint{}, IsUnfit},
		{"a feed", "http://x.be/a", `<?xml version="1.0"?><rss><channel></channel></rss>`, Hint{}, IsUnfit},
		{"bare text", "http://x.be/a", "une erreur", Hint{}, IsUnfit},
	} {
		r := Extract(Page{URL: address(t, c.url), ContentType: "text/html; charset=utf-8", Body: []byte(c.html), Hint: c.hint, Fetched: rigSeen})
		if r.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, r.Verdict, r.Why, c.want)
		}
		if r.Why == "" {
			t.Errorf("%s: no reason", c.name)
		}
		checkReading(t, c.name, r)
	}
}

func TestFramesAreLinks(t *testing.T) {
	r := Extract(Page{URL: address(t, "http://x.be/cadres/index.htm"), ContentType: "text/html",
		Body: []byte(`<html><head><title>Cadres</title></head><frameset><frame src="menu.htm"><frame src="../texte.htm"></frameset></html>`)})
	if len(r.Links) != 2 || r.Links[0].URL != "http://x.be/cadres/menu.htm" || r.Links[1].URL != "http://x.be/texte.htm" {
		t.Errorf("links %v", r.Links)
	}
}

func TestNextPage(t *testing.T) {
	list := "<h1>Actus</h1>" + strings.Repeat(`<h2><a href="/texte">Un texte sur le travail social de quartier</a></h2><p>Un court résumé.</p>`, 4)
	for name, c := range map[string]struct{ url, html, want string }{
		"rel in the head":     {"http://x.be/actus", `<link rel=next href="/actus?page=1">` + list, "http://x.be/actus?page=1"},
		"in words":            {"http://x.be/actus", list + `<a href="/actus/page/2/">Articles plus anciens</a>`, "http://x.be/actus/page/2/"},
		"numbers, Drupal":     {"http://x.be/node", list + `<ul class=pager><li class="pager-current">1</li><li><a href="/node?page=1">2</a></li><li><a href="/node?page=2">3</a></li><li><a href="/node?page=2">dernière »</a></li></ul>`, "http://x.be/node?page=1"},
		"numbers, SPIP":       {"http://x.be/spip.php?rubrique2", list + `<ul class="pagination-items"><li><a href="./?debut=0">1</a></li><li><span class=on>2</span></li><li><a href="spip.php?rubrique2&debut=16#p">3</a></li></ul>`, "http://x.be/spip.php?rubrique2&debut=16"},
		"the last page":       {"http://x.be/node?page=2", list + `<ul class=pager><li><a href="/node">1</a></li><li>2</li></ul>`, ""},
		"part of an article":  {"http://x.be/un-titre/", "<h1>Un titre</h1>" + someProse + `<nav class="page-links">Page 1 <a href="/un-titre/2/">Page 2</a></nav>`, "http://x.be/un-titre/2/"},
		"another article":     {"http://x.be/un-titre/", "<h1>Un titre</h1>" + someProse + `<div class="nav-links"><a rel=next href="/un-autre/">Un autre</a></div>`, ""},
		"another site's page": {"http://x.be/actus", list + `<a rel=next href="http://y.be/2">Suivant</a>`, ""},
	} {
		title := "Actus"
		if strings.Contains(c.html, "<h1>Un titre") {
			title = "Un titre"
		}
		r := Extract(Page{URL: address(t, c.url), ContentType: "text/html; charset=utf-8", Body: []byte(page(title, "", c.html))})
		if r.Next != c.want {
			t.Errorf("%s: next %q (%s), want %q", name, r.Next, r.Verdict, c.want)
		}
	}
}

func TestRedirectTarget(t *testing.T) {
	r := Extract(Page{URL: address(t, "http://x.be/a/"), ContentType: "text/html", Body: []byte(`<meta http-equiv="refresh" content="0;URL='../b/?x=1&amp;y=2'">`)})
	if r.Verdict != IsRedirect || r.Canonical != "http://x.be/b/?x=1&y=2" {
		t.Errorf("%s to %q", r.Verdict, r.Canonical)
	}
}

func TestOtherTypesAreUnfit(t *testing.T) {
	for _, ct := range []string{"application/pdf", "image/png", "application/rss+xml", "application/json", "text/plain"} {
		if r := Extract(Page{URL: address(t, "http://x.be/a"), ContentType: ct, Body: []byte("%PDF-1.4 texte")}); r.Verdict != IsUnfit {
			t.Errorf("%s: %s", ct, r.Verdict)
		}
	}
}

// TestDatesNotInvented holds that no date is taken from where none belongs.
func TestDatesNotInvented(t *testing.T) {
	for _, c := range []struct{ name, html, want, from string }{
		{"footer", "<h1>Un titre</h1>" + someProse + `<footer>© 2011 - 2025 – Mise à jour : 3 novembre 2025</footer>`, "", "none"},
		{"ticker", `<div class="top-bar"><span>Il y a 3 mois</span> <a href=/a>Autre texte</a></div><h1>Un titre</h1>` + someProse, "", "none"},
		{"today's date in the header", `<div class="top-bar"><div class="twp-date">Samedi, Nov 21, 2026</div></div><h1>Un titre</h1>` + someProse, "", "none"},
		{"related texts", "<h1>Un titre</h1>" + someProse + `<div class="related"><ul><li><a href=/b>Un autre texte</a> <time datetime="2020-01-02">2 janvier 2020</time></li></ul></div>`, "", "none"},
		{"an event", "<h1>Une journée d’étude</h1><p>La journée aura lieu le mardi 15 novembre 2022 de 9h à 17h à Mons.</p>" + someProse, "", "none"},
		{"a date inside the text", "<h1>Un titre</h1><p>Le rapport publié par la Cour des comptes le 3 mars 2014 disait déjà la même chose, et personne ne l’a lu depuis.</p>" + someProse, "", "none"},
		{"the future", `<meta property="article:published_time" content="2031-01-01T00:00:00Z"><h1>Un titre</h1>` + someProse, "", "none"},
		{"the zero of a program", `<meta property="article:published_time" content="1970-01-01T00:00:00Z"><h1>Un titre</h1>` + someProse, "", "none"},
		{"the zero of another", `<script type="application/ld+json">{"@type":"Article","headline":"Un titre","datePublished":"0001-01-01T00:00:00+00:00"}</script><h1>Un titre</h1>` + someProse, "", "none"},
		{"the last edit", "<h1>Un titre</h1><p>Mis à jour le 3 mai 2020</p>" + someProse, "", "none"},
		{"publié le beats datetime", `<h1>Un titre</h1><p class="info-publi">Publié le <time datetime="2023-09-09T10:00:00Z">5 avril 2015</time></p>` + someProse, "2015-04-05", "time"},
		{"publié, then mis à jour", `<h1>Un titre</h1><p class="info">Publié le 5 avril 2015, mis à jour le 6 mai 2016</p>` + someProse, "2015-04-05", "text"},
		{"mis en ligne at the end", "<h1>Un titre</h1>" + someProse + "<p>Mis en ligne le 7.3.01</p>", "2001-03-07", "text"},
		{"a month", "<h1>Un titre</h1><p>Publié en mars 2019</p>" + someProse, "2019-03", "text"},
		{"JSON-LD", `<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"S"},{"@type":"BlogPosting","headline":"Un titre","datePublished":"2018-02-03T08:00:00+01:00"}]}</script><h1>Un titre</h1>` + someProse, "2018-02-03", "json-ld"},
	} {
		r := Extract(Page{URL: address(t, "http://x.be/a"), ContentType: "text/html; charset=utf-8", Body: []byte(page("Un titre", "", c.html)), Fetched: rigSeen})
		if got := r.Article.Published.String(); got != c.want || r.Article.PublishedFrom != c.from {
			t.Errorf("%s: published %q from %s, want %q from %s", c.name, got, r.Article.PublishedFrom, c.want, c.from)
		}
	}
}

func TestHintsAndAddressesDate(t *testing.T) {
	day := trame.Date{Year: 2019, Month: 6, Day: 5}
	for _, c := range []struct {
		url        string
		hint       Hint
		want, from string
	}{
		{"http://x.be/a", Hint{Published: day, From: trame.FromFeed}, "2019-06-05", trame.FromFeed},
		{"http://x.be/a", Hint{Published: trame.Date{Year: 2030}, From: trame.FromFeed}, "", trame.FromNone},
		{"http://x.be/2015/04/05/un-titre/", Hint{}, "2015-04-05", trame.FromURL},
		{"http://x.be/2015/04/un-titre/", Hint{}, "2015-04", trame.FromURL},
		{"http://x.be/2015/04/un-titre/", Hint{Published: day, From: trame.FromFeed}, "2019-06-05", trame.FromFeed},
	} {
		r := Extract(Page{URL: address(t, c.url), ContentType: "text/html", Body: []byte(page("Un titre", "", "<h1>Un titre</h1>"+someProse)), Hint: c.hint, Fetched: rigSeen})
		if got := r.Article.Published.String(); got != c.want || r.Article.PublishedFrom != c.from {
			t.Errorf("%s %+v: published %q from %s, want %q from %s", c.url, c.hint, got, r.Article.PublishedFrom, c.want, c.from)
		}
	}
}
