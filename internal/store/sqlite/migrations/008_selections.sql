-- Rows of a space that a person chose, with a name and a note. Those made while comparing belong to the comparison as well,
-- by its key and without a reference: one that is forgotten because its file is damaged is made again under the same key,
-- and what a person wrote must not be lost with it.
CREATE TABLE selections (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,      -- never given twice: an old one must not change a new selection
    space_id   INTEGER NOT NULL REFERENCES spaces (id) ON DELETE CASCADE,
    comparison TEXT NOT NULL,                -- '': of the space itself
    name       TEXT NOT NULL,
    note       TEXT NOT NULL,
    rows       TEXT NOT NULL,                -- ranges, ascending: 0-3,7
    count      INTEGER NOT NULL,             -- of rows
    created_at TEXT NOT NULL,
    UNIQUE (space_id, comparison, name)
) STRICT;
