//! The bodies of these operations, as their schemas describe them.

use crate::accounts::clients::{ClientEdit, NewClient};
use crate::accounts::rules::{Life, read_networks, read_rights, read_scopes};
use crate::accounts::tokens::TokenEdit;
use crate::accounts::view::ClientState;
use crate::auth::network::Networks;
use crate::auth::scope::{Role, Scope};
use crate::error::{Code, Error, Result};
use crate::values::Finding;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// A client to be made. `scopes` or `role`, not both.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewClient, examples(json!({"name": "Front-end of the office", "role": "viewer", "networks": ["192.0.2.0/24"]})))]
pub(super) struct NewClientBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The office that it acts for: one that you act for, yours when none is named. For the registry's own callers: null
    /// makes a client of the registry itself.
    office_id: Option<String>,
    /// Scopes that you hold yourself.
    #[schema(value_type = Option<Vec<Scope>>)]
    scopes: Option<Vec<String>>,
    /// A name for scopes; `GET /api/v1/rights` tells which.
    #[schema(value_type = Option<Role>)]
    role: Option<String>,
    /// `10.0.0.0/8`, `2001:db8::/32` or single addresses, within your own networks. Empty: from where you may call.
    #[schema(max_items = 50)]
    networks: Option<Vec<String>>,
}

/// A merge patch (RFC 7396).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientEdit, examples(json!({"name": "Front-end, second edition"})))]
pub(super) struct ClientEditBody {
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    name: Option<String>,
    /// Only by the registry's own callers; null makes it a client of the registry itself.
    // The outer none: not named. The inner: null.
    #[serde(default, deserialize_with = "read_named")]
    #[schema(value_type = Option<String>)]
    office_id: Option<Option<String>>,
    #[schema(value_type = Option<Vec<Scope>>, nullable = false)]
    scopes: Option<Vec<String>>,
    /// `10.0.0.0/8`, `2001:db8::/32` or single addresses, within your own networks. Empty or null: anywhere, where you
    /// may call from anywhere yourself.
    #[serde(default, deserialize_with = "read_named")]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    networks: Option<Option<Vec<String>>>,
    #[schema(value_type = Option<ClientState>, nullable = false)]
    state: Option<String>,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken, examples(json!({"name": "Front-end 2026", "expires_in_days": 90})))]
