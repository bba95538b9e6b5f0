//! Facts put into a running service: offices, records with all their versions, own ids, and callers.

use std::collections::{BTreeMap, BTreeSet};

use eduaccord::accounts::host::revoke_token;
use serde_json::Value;

use super::documents::{Ids, creation, intrude, next_version, whole};
use super::facts::{Kind, Principal, Record, Shows, Token, World};
use super::foreign;
use crate::api::oauth::issuer_process::Issuer;
use crate::support::TestApp;
use crate::support::client::Client;
use crate::support::credentials::Credentials;
use crate::support::look::Look;
use crate::support::make::delete_office_in_use;
use crate::support::make::every_scope;

/// By which system every office, and the registry, knows every record.
pub(super) const OWN_SYSTEM: &str = "own";
/// By which system only the office `a` does.
pub(super) const SYSTEM_OF_A: &str = "theirs";

/// The hidden office whose country no other has.
pub(super) const OFFICE_ABROAD: &str = "h";
pub(super) const COUNTRY_ABROAD: &str = "FI";

/// A service that holds a world.
pub(super) struct Stage<'a> {
    pub(super) app: &'a TestApp,
    /// Who vouches for the subjects among the callers.
    pub(super) issuer: Option<&'a Issuer>,
    pub(super) world: World,
    pub(super) admin: Client,
    /// Ids of records by key.
    pub(super) ids: Ids,
    /// What is sent to replace a record, by key.
    pub(super) wholes: BTreeMap<String, Value>,
    pub(super) principals: Vec<(Principal, Client)>,
    /// What was given to a caller, by its name.
    pub(super) shown: BTreeMap<String, Credentials>,
}

