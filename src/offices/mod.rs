//! Offices: every body that takes part in the cooperation, from a ministry to a shared school or an NGO.
//!
//! `document` is its shape, `rules` what must hold, `list` what its list can be asked for, `store` its index columns and
//! the tree, `within` what of the tree is told to whom, `merge` how a duplicate ends.

pub mod assessment;
pub mod document;
mod item_rules;
mod list;
mod merge;
pub mod rules;
mod store;
mod within;

pub use self::document::Offices;

use crate::auth::scope::{OfficesRead, OfficesWrite};
use crate::documents::actions::action::Action;
use crate::documents::actions::acts::Acts;
use crate::documents::kind::Shape;
use crate::error::Code;
use crate::list::ListSpec;
use document::Office;

impl Acts for Offices {
    const ACTIONS: &'static [Action<Self>] = &[Action::of::<merge::MergeInto>()];
}

impl Shape for Offices {
    const NAME: &'static str = "office";
    const PLURAL: &'static str = "offices";
    const PREFIX: &'static str = "off";
    const SCHEMA: &'static str = "Office";
    const TITLE: &'static str = "Offices";
    const LABEL: &'static str = "an office";
    const LABEL_PLURAL: &'static str = "offices";
    const MEANING: &'static str =
        "Every body that takes part: education office, bureau, support office, school, government, NGO, evaluator.";
    const SERVER_KEPT: &'static [&'static str] = rules::SERVER_KEPT;
    const SIGHT: &'static [&'static str] = &["parent_id", "relations.office_id"];
    const EXAMPLE: &'static str = r#"{
        "names": {"ko": "경기도교육청", "en": "Gyeonggi Provincial Office of Education"},
        "original_language": "ko",
        "kind": "education_office",
        "country": "KR",
        "subdivision": "KR-41",
        "time_zone": "Asia/Seoul"
    }"#;
    const MAY_OWN_ITSELF: bool = true;
    const MAY_BE_MERGED: bool = true;
    const ADDED: &'static [(&'static str, &'static str)] = &[(
        "suspended_clients",
        "In the answer to a change that moved the office in the tree: the clients of it and its units that were suspended, because an office above, which is above no more, had made them or holds a secret of theirs.",
    )];
    const CHANGE_PROBLEMS: &'static [Code] = &[Code::HasClients];

    const LIST: &'static ListSpec = &list::LIST;

    type Document = Office;
    type Read = OfficesRead;
    type Write = OfficesWrite;
}
