//! What storing promises: one writer for many, outages that pass, and damage that is found.

mod damage;
mod outage;
mod tampering;
mod writer;

use std::cell::RefCell;

use diesel::connection::SimpleConnection;
use eduaccord::app::{KINDS, blueprint};
use eduaccord::db::connection::Purpose;
use eduaccord::db::{Conn, Database};
use eduaccord::verify::{Report, verify};

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    let modules = [writer::cases, outage::cases, damage::cases];
    modules.iter().flat_map(|cases| cases()).collect()
}

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
