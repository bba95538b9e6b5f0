-- Records on their way to an office that is asked first: offered at a version, until an instant.
CREATE TABLE transfers (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    kind TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    from_office_id TEXT COLLATE "C" NOT NULL,
    to_office_id TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    -- Kept while the offer pends: afterwards the revision has it, or nobody needs it.
    reason TEXT COLLATE "C",
    created_at TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C" NOT NULL,
    -- pending, accepted, refused, ended
    state TEXT COLLATE "C" NOT NULL,
    ended_at TEXT COLLATE "C"
);
CREATE INDEX transfers_by_record ON transfers (record_id, state);
CREATE INDEX transfers_by_receiver ON transfers (to_office_id, created_at);
CREATE INDEX transfers_by_giver ON transfers (from_office_id, created_at);
