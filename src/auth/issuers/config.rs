//! Which issuers are trusted, from the operator's file.

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use std::net::IpAddr;
use std::path::PathBuf;

/// One issuer whose tokens are taken from subjects that an administrator has linked to a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// Its name, exactly as in `iss` and in its own metadata; `https`, or `http` on this machine.
    pub issuer: String,
    /// What `aud` must name: this service, as the issuer knows it.
    pub audience: String,
    /// The algorithms that are taken: of `RS256`, `ES256`, `PS256`, `EdDSA`. Never what a token asks for.
    pub algorithms: Vec<Algorithm>,
    /// What `typ` in the header must be: `at+jwt` (RFC 9068) unless the issuer has another, `JWT` for instance.
    #[serde(default = "default_type")]
    pub typ: String,
    /// Certificates (PEM) to trust in the place of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

fn default_type() -> String {
    "at+jwt".to_owned()
}

/// Public keys only: with a shared secret every verifier could also sign (RFC 8725 §3.1).
const ALGORITHMS: &[Algorithm] = &[Algorithm::RS256, Algorithm::ES256, Algorithm::PS256, Algorithm::EdDSA];

/// Reads the list, a JSON array.
///
/// # Errors
/// A sentence for the operator.
pub fn read_issuers(text: &str) -> Result<Vec<IssuerConfig>, String> {
    let issuers: Vec<IssuerConfig> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    for (place, config) in issuers.iter().enumerate() {
        let name = &config.issuer;
        if !is_allowed_url(name) || name.ends_with('/') && name.matches('/').count() < 4 {
            return Err(format!(
                "'{name}' is no issuer: write https://host/path, or http on this machine only"
            ));
        }
        if config.algorithms.is_empty()
            || config
                .algorithms
                .iter()
                .any(|algorithm| !ALGORITHMS.contains(algorithm))
        {
            return Err(format!("{name}: algorithms must be some of RS256, ES256, PS256, EdDSA"));
        }
        if config.audience.is_empty() || config.typ.is_empty() {
            return Err(format!("{name}: audience and typ may not be empty"));
        }
        if issuers.iter().take(place).any(|other| other.issuer == *name) {
            return Err(format!("{name} is named twice"));
        }
    }
    Ok(issuers)
}

/// `https`, or `http` to this very machine: what comes from elsewhere in plain text, anybody on the way may have written.
pub fn is_allowed_url(url: &str) -> bool {
    if let Some(rest) = url.strip_prefix("https://") {
        return !rest.is_empty() && !rest.contains(['@', ' ', '#', '?']);
    }
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn issuers_are_read_and_wrong_ones_refused() {
        let good = r#"[{"issuer":"https://sso.example/realms/a","audience":"eduaccord","algorithms":["RS256"]}]"#;
        let issuers = read_issuers(good).unwrap();
        assert_eq!(
            issuers.iter().map(|issuer| issuer.typ.as_str()).collect::<Vec<_>>(),
            ["at+jwt"]
        );
        for (wrong, word) in [
            (good.replace("https://", "http://"), "no issuer"),
            (good.replace("RS256", "HS256"), "algorithms"),
            (good.replace("RS256", "none"), "unknown variant"),
            (good.replace("[\"RS256\"]", "[]"), "algorithms"),
            (
                good.replace("\"audience\":\"eduaccord\"", "\"audience\":\"\""),
                "audience",
            ),
            (good.replace("\"audience\"", "\"audiences\""), "unknown field"),
            (format!("[{0},{0}]", good.trim_matches(['[', ']'])), "expected"),
        ] {
            let problem = read_issuers(&wrong).unwrap_err();
            assert!(
                problem.contains(word) || problem.contains("twice"),
                "{wrong}: {problem}"
            );
        }
    }

    #[test]
    fn plain_text_is_for_this_machine_only() {
        for url in [
            "https://a.example",
            "http://127.0.0.1:81/x",
            "http://[::1]/x",
            "http://localhost:8080",
        ] {
            assert!(is_allowed_url(url), "{url}");
        }
        for url in [
            "http://a.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://a",
            "https://",
            "https://u@a",
        ] {
            assert!(!is_allowed_url(url), "{url}");
        }
    }
}
