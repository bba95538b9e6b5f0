//! The plans of every filter of every list: one that leaves few rows begins with these rows.
//!
//! `q` alone is another matter: a part of a word can stand anywhere in a text, so `LIKE '%…%'` reads all texts of
//! `search_text`, by design. Documents are read for rows that match, by their keys. The filters by what a partner is
//! look at the partners of one record after the other, in the order of the list: most countries and kinds have many, and
//! a page is full soon.

use eduaccord::list::Filters;
use eduaccord::list::filter::COMMON_FILTERS;

use super::plans::{Asked, List, Listening, lists};
use crate::support::{Case, World, cases};

pub(super) fn cases() -> Vec<Case> {
    cases![
        a_filter_that_leaves_few_rows_reads_few_rows,
        a_search_reads_no_documents_in_vain
    ]
}

/// Tables that grow with the registry. The tree of offices and the texts that `q` looks into are not among them.
const TABLES: &[&str] = &[
    "records",
    "office_index",
    "mou_index",
    "policy_index",
    "program_index",
    "record_links",
    "record_tags",
    "record_keys",
    "record_codes",
];

/// For each filter of a list values that few rows have. A filter that is not named here fails the test.
fn few(list: &str, filter: &str) -> &'static [&'static str] {
    match (list, filter) {
        ("offices", "kind") => &["ngo"],
        ("mous", "kind") => &["arrangement"],
        ("policies", "kind") => &["report"],
        ("programs", "kind") => &["expo"],
        ("programs", "stage") => &["idea"],
        (_, "stage") => &["draft"],
        (_, "tag") => &["rare"],
        (_, "country") => &["SE"],
        (_, "subdivision") => &["SE-AB"],
        (_, "owner" | "parent" | "within" | "party" | "office" | "responsible_office") => &["off_100032"],
        (_, "mou") => &["mou_100032"],
        (_, "policy") => &["pol_100032"],
        (_, "identifier") => &["scheme:77"],
        (_, "party_role") => &["witness"],
        (_, "office_role") => &["funder"],
        (_, "confirmation") => &["disputed"],
        (_, "purpose") => &["integrity"],
        (_, "node" | "level") => &["rare"],
        (_, "mode") => &["hybrid"],
        (_, "place") => &["pohang"],
        (_, "target_sex") => &["female"],
        (_, "target_age") => &["4"],
        (_, "recognised_as") => &["credit"],
        (_, "sensitive" | "signed_missing") => &["true"],
        (_, "signed_gte" | "effective_from_gte" | "effective_to_gte") => &["2020-01-01"],
        (_, "signed_lte" | "effective_from_lte" | "effective_to_lte") => &["1965-01-01"],
        // Few began by then, or few go on after it.
        (_, "valid_on") => &["1951-01-01", "2080-01-01"],
        (_, "year") => &["1951", "2080"],
        (_, "period_from") => &["2080-01-01"],
        (_, "period_to") => &["1951-01-01"],
        // Leaves most of the rows or takes most of them away: there are programs without MOUs everywhere.
        (_, "has_mou") => &[],
        // See the head of this file.
        (_, "q" | "partner_country" | "partner_kind" | "office_country") => &[],
        _ => panic!("say for which value {list} has few rows by {filter}"),
    }
}

/// The line that reads all of a table, or all of an index: SQLite calls both SCAN; on PostgreSQL an index is read as a
/// whole where it has no condition.
fn reads_all(plan: &[String]) -> Option<&String> {
    let is_of = |line: &str, mark: &str| {
        line.split_once(mark)
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .is_some_and(|table| TABLES.contains(&table))
    };
    plan.iter().enumerate().find_map(|(place, line)| {
        let of_index = line.contains("Index Scan using") || line.contains("Index Only Scan using");
        let has_condition = plan
            .iter()
            .skip(place + 1)
            .take_while(|line| !line.contains("->"))
            .any(|line| line.contains("Index Cond:"));
        let whole = line.starts_with("SCAN ") && is_of(line, "SCAN ")
            || line.contains("Seq Scan on") && is_of(line, "Seq Scan on ")
            || of_index && !has_condition && is_of(line, " on ");
        whole.then_some(line)
    })
}

fn asked_with<'a>(list: &List, filter: &'static str, value: &str) -> Asked<'a> {
    Asked {
        filters: Filters([(filter, vec![vec![value.to_owned()]])].into()),
        sort: list.spec.sorts[0].name,
        ..Asked::default()
    }
}

/// `date_match=certain` asks more of a period than the indexes of its outer days tell.
fn is_period(filter: &str) -> bool {
    ["valid_on", "year", "period_from", "period_to"].contains(&filter)
}

fn a_filter_that_leaves_few_rows_reads_few_rows(world: &World) {
    let mut database = Listening::to(world);
    database.prefer_indexes();
    let mut failures = Vec::new();
    for list in lists() {
        for filter in COMMON_FILTERS.iter().chain(list.spec.filters) {
            for value in few(list.name, filter.name) {
                for (office, certain_dates) in [(None, false), (None, true), (Some("off_100032"), false)] {
                    if certain_dates && is_period(filter.name) {
                        continue;
                    }
                    let asked = Asked {
                        office,
                        certain_dates,
                        ..asked_with(&list, filter.name, value)
                    };
                    let (rows, plan) = database.read(&list, &asked);
                    assert!(
                        rows > 0 || certain_dates || office.is_some(),
                        "{} {asked:?} finds nothing",
                        list.name
                    );
                    if let Some(line) = reads_all(&plan) {
                        failures.push(format!("{} {asked:?}: {line}\n  {}", list.name, plan.join("\n  ")));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} plans\n{}", failures.len(), failures.join("\n"));
}

fn a_search_reads_no_documents_in_vain(world: &World) {
    let mut database = Listening::to(world);
    for list in lists() {
        let (rows, plan) = database.read(&list, &asked_with(&list, "q", "text 3999"));
        assert_eq!(rows, 1, "{}", list.name);
        let by_key = plan
            .iter()
            .all(|line| !line.contains("Seq Scan on records") && !line.starts_with("SCAN records"));
        assert!(by_key, "{}: {plan:#?}", list.name);
    }
}
