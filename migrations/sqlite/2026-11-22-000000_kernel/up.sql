-- One row that every writing transaction takes first: writers are serial, also across instances.
CREATE TABLE registry_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    change_seq BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_hash TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    created_at TEXT NOT NULL
);

-- The head of every document of every kind: what single reads, references, visibility and the feed need.
CREATE TABLE records (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    owner_office_id TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('everyone', 'partners', 'owner_and_units', 'owner')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    document TEXT NOT NULL
);
CREATE INDEX records_owner ON records (owner_office_id, kind);
CREATE INDEX records_kind_created ON records (kind, created_at, id);
CREATE INDEX records_kind_updated ON records (kind, updated_at, id);

-- Every reference of every document, found by walking its schema. `role` is empty where the reference has none.
CREATE TABLE record_links (
    record_id TEXT NOT NULL REFERENCES records (id),
    relation TEXT NOT NULL,
    target_id TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (record_id, relation, target_id, role)
);
CREATE INDEX record_links_target ON record_links (target_id, relation, role, record_id);

CREATE TABLE record_tags (
    record_id TEXT NOT NULL REFERENCES records (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (record_id, tag)
);
CREATE INDEX record_tags_tag ON record_tags (tag, record_id);

-- Values that only one living record may have (identifiers of an office, for instance).
CREATE TABLE record_keys (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    record_id TEXT NOT NULL REFERENCES records (id),
    PRIMARY KEY (name, value)
);
CREATE INDEX record_keys_record ON record_keys (record_id);

-- Folded text of a record: NFKC, lower case, single spaces. Searched with LIKE, term by term.
CREATE TABLE search_text (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    folded TEXT NOT NULL
);

-- The tree of offices, closed: every office with itself (depth 0) and all above it.
CREATE TABLE office_ancestors (
    office_id TEXT NOT NULL,
    ancestor_id TEXT NOT NULL,
    depth BIGINT NOT NULL,
    PRIMARY KEY (office_id, ancestor_id)
);
CREATE INDEX office_ancestors_ancestor ON office_ancestors (ancestor_id, office_id);

CREATE TABLE office_index (
    id TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    country TEXT,
    subdivision TEXT,
    parent_id TEXT,
    valid_open TEXT NOT NULL,
    valid_from_first TEXT,
    valid_from_last TEXT,
    valid_to_first TEXT,
    valid_to_last TEXT
);
CREATE INDEX office_index_name ON office_index (name_key, id);
CREATE INDEX office_index_country ON office_index (country, name_key, id);
CREATE INDEX office_index_kind ON office_index (kind, name_key, id);
CREATE INDEX office_index_subdivision ON office_index (subdivision, name_key, id);
CREATE INDEX office_index_parent ON office_index (parent_id, name_key, id);

CREATE TABLE mou_index (
    id TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    title_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    confirmation TEXT,
    -- Missing dates sort last in both directions, so each direction has its own key.
    signed_key_ascending TEXT NOT NULL,
    signed_key_descending TEXT NOT NULL,
    signed_first TEXT,
    signed_last TEXT,
    effective_open TEXT NOT NULL,
    effective_from_first TEXT,
    effective_from_last TEXT,
    effective_to_first TEXT,
    effective_to_last TEXT
);
CREATE INDEX mou_index_title ON mou_index (title_key, id);
CREATE INDEX mou_index_signed_ascending ON mou_index (signed_key_ascending, id);
CREATE INDEX mou_index_signed_descending ON mou_index (signed_key_descending, id);
CREATE INDEX mou_index_kind ON mou_index (kind, title_key, id);
CREATE INDEX mou_index_stage ON mou_index (stage, title_key, id);

-- Codes that a record holds several of (purposes of an MOU, for instance), by the name of the list.
CREATE TABLE record_codes (
    record_id TEXT NOT NULL REFERENCES records (id),
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (record_id, name, code)
);
CREATE INDEX record_codes_code ON record_codes (name, code, record_id);

-- Immutable. A deletion is a revision without a document.
CREATE TABLE revisions (
    record_id TEXT NOT NULL REFERENCES records (id),
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at TEXT NOT NULL,
    operation TEXT NOT NULL,
    client_id TEXT NOT NULL,
    office_id TEXT,
    audience TEXT NOT NULL,
    digest TEXT NOT NULL,
    document TEXT,
    PRIMARY KEY (record_id, version)
);
CREATE UNIQUE INDEX revisions_seq ON revisions (seq);

-- The feed, in commit order. `previous_audience` tells who may have seen the record before this change.
CREATE TABLE changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    operation TEXT NOT NULL,
    at TEXT NOT NULL,
    client_id TEXT NOT NULL,
    office_id TEXT,
    audience TEXT NOT NULL,
    previous_audience TEXT
);
CREATE INDEX changes_record ON changes (record_id, seq);

-- Offices that a change took out of a record: the feed tells them that it is hidden now.
CREATE TABLE change_losses (
    seq BIGINT NOT NULL,
    office_id TEXT NOT NULL,
    PRIMARY KEY (seq, office_id)
);
CREATE INDEX change_losses_office ON change_losses (office_id, seq);

-- Append only; each row's hash covers the row and the hash before it.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    client_id TEXT NOT NULL,
    token_id TEXT,
    office_id TEXT,
    operation TEXT NOT NULL,
    target_id TEXT,
    version BIGINT,
    outcome TEXT NOT NULL,
    value_hash TEXT NOT NULL,
    request_id TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_target ON audit (target_id, seq);
CREATE INDEX audit_client ON audit (client_id, seq);

CREATE TABLE clients (
    id TEXT NOT NULL PRIMARY KEY,
    office_id TEXT,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    networks TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at TEXT NOT NULL,
    created_by_token TEXT
);
CREATE INDEX clients_office ON clients (office_id, id);

-- Only the SHA-256 of a secret is kept.
CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id),
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    last_four TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by_token TEXT,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    revoked_reason TEXT,
    rotated_from TEXT,
    last_used_at TEXT,
    last_used_network TEXT
);
CREATE INDEX tokens_client ON tokens (client_id, id);
CREATE INDEX tokens_created_by ON tokens (created_by_token);

-- A partner's own ids, kept beside the documents. `office_id` is empty for the registry itself.
CREATE TABLE external_ids (
    office_id TEXT NOT NULL,
    system TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_key TEXT NOT NULL,
    record_id TEXT NOT NULL REFERENCES records (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (office_id, system, kind, external_key)
);
CREATE INDEX external_ids_record ON external_ids (record_id, office_id);

CREATE TABLE idempotency (
    client_id TEXT NOT NULL,
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (client_id, operation, idempotency_key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

INSERT INTO registry_state (id, change_seq, audit_seq, audit_hash, epoch, created_at)
VALUES (1, 0, 0, 'sha256:0', 1, '');
