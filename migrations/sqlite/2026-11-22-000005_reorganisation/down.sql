DROP TABLE redactions;
ALTER TABLE revisions DROP COLUMN reason;
DROP TABLE office_merges;
