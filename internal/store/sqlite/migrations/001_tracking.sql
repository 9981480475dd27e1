-- What is tracked. A row is a version of a thing: the current one has superseded_at NULL, and a name
-- has at most one current version. Times are RFC 3339 text in UTC; JSON stands in TEXT columns. The
-- bytes (CSVs, matrices, neighbour tables, per-row columns) lie in files named by content hash.

CREATE TABLE datasets (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    sha256        TEXT NOT NULL,             -- of the CSV's bytes; names the file
    rows          INTEGER NOT NULL,
    columns       TEXT NOT NULL,             -- JSON list of names, in the CSV's order
    id_field      TEXT,                      -- NULL: ids are the row numbers
    media_root    TEXT NOT NULL DEFAULT '',  -- folder that thumbnail paths are relative to
    created_at    TEXT NOT NULL,
    superseded_at TEXT
) STRICT;
CREATE UNIQUE INDEX datasets_current ON datasets (name) WHERE superseded_at IS NULL;

CREATE TABLE experiments (
    id               INTEGER PRIMARY KEY,
    name             TEXT NOT NULL,
    model            TEXT NOT NULL,
    train_dataset_id INTEGER REFERENCES datasets (id),
    params           TEXT NOT NULL,          -- a JSON object
    git_commit       TEXT,
    created_at       TEXT NOT NULL,
    superseded_at    TEXT
) STRICT;
CREATE UNIQUE INDEX experiments_current ON experiments (name) WHERE superseded_at IS NULL;

CREATE TABLE spaces (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    dataset_id    INTEGER REFERENCES datasets (id),     -- NULL: ids are the row numbers
    experiment_id INTEGER REFERENCES experiments (id),
    rows          INTEGER NOT NULL,
    dims          INTEGER NOT NULL,
    metric        TEXT NOT NULL,
    dtype_in      TEXT NOT NULL,
    sha256        TEXT NOT NULL,             -- of the stored float32 matrix; names the file
    step          INTEGER,
    state         TEXT NOT NULL,
    health        TEXT NOT NULL,             -- JSON, catalog.Health
    created_at    TEXT NOT NULL,
    superseded_at TEXT
) STRICT;
CREATE UNIQUE INDEX spaces_current ON spaces (name) WHERE superseded_at IS NULL;
CREATE INDEX spaces_dataset ON spaces (dataset_id);
CREATE INDEX spaces_experiment ON spaces (experiment_id);
CREATE INDEX spaces_content ON spaces (sha256);

-- One kept neighbour table for each (content, metric). Content is the matrix's sha256, or the hash of
-- a selection of its rows when only the rows that two spaces share were looked at.
CREATE TABLE neighbour_tables (
    content    TEXT NOT NULL,
    metric     TEXT NOT NULL,
    matrix     TEXT NOT NULL,                -- sha256 of the matrix it was made from
    k          INTEGER NOT NULL,
    took_s     REAL NOT NULL,
    kernel     TEXT NOT NULL,
    threads    INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (content, metric)
) STRICT;

-- A comparison is kept by its key: a hash of everything that decides the result.
CREATE TABLE comparisons (
    key        TEXT PRIMARY KEY,
    a_id       INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    b_id       INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    summary    TEXT NOT NULL,                -- JSON, wire.Comparison
    created_at TEXT NOT NULL
) STRICT;
