//! The files of a service: whose they are, and that a start which is refused leaves none.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use serde_json::Value;

use crate::support::backend::TestDatabase;
use crate::support::program::{Service, end, run};
use crate::support::wire;
use crate::support::{Case, World, cases, make};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        all_files_are_their_owners_only only sqlite "a server database has no files here",
        the_lock_follows_no_link only sqlite "a server database has no files here",
        a_database_that_is_gone_is_noticed only sqlite "a server database has no files here",
        a_limit_on_file_sizes_gives_no_false_answer only sqlite "a server database has no files here",
        settings_are_read_from_the_working_directory_only,
        a_wrong_setting_makes_nothing,
    ]
}

fn path(database: &TestDatabase) -> PathBuf {
    PathBuf::from(database.url.strip_prefix("sqlite://").expect("a file"))
}

/// The files beside the database, with their modes.
fn files(database: &TestDatabase) -> Vec<(String, u32)> {
    let path = path(database);
    let folder = path.parent().expect("a folder");
    let mut files: Vec<(String, u32)> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let mode = entry.metadata().expect("its facts").permissions().mode();
            (entry.file_name().to_string_lossy().into_owned(), mode & 0o777)
        })
        .collect();
    files.sort();
    files
}

fn all_files_are_their_owners_only(world: &World) {
    let database = world.empty_database();
    let mut service = Service::start(world, &database, &[]);
    service.token();
    let expected = ["", "-shm", "-wal", ".key", ".lock"].map(|ending| (format!("eduaccord.db{ending}"), 0o600));
    assert_eq!(files(&database), expected);
    drop(service);

    // An older version left them as the umask had them.
    for (name, _) in files(&database) {
        if !name.ends_with(".key") {
            let path = path(&database).with_file_name(name);
            fs::set_permissions(path, Permissions::from_mode(0o644)).expect("other rights");
        }
    }
    let service = Service::start(world, &database, &[]);
    service.ask("GET", "/readyz", &[]);
    let modes: Vec<_> = files(&database)
        .into_iter()
        .filter(|(name, _)| !name.ends_with(".lock"))
        .collect();
    assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");

    for arguments in [
        &["admin", "bootstrap"][..],
        &[
            "generate",
            "--offices",
            "5",
            "--mous",
            "0",
            "--programs",
            "0",
            "--policies",
            "0",
        ],
    ] {
        let database = world.empty_database();
        run(world, &database, arguments).expect(0);
        let modes = files(&database);
        assert!(
            !modes.is_empty() && modes.iter().all(|(_, mode)| *mode == 0o600),
            "{modes:?}"
        );
    }
}

fn the_lock_follows_no_link(world: &World) {
    let database = world.database();
    let folder = tempfile::tempdir().expect("a folder");
    let victim = folder.path().join("victim");
    fs::write(&victim, "kept").expect("a file");
    symlink(&victim, format!("{}.lock", path(&database).display())).expect("a link");
    let mut command = world.command(&database, &["serve"]);
    command.env("EDUACCORD_LISTEN", "127.0.0.1:0");
    end(command).refuses("is a symbolic link");
    assert_eq!(fs::read_to_string(&victim).expect("a text"), "kept");
}

fn settings_are_read_from_the_working_directory_only(world: &World) {
    let database = world.database();
    let folder = tempfile::tempdir().expect("a folder");
    let below = folder.path().join("below");
    fs::create_dir(&below).expect("a folder");
    fs::write(folder.path().join(".env"), "EDUACCORD_LISTN=1\n").expect("a file");
    let list = |folder: &std::path::Path| {
        let mut command = world.command(&database, &["token", "list"]);
        command.current_dir(folder);
        end(command)
    };
    list(&below).expect(0);
    list(folder.path()).refuses("EDUACCORD_LISTN: there is no such setting");
    fs::create_dir(below.join(".env")).expect("a folder");
    list(&below).refuses(".env");
}

