//! What the kernel must know of a kind of document, and the list of all kinds.
//!
//! A slice implements [`Shape`] in its `mod.rs`, [`Rules`] in its `rules.rs` and [`Indexed`] in its `store.rs`; `app.rs` lists the kinds. Everything that the four share (writing, listing, history,
//! references, the feed, import, verification) is written once against this trait.

use crate::auth::access::Audience;
use crate::auth::{Caller, ScopeMarker, Writing};
use crate::db::{Conn, Transaction};
use crate::documents::common::Document;
use crate::documents::format::{UpgradeStep, format_after};
use crate::error::{Code, Result};
use crate::http::endpoint::Tag;
use crate::list::index_row::IndexRow;
use crate::list::select;
use crate::list::spec::{ListSpec, Page, PageRequest};
use crate::values::Finding;
use chrono::NaiveDate;
use serde_json::Value;

/// Members that the service keeps in every document.
pub const COMMON_SERVER_KEPT: &[&str] = &["id", "version", "created_at", "updated_at"];

/// A reference with a role, for filters such as "signatory of".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleLink {
    /// The member that holds the reference.
    pub relation: &'static str,
    /// The record referred to.
    pub target_id: String,
    /// The role that it has there.
    pub role: String,
}

/// A value that only one living record may have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UniqueKey {
    /// What sort of value.
    pub name: &'static str,
    /// The value.
    pub value: String,
    /// Where it stands in the document.
    pub pointer: String,
}

/// What a writer asked for beside the document.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions {
    /// The caller has looked at the record that seems to be the same, and means another one.
    pub confirm_distinct: bool,
}

/// What follows of a change elsewhere than in the record: for each member of [`Shape::ADDED`] the ids that the answer lists
/// under it.
pub type FollowUp = Box<dyn FnOnce(&mut Writing<'_, '_>) -> Result<Vec<(&'static str, Vec<String>)>>>;

/// What a kind of document is called, its type, and what its list can be asked for.
pub trait Shape: Sized + Send + Sync + 'static {
    /// `office`.
    const NAME: &'static str;
    /// `offices`: the path.
    const PLURAL: &'static str;
    /// `off`: the prefix of ids.
    const PREFIX: &'static str;
    /// `Office`: the component.
    const SCHEMA: &'static str;
    /// `Offices`: the group in the API document.
    const TITLE: &'static str;
    /// `an office`: one record in a sentence of the API document.
    const LABEL: &'static str;
    /// `offices`: several records in a sentence of the API document.
    const LABEL_PLURAL: &'static str;
    /// What it is, for the API document.
    const MEANING: &'static str;
    /// Members that the service keeps beside [`COMMON_SERVER_KEPT`].
    const SERVER_KEPT: &'static [&'static str];
    /// Relations by which a named office gets sight of a record for partners: members that the owner, or the registry,
    /// alone writes. What others may write must never stand here, or they could let themselves and third parties in.
    const SIGHT: &'static [&'static str];
    /// A complete example of the body of a creation, as JSON.
    const EXAMPLE: &'static str;
    /// What brings documents of earlier formats into today's, the oldest step first; see [`upgrade`](crate::documents::upgrade).
    const UPGRADES: &'static [UpgradeStep] = &[];
    /// The format in which documents are written today.
    const FORMAT: i64 = format_after(Self::UPGRADES);
    /// An office may own itself; then a registry administrator need not name an owner.
    const MAY_OWN_ITSELF: bool = false;

    /// The member whose keys are the offices that a record is about (`parties`). Who adds names there must act for one of
    /// those named: nobody records what others do among themselves. None where names say nothing of those named.
    const ABOUT: Option<&'static str> = None;

    /// Problems that a change or a deletion can meet, beside those of all kinds.
    const CHANGE_PROBLEMS: &'static [Code] = &[];

    /// Members that the answer to a change may have beside those of the document, each a list of ids: what else came of
    /// it, with its meaning.
    const ADDED: &'static [(&'static str, &'static str)] = &[];

    /// May a record be merged into another? Then its id leads there.
    const MAY_BE_MERGED: bool = false;

    /// The group of its operations in the API document.
    const TAG: Tag = Tag {
        name: Self::TITLE,
        description: Self::MEANING,
    };

    /// Filters, sorts and expansions of the list.
    const LIST: &'static ListSpec;

    /// The document.
    type Document: Document;
    /// The scope to read it.
    type Read: ScopeMarker;
    /// The scope to write it.
    type Write: ScopeMarker;
}

