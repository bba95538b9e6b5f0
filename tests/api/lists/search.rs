//! `q`: words that must all occur somewhere in the texts of a record.

use serde_json::json;

use crate::support::answers::{found, id};
use crate::support::paths::{MOUS, OFFICES};
use crate::support::{Case, TestApp, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![words_are_found_as_readers_take_them, every_text_of_a_record_is_searched]
}

const NONE: [&str; 0] = [];

fn words_are_found_as_readers_take_them(app: &TestApp) {
    let admin = app.admin();
    for (name, other) in [
        ("korean", "서울특별시교육청"),
        ("cyrillic", "Улаанбаатар хотын Боловсролын Газар"),
        ("latin", "École Supérieure Straße"),
        ("signs", "100%_a\\b"),
        ("plain", "100xyab"),
    ] {
        let mut body = make::office_body(name, "KR");
        body["names"]["mn"] = json!(other);
        admin.create(OFFICES, &body);
    }
    let q = |words: &str| found(&admin, OFFICES, &[("q", words)]);
    // Two syllables from the middle of a word, composed or not.
    assert_eq!(q("교육"), ["korean"]);
    assert_eq!(q("특별"), ["korean"]);
    assert_eq!(
        q("\u{1100}\u{116d}\u{110b}\u{1172}\u{11a8}"),
        ["korean"],
        "decomposed 교육"
    );
    assert_eq!(q("육교"), NONE);
    for written in ["УЛААНБААТАР", "улаанбаатар", "Баатар", "БОЛОВСРОЛ газар"]
    {
        assert_eq!(q(written), ["cyrillic"], "{written}");
    }
    for written in ["école", "ÉCOLE", "e\u{301}cole", "ＳＵＰ", "STRASSE", "straße", "ｓtr"] {
        assert_eq!(q(written), ["latin"], "{written}");
    }
    // Signs that databases take for wildcards stand for themselves.
    assert_eq!(q("100%"), ["signs"]);
    assert_eq!(q("%_"), ["signs"]);
    assert_eq!(q("0_"), NONE);
    assert_eq!(q("a\\b"), ["signs"]);
    assert_eq!(q("\\"), ["signs"]);
    assert_eq!(q("'; --"), NONE);
    // All words, in any order, each anywhere.
    assert_eq!(q("supérieure école"), ["latin"]);
    assert_eq!(q("supérieure latin"), ["latin"]);
    assert_eq!(q("supérieure korean"), NONE);
    assert_eq!(q("100"), ["plain", "signs"]);
    assert_eq!(
        q(" \u{3000}"),
        ["cyrillic", "korean", "latin", "plain", "signs"],
        "no word, no filter"
    );
}

fn every_text_of_a_record_is_searched(app: &TestApp) {
    let admin = app.admin();
    let mut body = make::office_body("One", "KR");
    body["aliases"] = json!({ "short": { "text": "SMOE", "kind": "short" } });
    body["posts"] = json!({ "head": { "post": "superintendent", "holder": { "ko": "정근식" } } });
    body["tags"] = json!(["Future School"]);
    let one = id(&admin.create(OFFICES, &body));
    let two = id(&admin.create(OFFICES, &make::office_body("Two", "MN")));
    let mut body = make::mou_body("Exchange", &[&one, &two]);
    body["owner_office_id"] = json!(one);
    body["titles"]["ko"] = json!("교사 교류 협약");
    body["terms"] = json!({ "summary": { "en": "Ten teachers a year" } });
    body["parties"][&two]["local_ref"] = json!("MED-2023/17");
    let mou = id(&admin.create(MOUS, &body));

    for words in ["smoe", "근식", "future"] {
        assert_eq!(found(&admin, OFFICES, &[("q", words)]), ["One"], "{words}");
    }
    for words in ["교류", "ten TEACHERS", "2023/17", "교사 exchange"] {
        assert_eq!(found(&admin, MOUS, &[("q", words)]), ["Exchange"], "{words}");
    }
    // What is found follows the record.
    let changed = json!({ "titles": { "ko": "학생 방문" } });
    admin
        .header("if-match", "*")
        .patch(&format!("{MOUS}/{mou}"), &changed)
        .expect(200);
    assert_eq!(found(&admin, MOUS, &[("q", "교류")]), NONE);
    assert_eq!(found(&admin, MOUS, &[("q", "학생")]), ["Exchange"]);
    admin
        .header("if-match", "*")
        .delete(&format!("{MOUS}/{mou}"))
        .expect(204);
    assert_eq!(found(&admin, MOUS, &[("q", "학생")]), NONE);
}
