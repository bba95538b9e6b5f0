//! One pair of keys: made, sealed, opened, and used to sign.

use crate::auth::sealing::MasterKey;
use crate::error::{Error, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};

/// Half of the order of P-256 (SEC 2, §2.4.2): `s` of a signature is at most this.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d,
    0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
];
/// The order itself.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// A pair just made, ready to be stored.
pub(super) struct NewPair {
    /// Its thumbprint.
    pub(super) kid: String,
    /// The public part, as it is published.
    pub(super) public_jwk: String,
    /// The private part, sealed.
    pub(super) sealed_private: String,
}

/// Makes a pair.
pub(super) fn make_pair(master: &MasterKey) -> Result<NewPair> {
    let broken = |what: &str| Error::internal(format!("a signing key could not be {what}"));
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| broken("made"))?;
    let key = EncodingKey::from_ec_der(document.as_ref());
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(Error::internal)?;
    let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?;
    jwk.common.key_id = Some(kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(NewPair {
        public_jwk: serde_json::to_string(&jwk).map_err(Error::internal)?,
        sealed_private: master.seal(document.as_ref(), &identity(&kid))?,
        kid,
    })
}

/// The private part of a stored key, where this process can open it.
pub(super) fn open_private(master: &MasterKey, kid: &str, sealed: &str) -> Option<EncodingKey> {
    let document = master.open(sealed, &identity(kid))?;
    let key = EncodingKey::from_ec_der(&document);
    // A row whose two parts are not of one pair would sign what nobody can verify.
    let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).ok()?;
    (jwk.thumbprint(ThumbprintHash::SHA256).ok()? == kid).then_some(key)
}

fn identity(kid: &str) -> String {
    format!("signing_keys:{kid}")
}

/// Signs `header.claims`; the whole token. Of the two signatures that ECDSA allows for one message the one with the
/// lower `s` is given, and only that is accepted (see [`has_low_s`]), so nobody can make a second token of a first.
pub(super) fn sign(message: &str, key: &EncodingKey) -> Result<String> {
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, Algorithm::ES256).map_err(Error::internal)?;
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).map_err(Error::internal)?;
    if let Some(s) = bytes.get_mut(32..64)
        && !is_low(s)
    {
        let lower = order_minus(s);
        s.copy_from_slice(&lower);
    }
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// Is this a signature of two 32-byte numbers (RFC 7518 §3.4), the second of which is the lower one of the two possible?
pub(crate) fn has_low_s(signature: &[u8]) -> bool {
    signature.len() == 64 && signature.get(32..).is_some_and(is_low)
}

/// Both are big-endian numbers of 32 bytes, so their bytes compare as they do.
fn is_low(s: &[u8]) -> bool {
    s <= HALF_ORDER.as_slice()
}

fn order_minus(s: &[u8]) -> [u8; 32] {
    let mut result = [0_u8; 32];
    let mut borrow = 0_i16;
    for ((digit, order), s) in result.iter_mut().zip(ORDER).zip(s).rev() {
        let difference = i16::from(order) - i16::from(*s) - borrow;
        borrow = i16::from(difference < 0);
        *digit = u8::try_from(difference + 256 * borrow).unwrap_or(0);
    }
    result
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::auth::sealing::MasterKeySource;
    use crate::db::DatabaseUrl;
    use jsonwebtoken::DecodingKey;

    fn master() -> MasterKey {
        let source = MasterKeySource::Text(format!("{}=", "A".repeat(43)).into());
        MasterKey::load(&source, &DatabaseUrl::Postgres(String::new()))
            .unwrap()
            .unwrap()
    }

    #[test]
    fn half_of_the_order_is_half_of_it() {
        let mut doubled = [0_u8; 32];
        let mut carry = 0_u16;
        for (digit, half) in doubled.iter_mut().zip(HALF_ORDER).rev() {
            let sum = u16::from(half) * 2 + carry;
            *digit = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        doubled[31] += 1;
        assert_eq!(doubled, ORDER, "the order is odd");
        assert_eq!(order_minus(&order_minus(&[7; 32])), [7; 32]);
    }

    #[test]
    fn a_made_pair_signs_what_its_public_part_verifies_with_the_lower_s() {
        let master = master();
        let pair = make_pair(&master).unwrap();
        let private = open_private(&master, &pair.kid, &pair.sealed_private).unwrap();
        let public: Jwk = serde_json::from_str(&pair.public_jwk).unwrap();
        let public = DecodingKey::from_jwk(&public).unwrap();
        for number in 0..40 {
            let message = format!("a.{number}");
            let token = sign(&message, &private).unwrap();
            let signature = token.rsplit('.').next().unwrap();
            assert!(has_low_s(&URL_SAFE_NO_PAD.decode(signature).unwrap()));
            let holds = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &public, Algorithm::ES256);
            assert!(holds.unwrap(), "{number}");
        }
    }

    #[test]
    fn a_private_part_opens_only_in_its_own_row() {
        let master = master();
        let (one, other) = (make_pair(&master).unwrap(), make_pair(&master).unwrap());
        assert_ne!(one.kid, other.kid);
        assert!(open_private(&master, &one.kid, &other.sealed_private).is_none());
        assert!(!one.public_jwk.contains("\"d\""), "{}", one.public_jwk);
    }
}
