//! PATCH: merge patches (RFC 7396).

use serde_json::json;

use super::{assert_findings, matching, mou_path, office_path};
use crate::support::answers::id;
use crate::support::make::new_office;
use crate::support::paths::MOUS;
use crate::support::stored::traces;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        one_party_is_added_changed_and_removed,
        null_empties_and_everything_else_stays,
        a_patch_that_changes_nothing_makes_no_version,
        unknown_members_are_refused_also_with_null,
        a_member_that_must_be_there_cannot_be_emptied,
        both_media_types_are_taken,
    ]
}

fn one_party_is_added_changed_and_removed(app: &TestApp) {
    let admin = app.admin();
    let [one, other, third] = ["One", "Other", "Third"].map(|name| new_office(&admin, name));
    let mut body = make::mou_body("Exchange", &[&one, &other]);
    body["owner_office_id"] = json!(one);
    let mou = admin.create(MOUS, &body);
    let path = mou_path(&id(&mou));
    let patch = |tag: &str, patch| matching(&admin, tag).patch(&path, &patch).expect(200);

    let added = patch(
        "\"v1\"",
        json!({"parties": {&third: {"roles": ["witness", "beneficiary"]}}}),
    );
    assert_eq!(added.etag(), "\"v2\"");
    let added = added.json();
    assert_eq!(added["parties"].as_object().unwrap().len(), 3);
    assert_eq!(added["parties"][&third]["roles"], json!(["beneficiary", "witness"]));
    assert_eq!(added["parties"][&one], mou["parties"][&one]);

    let changed = patch("\"v2\"", json!({"parties": {&third: {"local_ref": "C-7"}}})).json();
    assert_eq!(changed["parties"][&third]["local_ref"], "C-7");
    assert_eq!(changed["parties"][&third]["roles"], json!(["beneficiary", "witness"]));

    let removed = patch("\"v3\"", json!({"parties": {&third: null}})).json();
    assert_eq!(removed["parties"], mou["parties"]);
    assert_eq!(removed["version"], 4);
}

fn null_empties_and_everything_else_stays(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("Emptied", "KR");
    body["city"] = json!("Seoul");
    body["tags"] = json!(["a", "b"]);
    body["names"]["ko"] = json!("비움");
    body["location"] = json!({"address": {"en": "1 Road"}, "postal_code": "03000"});
    let office = admin.create(crate::support::paths::OFFICES, &body);
    let path = office_path(&id(&office));
    let patch = json!({"city": null, "tags": null, "names": {"ko": null}, "location": {"postal_code": null}});
    let patched = matching(&admin, "*").patch(&path, &patch).expect(200).json();
    assert_eq!(patched["city"], json!(null));
    assert_eq!(patched["tags"], json!([]));
    assert_eq!(patched["names"], json!({"en": "Emptied"}));
    assert_eq!(patched["location"]["postal_code"], json!(null));
    assert_eq!(patched["location"]["address"], json!({"en": "1 Road"}));
    assert_eq!(patched["country"], "KR");
    // An array is one value: it is replaced, not added to.
    let patched = matching(&admin, "*")
        .patch(&path, &json!({"tags": ["z"]}))
        .expect(200)
        .json();
    assert_eq!(patched["tags"], json!(["z"]));
}

fn a_patch_that_changes_nothing_makes_no_version(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Same"));
    let before = traces(app);
    for patch in [
        json!({}),
        json!({"country": "KR"}),
        json!({"city": null}),
        json!({"posts": {"head": null}}),
        json!({"posts": {}}),
        json!({"tags": []}),
        json!({"names": {"en": "Same"}}),
    ] {
        let reply = matching(&admin, "\"v1\"").patch(&path, &patch).expect(200);
        assert_eq!(reply.etag(), "\"v1\"", "{patch}");
        assert_eq!(reply.json(), admin.get(&path).json());
    }
    assert_eq!(traces(app), before);
}

fn unknown_members_are_refused_also_with_null(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Strict"));
    for value in [json!(null), json!({}), json!([]), json!("x")] {
        let patch = json!({"namess": value, "location": {"adress": value}});
        let reply = matching(&admin, "\"v1\"").patch(&path, &patch).expect(422);
        let expected = [("/location/adress", "unknown-member"), ("/namess", "unknown-member")];
        assert_findings(reply, "invalid-document", &expected);
    }
    assert_eq!(admin.get(&path).etag(), "\"v1\"");
}

fn a_member_that_must_be_there_cannot_be_emptied(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Needed"));
    for (patch, pointer) in [
        (json!({"names": null}), "/names"),
        (json!({"names": {"en": null}}), "/names"),
        (json!({"kind": null}), "/kind"),
    ] {
        let problem = matching(&admin, "\"v1\"").patch(&path, &patch).expect(422).json();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem:#}");
    }
    assert_eq!(admin.get(&path).etag(), "\"v1\"");
}

fn both_media_types_are_taken(app: &TestApp) {
    let admin = app.admin();
    let path = office_path(&new_office(&admin, "Typed"));
    let send = |media_type: &str, tag: &str| {
        let headers = [("content-type", media_type), ("if-match", tag)];
        let body = json!({"tags": [tag]}).to_string();
        admin.raw("PATCH", &path, &headers, body.as_bytes())
    };
    send("application/merge-patch+json", "\"v1\"").expect(200);
    send("application/json; charset=utf-8", "\"v2\"").expect(200);
    let refused = send("application/json-patch+json", "\"v3\"").expect(415);
    assert!(
        refused
            .header("accept-patch")
            .unwrap()
            .contains("application/merge-patch+json")
    );
}
