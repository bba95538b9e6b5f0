DROP TABLE revoked_access;
DROP TABLE identities;
DROP TABLE signing_keys;
