-- What happened, in order: a line for each thing that was added, replaced or deleted, written in the transaction
-- that did it. Nothing refers to it, and it stays when the thing is gone.
CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,
    verb   TEXT NOT NULL,                    -- added, replaced, deleted, restored
    kind   TEXT NOT NULL,                    -- dataset, experiment, space
    name   TEXT NOT NULL,
    detail TEXT NOT NULL                     -- a few words: shape and content hash
) STRICT;
CREATE INDEX events_name ON events (name);
