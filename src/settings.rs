//! Every setting: its variable, its default, its meaning. Nothing else reads the environment.

use crate::auth::issuers::check_authorities;
use crate::auth::issuers::config::{IssuerConfig, read_issuers};
use crate::auth::network::Networks;
use crate::auth::sealing::MasterKeySource;
use actix_web::http::Uri;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One variable of the environment, for the README, `--help` and the check for unknown ones.
#[derive(Debug)]
pub struct Variable {
    /// Name in the environment or in `.env`.
    pub name: &'static str,
    /// Default as it would be written.
    pub default: &'static str,
    /// What it is for.
    pub meaning: &'static str,
}

/// All variables, in the order of the README.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "DATABASE_URL",
        default: "sqlite://eduaccord.db",
        meaning: "Where the registry lives: `sqlite://path` or `postgres://user@host/name`.",
    },
    Variable {
        name: "DATABASE_URL_FILE",
        default: "",
        meaning: "A file with the same in its first line, for a URL with a password; in place of `DATABASE_URL`.",
    },
    Variable {
        name: "EDUACCORD_LISTEN",
        default: "127.0.0.1:8080",
        meaning: "Address and port to serve on.",
    },
    Variable {
        name: "EDUACCORD_PUBLIC_URL",
        default: "http://<listen>",
        meaning: "How clients reach the service (scheme, host and port, no path); used in links, problem types and access tokens.",
    },
    Variable {
        name: "EDUACCORD_MASTER_KEY_FILE",
        default: "SQLite: `<database file>.key`, made at the first start",
        meaning: "A file, readable by its owner only, with the key that seals signing keys: 32 bytes in base64 (`openssl rand -base64 32`). Of several lines the first seals and all open. Without one, with PostgreSQL, there are no access tokens (JWT).",
    },
    Variable {
        name: "EDUACCORD_MASTER_KEY",
        default: "",
        meaning: "The same key itself, in place of the file.",
    },
    Variable {
        name: "EDUACCORD_ISSUERS_FILE",
        default: "",
        meaning: "A JSON list of OpenID Connect issuers whose tokens are taken from linked subjects: `issuer`, `audience`, `algorithms` (of RS256, ES256, PS256, EdDSA), `typ` (`at+jwt`), `ca_file`.",
    },
    Variable {
        name: "EDUACCORD_FIRST_TOKEN",
        default: "print",
        meaning: "`terminal`: the first start shows its token on a terminal only (so in the container image), as always where output goes to systemd's journal.",
    },
    Variable {
        name: "EDUACCORD_CORS_ORIGINS",
        default: "",
        meaning: "Comma-separated origins of browser front-ends, `http://localhost:5173` for instance. Empty: no CORS.",
    },
    Variable {
        name: "EDUACCORD_TRUSTED_PROXIES",
        default: "",
        meaning: "Comma-separated networks of your own proxies, `10.1.2.3` for instance; only they are believed in `X-Forwarded-For`. Empty: the peer is the caller.",
    },
    Variable {
        name: "EDUACCORD_RATE_LIMIT",
        default: "6000",
        meaning: "Requests a minute that each token may make at each instance; 0: no limit.",
    },
    Variable {
        name: "EDUACCORD_FAILURE_LIMIT",
        default: "30",
        meaning: "Unknown tokens a minute that an address may send before it must wait with more of them; valid tokens never wait; 0: no limit.",
    },
    Variable {
        name: "EDUACCORD_WORKERS",
        default: "number of cores",
        meaning: "Threads that serve requests.",
    },
    Variable {
        name: "EDUACCORD_POOL_SIZE",
        default: "8",
        meaning: "Connections for reading (the writer has one of its own).",
    },
    Variable {
        name: "EDUACCORD_WRITE_QUEUE",
        default: "1024",
        meaning: "Changes that may wait for the writer; more are answered 503.",
    },
    Variable {
        name: "RUST_LOG",
        default: "info",
        meaning: "What is logged, in env_logger's syntax.",
    },
];

