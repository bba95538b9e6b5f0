//! Filters that look at the offices which a record names.

use crate::auth::Guard;
use crate::auth::access::sql::visible_as;
use crate::db::schema::{office_ancestors, office_index, record_links, records};
use crate::db::{Condition, Sql, TextSql};
use crate::list::filter::FilterValues;
use diesel::dsl::exists;
use diesel::sql_types::{Bool, Text};
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl};

diesel::alias! {
    // The references of the record that a list is about to keep.
    pub(crate) const NAMED: Alias<Named> = record_links as named;
    // From an office that a reference names to the one that it means: its survivor where it was merged.
    pub(crate) const MEANT: Alias<Meant> = office_ancestors as meant;
    // The heads of those offices.
    pub(crate) const MEANT_HEADS: Alias<MeantHeads> = records as meant_heads;
    // The heads of the offices that are named: tombstones where they were merged.
    pub(crate) const NAMED_HEADS: Alias<NamedHeads> = records as named_heads;
}

impl FilterValues<'_> {
    /// The record names, by one relation, an office of which the condition holds: on `office_index` for the office that
    /// is meant, on `NAMED` for the reference. What the caller does not see of an office must not be found through a
    /// record that names it, so only offices count that it sees. `id` is a column with the record's id.
    pub fn names_office(
        &self,
        id: impl Sql<Text>,
        relation: &'static str,
        condition: impl Sql<Bool>,
    ) -> Vec<Condition> {
        let meant = MEANT
            .field(office_ancestors::office_id)
            .eq(NAMED.field(record_links::target_id))
            .and(MEANT.field(office_ancestors::depth).eq(0));
        let offices = NAMED
            .inner_join(MEANT.on(meant))
            .inner_join(office_index::table.on(office_index::id.eq(MEANT.field(office_ancestors::ancestor_id))))
            .inner_join(MEANT_HEADS.on(MEANT_HEADS.field(records::id).eq(office_index::id)))
            .inner_join(NAMED_HEADS.on(NAMED_HEADS.field(records::id).eq(NAMED.field(record_links::target_id))))
            .filter(NAMED.field(record_links::record_id).eq(TextSql::of(id)))
            .filter(NAMED.field(record_links::relation).eq(relation))
            .filter(NAMED.field(record_links::role).eq(""))
            .filter(Condition::of(condition));
        vec![match self.context.viewer.limited_by(Guard::VisibleInFilters) {
            Some(office) => Condition::of(exists(
                offices
                    .filter(visible_as(MEANT_HEADS, office))
                    .filter(visible_as(NAMED_HEADS, office)),
            )),
            None => Condition::of(exists(offices)),
        }]
    }
}
