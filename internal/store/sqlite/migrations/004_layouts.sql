-- A layout is kept by its key: a hash of everything that decides it. b_id is NULL when one space was laid out. The
-- coordinates lie in a file of that name.
CREATE TABLE layouts (
    key        TEXT PRIMARY KEY,
    a_id       INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    b_id       INTEGER REFERENCES spaces (id) ON DELETE CASCADE,
    summary    TEXT NOT NULL,                -- JSON, wire.Layout
    created_at TEXT NOT NULL
) STRICT;
