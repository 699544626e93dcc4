-- Everything read from sources. Numbers are given by `counters` and never used twice.
-- Kinds, origins and causes are stored as the numbers in src/code.rs; times are milliseconds since 1970.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
    only     INTEGER PRIMARY KEY CHECK (only = 0),
    document INTEGER NOT NULL,
    node     INTEGER NOT NULL,
    clause   INTEGER NOT NULL,
    acl      INTEGER NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;
INSERT INTO counters VALUES (0, 0, 0, 32, 0, 0);

CREATE TABLE directories (
    source  INTEGER PRIMARY KEY,
    content BLOB NOT NULL,
    -- When `content` was last confirmed by the source.
    read_at INTEGER NOT NULL,
    -- 1: too old to be believed; nobody sees anything of the source until it is confirmed.
    stale   INTEGER NOT NULL
) STRICT;

-- Sources that came from a backup: their directories are not in force before a full run has read them.
CREATE TABLE restored (
    source INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE containers (
    source   INTEGER NOT NULL,
    native   TEXT NOT NULL,
    kind     INTEGER NOT NULL,
    short    TEXT NOT NULL,
    name     TEXT NOT NULL,
    archived INTEGER NOT NULL,
    url      TEXT NOT NULL,
    seen_run INTEGER NOT NULL,
    -- 0: in scope. 1: the settings leave it out; its documents are hidden, not deleted. 2: a complete listing did not name
    -- it though the settings want it. 3: nor did the next one; its documents are proved to be gone.
    outside  INTEGER NOT NULL,
    -- The last run whose complete listing missed it.
    missed_run INTEGER,
    PRIMARY KEY (source, native)
) STRICT, WITHOUT ROWID;

CREATE TABLE clauses (
    id      INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL,
    origin  INTEGER NOT NULL,
    native  TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- When `content` was last confirmed by the source.
    read_at INTEGER NOT NULL,
    content BLOB NOT NULL,
    -- 1: `content` itself admits nobody, because the layer could not be read.
    closed  INTEGER NOT NULL,
    -- 1: too old to be believed; `content` stays for the day it is confirmed.
    stale   INTEGER NOT NULL,
    UNIQUE (source, origin, native)
) STRICT;

-- Interned lists of clause ids. Rows are never changed.
CREATE TABLE acls (
    id      INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL,
    clauses BLOB NOT NULL,
    UNIQUE (source, clauses)
) STRICT;

CREATE TABLE nodes (
    id      INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    native  TEXT NOT NULL,
    parent  INTEGER,
    -- 0: only named by others so far; admits nobody, nor does anything below it.
    placed  INTEGER NOT NULL,
    -- Ids of its own clauses; NULL while they have not been read.
    own     BLOB,
    inline  BLOB,
    -- NULL only inside a transaction.
    acl     INTEGER,
    -- When `own` was last confirmed by the source.
    read_at INTEGER,
    -- 1: too old to be believed; it and all below admit nobody until it is confirmed.
    stale   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, kind, native)
) STRICT;
CREATE INDEX clauses_by_age ON clauses (source, read_at) WHERE closed = 0 AND stale = 0;
CREATE INDEX nodes_by_age ON nodes (source, read_at) WHERE own IS NOT NULL AND stale = 0;
CREATE INDEX nodes_by_parent ON nodes (parent) WHERE parent IS NOT NULL;
CREATE INDEX nodes_pending ON nodes (source, kind, native) WHERE own IS NULL AND placed = 1;
CREATE INDEX nodes_unplaced ON nodes (source, kind, native) WHERE placed = 0;

CREATE TABLE documents (
    docno         INTEGER PRIMARY KEY,
    source        INTEGER NOT NULL,
    kind          INTEGER NOT NULL,
    native        TEXT NOT NULL,
    node          INTEGER NOT NULL,
    audience      INTEGER,
    parent_kind   INTEGER,
    parent_native TEXT,
    -- The document that it is shown under; its own number while that one is not stored.
    shown_under   INTEGER NOT NULL,
    container     TEXT NOT NULL,
    stream        TEXT NOT NULL,
    seen_run      INTEGER NOT NULL,
    -- The run whose complete listing missed it first.
    missed_run    INTEGER,
    -- The run that missed it again, or to which the source said that there is no such thing: it may be deleted.
    proven_run    INTEGER,
    -- 1: an administrator does not want it deleted, though it stays hidden; until it is seen again.
    spared        INTEGER NOT NULL DEFAULT 0,
    deleted_at    INTEGER,
    -- Of everything that the text index holds of it; empty once its text was dropped for good.
    hash          BLOB NOT NULL,
    version       TEXT NOT NULL,
    title         TEXT NOT NULL,
    url           TEXT NOT NULL,
    updated       INTEGER NOT NULL,
    UNIQUE (source, kind, native)
) STRICT;
CREATE INDEX documents_by_stream ON documents (source, stream);
CREATE INDEX documents_by_container ON documents (source, container);
CREATE INDEX documents_by_url ON documents (url) WHERE deleted_at IS NULL;
CREATE INDEX documents_proven ON documents (source, docno) WHERE proven_run IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX documents_deleted ON documents (source, deleted_at) WHERE deleted_at IS NOT NULL AND hash <> x'';
CREATE INDEX documents_by_parent ON documents (source, parent_kind, parent_native) WHERE parent_kind IS NOT NULL;

