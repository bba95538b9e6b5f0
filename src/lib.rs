//! Eduaccord: the registry that education offices use to work together.
//!
//! One service, JSON over HTTP: who cooperates with whom (offices), under which memorandum (MOUs), through which
//! programs, in the service of which policy. Each of the four is **one strict JSON document with a version number**; lists, references, history, the feed and verification are derived from it by one kernel.
//!
//! # The map
//! | module | what it is |
//! |---|---|
//! | [`app`] | wiring: the list of kinds, routes, layers; the same builder for `main` and tests |
//! | [`settings`] | every variable, its default, its meaning |
//! | [`error`] | one error, one table of codes, one way to a response |
//! | [`clock`] | the one place that reads the clock |
//! | [`values`] | partial dates, counts, sets of languages, ids, codes: pure |
//! | [`db`] | connection, reader, writer with group commit, schema, migrations |
//! | [`auth`] | scopes, tokens, the guard, which rows a caller sees, the audit chain |
//! | [`http`] | one declaration per operation, tags, idempotency, problems |
//! | [`list`] | the one way to list: filters, sorts, cursors, pages |
//! | [`documents`] | what all kinds share: normal form, patch, diff, merge, references, revisions, storing |
//! | [`openapi`] | the API document, and the published schema as the validator |
//! | [`sync`] | the change feed, import, verification, reindexing |
//! | [`oauth`] | access tokens in JWT form: token, introspection, revocation, keys, metadata |
//! | [`auditing`] | reading the audit log |
//! | [`identities`] | subjects of external issuers, linked to clients |
//! | [`service`] | who am I, codes, health, pages of problems |
//! | [`clients`] | the operations on clients and tokens; their rules are in [`auth::accounts`] |
//! | [`cli`] | serve, admin, client, token, keys, import, generate, verify, reindex, openapi |
//! | [`offices`], [`policies`], [`mous`], [`programs`] | the slices: `document` (shape) · `rules` (pure) · `store` (index columns, list) |
//!
//! # Who may use what
//! `rules` and `document` are pure: no database, no HTTP, no clock. `store` knows no HTTP. A slice sees of another only
//! what its `mod.rs` hands out. The kernel never names a slice; [`app`] alone lists them. A handler reaches the database
//! only through [`auth::Authorized`]; a write needs the proof of an audit row. `tests/layering` keeps these rules true.

pub mod app;
pub mod auditing;
pub mod auth;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod db;
pub mod documents;
pub mod error;
pub mod http;
pub mod identities;
pub mod list;
pub mod mous;
pub mod oauth;
pub mod offices;
pub mod openapi;
pub mod policies;
pub mod programs;
pub mod service;
pub mod settings;
pub mod sync;
pub mod values;
