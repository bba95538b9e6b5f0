//! From a request to the accounts and back: reading conditions, writing once, pages and answers.

use crate::accounts::Overrides;
use crate::accounts::ending::Ended;
use crate::accounts::rights::require_secret;
use crate::accounts::rows::{TokenName, find_client, find_token};
use crate::accounts::select::{CLIENTS, TOKENS, select_clients, select_tokens};
use crate::accounts::tokens::Minted;
use crate::accounts::used::{TokenUsage, select_usage, sum_usage};
use crate::accounts::view::{ClientView, TokenView, show_clients, show_tokens};
use crate::auth::scope::TokensOffice;
use crate::auth::{Recorded, ScopeMarker, Writing};
use crate::clock;
use crate::db::Lane;
use crate::documents::read::filter::resolve_filters;
use crate::documents::read::select::lane_of;
use crate::documents::write::submit::mark_dry_run;
use crate::error::{Code, Error, Result};
use crate::http::idempotency::{StoredAnswer, read_key, run_once};
use crate::http::tag::{Precondition, body_tag, read_if_match};
use crate::http::{Answer, Call, Request};
use crate::list::answer::{Item, answer_items};
use crate::list::{DerivedPage, read_plain_list_request};
use crate::texts;
use crate::values::id::is_id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The id in the path; 400 when it is of another kind.
pub(in crate::accounts) fn read_id(request: &Request, prefix: &str) -> Result<String> {
    let id = request.path("id");
    if is_id(prefix, &id) {
        return Ok(id);
    }
    Err(Error::new(Code::InvalidId, texts::accounts::id_of_kind(id, prefix)))
}

/// The version that a change is meant for; none for `*`.
pub(super) fn read_condition(request: &Request) -> Result<Option<i64>> {
    Ok(match read_if_match(request.header("If-Match"))? {
        Precondition::Any => None,
        Precondition::Version(version) => Some(version),
    })
}

/// `confirm_fence`. Over the API the last administrator never goes.
pub(super) fn read_overrides(request: &Request) -> Result<Overrides> {
    Ok(Overrides {
        confirm_fence: request.query.flag("confirm_fence")?,
        force: false,
    })
}

/// The same of what manages clients and tokens, which an access token does not.
pub(super) async fn manage_once<S: ScopeMarker>(
    call: &Call<S>,
    work: impl FnOnce(&mut Writing<'_, '_>, bool) -> Result<Recorded<Answer>> + Send + 'static,
) -> Result<Answer> {
    require_secret(call.auth.caller())?;
    write_once(call, work).await
}

/// A change that a repeated `Idempotency-Key` does not make twice. `work` gets whether it is a dry run.
pub(super) async fn write_once<S: ScopeMarker>(
    call: &Call<S>,
    work: impl FnOnce(&mut Writing<'_, '_>, bool) -> Result<Recorded<Answer>> + Send + 'static,
) -> Result<Answer> {
    let key = read_key(&call.request)?;
    let dry_run = call.request.query.flag("dry_run")?;
    let answer = call
        .auth
        .write(dry_run, move |writing| {
            run_once(key.as_ref(), writing, replay_answer, |writing| work(writing, dry_run))
        })
        .await?;
    Ok(mark_dry_run(answer, dry_run))
}

/// What was answered of a client or a token comes again to those who manage it now; 404 otherwise.
fn replay_answer(writing: &mut Writing<'_, '_>, stored: StoredAnswer) -> Result<Answer> {
    #[derive(Deserialize)]
    struct Answered {
        id: Option<String>,
        token: Option<Token>,
    }
    #[derive(Deserialize)]
    struct Token {
        id: String,
    }
    let answered: Answered = serde_json::from_str(&stored.answer.body).map_err(Error::internal)?;
    let (conn, caller) = (&mut *writing.transaction.conn, writing.caller);
    match (answered.id, answered.token) {
        (Some(client), _) => drop(find_client(conn, caller, &client)?),
        (None, Some(token)) => drop(find_token(conn, caller, &TokenName::Id(token.id))?),
        (None, None) => return Err(Error::internal("a kept answer that names neither a client nor a token")),
    }
    Ok(stored.answer)
}

/// A change of a client or token that is meant for one version.
pub(super) async fn manage_version<S: ScopeMarker>(
    call: &Call<S>,
    work: impl FnOnce(&mut Writing<'_, '_>) -> Result<Recorded<Answer>> + Send + 'static,
) -> Result<Answer> {
    require_secret(call.auth.caller())?;
    let dry_run = call.request.query.flag("dry_run")?;
    let answer = call.auth.write(dry_run, work).await?;
    Ok(mark_dry_run(answer, dry_run))
}

