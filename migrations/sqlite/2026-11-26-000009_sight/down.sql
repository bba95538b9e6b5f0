ALTER TABLE registry_state DROP COLUMN old_sight_until;
DROP TABLE sight_spans;
ALTER TABLE record_links DROP COLUMN gives_sight;
