-- Offices that were merged into others: `survivor_id` is what was decided, `canonical_id` what that has come to since.
CREATE TABLE office_merges (
    office_id TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    survivor_id TEXT NOT NULL REFERENCES records (id),
    canonical_id TEXT NOT NULL REFERENCES records (id),
    at TEXT NOT NULL
);
CREATE INDEX office_merges_canonical ON office_merges (canonical_id, office_id);

-- What the author of a version said about it, where an action asked.
ALTER TABLE revisions ADD COLUMN reason TEXT;

-- Revisions in which a value was redacted. Each action's rows are sealed by the audit row `audit_seq`.
CREATE TABLE redactions (
    record_id TEXT NOT NULL REFERENCES records (id),
    version BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    pointer TEXT NOT NULL,
    digest_before TEXT NOT NULL,
    digest_after TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (record_id, version, audit_seq)
);
