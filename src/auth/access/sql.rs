//! The rule of sight as SQL, for lists and the feed. The same rule over one row is [`Standing`](super::Standing); a test
//! holds them against each other.

use super::Audience;
use crate::db::expression::Erased;
use crate::db::schema::{office_ancestors, record_links, records, sight_spans};
use crate::db::{Condition, Sql, TextSql};
use diesel::dsl::exists;
use diesel::query_source::{Alias, AliasSource};
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};

/// What the office sees of `records`. Not for the registry, which sees all; an empty `office` sees what everyone does.
pub fn visible_to(office: &str) -> Condition {
    visible_head(records::audience, records::owner_office_id, records::id, office)
}

/// The same for `records` under another name.
pub fn visible_as<S>(heads: Alias<S>, office: &str) -> Condition
where
    S: AliasSource<Target = records::table> + Copy + Send + Sync + 'static,
{
    visible_head(
        heads.field(records::audience),
        heads.field(records::owner_office_id),
        heads.field(records::id),
        office,
    )
}

fn visible_head(audience: impl Sql<Text>, owner: impl Sql<Text>, id: impl Sql<Text>, office: &str) -> Condition {
    let id = TextSql::of(id);
    let is_named = exists(
        record_links::table
            .filter(record_links::record_id.eq(id.clone()))
            // Says nothing new, but PostgreSQL cannot hash it: else it would read all links of all records for
            // each page, where the few rows that come so far need one look into the primary key each.
            .filter(record_links::record_id.ge(id))
            .filter(record_links::gives_sight.eq(true))
            .filter(is_related(record_links::target_id, office)),
    );
    visible_where(audience, owner, office, is_named)
}

/// The same for one version of a record, with the columns of its audience and number: who was named by that version, not
/// by today's. The head is in `records`.
pub fn visible_version(audience: impl Sql<Text>, version: impl Sql<BigInt>, office: &str) -> Condition {
    let version = Erased::<BigInt>::of(version);
    let is_named = exists(
        sight_spans::table
            .filter(sight_spans::record_id.eq(records::id))
            .filter(sight_spans::first_version.le(version.clone()))
            .filter(sight_spans::last_version.ge(version))
            .filter(is_related(sight_spans::office_id, office)),
    );
    visible_where(audience, records::owner_office_id, office, is_named)
}

/// The rule itself, with the condition under which an office is named by a member that gives sight.
fn visible_where(audience: impl Sql<Text>, owner: impl Sql<Text>, office: &str, is_named: impl Sql<Bool>) -> Condition {
    let (audience, owner) = (TextSql::of(audience), TextSql::of(owner));
    let acts_for_owner = exists(
        office_ancestors::table
            .filter(office_ancestors::office_id.eq(owner.clone()))
            .filter(office_ancestors::ancestor_id.eq(office.to_owned())),
    );
    let is_unit_of_owner = exists(
        office_ancestors::table
            .filter(office_ancestors::office_id.eq(office.to_owned()))
            .filter(office_ancestors::ancestor_id.eq(owner)),
    );
    let audience = || audience.clone();
    Condition::of(
        audience()
            .eq(Audience::Everyone)
            .or(acts_for_owner)
            .or(audience().ne(Audience::Owner).and(is_unit_of_owner))
            .or(audience().eq(Audience::Partners).and(Condition::of(is_named))),
    )
}

/// Is the office in this column one that `office` acts for, or one that it is a unit of?
pub fn is_related(column: impl Sql<Text>, office: &str) -> Condition {
    let column = TextSql::of(column);
    let acted_for = office_ancestors::table
        .filter(office_ancestors::ancestor_id.eq(office.to_owned()))
        .select(office_ancestors::office_id);
    let above = office_ancestors::table
        .filter(office_ancestors::office_id.eq(office.to_owned()))
        .select(office_ancestors::ancestor_id);
    Condition::of(column.clone().eq_any(acted_for).or(column.eq_any(above)))
}
