//! The offices that can no longer see a record after a change or an upgrade of the program: the feed reports it to them as
//! hidden.

use crate::auth::access::Audience;
use crate::clock;
use crate::db::schema::{change_losses, changes, records, registry_state};
use crate::db::{Conn, Transaction};
use crate::error::Result;
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};
use std::collections::BTreeSet;

/// The operation of a row of the feed that makes no version: an upgrade took sight of the record from the offices that
/// `change_losses` names. No other office sees this row.
pub const HIDDEN: &str = "hidden";

/// The stored losses of the changes with these sequence numbers.
pub fn load_losses(conn: &mut Conn, seqs: &[i64]) -> Result<BTreeSet<(i64, String)>> {
    let mut losses = BTreeSet::new();
    for some in seqs.chunks(500) {
        let rows: Vec<(i64, String)> = change_losses::table
            .filter(change_losses::seq.eq_any(some))
            .select((change_losses::seq, change_losses::office_id))
            .load(conn)?;
        losses.extend(rows);
    }
    Ok(losses)
}

/// Replaces the losses of changes where they differ; true if they did.
pub fn rewrite_losses(conn: &mut Conn, seqs: &[i64], derived: &BTreeSet<(i64, String)>) -> Result<bool> {
    let stored = load_losses(conn, seqs)?;
    for (seq, office) in stored.difference(derived) {
        diesel::delete(change_losses::table.find((seq, office))).execute(conn)?;
    }
    for (seq, office) in derived.difference(&stored) {
        insert_loss(conn, *seq, office)?;
    }
    Ok(stored != *derived)
}

/// Adds one row of `change_losses`.
pub fn insert_loss(conn: &mut Conn, seq: i64, office: &str) -> Result<()> {
    diesel::insert_into(change_losses::table)
        .values((change_losses::seq.eq(seq), change_losses::office_id.eq(office)))
        .execute(conn)?;
    Ok(())
}

/// Reports to these offices, once, that a record is hidden from them now: earlier programs let them see it.
/// A record that is public now is reported to no office. Returns the offices that got a row.
pub fn tell_lost_sight(
    transaction: &mut Transaction<'_>,
    id: &str,
    offices: BTreeSet<&str>,
) -> Result<BTreeSet<String>> {
    if offices.is_empty() {
        return Ok(BTreeSet::new());
    }
    let (kind, version, audience): (String, i64, String) = records::table
        .find(id)
        .select((records::kind, records::version, records::audience))
        .first(transaction.conn)?;
    let told: Vec<String> = change_losses::table
        .inner_join(changes::table.on(changes::seq.eq(change_losses::seq)))
        .filter(changes::record_id.eq(id))
        .filter(changes::operation.eq(HIDDEN))
        .select(change_losses::office_id)
        .load(transaction.conn)?;
    let lost: BTreeSet<String> = offices
        .into_iter()
        .filter(|office| !told.iter().any(|known| known == office))
        .map(str::to_owned)
        .collect();
    if lost.is_empty() || audience == Audience::Everyone.as_str() {
        return Ok(BTreeSet::new());
    }
    transaction.state.change_seq += 1;
    let seq = transaction.state.change_seq;
    diesel::insert_into(changes::table)
        .values((
            changes::seq.eq(seq),
            changes::record_id.eq(id),
            changes::kind.eq(kind),
            changes::version.eq(version),
            changes::operation.eq(HIDDEN),
            changes::at.eq(clock::format_instant(transaction.now)),
            changes::client_id.eq("cli"),
            changes::office_id.eq(None::<String>),
            changes::audience.eq(Audience::Partners),
            changes::previous_audience.eq(None::<Audience>),
        ))
        .execute(transaction.conn)?;
    for office in &lost {
        insert_loss(transaction.conn, seq, office)?;
    }
    Ok(lost)
}

/// The last change that was written while every office that a record for partners named could see it.
pub fn find_old_sight(conn: &mut Conn) -> Result<i64> {
    Ok(registry_state::table
        .find(1)
        .select(registry_state::old_sight_until)
        .first(conn)?)
}
