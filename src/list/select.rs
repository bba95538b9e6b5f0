//! Selecting a page: the pieces that every slice's query is put together from.
//!
//! They are macros, because a generic function over diesel's query types needs more bounds than it saves lines. Each
//! works on a boxed query that joins an index table with `records`.

/// The query that a slice starts from: its index table with the head of each record, living and visible ones only.
#[macro_export]
macro_rules! start_list {
    ($table:ident, $request:expr) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        use $crate::db::schema::{records, $table};
        let mut query = $table::table
            .inner_join(records::table)
            .filter(records::deleted_at.is_null())
            .into_boxed::<$crate::db::Backend>();
        if let Some(office) = $request.caller.viewer().limited_by($crate::auth::Guard::VisibleInLists) {
            query = query.filter($crate::auth::access::visible_to(office));
        }
        $crate::filter_common!(query, $request.filters)
    }};
}

/// The type of the query that [`start_list`] gives.
#[macro_export]
macro_rules! list_query {
    ($table:ident) => {
        diesel::dsl::IntoBoxed<
            'static,
            diesel::dsl::Filter<
                diesel::dsl::InnerJoin<$crate::db::schema::$table::table, $crate::db::schema::records::table>,
                diesel::dsl::IsNull<$crate::db::schema::records::deleted_at>,
            >,
            $crate::db::Backend,
        >
    };
}

/// The filters that all lists have: `tag`, `owner`, `q`.
#[macro_export]
macro_rules! filter_common {
    ($query:expr, $filters:expr) => {{
        use diesel::{EscapeExpressionMethods, ExpressionMethods, QueryDsl, TextExpressionMethods};
        use $crate::db::schema::{record_tags, records, search_text};
        let mut query = $query;
        for tags in $filters.all("tag") {
            query = query.filter(
                records::id.eq_any(
                    record_tags::table
                        .filter(record_tags::tag.eq_any(tags.clone()))
                        .select(record_tags::record_id),
                ),
            );
        }
        for owners in $filters.all("owner") {
            query = query.filter(records::owner_office_id.eq_any(owners.clone()));
        }
        for pattern in $filters
            .one("q")
            .map($crate::list::select::like_patterns)
            .unwrap_or_default()
        {
            // A part of a word can stand anywhere, so all texts are read: by themselves. Asked record by record, SQLite
            // reads all documents beside them.
            query = query.filter(
                records::id.eq_any(
                    search_text::table
                        .filter(search_text::folded.like(pattern).escape('\\'))
                        .select(search_text::record_id),
                ),
            );
        }
        query
    }};
}

/// Keeps records that hold any of these codes of a list, for every set.
#[macro_export]
macro_rules! filter_codes {
    ($query:expr, $filters:expr, $name:literal) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        use $crate::db::schema::{record_codes, records};
        let mut query = $query;
        for codes in $filters.all($name) {
            query = query.filter(
                records::id.eq_any(
                    record_codes::table
                        .filter(record_codes::name.eq($name))
                        .filter(record_codes::code.eq_any(codes.clone()))
                        .select(record_codes::record_id),
                ),
            );
        }
        query
    }};
}

/// Keeps rows whose column is any of the values of a filter, for every set.
#[macro_export]
macro_rules! filter_column {
    ($query:expr, $filters:expr, $name:literal, $column:expr) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        let mut query = $query;
        for values in $filters.all($name) {
            query = query.filter($column.eq_any(values.clone()));
        }
        query
    }};
}

/// Keeps rows whose date lies after or before a day. A date of low precision is a range of days: `_gte` looks at its
/// last day and `_lte` at its first ("possibly"), or the other way round where certainty is asked for. Rows without the
/// date never match.
#[macro_export]
macro_rules! filter_dates {
    ($query:expr, $request:expr, $from:literal, $to:literal, $first:expr, $last:expr) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        let mut query = $query;
        if let Some(day) = $request.filters.one($from) {
            let day = Some(day.to_owned());
            query = if $request.certain_dates {
                query.filter($first.ge(day))
            } else {
                query.filter($last.ge(day))
            };
        }
        if let Some(day) = $request.filters.one($to) {
            let day = Some(day.to_owned());
            query = if $request.certain_dates {
                query.filter($last.le(day))
            } else {
                query.filter($first.le(day))
            };
        }
        query
    }};
}

/// Keeps rows whose period shares a day with each of the spans asked for. "Possibly": an end of the period that is not
/// stated, or not precise, excludes nothing that it might reach. Where certainty is asked for, both must be stated.
#[macro_export]
macro_rules! filter_period {
    ($query:expr, $request:expr, $spans:expr, $open:expr, $from_first:expr, $from_last:expr, $to_first:expr, $to_last:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl};
        let mut query = $query;
        for span in $spans {
            let $crate::list::columns::Span { from, to } = span;
            if to.is_some() {
                query = if $request.certain_dates {
                    query.filter($from_last.le(to))
                } else {
                    query.filter($from_first.is_null().or($from_first.le(to).assume_not_null()))
                };
            }
            if from.is_some() {
                query = if $request.certain_dates {
                    query.filter($open.eq("true").or($to_first.ge(from).assume_not_null()))
                } else {
                    query.filter($to_last.is_null().or($to_last.ge(from).assume_not_null()))
                };
            }
        }
        query
    }};
}

