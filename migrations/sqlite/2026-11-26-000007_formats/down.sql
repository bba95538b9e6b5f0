ALTER TABLE revisions DROP COLUMN format;
ALTER TABLE records DROP COLUMN format;
