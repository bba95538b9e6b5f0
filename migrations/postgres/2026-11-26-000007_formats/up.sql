-- The format that a document was written in: one more than the number of upgrade steps that its kind had then. Today it
-- is 1 for all kinds. The default is for the rows that are there; the application writes the column itself.
ALTER TABLE records ADD COLUMN format BIGINT NOT NULL DEFAULT 1;
ALTER TABLE revisions ADD COLUMN format BIGINT NOT NULL DEFAULT 1;
