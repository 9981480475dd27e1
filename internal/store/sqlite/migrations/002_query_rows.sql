-- A table may hold the lists of some rows only: a sample, for an estimate. NULL: of all rows.
ALTER TABLE neighbour_tables ADD COLUMN queries INTEGER;
