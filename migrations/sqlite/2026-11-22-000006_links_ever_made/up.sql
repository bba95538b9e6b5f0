-- For which client every link of a subject was made, also after it was cut: the audit log tells it to the client's office.
CREATE TABLE links_ever_made (
    identity_id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id)
);
CREATE INDEX links_ever_made_client ON links_ever_made (client_id, identity_id);
INSERT INTO links_ever_made (identity_id, client_id) SELECT id, client_id FROM identities;
