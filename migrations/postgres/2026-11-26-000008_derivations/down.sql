DROP INDEX records_derivation;
ALTER TABLE records DROP COLUMN derivation;
ALTER TABLE registry_state DROP COLUMN derivation;
ALTER TABLE registry_state DROP COLUMN writer_level;
