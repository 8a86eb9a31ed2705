-- One text for SQLite and PostgreSQL. Moments are Unix milliseconds in UTC, 0
-- for none. Numbers come from the rows of counters, never from a sequence, so
-- that they become visible in order. Only ever add migrations.

-- +goose Up
CREATE TABLE counters (
    name TEXT   NOT NULL PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO counters (name, n) VALUES ('change', 0), ('article', 0);

CREATE TABLE notes (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE sources (
    id       TEXT   NOT NULL PRIMARY KEY,
    settings TEXT   NOT NULL,            -- trame.Source as JSON
    platform TEXT   NOT NULL DEFAULT '',
    problem  TEXT   NOT NULL DEFAULT '',
    added    BIGINT NOT NULL
);

CREATE TABLE links (
    url           TEXT     NOT NULL PRIMARY KEY,
    source        TEXT     NOT NULL,
    host          TEXT     NOT NULL,
    kind          SMALLINT NOT NULL,     -- 0 home, 1 feed, 2 sitemap, 3 pager, 4 page
    depth         INTEGER  NOT NULL,
    named_by      TEXT     NOT NULL,
    hint          BYTEA    NOT NULL,
    state         TEXT     NOT NULL,
    due           BIGINT   NOT NULL,
    ready         SMALLINT NOT NULL,     -- 1 once due has come: what Lease chooses among
    visited       BIGINT   NOT NULL,
    changed       BIGINT   NOT NULL,
    every         BIGINT   NOT NULL,     -- milliseconds
    status        INTEGER  NOT NULL,
    etag          TEXT     NOT NULL,
    last_modified TEXT     NOT NULL,
    target        TEXT     NOT NULL,
    fails         INTEGER  NOT NULL,
    problem       TEXT     NOT NULL,
    owner         TEXT     NOT NULL DEFAULT '',
    leased_until  BIGINT   NOT NULL DEFAULT 0
);
CREATE INDEX links_ready  ON links (host, kind, depth, due) WHERE ready = 1;
CREATE INDEX links_coming ON links (due) WHERE ready = 0 AND due > 0;
CREATE INDEX links_leased ON links (host, leased_until) WHERE owner <> '';
CREATE INDEX links_target ON links (target) WHERE target <> '';
CREATE INDEX links_fronts ON links (source) WHERE kind <= 1;
CREATE INDEX links_source ON links (source, state, fails, due, visited);
CREATE INDEX links_ordered ON links (source, url);

CREATE TABLE pages (
    url          TEXT    NOT NULL PRIMARY KEY,
    fetched      BIGINT  NOT NULL,
    status       INTEGER NOT NULL,
    content_type TEXT    NOT NULL,
    header       TEXT    NOT NULL,       -- JSON
    body         BYTEA   NOT NULL        -- zstd
);

CREATE TABLE articles (
    id          TEXT     NOT NULL PRIMARY KEY,
    number      BIGINT   NOT NULL,       -- grows with first appearance
    change      BIGINT   NOT NULL,       -- its last number in the history
    version     BIGINT   NOT NULL,       -- the version that holds its text
    fingerprint TEXT     NOT NULL,
    source      TEXT     NOT NULL,
    url         TEXT     NOT NULL,
    text_key    BIGINT   NOT NULL,       -- trame.Article.TextKey, its bits
    published   INTEGER  NOT NULL,       -- yyyymmdd; mm and dd are 00 as far as they are unknown
    gone        SMALLINT NOT NULL,
    hidden      SMALLINT NOT NULL,       -- 1: its page is not an article any more
    moved_to    TEXT     NOT NULL,       -- id of the article that took its place
    first_seen  BIGINT   NOT NULL,
    last_seen   BIGINT   NOT NULL
);
CREATE UNIQUE INDEX articles_number ON articles (number);
CREATE UNIQUE INDEX articles_change ON articles (change);
CREATE INDEX articles_source ON articles (source, gone, published) WHERE moved_to = '' AND hidden = 0;

CREATE TABLE versions (
    change BIGINT NOT NULL PRIMARY KEY,  -- its number in the history
    id     TEXT   NOT NULL,
    seen   BIGINT NOT NULL,
    body   BYTEA  NOT NULL               -- trame.Article as JSON, zstd
);
CREATE INDEX versions_id ON versions (id, change);

CREATE TABLE attachments (
    article    TEXT    NOT NULL,
    place      INTEGER NOT NULL,         -- from 0, as the page lists them
    url        TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    pages      INTEGER NOT NULL,
    PRIMARY KEY (article, place)
);
CREATE INDEX attachments_url ON attachments (url);
