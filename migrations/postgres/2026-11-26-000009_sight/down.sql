DROP TABLE sight_spans;
ALTER TABLE record_links DROP COLUMN gives_sight;
