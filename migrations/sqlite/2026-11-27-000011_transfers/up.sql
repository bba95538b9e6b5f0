-- Records on their way to an office that is asked first: offered at a version, until an instant.
CREATE TABLE transfers (
    id TEXT NOT NULL PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    from_office_id TEXT NOT NULL,
    to_office_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    -- Kept while the offer pends: afterwards the revision has it, or nobody needs it.
    reason TEXT,
    created_at TEXT NOT NULL,
    until TEXT NOT NULL,
    -- pending, accepted, refused, ended
    state TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX transfers_by_record ON transfers (record_id, state);
CREATE INDEX transfers_by_receiver ON transfers (to_office_id, created_at);
CREATE INDEX transfers_by_giver ON transfers (from_office_id, created_at);
