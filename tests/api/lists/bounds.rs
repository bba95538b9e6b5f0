//! What one request may ask for: `q`, values of a filter.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_search_has_eight_words_at_most,
        a_filter_has_twenty_values_at_most,
    ]
}

/// The finding about one parameter, of a 400.
fn finding(caller: &Client, path: &str) -> Value {
    let problem = caller.get(path).expect(400).problem("invalid-parameter");
    let errors = problem["errors"].as_array().expect("errors").clone();
    assert_eq!(errors.len(), 1, "{problem}");
    errors[0].clone()
}

fn a_search_has_eight_words_at_most(app: &TestApp) {
    let admin = app.admin();
    admin.create(OFFICES, &make::office_body("a b c d e f g h", "KR"));
    let words = |count: u32| {
        let words: Vec<String> = (0..count)
            .filter_map(|at| char::from_digit(10 + at, 36))
            .map(String::from)
            .collect();
        words.join("+")
    };
    let found = |q: &str| {
        let page = admin.get(&format!("{OFFICES}?q={q}")).expect(200).json();
        page["items"].as_array().expect("items").len()
    };
    assert_eq!(found(&words(8)), 1);
    // A word counts once, in whatever case and form.
    assert_eq!(found(&format!("{}+A+B+%EF%BC%A3+a+a", words(8))), 1);
    let told = finding(&admin, &format!("{OFFICES}?q={}", words(9)));
    assert_eq!((&told["parameter"], &told["code"]), (&json!("q"), &json!("too-many")));
    assert_eq!(told["params"], json!({"maximum": 8, "found": 9}));
}

fn a_filter_has_twenty_values_at_most(app: &TestApp) {
    let admin = app.admin();
    let tags = |count: usize| (0..count).map(|tag| format!("t{tag}")).collect::<Vec<_>>();
    for ask in [
        |tags: &[String]| format!("tag={}", tags.join(",")),
        |tags: &[String]| {
            tags.iter()
                .map(|tag| format!("tag={tag}"))
                .collect::<Vec<_>>()
                .join("&")
        },
    ] {
        admin.get(&format!("{OFFICES}?{}", ask(&tags(20)))).expect(200);
        let told = finding(&admin, &format!("{OFFICES}?{}", ask(&tags(21))));
        assert_eq!((&told["parameter"], &told["code"]), (&json!("tag"), &json!("too-many")));
        assert_eq!(told["params"], json!({"maximum": 20, "found": 21}));
    }
    let kinds = vec!["mou"; 21].join(",");
    assert_eq!(
        finding(&admin, &format!("/api/v1/changes?kinds={kinds}"))["code"],
        "too-many"
    );
}
