#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::super::arbitrary;
use super::*;

fn read(text: &str) -> Result<Value, Vec<JsonFault>> {
    parse_strict(text.as_bytes(), Limits::default())
}

fn duplicate(pointer: &str) -> JsonFault {
    JsonFault::DuplicateMember {
        pointer: pointer.to_owned(),
    }
}

/// The places of forbidden text.
fn forbidden(text: &str) -> Vec<String> {
    read(text)
        .unwrap_err()
        .into_iter()
        .map(|fault| match fault {
            JsonFault::ForbiddenText { pointer, .. } => pointer,
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn names_every_repeated_member_once() {
    let faults = read(r#"{"a":1,"a":2,"a":3,"b":[{"x/y":1,"x/y":{"~":0,"~":1}}]}"#);
    let expected = ["/a", "/b/0/x~1y", "/b/0/x~1y/~0"].map(duplicate);
    assert_eq!(faults.unwrap_err(), expected);
}

#[test]
fn allows_32_levels_and_no_more() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(32)).is_ok());
    let too_deep = vec![JsonFault::TooDeep {
        pointer: "/0".repeat(32),
    }];
    assert_eq!(read(&nested(33)).unwrap_err(), too_deep);
    assert_eq!(read(&nested(100)).unwrap_err(), too_deep);
    assert!(read(&nested(100_000)).is_err());
}

#[test]
fn names_the_place_of_text_that_cannot_be_stored() {
    assert_eq!(
        forbidden(r#"{"a":["\u0000","\ud800","\udc00\ud800","\ud800\ud800\udc00"],"b\u0000":1}"#),
        ["/a/0", "/a/1", "/a/2", "/a/3", "/b\0"]
    );
    assert_eq!(read(r#"["\ud83d\ude00","\\ud800"]"#).unwrap(), json!(["😀", "\\ud800"]));
}

#[test]
fn refuses_what_is_not_json() {
    assert_eq!(
        parse_strict(b"[\"\xff\"]", Limits::default()),
        Err(vec![JsonFault::NotUtf8])
    );
    for text in [
        "",
        "\u{feff}{}",
        "{} {}",
        "[1,]",
        "{\"a\":1,}",
        "NaN",
        "[1e999]",
        "01",
        "'a'",
    ] {
        let faults = read(text).unwrap_err();
        assert!(
            matches!(faults.as_slice(), [JsonFault::Malformed { .. }]),
            "{text}: {faults:?}"
        );
    }
    assert_eq!(
        read("[\n 1,\n x]").unwrap_err(),
        [JsonFault::Malformed {
            detail: "expected value".to_owned(),
            line: 3,
            column: 2
        }]
    );
}

#[test]
fn reports_a_bounded_number_of_faults() {
    let text = format!("{{{}\"z\":1}}", "\"\\u0000\":1,".repeat(500));
    assert_eq!(read(&text).unwrap_err().len(), MAX_FINDINGS);
}

/// The fault that ended the reading, behind whatever was found before it.
fn stopped(text: &str) -> JsonFault {
    read(text).unwrap_err().pop().unwrap()
}

#[test]
fn ends_where_a_body_is_too_large() {
    let too_large = |pointer: &str, excess, limit| JsonFault::TooLarge {
        pointer: pointer.to_owned(),
        excess,
        limit,
    };
    let object = |count: usize| {
        let members: Vec<String> = (0..count).map(|number| format!("\"{number}\":0")).collect();
        format!("{{\"a\":{{{}}}}}", members.join(","))
    };
    let array = |count: usize| format!("{{\"a\":[{}0]}}", "0,".repeat(count - 1));
    for text in [object(MAX_MEMBERS), array(MAX_MEMBERS)] {
        assert!(read(&text).is_ok());
    }
    for text in [object(MAX_MEMBERS + 1), array(MAX_MEMBERS + 1)] {
        assert_eq!(stopped(&text), too_large("/a", Excess::Members, MAX_MEMBERS));
    }
    // A member that is repeated counts each time.
    let repeated = format!("{{{}\"z\":1}}", "\"a\":1,".repeat(MAX_MEMBERS));
    assert_eq!(stopped(&repeated), too_large("", Excess::Members, MAX_MEMBERS));
    let many = format!("[{}[]]", format!("[{}0],", "0,".repeat(999)).repeat(100));
    assert_eq!(stopped(&many), too_large("/99", Excess::Values, MAX_VALUES));
    let named = |length: usize| format!("{{\"a\":{{\"{}\":[]}}}}", "é".repeat(length));
    assert!(read(&named(MAX_NAME)).is_ok());
    assert_eq!(stopped(&named(MAX_NAME + 1)), too_large("/a", Excess::Name, MAX_NAME));
}

#[test]
fn reading_is_linear_work() {
    use crate::json::growth::{NEARLY_LINEAR, growth_of_fourfold};
    let escaped = |count: usize| {
        let members: Vec<String> = (0..count).map(|number| format!("\"~{number}\":0")).collect();
        format!("{{\"{}\":{{{}}}}}", "~".repeat(count * 10), members.join(","))
    };
    let surrogates = |count: usize| format!("[\"{}\"]", "\\ud800".repeat(count * 10));
    let limits = Limits {
        max_name: usize::MAX,
        ..Limits::default()
    };
    for make in [&escaped as &dyn Fn(usize) -> String, &surrogates] {
        let growth = growth_of_fourfold(1_000, make, |text| drop(parse_strict(text.as_bytes(), limits)));
        assert!(growth < NEARLY_LINEAR, "{growth}");
    }
}

#[test]
fn keeps_numbers_as_written() {
    assert_eq!(
        read("[1, -1, 18446744073709551615, 1.0, 1e3]").unwrap(),
        json!([1, -1, u64::MAX, 1.0, 1000.0])
    );
}

proptest! {
    #[test]
    fn reads_back_what_serde_json_writes(value in arbitrary::json()) {
        prop_assert_eq!(read(&value.to_string()), Ok(value));
    }

    #[test]
    fn never_panics_on_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_strict(&bytes, Limits::default());
    }

    #[test]
    fn never_panics_on_near_json(text in r#"([\[\]{}:,"0-9 ]|\\u[dD][89a-f][0-9]{0,2}|\\|é|\x00){0,60}"#) {
        // What serde_json takes and this reader refuses is refused for one of its own reasons.
        let ours = read(&text);
        if ours.is_ok() {
            prop_assert_eq!(ours.ok(), serde_json::from_str(&text).ok());
        }
    }
}
