//! How many statements an answer costs: the same for a page of two hundred as for one of one.

use serde_json::{Value, json};

use crate::support::answers::id;
use crate::support::client::Client;
use crate::support::contract::PATH;
use crate::support::parties::{Parties, any};
use crate::support::paths::{MOUS, OFFICES, POLICIES, PROGRAMS};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![a_page_costs_a_stated_number_of_statements]
}

/// So many records of each kind are listed.
const RECORDS: usize = 60;

/// Fills the registry with records of A, half of them for partners, so that B sees them by being named; every program
/// is sensitive.
fn fill(parties: &Parties) -> (String, String, String) {
    let (a, b) = (&parties.a.id, &parties.b.id);
    let mut last = <(String, String, String)>::default();
    for number in 0..RECORDS {
        let visibility = if number % 2 == 0 { "partners" } else { "public" };
        let policy = parties.a.client.create(
            POLICIES,
            &json!({"titles": {"en": format!("Policy {number}")}, "kind": "annual_plan", "stage": "published",
                "visibility": visibility, "responsibilities": {b: {"roles": ["lead"]}}}),
        );
        let mut mou = make::mou_body(&format!("MOU {number}"), &[a, b]);
        mou["visibility"] = json!(visibility);
        let mou = id(&parties.a.client.create(MOUS, &mou));
        let program = parties.a.client.create(
            PROGRAMS,
            &json!({"titles": {"en": format!("Program {number}")}, "kind": "workshop", "stage": "planned",
                "visibility": visibility, "sensitive": true, "mou_ids": [mou],
                "policy_nodes": {"p": {"policy_id": policy["id"]}},
                "offices": {a: {"roles": ["lead"]}, b: {"roles": ["host"]}},
                "sessions": {"s": {"state": "held", "participation": {"row": {"role": "teacher", "unit": "person",
                    "count": {"value": 3, "qualifier": "exact"}}}}}}),
        );
        let mut office = make::office_body(&format!("Office {number}"), "KR");
        office["visibility"] = json!(visibility);
        office["relations"] = json!({"r": {"office_id": b}});
        parties.a.client.create(OFFICES, &office);
        last = (mou, id(&program), id(&policy));
    }
    last
}

fn a_page_costs_a_stated_number_of_statements(app: &TestApp) {
    let parties = Parties::new(app);
    let (mou, program, policy) = fill(&parties);
    let path = format!("{PROGRAMS}/{program}");
    for number in 0..20 {
        any(&parties.a.client)
            .patch(&path, &json!({"tags": [format!("tag-{number}")]}))
            .expect(200);
    }
    let clients = app.admin_beside();
    let client_id = clients.get("/api/v1/clients?limit=1").expect(200).json()["items"][0]["id"].clone();
    let token_id = clients.get("/api/v1/tokens?limit=1").expect(200).json()["items"][0]["id"].clone();
    let id_in = |template: &str| match template.split('/').nth(3) {
        Some("mous") => mou.clone(),
        Some("programs") => program.clone(),
        Some("offices") => parties.a.id.clone(),
        Some("policies") => policy.clone(),
        Some("clients") => client_id.as_str().expect("a client").to_owned(),
        Some("tokens") => token_id.as_str().expect("a token").to_owned(),
        other => panic!("no id is known for {other:?}"),
    };
    let lists = list_paths(app);
    assert!(lists.len() >= 19, "{lists:?}");
    for template in &lists {
        let request = format!(
            "{}?limit=200",
            template.replace("{id}", &id_in_or_none(template, &id_in))
        );
        let is_of_registry = ["clients/{id}", "tokens/{id}"]
            .iter()
            .any(|part| template.contains(part));
        let caller = if is_of_registry { &clients } else { &parties.b.client };
        let most = match template.as_str() {
            // An office sees rows of the audit log for several reasons, each of which is a query of its own.
            "/api/v1/audit-events" => 2 * MOST_OF_A_LIST,
            _ => MOST_OF_A_LIST,
        };
        hold(app, caller, &request, most);
    }
    let more: [(String, u64); 8] = [
        (format!("{PROGRAMS}?limit=200"), 8),
        (format!("{PROGRAMS}?limit=200&include_total=true"), 8),
        (format!("{PROGRAMS}?limit=200&expand=offices,mous,policies"), 12),
        (format!("{MOUS}?limit=200&party={}&partner_country=KR", parties.b.id), 8),
        (format!("{MOUS}/{mou}"), 5),
        (format!("{path}?expand=offices,mous,policies"), 12),
        (format!("{path}/revisions/1"), 10),
        (format!("{path}/diff?from=1&to=20"), 16),
    ];
    for (request, most) in &more {
        hold(app, &parties.b.client, request, *most);
    }
}

/// The most that one page of any list may cost, whoever asks.
const MOST_OF_A_LIST: u64 = 8;

/// The paths of all lists of the published document.
fn list_paths(app: &TestApp) -> Vec<String> {
    let document = app.anonymous().get(PATH).expect(200).json();
    let paths = document["paths"].as_object().expect("paths");
    let is_list = |item: &Value| {
        let parameters = item["get"]["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "limit"))
    };
    paths
        .iter()
        .filter(|(_, item)| is_list(item))
        .map(|(path, _)| path.clone())
        .collect()
}

fn id_in_or_none(template: &str, id_in: &dyn Fn(&str) -> String) -> String {
    if template.contains("{id}") {
        id_in(template)
    } else {
        String::new()
    }
}

/// Fails where a request costs more statements than it may, or was not counted.
fn hold(app: &TestApp, caller: &Client, request: &str, most: u64) {
    let cost = statements(app, caller, request);
    println!("{cost:3} of {most:3} statements: {request}");
    assert!(cost <= most, "{request} costs {cost} statements, at most {most}");
    assert!(cost > 0, "{request} was not counted");
}

/// The statements that one request by this caller makes, after one that warmed up what the process remembers. What the
/// service reads by itself now and then may be counted along, so the least of several counts is taken.
fn statements(app: &TestApp, client: &Client, request: &str) -> u64 {
    client.get(request).expect(200);
    let counts = (0..4).map(|_| {
        let before = app.database().statements_read();
        client.get(request).expect(200);
        app.database().statements_read() - before
    });
    counts.min().expect("several counts")
}
