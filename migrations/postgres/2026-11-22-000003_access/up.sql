-- Clients and tokens can be changed: each has a version for If-Match.
ALTER TABLE clients ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE tokens ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX tokens_rotated ON tokens (rotated_from);
CREATE INDEX clients_created_by ON clients (created_by_token);

-- From where, why, how often, what was shown, and the minute or hour that a row sums up. Rows from before have none of
-- these, and their hashes stand.
ALTER TABLE audit ADD COLUMN address TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN code TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN occurrences BIGINT;
ALTER TABLE audit ADD COLUMN disclosed TEXT COLLATE "C";
ALTER TABLE audit ADD COLUMN period TEXT COLLATE "C";
CREATE INDEX audit_token ON audit (token_id, seq);
CREATE INDEX audit_office ON audit (office_id, seq);
CREATE INDEX audit_address ON audit (address, seq);
CREATE INDEX audit_at ON audit (at, seq);
CREATE INDEX audit_operation ON audit (operation, seq);
CREATE INDEX audit_outcome ON audit (outcome, seq);
CREATE INDEX audit_code ON audit (code, seq);

-- The records that a row's `disclosed` names, to find the row by each.
CREATE TABLE audit_records (
    seq BIGINT NOT NULL REFERENCES audit (seq),
    record_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq, record_id)
);
CREATE INDEX audit_records_record ON audit_records (record_id, seq);

-- How often a token did what, by the hour: all requests, those of them that read something, those that were refused.
-- `audited` of the reads are told in the audit chain already.
CREATE TABLE token_usage (
    token_id TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    hour TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    office_id TEXT COLLATE "C",
    requests BIGINT NOT NULL,
    reads BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    audited BIGINT NOT NULL,
    last_at TEXT COLLATE "C" NOT NULL,
    last_network TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (token_id, operation, hour)
);
CREATE INDEX token_usage_hour ON token_usage (hour);
CREATE INDEX token_usage_untold ON token_usage (hour) WHERE audited < reads;
