-- Rows that follow from documents carry the number of the derivation that made them. Those of before are of the first.
ALTER TABLE records ADD COLUMN derivation INTEGER NOT NULL DEFAULT 1;
-- Finds the records that are to be derived again.
CREATE INDEX records_derivation ON records (derivation, id);

-- The derivation that the rows of all records have reached, and the level that a program must know to write here.
ALTER TABLE registry_state ADD COLUMN derivation INTEGER NOT NULL DEFAULT 1;
ALTER TABLE registry_state ADD COLUMN writer_level INTEGER NOT NULL DEFAULT 1;
