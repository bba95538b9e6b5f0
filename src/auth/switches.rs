//! The guards of this service by name, each of which a test can switch off to see that the authorisation matrix turns
//! red without it.
//!
//! Only a build with debug assertions has a switch of each guard; in a release [`is_on`] is the constant `true` and
//! leaves nothing behind. To add a guard: name it here, and ask [`is_on`] in the one place where it decides.

macro_rules! guards {
    ($($variant:ident $meaning:literal;)+) => {
        /// One guard.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Guard {
            $(#[doc = $meaning] $variant,)+
        }

        impl Guard {
            /// All guards.
            pub const ALL: &'static [Guard] = &[$(Guard::$variant,)+];
        }
    };
}

guards! {
    TokenRevocation "A revoked token no longer counts.";
    TokenExpiry "An expired token no longer counts.";
    ClientSuspension "The tokens of a suspended client do not count.";
    LivingOffice "The tokens of a deleted office do not count.";
    RightsOfAccessTokens "An access token counts as long as its client has every right that it names.";
    Epoch "What is remembered of a token counts only until a right is changed.";
    Network "A client may call from its own networks only.";
    Scope "An operation needs its scope.";
    VisibleInLists "Lists, their totals and their pages have the records that the caller sees.";
    VisibleInFilters "A filter looks at those offices in a record that the caller sees.";
    VisibleInReads "A record is found by its id by those who see it.";
    HiddenLikeAbsent "A hidden record is answered like one that never existed.";
    VisibleRevisions "A version is read by those who could see it.";
    VisibleInReferences "A document refers anew only to what its author sees.";
    VisibleReferrers "A refused deletion names the referrers that the caller sees.";
    VisibleDuplicates "A likely duplicate is told to those who see it.";
    VisibleInExpansions "The records that the caller sees are embedded.";
    ReadableInExpansions "The kinds that the caller's scopes let it read are embedded, and told in the feed.";
    VisibleChanges "The feed has the changes that the caller may know of.";
    ContentsOfChanges "A change shows its record to those who see it.";
    Suppression "Small counts are withheld from those who do not own the record.";
    OwnerOfNew "A record is created for an office that the caller acts for.";
    PartyToNamed "What offices do together is recorded by those who act for one of them.";
    OwnerToDelete "A record is deleted by its owner.";
    OwnerToAct "An action of the owner is taken by the owner.";
    ReceiverOfTransfer "A record becomes at once that of an office that its owner acts for; others are asked.";
    VisibleTransfers "An offer of a record is told to the office that gives and the one that is asked.";
    AnswerToOffer "An offer is answered by those who act for the office that is asked.";
    RegistryOnly "What only the registry does is done by the registry.";
    PartOfOthers "Who does not own a record changes its own part.";
    UnitsBelow "An office acts for its units, and no unit for the office above it.";
    OwnIdsOfOffice "An own id means something to the office that gave it.";
    CursorBinding "A cursor goes on with the list that it was made for.";
    IdempotencyOfClient "A kept answer is repeated to the client that got it.";
    ManagedAccounts "A client, and each of its tokens, is there for those who act for its office.";
    ManagedInLists "Lists have the clients and tokens that the caller manages.";
    ManagedInLineage "What a token made is told, and ended, as far as the caller manages it.";
    GrantableScopes "Nobody hands out scopes that they do not hold.";
    GrantableOffices "A client is made for an office that the caller acts for.";
    GrantableNetworks "Nobody gives rights where they may not call from themselves.";
    LifeOfMaker "A token lives no longer than its maker was given.";
    SecretToManage "Clients and tokens are managed with a secret, not with an access token.";
    OfficeOfClient "A client is moved to another office by the registry.";
    OwnToken "A token does not rotate itself.";
    LastAdmin "The last usable administrator stays.";
    NetworkRestriction "Who shuts their own client out of where they call from says that they mean it.";
    ToldTokens "What a token is good for is told to those who act for the office of its client.";
    VisibleAuditRows "The audit log has, for an office, what its clients did and what was done to its records.";
    ContentsOfAuditRows "Of strangers the audit log tells neither token nor address.";
    RegistryOnlyLinks "Subjects of other issuers are linked, and cut, by the registry.";
    GrantableLinks "Nobody links a subject to a client with scopes that they do not hold.";
    LinkedSubject "A subject of another issuer counts while it is linked to a client.";
    IssuerOfSubject "A subject is linked as its own issuer vouches for it, and not as another does.";
    MergedIsOver "A merged record is changed no more.";
    VisibleMerged "What a merged record has become is told to those who see what was merged.";
    VisibleSurvivors "What a merged record has become is told to those who see that.";
    TokenQuota "A token has a quota.";
    AddressFailures "An address from which too many tokens were refused must wait.";
}

/// Does this guard decide?
#[cfg(not(debug_assertions))]
pub const fn is_on(_guard: Guard) -> bool {
    true
}

#[cfg(debug_assertions)]
pub use switched::{is_on, without};

#[cfg(debug_assertions)]
mod switched {
    use super::Guard;
    use std::sync::atomic::{AtomicU64, Ordering};

    static OFF: AtomicU64 = AtomicU64::new(0);

    const fn bit(guard: Guard) -> u64 {
        1 << guard as u64
    }

    /// Does this guard decide?
    pub fn is_on(guard: Guard) -> bool {
        OFF.load(Ordering::Relaxed) & bit(guard) == 0
    }

    /// Runs something without this guard, in this whole process.
    pub fn without<T>(guard: Guard, work: impl FnOnce() -> T) -> T {
        OFF.fetch_or(bit(guard), Ordering::SeqCst);
        let result = work();
        OFF.fetch_and(!bit(guard), Ordering::SeqCst);
        result
    }
}
