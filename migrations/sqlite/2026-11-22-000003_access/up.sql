-- Clients and tokens can be changed: each has a version for If-Match.
ALTER TABLE clients ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tokens ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX tokens_rotated ON tokens (rotated_from);
CREATE INDEX clients_created_by ON clients (created_by_token);

-- From where, why, how often, and what was shown. Rows from before have none of these, and their hashes stand.
ALTER TABLE audit ADD COLUMN address TEXT;
ALTER TABLE audit ADD COLUMN code TEXT;
ALTER TABLE audit ADD COLUMN occurrences BIGINT;
ALTER TABLE audit ADD COLUMN disclosed TEXT;
CREATE INDEX audit_token ON audit (token_id, seq);
CREATE INDEX audit_office ON audit (office_id, seq);
CREATE INDEX audit_address ON audit (address, seq);
CREATE INDEX audit_at ON audit (at, seq);

-- The records that a row's `disclosed` names, to find the row by each.
CREATE TABLE audit_records (
    seq BIGINT NOT NULL REFERENCES audit (seq),
    record_id TEXT NOT NULL,
    PRIMARY KEY (seq, record_id)
);
CREATE INDEX audit_records_record ON audit_records (record_id, seq);

-- How often a token did what, by the hour. `audited` requests are in the audit chain already.
CREATE TABLE token_usage (
    token_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    hour TEXT NOT NULL,
    client_id TEXT NOT NULL,
    office_id TEXT,
    requests BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    audited BIGINT NOT NULL,
    last_at TEXT NOT NULL,
    last_network TEXT NOT NULL,
    PRIMARY KEY (token_id, operation, hour)
);
CREATE INDEX token_usage_hour ON token_usage (hour);
