//! What knowing the caller costs: one and the same read of an office by nobody in particular, by the holder of a secret,
//! by the holder of an access token made from it, and by one whose access token is seen for the first time. In one
//! process and one run, in turns, so that the ratios mean something; figures of different machines say nothing about
//! each other.
//!
//! `cargo bench --bench authentication [-- DATABASE_URL]`; without a URL a fresh SQLite file.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use eduaccord::accounts::host::{NewClient, create_client, create_token};
use eduaccord::app::{KINDS, blueprint, open_database};
use eduaccord::auth::access_token::Grant;
use eduaccord::auth::issuers::Issuers;
use eduaccord::auth::keys::{Keyring, store::ensure_keys};
use eduaccord::auth::limits::Limits;
use eduaccord::auth::scope::OfficesRead;
use eduaccord::auth::sealing::MasterKey;
use eduaccord::auth::{AuthService, Authorized, Caller, Reading, RequestContext};
use eduaccord::clock;
use eduaccord::db::schema::office_index;
use eduaccord::db::{Database, Lane};
use eduaccord::documents::contract::Contracts;
use eduaccord::documents::read::select::select_record;
use eduaccord::import::import;
use eduaccord::offices::Offices;
use eduaccord::settings::Settings;

/// Rounds of each way; the median of their times counts.
const ROUNDS: usize = 15;
/// Reads of one round.
const READS: usize = 1_000;

struct Bench {
    database: Database,
    auth_service: AuthService,
    contracts: Contracts,
    caller: Arc<Caller>,
    office: String,
}

impl Bench {
    /// A registry with the records of the tests, and the door of a service on it.
    fn open(url: String) -> (Self, String, Grant) {
        let settings = Settings::for_tests(url);
        let database = open_database(&settings).unwrap();
        let blueprint = blueprint().unwrap();
        let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data"));
        import(&database, KINDS, &blueprint.contracts, &[data], &|_, _| ()).unwrap();
        let office = database
            .read_blocking(|conn| {
                Ok(office_index::table
                    .select(office_index::id)
                    .order(office_index::id.asc())
                    .first(conn)?)
            })
            .unwrap();
        let master = Arc::new(MasterKey::load(&settings.master_key, database.url()).unwrap().unwrap());
        ensure_keys(&database, &master).unwrap();
        let keyring = Arc::new(Keyring::new(Some(master)));
        keyring.poll(&database).unwrap();
        let issuers = Issuers::new(&settings.issuers, settings.issuer_interval);
        let auth_service = AuthService::new(
            database.clone(),
            keyring,
            issuers,
            "http://bench",
            Limits::new(None, None),
        );
        let new = NewClient {
            name: "bench",
            office_id: None,
            scopes: &["offices:read"],
        };
        let client_id = create_client(&database, new).unwrap();
        let (token_id, secret) = create_token(&database, &client_id, "bench", 1).unwrap();
        let grant = Grant {
            client_id,
            office_id: None,
            token_id,
            scope: "offices:read".to_owned(),
            secret_expires_at: clock::now() + chrono::TimeDelta::days(1),
        };
        let bench = Self {
            database,
            auth_service,
            contracts: blueprint.contracts.clone(),
            caller: Arc::new(Caller::command_line(clock::now())),
            office,
        };
        (bench, secret, grant)
    }

    async fn read_as_nobody(&self) {
        let (contracts, caller, office) = (self.contracts.clone(), self.caller.clone(), self.office.clone());
        let read = self.database.read(Lane::Quick, move |conn| {
            let mut reading = Reading {
                conn,
                caller: &caller,
                request_audit: None,
            };
            select_record::<Offices>(&mut reading, &contracts, &office, &[], None)
        });
        read.await.unwrap();
    }

    async fn read_with(&self, token: &str) {
        let visit = RequestContext {
            authorization: Some(format!("Bearer {token}")),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            request_id: "req_bench".to_owned(),
            operation: "getOffice".to_owned(),
            is_strict: false,
            authenticated: Arc::default(),
        };
        let authorized = Authorized::<OfficesRead>::open(&self.auth_service, visit)
            .await
            .unwrap();
        let (contracts, office) = (self.contracts.clone(), self.office.clone());
        let read = authorized.read(Lane::Quick, move |reading| {
            select_record::<Offices>(reading, &contracts, &office, &[], None)
        });
        read.await.unwrap();
    }
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let named = std::env::args().skip(1).find(|argument| argument.contains("://"));
    let url = named.unwrap_or_else(|| format!("sqlite://{}", folder.path().join("bench.db").display()));
    let (bench, secret, grant) = Bench::open(url);
    let access = bench.auth_service.tokens().issue(&grant).unwrap().0;
    let mut times: [Vec<Duration>; 4] = Default::default();
    actix_web::rt::System::new().block_on(async {
        for _ in 0..=ROUNDS {
            let fresh: Vec<String> = (0..READS)
                .map(|_| bench.auth_service.tokens().issue(&grant).unwrap().0)
                .collect();
            let [nobody, by_secret, by_access, by_fresh] = &mut times;
            let began = Instant::now();
            for _ in 0..READS {
                bench.read_as_nobody().await;
            }
            nobody.push(began.elapsed());
            let began = Instant::now();
            for _ in 0..READS {
                bench.read_with(&secret).await;
            }
            by_secret.push(began.elapsed());
            let began = Instant::now();
            for _ in 0..READS {
                bench.read_with(&access).await;
            }
            by_access.push(began.elapsed());
            let began = Instant::now();
            for token in &fresh {
                bench.read_with(token).await;
            }
            by_fresh.push(began.elapsed());
        }
    });
    println!(
        "{}, {ROUNDS} rounds of {READS} reads of one office, medians",
        bench.database.url().backend()
    );
    let names = [
        "by nobody in particular",
        "with a secret",
        "with an access token",
        "with an access token seen for the first time",
    ];
    let medians = times.map(|mut of_way| {
        // The first round fills caches.
        of_way.remove(0);
        of_way.sort_unstable();
        of_way.into_iter().nth(ROUNDS / 2).unwrap_or_default()
    });
    let base = medians.first().copied().unwrap_or_default().as_secs_f64();
    for (name, median) in names.iter().zip(medians) {
        let each = median.as_secs_f64() * 1e6 / f64::from(u32::try_from(READS).unwrap());
        println!(
            "{name:<46} {each:8.1} µs a read   time x {:.2}",
            median.as_secs_f64() / base
        );
    }
}
