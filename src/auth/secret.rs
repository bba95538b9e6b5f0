//! Opaque secrets: `eda_live_`, 43 characters of base62 (256 bits), and 6 of CRC-32 over all before them.
//!
//! The prefix makes a leaked secret recognisable to scanners; the checksum lets a mistyped one be refused without
//! asking the database. Only the SHA-256 is stored: at 256 random bits a slow hash adds nothing.

use crate::error::{Error, Result};
use crate::json::digest::sha256_hex;
use std::fmt;
use zeroize::Zeroizing;

const PREFIX: &str = "eda_live_";
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A secret on its way to its owner. It has no `Debug` output and is wiped from memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A new one.
    pub fn make() -> Result<Self> {
        make_secret().map(|text| Self(Zeroizing::new(text)))
    }

    /// The text itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub fn hash(&self) -> String {
        hash_secret(&self.0)
    }

    /// The end of it, by which people tell secrets apart.
    pub fn last_four(&self) -> String {
        self.0.chars().skip(self.0.len().saturating_sub(4)).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("eda_live_…")
    }
}

/// A new secret. Show it once; keep its [`hash_secret`].
pub fn make_secret() -> Result<String> {
    let mut secret = String::from(PREFIX);
    while secret.len() < PREFIX.len() + RANDOM_LENGTH {
        let mut bytes = [0_u8; 64];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        // 248 = 4 × 62: bytes above it would make some characters likelier than others.
        let characters = bytes
            .iter()
            .filter(|byte| **byte < 248)
            .filter_map(|byte| BASE62.get(usize::from(byte % 62)))
            .map(|character| char::from(*character));
        secret.extend(characters.take(PREFIX.len() + RANDOM_LENGTH - secret.len()));
    }
    let checksum = checksum(&secret);
    secret.push_str(&checksum);
    Ok(secret)
}

/// Has this text the form and the checksum of a secret?
pub fn is_well_formed(secret: &str) -> bool {
    if secret.len() != PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH || !secret.is_ascii() {
        return false;
    }
    let (body, sum) = secret.split_at(PREFIX.len() + RANDOM_LENGTH);
    body.starts_with(PREFIX)
        && body.bytes().skip(PREFIX.len()).all(|byte| BASE62.contains(&byte))
        && checksum(body) == sum
}

/// What is stored of a secret: SHA-256, lower-case hex.
pub fn hash_secret(secret: &str) -> String {
    sha256_hex(secret.as_bytes())
}

fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut characters = ['0'; CHECKSUM_LENGTH];
    for place in characters.iter_mut().rev() {
        let digit = usize::try_from(rest % 62).unwrap_or(0);
        *place = BASE62.get(digit).map_or('0', |byte| char::from(*byte));
        rest /= 62;
    }
    characters.iter().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn made_secrets_are_well_formed_and_differ() {
        let one = make_secret().unwrap();
        assert!(is_well_formed(&one), "{one}");
        assert_ne!(one, make_secret().unwrap());
        assert_eq!(hash_secret(&one).len(), 64);
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::make().unwrap();
        assert!(!format!("{secret:?}").contains(&secret.last_four()), "{secret:?}");
        assert!(secret.reveal().ends_with(&secret.last_four()));
        assert_eq!(secret.hash(), hash_secret(secret.reveal()));
    }

    #[test]
    fn every_mistyped_character_is_noticed() {
        let secret = make_secret().unwrap();
        for place in 0..secret.len() {
            let mut wrong: Vec<char> = secret.chars().collect();
            let typed = if wrong.get(place) == Some(&'x') { 'y' } else { 'x' };
            wrong.splice(place..=place, [typed]);
            assert!(!is_well_formed(&wrong.iter().collect::<String>()), "at {place}");
        }
        assert!(!is_well_formed(""));
        assert!(!is_well_formed("eda_live_"));
        assert!(!is_well_formed(&"é".repeat(29)));
    }
}
