//! Which issuers are trusted, and by which keys: the form of a signature, the authority behind a certificate, and what
//! stops the start.

use std::path::PathBuf;
use std::time::Duration;

use eduaccord::auth::issuers::config::IssuerConfig;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::foreign::{claims, config_of, link, start_with, token};
use super::issuer_process::Issuer;
use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::program::{Service, end};
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![
        rsa_signatures_count_in_the_form_that_was_agreed_on,
        a_private_authority_is_trusted_by_its_file_only,
        an_issuer_that_cannot_be_trusted_stops_the_start,
    ]
}

/// A client with every scope that the subject `subject` is linked to.
fn link_subject(app: &TestApp, issuer: &Issuer) {
    let holder = Credentials::new(app.database(), None, &make::every_scope());
    link(&app.admin(), &holder.client_id, issuer, "subject");
}

/// RSASSA-PSS (PS256) and RSASSA-PKCS1-v1_5 (RS256) go with the same kind of key.
fn rsa_signatures_count_in_the_form_that_was_agreed_on(world: &World) {
    for mode in ["good", "unnamed"] {
        let (database, issuer) = (world.database(), Issuer::start());
        issuer.behave(mode);
        let trusting = |algorithms: &[Algorithm]| IssuerConfig {
            algorithms: algorithms.to_vec(),
            ..config_of(&issuer)
        };
        let right = claims(&issuer, "subject", json!({}));
        let sign = |key: &str, algorithm: &str, header: Value| issuer.sign_by(key, algorithm, &header, &right);
        let plain = || json!({"typ": "at+jwt"});
        let says = |algorithm: &str| json!({"typ": "at+jwt", "alg": algorithm});
        {
            let app = start_with(&database, trusting(&[Algorithm::RS256]), Duration::ZERO);
            link_subject(&app, &issuer);
            let caller = app.with_token(&sign("PS256", "PS256", plain()));
            caller.get(OFFICES).expect(401).problem("invalid-token");
            assert_eq!(issuer.hits(), 0, "what was not agreed on asks nobody");
        }
        let both = [Algorithm::RS256, Algorithm::PS256];
        let app = start_with(&database, trusting(&both), Duration::ZERO);
        // A key says for which of the two it is, or it is for both.
        let other = if mode == "unnamed" { 200 } else { 401 };
        for (key, algorithm, header, status) in [
            ("PS256", "PS256", plain(), 200),
            ("RS256", "RS256", plain(), 200),
            ("PS256", "RS256", plain(), other),
            ("RS256", "PS256", plain(), other),
            ("PS256", "PS256", says("RS256"), 401),
            ("PS256", "RS256", says("PS256"), 401),
            ("RS256", "RS256", says("PS256"), 401),
            ("RS256", "PS256", says("RS256"), 401),
        ] {
            let reply = app.with_token(&sign(key, algorithm, header.clone())).get(OFFICES);
            assert_eq!(
                reply.status, status,
                "{mode}: key {key}, signed {algorithm}, {header}: {}",
                reply.text
            );
            if status == 401 {
                reply.problem("invalid-token");
            }
        }
        let mut forged = sign("PS256", "PS256", plain()).into_bytes();
        let place = forged.len() - 20;
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("text");
        app.with_token(&forged)
            .get(OFFICES)
            .expect(401)
            .problem("invalid-token");
    }
}

fn a_private_authority_is_trusted_by_its_file_only(world: &World) {
    let (database, folder) = (world.database(), tempfile::tempdir().expect("a folder"));
    let save = |name: &str, text: &str| -> Option<PathBuf> {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        Some(path)
    };
    let issuer = Issuer::start_encrypted("127.0.0.1");
    let stranger = Issuer::start_encrypted("127.0.0.1");
    let misnamed = Issuer::start_encrypted("sso.example");
    assert!(issuer.url.starts_with("https://"));
    let own = save("own.pem", &issuer.authority);
    let others = save("others.pem", &stranger.authority);
    let both = save("both.pem", &format!("{}{}", stranger.authority, issuer.authority));
    let of_misnamed = save("misnamed.pem", &misnamed.authority);
    {
        let app = start_with(&database, config_of(&issuer), Duration::ZERO);
        for issuer in [&issuer, &misnamed] {
            link_subject(&app, issuer);
        }
    }
    for (issuer, ca_file, is_trusted, what) in [
        (&issuer, own, true, "its own authority"),
        (&issuer, None, false, "the system's authorities"),
        (&issuer, others, false, "another authority"),
        (&issuer, both, true, "one of two authorities"),
        (&misnamed, of_misnamed, false, "a certificate for another name"),
    ] {
        let config = IssuerConfig {
            ca_file,
            ..config_of(issuer)
        };
        let app = start_with(&database, config, Duration::ZERO);
        let (caller, before) = (app.with_token(&token(issuer, "subject")), issuer.hits());
        let body = make::office_body(what, "KR");
        let (read, written) = (caller.get(OFFICES), caller.post(OFFICES, &body));
        if is_trusted {
            read.expect(200);
            written.expect(201);
            assert_eq!(issuer.hits(), before + 1, "{what}");
        } else {
            for reply in [read, written] {
                assert_eq!(reply.status, 503, "{what}: {}", reply.text);
                reply.problem("issuer-unavailable");
            }
            assert_eq!(
                issuer.hits(),
                before,
                "{what}: nothing was asked over such a connection"
            );
        }
        let made = app.admin_beside().get(&format!("{OFFICES}?limit=200")).expect(200).text;
        assert_eq!(made.contains(what), is_trusted, "{what}");
    }
}

fn an_issuer_that_cannot_be_trusted_stops_the_start(world: &World) {
    let (database, folder) = (world.database(), tempfile::tempdir().expect("a folder"));
    let file = folder.path().join("issuers.json");
    let write = |change: Value| {
        let mut issuer = json!({"issuer": "https://sso.example", "audience": "eduaccord", "algorithms": ["PS256"]});
        for (name, value) in change.as_object().expect("an object") {
            issuer[name] = value.clone();
        }
        std::fs::write(&file, json!([issuer]).to_string()).expect("a file");
    };
    let setting = file.to_str().expect("a path");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").expect("a file");
    for (change, words) in [
        (
            json!({"issuer": "http://sso.example"}),
            "'http://sso.example' is no issuer",
        ),
        (
            json!({"issuer": "http://127.0.0.1.example"}),
            "http on this machine only",
        ),
        (json!({"algorithms": ["HS256"]}), "algorithms must be some of"),
        (json!({"ca_file": folder.path().join("absent.pem")}), "absent.pem"),
        (json!({"ca_file": empty}), "has no certificate in it"),
    ] {
        write(change);
        let mut command = world.command(&database, &["serve"]);
        command
            .env("EDUACCORD_LISTEN", "127.0.0.1:0")
            .env("EDUACCORD_ISSUERS_FILE", setting);
        end(command).refuses(words);
    }
    for good in [
        json!({}),
        json!({"issuer": "http://127.0.0.1:1"}),
        json!({"issuer": "http://localhost:1/a"}),
    ] {
        write(good);
        let service = Service::start(world, &database, &[("EDUACCORD_ISSUERS_FILE", setting)]);
        assert_eq!(service.ask("GET", "/readyz", &[]).0, 200);
    }
}
