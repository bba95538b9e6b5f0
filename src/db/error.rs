//! Errors of diesel as ours.

use super::connection::is_outage;
use crate::error::{Code, Error};
use crate::texts;

/// A failed statement. Rules that a statement can break (unique values, references) are checked before it runs, so
/// whatever arrives here is either an outage (503) or a fault of ours (500).
impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        let result = if is_outage(&error) {
            Self::new(
                Code::DatabaseUnavailable,
                texts::storage::database_silent_nothing_changed(),
            )
        } else {
            Self::new(Code::Internal, texts::requests::fault_is_logged())
        };
        let result = result.with_cause(&error);
        match error {
            // A value that cannot be read says nothing against the connection, or against others' work beside it.
            diesel::result::Error::DeserializationError(_) => result,
            _ => result.from_database(),
        }
    }
}