/// Where the first start shows the administrator's token that it makes. Elsewhere it makes none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FirstToken {
    /// On standard output.
    #[default]
    Print,
    /// On standard output where that is a terminal.
    Terminal,
}

/// The settings of one process.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `DATABASE_URL`, or what stands in `DATABASE_URL_FILE`.
    pub database_url: String,
    /// `EDUACCORD_LISTEN`.
    pub listen: SocketAddr,
    /// `EDUACCORD_PUBLIC_URL`, without a slash at its end.
    pub public_url: Option<String>,
    /// `EDUACCORD_MASTER_KEY_FILE` or `EDUACCORD_MASTER_KEY`.
    pub master_key: MasterKeySource,
    /// `EDUACCORD_ISSUERS_FILE`, read.
    pub issuers: Vec<IssuerConfig>,
    /// The shortest time between two questions for an issuer's keys. A minute, but for tests.
    pub issuer_interval: Duration,
    /// `EDUACCORD_FIRST_TOKEN`.
    pub first_token: FirstToken,
    /// `JOURNAL_STREAM`, by which systemd names its journal where it is the output.
    pub journal: Option<String>,
    /// `EDUACCORD_CORS_ORIGINS`.
    pub cors_origins: Vec<String>,
    /// `EDUACCORD_TRUSTED_PROXIES`.
    pub trusted_proxies: Networks,
    /// `EDUACCORD_RATE_LIMIT`; none: no limit.
    pub rate_limit: Option<u32>,
    /// `EDUACCORD_FAILURE_LIMIT`; none: no limit.
    pub failure_limit: Option<u32>,
    /// `EDUACCORD_WORKERS`.
    pub workers: usize,
    /// `EDUACCORD_POOL_SIZE`.
    pub pool_size: u32,
    /// `EDUACCORD_WRITE_QUEUE`.
    pub write_queue: usize,
    /// `RUST_LOG`.
    pub log_filter: String,
    /// How long no new request must come before a stop closes connections; nothing in tests.
    pub quiet_before_stop: Duration,
    /// Are rows of older derivations brought up to date in the background? Always, but for tests.
    pub reindexes: bool,
}

