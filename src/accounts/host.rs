//! Clients, tokens and the first administrator, from the host: for the command line, the start and tests. The rules are
//! those of [`accounts`](crate::accounts).

use crate::accounts::clients::insert_client;
use crate::accounts::ending::{Ending, end_token};
use crate::accounts::first_client::OwnRecords;
use crate::accounts::rights::has_usable_admin;
use crate::accounts::rows::TokenName;
use crate::accounts::rules::{Life, read_scopes};
use crate::accounts::tokens::{self, Minted};
use crate::accounts::{Overrides, clients, on_host};
use crate::auth::authorized::{Recorded, Writing};
use crate::auth::network::Networks;
use crate::auth::scope::ScopeSet;
use crate::clock;
use crate::db::schema::{clients as client_table, records};
use crate::db::{Conn, Database};
use crate::error::{Code, Error, Result};
use crate::texts::untranslated;
use chrono::TimeDelta;
use diesel::{QueryDsl, RunQueryDsl};
use serde::Serialize;

/// The longest life of a token, in days.
pub use crate::accounts::rules::LONGEST_LIFE_DAYS;

/// A service account to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewClient<'a> {
    /// What people call it.
    pub name: &'a str,
    /// The office it acts for; none makes a client of the registry itself.
    pub office_id: Option<&'a str>,
    /// What it may do.
    pub scopes: &'a [&'a str],
}

impl NewClient<'_> {
    fn read(self) -> Result<clients::NewClient> {
        let scopes: Vec<String> = self.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Ok(clients::NewClient {
            name: self.name.to_owned(),
            office_id: self.office_id.map(str::to_owned),
            scopes: read_scopes("/scopes", &scopes)
                .map_err(|findings| Error::with_findings(Code::InvalidDocument, findings))?,
            networks: Networks::default(),
        })
    }
}

/// A token just made: the only time that its secret is known.
#[derive(Serialize)]
pub struct NewToken {
    /// Id of the token.
    pub token_id: String,
    /// Id of its client.
    pub client_id: String,
    /// The secret. Shown once.
    pub token: String,
    /// When it ends.
    pub expires_at: String,
}

impl From<Minted> for NewToken {
    fn from(minted: Minted) -> Self {
        Self {
            token: minted.secret.reveal().to_owned(),
            token_id: minted.token.id,
            client_id: minted.token.client_id,
            expires_at: minted.token.expires_at,
        }
    }
}

/// Makes a client alone, whatever office it is the first of; its id.
pub fn create_client(database: &Database, client: NewClient<'_>) -> Result<String> {
    let new = client.read()?;
    on_host(database, move |writing| {
        let (row, proof) = insert_client(writing, new)?;
        Ok(Recorded::new(row.id, proof))
    })
}

/// Shows a new token to its owner, inside the transaction that makes it: where that fails nothing is made. So no token
/// exists that nobody was shown, whenever the process is killed. A token that was shown and does not exist is the lesser
/// evil: the command fails, or the next start makes another.
pub trait Show: FnOnce(&NewToken) -> std::io::Result<()> + Send + 'static {}

impl<F: FnOnce(&NewToken) -> std::io::Result<()> + Send + 'static> Show for F {}

fn shown(minted: Recorded<Minted>, show: impl Show) -> Result<Recorded<NewToken>> {
    minted.try_map(|minted| {
        let new = NewToken::from(minted);
        show(&new).map_err(|error| {
            let detail = untranslated(format!("the token could not be shown, and was not made: {error}"));
            Error::new(Code::Internal, detail)
        })?;
        Ok(new)
    })
}

/// Makes a client together with its first token: both or neither.
pub fn create_client_with_token(
    database: &Database,
    own_records: OwnRecords,
    new: clients::NewClient,
    life: Life,
    show: impl Show,
) -> Result<NewToken> {
    on_host(database, move |writing| {
        let client = clients::create_client(writing, &own_records, new)?.into_inner();
        shown(tokens::create_token(writing, &client.id, None, life)?, show)
    })
}

/// Makes a token of a client.
pub fn create_token_of(
    database: &Database,
    client_id: String,
    name: String,
    life: Life,
    show: impl Show,
) -> Result<NewToken> {
    on_host(database, move |writing| {
        shown(tokens::create_token(writing, &client_id, Some(name), life)?, show)
    })
}

/// Gives a client a new secret in the place of one that lives for `grace` more seconds.
pub fn rotate_token(database: &Database, id: String, grace: i64, life: Life, show: impl Show) -> Result<NewToken> {
    on_host(database, move |writing| {
        shown(tokens::rotate_token(writing, &id, grace, life)?, show)
    })
}

/// Makes a token of a client; its id and its secret.
pub fn create_token(database: &Database, client_id: &str, name: &str, days: i64) -> Result<(String, String)> {
    let (client_id, name) = (client_id.to_owned(), name.to_owned());
    let token = create_token_of(database, client_id, name, Life::Days(days), |_| Ok(()))?;
    Ok((token.token_id, token.token))
}

/// Makes the first administrator: a client without an office and with every scope, and a token for it. Refused (`None`)
/// while a usable administrator token exists, unless forced.
pub fn bootstrap(database: &Database, life: TimeDelta, force: bool, show: impl Show) -> Result<Option<NewToken>> {
    on_host(database, move |writing| {
        if !force && has_usable_admin(writing.transaction.conn, writing.transaction.now)? {
            return Ok(Recorded::unchanged(None));
        }
        shown(insert_admin(writing, life)?, show)?.try_map(|token| Ok(Some(token)))
    })
}

/// The same where nothing was ever made, and nowhere else: the token that the first start shows. Of two instances that
/// start at once one makes it.
pub fn bootstrap_empty(database: &Database, life: TimeDelta, show: impl Show) -> Result<Option<NewToken>> {
    on_host(database, move |writing| {
        if !has_nothing(writing.transaction.conn)? {
            return Ok(Recorded::unchanged(None));
        }
        shown(insert_admin(writing, life)?, show)?.try_map(|token| Ok(Some(token)))
    })
}

fn insert_admin(writing: &mut Writing<'_, '_>, life: TimeDelta) -> Result<Recorded<Minted>> {
    let new = clients::NewClient {
        name: "Registry administrator".to_owned(),
        office_id: None,
        scopes: ScopeSet::all(),
        networks: Networks::default(),
    };
    let (row, _) = insert_client(writing, new)?;
    tokens::create_token(writing, &row.id, Some("bootstrap".to_owned()), Life::Span(life))
}

/// Has nothing ever been made here?
pub fn is_empty(database: &Database) -> Result<bool> {
    database.read_blocking(has_nothing)
}

fn has_nothing(conn: &mut Conn) -> Result<bool> {
    let clients: i64 = client_table::table.count().get_result(conn)?;
    let records: i64 = records::table.count().get_result(conn)?;
    Ok(clients + records == 0)
}

/// Is there a token with which somebody can administer the registry?
pub fn has_admin(database: &Database) -> Result<bool> {
    database.read_blocking(|conn| has_usable_admin(conn, clock::now()))
}

/// Ends a token, also the last administrator's; the very next request with it is refused. Takes the token's id or the
/// secret itself. `false` when it was revoked before.
pub fn revoke_token(database: &Database, token: &str, reason: &str) -> Result<bool> {
    let ending = Ending {
        token: TokenName::read(token),
        reason: Some(reason.to_owned()),
        cascade: false,
    };
    let force = Overrides {
        force: true,
        ..Overrides::default()
    };
    on_host(database, move |writing| end_token(writing, ending, force)).map(|ended| ended.ended > 0)
}
