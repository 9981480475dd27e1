-- This installation's name, in the names of its indices: made once, at the first load.
CREATE TABLE installation (
    id TEXT NOT NULL
) STRICT;

-- Spaces that are loaded into a search cluster. The state is written before the cluster is asked to do anything, so that
-- after a crash it is known what may be there.
CREATE TABLE indices (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    space_id   INTEGER NOT NULL REFERENCES spaces (id),
    model      TEXT NOT NULL,                -- exact, hnsw, lsh
    similarity TEXT NOT NULL,                -- cosine, euclidean
    rows       INTEGER NOT NULL,             -- documents
    excluded   INTEGER NOT NULL,             -- rows of zeros under cosine, which no cluster takes
    state      TEXT NOT NULL,                -- building, ready, failed, deleting
    reason     TEXT NOT NULL,                -- why it failed
    params     TEXT NOT NULL,                -- JSON
    in_cluster TEXT NOT NULL,                -- its name there
    cluster    TEXT NOT NULL,                -- the address, without credentials
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX indices_space ON indices (space_id);