impl Settings {
    /// Reads `.env` (if there is one) and the environment, which wins. An unknown `EDUACCORD_` variable or a value
    /// that cannot be read is an error with all that is wrong, one line each.
    pub fn from_environment() -> Result<Self, String> {
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        // The one in the working directory: those of the folders above belong to somebody else.
        if Path::new(".env")
            .try_exists()
            .map_err(|error| format!(".env: {error}"))?
        {
            for line in dotenvy::from_path_iter(".env").map_err(|error| format!(".env: {error}"))? {
                let (name, value) = line.map_err(|error| format!(".env: {error}"))?;
                values.insert(name, value);
            }
        }
        #[expect(clippy::disallowed_methods, reason = "this is the place that may")]
        let variables = std::env::vars_os();
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(values.insert(name, value)),
                Err(_) if is_ours(&name) => return Err(format!("{name}: its value is not UTF-8")),
                Err(_) => {}
            }
        }
        Self::from_values(&values)
    }

    /// The same from a map of variables.
    pub fn from_values(values: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut problems = Vec::new();
        for name in values.keys().filter(|name| name.starts_with("EDUACCORD_")) {
            if !VARIABLES.iter().any(|variable| variable.name == name) {
                problems.push(format!("{name}: there is no such setting"));
            }
        }
        let get = |name: &str| values.get(name).map(String::as_str).filter(|v| !v.is_empty());
        let listen = read(&mut problems, "EDUACCORD_LISTEN", get("EDUACCORD_LISTEN"))
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let database_url = read_database_url(&mut problems, get("DATABASE_URL"), get("DATABASE_URL_FILE"));
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let settings = Self {
            database_url,
            listen,
            public_url: read_public_url(&mut problems, get("EDUACCORD_PUBLIC_URL")),
            master_key: read_master_key(
                &mut problems,
                get("EDUACCORD_MASTER_KEY_FILE"),
                get("EDUACCORD_MASTER_KEY"),
            ),
            issuers: read_issuers_file(&mut problems, get("EDUACCORD_ISSUERS_FILE")),
            issuer_interval: Duration::from_secs(60),
            first_token: read_first_token(&mut problems, get("EDUACCORD_FIRST_TOKEN")),
            journal: get("JOURNAL_STREAM").map(str::to_owned),
            cors_origins: read_origins(&mut problems, get("EDUACCORD_CORS_ORIGINS")),
            trusted_proxies: read_networks(
                &mut problems,
                "EDUACCORD_TRUSTED_PROXIES",
                get("EDUACCORD_TRUSTED_PROXIES"),
            ),
            rate_limit: read_limit(
                &mut problems,
                "EDUACCORD_RATE_LIMIT",
                get("EDUACCORD_RATE_LIMIT"),
                6_000,
            ),
            failure_limit: read_limit(
                &mut problems,
                "EDUACCORD_FAILURE_LIMIT",
                get("EDUACCORD_FAILURE_LIMIT"),
                30,
            ),
            workers: read(&mut problems, "EDUACCORD_WORKERS", get("EDUACCORD_WORKERS"))
                .unwrap_or(cores)
                .max(1),
            pool_size: read(&mut problems, "EDUACCORD_POOL_SIZE", get("EDUACCORD_POOL_SIZE"))
                .unwrap_or(8)
                .max(1),
            write_queue: read(&mut problems, "EDUACCORD_WRITE_QUEUE", get("EDUACCORD_WRITE_QUEUE"))
                .unwrap_or(1024)
                .max(1),
            log_filter: get("RUST_LOG").unwrap_or("info").to_owned(),
            quiet_before_stop: Duration::from_millis(100),
            reindexes: true,
        };
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems.join("\n"))
        }
    }

    /// Settings of a test: this database, any free port, small.
    pub fn for_tests(database_url: String) -> Self {
        Self {
            database_url,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            // The same in all services of a test, which may share a database: 32 zero bytes.
            master_key: MasterKeySource::Text(format!("{}=", "A".repeat(43)).into()),
            issuers: Vec::new(),
            issuer_interval: Duration::from_secs(60),
            first_token: FirstToken::default(),
            journal: None,
            cors_origins: vec!["http://front-end.example".to_owned()],
            trusted_proxies: Networks::default(),
            rate_limit: None,
            failure_limit: None,
            workers: 1,
            pool_size: 4,
            write_queue: 256,
            log_filter: "warn".to_owned(),
            quiet_before_stop: Duration::ZERO,
            reindexes: true,
        }
    }
}

/// The URL itself or from its file (the way of container secrets: what is in the environment can be read by too many).
/// Both at once is refused: whichever won, somebody would look for their records in the other.
fn read_database_url(problems: &mut Vec<String>, url: Option<&str>, file: Option<&str>) -> String {
    match (url, file) {
        (Some(_), Some(_)) => problems.push("DATABASE_URL_FILE: DATABASE_URL is set too; give one of them".to_owned()),
        (None, Some(path)) => match std::fs::read_to_string(path) {
            Err(error) => problems.push(format!("DATABASE_URL_FILE: '{path}' cannot be read: {error}")),
            Ok(text) => match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
                None => problems.push(format!("DATABASE_URL_FILE: '{path}' is empty")),
                Some(line) => return line.to_owned(),
            },
        },
        (url, None) => return url.unwrap_or("sqlite://eduaccord.db").to_owned(),
    }
    String::new()
}