pub(super) struct NewTokenBody {
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: Option<String>,
    /// 90, or as many as you may give, when neither this nor `expires_at` is given.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: Option<i64>,
    /// At most 366 days from now, and no longer than the token that you use was given.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A merge patch (RFC 7396).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokenEdit, examples(json!({"name": "Front-end, old"})))]
pub(super) struct TokenEditBody {
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    name: Option<String>,
    /// Earlier than it is now, and not in the past.
    #[schema(format = DateTime, nullable = false)]
    expires_at: Option<String>,
}

/// How a token is rotated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rotation, examples(json!({"grace_seconds": 3_600, "expires_in_days": 90})))]
pub(super) struct RotationBody {
    /// How long the old secret goes on, at most to its own end; 86400 (a day) when not given.
    #[schema(minimum = 0, maximum = 604_800)]
    pub(super) grace_seconds: Option<i64>,
    /// 90, or as many as you may give, when neither this nor `expires_at` is given.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: Option<i64>,
    /// At most 366 days from now, and no longer than the token that you use was given.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// Why a token ends, and how far that goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Revocation, examples(json!({"reason": "The partner has left", "cascade": false})))]
pub(super) struct RevocationBody {
    /// Kept with the token.
    #[schema(max_length = 1_000)]
    pub(super) reason: Option<String>,
    /// Ends the clients and tokens that it made and cuts the identities that it linked, too, with all that came of those.
    pub(super) cascade: Option<bool>,
}

/// A token to be ended, by its id or by the secret itself as it was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PastedRevocation, examples(json!({"token": "tok_00000000000000000000000000", "reason": "Found in a public repository", "cascade": true})))]
pub(super) struct PastedRevocationBody {
    /// `tok_…` or `eda_live_…`. Not kept, not logged.
    // So this type has no `Debug`.
    #[schema(max_length = 200)]
    pub(super) token: String,
    /// Kept with the token.
    #[schema(max_length = 1_000)]
    pub(super) reason: Option<String>,
    /// Ends the clients and tokens that it made and cuts the identities that it linked, too, with all that came of those.
    pub(super) cascade: Option<bool>,
}

/// Why the token ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OwnRevocation, examples(json!({"reason": "No longer needed"})))]
pub(super) struct OwnRevocationBody {
    /// Kept with the token.
    #[schema(max_length = 1_000)]
    pub(super) reason: Option<String>,
}

impl NewClientBody {
    /// What is asked for; all findings are reported at once.
    pub(super) fn read(self) -> Result<NewClient> {
        let mut findings = Vec::new();
        let scopes = read_rights(self.scopes.as_deref(), self.role.as_deref());
        let networks = read_networks("/networks", &self.networks.unwrap_or_default());
        let scopes = keep(scopes, &mut findings).unwrap_or_default();
        let networks = keep(networks, &mut findings).unwrap_or_default();
        check(findings)?;
        Ok(NewClient {
            name: self.name,
            office_id: self.office_id,
            scopes,
            networks,
        })
    }
}

impl ClientEditBody {
    pub(super) fn read(self) -> Result<ClientEdit> {
        let mut findings = Vec::new();
        let scopes = self.scopes.map(|list| read_scopes("/scopes", &list)).transpose();
        let networks = self
            .networks
            .map(|list| list.map_or_else(|| Ok(Networks::default()), |list| read_networks("/networks", &list)))
            .transpose();
        let scopes = keep(scopes, &mut findings).flatten();
        let networks = keep(networks, &mut findings).flatten();
        check(findings)?;
        Ok(ClientEdit {
            name: self.name,
            scopes,
            networks,
            is_active: self.state.map(|state| state == "active"),
            office_id: self.office_id,
        })
    }
}

impl NewTokenBody {
    pub(super) fn life(&self) -> Result<Life> {
        Life::read(self.expires_in_days, self.expires_at.as_deref())
    }
}

impl RotationBody {
    pub(super) fn life(&self) -> Result<Life> {
        Life::read(self.expires_in_days, self.expires_at.as_deref())
    }
}

impl TokenEditBody {
    pub(super) fn read(self) -> Result<TokenEdit> {
        let expires_at = match Life::read(None, self.expires_at.as_deref())? {
            Life::Until(end) => Some(end),
            _ => None,
        };
        Ok(TokenEdit {
            name: self.name,
            expires_at,
        })
    }
}

fn check(findings: Vec<Finding>) -> Result<()> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::with_findings(Code::InvalidDocument, findings))
    }
}

fn keep<T>(read: Result<T, Vec<Finding>>, findings: &mut Vec<Finding>) -> Option<T> {
    read.map_err(|more| findings.extend(more)).ok()
}

/// A member that is there, null or not.
fn read_named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::accounts::rules::{DEFAULT_GRACE_SECONDS, DEFAULT_LIFE_DAYS};
    use crate::accounts::rules::{LONGEST_GRACE_SECONDS, LONGEST_LIFE_DAYS, LONGEST_NAME, MOST_NETWORKS};
    use crate::schema::component::components_of;

    /// Attributes take literals only, so the figures are repeated there.
    #[test]
    fn the_schemas_tell_the_figures_of_the_rules() {
        let components = components_of::<RotationBody>().unwrap();
        let rotation = &components["Rotation"]["properties"];
        assert_eq!(rotation["grace_seconds"]["maximum"], LONGEST_GRACE_SECONDS);
        assert_eq!(rotation["expires_in_days"]["maximum"], LONGEST_LIFE_DAYS);
        let told = |name: &str, figure: i64| {
            let text = rotation[name]["description"].as_str().unwrap();
            assert!(text.contains(&figure.to_string()), "{text}");
        };
        told("grace_seconds", DEFAULT_GRACE_SECONDS);
        told("expires_in_days", DEFAULT_LIFE_DAYS);
        told("expires_at", LONGEST_LIFE_DAYS);
        let components = components_of::<NewClientBody>().unwrap();
        let client = &components["NewClient"]["properties"];
        assert_eq!(client["name"]["maxLength"], LONGEST_NAME);
        assert_eq!(client["networks"]["maxItems"], MOST_NETWORKS);
    }
}
