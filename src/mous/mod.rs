//! Memoranda between two or more offices: parties, terms, and what each party thinks of them.
//!
//! `document` is the shape, `rules` what must hold, `store` index columns, the list, and rules about other records.

pub mod document;
mod item_rules;
pub mod rules;
mod store;
pub mod terms;

use crate::auth::scope::{MousRead, MousWrite};
use crate::db::Conn;
use crate::documents::common::Audience;
use crate::documents::kind::{Kind, RoleLink, WriteOptions};
use crate::error::Result;
use crate::index_functions;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, ListSpec, Page, PageRequest};
use crate::values::Finding;
use chrono::NaiveDate;
use document::Mou;

/// The kind `mou`.
#[derive(Debug)]
pub struct Mous;

const fn day(name: &'static str, description: &'static str) -> FilterSpec {
    FilterSpec {
        name,
        form: FilterForm::Day,
        description,
    }
}

const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec {
            name: "party",
            form: FilterForm::Ids("off"),
            description: "MOUs that name this office.",
        },
        FilterSpec {
            name: "party_role",
            form: FilterForm::Codes("party_role"),
            description: "The role in which `party` is named; alone: MOUs with a party in this role.",
        },
        FilterSpec {
            name: "partner_country",
            form: FilterForm::Countries,
            description: "MOUs with a party in this country (ISO 3166-1 alpha-2), other than those named in `party`.",
        },
        FilterSpec {
            name: "partner_kind",
            form: FilterForm::Codes("office_kind"),
            description: "MOUs with a party of this kind, other than those named in `party`.",
        },
        FilterSpec {
            name: "stage",
            form: FilterForm::Codes("mou_stage"),
            description: "MOUs at this stage.",
        },
        FilterSpec {
            name: "confirmation",
            form: FilterForm::Codes("confirmation"),
            description: "Recorded MOUs by whether their signatories stand by them.",
        },
        FilterSpec {
            name: "kind",
            form: FilterForm::Codes("mou_kind"),
            description: "MOUs of this kind.",
        },
        FilterSpec {
            name: "purpose",
            form: FilterForm::Codes("purpose"),
            description: "MOUs for this purpose.",
        },
        day("signed_gte", "Signed on or after this day."),
        day("signed_lte", "Signed on or before this day."),
        FilterSpec {
            name: "signed_missing",
            form: FilterForm::Flag,
            description: "`true`: MOUs without a signing date; `false`: those with one.",
        },
        day("effective_from_gte", "In effect from this day or later."),
        day("effective_from_lte", "In effect from this day or earlier."),
        day("effective_to_gte", "Ending on or after this day."),
        day("effective_to_lte", "Ending on or before this day."),
    ],
    sorts: &["title", "signed_on", "created_at", "updated_at"],
    expands: &[
        ExpandSpec {
            name: "owner",
            relations: &["owner_office_id"],
        },
        ExpandSpec {
            name: "parties",
            relations: &[store::PARTIES],
        },
        ExpandSpec {
            name: "parent",
            relations: &["parent_mou_id"],
        },
        ExpandSpec {
            name: "predecessor",
            relations: &["predecessor_id"],
        },
    ],
};

impl Kind for Mous {
    const NAME: &'static str = "mou";
    const PLURAL: &'static str = "mous";
    const PREFIX: &'static str = "mou";
    const SCHEMA: &'static str = "Mou";
    const TITLE: &'static str = "MOUs";
    const MEANING: &'static str =
        "A memorandum between two or more offices, its terms, and each party's position on them.";
    const SERVER_KEPT: &'static [&'static str] = rules::SERVER_KEPT;
    const EXAMPLE: &'static str = r#"{
        "titles": {"en": "Memorandum of understanding on teacher exchange"},
        "kind": "mou",
        "stage": "recorded",
        "purposes": ["teacher_exchange"],
        "parties": {
            "ext:own:office-a": {"roles": ["signatory"], "signed_on": "2021-01-27"},
            "ext:own:office-b": {"roles": ["signatory"], "signed_on": "2021-01-27"}
        },
        "terms": {"summary": {"en": "Ten teachers a year in each direction."}, "term_type": "unknown"}
    }"#;

    type Document = Mou;
    type Read = MousRead;
    type Write = MousWrite;
    type Index = store::MouIndex;

    fn check(document: &Mou, today: NaiveDate) -> Vec<Finding> {
        rules::check(document, today)
    }

    fn check_change(old: Option<&Mou>, new: &Mou, acts_for: &dyn Fn(&str) -> bool) -> Vec<Finding> {
        rules::check_change_by(old, new, acts_for)
    }

    fn derive(document: &mut Mou) {
        rules::derive(document);
    }

    fn audience(document: &Mou) -> Audience {
        rules::audience(document)
    }

    fn part_of(path: &[&str], document: &Mou, acts_for: &dyn Fn(&str) -> bool) -> bool {
        rules::part_of(path, document, acts_for)
    }

    fn search_texts(document: &Mou) -> Vec<String> {
        rules::search_texts(document)
    }

    fn role_links(document: &Mou) -> Vec<RoleLink> {
        document
            .parties
            .iter()
            .flat_map(|(office, party)| {
                party.roles.iter().map(|role| RoleLink {
                    relation: store::PARTIES,
                    target_id: office.clone(),
                    role: role.as_str().to_owned(),
                })
            })
            .collect()
    }

    fn codes(document: &Mou) -> Vec<(&'static str, String)> {
        document
            .purposes
            .iter()
            .map(|purpose| ("purpose", purpose.as_str().to_owned()))
            .collect()
    }

    fn check_in_transaction(
        conn: &mut Conn,
        old: Option<&Mou>,
        new: &Mou,
        options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        let is_new = old.is_none_or(|old| store::index(old) != store::index(new));
        if is_new && !options.confirm_distinct {
            store::check_duplicates(conn, new)?;
        }
        store::check_signatories(conn, new)
    }

    fn index(document: &Mou) -> store::MouIndex {
        store::index(document)
    }

    index_functions!(mou_index);

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