fn read_networks(problems: &mut Vec<String>, name: &str, value: Option<&str>) -> Networks {
    Networks::parse(value.unwrap_or("")).unwrap_or_else(|part| {
        problems.push(format!("{name}: '{part}' is no network; write 10.0.0.0/8 or 192.0.2.7"));
        Networks::default()
    })
}

/// A limit where 0 means none.
fn read_limit(problems: &mut Vec<String>, name: &str, value: Option<&str>, default: u32) -> Option<u32> {
    Some(read(problems, name, value).unwrap_or(default)).filter(|limit| *limit > 0)
}

/// A variable that is read here, or looks as if it should be.
fn is_ours(name: &str) -> bool {
    name.starts_with("EDUACCORD_") || VARIABLES.iter().any(|variable| variable.name == name)
}

fn read_first_token(problems: &mut Vec<String>, value: Option<&str>) -> FirstToken {
    match value {
        None | Some("print") => FirstToken::Print,
        Some("terminal") => FirstToken::Terminal,
        Some(other) => {
            problems.push(format!(
                "EDUACCORD_FIRST_TOKEN: '{other}' is neither print nor terminal"
            ));
            FirstToken::Terminal
        }
    }
}

/// Origins as browsers write them (RFC 6454 §6.2): they are compared as texts, so any other spelling of one would admit
/// nobody.
fn read_origins(problems: &mut Vec<String>, list: Option<&str>) -> Vec<String> {
    let mut origins = Vec::new();
    for origin in list.into_iter().flat_map(|list| list.split(',')).map(str::trim) {
        let has_default_port = (origin.starts_with("http://") && origin.ends_with(":80"))
            || (origin.starts_with("https://") && origin.ends_with(":443"));
        let is_written_right = !origin.ends_with('/') && !origin.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_origin(origin) || has_default_port || !is_written_right {
            problems.push(format!(
                "EDUACCORD_CORS_ORIGINS: '{origin}' is no origin as browsers send it: http:// or https://, a host in \
                 small letters, a port other than the usual one, and nothing behind it"
            ));
        }
        origins.push(origin.to_owned());
    }
    origins
}

/// `http://` or `https://` with a host, and nothing behind it.
fn is_origin(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri
                .authority()
                .is_some_and(|authority| !authority.as_str().contains('@') && !authority.host().is_empty())
            && uri.path() == "/"
            && uri.query().is_none()
            && !url.contains(['#', '*'])
    })
}

/// The issuer and the audience of access tokens, and what their metadata is looked up below: an origin and no more.
fn read_public_url(problems: &mut Vec<String>, value: Option<&str>) -> Option<String> {
    let url = value?.trim_end_matches('/');
    if !is_origin(url) {
        problems.push(format!(
            "EDUACCORD_PUBLIC_URL: '{url}' is not http:// or https:// with a host, and nothing behind it"
        ));
    }
    Some(url.to_owned())
}

fn read_issuers_file(problems: &mut Vec<String>, file: Option<&str>) -> Vec<IssuerConfig> {
    let Some(path) = file else {
        return Vec::new();
    };
    let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
    let issuers = read.and_then(|text| read_issuers(&text));
    let issuers = issuers.and_then(|issuers| check_authorities(&issuers).map(|()| issuers));
    issuers.unwrap_or_else(|problem| {
        problems.push(format!("EDUACCORD_ISSUERS_FILE: '{path}': {problem}"));
        Vec::new()
    })
}

/// One of the two settings, or neither; with two different keys it would be undecided which one seals.
fn read_master_key(problems: &mut Vec<String>, file: Option<&str>, key: Option<&str>) -> MasterKeySource {
    match (file, key) {
        (Some(_), Some(_)) => {
            problems.push("EDUACCORD_MASTER_KEY_FILE: EDUACCORD_MASTER_KEY is set too; give one of them".to_owned());
            MasterKeySource::Default
        }
        (Some(path), None) => MasterKeySource::File(PathBuf::from(path)),
        (None, Some(key)) => MasterKeySource::Text(key.to_owned().into()),
        (None, None) => MasterKeySource::Default,
    }
}

