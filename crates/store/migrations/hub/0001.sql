-- What administrators and people of this hub decide and do. Nothing read from a source is kept here.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,
    state    TEXT NOT NULL,
    created  INTEGER NOT NULL
) STRICT;

-- Comparisons of this hub's decisions with the sources' own. Results hold ids, never titles.
CREATE TABLE self_audits (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    ended  INTEGER NOT NULL,
    result TEXT NOT NULL
) STRICT;
CREATE INDEX self_audits_by_source ON self_audits (source, id);

CREATE TABLE secrets (
    owner  TEXT NOT NULL,
    name   TEXT NOT NULL,
    nonce  BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;

-- Where a site may call to say that something changed. Address and secret are in `secrets`; a call finds its source by
-- the SHA-256 of the address. `former` is that of the address before, for sites that were not told of the change.
CREATE TABLE webhooks (
    source  INTEGER PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
    address BLOB NOT NULL UNIQUE,
    former  BLOB,
    made    INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_counts (
    source  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    outcome TEXT NOT NULL,
    count   INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (source, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    email     TEXT NOT NULL,
    -- The e-mail in lower case: nobody can take another's address by its case.
    email_key TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    role      TEXT NOT NULL,
    password  TEXT,
    disabled  INTEGER NOT NULL DEFAULT 0,
    created   INTEGER NOT NULL
) STRICT;

CREATE TABLE account_mappings (
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    source  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    user    TEXT NOT NULL,
    PRIMARY KEY (account, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_exclusions (
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    source  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    PRIMARY KEY (account, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token   BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE throttle (
    key      TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What members say they should not see. Documents by key alone.
CREATE TABLE objections (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    by         TEXT NOT NULL,
    source     INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    kind       INTEGER NOT NULL,
    native     TEXT NOT NULL,
    note       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    settled_at INTEGER,
    settled_by TEXT
) STRICT;
CREATE INDEX objections_open ON objections (account, source, kind, native) WHERE settled_at IS NULL;

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    actor  TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
