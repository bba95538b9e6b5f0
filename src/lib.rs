//! Eduaccord: the registry that education offices use to work together.
//!
//! One service, JSON over HTTP: who cooperates with whom (offices), under which memorandum (MOUs), through which
//! programs, in the service of which policy. Each of the four is **one strict JSON document with a version number**; lists, references, history, the feed and verification are derived from it by one kernel.
//!
//! # The map
//! From the ground up; nothing names a module below its own line in this table ([`app`] and [`cli`] name all).
//!
//! | module | what it is |
//! |---|---|
//! | [`bounds`] | what one request may bring, cost and be answered |
//! | [`texts`] | what callers read, in English, Korean and Mongolian; the codes of problems |
//! | [`values`] | partial dates, counts, sets of languages, ids, codes: pure |
//! | [`clock`] | the one place that reads the clock |
//! | [`json`] | strict reader, pointer, patch, diff, merge, canonical form |
//! | [`schema`] | JSON Schemas: derivation from types, validator, walk |
//! | [`error`] | one error, one table of codes, one way to a response |
//! | [`db`] | connection, reader, writer with group commit, tables, migrations |
//! | [`audit`] | the hash-chained log, events, their writer |
//! | [`auth`] | scopes, tokens, keys, the way to the database; [`auth::access`] decides who sees and may what |
//! | [`http`] | one declaration per operation, tags, idempotency, problems |
//! | [`list`] | the one way to list: filters, sorts, cursors, pages |
//! | [`openapi`] | the API document |
//! | [`documents`] | what all kinds share: writing, reading, actions, own ids |
//! | [`offices`], [`policies`], [`mous`], [`programs`] | one kind each: `document` (shape) · `rules` (pure) · `store` (index columns, list) |
//! | [`accounts`] | clients, tokens, linked identities |
//! | [`feed`], [`import`], [`verify`], [`reindex`] | changes for other systems, bulk import, checks of the stored data, derived rows made anew |
//! | [`oauth`] | access tokens in JWT form: token, introspection, revocation, keys, metadata |
//! | [`audit_events`] | reading the audit log |
//! | [`transfers`] | records that another office is asked to take: the offers and their answers |
//! | [`service`] | who am I, codes, health, pages of problems |
//! | [`guide`] | the guides for people, and their pages |
//! | [`generate`] | invented records for trials; only the command line names it |
//! | [`settings`] | every variable, its default, its meaning |
//! | [`app`] | wiring: the list of kinds, routes, layers; the same builder for `main` and tests |
//! | [`cli`] | serve, admin, client, token, keys, import, generate, verify, reindex, openapi |
//!
//! # Who may use what
//! `rules` and `document` are pure: no database, no HTTP, no clock. `store` knows no HTTP. A slice sees of another only
//! what its `mod.rs` hands out. The kernel never names a slice; [`app`] alone lists them. A handler reaches the database
//! only through [`auth::Authorized`]; a write needs the proof of an audit row. `tests/layering` keeps these rules true.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod audit_events;
pub mod auth;
pub mod bounds;
pub mod cli;
pub mod clock;
pub mod db;
pub mod documents;
pub mod error;
pub mod feed;
pub mod generate;
pub mod guide;
pub mod http;
pub mod import;
pub mod json;
pub mod list;
pub mod mous;
pub mod oauth;
pub mod offices;
pub mod openapi;
pub mod policies;
pub mod programs;
pub mod reindex;
pub mod schema;
pub mod service;
pub mod settings;
pub mod texts;
pub mod transfers;
pub mod values;
pub mod verify;
