//! Every list of codes: what a member of a document may say where the answers are known beforehand.
//!
//! Each list is a Rust enum with its codes and their labels in Korean, Mongolian and English. `GET /codes` publishes
//! them all ([`code_lists`]). Codes are only ever added; labels may be improved.
//!
//! | file | lists |
//! |---|---|
//! | [`shared`] | those of several kinds of document: visibility, purposes, roles of people, counts |
//! | [`office`], [`policy`], [`mou`], [`program`] | those of one kind |

pub mod list;
pub mod mou;
pub mod office;
pub mod policy;
pub mod program;
pub mod shared;

pub use list::{Code, CodeList, Labels};
pub use mou::{
    ConditionDirection, ConditionPer, Confirmation, ContributionKind, MouHealth, MouKind, MouStage, MouStatus,
    PartyRole, PositionDecision, TermType,
};
pub use office::{AliasKind, ContactFunction, OfficeKind, OfficeStatus, PostKind, RecommendationState};
pub use policy::{NodeProgressState, PolicyKind, PolicyLinkKind, PolicyStage, ResponsibilityRole};
pub use program::{
    ParticipationUnit, ProgramKind, ProgramOfficeRole, ProgramStage, RecognitionKind, RecognitionState, Recurrence,
    SessionMode, SessionState,
};
pub use shared::{CommitmentState, CountQualifier, Measure, ParticipationRole, Purpose, SchoolLevel, Sex, Visibility};

/// All lists, by name.
pub fn code_lists() -> &'static [CodeList] {
    LISTS
}

/// Finds a list by its name.
pub fn code_list_named(name: &str) -> Option<&'static CodeList> {
    LISTS.iter().find(|list| list.name == name)
}

/// Every list; a test finds those that are missing here.
const LISTS: &[CodeList] = &[
    AliasKind::LIST,
    CommitmentState::LIST,
    ConditionDirection::LIST,
    ConditionPer::LIST,
    Confirmation::LIST,
    ContactFunction::LIST,
    ContributionKind::LIST,
    CountQualifier::LIST,
    Measure::LIST,
    MouHealth::LIST,
    MouKind::LIST,
    MouStage::LIST,
    MouStatus::LIST,
    NodeProgressState::LIST,
    OfficeKind::LIST,
    OfficeStatus::LIST,
    ParticipationRole::LIST,
    ParticipationUnit::LIST,
    PartyRole::LIST,
    PolicyKind::LIST,
    PolicyLinkKind::LIST,
    PolicyStage::LIST,
    PositionDecision::LIST,
    PostKind::LIST,
    ProgramKind::LIST,
    ProgramOfficeRole::LIST,
    ProgramStage::LIST,
    Purpose::LIST,
    RecognitionKind::LIST,
    RecognitionState::LIST,
    RecommendationState::LIST,
    Recurrence::LIST,
    ResponsibilityRole::LIST,
    SchoolLevel::LIST,
    SessionMode::LIST,
    SessionState::LIST,
    Sex::LIST,
    TermType::LIST,
    Visibility::LIST,
];

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use std::collections::BTreeSet;

    use super::*;
    use crate::values::id::is_item_key;

    #[test]
    fn every_declared_list_is_published_in_order() {
        let sources = [
            include_str!("shared.rs"),
            include_str!("office.rs"),
            include_str!("policy.rs"),
            include_str!("mou.rs"),
            include_str!("program.rs"),
        ];
        let declared: usize = sources
            .iter()
            .map(|source| source.matches("\ncode_list! {").count())
            .sum();
        assert_eq!(declared, LISTS.len());
        assert!(
            LISTS
                .windows(2)
                .all(|pair| matches!(pair, [one, next] if one.name < next.name))
        );
        assert_eq!(code_list_named("purpose"), Some(&Purpose::LIST));
    }

    #[test]
    fn codes_are_unique_and_labelled_in_every_language() {
        for list in code_lists() {
            assert!(
                is_item_key(list.name) && list.description.ends_with('.'),
                "{}",
                list.name
            );
            let unique: BTreeSet<&str> = list.codes.iter().map(|code| code.code).collect();
            assert_eq!(unique.len(), list.codes.len(), "{}", list.name);
            for code in list.codes {
                assert!(is_item_key(code.code) && !code.code.contains('-'), "{}", code.code);
                let Labels { ko, mn, en } = code.labels;
                let hangul = ko.chars().any(|letter| ('가'..='힣').contains(&letter));
                let cyrillic = mn
                    .chars()
                    .all(|letter| !letter.is_alphabetic() || ('Ѐ'..='ӿ').contains(&letter));
                assert!(
                    hangul && cyrillic && en.is_ascii() && !en.is_empty(),
                    "{} {}",
                    list.name,
                    code.code
                );
                for label in [ko, mn, en] {
                    assert_eq!(label.trim(), label, "{} {}", list.name, code.code);
                }
                if let Some(broader) = code.broader {
                    assert!(unique.contains(broader) && broader != code.code, "{}", code.code);
                }
            }
        }
    }

    #[test]
    fn labels_tell_the_codes_of_a_list_apart() {
        for list in code_lists() {
            let languages: [fn(&Labels) -> &'static str; 3] =
                [|labels| labels.ko, |labels| labels.mn, |labels| labels.en];
            for language in languages {
                let mut seen = BTreeSet::new();
                for code in list.codes {
                    assert!(
                        seen.insert(language(&code.labels)),
                        "{} {}",
                        list.name,
                        language(&code.labels)
                    );
                }
            }
        }
    }

    #[test]
    fn codes_survive_text_and_json() {
        for role in ParticipationRole::ALL.iter().copied() {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(role.to_string(), role.as_str());
            let json = serde_json::to_value(role).unwrap();
            assert_eq!(serde_json::from_value::<ParticipationRole>(json).unwrap(), role);
        }
        assert!("It_Teacher".parse::<ParticipationRole>().is_err());
        assert_eq!(Visibility::default(), Visibility::Public);
    }

    #[test]
    fn narrow_codes_are_within_wide_ones() {
        assert!(ParticipationRole::ItTeacher.is_within(ParticipationRole::Teacher));
        assert!(ParticipationRole::Teacher.is_within(ParticipationRole::Teacher));
        assert!(!ParticipationRole::Teacher.is_within(ParticipationRole::ItTeacher));
        assert!(SchoolLevel::Middle.is_within(SchoolLevel::General));
        assert_eq!(Measure::SupportOffices.broader(), Some(Measure::Units));
    }

    #[test]
    fn schema_lists_the_codes() {
        use utoipa::PartialSchema;
        let schema = serde_json::to_value(MouKind::schema()).unwrap();
        assert_eq!(
            schema.get("enum").unwrap(),
            &serde_json::json!(["mou", "agreement", "arrangement", "letter_of_intent"])
        );
    }
}
