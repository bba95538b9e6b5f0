//! The filters of MOUs, each with what it finds and what it must leave out.

use serde_json::{Value, json};

use crate::support::answers::{found, id};
use crate::support::client::Client;
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        mous_are_found_by_their_parties,
        mous_are_found_by_codes,
        mous_are_found_by_days_that_are_not_exactly_known,
    ]
}

const NONE: [&str; 0] = [];

struct World {
    admin: Client,
    offices: Vec<String>,
}

/// Four offices: two of Korea, one of Mongolia, one NGO of nowhere.
fn world(app: &TestApp) -> World {
    let admin = app.admin();
    let offices = [("one", "KR"), ("two", "KR"), ("three", "MN"), ("ngo", "")]
        .map(|(name, country)| {
            let mut body = make::office_body(name, country);
            if country.is_empty() {
                body["country"] = Value::Null;
                body["kind"] = json!("ngo");
            }
            id(&admin.create(OFFICES, &body))
        })
        .to_vec();
    World { admin, offices }
}

impl World {
    /// A memorandum between these offices, owned by the first, with these members on top.
    #[track_caller]
    fn mou(&self, title: &str, parties: &[(usize, &[&str])], members: Value) -> Value {
        let mut body = make::mou_body(title, &[]);
        for (office, roles) in parties {
            body["parties"][&self.offices[*office]] = json!({ "roles": roles });
        }
        body["owner_office_id"] = json!(self.offices[parties[0].0]);
        for (member, value) in members.as_object().unwrap() {
            body[member] = value.clone();
        }
        self.admin.create(MOUS, &body)
    }

    #[track_caller]
    fn found(&self, parameters: &[(&str, &str)]) -> Vec<String> {
        found(&self.admin, MOUS, parameters)
    }
}

const SIGNS: &[&str] = &["signatory"];

fn mous_are_found_by_their_parties(app: &TestApp) {
    let world = world(app);
    world.mou("home", &[(0, SIGNS), (1, SIGNS)], json!({}));
    world.mou("abroad", &[(0, SIGNS), (2, &["signatory", "beneficiary"])], json!({}));
    world.mou(
        "all",
        &[(1, SIGNS), (2, SIGNS), (0, &["witness"]), (3, &["implementer"])],
        json!({}),
    );
    let [one, two, three, ngo] = [0, 1, 2, 3].map(|at: usize| world.offices[at].as_str());
    let by = |parameters: &[(&str, &str)]| world.found(parameters);

    assert_eq!(by(&[("party", one)]), ["abroad", "all", "home"]);
    assert_eq!(by(&[("party", &format!("{two},{ngo}"))]), ["all", "home"]);
    assert_eq!(by(&[("party", one), ("party", three)]), ["abroad", "all"]);
    assert_eq!(by(&[("party", one), ("party", two), ("party", three)]), ["all"]);

    assert_eq!(by(&[("party", one), ("party_role", "witness")]), ["all"]);
    assert_eq!(by(&[("party", one), ("party_role", "signatory")]), ["abroad", "home"]);
    assert_eq!(
        by(&[("party", one), ("party_role", "signatory,witness")]),
        ["abroad", "all", "home"]
    );
    assert_eq!(
        by(&[
            ("party", three),
            ("party_role", "signatory"),
            ("party_role", "beneficiary")
        ]),
        ["abroad"]
    );
    assert_eq!(
        by(&[
            ("party", three),
            ("party_role", "witness"),
            ("party_role", "beneficiary")
        ]),
        NONE
    );
    assert_eq!(by(&[("party_role", "witness")]), ["all"]);
    assert_eq!(by(&[("party_role", "witness"), ("party_role", "beneficiary")]), NONE);
    assert_eq!(by(&[("party_role", "witness"), ("party_role", "implementer")]), ["all"]);

    // The named party itself does not count as its own partner.
    assert_eq!(by(&[("partner_country", "KR")]), ["abroad", "all", "home"]);
    assert_eq!(by(&[("party", one), ("partner_country", "KR")]), ["all", "home"]);
    assert_eq!(by(&[("party", one), ("party", two), ("partner_country", "KR")]), NONE);
    assert_eq!(by(&[("party", one), ("partner_country", "MN")]), ["abroad", "all"]);
    assert_eq!(
        by(&[("party", one), ("partner_country", "MN,KR")]),
        ["abroad", "all", "home"]
    );
    assert_eq!(
        by(&[("party", one), ("partner_country", "MN"), ("partner_country", "KR")]),
        ["all"]
    );
    assert_eq!(by(&[("party", three), ("partner_country", "MN")]), NONE);
    assert_eq!(by(&[("party", one), ("partner_kind", "ngo")]), ["all"]);
    assert_eq!(by(&[("party", ngo), ("partner_kind", "ngo")]), NONE);
    assert_eq!(by(&[("party", ngo), ("partner_kind", "education_office")]), ["all"]);
    assert_eq!(by(&[("owner", one)]), ["abroad", "home"]);
}

