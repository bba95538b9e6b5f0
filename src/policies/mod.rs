//! Policies: plans, schemes, strategies and reports, each with its own tree of nodes.

pub mod document;
mod link_rules;
pub mod node;
pub mod rules;
mod tree;

#[cfg(test)]
mod tests;
