// Package trame gathers articles of French-language social work, keeps what it
// read, and makes it searchable. This package holds the nouns that every room
// shares; it imports the standard library alone.
//
// The line, in the order in which the folders are read:
//
//	feed | sitemap | page ─▶ crawler: fetch ─▶ Extract ─▶ Date ─▶ Classify ─▶ archive.Save ─▶ change 4711
//	                                                                                          │  index.Follow reads after its own cursor
//	reader ─▶ ParseQuery ─▶ Searcher.Search ─▶ Results ─▶ page | JSON ◀── Engine.Apply
//
// The rooms:
//
//   - crawler turns an address into an [Article]: it visits politely, finds
//     feeds, sitemaps and pagers, reads pages, dates them without inventing
//     anything, and gives them themes.
//   - archive keeps what was fetched and read. It is the only truth: raw pages
//     stay in it, so everything after the download can be done again.
//   - index follows the numbered history of the archive after a cursor that it
//     keeps inside itself, and answers as a [Searcher]: results and facets, most
//     like one article, trends, words in context, completions. Wipe it and it
//     rebuilds itself.
//   - api (programs) and web (people) are doors: they read the archive and ask
//     a [Searcher]; nothing flows backwards.
//   - french turns words into terms, the same for the index, for highlights and
//     for themes; it opens inclusive writing, and knows acronyms, spellings and
//     what Belgium and France call the same thing.
//   - cmd/trame is the key ring: settings, commands, the only place that knows
//     every room.
//
// The nouns: [Article], [Source], [Theme], [Date]; for search [Query] (query.go, the
// form that addresses have), [Expr] (expr.go, what is written in the search field)
// and [Results] (search.go).
//
// Everyone knows the nouns; every room may open the archive and the dictionary;
// no room opens another; only cmd holds all the keys. architecture_test.go holds
// that as a table that fails.
package trame
