//! What the list of offers can be asked for, and its query.

use crate::auth::access::Viewer;
use crate::auth::{Caller, Guard, Reading};
use crate::clock;
use crate::db::schema::{office_ancestors, transfers};
use crate::db::{Condition, TextSql};
use crate::documents::contract::Contracts;
use crate::documents::offers::{Offer, OfferState};
use crate::documents::read::address::find_external;
use crate::error::Result;
use crate::http::query::invalid_parameter;
use crate::list::filter::{Column, FilterContext, OwnForm};
use crate::list::select::{keep, select_rows};
use crate::list::{FilterForm, FilterSpec, FilterValues, Filters, ListRequest, ListSpec, SortSpec};
use crate::texts;
use crate::values::id::{ExternalReference, is_id};
use crate::values::{Finding, FindingCode};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, SelectableHelper};
use serde_json::json;

/// The caller's own office and its units, as a value of a filter.
const ME: &str = "me";
const TO: &str = "to";
const FROM: &str = "from";

static OFFICE_OR_ME: OwnForm = OwnForm {
    schema: || json!({"type": "string"}),
    read: |name, value| {
        if value == ME || is_id("off", value) || ExternalReference::parse(value).is_some() {
            return Ok(value.to_owned());
        }
        let detail = texts::requests::not_an_id_or_own(value, "off");
        Err(Box::new(Finding::parameter(name, FindingCode::InvalidId, detail)))
    },
};

/// Filters and sorts.
pub static TRANSFERS: ListSpec = ListSpec {
    filters: &[
        FilterSpec::new(TO, FilterForm::Own(&OFFICE_OR_ME), |asked| {
            vec![is_office(asked, transfers::to_office_id)]
        })
        .describe("Offers to this office; `me` is your office and its units."),
        FilterSpec::new(FROM, FilterForm::Own(&OFFICE_OR_ME), |asked| {
            vec![is_office(asked, transfers::from_office_id)]
        })
        .describe("Offers by this office; `me` is your office and its units."),
        FilterSpec::column(
            "kind",
            FilterForm::OneOf(&["office", "policy", "mou", "program"]),
            transfers::kind,
        )
        .describe("Offers of records of this kind."),
        FilterSpec::new("state", FilterForm::OneOf(OfferState::WORDS), |asked| {
            let others = OfferState::ALL
                .iter()
                .filter(|state| !asked.values.iter().any(|word| word == state.as_str()));
            others.map(|state| has_not(asked, *state)).collect()
        })
        .describe("Offers in this state."),
    ],
    sorts: &[SortSpec::new("created_at", transfers::created_at).newest_first()],
    expands: &[],
};

/// Is the office in this column the one that is asked for, under whichever of its ids?
fn is_office<C: Column>(asked: &FilterValues<'_>, column: C) -> Condition {
    let value = asked.value();
    let all_ids = office_ancestors::table.select(office_ancestors::office_id);
    match asked.context.viewer {
        Viewer::Office(office) if value == ME => Condition::of(
            TextSql::of(column).eq_any(all_ids.filter(office_ancestors::ancestor_id.eq(office.to_owned()))),
        ),
        _ => {
            let same = all_ids
                .filter(office_ancestors::ancestor_id.eq(value))
                .filter(office_ancestors::depth.eq(0));
            Condition::of(TextSql::of(column).eq_any(same))
        }
    }
}

/// The offer is in another state than this; the same rule as [`Offer::state_at`].
fn has_not(asked: &FilterValues<'_>, state: OfferState) -> Condition {
    let now = clock::format_instant(asked.context.now);
    let is_stored = transfers::state.ne(OfferState::Pending.as_str());
    match state {
        OfferState::Pending => Condition::of(is_stored.or(transfers::until.le(now))),
        OfferState::Expired => Condition::of(is_stored.or(transfers::until.gt(now))),
        stored => Condition::of(transfers::state.ne(stored.as_str())),
    }
}

/// The request with offices by their ids. `me` needs an office.
pub fn resolve_offices(reading: &mut Reading<'_>, list: &ListRequest) -> Result<Filters> {
    let mut filters = list.filters.clone();
    for name in [TO, FROM] {
        let Some(value) = filters.one(name) else {
            continue;
        };
        if value == ME && reading.caller.office_id.is_none() {
            let detail = texts::requests::registry_has_no_office();
            return Err(invalid_parameter(name, FindingCode::NotApplicable, detail));
        }
        let Some(external) = ExternalReference::parse(value) else {
            continue;
        };
        let id = find_external(reading.conn, reading.caller, "office", &external)?.ok_or_else(|| {
            let detail = texts::requests::no_own_office(&external);
            invalid_parameter(name, FindingCode::UnknownReference, detail)
        })?;
        filters.0.insert(name, vec![vec![id]]);
    }
    Ok(filters)
}

/// A page of what the caller gives and gets, of kinds that its scopes let it read.
pub fn select_offers(
    reading: &mut Reading<'_>,
    contracts: &Contracts,
    list: &ListRequest,
    filters: &Filters,
) -> Result<(Vec<Offer>, Option<i64>)> {
    let context = FilterContext::of(filters, reading.caller, clock::now());
    let limits = || limits(reading.caller, contracts);
    let filtered = || {
        keep(
            transfers::table.into_boxed(),
            limits().into_iter().chain(context.conditions(TRANSFERS.filters)),
        )
    };
    let selection = Offer::as_select();
    select_rows(reading.conn, filtered, selection, (list, &TRANSFERS), transfers::id)
}

fn limits(caller: &Caller, contracts: &Contracts) -> Vec<Condition> {
    let kinds = contracts.readable_names(caller);
    let mut limits = vec![Condition::of(transfers::kind.eq_any(kinds))];
    if let Some(office) = caller.viewer().limited_by(Guard::VisibleTransfers) {
        let own = || {
            office_ancestors::table
                .filter(office_ancestors::ancestor_id.eq(office.to_owned()))
                .select(office_ancestors::office_id)
        };
        let is_between = transfers::to_office_id
            .eq_any(own())
            .or(transfers::from_office_id.eq_any(own()));
        limits.push(Condition::of(is_between));
    }
    limits
}
