//! Offices: every body that takes part in the cooperation, from a ministry to a shared school or an NGO.
//!
//! `document` is its shape, `rules` what must hold, `store` its index columns, its list and the tree.

pub mod assessment;
pub mod document;
mod item_rules;
pub mod rules;
mod store;

use crate::auth::scope::{OfficesRead, OfficesWrite};
use crate::db::{Conn, Transaction};
use crate::documents::common::Audience;
use crate::documents::kind::{Kind, UniqueKey, WriteOptions};
use crate::error::Result;
use crate::index_functions;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, ListSpec, Page, PageRequest};
use crate::values::{Finding, join_pointer};
use chrono::NaiveDate;
use document::Office;

/// The kind `office`.
#[derive(Debug)]
pub struct Offices;

const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec {
            name: "kind",
            form: FilterForm::Codes("office_kind"),
            description: "Offices of this kind.",
        },
        FilterSpec {
            name: "country",
            form: FilterForm::Countries,
            description: "Offices in this country (ISO 3166-1 alpha-2).",
        },
        FilterSpec {
            name: "subdivision",
            form: FilterForm::Subdivisions,
            description: "Offices in this subdivision (ISO 3166-2).",
        },
        FilterSpec {
            name: "parent",
            form: FilterForm::Ids("off"),
            description: "Units directly below this office.",
        },
        FilterSpec {
            name: "within",
            form: FilterForm::Ids("off"),
            description: "This office and all units below it.",
        },
        FilterSpec {
            name: "identifier",
            form: FilterForm::Words,
            description: "The office with this identifier, written `scheme:value`.",
        },
        FilterSpec {
            name: "valid_on",
            form: FilterForm::Day,
            description: "Offices that exist on this day.",
        },
    ],
    sorts: &["name", "created_at", "updated_at"],
    expands: &[
        ExpandSpec {
            name: "owner",
            relations: &["owner_office_id"],
        },
        ExpandSpec {
            name: "parent",
            relations: &["parent_id"],
        },
        ExpandSpec {
            name: "successors",
            relations: &["successor_ids"],
        },
        ExpandSpec {
            name: "relations",
            relations: &["relations.office_id"],
        },
    ],
};

impl Kind for Offices {
    const NAME: &'static str = "office";
    const PLURAL: &'static str = "offices";
    const PREFIX: &'static str = "off";
    const SCHEMA: &'static str = "Office";
    const TITLE: &'static str = "Offices";
    const MEANING: &'static str =
        "Every body that takes part: education office, bureau, support office, school, government, NGO, evaluator.";
    const SERVER_KEPT: &'static [&'static str] = rules::SERVER_KEPT;
    const EXAMPLE: &'static str = r#"{
        "names": {"ko": "경기도교육청", "en": "Gyeonggi Provincial Office of Education"},
        "original_language": "ko",
        "kind": "education_office",
        "country": "KR",
        "subdivision": "KR-41",
        "time_zone": "Asia/Seoul"
    }"#;
    const MAY_OWN_ITSELF: bool = true;

    type Document = Office;
    type Read = OfficesRead;
    type Write = OfficesWrite;
    type Index = store::OfficeIndex;

    fn check(document: &Office, today: NaiveDate) -> Vec<Finding> {
        rules::check(document, today)
    }

    fn check_change(old: Option<&Office>, new: &Office, acts_for: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        rules::check_change_by(old, new, acts_for)
    }

    fn derive(document: &mut Office) {
        rules::derive(document);
    }

    fn audience(document: &Office) -> Audience {
        rules::audience(document)
    }

    fn part_of(path: &[&str], document: &Office, acts_for: &dyn Fn(&str) -> bool) -> bool {
        rules::part_of(path, document, acts_for)
    }

    fn search_texts(document: &Office) -> Vec<String> {
        rules::search_texts(document)
    }

    fn unique_keys(document: &Office) -> Vec<UniqueKey> {
        document
            .identifiers
            .iter()
            .map(|(scheme, value)| UniqueKey {
                name: "office-identifier",
                value: format!("{scheme}:{value}"),
                pointer: join_pointer("/identifiers", scheme),
            })
            .collect()
    }

    fn check_in_transaction(
        conn: &mut Conn,
        _old: Option<&Office>,
        new: &Office,
        _options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        store::check_tree(conn, new)
    }

    fn after_write(transaction: &mut Transaction<'_>, old: Option<&Office>, new: Option<&Office>) -> Result<()> {
        store::write_ancestors(transaction, old, new)
    }

    fn index(document: &Office) -> store::OfficeIndex {
        store::index(document)
    }

    index_functions!(office_index);

    fn list_spec() -> &'static ListSpec {
        &LIST
    }

    fn select_page(conn: &mut Conn, request: &PageRequest<'_>) -> Result<Page> {
        store::select_page(conn, request)
    }

    fn count(conn: &mut Conn, request: &PageRequest<'_>) -> Result<i64> {
        store::count(conn, request)
    }
}