fn read<T: std::str::FromStr>(problems: &mut Vec<String>, name: &str, value: Option<&str>) -> Option<T> {
    let text = value?;
    match text.parse() {
        Ok(parsed) => Some(parsed),
        Err(_) => {
            problems.push(format!("{name}: '{text}' cannot be read"));
            None
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_unreadable_settings_are_named() {
        let values = BTreeMap::from([
            ("EDUACCORD_LISTN".to_owned(), "x".to_owned()),
            ("EDUACCORD_LISTEN".to_owned(), "nowhere".to_owned()),
        ]);
        let problems = Settings::from_values(&values).unwrap_err();
        assert!(problems.contains("EDUACCORD_LISTN:"), "{problems}");
        assert!(problems.contains("'nowhere'"), "{problems}");
    }

    #[test]
    fn the_public_url_is_an_origin() {
        for (url, is_good) in [
            ("https://registry.example", true),
            ("https://registry.example:8443/", true),
            ("http://[::1]:8080", true),
            ("https://registry.example/eduaccord", false),
            ("https://registry.example/?a=b", false),
            ("https://registry.example#x", false),
            ("https://user@registry.example", false),
            ("ftp://registry.example", false),
            ("registry.example", false),
            ("/", false),
        ] {
            let values = BTreeMap::from([("EDUACCORD_PUBLIC_URL".to_owned(), url.to_owned())]);
            let read = Settings::from_values(&values).map(|settings| settings.public_url);
            assert_eq!(read.is_ok(), is_good, "{url}: {read:?}");
        }
    }

    #[test]
    fn origins_are_written_as_browsers_send_them() {
        for (list, is_good) in [
            ("http://localhost:5173", true),
            ("https://a.example, https://b.example:8443", true),
            ("http://[::1]:5173", true),
            ("*", false),
            ("null", false),
            ("https://a.example/", false),
            ("https://a.example/app", false),
            ("https://A.example", false),
            ("https://a.example:443", false),
            ("http://a.example:80", false),
            ("https://*.example", false),
            ("a.example", false),
            ("https://a.example,", false),
            ("https://a.example https://b.example", false),
        ] {
            let values = BTreeMap::from([("EDUACCORD_CORS_ORIGINS".to_owned(), list.to_owned())]);
            let read = Settings::from_values(&values).map(|settings| settings.cors_origins);
            assert_eq!(read.is_ok(), is_good, "{list}: {read:?}");
        }
    }

    #[test]
    fn the_database_url_may_come_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        let file = path.to_str().unwrap().to_owned();
        let mut values = BTreeMap::from([("DATABASE_URL_FILE".to_owned(), file)]);
        for (text, expected) in [
            ("postgres://a@localhost/b\n", Ok("postgres://a@localhost/b")),
            ("  sqlite://c.db  \r\nignored\n", Ok("sqlite://c.db")),
            ("\n", Err("is empty")),
            ("", Err("is empty")),
        ] {
            std::fs::write(&path, text).unwrap();
            let read = Settings::from_values(&values).map(|settings| settings.database_url);
            match expected {
                Ok(url) => assert_eq!(read.unwrap(), url),
                Err(words) => assert!(read.unwrap_err().contains(words), "{text:?}"),
            }
        }
        values.insert("DATABASE_URL".to_owned(), "sqlite://d.db".to_owned());
        assert!(Settings::from_values(&values).unwrap_err().contains("give one of them"));
        values.remove("DATABASE_URL");
        std::fs::remove_file(&path).unwrap();
        assert!(Settings::from_values(&values).unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn defaults_need_no_environment() {
        let settings = Settings::from_values(&BTreeMap::new()).unwrap();
        assert_eq!(settings.database_url, "sqlite://eduaccord.db");
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    }
}
