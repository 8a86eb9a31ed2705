// Package crawler turns addresses into articles: it visits politely, finds
// feeds, sitemaps and pagers, reads what it gets, and saves it in the archive.
package crawler
