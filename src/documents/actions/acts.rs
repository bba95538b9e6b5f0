//! The actions of a kind.

use crate::auth::{Scope, ScopeMarker, ScopeSet};
use crate::documents::actions::action::Action;
use crate::documents::actions::redact::Redact;
use crate::documents::actions::transfer::Transfer;
use crate::documents::kind::Kind;
use crate::http::Endpoint;
use std::marker::PhantomData;

/// What can be done with a kind beside reading and writing its documents.
pub trait Acts: Kind {
    /// The actions of all kinds.
    const SHARED: &'static [Action<Self>] = &[Action::of::<Transfer>(), Action::of::<Redact>()];
    /// The actions of this kind beside those.
    const ACTIONS: &'static [Action<Self>] = &[];

    /// Operations of the kind beside those that all kinds have: reads that are derived from its records.
    fn operations() -> Vec<Endpoint> {
        Vec::new()
    }

    /// All actions of the kind.
    fn actions() -> impl Iterator<Item = &'static Action<Self>> {
        Self::SHARED.iter().chain(Self::ACTIONS)
    }
}

/// A token that may perform some action of the kind `K`; the action that the body names asks for its own scope.
#[derive(Debug)]
pub struct Performing<K>(PhantomData<K>);

impl<K: Acts> ScopeMarker for Performing<K> {
    const SCOPE: Option<Scope> = None;

    fn any_of() -> ScopeSet {
        K::actions().filter_map(|action| action.scope).collect()
    }
}
