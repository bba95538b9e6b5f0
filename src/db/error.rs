//! Errors of diesel as ours.

use super::connection::is_outage;
use crate::error::{Code, Error};

/// A failed statement. Rules that a statement can break (unique values, references) are checked before it runs, so
/// whatever arrives here is either an outage (503) or a fault of ours (500).
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        let result = if is_outage(&error) {
            Self::new(
                Code::DatabaseUnavailable,
                "The database does not answer. Nothing was changed; try again.",
            )
        } else {
            Self::new(Code::Internal, "The fault is logged.")
        };
        let result = result.with_cause(&error);
        match error {
            // A value that cannot be read says nothing against the connection, or against others' work beside it.
            diesel::result::Error::DeserializationError(_) => result,
            _ => result.from_database(),
        }
    }
}
