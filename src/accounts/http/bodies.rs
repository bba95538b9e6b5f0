//! The bodies of these operations, as their schemas describe them.

use crate::accounts::clients::{ClientEdit, NewClient};
use crate::accounts::rules::{Life, read_networks, read_rights, read_scopes};
use crate::accounts::tokens::TokenEdit;
use crate::auth::network::Networks;
use crate::error::{Code, Error, Result};
use crate::values::Finding;
use serde::{Deserialize, Deserializer};

/// `NewClient`.
#[derive(Debug, Deserialize)]
pub(super) struct NewClientBody {
    name: String,
    office_id: Option<String>,
    scopes: Option<Vec<String>>,
    role: Option<String>,
    networks: Option<Vec<String>>,
}

/// `ClientEdit`: a merge patch.
#[derive(Debug, Deserialize)]
pub(super) struct ClientEditBody {
    name: Option<String>,
    /// The outer none: not named. The inner: null.
    #[serde(default, deserialize_with = "read_named")]
    office_id: Option<Option<String>>,
    scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "read_named")]
    networks: Option<Option<Vec<String>>>,
    state: Option<String>,
}

/// `NewToken`.
#[derive(Debug, Deserialize)]
pub(super) struct NewTokenBody {
    pub(super) name: Option<String>,
    expires_in_days: Option<i64>,
    expires_at: Option<String>,
}

/// `TokenEdit`: a merge patch.
#[derive(Debug, Deserialize)]
pub(super) struct TokenEditBody {
    name: Option<String>,
    expires_at: Option<String>,
}

/// `Rotation`.
#[derive(Debug, Deserialize)]
pub(super) struct RotationBody {
    pub(super) grace_seconds: Option<i64>,
    expires_in_days: Option<i64>,
    expires_at: Option<String>,
}

/// `Revocation`.
#[derive(Debug, Deserialize)]
pub(super) struct RevocationBody {
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) cascade: Option<bool>,
}

/// `PastedRevocation`.
#[derive(Deserialize)]
pub(super) struct PastedRevocationBody {
    /// An id, or a secret: so this type has no `Debug`.
    pub(super) token: String,
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) cascade: Option<bool>,
}

/// `OwnRevocation`.
#[derive(Debug, Deserialize)]
pub(super) struct OwnRevocationBody {
    pub(super) reason: Option<String>,
}

impl NewClientBody {
    /// What is asked for; everything that is wrong is told at once.
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
