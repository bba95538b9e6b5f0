//! Secrets that the service must be able to read again (private signing keys) are sealed before they reach the database:
//! AES-256-GCM (NIST SP 800-38D) under a master key that is kept elsewhere. A copied database or backup holds nothing
//! to sign with.
//!
//! The row's identity is authenticated along, so a sealed value that is moved into another row does not open there.
//! Of several master keys the first seals and all open: to replace one, put the new one first, run
//! `eduaccord keys rotate`, and take the old one away when `eduaccord keys list` shows no key of before.

use crate::db::DatabaseUrl;
use crate::error::{Error, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Bytes of a master key.
const KEY_LENGTH: usize = 32;
/// Bytes of a nonce of AES-GCM.
const NONCE_LENGTH: usize = 12;
/// The form of what is sealed, so that another can follow one day.
const VERSION: &str = "v1.";

/// Where the master key comes from.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum MasterKeySource {
    /// Nothing is set: beside an SQLite file its own key file, made at the first start; with PostgreSQL none.
    #[default]
    Default,
    /// `EDUACCORD_MASTER_KEY`: the key itself, in base64.
    Text(Zeroizing<String>),
    /// `EDUACCORD_MASTER_KEY_FILE`: a file that only its owner can read, one key a line.
    File(PathBuf),
}

/// Without the key.
impl fmt::Debug for MasterKeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("Default"),
            Self::Text(_) => formatter.write_str("Text(…)"),
            Self::File(path) => write!(formatter, "File({})", path.display()),
        }
    }
}

/// The master keys of this process, the first of which seals.
pub struct MasterKey(Vec<RandomizedNonceKey>);

impl MasterKey {
    /// Reads the master key, or makes the one of an SQLite file at its first start. `None` where there is none to have.
    ///
    /// # Errors
    /// A sentence for the operator: a key that cannot be read, is no key, or can be read by others than its owner.
    pub fn load(source: &MasterKeySource, database: &DatabaseUrl) -> Result<Option<Self>, String> {
        match Self::read(source)? {
            Some(given) => Ok(Some(given)),
            None => Self::of_database(database),
        }
    }

    /// Reads the master key that the settings give, where they give one. Makes nothing.
    pub fn read(source: &MasterKeySource) -> Result<Option<Self>, String> {
        match source {
            MasterKeySource::Text(text) => Self::parse(text)
                .map(Some)
                .map_err(|problem| format!("EDUACCORD_MASTER_KEY: {problem}")),
            MasterKeySource::File(path) => read_file(path).map(Some),
            MasterKeySource::Default => Ok(None),
        }
    }

    /// Reads the key beside an SQLite file, or makes it; with PostgreSQL there is none.
    pub fn of_database(database: &DatabaseUrl) -> Result<Option<Self>, String> {
        let Some(database) = database.sqlite_path() else {
            return Ok(None);
        };
        let mut name = database.as_os_str().to_owned();
        name.push(".key");
        let path = PathBuf::from(name);
        make_file(&path)?;
        read_file(&path).map(Some)
    }

    /// Reads keys, one a line, each 32 bytes in base64. Empty lines and those that begin with `#` are passed over.
    fn parse(text: &str) -> Result<Self, String> {
        let keys = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let bytes = STANDARD
                    .decode(line)
                    .map(Zeroizing::new)
                    .ok()
                    .filter(|bytes| bytes.len() == KEY_LENGTH)
                    .ok_or("a master key is 32 bytes in base64; make one with: openssl rand -base64 32")?;
                RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| "a master key cannot be used")
            })
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err("there is no master key in it; make one with: openssl rand -base64 32".to_owned());
        }
        Ok(Self(keys))
    }

    /// Seals a secret for the row that `identity` names, `signing_keys:{kid}` for instance.
    pub fn seal(&self, secret: &[u8], identity: &str) -> Result<String> {
        let key = self
            .0
            .first()
            .ok_or_else(|| Error::internal("there is no master key"))?;
        let mut sealed = secret.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(identity.as_bytes()), &mut sealed)
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        let mut whole = nonce.as_ref().to_vec();
        whole.extend_from_slice(&sealed);
        Ok(format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(whole)))
    }

    /// Opens what was sealed for this row; `None` when it was sealed with another key or for another row, or was changed.
    pub fn open(&self, sealed: &str, identity: &str) -> Option<Zeroizing<Vec<u8>>> {
        let whole = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(VERSION)?).ok()?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LENGTH)?;
        self.0.iter().find_map(|key| {
            let mut opened = Zeroizing::new(sealed.to_vec());
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let length = key
                .open_in_place(nonce, Aad::from(identity.as_bytes()), &mut opened)
                .ok()?
                .len();
            opened.truncate(length);
            Some(opened)
        })
    }
}

fn read_file(path: &Path) -> Result<MasterKey, String> {
    let shown = path.display();
    let problem = |error: std::io::Error| format!("the master key file {shown} cannot be read: {error}");
    let mode = std::fs::metadata(path).map_err(problem)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(format!(
            "the master key file {shown} can be read by others than its owner (mode {:03o}): chmod 600 {shown}",
            mode & 0o777
        ));
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(problem)?);
    MasterKey::parse(&text).map_err(|problem| format!("the master key file {shown}: {problem}"))
}

