//! The first administrator's token, and every other that is shown on the host: it is printed, or it is not made.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::backend::TestDatabase;
use crate::support::program::{Service, end, run};
use crate::support::{Case, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        a_taken_port_takes_no_token,
        what_cannot_be_printed_is_not_made,
        a_kill_during_the_first_start_loses_no_token,
        a_log_gets_no_token,
    ]
}

fn is_good(service: &Service, token: &str) -> bool {
    let authorization = format!("Bearer {token}");
    service.ask("GET", "/api/v1/me", &[("authorization", &authorization)]).0 == 200
}

fn a_taken_port_takes_no_token(world: &World) {
    let database = world.empty_database();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let mut command = world.command(&database, &["serve"]);
    command.env("EDUACCORD_LISTEN", &address);
    end(command).refuses(&format!("cannot listen on {address}"));
    run(world, &database, &["verify"]).refuses("there is no Eduaccord database");
    let mut service = Service::start(world, &database, &[]);
    let token = service.token();
    assert!(is_good(&service, &token));
}

/// A full disk under the output stands for whatever keeps a token from being shown.
fn what_cannot_be_printed_is_not_made(world: &World) {
    let into_nothing = |mut command: Command| {
        let full = File::options().write(true).open("/dev/full").expect("a full device");
        let ended = command
            .env("EDUACCORD_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .expect("the program runs");
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
    };
    let database = world.empty_database();
    into_nothing(world.command(&database, &["serve"]));
    into_nothing(world.command(&database, &["admin", "bootstrap"]));
    let mut service = Service::start(world, &database, &[]);
    let token = service.token();
    assert!(is_good(&service, &token));
    let tokens = || run(world, &database, &["token", "list", "--json"]).expect(0).json();
    let before = tokens();
    let (client, id) = (&before[0]["client_id"], &before[0]["id"]);
    let (client, id) = (client.as_str().expect("an id"), id.as_str().expect("an id"));
    for arguments in [
        &["admin", "bootstrap", "--force"][..],
        &["token", "create", "--name", "A", "--client", client],
        &["token", "create", "--name", "A", "--role", "viewer"],
        &["token", "rotate", id],
        &["token", "rotate", id, "--json"],
    ] {
        into_nothing(world.command(&database, arguments));
        assert_eq!(tokens().as_array().map(Vec::len), Some(1), "{arguments:?}");
    }
    assert!(is_good(&service, &token), "it was not rotated");
}

fn a_kill_during_the_first_start_loses_no_token(world: &World) {
    for delay in [0, 1, 2, 4, 8, 16, 32, 64] {
        let database = world.empty_database();
        let mut first = Service::start(world, &database, &[]);
        thread::sleep(Duration::from_millis(delay));
        first.kill();
        let told = first.output();
        let told = told.split_whitespace().find(|word| word.starts_with("eda_live_"));
        let mut second = Service::start(world, &database, &[]);
        if !told.is_some_and(|token| is_good(&second, token)) {
            let token = second.token();
            assert!(is_good(&second, &token), "after {delay} ms");
        }
    }
}

fn a_log_gets_no_token(world: &World) {
    let check = |database: &TestDatabase, service: &Service, output: &str| {
        assert!(output.contains("eduaccord admin bootstrap"), "{output}");
        assert!(!output.contains("eda_live_"), "{output}");
        // As the text says, and beside the service that runs.
        let made = run(world, database, &["admin", "bootstrap", "--json"]).expect(0).json();
        assert!(is_good(service, made["token"].as_str().expect("a token")));
    };
    let database = world.empty_database();
    let mut service = Service::start(world, &database, &[("EDUACCORD_FIRST_TOKEN", "terminal")]);
    let output = service.wait_for("how to make one", |output| {
        output.contains("bootstrap\n").then(|| output.to_owned())
    });
    check(&database, &service, &output);

    // systemd names its journal by device and inode.
    let database = world.empty_database();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let journal = File::create(&path).expect("a file");
    let facts = journal.metadata().expect("its facts");
    let mut command = world.command(&database, &["serve"]);
    command
        .env("EDUACCORD_LISTEN", "127.0.0.1:0")
        .env("JOURNAL_STREAM", format!("{}:{}", facts.dev(), facts.ino()))
        .stdin(Stdio::null())
        .stdout(journal)
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let output = (0..600).find_map(|_| {
        thread::sleep(Duration::from_millis(100));
        let text = std::fs::read_to_string(&path).expect("a text");
        (text.contains("bootstrap\n") || text.contains("eda_live_")).then_some(text)
    });
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let service = Service::start(world, &database, &[("EDUACCORD_FIRST_TOKEN", "terminal")]);
    check(&database, &service, &output.expect("an output"));
}
