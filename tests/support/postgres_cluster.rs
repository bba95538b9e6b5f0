//! A private, throw-away PostgreSQL server for one test run.
//!
//! A shell process starts it, waits until its own standard input closes, stops the server and deletes its files.
//! The other end of that pipe is held by this process alone, so the server never outlives the run, however the run
//! ends: at the end of `main`, by a panic, by Ctrl-C or killed. The shell stands in a process group of its own so
//! that a Ctrl-C in the terminal does not reach it before its work is done.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

/// The folder with a server's programs.
pub(crate) struct Installation {
    programs: PathBuf,
}

impl Installation {
    /// Looks at `PATH`, at Debian's folders with the newest version first, and where `pg_config` points to.
    /// The error says in words that nothing was found.
    pub(crate) fn find() -> Result<Installation, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        folders.extend(debian_folders());
        folders.extend(output_of("pg_config", "--bindir").map(PathBuf::from));
        folders
            .into_iter()
            .find(|folder| {
                ["initdb", "pg_ctl", "postgres"]
                    .iter()
                    .all(|program| folder.join(program).is_file())
            })
            .map(|programs| Installation { programs })
            .ok_or_else(|| "no server programs were found on this machine".to_owned())
    }
}

/// `/usr/lib/postgresql/<version>/bin`, newest first.
fn debian_folders() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

/// What a program prints, without the line end; nothing when it is not there or fails.
fn output_of(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// A running server; dropping it stops the server and deletes its files.
pub(crate) struct Cluster {
    port: u16,
    supervisor: Child,
    /// Closing it is the sign to stop.
    lifeline: Option<ChildStdin>,
    _folder: TempDir,
}

/// Arguments: the programs' folder, the port. Runs in the folder that it deletes.
///
/// It ignores SIGPIPE too: where the run is killed while the server starts, nobody reads `ready`, and the server must
/// be stopped all the same. Durability is off since nothing must survive. The default order of text is a language's
/// where the server can do that, so that a query which forgot to ask for byte order is found out here.
const SUPERVISOR: &str = r#"
trap '' HUP INT TERM PIPE
programs=$1 port=$2 folder=$PWD
make() { "$programs/initdb" -D data -U postgres -A trust -E UTF8 --no-sync --locale=C "$@"; }
delete() { cd / && rm -rf "$folder"; }
fail() { cat "$@" 2>&1; delete; exit 1; }
{
  make --locale-provider=icu --icu-locale=en-US || { rm -rf data; make; }
} >initdb.log 2>&1 || fail initdb.log
cat >>data/postgresql.conf <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 128MB
autovacuum = off
SETTINGS
"$programs/pg_ctl" -D data -l server.log -w -t 60 start >start.log 2>&1 || fail start.log server.log
echo ready
cat >/dev/null
"$programs/pg_ctl" -D data -m immediate -w -t 60 stop >stop.log 2>&1
delete
"#;

impl Cluster {
    /// Makes and starts a server on a free port of the loopback address; the error carries the server's own words.
    pub(crate) fn start(installation: &Installation) -> Result<Cluster, String> {
        // Between finding a free port and listening on it somebody else may take it.
        let mut last = String::new();
        for _ in 0..3 {
            match Cluster::start_once(&installation.programs) {
                Ok(cluster) => return Ok(cluster),
                Err(reason) => last = reason,
            }
        }
        Err(last)
    }

    fn start_once(programs: &Path) -> Result<Cluster, String> {
        let folder = folder("eduaccord-postgres-").map_err(|error| error.to_string())?;
        let port = free_port().map_err(|error| error.to_string())?;
        let mut command = Command::new("sh");
        command
            .args(["-c", SUPERVISOR, "eduaccord-postgres"])
            .arg(programs)
            .arg(port.to_string())
            .current_dir(folder.path())
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        if let Some((user, group)) = server_user()? {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).map_err(|error| error.to_string())?;
            command.uid(user).gid(group);
        }
        let mut supervisor = command
            .spawn()
            .map_err(|error| format!("no shell can be started for it: {error}"))?;
        let lifeline = supervisor.stdin.take();
        let said = BufReader::new(supervisor.stdout.take().expect("standard output is piped"));
        let mut lines = Vec::new();
        for line in said.lines() {
            let line = line.map_err(|error| error.to_string())?;
            if line == "ready" {
                return Ok(Cluster {
                    port,
                    supervisor,
                    lifeline,
                    _folder: folder,
                });
            }
            lines.push(line);
        }
        // It said everything and ended; collecting its exit status only keeps it from staying a zombie.
        supervisor.wait().map_err(|error| error.to_string())?;
        Err(format!("the PostgreSQL server does not start: {}", lines.join("\n")))
    }

    /// The URL of the database that every server has.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        if let Err(error) = self.supervisor.wait() {
            eprintln!("the PostgreSQL server of this run may still be there: {error}");
        }
    }
}

/// Where files in memory are, should this machine have such a place.
const MEMORY: &str = "/dev/shm";

/// As many bytes must be free there: several times what a run needs.
const FREE_MEMORY: u64 = 2 << 30;

/// A new temporary folder for files of a database: in memory where there is plenty, since a new database is a thousand
/// small files, which takes a disk ten times as long as all else that a case does.
pub(super) fn folder(prefix: &str) -> std::io::Result<TempDir> {
    static IN_MEMORY: LazyLock<bool> = LazyLock::new(|| {
        let free = Command::new("df").args(["--output=avail", "-B1", MEMORY]).output();
        let free = free.ok().and_then(|output| String::from_utf8(output.stdout).ok());
        let free = free.and_then(|text| text.lines().last()?.trim().parse::<u64>().ok());
        free.is_some_and(|free| free >= FREE_MEMORY)
    });
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    if *IN_MEMORY {
        builder.tempdir_in(MEMORY)
    } else {
        builder.tempdir()
    }
}

fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// The user and group to run the server as: PostgreSQL refuses to run as root, so for root it is `postgres`, or
/// `nobody` where that user does not exist; for everybody else it is who they are (`None`).
fn server_user() -> Result<Option<(u32, u32)>, String> {
    if output_of("id", "-u").as_deref() != Some("0") {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| user_in(&users, name))
        .map(Some)
        .ok_or_else(|| "there is no user postgres or nobody to run the server as".to_owned())
}

/// The user and group numbers of `name` in the text of a password file.
pub(crate) fn user_in(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields.as_slice() {
            [user, _, user_number, group_number, ..] if *user == name => {
                Some((user_number.parse().ok()?, group_number.parse().ok()?))
            }
            _ => None,
        }
    })
}
