//! Starting the service: the first time, again, and where it cannot.

use std::net::TcpListener;

use serde_json::Value;

use crate::support::program::{Service, end, run};
use crate::support::{Case, World, cases};

pub(crate) fn cases() -> Vec<Case> {
    cases![
        the_first_start_prints_a_token_once,
        the_documentation_needs_no_internet,
        settings_that_cannot_be_are_one_line,
        a_database_that_cannot_be_reached_is_one_line,
        a_taken_port_is_one_line,
        a_second_service_on_one_file_is_refused,
    ]
}

fn the_first_start_prints_a_token_once(world: &World) {
    let database = world.empty_database();
    let mut service = Service::start(world, &database, &[]);
    let token = service.token();
    assert!(token.starts_with("eda_live_"));
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    let (status, _, me) = service.ask("GET", "/api/v1/me", &headers);
    assert_eq!(status, 200, "{me}");
    let me: Value = serde_json::from_str(&me).expect("a caller");
    assert_eq!(me["office_id"], Value::Null);
    let line = format!(
        "curl -H 'Authorization: {authorization}' http://{}/api/v1/me",
        service.address
    );
    let (output, _) = service.stop();
    assert!(output.contains(&line), "{output}");
    assert_eq!(output.matches("curl").count(), 1);

    let service = Service::start(world, &database, &[]);
    assert_eq!(service.ask("GET", "/api/v1/me", &headers).0, 200);
    let (output, log) = service.stop();
    assert!(
        !output.contains("eda_live_") && !log.contains("eda_live_"),
        "{output}{log}"
    );
    assert!(!log.contains("no usable administrator"), "{log}");
}

/// Everything that the page loads is served here, and nothing in it names another host.
fn the_documentation_needs_no_internet(world: &World) {
    let database = world.database();
    let service = Service::start(world, &database, &[]);
    for (from, to) in [("/", "/docs/"), ("/docs", "/docs/")] {
        let (status, headers, _) = service.ask("GET", from, &[]);
        assert_eq!(
            (status / 100, headers["location"].to_str().ok()),
            (3, Some(to)),
            "{from}"
        );
    }
    let (status, headers, page) = service.ask("GET", "/docs/", &[]);
    assert_eq!(status, 200);
    assert!(headers["content-type"].to_str().expect("text").starts_with("text/html"));
    assert!(page.contains("swagger-ui"), "{page}");
    let mut assets = 0;
    for (attribute, _) in page.match_indices("src=\"").chain(page.match_indices("href=\"")) {
        let target = page[attribute..].split('"').nth(1).expect("a target");
        assert!(!target.contains("//"), "the page loads {target}");
        let (status, _, body) = service.ask("GET", &format!("/docs/{}", target.trim_start_matches("./")), &[]);
        assert!(status == 200 && !body.is_empty(), "{target}: {status}");
        assets += 1;
    }
    assert!(assets >= 3, "{page}");
    let (_, _, start) = service.ask("GET", "/docs/swagger-initializer.js", &[]);
    assert!(start.contains("/api/openapi.json"), "{start}");
    assert!(!start.contains("http://") && !start.contains("https://"), "{start}");
}

fn settings_that_cannot_be_are_one_line(world: &World) {
    let database = world.empty_database();
    for (name, value, words) in [
        ("DATABASE_URL", "mysql://root:hidden@localhost/x", "unknown scheme"),
        ("DATABASE_URL", "eduaccord.db", "unknown scheme"),
        ("DATABASE_URL", "sqlite://", "needs the path of a file"),
        ("DATABASE_URL", "sqlite:///no/such/folder/a.db", "cannot be opened"),
        ("DATABASE_URL", "postgres://u:hidden@db.example.org/x", "cannot encrypt"),
        (
            "EDUACCORD_LISTN",
            "127.0.0.1:0",
            "EDUACCORD_LISTN: there is no such setting",
        ),
        ("EDUACCORD_LISTEN", "nowhere", "'nowhere' cannot be read"),
        ("EDUACCORD_WORKERS", "many", "'many' cannot be read"),
    ] {
        for arguments in [&["serve"][..], &["verify"][..]] {
            let mut command = world.command(&database, arguments);
            command.env("EDUACCORD_LISTEN", "127.0.0.1:0").env(name, value);
            let ended = end(command);
            assert!(!ended.complaint.contains("hidden"), "{ended:?}");
            if words == "cannot be opened" && arguments == ["verify"] {
                ended.refuses("there is no Eduaccord database");
            } else {
                ended.refuses(words);
            }
        }
    }
}

fn a_database_that_cannot_be_reached_is_one_line(world: &World) {
    let database = world.empty_database();
    for arguments in [&["serve"][..], &["verify"][..], &["token", "list"][..]] {
        let mut command = world.command(&database, arguments);
        command.env("DATABASE_URL", "postgres://nobody:hidden@127.0.0.1:1/none");
        let ended = end(command);
        assert!(!ended.complaint.contains("hidden"), "{ended:?}");
        ended.refuses("postgres://nobody@127.0.0.1:1/none cannot be reached");
    }
}

fn a_taken_port_is_one_line(world: &World) {
    let database = world.database();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let mut command = world.command(&database, &[]);
    command.env("EDUACCORD_LISTEN", &address);
    end(command).refuses(&format!("cannot listen on {address}"));
}

/// Two writers on one file would be two truths; a server database has one writer at a time by itself.
fn a_second_service_on_one_file_is_refused(world: &World) {
    let database = world.database();
    let first = Service::start(world, &database, &[]);
    if database.url.starts_with("sqlite:") {
        let mut second = world.command(&database, &["serve"]);
        second.env("EDUACCORD_LISTEN", "127.0.0.1:0");
        end(second).refuses("is served by another process already");
        // Commands work beside it.
        run(world, &database, &["verify"]).expect(0);
    } else {
        let second = Service::start(world, &database, &[]);
        assert_eq!(second.ask("GET", "/readyz", &[]).0, 200);
    }
    assert_eq!(first.ask("GET", "/readyz", &[]).0, 200);
}
