CREATE TABLE policy_index (
    id TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    title_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    -- Missing dates sort last in both directions, so each direction has its own key.
    announced_key_ascending TEXT NOT NULL,
    announced_key_descending TEXT NOT NULL,
    period_open TEXT NOT NULL,
    period_from_first TEXT,
    period_from_last TEXT,
    period_to_first TEXT,
    period_to_last TEXT
);
CREATE INDEX policy_index_title ON policy_index (title_key, id);
CREATE INDEX policy_index_announced_ascending ON policy_index (announced_key_ascending, id);
CREATE INDEX policy_index_announced_descending ON policy_index (announced_key_descending, id);
CREATE INDEX policy_index_kind ON policy_index (kind, title_key, id);
CREATE INDEX policy_index_stage ON policy_index (stage, title_key, id);
CREATE INDEX policy_index_period ON policy_index (period_from_first, period_to_last, id);

CREATE TABLE program_index (
    id TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    title_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT,
    sensitive TEXT NOT NULL,
    starts_key_ascending TEXT NOT NULL,
    starts_key_descending TEXT NOT NULL,
    period_open TEXT NOT NULL,
    period_from_first TEXT,
    period_from_last TEXT,
    period_to_first TEXT,
    period_to_last TEXT
);
CREATE INDEX program_index_title ON program_index (title_key, id);
CREATE INDEX program_index_starts_ascending ON program_index (starts_key_ascending, id);
CREATE INDEX program_index_starts_descending ON program_index (starts_key_descending, id);
CREATE INDEX program_index_kind ON program_index (kind, title_key, id);
CREATE INDEX program_index_stage ON program_index (stage, title_key, id);
CREATE INDEX program_index_sensitive ON program_index (sensitive, title_key, id);
CREATE INDEX program_index_period ON program_index (period_from_first, period_to_last, id);
