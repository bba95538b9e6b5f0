//! What a caller may do, over plain facts: each function is one rule, named by its [`Guard`].
//!
//! The caller of these functions finds the facts and makes the error; the decision is made here.

use super::audience::Audience;
use super::standing::{Standing, Viewer};
use crate::auth::scope::{Scope, ScopeSet};
use crate::auth::switches::{Guard, is_on};

/// A rule that holds, or whose guard is switched off in a test.
fn holds(guard: Guard, fact: bool) -> bool {
    fact || !is_on(guard)
}

// Records.

/// How a unit stands to what an office above it owns: it does not act for that office.
pub(super) fn standing_of_unit() -> Standing {
    if is_on(Guard::UnitsBelow) {
        Standing::UnitOfOwner
    } else {
        Standing::Owner
    }
}

/// May a caller of this standing read a record with this audience by its id?
pub fn may_read(standing: Standing, audience: Audience) -> bool {
    holds(Guard::VisibleInReads, standing.sees(audience))
}

/// May a record be created for an owner that the caller does or does not act for?
pub fn may_create(acts_for_owner: bool) -> bool {
    holds(Guard::OwnerOfNew, acts_for_owner)
}

/// May an office be named as one that a record is about, by a caller who does or does not act for one of all those named?
pub fn may_name(acts_for_one: bool) -> bool {
    holds(Guard::PartyToNamed, acts_for_one)
}

/// May a caller of this standing delete the record?
pub fn may_delete(standing: Standing) -> bool {
    holds(Guard::OwnerToDelete, standing == Standing::Owner)
}

/// May a caller of this standing take an action of the owner?
pub fn may_act_as_owner(standing: Standing) -> bool {
    holds(Guard::OwnerToAct, standing == Standing::Owner)
}

/// Does a record become that of an office which the caller does or does not act for, without asking it?
pub fn may_give(acts_for_receiver: bool) -> bool {
    holds(Guard::ReceiverOfTransfer, acts_for_receiver)
}

/// May an offer be answered by a caller who does or does not act for the office that is asked?
pub fn may_answer(acts_for_receiver: bool) -> bool {
    holds(Guard::AnswerToOffer, acts_for_receiver)
}

/// True if a caller who does not own the record may make a change with this many places outside of its part.
pub fn may_change(places_outside: usize) -> bool {
    holds(Guard::PartOfOthers, places_outside == 0)
}

/// May the viewer take an action that is the registry's?
pub fn may_act_for_registry(viewer: Viewer<'_>) -> bool {
    holds(Guard::RegistryOnly, viewer.is_registry())
}

/// Are small counts suppressed from a caller of this standing?
pub fn is_suppressed(standing: Standing) -> bool {
    !holds(Guard::Suppression, standing == Standing::Owner)
}

/// May a caller with these scopes read records of a kind that needs this one?
pub fn may_read_kind(granted: ScopeSet, needed: Option<Scope>) -> bool {
    holds(
        Guard::ReadableInExpansions,
        needed.is_none_or(|scope| granted.contains(scope)),
    )
}

/// Is a merged record changed no more?
pub fn is_merged_over() -> bool {
    is_on(Guard::MergedIsOver)
}

/// Is a hidden record answered like one that never existed?
pub fn hides_like_absent() -> bool {
    is_on(Guard::HiddenLikeAbsent)
}

/// Does an own id mean something only to the office that gave it?
pub fn is_own_id_of_office() -> bool {
    is_on(Guard::OwnIdsOfOffice)
}

/// True if a cursor is accepted; `is_bound` says whether it was made for this list.
pub fn may_continue(is_same_list: bool) -> bool {
    holds(Guard::CursorBinding, is_same_list)
}

/// Is a stored answer replayed only to the client that got it?
pub fn is_replay_of_client() -> bool {
    is_on(Guard::IdempotencyOfClient)
}

// Clients, tokens, links, the audit log.

/// True if a client or token is visible to a caller who does or does not manage its office.
pub fn may_find_account(manages: bool) -> bool {
    holds(Guard::ManagedAccounts, manages)
}

/// True if what a token created is listed to a caller who does or does not manage it.
pub fn may_find_created(manages: bool) -> bool {
    holds(Guard::ManagedInLineage, manages)
}

/// True if a token is described to a caller who does or does not act for the office of its client.
pub fn may_know_token(acts_for_office: bool) -> bool {
    holds(Guard::ToldTokens, acts_for_office)
}

/// May a caller hand out scopes of which it lacks so many?
pub fn may_grant(lacking: usize) -> bool {
    holds(Guard::GrantableScopes, lacking == 0)
}

/// May a caller make a client for an office that it does or does not manage?
pub fn may_grant_office(manages: bool) -> bool {
    holds(Guard::GrantableOffices, manages)
}

/// May a caller give out rights in networks of which so many lie outside of its own?
pub fn may_grant_networks(outside: usize) -> bool {
    holds(Guard::GrantableNetworks, outside == 0)
}

/// May a caller make a token that does or does not live longer than what was shown was given?
pub fn may_live(outgrows_maker: bool) -> bool {
    holds(Guard::LifeOfMaker, !outgrows_maker)
}

/// May a caller who shows an access token, or the secret itself, make, change and end clients and tokens?
pub fn may_manage_accounts(shows_access_token: bool) -> bool {
    holds(Guard::SecretToManage, !shows_access_token)
}

/// May the viewer leave a client's office as it is, or change it?
pub fn may_move_client(viewer: Viewer<'_>, is_same_office: bool) -> bool {
    holds(Guard::OfficeOfClient, is_same_office || viewer.is_registry())
}

/// May a token be rotated by itself, or by another?
pub fn may_rotate(is_own: bool) -> bool {
    holds(Guard::OwnToken, !is_own)
}

/// May a change be made that does or does not take the last usable administrator away?
pub fn may_end_administrator(takes_last: bool) -> bool {
    holds(Guard::LastAdmin, !takes_last)
}

/// May a caller's own client be bound to networks that do or do not contain the caller?
pub fn may_fence(contains_caller: bool) -> bool {
    holds(Guard::NetworkRestriction, contains_caller)
}

/// May the viewer link subjects of other issuers?
pub fn may_link(viewer: Viewer<'_>) -> bool {
    holds(Guard::RegistryOnlyLinks, viewer.is_registry())
}

/// May a caller link a subject to a client with scopes of which the caller lacks so many?
pub fn may_grant_link(lacking: usize) -> bool {
    holds(Guard::GrantableLinks, lacking == 0)
}

/// True if token and address of an audit row are shown to a caller who does or does not act for the office of its client.
pub fn may_know_author(acts_for_office: bool) -> bool {
    holds(Guard::ContentsOfAuditRows, acts_for_office)
}
