//! Memoranda between two or more offices: parties, terms, and what each party thinks of them.
//!
//! `document` is the shape, `rules` what must hold, `list` what the list can be asked for, `store` index
//! columns and rules about other records.

pub mod document;
mod item_rules;
mod list;
pub mod rules;
mod store;
pub mod terms;

pub use self::document::Mous;

use crate::auth::scope::{MousRead, MousWrite};
use crate::documents::actions::acts::Acts;
use crate::documents::kind::Shape;
use crate::list::ListSpec;
use document::Mou;

impl Acts for Mous {}

impl Shape for Mous {
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
    const ABOUT: Option<&'static str> = Some("parties");
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

    const LIST: &'static ListSpec = &list::LIST;

    type Document = Mou;
    type Read = MousRead;
    type Write = MousWrite;
}