fn answer_tagged(status: u16, version: i64, value: &impl Serialize) -> Result<Answer> {
    let body = serde_json::to_string(value).map_err(Error::internal)?;
    // Last uses and the day are not part of the version, so the tag covers more than the version.
    let tag = body_tag(Some(version), &body);
    Ok(Answer::json(status, body).header("ETag", tag))
}

/// A client.
pub(super) fn answer_client(status: u16, client: &ClientView) -> Result<Answer> {
    answer_tagged(status, client.version, client)
}

/// A token.
pub(super) fn answer_token(token: &TokenView) -> Result<Answer> {
    answer_tagged(200, token.version, token)
}

/// A token just made, with its secret: keep it now.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenWithSecret)]
pub(super) struct MintedToken<'a> {
    #[serde(flatten)]
    #[schema(inline)]
    token: &'a TokenView,
    /// The secret, shown this once. null in a dry run.
    secret: Option<&'a str>,
}

/// A token just made; without its secret in a dry run, which makes none.
pub(super) fn answer_minted(minted: &Minted, dry_run: bool) -> Result<Answer> {
    let body = MintedToken {
        token: &minted.token,
        secret: (!dry_run).then(|| minted.secret.reveal()),
    };
    let body = serde_json::to_string(&body).map_err(Error::internal)?;
    Ok(Answer::json(201, body)
        .header("Location", format!("/api/v1/tokens/{}", minted.token.id))
        .showing_secret_of(&minted.token.id))
}

/// A token that ended.
pub(super) fn answer_ended(ended: Recorded<Ended>) -> Result<Recorded<Answer>> {
    ended.try_map(|ended| Answer::of(&ended))
}

/// A page of clients.
pub(super) async fn list_page_of_clients(call: &Call<TokensOffice>) -> Result<Answer> {
    let list = read_plain_list_request(&call.request.query, &CLIENTS)?;
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    call.auth
        .read(lane_of(&list), move |reading| {
            let filters = resolve_filters(reading, &list, &CLIENTS)?;
            let (rows, total) = select_clients(reading, &list, &filters)?;
            let items = show_clients(reading.conn, rows, clock::now())?
                .into_iter()
                .map(|view| Item {
                    key: match list.sort.key {
                        "name" => view.name.clone(),
                        _ => view.created_at.clone(),
                    },
                    id: view.id.clone(),
                    view,
                })
                .collect();
            answer_items(&path, &query, &list, items, total)
        })
        .await
}

/// A page of tokens, of all clients or of one.
pub(super) async fn list_page_of_tokens(call: &Call<TokensOffice>, client: Option<String>) -> Result<Answer> {
    let mut list = read_plain_list_request(&call.request.query, &TOKENS)?;
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    if let Some(client) = &client {
        list.filters.0.insert("client", vec![vec![client.clone()]]);
    }
    call.auth
        .read(lane_of(&list), move |reading| {
            if let Some(client) = &client {
                find_client(reading.conn, reading.caller, client)?;
            }
            let (filters, now) = (resolve_filters(reading, &list, &TOKENS)?, clock::now());
            let (rows, total) = select_tokens(reading, &list, &filters, now)?;
            let items = show_tokens(reading.conn, rows, now)?
                .into_iter()
                .map(|view| Item {
                    key: match list.sort.key {
                        "expires_at" => view.expires_at.clone(),
                        _ => view.created_at.clone(),
                    },
                    id: view.id.clone(),
                    view,
                })
                .collect();
            answer_items(&path, &query, &list, items, total)
        })
        .await
}

/// A page of what a token did.
pub(super) async fn page_usage(call: &Call<TokensOffice>, id: String) -> Result<Answer> {
    let asked = DerivedPage::read(&call.request)?;
    call.auth
        .read(Lane::Quick, move |reading| {
            find_token(reading.conn, reading.caller, &TokenName::Id(id.clone()))?;
            let totals = sum_usage(reading.conn, &id)?;
            let mut rows = select_usage(reading.conn, &id, asked.rows(), asked.position())?;
            let page = asked.cut(&mut rows)?;
            Answer::of(&TokenUsage {
                items: rows,
                page,
                totals,
            })
        })
        .await
}
