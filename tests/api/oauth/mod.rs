//! Access tokens in JWT form: how they are asked for, what they allow, when they end, and what is none.

mod asking;
pub(crate) mod foreign;
mod forged;
mod handed_on;
mod issuer_keys;
pub(crate) mod issuer_process;
mod limits;
mod links;
mod metadata;
mod numbers;
pub(crate) mod rotation;
mod standing;
mod trust;
pub(crate) mod vectors;

use serde_json::Value;

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![
        asking, standing, forged, metadata, rotation, foreign, handed_on, limits, trust, links
    ]
}

/// One of the three parts of a token, as JSON.
#[track_caller]
pub(crate) fn part(token: &str, number: usize) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(number).expect("a part");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}
