//! Asking an issuer for its keys: OpenID Connect Discovery 1.0 §4, then its JWKS.

use super::config::{IssuerConfig, is_allowed_url};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// Each of the two questions must be answered within this time.
const DEADLINE: Duration = Duration::from_secs(5);
/// The largest answer.
const LARGEST_ANSWER: u64 = 64 * 1024;
/// Where systems keep the certificates that they trust: Debian and Alpine, Fedora, macOS.
const SYSTEM_CERTIFICATES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// The issuer's keys. Waits for the network: not on a worker's thread.
///
/// # Errors
/// A sentence for the log.
pub(super) fn fetch_keys(config: &IssuerConfig) -> Result<JwkSet, String> {
    let agent = make_agent(config)?;
    let url = format!(
        "{}/.well-known/openid-configuration",
        config.issuer.trim_end_matches('/')
    );
    let metadata: Metadata = read(&agent, &url)?;
    if metadata.issuer != config.issuer {
        return Err(format!("{url} is of another issuer"));
    }
    if !is_allowed_url(&metadata.jwks_uri) {
        return Err(format!("{url} names keys at an address that is not allowed"));
    }
    read(&agent, &metadata.jwks_uri)
}

fn read<T: for<'a> Deserialize<'a>>(agent: &ureq::Agent, url: &str) -> Result<T, String> {
    let mut answer = agent.get(url).call().map_err(|error| format!("{url}: {error}"))?;
    if answer.status() != 200 {
        return Err(format!("{url} answers {}", answer.status()));
    }
    let body = answer
        .body_mut()
        .with_config()
        .limit(LARGEST_ANSWER)
        .read_to_vec()
        .map_err(|error| format!("{url}: {error}"))?;
    serde_json::from_slice(&body).map_err(|error| format!("{url}: {error}"))
}

/// No redirect is followed: who is trusted is who was configured.
fn make_agent(config: &IssuerConfig) -> Result<ureq::Agent, String> {
    let mut builder = ureq::Agent::config_builder()
        .timeout_global(Some(DEADLINE))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None);
    if config.issuer.starts_with("https://") {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::from(read_certificates(config.ca_file.as_deref())?))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        builder = builder.https_only(true).tls_config(tls);
    }
    Ok(builder.build().new_agent())
}

/// The certificates in this file, or those that the system trusts. Read at each question, so that an operator may renew
/// them.
pub(super) fn read_certificates(file: Option<&Path>) -> Result<Vec<Certificate<'static>>, String> {
    let system = || SYSTEM_CERTIFICATES.iter().map(Path::new).find(|path| path.exists());
    let path = file
        .or_else(system)
        .ok_or("this system has no file of trusted certificates; name one as ca_file")?;
    let text = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let certificates: Vec<_> = parse_pem(&text)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(format!("{} has no certificate in it", path.display()));
    }
    Ok(certificates)
}
