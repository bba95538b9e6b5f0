//! Who calls: a client behind a valid token, with its rights.

use crate::auth::lifetime::longest_of_all;
use crate::auth::network::Networks;
use crate::auth::scope::ScopeSet;
use chrono::{DateTime, TimeDelta, Utc};

/// A client behind a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The service account.
    pub client_id: String,
    /// Its name.
    pub client_name: String,
    /// The token that was shown, or the link of the subject that another issuer vouches for.
    pub token_id: Option<String>,
    /// The office it acts for; none for the registry's own administrators.
    pub office_id: Option<String>,
    /// What it may do.
    pub scopes: ScopeSet,
    /// From where it may call.
    pub networks: Networks,
    /// When what was shown ends.
    pub expires_at: DateTime<Utc>,
    /// When the secret behind it ends, after which there is no other; none for a subject of another issuer.
    pub secret_expires_at: Option<DateTime<Utc>>,
    /// The longest that a token may live which is made with what was shown, counted from when it is made.
    pub longest_life: TimeDelta,
    /// The access token, where one was shown in the place of its secret.
    pub access: Option<ShownAccess>,
}

/// An access token by which a caller is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAccess {
    /// Its own id.
    pub jti: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

impl Caller {
    /// The caller of commands on the host, with every scope of the registry itself.
    pub fn command_line(now: DateTime<Utc>) -> Self {
        Self {
            client_id: "cli".to_owned(),
            client_name: "command line".to_owned(),
            token_id: None,
            office_id: None,
            scopes: ScopeSet::all(),
            networks: Networks::default(),
            expires_at: now + TimeDelta::days(1),
            secret_expires_at: None,
            longest_life: longest_of_all(),
            access: None,
        }
    }

    /// May this caller see and write every record?
    pub fn is_registry(&self) -> bool {
        self.office_id.is_none()
    }
}
