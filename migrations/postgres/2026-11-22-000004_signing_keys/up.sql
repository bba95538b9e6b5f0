-- Keys that sign access tokens (JWT). The private part is sealed with the master key, and erased when the key is retired.
CREATE TABLE signing_keys (
    kid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('next', 'active', 'retiring', 'retired')),
    sealed_private TEXT COLLATE "C",
    public_jwk TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    activated_at TEXT COLLATE "C",
    retiring_at TEXT COLLATE "C",
    retired_at TEXT COLLATE "C"
);
CREATE INDEX signing_keys_state ON signing_keys (state);

-- Subjects of external issuers, each linked to a client by an administrator. What they may do stands with the client.
CREATE TABLE identities (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    issuer TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL REFERENCES clients (id),
    created_at TEXT COLLATE "C" NOT NULL,
    created_by_token TEXT COLLATE "C",
    last_used_at TEXT COLLATE "C"
);
CREATE UNIQUE INDEX identities_subject ON identities (issuer, subject);
CREATE INDEX identities_client ON identities (client_id, id);

-- Access tokens that were revoked before their end, until that end.
CREATE TABLE revoked_access (
    jti TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    expires_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX revoked_access_expires ON revoked_access (expires_at);
