//! From where a token may be used, and who is believed about it.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::auth::network::Networks;
use eduaccord::db::Database;
use eduaccord::db::schema::clients;

use crate::support::credentials::Credentials;
use crate::support::paths::OFFICES;
use crate::support::{Case, TestApp, World, cases, make};

pub(super) fn cases() -> Vec<Case> {
    cases![a_token_counts_only_in_its_networks, only_trusted_proxies_are_believed,]
}

/// The secret of a client that may call from these networks only.
fn fenced(database: &Database, networks: &'static str) -> String {
    let Credentials { client_id, secret, .. } = Credentials::new(database, None, &make::every_scope());
    database
        .write_blocking(move |transaction| {
            transaction.state.epoch += 1;
            diesel::update(clients::table.find(client_id))
                .set(clients::networks.eq(networks))
                .execute(transaction.conn)?;
            Ok(())
        })
        .unwrap();
    secret
}

fn a_token_counts_only_in_its_networks(app: &TestApp) {
    let inside = fenced(app.database(), "127.0.0.0/8 2001:db8::/32");
    app.with_token(&inside).get(OFFICES).expect(200);
    let outside = app.with_token(&fenced(app.database(), "203.0.113.0/24"));
    for _ in 0..2 {
        outside.get(OFFICES).expect(403).problem("network-not-allowed");
        let body = make::office_body("From elsewhere", "KR");
        outside.post(OFFICES, &body).expect(403).problem("network-not-allowed");
    }
    // Nobody asked to be believed about where a request comes from.
    let claims = outside.header("x-forwarded-for", "203.0.113.7");
    claims.get(OFFICES).expect(403).problem("network-not-allowed");
}

fn only_trusted_proxies_are_believed(world: &World) {
    let database = world.database();
    let app = TestApp::start(&database, |settings| {
        settings.trusted_proxies = Networks::parse("127.0.0.0/8 10.0.0.0/8").unwrap();
    });
    let caller = app.with_token(&fenced(app.database(), "203.0.113.0/24"));
    caller.get(OFFICES).expect(403).problem("network-not-allowed");
    for (forwarded, status) in [
        ("203.0.113.7", 200),
        ("198.51.100.1, 203.0.113.7", 200),
        ("203.0.113.7, 10.0.0.9", 200),
        ("203.0.113.7, 198.51.100.1", 403),
        ("203.0.113.7, nonsense", 403),
    ] {
        caller.header("x-forwarded-for", forwarded).get(OFFICES).expect(status);
    }
}
