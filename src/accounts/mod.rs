//! Clients and tokens: making, changing, rotating and ending them, by the same rules over the API and on the host.
//!
//! Who may do what, all checked inside the writing transaction so that stale rights never count:
//! - the registry's own callers manage everything, an office's the clients of the offices that it acts for; all others
//!   do not exist for them;
//! - no caller grants a right that it does not hold: whatever gives out a secret or rights needs that the client's scopes are
//!   among the caller's ([`rights`]), or a weaker admin would take a stronger client's secret;
//! - nor does it give them out where it may not call from: networks are inherited and may only narrow;
//! - what is made lives no longer than what it was made with was given ([`lifetime`](crate::auth::lifetime));
//! - an access token, which is handed on, manages nothing and ends only itself;
//! - revoking and suspending need no more than that the client is seen: an alarm must not wait for the right person;
//! - the last usable administrator stays ([`rights::AdminWatch`]).
//!
//! Whatever changes a right raises the epoch, so that every process obeys at the next request.
//!
//! - [`rows`]: what is stored, found as far as the caller manages it · [`rules`]: what can be asked for, pure
//! - [`clients`], [`tokens`], [`ending`]: the changes · [`created_by_tree`]: what a token made · `moving`: what
//!   an office above made for a unit that left it · [`first_client`]: an office gets the record of it
//! - [`view`]: as they are shown · [`select`]: lists · [`used`]: what a token did, by the hour
//! - [`host`]: clients from the command line, the first administrator · [`revoke_presented`]: RFC 7009
//! - [`identities`]: subjects of external issuers · `http`: the operations

pub mod clients;
pub mod created_by_tree;
pub mod ending;
pub mod first_client;
pub mod host;
mod http;
pub mod identities;
mod moving;
pub mod revoke_presented;
pub mod rights;
pub mod rows;
pub mod rules;
pub mod select;
pub mod tokens;
pub mod used;
pub mod view;

pub use clients::rebind_clients;
pub use http::endpoints;
pub use moving::suspend_after_move;
pub use rows::{ClientRow, TokenRow};

use crate::audit::chain::Actor;
use crate::auth::authorized::{Reading, Recorded, Writing};
use crate::auth::caller::Caller;
use crate::clock;
use crate::db::Database;
use crate::error::Result;

/// Runs a change for somebody at the host's command line, who acts for the registry itself with every scope.
pub fn on_host<T: Send + 'static>(
    database: &Database,
    work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<T>> + Send + 'static,
) -> Result<T> {
    database.write_blocking(move |transaction| {
        let caller = Caller::command_line(transaction.now);
        let actor = Actor::command_line();
        work(&mut Writing {
            transaction,
            caller: &caller,
            actor: &actor,
            request_audit: None,
        })
        .map(Recorded::into_inner)
    })
}

/// Reads for somebody at the host's command line.
pub fn read_on_host<T>(database: &Database, mut work: impl FnMut(&mut Reading<'_>) -> Result<T>) -> Result<T> {
    let caller = Caller::command_line(clock::now());
    database.read_blocking(|conn| {
        work(&mut Reading {
            conn,
            caller: &caller,
            request_audit: None,
        })
    })
}

/// May a change leave the registry without an administrator, or its author outside of the fence?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The author means to lock their own client out of where they are.
    pub confirm_fence: bool,
    /// On the host only: also the last administrator may go.
    pub force: bool,
}
