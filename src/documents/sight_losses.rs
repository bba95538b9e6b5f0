//! From whom a change, or an upgrade of the program, takes sight of a record: the feed tells these offices that it is
//! hidden now.

use crate::auth::access::Audience;
use crate::clock;
use crate::db::schema::{change_losses, changes, record_links, records};
use crate::db::{Conn, Transaction};
use crate::documents::contract::Contract;
use crate::documents::sight::{lost_sight, sight_of};
use crate::error::Result;
use diesel::{
    EscapeExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl,
    TextExpressionMethods,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// The operation of a row of the feed that makes no version: an upgrade took sight of the record from the offices that
/// `change_losses` names. Nobody else is told.
pub const HIDDEN: &str = "hidden";

/// The relation of the owner, who sees the record in another way.
const OWNER: &str = "owner_office_id";

/// One version of a record, as far as losses follow from it.
#[derive(Debug, Clone, Copy)]
pub struct PastVersion<'a> {
    /// Its number in the feed.
    pub seq: i64,
    /// Who could see it.
    pub audience: Audience,
    /// Its document; none for a deletion.
    pub document: Option<&'a Value>,
}

/// The rows of `change_losses`, (sequence number, office), that follow from all versions of a record in order: the
/// offices that a version no longer gives sight to, where sight depended on that, and the owner before a transfer.
pub fn derive_losses<'a>(
    contract: &Contract,
    versions: impl Iterator<Item = PastVersion<'a>>,
) -> BTreeSet<(i64, String)> {
    let mut losses = BTreeSet::new();
    let mut before: Option<(Audience, BTreeSet<String>, String)> = None;
    for version in versions {
        let Some(document) = version.document else { continue };
        let references = contract.walk.references(document);
        let named = sight_of(contract.sight, &references);
        let owner = document.get(OWNER).and_then(Value::as_str).unwrap_or_default();
        if let Some((audience, older, old_owner)) = &before {
            let older: BTreeSet<&str> = older.iter().map(String::as_str).collect();
            let lost = lost_sight(*audience, &older, &named);
            let lost_owner = (old_owner != owner).then(|| old_owner.clone());
            losses.extend(lost.into_iter().chain(lost_owner).map(|office| (version.seq, office)));
        }
        let named = named.into_iter().map(str::to_owned).collect();
        before = Some((version.audience, named, owner.to_owned()));
    }
    losses
}

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

/// Tells, once, the offices that saw a record for partners only because it named them somewhere, by a member that does
/// not give sight: programs before derivation 2 let them. Returns these offices.
pub fn tell_lost_sight(transaction: &mut Transaction<'_>, id: &str) -> Result<BTreeSet<String>> {
    let lost = find_lost_by_upgrade(transaction.conn, id)?;
    if lost.is_empty() {
        return Ok(lost);
    }
    let (kind, version): (String, i64) = records::table
        .find(id)
        .select((records::kind, records::version))
        .first(transaction.conn)?;
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

fn find_lost_by_upgrade(conn: &mut Conn, id: &str) -> Result<BTreeSet<String>> {
    let head: Option<Audience> = records::table
        .find(id)
        .filter(records::deleted_at.is_null())
        .select(records::audience)
        .first(conn)
        .optional()?;
    if head != Some(Audience::Partners) {
        return Ok(BTreeSet::new());
    }
    let links: Vec<(String, String, bool)> = record_links::table
        .filter(record_links::record_id.eq(id))
        .filter(record_links::target_id.like("off\\_%").escape('\\'))
        .select((
            record_links::relation,
            record_links::target_id,
            record_links::gives_sight,
        ))
        .load(conn)?;
    let told: Vec<String> = change_losses::table
        .inner_join(changes::table.on(changes::seq.eq(change_losses::seq)))
        .filter(changes::record_id.eq(id))
        .filter(changes::operation.eq(HIDDEN))
        .select(change_losses::office_id)
        .load(conn)?;
    let keeps_sight = |office: &String| {
        let mut ways = links.iter().filter(|(_, target, _)| target == office);
        ways.any(|(relation, _, gives_sight)| *gives_sight || relation == OWNER)
    };
    Ok(links
        .iter()
        .map(|(_, office, _)| office)
        .filter(|office| !keeps_sight(office) && !told.contains(office))
        .cloned()
        .collect())
}
