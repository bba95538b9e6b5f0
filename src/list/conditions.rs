//! The conditions that filters are made of. Each looks at columns of the list's own table, or at the links, codes, tags
//! or texts of a record.

use crate::db::schema::{record_codes, record_links, record_tags, records, search_text};
use crate::db::{Condition, Sql, TextSql};
use crate::list::columns::Span;
use crate::list::filter::FilterValues;
use diesel::sql_types::Text;
use diesel::{BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, QueryDsl, TextExpressionMethods};
use std::collections::BTreeSet;

impl FilterValues<'_> {
    /// The column is any of the values.
    pub fn is_any(&self, column: impl Sql<Text>) -> Condition {
        Condition::of(TextSql::of(column).eq_any(self.values.to_vec()))
    }

    /// The column is the one value.
    pub fn equals(&self, column: impl Sql<Text>) -> Condition {
        Condition::of(TextSql::of(column).eq(self.value()))
    }

    /// The column has a value, or has none.
    pub fn is_missing(&self, column: impl Sql<Text>) -> Vec<Condition> {
        let column = TextSql::of(column);
        vec![if self.flag() {
            Condition::of(column.is_null())
        } else {
            Condition::of(column.is_not_null())
        }]
    }

    /// The record holds any of these codes under the name of the filter.
    pub fn in_codes(&self) -> Vec<Condition> {
        vec![has_code(records::id, self.name, self.is_any(record_codes::code))]
    }

    /// The date lies on or after the day: its first day where certainty is asked for, else its last.
    pub(super) fn on_or_after(&self, first: impl Sql<Text>, last: impl Sql<Text>) -> Vec<Condition> {
        let column = if self.context.certain_dates {
            TextSql::of(first)
        } else {
            TextSql::of(last)
        };
        vec![Condition::of(column.ge(self.value()))]
    }

    /// The date lies on or before the day: its last day where certainty is asked for, else its first.
    pub(super) fn on_or_before(&self, first: impl Sql<Text>, last: impl Sql<Text>) -> Vec<Condition> {
        let column = if self.context.certain_dates {
            TextSql::of(last)
        } else {
            TextSql::of(first)
        };
        vec![Condition::of(column.le(self.value()))]
    }

    /// The period shares a day with the span. `open` says whether it has no end; the others are the first and the last
    /// day that its ends can mean. "Possibly": an end that is not stated, or not precise, excludes nothing that it might
    /// reach. Where certainty is asked for, both must be stated.
    pub fn shares_a_day(
        &self,
        span: &Span,
        open: impl Sql<Text>,
        (from_first, from_last): (impl Sql<Text>, impl Sql<Text>),
        (to_first, to_last): (impl Sql<Text>, impl Sql<Text>),
    ) -> Vec<Condition> {
        let (from_first, to_last) = (TextSql::of(from_first), TextSql::of(to_last));
        let is_certain = self.context.certain_dates;
        let begins = span.to.clone().map(|to| match is_certain {
            true => Condition::of(TextSql::of(from_last).le(to)),
            false => Condition::of(from_first.clone().is_null().or(from_first.le(to))),
        });
        let ends = span.from.clone().map(|from| match is_certain {
            true => Condition::of(TextSql::of(open).eq("true").or(TextSql::of(to_first).ge(from))),
            false => Condition::of(to_last.clone().is_null().or(to_last.ge(from))),
        });
        begins.into_iter().chain(ends).collect()
    }

    /// The record refers to any of the records by one of these members.
    pub fn links(&self, relations: &'static [&'static str]) -> Vec<Condition> {
        vec![has_link(relations, [self.is_any(record_links::target_id)])]
    }

    /// The same in the roles that another filter names; without these, in whatever role.
    pub fn links_in_role(&self, relations: &'static [&'static str], role_filter: &str) -> Vec<Condition> {
        let mut roles: Vec<Vec<String>> = self.context.filters.all(role_filter).cloned().collect();
        if roles.is_empty() {
            // The row that every reference has, whatever its roles.
            roles.push(vec![String::new()]);
        }
        roles
            .into_iter()
            .map(|roles| {
                let in_role = Condition::of(record_links::role.eq_any(roles));
                has_link(relations, [self.is_any(record_links::target_id), in_role])
            })
            .collect()
    }

    /// The record refers to something in any of these roles; nothing beside the filter for targets, which
    /// [`links_in_role`](Self::links_in_role) answers together with this one.
    pub fn roles_of_links(&self, relations: &'static [&'static str], target_filter: &str) -> Vec<Condition> {
        if self.context.filters.has_any(&[target_filter]) {
            return Vec::new();
        }
        vec![has_link(relations, [self.is_any(record_links::role)])]
    }

    /// The record has any of the tags.
    pub(super) fn in_tags(&self) -> Vec<Condition> {
        let tagged = record_tags::table
            .filter(self.is_any(record_tags::tag))
            .select(record_tags::record_id);
        vec![Condition::of(records::id.eq_any(tagged))]
    }

    /// All words occur in the texts of the record.
    pub(super) fn in_texts(&self) -> Vec<Condition> {
        let has_word = |pattern| Condition::of(search_text::folded.like(pattern).escape('\\'));
        let all = like_patterns(&self.value())
            .into_iter()
            .map(has_word)
            .reduce(|all, next| Condition::of(all.and(next)));
        // A part of a word can stand anywhere, so all texts are read: by themselves, and once for all words. Asked record
        // by record, SQLite reads all documents beside them.
        let with_words = |condition| {
            let found = search_text::table.filter(condition).select(search_text::record_id);
            Condition::of(records::id.eq_any(found))
        };
        all.map(with_words).into_iter().collect()
    }
}

/// The record holds a code under this name for which the condition holds. `id` is a column with the record's id.
pub fn has_code(id: impl Sql<Text>, name: &'static str, condition: Condition) -> Condition {
    let holding = record_codes::table
        .filter(record_codes::name.eq(name))
        .filter(condition)
        .select(record_codes::record_id);
    Condition::of(TextSql::of(id).eq_any(holding))
}

/// A record refers to something, by one of these members, in a way for which the conditions hold.
fn has_link<const N: usize>(relations: &'static [&'static str], conditions: [Condition; N]) -> Condition {
    let is_relation = Condition::of(record_links::relation.eq_any(relations.iter().copied()));
    let holds = conditions
        .into_iter()
        .fold(is_relation, |all, condition| Condition::of(all.and(condition)));
    let linked = record_links::table.filter(holds).select(record_links::record_id);
    Condition::of(records::id.eq_any(linked))
}

/// The words of a search, each once, folded as the searched text is.
pub fn distinct_words(words: &str) -> BTreeSet<String> {
    let folded = crate::values::text::fold(words);
    folded
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `LIKE` patterns for the words of a search, folded as the searched text is; `%`, `_` and `\` stand for themselves.
fn like_patterns(words: &str) -> Vec<String> {
    distinct_words(words)
        .into_iter()
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
        assert_eq!(like_patterns("  서울  교육 서울"), ["%교육%", "%서울%"]);
        assert_eq!(like_patterns("100%_\\"), ["%100\\%\\_\\\\%"]);
        assert_eq!(like_patterns("ÉCOLE"), ["%école%"]);
        assert!(like_patterns(" ").is_empty());
    }
}