CREATE TABLE bodies (
    docno INTEGER PRIMARY KEY,
    json  BLOB NOT NULL
) STRICT;

-- The latest change of every document. Rows of removed documents stay, so that a follower hears of them.
CREATE TABLE outbox (
    docno    INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    gone     INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    status    TEXT NOT NULL,
    started   INTEGER NOT NULL,
    ended     INTEGER,
    reason    TEXT,
    documents INTEGER NOT NULL DEFAULT 0,
    changed   INTEGER NOT NULL DEFAULT 0,
    calls     INTEGER NOT NULL DEFAULT 0,
    losses    INTEGER NOT NULL DEFAULT 0,
    warnings  INTEGER NOT NULL DEFAULT 0,
    expected  INTEGER
) STRICT;
CREATE INDEX runs_by_source ON runs (source, id);
CREATE INDEX runs_by_kind ON runs (source, kind, id);

CREATE TABLE checkpoints (
    run         INTEGER NOT NULL,
    stream      TEXT NOT NULL,
    -- NULL: the stream has not begun, or has ended.
    cursor      TEXT,
    ended       INTEGER NOT NULL,
    -- When the stream began in this run, by the hub's clock and by the source's.
    began       INTEGER NOT NULL,
    source_time INTEGER,
    losses      INTEGER NOT NULL,
    PRIMARY KEY (run, stream)
) STRICT, WITHOUT ROWID;

-- Up to when the state of the source is known, stream by stream. Moved only by the end of a reading without a loss.
CREATE TABLE watermarks (
    source      INTEGER NOT NULL,
    stream      TEXT NOT NULL,
    -- The start of the last such reading by the source's own clock: changes are read from here.
    source_time INTEGER,
    -- The same by the hub's clock: freshness.
    read_at     INTEGER NOT NULL,
    -- The start of the last such reading that listed everything, by the hub's clock.
    listed_at   INTEGER,
    PRIMARY KEY (source, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
    id       INTEGER PRIMARY KEY,
    source   INTEGER NOT NULL,
    run      INTEGER NOT NULL,
    -- NULL: of the run as a whole.
    stream   TEXT,
    -- 1: it holds until the stream was read as a whole again, whatever other runs say.
    stands   INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    item     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    UNIQUE (run, kind, item)
) STRICT;
CREATE INDEX problems_by_source ON problems (source, stands, stream, kind, item);

-- What the product calls security levels, fields of people, and folders: words for explanations.
CREATE TABLE names (
    source INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    native TEXT NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (source, kind, native)
) STRICT, WITHOUT ROWID;

-- What runs could not read, until it was read.
CREATE TABLE owed (
    id        INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL,
    stream    TEXT NOT NULL,
    -- A document, or -1.
    kind      INTEGER NOT NULL,
    native    TEXT NOT NULL,
    -- A container, or ''. With neither the whole stream is owed.
    container TEXT NOT NULL,
    item      TEXT NOT NULL,
    reason    TEXT NOT NULL,
    attempts  INTEGER NOT NULL,
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    -- The last run that could not read it.
    run       INTEGER NOT NULL,
    -- 1: somebody asked for it, and the next retry takes what was asked for, and nothing else. 2: the open retry has taken it.
    asked     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, stream, kind, native, container)
) STRICT;

-- Deletions that would go too far and wait for an administrator.
CREATE TABLE stopped_deletions (
    source INTEGER PRIMARY KEY,
    since  INTEGER NOT NULL
) STRICT;

-- Long work, done in slices between other transactions and gone on with after a restart.
CREATE TABLE chores (
    source INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    target TEXT NOT NULL,
    -- The number of the last document done.
    behind INTEGER NOT NULL,
    PRIMARY KEY (source, kind, target)
) STRICT, WITHOUT ROWID;