fn mous_are_found_by_codes(app: &TestApp) {
    let world = world(app);
    let parties: &[(usize, &[&str])] = &[(0, SIGNS), (2, SIGNS)];
    world.mou(
        "draft",
        parties,
        json!({ "stage": "draft", "purposes": ["teacher_exchange"] }),
    );
    let both = json!(["student_exchange", "teacher_exchange"]);
    world.mou(
        "recorded",
        parties,
        json!({ "kind": "agreement", "purposes": both, "tags": ["old"] }),
    );
    let by = |parameters: &[(&str, &str)]| world.found(parameters);

    assert_eq!(by(&[("stage", "draft")]), ["draft"]);
    assert_eq!(by(&[("stage", "draft,recorded")]), ["draft", "recorded"]);
    assert_eq!(by(&[("stage", "concluded")]), NONE);
    assert_eq!(by(&[("confirmation", "unconfirmed")]), ["recorded"]);
    assert_eq!(by(&[("confirmation", "confirmed,disputed")]), NONE);
    assert_eq!(by(&[("kind", "agreement")]), ["recorded"]);
    assert_eq!(by(&[("kind", "mou")]), ["draft"]);
    assert_eq!(by(&[("purpose", "teacher_exchange")]), ["draft", "recorded"]);
    assert_eq!(
        by(&[("purpose", "student_exchange,teacher_exchange")]),
        ["draft", "recorded"]
    );
    assert_eq!(
        by(&[("purpose", "student_exchange"), ("purpose", "teacher_exchange")]),
        ["recorded"]
    );
    assert_eq!(by(&[("tag", "old"), ("stage", "draft")]), NONE);
}

fn mous_are_found_by_days_that_are_not_exactly_known(app: &TestApp) {
    let world = world(app);
    let signed = |title: &str, one: Value, other: Value| {
        let mut body = make::mou_body(title, &[]);
        for (office, day) in [(0, one), (2, other)] {
            body["parties"][&world.offices[office]] = json!({ "roles": ["signatory"], "signed_on": day });
        }
        world.mou(title, &[(0, SIGNS)], json!({ "parties": body["parties"] }));
    };
    signed("year", json!("2009"), json!("2009"));
    signed("month", json!("2022-04"), json!("2022-04"));
    signed("day", json!("2022-04-16"), json!("2022-04-15"));
    signed("half", json!("2022-04-16"), Value::Null);
    let by = |parameters: &[(&str, &str)]| world.found(parameters);
    let certainly = |parameters: &[(&str, &str)]| world.found(&[parameters, &[("date_match", "certain")]].concat());

    assert_eq!(by(&[("signed_missing", "true")]), ["half"]);
    assert_eq!(by(&[("signed_missing", "false")]), ["day", "month", "year"]);
    assert_eq!(by(&[("signed_gte", "2022-04-16")]), ["day", "month"]);
    assert_eq!(certainly(&[("signed_gte", "2022-04-16")]), ["day"]);
    assert_eq!(by(&[("signed_lte", "2009-06-30")]), ["year"]);
    assert_eq!(certainly(&[("signed_lte", "2009-06-30")]), NONE);
    assert_eq!(certainly(&[("signed_lte", "2009-12-31")]), ["year"]);
    assert_eq!(
        by(&[("signed_gte", "2022-04-01"), ("signed_lte", "2022-04-10")]),
        ["month"]
    );
    assert_eq!(
        certainly(&[("signed_gte", "2022-04-01"), ("signed_lte", "2022-04-30")]),
        ["day", "month"]
    );

    let parties: &[(usize, &[&str])] = &[(0, SIGNS), (1, SIGNS)];
    let effective = |title: &str, term: &str, period: Value| {
        world.mou(
            title,
            parties,
            json!({ "terms": { "term_type": term, "effective": period } }),
        );
    };
    effective("fixed", "fixed", json!({ "from": "2023-03", "to": "2025" }));
    effective("evergreen", "evergreen", json!({ "from": "2024-01-01", "open": true }));
    effective("unknown", "unknown", json!({ "from": null, "to": null }));
    assert_eq!(by(&[("effective_from_gte", "2023-03-31")]), ["evergreen", "fixed"]);
    assert_eq!(certainly(&[("effective_from_gte", "2023-03-31")]), ["evergreen"]);
    assert_eq!(by(&[("effective_from_lte", "2023-03-01")]), ["fixed"]);
    assert_eq!(certainly(&[("effective_from_lte", "2023-03-01")]), NONE);
    assert_eq!(by(&[("effective_to_gte", "2025-12-31")]), ["fixed"]);
    assert_eq!(by(&[("effective_to_lte", "2025-01-01")]), ["fixed"]);
    assert_eq!(certainly(&[("effective_to_lte", "2025-12-30")]), NONE);
}
