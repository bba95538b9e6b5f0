//! One pair of keys: made, sealed, opened, and used to sign.

use crate::auth::sealing::MasterKey;
use crate::error::{Error, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};

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
    // A row whose parts do not belong together would make signatures that no verifier accepts.
    let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).ok()?;
    (jwk.thumbprint(ThumbprintHash::SHA256).ok()? == kid).then_some(key)
}

fn identity(kid: &str) -> String {
    format!("signing_keys:{kid}")
}

/// Signs `header.claims`; the whole token.
pub(super) fn sign(message: &str, key: &EncodingKey) -> Result<String> {
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, Algorithm::ES256).map_err(Error::internal)?;
    Ok(format!("{message}.{signature}"))
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
    fn a_made_pair_signs_what_its_public_part_verifies() {
        let master = master();
        let pair = make_pair(&master).unwrap();
        let private = open_private(&master, &pair.kid, &pair.sealed_private).unwrap();
        let public: Jwk = serde_json::from_str(&pair.public_jwk).unwrap();
        let public = DecodingKey::from_jwk(&public).unwrap();
        for number in 0..4 {
            let message = format!("a.{number}");
            let token = sign(&message, &private).unwrap();
            let signature = token.rsplit('.').next().unwrap();
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
