//! Memoranda between two or more offices: parties, terms, and what each party thinks of them.
//!
//! `document` is the shape, `rules` what must hold, `store` index columns, the list, and rules about other records.

pub mod document;
mod item_rules;
pub mod rules;
mod store;
pub mod terms;

pub use self::document::Mous;

use crate::auth::Caller;
use crate::auth::scope::{MousRead, MousWrite};
use crate::db::Conn;
use crate::documents::actions::acts::Acts;
use crate::documents::kind::{Kind, RoleLink, WriteOptions};
use crate::error::Result;
use crate::kind_functions;
use crate::list::{ExpandSpec, FilterForm, FilterSpec, ListSpec};
use crate::values::Finding;
use document::Mou;

const LIST: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new("party", FilterForm::Ids("off"), "MOUs that name this office."),
        FilterSpec::new(
            "party_role",
            FilterForm::Codes("party_role"),
            "The role in which `party` is named; alone: MOUs with a party in this role.",
        ),
        FilterSpec::new(
            "partner_country",
            FilterForm::Countries,
            "MOUs with a party in this country (ISO 3166-1 alpha-2), other than those named in `party`.",
        ),
        FilterSpec::new(
            "partner_kind",
            FilterForm::Codes("office_kind"),
            "MOUs with a party of this kind, other than those named in `party`.",
        ),
        FilterSpec::new("stage", FilterForm::Codes("mou_stage"), "MOUs at this stage."),
        FilterSpec::new(
            "confirmation",
            FilterForm::Codes("confirmation"),
            "Recorded MOUs by whether their signatories stand by them.",
        ),
        FilterSpec::new("kind", FilterForm::Codes("mou_kind"), "MOUs of this kind."),
        FilterSpec::new("purpose", FilterForm::Codes("purpose"), "MOUs for this purpose."),
        FilterSpec::new("signed_gte", FilterForm::Day, "Signed on or after this day."),
        FilterSpec::new("signed_lte", FilterForm::Day, "Signed on or before this day."),
        FilterSpec::new(
            "signed_missing",
            FilterForm::Flag,
            "`true`: MOUs without a signing date; `false`: those with one.",
        ),
        FilterSpec::new(
            "effective_from_gte",
            FilterForm::Day,
            "In effect from this day or later.",
        ),
        FilterSpec::new(
            "effective_from_lte",
            FilterForm::Day,
            "In effect from this day or earlier.",
        ),
        FilterSpec::new("effective_to_gte", FilterForm::Day, "Ending on or after this day."),
        FilterSpec::new("effective_to_lte", FilterForm::Day, "Ending on or before this day."),
    ],
    sorts: &["title", "signed_on", "created_at", "updated_at"],
    expands: &[
        ExpandSpec::new("owner", &["owner_office_id"]),
        ExpandSpec::new("parties", &[store::PARTIES]),
        ExpandSpec::new("parent", &["parent_mou_id"]),
        ExpandSpec::new("predecessor", &["predecessor_id"]),
    ],
};

impl Acts for Mous {}

impl Kind for Mous {
    const NAME: &'static str = "mou";
    const PLURAL: &'static str = "mous";
    const PREFIX: &'static str = "mou";
    const SCHEMA: &'static str = "Mou";
    const TITLE: &'static str = "MOUs";
    const LABEL: &'static str = "an MOU";
    const LABEL_PLURAL: &'static str = "MOUs";
    const MEANING: &'static str =
        "A memorandum between two or more offices, its terms, and each party's position on them.";
    const SERVER_KEPT: &'static [&'static str] = rules::SERVER_KEPT;
    const SIGHT: &'static [&'static str] = &["parties", "commitments.owner_office_ids"];
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

    kind_functions!(rules, store, LIST, mou_index);

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
        caller: &Caller,
        old: Option<&Mou>,
        new: &Mou,
        options: WriteOptions,
    ) -> Result<Vec<Finding>> {
        let new_signatories = old.is_none_or(|old| rules::signatory_ids(old) != rules::signatory_ids(new));
        let looks_new = new_signatories || old.is_none_or(|old| store::index(old) != store::index(new));
        if looks_new && !options.confirm_distinct {
            store::check_duplicates(conn, caller, new)?;
        }
        if !new_signatories {
            return Ok(Vec::new());
        }
        store::check_signatories(conn, new)
    }
}