/// Keeps records that refer to the records named in one parameter, in a role named in another: for every set of targets.
/// Without targets the role alone is enough. `$relations` are the members that hold the references. Without a parameter
/// for roles, any reference counts.
#[macro_export]
macro_rules! filter_links {
    ($query:expr, $filters:expr, $targets:literal, $relations:expr) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        use $crate::db::schema::{record_links, records};
        let mut query = $query;
        for targets in $filters.all($targets) {
            query = query.filter(
                records::id.eq_any(
                    record_links::table
                        .filter(record_links::relation.eq_any($relations))
                        .filter(record_links::target_id.eq_any(targets.clone()))
                        .select(record_links::record_id),
                ),
            );
        }
        query
    }};
    ($query:expr, $filters:expr, $targets:literal, $roles:literal, $relations:expr) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        use $crate::db::schema::{record_links, records};
        let mut query = $query;
        let mut roles: Vec<Vec<String>> = $filters.all($roles).cloned().collect();
        if !$filters.has_any(&[$targets]) {
            for roles in &roles {
                query = query.filter(
                    records::id.eq_any(
                        record_links::table
                            .filter(record_links::relation.eq_any($relations))
                            .filter(record_links::role.eq_any(roles.clone()))
                            .select(record_links::record_id),
                    ),
                );
            }
        }
        if roles.is_empty() {
            // The row that every reference has, whatever its roles.
            roles.push(vec![String::new()]);
        }
        for targets in $filters.all($targets) {
            for roles in &roles {
                query = query.filter(
                    records::id.eq_any(
                        record_links::table
                            .filter(record_links::relation.eq_any($relations))
                            .filter(record_links::target_id.eq_any(targets.clone()))
                            .filter(record_links::role.eq_any(roles.clone()))
                            .select(record_links::record_id),
                    ),
                );
            }
        }
        query
    }};
}

/// Keeps rows whose column, which may be missing, is any of the values of a filter, for every set.
#[macro_export]
macro_rules! filter_nullable_column {
    ($query:expr, $filters:expr, $name:literal, $column:expr) => {{
        use diesel::{ExpressionMethods, QueryDsl};
        let mut query = $query;
        for values in $filters.all($name) {
            let values: Vec<Option<String>> = values.iter().cloned().map(Some).collect();
            query = query.filter($column.eq_any(values));
        }
        query
    }};
}

/// Orders a query by a key and the id, starts it after the cursor, and loads the rows.
#[macro_export]
macro_rules! load_page {
    ($conn:expr, $query:expr, $request:expr, $column:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
        use $crate::db::schema::records;
        let column = $column;
        let mut query = $query
            .select((
                records::id,
                records::version,
                (records::document, records::format),
                records::owner_office_id,
                records::audience,
                column,
            ))
            .limit($request.rows);
        if let Some(position) = $request.position {
            let (key, id) = (position.key.clone(), position.id.clone());
            // One range first, which an index answers from where it begins; the alternative alone reads up to there.
            query = if $request.goes_down() {
                query.filter(column.le(key.clone()).and(column.lt(key).or(records::id.lt(id))))
            } else {
                query.filter(column.ge(key.clone()).and(column.gt(key).or(records::id.gt(id))))
            };
        }
        query = if $request.goes_down() {
            query.order((column.desc(), records::id.desc()))
        } else {
            query.order((column.asc(), records::id.asc()))
        };
        let rows: Vec<(
            String,
            i64,
            $crate::db::StoredDocument,
            String,
            $crate::auth::access::Audience,
            String,
        )> = query.load($conn)?;
        Ok(rows
            .into_iter()
            .map(
                |(id, version, document, owner_office_id, audience, key)| $crate::list::spec::Row {
                    id,
                    version,
                    document,
                    owner_office_id,
                    audience,
                    key,
                },
            )
            .collect())
    }};
}

/// Of something else than records: orders a query by a column and an id, starts it after the cursor, and loads one row
/// more than the page where there is another.
#[macro_export]
macro_rules! load_after {
    ($conn:expr, $query:expr, $list:expr, $column:expr, $id:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
        let mut query = $query.limit($list.limit.saturating_add(1));
        let backwards = $list.position.as_ref().is_some_and(|position| position.backwards);
        let goes_down = $list.sort.descending != backwards;
        if let Some($crate::list::cursor::Position { key, id, .. }) = $list.position.clone() {
            query = if goes_down {
                query.filter($column.le(key.clone()).and($column.lt(key).or($id.lt(id))))
            } else {
                query.filter($column.ge(key.clone()).and($column.gt(key).or($id.gt(id))))
            };
        }
        query = if goes_down {
            query.order(($column.desc(), $id.desc()))
        } else {
            query.order(($column.asc(), $id.asc()))
        };
        query.load($conn)?
    }};
}

/// [`load_page`] by a column of `records`, whose indexes begin with the kind: without it, all kinds would be sorted.
#[macro_export]
macro_rules! load_page_by_head {
    ($conn:expr, $query:expr, $request:expr, $kind:expr, $column:expr) => {{
        $crate::load_page!(
            $conn,
            $query.filter($crate::db::schema::records::kind.eq($kind)),
            $request,
            $column
        )
    }};
}

/// `LIKE` patterns for the words of a search, folded as the searched text is; `%`, `_` and `\` stand for themselves.
pub fn like_patterns(words: &str) -> Vec<String> {
    crate::values::text::fold(words)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{escaped}%")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::like_patterns;

    #[test]
    fn patterns_are_folded_and_escaped() {
        assert_eq!(like_patterns("  서울  교육 "), ["%서울%", "%교육%"]);
        assert_eq!(like_patterns("100%_\\"), ["%100\\%\\_\\\\%"]);
        assert_eq!(like_patterns("ÉCOLE"), ["%école%"]);
        assert!(like_patterns(" ").is_empty());
    }
}
