//! Programs: what is actually done, its sessions, recognitions and commitments.

pub mod document;
pub mod recognition;
pub mod rules;
pub mod session;
mod session_rules;
pub mod withhold;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod withhold_tests;