/// The rules of a kind. All are pure: no database, no HTTP, no clock.
pub trait Rules: Shape {
    /// Rules across members. Pure.
    fn check(document: &Self::Document, today: NaiveDate) -> Vec<Finding>;
    /// Rules about the change from one document to another, made by a caller who acts for the offices that `acts_for`
    /// accepts. Pure.
    fn check_change(
        old: Option<&Self::Document>,
        new: &Self::Document,
        acts_for: &dyn Fn(&str) -> bool,
    ) -> Vec<Finding>;
    /// Places of a change that its author may not make, not even as the owner of the record, because of the
    /// offices that they act for. Registry administrators are exempt. Pure.
    fn beyond_owner(
        _old: Option<&Self::Document>,
        _new: &Self::Document,
        _acts_for: &dyn Fn(&str) -> bool,
    ) -> Vec<String> {
        Vec::new()
    }
    /// Further audit rows of a change: the name of each, and the value that it
    /// keeps a digest of. Pure.
    fn also_audited(_old: &Self::Document, _new: &Self::Document) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// Fills the members that follow from others. Pure.
    fn derive(document: &mut Self::Document);
    /// Who may see it. Pure.
    fn audience(document: &Self::Document) -> Audience;
    /// True if a caller who is not the owner may change the member at this path. Pure.
    fn part_of(path: &[&str], document: &Self::Document, acts_for: &dyn Fn(&str) -> bool) -> bool;
    /// What `q` searches.
    fn search_texts(document: &Self::Document) -> Vec<String>;
    /// Does [`Self::suppress`] ever hide something? Then documents are parsed before they go out.
    const SUPPRESSES: bool = false;
    /// A version of a document without the values that only the owner may read, by the rules of that version
    /// and of the current one. Pure.
    fn suppress(version: &Value, _current: &Value) -> Value {
        version.clone()
    }
    /// Restores suppressed values in a document sent by a caller to whom `version` was shown as `shown`. Pure.
    fn keep_suppressed(_sent: &mut Value, _version: &Value, _shown: &Value) {}
}

/// How the documents of a kind are found, and the rules that need other records.
pub trait Indexed: Shape {
    /// Its row of index columns.
    type Index: IndexRow;

    /// The index row of a document.
    fn index(document: &Self::Document) -> Self::Index;

    /// References with roles.
    fn role_links(_document: &Self::Document) -> Vec<RoleLink> {
        Vec::new()
    }
    /// Codes that it holds several of: (name of the list, code).
    fn codes(_document: &Self::Document) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// Values that no other living record of the kind may have.
    fn unique_keys(_document: &Self::Document) -> Vec<UniqueKey> {
        Vec::new()
    }

    /// Rules that need other records, inside the writing transaction. Findings may name only records that the caller sees.
    fn check_in_transaction(
        _conn: &mut Conn,
        _caller: &Caller,
        _old: Option<&Self::Document>,
        _new: &Self::Document,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        Ok(Vec::new())
    }
    /// Rules that need more than other records, inside the writing transaction, before the record is deleted.
    fn check_deletion(_conn: &mut Conn, _id: &str) -> Result<()> {
        Ok(())
    }
    /// What must happen beside the index when a document is stored; `new` is none when it is deleted.
    fn after_write(
        _transaction: &mut Transaction<'_>,
        _old: Option<&Self::Document>,
        _new: Option<&Self::Document>,
    ) -> Result<()> {
        Ok(())
    }

    /// What else follows of a change by a caller, to be done once its version is stored.
    fn follow_up(_old: &Self::Document, _new: &Self::Document) -> Option<FollowUp> {
        None
    }

    /// One page of the list, visible to the caller.
    fn select_page(conn: &mut Conn, request: &PageRequest<'_>) -> Result<Page> {
        select::select_page(conn, Self::Index::with_records(), (Self::NAME, Self::LIST), request)
    }

    /// How many records match the filters.
    fn count(conn: &mut Conn, request: &PageRequest<'_>) -> Result<i64> {
        select::count(conn, Self::Index::with_records(), Self::LIST, request)
    }
}

/// One kind of document: its shape, its rules, and how it is found.
pub trait Kind: Rules + Indexed {}

impl<K: Rules + Indexed> Kind for K {}
