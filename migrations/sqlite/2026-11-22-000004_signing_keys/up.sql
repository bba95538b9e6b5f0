-- Keys that sign access tokens (JWT). The private part is sealed with the master key, and erased when the key is retired.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('next', 'active', 'retiring', 'retired')),
    sealed_private TEXT,
    public_jwk TEXT NOT NULL,
    created_at TEXT NOT NULL,
    activated_at TEXT,
    retiring_at TEXT,
    retired_at TEXT
);
CREATE INDEX signing_keys_state ON signing_keys (state);

-- Subjects of external issuers, each linked to a client by an administrator. What they may do stands with the client.
CREATE TABLE identities (
    id TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id),
    created_at TEXT NOT NULL,
    created_by_token TEXT,
    last_used_at TEXT
);
CREATE UNIQUE INDEX identities_subject ON identities (issuer, subject);
CREATE INDEX identities_client ON identities (client_id, id);

-- Access tokens that were revoked before their end, until that end.
CREATE TABLE revoked_access (
    jti TEXT NOT NULL PRIMARY KEY,
    expires_at TEXT NOT NULL
);
CREATE INDEX revoked_access_expires ON revoked_access (expires_at);
