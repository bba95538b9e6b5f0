//! What is in the database: verification, the rows that a write leaves, a connection beside the service.

use std::cell::RefCell;

use diesel::connection::SimpleConnection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::app::{KINDS, blueprint};
use eduaccord::db::connection::Purpose;
use eduaccord::db::schema::{audit, changes, external_ids, idempotency as keys, records, revisions};
use eduaccord::db::{Conn, Database};
use eduaccord::verify::{Report, verify};

use crate::support::TestApp;

/// What verification says of a database.
pub(crate) fn report_of(database: &Database) -> Report {
    let blueprint = blueprint().expect("the blueprint of this build");
    let shown = RefCell::new((0, 0));
    let report = verify(database, KINDS, &blueprint.contracts, &|done, total| {
        shown.replace((done, total));
    })
    .expect("the database can be read");
    let (done, total) = shown.into_inner();
    assert_eq!(
        (done, done),
        (total, report.records),
        "progress ends with everything done"
    );
    report
}

/// Fails the test, naming all damage, unless there is none.
#[track_caller]
pub(crate) fn assert_clean(database: &Database) -> Report {
    let report = report_of(database);
    assert!(report.damage.is_empty(), "{:#?}", report.damage);
    report
}

/// A connection beside those of the service.
pub(crate) fn connect(database: &Database) -> Conn {
    database
        .url()
        .connect(Purpose::Write)
        .expect("the database takes another connection")
}

/// Runs statements on a connection.
#[track_caller]
pub(crate) fn run(conn: &mut Conn, statements: &str) {
    conn.batch_execute(statements)
        .unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// How many rows there are of what a write leaves behind: records, revisions, changes, audit rows of changes, stored answers, own ids.
pub(crate) fn traces(app: &TestApp) -> [i64; 6] {
    app.database()
        .read_blocking(|conn| {
            Ok([
                records::table.count().get_result(conn)?,
                revisions::table.count().get_result(conn)?,
                changes::table.count().get_result(conn)?,
                audit::table
                    .filter(audit::outcome.eq("done"))
                    .count()
                    .get_result(conn)?,
                keys::table.count().get_result(conn)?,
                external_ids::table.count().get_result(conn)?,
            ])
        })
        .expect("the tables can be counted")
}
