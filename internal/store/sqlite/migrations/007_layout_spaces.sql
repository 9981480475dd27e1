-- The spaces of a layout, in its order: one, two, or all the steps of an experiment. A layout goes when one of them does.
CREATE TABLE layouts_new (
    key        TEXT PRIMARY KEY,             -- a hash of everything that decides it; the coordinates lie in a file of that name
    summary    TEXT NOT NULL,                -- JSON, wire.Layout
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO layouts_new (key, summary, created_at) SELECT key, summary, created_at FROM layouts;
CREATE TABLE layout_spaces_new AS SELECT key AS layout, 0 AS place, a_id AS space_id FROM layouts
    UNION ALL SELECT key, 1, b_id FROM layouts WHERE b_id IS NOT NULL;
DROP TABLE layouts;
ALTER TABLE layouts_new RENAME TO layouts;
CREATE TABLE layout_spaces (
    layout   TEXT NOT NULL REFERENCES layouts (key) ON DELETE CASCADE,
    place    INTEGER NOT NULL,               -- 0 for the first
    space_id INTEGER NOT NULL REFERENCES spaces (id),
    PRIMARY KEY (layout, place)
) STRICT, WITHOUT ROWID;
INSERT INTO layout_spaces SELECT layout, place, space_id FROM layout_spaces_new;
DROP TABLE layout_spaces_new;
CREATE INDEX layout_spaces_space ON layout_spaces (space_id);
CREATE TRIGGER layouts_of_a_space BEFORE DELETE ON spaces BEGIN
    DELETE FROM layouts WHERE key IN (SELECT layout FROM layout_spaces WHERE space_id = OLD.id);
END;
