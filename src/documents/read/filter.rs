//! Filters whose values are ids: the caller's own `ext:` references become the registry's ids.

use crate::auth::Reading;
use crate::documents::office_aliases::ids_seen;
use crate::documents::read::address::{find_external, kind_of_prefix};
use crate::error::{Code, Error, Result};
use crate::list::filter::COMMON_FILTERS;
use crate::list::{FilterForm, Filters, ListRequest, ListSpec};
use crate::texts;
use crate::values::id::ExternalReference;
use crate::values::{Finding, FindingCode};

/// The filters of a list with every id of each office that the caller may know of, and every `ext:` reference resolved.
/// An unknown one is an error, so that a misspelt key never looks like an empty result.
pub fn resolve_filters(reading: &mut Reading<'_>, list: &ListRequest, spec: &ListSpec) -> Result<Filters> {
    let mut filters = list.filters.clone();
    for filter in COMMON_FILTERS.iter().chain(spec.filters) {
        let FilterForm::Ids(prefix) = filter.form else {
            continue;
        };
        for set in filters.0.get_mut(filter.name).into_iter().flatten() {
            for value in set.iter_mut() {
                let Some(external) = ExternalReference::parse(value) else {
                    continue;
                };
                let kind = kind_of_prefix(prefix);
                *value = find_external(reading.conn, reading.caller, kind, &external)?.ok_or_else(|| {
                    Error::with_findings(
                        Code::InvalidParameter,
                        vec![Finding::parameter(
                            filter.name,
                            FindingCode::UnknownReference,
                            texts::documents::no_own_id(kind, &*value),
                        )],
                    )
                })?;
            }
            // An office that was merged has several ids, and records name it by any of them. What the caller may not
            // know of these finds what names it by the id that was asked for, and nothing else.
            if prefix == "off" {
                *set = ids_seen(reading.conn, reading.caller, set)?;
            }
        }
    }
    Ok(filters)
}