impl<'a> Stage<'a> {
    /// Makes everything.
    pub(super) fn new(
        app: &'a TestApp,
        issuer: Option<&'a Issuer>,
        world: World,
        principals: Vec<Principal>,
    ) -> Stage<'a> {
        let admin = app.admin();
        let mut stage = Stage {
            app,
            issuer,
            admin,
            ids: Ids::new(),
            wholes: BTreeMap::new(),
            principals: Vec::new(),
            shown: BTreeMap::new(),
            world,
        };
        stage.make_houses();
        for principal in principals {
            let (client, shown) = stage.make_caller(&principal);
            stage.shown.extend(shown.map(|shown| (principal.name.clone(), shown)));
            stage.principals.push((principal, client));
        }
        for record in stage.world.records.clone() {
            if !record.is_house {
                stage.make(&record);
            }
        }
        stage.move_stages();
        stage.give_own_ids();
        stage.delete_what_is_deleted();
        stage.merge_what_is_merged();
        stage
    }

    fn make_houses(&mut self) {
        // An office comes after the one above it in the facts.
        for record in self.world.records.clone() {
            if record.is_house {
                let mut body = serde_json::json!({ "kind": "education_office", "country": "KR" });
                body["names"]["en"] = record.marker(1).into();
                if record.key == OFFICE_ABROAD {
                    body["country"] = COUNTRY_ABROAD.into();
                }
                body["visibility"] = record.current().visibility.into();
                if let Some(parent) = &self.world.parents[&record.key] {
                    body["parent_id"] = self.ids[parent].clone().into();
                }
                let made = self.admin.create("/api/v1/offices", &body);
                self.keep(&record, &made);
            }
        }
    }

    fn make(&mut self, record: &Record) {
        let path = format!("/api/v1/{}", record.kind.plural());
        let mut stored = self.admin.create(&path, &creation(record, &self.ids));
        self.keep(record, &stored);
        let one = format!("{path}/{}", self.ids[&record.key]);
        for version in 2..=record.versions.len() {
            let intrusion = record.intrusion.filter(|intrusion| intrusion.version == version);
            let (writer, patch) = match intrusion {
                Some(intrusion) => (self.writer_of(intrusion.writer), intrude(record, intrusion, &self.ids)),
                None => (&self.admin, next_version(record, version, &self.ids)),
            };
            stored = writer.header("if-match", "*").patch(&one, &patch).expect(200).json();
        }
        self.wholes.insert(record.key.clone(), whole(record.kind, &stored));
    }

    /// A client of this office with every scope.
    fn writer_of(&self, office: &str) -> &Client {
        let found = self.principals.iter().find(|(principal, _)| {
            let holds_all = principal.scopes.len() == every_scope().len();
            principal.office.as_deref() == Some(office) && principal.token == Token::Valid && holds_all
        });
        &found.expect("an office with a client of its own").1
    }

    fn keep(&mut self, record: &Record, stored: &Value) {
        let id = stored["id"].as_str().expect("an id");
        self.ids.insert(record.key.clone(), id.to_owned());
    }

    /// Brings memoranda to the stages that actions lead to.
    fn move_stages(&mut self) {
        let mut look = Look::into(self.app.database().url());
        for record in &self.world.records {
            let stage = record.current().stage;
            if record.kind != Kind::Mou || matches!(stage, "recorded" | "draft") {
                continue;
            }
            let id = &self.ids[&record.key];
            let from = "\"stage\":\"recorded\"";
            let to = format!("\"stage\":\"{stage}\"");
            for (table, column) in [("records", "id"), ("revisions", "record_id")] {
                look.execute(&format!(
                    "UPDATE {table} SET document = replace(document, '{from}', '{to}') WHERE {column} = '{id}'"
                ));
            }
            look.execute(&format!("UPDATE mou_index SET stage = '{stage}' WHERE id = '{id}'"));
            if stage == "proposed" {
                for (table, column) in [("records", "id"), ("revisions", "record_id"), ("changes", "record_id")] {
                    look.execute(&format!(
                        "UPDATE {table} SET audience = 'partners' WHERE {column} = '{id}'"
                    ));
                }
                look.execute(&format!(
                    "UPDATE changes SET previous_audience = 'partners'
                     WHERE record_id = '{id}' AND previous_audience IS NOT NULL"
                ));
            }
            let whole = self.wholes.get_mut(&record.key).expect("a whole document");
            whole["stage"] = stage.into();
        }
    }

    /// Every office knows every record, as if it had seen it once.
    fn give_own_ids(&self) {
        let offices = self.world.parents.keys().map(|key| self.ids[key].as_str());
        let mut rows = Vec::new();
        for office in offices.chain([""]) {
            for record in self.world.records.iter().filter(|record| !record.is_house) {
                let (kind, key, id) = (record.kind.name(), own_key(&record.key), &self.ids[&record.key]);
                let mut add = |system: &str| {
                    rows.push(format!(
                        "('{office}', '{system}', '{kind}', '{key}', '{id}', '2026-01-01T00:00:00.000000Z')"
                    ));
                };
                add(OWN_SYSTEM);
                if self.ids.get("a").is_some_and(|a| a == office) {
                    add(SYSTEM_OF_A);
                }
            }
        }
        let mut look = Look::into(self.app.database().url());
        for chunk in rows.chunks(200) {
            look.execute(&format!(
                "INSERT INTO external_ids (office_id, system, kind, external_key, record_id, created_at) VALUES {}",
                chunk.join(", ")
            ));
        }
    }

    fn delete_what_is_deleted(&self) {
        for record in self.world.records.iter().filter(|record| record.deleted) {
            if self.world.merged.contains_key(&record.key) {
                continue;
            }
            let id = &self.ids[&record.key];
            if record.kind == Kind::Office {
                delete_office_in_use(&self.admin, id);
            } else {
                let path = format!("/api/v1/{}/{id}", record.kind.plural());
                self.admin.header("if-match", "*").delete(&path).expect(204);
            }
        }
    }

    fn merge_what_is_merged(&self) {
        for (merged, survivor) in &self.world.merged {
            let path = format!("/api/v1/offices/{}/actions", self.ids[merged]);
            let survivor = &self.ids[survivor];
            let body = serde_json::json!({ "action": "merge_into", "survivor_id": survivor, "reason": "Twice." });
            self.admin.header("if-match", "*").post(&path, &body).expect(200);
        }
    }

    pub(super) fn make_caller(&self, principal: &Principal) -> (Client, Option<Credentials>) {
        let database = self.app.database();
        let secret = match principal.token {
            Token::Missing => return (self.app.anonymous(), None),
            Token::Malformed => return (self.app.with_token("nonsense"), None),
            Token::Unknown => eduaccord::auth::secret::make_secret().expect("a secret"),
            Token::BadChecksum => {
                let mut secret = eduaccord::auth::secret::make_secret().expect("a secret");
                let last = secret.pop();
                secret.push(if last == Some('0') { '1' } else { '0' });
                secret
            }
            _ => {
                let scopes: Vec<&str> = principal.scopes.iter().map(String::as_str).collect();
                let office = principal.office.as_ref().map(|office| self.ids[office].as_str());
                let shown = Credentials::new(database, office, &scopes);
                if principal.is_bound {
                    let (id, networks) = (&shown.client_id, "127.0.0.0/8");
                    Look::into(database.url())
                        .execute(&format!("UPDATE clients SET networks = '{networks}' WHERE id = '{id}'"));
                }
                let caller = match principal.shows {
                    Shows::Secret => self.app.with_token(&shown.secret),
                    Shows::AccessToken => shown.caller(self.app),
                    Shows::ForeignToken => foreign::make_caller(self, principal.token, &shown.client_id),
                };
                // Seen once, so that it is remembered.
                if !matches!(principal.token, Token::Unlinked | Token::LinkedElsewhere) {
                    caller.get("/api/v1/me").expect(200);
                }
                self.end(principal.token, &shown.client_id, &shown.token_id);
                return (caller, Some(shown));
            }
        };
        (self.app.with_token(&secret), None)
    }

    /// Callers with an access token that counts ask for another: one lives for ten minutes, and a slow machine needs
    /// longer.
    pub(super) fn renew_access_tokens(&mut self) {
        for (principal, client) in &mut self.principals {
            let Some(shown) = self.shown.get(&principal.name) else {
                continue;
            };
            if principal.shows == Shows::AccessToken && client.get("/api/v1/me").status == 200 {
                *client = shown.caller(self.app);
            }
        }
    }

    /// Is the caller's office there still?
    pub(super) fn lives(&self, principal: &Principal) -> bool {
        let office = principal.office.as_ref();
        office.is_none_or(|office| !self.world.record(self.world.become_of(office)).deleted)
    }

    /// What becomes of a token that was good.
    fn end(&self, state: Token, client: &str, token: &str) {
        let change = match state {
            Token::Expired => {
                format!("UPDATE tokens SET expires_at = '2020-01-01T00:00:00.000000Z' WHERE id = '{token}'")
            }
            Token::Suspended => format!("UPDATE clients SET state = 'suspended' WHERE id = '{client}'"),
            Token::Elsewhere => format!("UPDATE clients SET networks = '203.0.113.0/24' WHERE id = '{client}'"),
            Token::Revoked => {
                assert!(revoke_token(self.app.database(), token, "lost").expect("a database"));
                return;
            }
            Token::Cut => return foreign::cut_links(&self.admin, client),
            _ => return,
        };
        let mut look = Look::into(self.app.database().url());
        look.execute(&format!("{change}; UPDATE registry_state SET epoch = epoch + 1"));
    }

    /// The words of the versions that this caller may be shown by an operation on records of this kind: those that it
    /// sees and whose scope it holds. None: an operation on all kinds.
    pub(super) fn markers(&self, principal: &Principal, kind: Option<Kind>) -> BTreeSet<String> {
        let mut markers = BTreeSet::new();
        for record in &self.world.records {
            let reads = principal.scopes.contains(&format!("{}:read", record.kind.plural()));
            if !(reads || kind.is_none_or(|kind| kind == record.kind)) {
                continue;
            }
            for version in 1..=record.versions.len() {
                if super::oracle::sees_version(&self.world, principal, record, version) {
                    markers.insert(record.marker(version));
                }
            }
        }
        markers
    }
}

/// The key by which offices know a record; all are equally long, so that answers are.
pub(super) fn own_key(key: &str) -> String {
    format!("{key:x<30}")
}

/// All scopes there are.
pub(super) fn scopes() -> Vec<&'static str> {
    every_scope()
}
