//! The audit log: what is written into it, and how.
//!
//! - [`chain`]: the hash-chained log · [`pending`]: events that wait to be written · [`recorder`]: where they wait
//! - [`refusals`], [`usage`]: refused requests and uses of tokens, folded into one event per minute or hour
//! - [`maintenance`]: the thread that writes them

pub mod chain;
pub mod maintenance;
pub mod pending;
pub mod recorder;
pub mod refusals;
pub mod usage;

pub use chain::Actor;
