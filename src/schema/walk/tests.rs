use proptest::prelude::*;
use serde_json::json;

use super::fixture::{document, walk};
use crate::json::arbitrary;

#[test]
fn visits_every_place_with_its_component() {
    let value = json!({
        "id": "off_1",
        "posts": {"head": {"holder_office_id": "off_2", "valid": {"from": "2020", "open": true}}},
        "parties": {"off/3": {"roles": ["lead"]}},
        "nobody": {"id": "off_4"}
    });
    let mut seen = Vec::new();
    walk().walk(&value, &mut |visit| {
        if let Some(component) = visit.component {
            seen.push(format!("{} {component} {}", visit.pointer, visit.is_key));
        }
    });
    assert_eq!(
        seen,
        [
            " Office false",
            "/id OfficeId false",
            "/parties/off~13 OfficeId true",
            "/parties/off~13 OfficeParty false",
            "/parties/off~13/roles/0 PartyRole false",
            "/posts/head OfficePost false",
            "/posts/head/holder_office_id OfficeId false",
            "/posts/head/valid Period false",
            "/posts/head/valid/from PartialDate false",
        ]
    );
}

#[test]
fn the_path_tells_members_from_keys() {
    let mut paths = Vec::new();
    walk().walk(&json!({"posts": {"valid": {"notes": ["a"]}}}), &mut |visit| {
        if visit.value.is_string() {
            paths.push(format!("{:?}", visit.path));
        }
    });
    assert_eq!(paths, [r#"[Member("posts"), Key("valid"), Member("notes"), Index(0)]"#]);
}

#[test]
fn follows_recursive_schemas() {
    let value = json!({"part": {"part": {"part": {"holder_office_id": "off_1"}}}});
    let mut deepest = String::new();
    walk().walk(&value, &mut |visit| {
        if visit.component == Some("OfficeId") {
            visit.pointer.clone_into(&mut deepest);
        }
    });
    assert_eq!(deepest, "/part/part/part/holder_office_id");
}

#[test]
fn the_first_and_last_item_of_a_map_are_items() {
    let empty = json!({});
    let one = json!({"posts": {"head": {"notes": ["a"]}}, "place": {"city": "Seoul"}});
    let pointers = |from, to| -> Vec<String> {
        let changes = walk().changes(from, to);
        changes.into_iter().map(|change| change.pointer).collect()
    };
    assert_eq!(pointers(&empty, &one), ["/place/city", "/posts/head"]);
    assert_eq!(pointers(&one, &empty), ["/place/city", "/posts/head"]);

    let other = json!({"posts": {"head": {"notes": ["a"]}, "deputy": {}}, "place": {"city": "Seoul"}});
    let merge = walk().three_way(&one, &empty, &other);
    assert_eq!(merge.merged, Some(json!({"posts": {"deputy": {}}})));

    let edited = json!({"posts": {"head": {"notes": ["b"]}}, "place": {"city": "Seoul"}});
    let merge = walk().three_way(&one, &empty, &edited);
    let overlaps: Vec<_> = merge.overlaps.iter().map(|overlap| overlap.pointer.as_str()).collect();
    assert_eq!(overlaps, ["/posts/head"]);
}

proptest! {
    #[test]
    fn merges_documents_by_the_same_laws(base in document(), current in document(), yours in document()) {
        let walk = walk();
        let [base, current, yours] = [base, current, yours].map(|value| walk.strip(&value));
        prop_assert_eq!(walk.three_way(&base, &base, &yours).merged, Some(yours.clone()));
        prop_assert_eq!(walk.three_way(&base, &current, &base).merged, Some(current.clone()));
        prop_assert_eq!(walk.three_way(&base, &yours, &yours).merged, Some(yours.clone()));
        let merge = walk.three_way(&base, &current, &yours);
        prop_assert_eq!(merge.merged.is_some(), merge.overlaps.is_empty());
        if let Some(merged) = merge.merged {
            prop_assert_eq!(walk.strip(&merged), merged);
        }
    }

    #[test]
    fn the_changes_of_documents_lie_in_both(from in document(), to in document()) {
        let walk = walk();
        let (from, to) = (walk.strip(&from), walk.strip(&to));
        let changes = walk.changes(&from, &to);
        prop_assert_eq!(changes.is_empty(), from == to);
        for change in changes {
            prop_assert_eq!(from.pointer(&change.pointer), change.from.as_ref());
            prop_assert_eq!(to.pointer(&change.pointer), change.to.as_ref());
        }
    }

    #[test]
    fn walks_over_anything(value in arbitrary::json()) {
        walk().walk(&value, &mut |visit| assert!(value.pointer(visit.pointer).is_some()));
    }
}
