//! Filters that look at the offices which a record names.

use crate::db::schema::{office_ancestors, record_links, records};

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

/// Keeps records that name, by one relation, an office of which the condition holds: on `office_index` for the office
/// that is meant, on `NAMED` for the reference. What the caller does not see of an office must not be found through a
/// record that names it, so only offices count that it sees.
#[macro_export]
macro_rules! filter_named_offices {
    ($query:expr, $request:expr, $record:expr, $relation:expr, $condition:expr) => {{
        use diesel::dsl::exists;
        use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl};
        use $crate::auth::access::sql::visible_as;
        use $crate::db::schema::{office_ancestors, office_index, record_links, records};
        use $crate::list::named_offices::{MEANT, MEANT_HEADS, NAMED, NAMED_HEADS};
        let meant = MEANT
            .field(office_ancestors::office_id)
            .eq(NAMED.field(record_links::target_id))
            .and(MEANT.field(office_ancestors::depth).eq(0));
        let offices = NAMED
            .inner_join(MEANT.on(meant))
            .inner_join(office_index::table.on(office_index::id.eq(MEANT.field(office_ancestors::ancestor_id))))
            .inner_join(MEANT_HEADS.on(MEANT_HEADS.field(records::id).eq(office_index::id)))
            .inner_join(NAMED_HEADS.on(NAMED_HEADS.field(records::id).eq(NAMED.field(record_links::target_id))))
            .filter(NAMED.field(record_links::record_id).eq($record))
            .filter(NAMED.field(record_links::relation).eq($relation))
            .filter(NAMED.field(record_links::role).eq(""))
            .filter($condition);
        match $request
            .caller
            .viewer()
            .limited_by($crate::auth::Guard::VisibleInFilters)
        {
            Some(office) => {
                let sees_meant = visible_as(MEANT_HEADS, office);
                let sees_named = visible_as(NAMED_HEADS, office);
                $query.filter(exists(offices.filter(sees_meant).filter(sees_named)))
            }
            None => $query.filter(exists(offices)),
        }
    }};
}
