//! Reading the forms of `/oauth/*`.

use super::failure::invalid_client;
use crate::auth::scope::ScopeSet;
use crate::error::{Code, Error, Result};
use crate::http::Request;
use crate::http::form::Form;
use crate::schema::component::word_of;
use crate::texts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};
use zeroize::Zeroizing;

/// Asks for an access token. Send the id and the secret here or by HTTP Basic, not both.
#[derive(ToSchema)]
#[schema(as = TokenRequest, examples(json!({"grant_type": "client_credentials", "client_id": "cli_01jdc8y5k2e9fr7x3v0m6n4q8t", "client_secret": "eda_live_…", "scope": "offices:read"})))]
#[expect(dead_code, reason = "describes the fields that TokenRequest::read asks for")]
pub(super) struct TokenRequestForm {
    #[schema(schema_with = grant_types)]
    grant_type: String,
    /// The client's id.
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// One of its tokens.
    #[schema(nullable = false)]
    client_secret: Option<String>,
    /// Space-separated; all that the client holds when it is left out.
    #[schema(nullable = false)]
    scope: Option<String>,
}

fn grant_types() -> RefOr<Schema> {
    word_of(["client_credentials"])
}

/// Names a token by showing it.
#[derive(ToSchema)]
#[schema(examples(json!({"token": "eda_live_…"})))]
#[expect(dead_code, reason = "describes the fields that the handlers ask for")]
pub(super) struct TokenForm {
    /// A secret or an access token.
    token: String,
    /// Not needed; ignored.
    #[schema(nullable = false)]
    token_type_hint: Option<String>,
}

/// A request for an access token. It holds the secret as it was sent, so it has no `Debug`.
pub(super) struct TokenRequest {
    /// The client that the caller says it is.
    pub(super) client_id: String,
    /// Its proof.
    pub(super) secret: Zeroizing<String>,
    scope: Option<String>,
}

impl TokenRequest {
    /// Reads the form, and the client's id and secret from the header or the form, but not from both (RFC 6749 §2.3).
    pub(super) fn read(request: &Request) -> Result<Self> {
        let form = request.form()?;
        if form.get("grant_type")? != "client_credentials" {
            return Err(Error::new(Code::UnsupportedGrantType, texts::access::only_grant_type()));
        }
        let (client_id, secret) = match request.header("Authorization") {
            Some(header) => from_header(header, &form)?,
            None => (
                form.get("client_id")?.to_owned(),
                form.get("client_secret")?.to_owned().into(),
            ),
        };
        Ok(Self {
            client_id,
            secret,
            scope: form.find("scope").map(str::to_owned),
        })
    }

    /// What is granted: what was asked for, or all that the client holds.
    pub(super) fn choose_scopes(&self, held: ScopeSet) -> Result<ScopeSet> {
        let Some(asked) = &self.scope else {
            return Ok(held);
        };
        let refuse = |scope: &str| {
            let held: Vec<&str> = held.iter().map(|scope| scope.as_str()).collect();
            Err(Error::new(Code::InvalidScope, texts::access::client_lacks_scope(scope))
                .with_member("granted_scopes", held))
        };
        match ScopeSet::parse(asked) {
            Err(unknown) => refuse(&unknown),
            Ok(asked) => match asked.iter().find(|scope| !held.contains(*scope)) {
                Some(missing) => refuse(missing.as_str()),
                None => Ok(asked),
            },
        }
    }
}

/// `Basic` with id and secret, each form-encoded (RFC 6749 §2.3.1).
fn from_header(header: &str, form: &Form) -> Result<(String, Zeroizing<String>)> {
    if form.find("client_secret").is_some() {
        return Err(Error::new(
            Code::InvalidTokenRequest,
            texts::access::secret_sent_twice(),
        ));
    }
    let (id, secret) = read_basic(header).ok_or_else(invalid_client)?;
    if form.find("client_id").is_some_and(|named| named != id) {
        return Err(Error::new(
            Code::InvalidTokenRequest,
            texts::access::two_clients_named(),
        ));
    }
    Ok((id, secret))
}

fn read_basic(header: &str) -> Option<(String, Zeroizing<String>)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?);
    let (id, secret) = decoded.split_once(':')?;
    Some((decode(id), Zeroizing::new(decode(secret))))
}

fn decode(text: &str) -> String {
    // The parser reads pairs; a text without `=` and `&` in it is the name of one. Neither stands in an encoded one.
    form_urlencoded::parse(text.as_bytes())
        .map(|(name, _)| name.into_owned())
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_read_as_the_rfc_writes_them() {
        let header = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let (id, secret) = read_basic(&header("cli_1:eda_live_x")).unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("cli_1", "eda_live_x"));
        let (id, secret) = read_basic(&header("a%3Ab:c+d%25").replace("Basic", "bAsIc")).unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("a:b", "c d%"));
        for wrong in ["Basic", "Basic !", "Bearer eda", &header("no colon"), "Basic /////w=="] {
            assert!(read_basic(wrong).is_none(), "{wrong}");
        }
    }
}