/// Makes a key file unless there is one. Two processes that start at once may both try; the second takes the first's.
fn make_file(path: &Path) -> Result<(), String> {
    let problem = |error: std::io::Error| format!("the master key file {} cannot be made: {error}", path.display());
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = match file {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(problem(error)),
    };
    let mut bytes = Zeroizing::new([0_u8; KEY_LENGTH]);
    getrandom::fill(bytes.as_mut()).map_err(|error| problem(std::io::Error::other(error.to_string())))?;
    let text = Zeroizing::new(STANDARD.encode(bytes.as_ref()));
    writeln!(file, "{}", *text)
        .and_then(|()| file.sync_all())
        .map_err(|error| {
            // Half a key must not stay behind as if it were one.
            let _ignored = std::fs::remove_file(path);
            problem(error)
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn text(byte: u8) -> String {
        STANDARD.encode([byte; KEY_LENGTH])
    }

    fn sqlite(folder: &Path) -> DatabaseUrl {
        DatabaseUrl::Sqlite(folder.join("x.db"))
    }

    #[test]
    fn what_is_sealed_opens_only_in_its_own_row_and_unchanged() {
        let master = MasterKey::parse(&text(1)).unwrap();
        let sealed = master.seal(b"secret", "row:1").unwrap();
        assert!(!sealed.contains("secret"));
        assert_eq!(master.open(&sealed, "row:1").unwrap().as_slice(), b"secret");
        assert!(master.open(&sealed, "row:2").is_none());
        assert_ne!(sealed, master.seal(b"secret", "row:1").unwrap(), "a nonce is used once");
        for place in VERSION.len()..sealed.len() {
            let mut changed: Vec<char> = sealed.chars().collect();
            let other = if changed.get(place) == Some(&'A') { 'B' } else { 'A' };
            changed.splice(place..=place, [other]);
            let changed: String = changed.into_iter().collect();
            assert!(master.open(&changed, "row:1").is_none(), "at {place}");
        }
        for damaged in ["", "v1.", "v1.AAAA", "v2.AAAA", &sealed[..sealed.len() - 4]] {
            assert!(master.open(damaged, "row:1").is_none(), "{damaged}");
        }
    }

    #[test]
    fn the_first_key_seals_and_all_open() {
        let old = MasterKey::parse(&text(1)).unwrap();
        let both = MasterKey::parse(&format!("# the new one\n{}\n\n{}\n", text(2), text(1))).unwrap();
        let new = MasterKey::parse(&text(2)).unwrap();
        let of_old = old.seal(b"a", "row").unwrap();
        let of_both = both.seal(b"b", "row").unwrap();
        assert_eq!(both.open(&of_old, "row").unwrap().as_slice(), b"a");
        assert_eq!(new.open(&of_both, "row").unwrap().as_slice(), b"b");
        assert!(new.open(&of_old, "row").is_none() && old.open(&of_both, "row").is_none());
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        for wrong in ["", "#", "hunter2hunter2", &text(1)[1..], &STANDARD.encode([1; 16])] {
            let source = MasterKeySource::Text(Zeroizing::new(wrong.to_owned()));
            let problem = MasterKey::load(&source, &DatabaseUrl::Postgres("postgres://x".to_owned()))
                .err()
                .unwrap();
            assert!(problem.contains("openssl rand -base64 32"), "{problem}");
            assert!(wrong.len() < 8 || !problem.contains(wrong), "{problem}");
            assert!(!format!("{source:?}").contains("hunter2"));
        }
    }

    #[test]
    fn an_sqlite_file_gets_its_key_once_and_postgresql_none() {
        let folder = tempfile::tempdir().unwrap();
        let database = sqlite(folder.path());
        let first = MasterKey::load(&MasterKeySource::Default, &database).unwrap().unwrap();
        let path = folder.path().join("x.db.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = MasterKey::load(&MasterKeySource::Default, &database).unwrap().unwrap();
        let sealed = first.seal(b"a", "row").unwrap();
        assert!(again.open(&sealed, "row").is_some());
        let postgres = DatabaseUrl::Postgres("postgres://x".to_owned());
        assert!(MasterKey::load(&MasterKeySource::Default, &postgres).unwrap().is_none());
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master");
        let source = MasterKeySource::File(path.clone());
        assert!(
            MasterKey::load(&source, &sqlite(folder.path()))
                .err()
                .unwrap()
                .contains("cannot be read")
        );
        std::fs::write(&path, text(1)).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o644, 0o660] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let problem = MasterKey::load(&source, &sqlite(folder.path())).err().unwrap();
            assert!(problem.contains("chmod 600"), "{mode:o}: {problem}");
        }
        for mode in [0o600, 0o400] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(MasterKey::load(&source, &sqlite(folder.path())).is_ok(), "{mode:o}");
        }
    }
}
