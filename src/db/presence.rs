//! Whether the file of an SQLite database is still the one that was opened.
//!
//! A file that is deleted or replaced stays open where it was: without this check changes would be acknowledged that no
//! later start finds, and new connections would work on another file than old ones.

use super::connection::DatabaseUrl;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The file that a database was opened as. Nothing to check for a server's database.
#[derive(Debug, Clone)]
pub(super) struct Presence(Option<(PathBuf, (u64, u64))>);

impl Presence {
    /// As the file is now.
    pub(super) fn of(url: &DatabaseUrl) -> Self {
        let path = url.sqlite_path();
        Self(path.and_then(|path| Some((path.to_owned(), identity(path)?))))
    }

    /// An error for the operator when another file stands in its place, or none. Costs one look at the folder.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.0 {
            Some((path, opened)) if identity(path) != Some(*opened) => Err(format!(
                "the database file {} was deleted or replaced while it is served; nothing is written any more. Put that \
                 very file back, or end the service, restore a backup and start again",
                path.display()
            )),
            _ => Ok(()),
        }
    }
}

/// Device and inode.
fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