fn a_wrong_setting_makes_nothing(world: &World) {
    for (name, value) in [
        ("EDUACCORD_CORS_ORIGINS", "*"),
        ("EDUACCORD_CORS_ORIGINS", "localhost:5173"),
        ("EDUACCORD_CORS_ORIGINS", "http://localhost:5173/"),
        ("EDUACCORD_FIRST_TOKEN", "yes"),
        ("EDUACCORD_MASTER_KEY", "short"),
        ("EDUACCORD_MASTER_KEY_FILE", "/no/such/file"),
        ("EDUACCORD_ISSUERS_FILE", "/no/such/file"),
        ("EDUACCORD_PUBLIC_URL", "registry.example"),
        ("EDUACCORD_TRUSTED_PROXIES", "everywhere"),
        ("EDUACCORD_RATE_LIMIT", "-1"),
    ] {
        let database = world.empty_database();
        let mut command = world.command(&database, &["serve"]);
        command.env("EDUACCORD_LISTEN", "127.0.0.1:0").env(name, value);
        let ended = end(command);
        assert_eq!(ended.code, Some(2), "{name}={value}: {ended:?}");
        run(world, &database, &["verify"]).refuses("there is no Eduaccord database");
        if database.url.starts_with("sqlite:") {
            assert_eq!(files(&database), [], "{name}={value}");
        }
    }
}

/// Moved away, and with another file in its place: nothing is written, and the log says why. When it is back all goes on.
fn a_database_that_is_gone_is_noticed(world: &World) {
    let database = world.database();
    let mut service = Service::start(world, &database, &[]);
    let authorization = format!("Bearer {}", service.token());
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let body = make::office_body("One", "KR").to_string();
    let create = || service.send("POST", "/api/v1/offices", &headers, &body).0;
    let ready = || service.ask("GET", "/readyz", &[]).0;
    assert_eq!((create(), ready()), (201, 200));
    let (path, away) = (path(&database), path(&database).with_extension("away"));
    fs::rename(&path, &away).expect("moved away");
    assert_eq!((create(), ready()), (503, 503));
    assert!(!path.exists(), "no empty file was made");
    fs::copy(&away, &path).expect("another file in its place");
    assert_eq!((create(), ready()), (503, 503));
    fs::rename(&away, &path).expect("put back");
    assert_eq!((create(), ready()), (201, 200));
    fs::remove_file(&path).expect("deleted");
    assert_eq!((create(), ready()), (503, 503));
    let ended = service.end("TERM");
    assert!(ended.log.contains("was deleted or replaced"), "{}", ended.log);
    assert!(!path.exists(), "no empty file was made");
}

/// A write beyond the limit fails, as on a full disk: that change is refused, and the service lives on and reads.
fn a_limit_on_file_sizes_gives_no_false_answer(world: &World) {
    let database = world.database();
    let mut service = Service::start(world, &database, &[]);
    let token = service.token();
    service.stop();
    let service = Service::start_limited(world, &database, 2_000);
    let (mut made, mut refused) = (Vec::new(), 0);
    for number in 0..3_000 {
        let body = make::office_body(&format!("Office {number}"), "KR").to_string();
        let length = body.len();
        let request = format!(
            "POST /api/v1/offices HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let answer = wire::send(service.address, request.as_bytes());
        match answer.status {
            201 => made.push(serde_json::from_str::<Value>(&answer.body).expect("a record")),
            503 => refused += 1,
            _ => panic!("{answer:?}"),
        }
        if refused == 20 {
            break;
        }
    }
    assert!(refused == 20 && !made.is_empty(), "{refused} of {}", made.len());
    assert_eq!(service.ask("GET", "/healthz", &[]).0, 200);
    assert_eq!(service.ask("GET", "/readyz", &[]).0, 503, "a full disk shows");
    drop(service);
    let service = Service::start(world, &database, &[]);
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    for record in &made {
        let path = format!("/api/v1/offices/{}", record["id"].as_str().expect("an id"));
        assert_eq!(service.ask("GET", &path, &headers).0, 200, "{path}");
    }
    let (_, _, list) = service.ask("GET", "/api/v1/offices?include_total=true&limit=1", &headers);
    let list: Value = serde_json::from_str(&list).expect("a page");
    assert_eq!(list["page"]["total"], made.len(), "what was refused is not there");
    run(world, &database, &["verify"]).expect(0);
}
