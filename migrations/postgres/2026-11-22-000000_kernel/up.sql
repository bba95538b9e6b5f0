-- One row that every writing transaction takes first: writers are serial, also across instances.
CREATE TABLE registry_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    change_seq BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_hash TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL
);

-- The head of every document of every kind: what single reads, references, visibility and the feed need.
CREATE TABLE records (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    owner_office_id TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL CHECK (audience IN ('everyone', 'partners', 'owner_and_units', 'owner')),
    created_at TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL,
    deleted_at TEXT COLLATE "C",
    document TEXT COLLATE "C" NOT NULL
);
CREATE INDEX records_owner ON records (owner_office_id, kind);
CREATE INDEX records_kind_created ON records (kind, created_at, id);
CREATE INDEX records_kind_updated ON records (kind, updated_at, id);

-- Every reference of every document, found by walking its schema. `role` is empty where the reference has none.
CREATE TABLE record_links (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    relation TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (record_id, relation, target_id, role)
);
CREATE INDEX record_links_target ON record_links (target_id, relation, role, record_id);

CREATE TABLE record_tags (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    tag TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (record_id, tag)
);
CREATE INDEX record_tags_tag ON record_tags (tag, record_id);

-- Values that only one living record may have (identifiers of an office, for instance).
CREATE TABLE record_keys (
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    PRIMARY KEY (name, value)
);
CREATE INDEX record_keys_record ON record_keys (record_id);

-- Folded text of a record: NFKC, lower case, single spaces. Searched with LIKE, term by term.
CREATE TABLE search_text (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES records (id),
    folded TEXT COLLATE "C" NOT NULL
);

-- The tree of offices, closed: every office with itself (depth 0) and all above it.
CREATE TABLE office_ancestors (
    office_id TEXT COLLATE "C" NOT NULL,
    ancestor_id TEXT COLLATE "C" NOT NULL,
    depth BIGINT NOT NULL,
    PRIMARY KEY (office_id, ancestor_id)
);
CREATE INDEX office_ancestors_ancestor ON office_ancestors (ancestor_id, office_id);

CREATE TABLE office_index (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES records (id),
    name_key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    country TEXT COLLATE "C",
    subdivision TEXT COLLATE "C",
    parent_id TEXT COLLATE "C",
    valid_open TEXT COLLATE "C" NOT NULL,
    valid_from_first TEXT COLLATE "C",
    valid_from_last TEXT COLLATE "C",
    valid_to_first TEXT COLLATE "C",
    valid_to_last TEXT COLLATE "C"
);
CREATE INDEX office_index_name ON office_index (name_key, id);
CREATE INDEX office_index_country ON office_index (country, name_key, id);
CREATE INDEX office_index_kind ON office_index (kind, name_key, id);
CREATE INDEX office_index_subdivision ON office_index (subdivision, name_key, id);
CREATE INDEX office_index_parent ON office_index (parent_id, name_key, id);

CREATE TABLE mou_index (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES records (id),
    title_key TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    confirmation TEXT COLLATE "C",
    -- Missing dates sort last in both directions, so each direction has its own key.
    signed_key_ascending TEXT COLLATE "C" NOT NULL,
    signed_key_descending TEXT COLLATE "C" NOT NULL,
    signed_first TEXT COLLATE "C",
    signed_last TEXT COLLATE "C",
    effective_open TEXT COLLATE "C" NOT NULL,
    effective_from_first TEXT COLLATE "C",
    effective_from_last TEXT COLLATE "C",
    effective_to_first TEXT COLLATE "C",
    effective_to_last TEXT COLLATE "C"
);
CREATE INDEX mou_index_title ON mou_index (title_key, id);
CREATE INDEX mou_index_signed_ascending ON mou_index (signed_key_ascending, id);
CREATE INDEX mou_index_signed_descending ON mou_index (signed_key_descending, id);
CREATE INDEX mou_index_kind ON mou_index (kind, title_key, id);
CREATE INDEX mou_index_stage ON mou_index (stage, title_key, id);

-- Codes that a record holds several of (purposes of an MOU, for instance), by the name of the list.
CREATE TABLE record_codes (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    name TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (record_id, name, code)
);
CREATE INDEX record_codes_code ON record_codes (name, code, record_id);

-- Immutable. A deletion is a revision without a document.
CREATE TABLE revisions (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    office_id TEXT COLLATE "C",
    audience TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C",
    PRIMARY KEY (record_id, version)
);
CREATE UNIQUE INDEX revisions_seq ON revisions (seq);

-- The feed, in commit order. `previous_audience` tells who may have seen the record before this change.
CREATE TABLE changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    kind TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    at TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    office_id TEXT COLLATE "C",
    audience TEXT COLLATE "C" NOT NULL,
    previous_audience TEXT COLLATE "C"
);
CREATE INDEX changes_record ON changes (record_id, seq);

-- Offices that a change took out of a record: the feed tells them that it is hidden now.
CREATE TABLE change_losses (
    seq BIGINT NOT NULL,
    office_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seq, office_id)
);
CREATE INDEX change_losses_office ON change_losses (office_id, seq);

-- Append only; each row's hash covers the row and the hash before it.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    token_id TEXT COLLATE "C",
    office_id TEXT COLLATE "C",
    operation TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C",
    version BIGINT,
    outcome TEXT COLLATE "C" NOT NULL,
    value_hash TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    previous_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_target ON audit (target_id, seq);
CREATE INDEX audit_client ON audit (client_id, seq);

CREATE TABLE clients (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    office_id TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    networks TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at TEXT COLLATE "C" NOT NULL,
    created_by_token TEXT COLLATE "C"
);
CREATE INDEX clients_office ON clients (office_id, id);

-- Only the SHA-256 of a secret is kept.
CREATE TABLE tokens (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    name TEXT COLLATE "C" NOT NULL,
    secret_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    last_four TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    created_by_token TEXT COLLATE "C",
    expires_at TEXT COLLATE "C" NOT NULL,
    revoked_at TEXT COLLATE "C",
    revoked_reason TEXT COLLATE "C",
    rotated_from TEXT COLLATE "C",
    last_used_at TEXT COLLATE "C",
    last_used_network TEXT COLLATE "C"
);
CREATE INDEX tokens_client ON tokens (client_id, id);
CREATE INDEX tokens_created_by ON tokens (created_by_token);

-- A partner's own ids, kept beside the documents. `office_id` is empty for the registry itself.
CREATE TABLE external_ids (
    office_id TEXT COLLATE "C" NOT NULL,
    system TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    external_key TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES records (id),
    created_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (office_id, system, kind, external_key)
);
CREATE INDEX external_ids_record ON external_ids (record_id, office_id);

CREATE TABLE idempotency (
    client_id TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    body_hash TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (client_id, operation, idempotency_key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

INSERT INTO registry_state (id, change_seq, audit_seq, audit_hash, epoch, created_at)
VALUES (1, 0, 0, 'sha256:0', 1, '');
