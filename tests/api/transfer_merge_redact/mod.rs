//! What is done to records otherwise than by writing their documents, and what it does to rights at the next request:
//! actions, transfers, offices that move, are succeeded and are merged, redaction.

mod actions;
mod merged_rights;
mod merging;
mod moving;
mod offers;
mod redacting;
mod redacting_limits;
mod transfer;

use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::look::Look;
use crate::support::parties::{Party, any};
use crate::support::stored::report_of;
use crate::support::{Case, TestApp, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        actions,
        transfer,
        offers,
        moving,
        merging,
        merged_rights,
        redacting,
        redacting_limits
    ]
}

/// Takes an action on the record at this path, whatever its version.
#[track_caller]
fn act(client: &Client, path: &str, body: &Value) -> Reply {
    any(client).post(&format!("{path}/actions"), body)
}

/// The body of a transfer.
fn transfer_to(office: &str) -> Value {
    json!({"action": "transfer", "to_office_id": office, "reason": "The work has moved."})
}

/// Offers the record at this path to an office, which takes it: the record as it is then.
#[track_caller]
fn hand_over(from: &Client, to: &Party, path: &str) -> Value {
    let asked = act(from, path, &transfer_to(&to.id)).expect(202);
    let offer = asked.header("location").expect("the offer").to_owned();
    to.client.post(&format!("{offer}/accept"), &json!({})).expect(200);
    to.client.get(path).expect(200).json()
}

/// What was done to one record by the audit log, as `operation version`.
fn audited(app: &TestApp, record: &str) -> Vec<String> {
    Look::into(app.database().url()).texts(&format!(
        "SELECT operation || ' ' || COALESCE(CAST(version AS TEXT), '-') AS text FROM audit
         WHERE target_id = '{record}' AND outcome = 'done' ORDER BY seq"
    ))
}

/// What `verify` finds.
#[track_caller]
fn assert_verified(app: &TestApp) {
    crate::support::stored::assert_clean(app.database());
}

/// Fails unless verification finds what a statement does to a table, which is put back afterwards.
#[track_caller]
fn assert_found(app: &TestApp, look: &mut Look, table: &str, statement: &str) {
    look.execute(&format!("CREATE TABLE kept AS SELECT * FROM {table}"));
    look.execute(statement);
    assert!(!report_of(app.database()).damage.is_empty(), "unseen: {statement}");
    look.execute(&format!(
        "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"
    ));
    assert_verified(app);
}
