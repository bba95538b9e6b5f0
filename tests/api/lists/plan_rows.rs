//! Rows for the tests of plans.

use diesel::connection::SimpleConnection;
use eduaccord::db::Conn;

/// Rows of each kind: enough that a database with statistics does not think a scan cheaper.
const ROWS: usize = 4_000;

/// Every kind's name and the prefix of its ids.
const KINDS: &[(&str, &str)] = &[("office", "off"), ("mou", "mou"), ("policy", "pol"), ("program", "prg")];

/// One of these in one row of five hundred, the other in the rest.
fn rare(rare: &str, common: &str) -> String {
    format!("CASE WHEN n % 500 = 0 THEN {rare} ELSE {common} END")
}

/// A day that comes later from row to row: 1970 to 2020; of a few rows 1960.
const DAY: &str = "CASE WHEN n < 9 THEN 1960 ELSE 1970 + n / 80 END || '-01-01'";

/// A name or title: `name 1234`, in no order.
fn shuffled(word: &str) -> String {
    format!("'{word} ' || (n * 7919 % 4001)")
}

/// Inserts records of all kinds without the service, which would take too long.
pub(super) fn fill(conn: &mut Conn) {
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS}) INSERT INTO"
    );
    let mut insert = |statement: String| {
        conn.batch_execute(&format!("{numbers} {statement} FROM numbers"))
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    };
    for (kind, prefix) in KINDS {
        let id = format!("'{prefix}_' || (100000 + n)");
        insert(format!(
            "records (id, kind, version, owner_office_id, audience, created_at, updated_at, document) \
             SELECT {id}, '{kind}', 1, 'off_' || (100001 + n % 100), \
             CASE n % 4 WHEN 0 THEN 'partners' WHEN 1 THEN 'owner_and_units' ELSE 'everyone' END, \
             '2026-01-01T' || (100000 + n), '2026-01-02T' || (200000 - n), '{{}}'"
        ));
        insert(format!("search_text (record_id, folded) SELECT {id}, 'text ' || n"));
        insert(format!(
            "record_tags (record_id, tag) SELECT {id}, {}",
            rare("'rare'", "'common'")
        ));
    }
    fill_indexes(&mut insert);
    insert(
        "office_ancestors (office_id, ancestor_id, depth) SELECT 'off_' || (100000 + n), 'off_' || (100000 + n), 0"
            .to_owned(),
    );
    insert(
        "record_keys (name, value, record_id) SELECT 'office-identifier', 'scheme:' || n, 'off_' || (100000 + n)"
            .to_owned(),
    );
    let office = "'off_' || (100001 + n * 31 % 4000)";
    for (prefix, relation, target, role) in [
        ("mou", "parties", office, ("'witness'", "'signatory'")),
        ("prg", "offices", office, ("'funder'", "'host'")),
        ("prg", "mou_ids", "'mou_' || (100001 + n * 31 % 4000)", ("''", "''")),
        (
            "prg",
            "policy_nodes.policy_id",
            "'pol_' || (100001 + n * 31 % 4000)",
            ("'rare'", "'common'"),
        ),
        ("pol", "responsibilities", office, ("''", "''")),
    ] {
        let links = "record_links (record_id, relation, target_id, role, gives_sight)";
        let gives_sight = if matches!(relation, "parties" | "offices" | "responsibilities") {
            "TRUE"
        } else {
            "FALSE"
        };
        insert(format!(
            "{links} SELECT '{prefix}_' || (100000 + n), '{relation}', {target}, '', {gives_sight}"
        ));
        if role.0 != role.1 {
            let role = rare(role.0, role.1);
            insert(format!(
                "{links} SELECT '{prefix}_' || (100000 + n), '{relation}', {target}, {role}, {gives_sight}"
            ));
        }
    }
    for (prefix, name, few, many) in [
        ("mou", "purpose", "integrity", "joint_training"),
        ("pol", "level", "rare", "task"),
        ("prg", "mode", "hybrid", "onsite"),
        ("prg", "place", "pohang", "seoul"),
        ("prg", "target_sex", "female", "any"),
        ("prg", "target_ages", "003-005", "012-018"),
        ("prg", "recognised_as", "credit", "class"),
    ] {
        let code = rare(&format!("'{few}'"), &format!("'{many}'"));
        insert(format!(
            "record_codes (record_id, name, code) SELECT '{prefix}_' || (100000 + n), '{name}', {code}"
        ));
    }
}

fn fill_indexes(insert: &mut impl FnMut(String)) {
    let (name, title) = (shuffled("name"), shuffled("title"));
    // Few begin before 1970 and few end after 2020.
    let from = "CASE WHEN n % 500 = 0 THEN '1950-01-01' WHEN n % 500 = 1 THEN NULL ELSE '2000-01-01' END";
    let to = "CASE WHEN n % 500 = 0 THEN '1955-12-31' WHEN n % 500 = 1 THEN '1952-12-31' \
              WHEN n % 500 = 2 THEN '2090-12-31' ELSE '2010-12-31' END";
    let key = "'2020-' || (1000 + n)";
    let period = format!("'false', {from}, {from}, {to}, {to}");
    insert(format!(
        "office_index (id, name_key, kind, country, subdivision, parent_id, \
         valid_open, valid_from_first, valid_from_last, valid_to_first, valid_to_last) \
         SELECT 'off_' || (100000 + n), {name}, {}, {}, {}, 'off_' || (100001 + n % 100), {period}",
        rare("'ngo'", "'school'"),
        rare("'SE'", "'KR'"),
        rare("'SE-AB'", "'KR-11'"),
    ));
    let signed = format!("CASE WHEN n % 500 = 3 THEN NULL ELSE ({DAY}) END");
    insert(format!(
        "mou_index (id, title_key, kind, stage, confirmation, signed_key_ascending, signed_key_descending, \
         signed_first, signed_last, effective_open, \
         effective_from_first, effective_from_last, effective_to_first, effective_to_last) \
         SELECT 'mou_' || (100000 + n), {title}, {}, {}, {}, {key}, {key}, {signed}, {signed}, 'false', \
         {DAY}, {DAY}, {DAY}, {DAY}",
        rare("'arrangement'", "'mou'"),
        rare("'draft'", "'recorded'"),
        rare("'disputed'", "'unconfirmed'"),
    ));
    insert(format!(
        "policy_index (id, title_key, kind, stage, announced_key_ascending, announced_key_descending, \
         period_open, period_from_first, period_from_last, period_to_first, period_to_last) \
         SELECT 'pol_' || (100000 + n), {title}, {}, {}, {key}, {key}, {period}",
        rare("'report'", "'annual_plan'"),
        rare("'draft'", "'published'"),
    ));
    insert(format!(
        "program_index (id, title_key, kind, stage, sensitive, starts_key_ascending, starts_key_descending, \
         period_open, period_from_first, period_from_last, period_to_first, period_to_last) \
         SELECT 'prg_' || (100000 + n), {title}, {}, {}, {}, {key}, {key}, {period}",
        rare("'expo'", "'training'"),
        rare("'idea'", "'active'"),
        rare("'true'", "'false'"),
    ));
}
