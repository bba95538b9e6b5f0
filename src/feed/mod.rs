//! The change feed: every change in the order in which it was committed, as far as the caller may see it.

pub mod changes;
