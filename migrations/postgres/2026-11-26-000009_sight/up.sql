-- Whether a link lets the office that it names see a restricted record: only members that the owner alone writes do.
ALTER TABLE record_links ADD COLUMN gives_sight BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE record_links SET gives_sight = TRUE WHERE relation IN (
    'parent_id', 'relations.office_id', 'parties', 'offices', 'commitments.owner_office_ids', 'responsibilities',
    'nodes.responsibilities'
);

-- In which versions of a record an office was named by a member that gives sight. `last_version` is the largest number
-- there is while the office is named. Rows of before this migration are made by the reindexing.
CREATE TABLE sight_spans (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    office_id TEXT COLLATE "C" NOT NULL,
    first_version BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    PRIMARY KEY (record_id, office_id, first_version)
);

-- The last change that was written while every office that a record for partners names could see it: the reindexing
-- tells those that the rule of today leaves out.
ALTER TABLE registry_state ADD COLUMN old_sight_until BIGINT NOT NULL DEFAULT 0;
UPDATE registry_state SET old_sight_until = change_seq;
