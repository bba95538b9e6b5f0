//! The rule of sight as SQL, for lists and the feed. The same rule over one row is [`Standing`](super::Standing); a test
//! holds them against each other.

/// Filters a query over `records` down to what the office `$office` sees. Not for the registry, which sees all; an empty
/// `$office` sees what everyone does.
#[macro_export]
macro_rules! visible_to {
    ($office:expr) => {{
        use $crate::db::schema::records;
        $crate::visible_with!(records::audience, records::owner_office_id, records::id, $office)
    }};
}

/// The same for the columns of a head under another name.
#[macro_export]
macro_rules! visible_with {
    ($audience:expr, $owner:expr, $id:expr, $office:expr) => {{
        use $crate::db::schema::record_links;
        let office: &str = $office;
        $crate::visible_where!(
            $audience,
            $owner,
            office,
            diesel::dsl::exists(
                record_links::table
                    .filter(record_links::record_id.eq($id))
                    // Says nothing new, but PostgreSQL cannot hash it: else it would read all links of all records for
                    // each page, where the few rows that come so far need one look into the primary key each.
                    .filter(record_links::record_id.ge($id))
                    .filter(record_links::gives_sight.eq(true))
                    .filter($crate::is_related!(record_links::target_id, office)),
            )
        )
    }};
}

/// The same for one version of a record, with the columns of its audience and number: who was named by that version, not
/// by today's. The head is in `records`.
#[macro_export]
macro_rules! visible_version {
    ($audience:expr, $version:expr, $office:expr) => {{
        use $crate::db::schema::{records, sight_spans};
        let office: &str = $office;
        $crate::visible_where!(
            $audience,
            records::owner_office_id,
            office,
            diesel::dsl::exists(
                sight_spans::table
                    .filter(sight_spans::record_id.eq(records::id))
                    .filter(sight_spans::first_version.le($version))
                    .filter(sight_spans::last_version.ge($version))
                    .filter($crate::is_related!(sight_spans::office_id, office)),
            )
        )
    }};
}

/// The rule itself, with the condition under which an office is named by a member that gives sight.
#[macro_export]
macro_rules! visible_where {
    ($audience:expr, $owner:expr, $office:ident, $is_named:expr) => {{
        use diesel::dsl::exists;
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
        use $crate::auth::access::Audience;
        use $crate::db::schema::office_ancestors;
        $audience
            .eq(Audience::Everyone)
            .or(exists(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq($owner))
                    .filter(office_ancestors::ancestor_id.eq($office.to_owned())),
            ))
            .or($audience.ne(Audience::Owner).and(exists(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq($office.to_owned()))
                    .filter(office_ancestors::ancestor_id.eq($owner)),
            )))
            .or($audience.eq(Audience::Partners).and($is_named))
    }};
}

/// Is the office in this column one that `$office` acts for, or one that it is a unit of?
#[macro_export]
macro_rules! is_related {
    ($column:expr, $office:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
        use $crate::db::schema::office_ancestors;
        $column
            .eq_any(
                office_ancestors::table
                    .filter(office_ancestors::ancestor_id.eq($office.to_owned()))
                    .select(office_ancestors::office_id),
            )
            .or($column.eq_any(
                office_ancestors::table
                    .filter(office_ancestors::office_id.eq($office.to_owned()))
                    .select(office_ancestors::ancestor_id),
            ))
    }};
}
