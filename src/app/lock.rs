//! The lock beside an SQLite file: a second `serve` on it would have a second writer.

use crate::db::DatabaseUrl;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a start waits for the lock of a process that is just ending. The lock also outlives its holder for as long as
/// a child process needs from its fork to its exec.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// Takes the lock of an SQLite file; a server database needs none. It is held as long as the file stays open.
///
/// The lock file is its owner's only, is never written to, and is not reached through a symbolic link: whoever may write
/// to the folder could make one that leads to a file of the service's user.
pub(super) fn lock_file(url: &DatabaseUrl) -> Result<Option<File>, String> {
    let Some(path) = url.sqlite_path() else {
        return Ok(None);
    };
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(&name);
    let file = opened.map_err(|error| match error.raw_os_error() {
        Some(libc::ELOOP) => format!(
            "{url} cannot be opened: its lock file {} is a symbolic link",
            name.display()
        ),
        _ => format!("{url} cannot be opened: {error}"),
    })?;
    let deadline = Instant::now() + LOCK_WAIT;
    while let Err(error) = file.try_lock() {
        if matches!(error, TryLockError::Error(_)) || Instant::now() >= deadline {
            return Err(format!("{url} is served by another process already"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(Some(file))
}
