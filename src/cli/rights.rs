//! The options that say what a client may do.

use crate::accounts::rules::read_rights;
use crate::auth::scope::ScopeSet;
use crate::error::{Code, Error};
use crate::texts::untranslated;
use clap::Args;

/// What a new client may do: scopes or a role.
#[derive(Debug, Args)]
pub(super) struct Rights {
    /// Scopes, separated by commas.
    #[arg(long, value_delimiter = ',')]
    scopes: Vec<String>,
    /// viewer, partner, editor, office_admin or admin: a name for scopes.
    #[arg(long, conflicts_with = "scopes")]
    role: Option<String>,
}

impl Rights {
    /// The scopes that were named, directly or by a role.
    pub(super) fn read(&self) -> Result<ScopeSet, Error> {
        if self.scopes.is_empty() && self.role.is_none() {
            return Err(Error::new(
                Code::InvalidDocument,
                untranslated("Give --scopes or --role."),
            ));
        }
        let scopes = (!self.scopes.is_empty()).then_some(self.scopes.as_slice());
        read_rights(scopes, self.role.as_deref())
            .map_err(|findings| Error::with_findings(Code::InvalidDocument, findings))
    }
}
