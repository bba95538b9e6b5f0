//! `within`: an office and its units, as far as the caller sees the way to them.
//!
//! A public unit may stand below an office that is hidden, and a hidden one below a public one. The tree knows of all
//! of them, a stranger must not learn of it what no document tells. So the office that is named must be seen, and a unit
//! counts where its whole way up is seen: each living office on it, and each id by which one of them says what it is
//! under (a tombstone's where that one was merged). Following `parent` step by step finds the same.

use crate::auth::Guard;
use crate::auth::access::sql::visible_as;
use crate::db::Condition;
use crate::db::schema::{office_ancestors, office_index, records};
use crate::list::FilterValues;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

diesel::alias! {
    // From an office that the list is about to keep to the one that is named.
    pub(crate) const WAYS: Alias<Ways> = office_ancestors as ways;
    // The head of the one that is named.
    pub(crate) const TOPS: Alias<Tops> = records as tops;
    // From the office at the bottom to each on the way, both ends among them.
    pub(crate) const STEPS: Alias<Steps> = office_ancestors as steps;
    // From that one on to the one that is named.
    pub(crate) const RESTS: Alias<Rests> = office_ancestors as rests;
    // The heads of the offices on the way.
    pub(crate) const STEP_HEADS: Alias<StepHeads> = records as step_heads;
    // What they say of themselves.
    pub(crate) const PLACES: Alias<Places> = office_index as places;
    // The heads that they say they are under.
    pub(crate) const PARENT_HEADS: Alias<ParentHeads> = records as parent_heads;
}

/// The office is one of these, or below one of these.
pub(super) fn is_within(asked: &FilterValues<'_>) -> Vec<Condition> {
    // The tree alone says which few they can be; the ways of these are looked at then.
    let below = office_ancestors::table
        .filter(asked.is_any(office_ancestors::ancestor_id))
        .select(office_ancestors::office_id);
    let is_below = Condition::of(office_index::id.eq_any(below));
    let Some(office) = asked.context.viewer.limited_by(Guard::VisibleInFilters) else {
        return vec![is_below];
    };
    // A step of the way, and the rest of it. Joined first, then bound to the way, which stands outside.
    let rest = || {
        RESTS
            .field(office_ancestors::office_id)
            .eq(STEPS.field(office_ancestors::ancestor_id))
    };
    let begins = || {
        STEPS
            .field(office_ancestors::office_id)
            .eq(WAYS.field(office_ancestors::office_id))
    };
    let ends = || {
        RESTS
            .field(office_ancestors::ancestor_id)
            .eq(WAYS.field(office_ancestors::ancestor_id))
    };
    let step_head = STEP_HEADS
        .field(records::id)
        .eq(STEPS.field(office_ancestors::ancestor_id));
    let hidden_steps = STEPS
        .inner_join(RESTS.on(rest()))
        .inner_join(STEP_HEADS.on(step_head))
        .filter(begins())
        .filter(ends())
        .filter(STEP_HEADS.field(records::deleted_at).is_null())
        .filter(not(visible_as(STEP_HEADS, office)));
    let place = PLACES
        .field(office_index::id)
        .eq(STEPS.field(office_ancestors::ancestor_id));
    let parent = PLACES
        .field(office_index::parent_id)
        .eq(PARENT_HEADS.field(records::id).nullable());
    let hidden_parents = STEPS
        .inner_join(RESTS.on(rest()))
        .inner_join(PLACES.on(place))
        .inner_join(PARENT_HEADS.on(parent))
        .filter(begins())
        .filter(ends())
        .filter(RESTS.field(office_ancestors::depth).gt(0))
        .filter(not(visible_as(PARENT_HEADS, office)));
    let top = TOPS.field(records::id).eq(WAYS.field(office_ancestors::ancestor_id));
    let ways = WAYS
        .inner_join(TOPS.on(top))
        .filter(WAYS.field(office_ancestors::office_id).eq(office_index::id))
        .filter(asked.is_any(WAYS.field(office_ancestors::ancestor_id)))
        .filter(visible_as(TOPS, office))
        .filter(not(exists(hidden_steps)))
        .filter(not(exists(hidden_parents)));
    vec![is_below, Condition::of(exists(ways))]
}
