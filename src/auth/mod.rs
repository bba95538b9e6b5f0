//! Who calls, and what they may do.
//!
//! - [`scope`]: the closed list of rights · [`secret`]: the form of tokens
//! - [`visit`]: what a request shows at the door · [`network`]: from where clients may call
//! - [`authority`]: from a credential to a caller, on every request · [`memory`]: what a process remembers of them
//! - [`guard`]: the only door from a handler to the database · [`authorized`]: what it opens
//! - [`limits`]: how much a token may ask, how often an address may fail · [`presented`]: ending a token by showing it
//! - [`witness`]: what one request showed, and how it ended · [`auditor`]: notes of that for the log
//! - [`refusals`], [`usage`]: how both are folded · [`housekeeper`]: the thread that writes them
//! - [`switches`]: every guard by name, to be switched off in tests
//! - [`access`]: which rows a caller may see and write
//! - [`access_token`]: the short view of a secret (JWT) · [`keys`]: what signs it · [`sealing`]: secrets at rest
//! - [`issuers`]: tokens of others, from subjects that are linked to a client
//! - [`audit`]: the hash-chained log · [`accounts`]: clients and tokens · [`manage`]: both from the host, the first
//!   administrator

pub mod access;
pub mod access_token;
pub mod accounts;
pub mod audit;
pub mod auditor;
pub mod authority;
pub mod authorized;
pub mod guard;
pub mod housekeeper;
pub mod issuers;
pub mod keys;
pub mod limits;
pub mod manage;
pub mod memory;
pub mod network;
pub mod presented;
pub mod refusals;
pub mod scope;
pub mod sealing;
pub mod secret;
pub mod switches;
pub mod usage;
pub mod visit;
pub mod witness;

pub use audit::Actor;
pub use authority::Caller;
pub use authorized::{Authorized, Reading, Recorded, Writing};
pub use guard::Door;
pub use scope::{Scope, ScopeMarker};
pub use switches::Guard;
pub use visit::{Admission, Credential, Visit};
pub use witness::Witness;
