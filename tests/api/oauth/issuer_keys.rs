//! By what an issuer is known: keys that sign, and a certificate of a throw-away authority.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

/// Makes an authority, and a certificate by it for this name or address: the authority's own certificate (PEM), and how
/// a server proves that it is the one of that name.
pub(super) fn certify(name: &str) -> (String, Arc<ServerConfig>) {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "A private authority");
    let published = authority.self_signed(&authority_key).expect("a certificate").pem();
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new([name.to_owned()])
        .and_then(|server| server.signed_by(&key, &Issuer::new(authority, authority_key)))
        .expect("a certificate");
    let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a private key");
    let server = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .expect("a server");
    (published, Arc::new(server))
}

/// A new key for each algorithm, under its name.
pub(super) fn make_keys() -> BTreeMap<&'static str, EncodingKey> {
    let random = SystemRandom::new();
    let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let ed = Ed25519KeyPair::generate_pkcs8v1(&random).expect("a key");
    BTreeMap::from([
        ("ES256", EncodingKey::from_ec_der(ec.as_ref())),
        ("EdDSA", EncodingKey::from_ed_der(ed.as_ref())),
        ("RS256", make_rsa_key()),
        ("PS256", make_rsa_key()),
    ])
}

fn make_rsa_key() -> EncodingKey {
    let key: Pkcs8V1Der<'_> = rsa::KeyPair::generate(KeySize::Rsa2048)
        .expect("a key")
        .as_der()
        .expect("DER");
    // The RSA key stands within the PKCS #8 document, behind its algorithm.
    EncodingKey::from_rsa_der(&key.as_ref()[26..])
}

/// The algorithm of this name.
pub(super) fn algorithm(name: &str) -> Algorithm {
    match name {
        "EdDSA" => Algorithm::EdDSA,
        "RS256" => Algorithm::RS256,
        "PS256" => Algorithm::PS256,
        _ => Algorithm::ES256,
    }
}
