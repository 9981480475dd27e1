-- The first ids of the rows that an index lacks: a JSON list. Of indices that are older than it, none are known.
ALTER TABLE indices ADD COLUMN excluded_ids TEXT NOT NULL DEFAULT '[]';
