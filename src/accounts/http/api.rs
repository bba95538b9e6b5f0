//! The handlers. Thin: each reads its request, asks [`submit`](super::submit), and answers.

use super::bodies::{
    ClientEditBody, NewClientBody, NewTokenBody, OwnRevocationBody, PastedRevocationBody, RevocationBody, RotationBody,
    TokenEditBody,
};
use super::submit::{
    answer_client, answer_ended, answer_minted, answer_token, list_page_of_clients, list_page_of_tokens, manage_once,
    manage_version, page_usage, read_condition, read_id, read_overrides, write_once,
};
use crate::accounts::clients::{create_client as create, update_client as update};
use crate::accounts::ending::{Ending, end_own_token, end_token};
use crate::accounts::first_client::OwnRecords;
use crate::accounts::rows::{TokenName, find_client, find_token};
use crate::accounts::rules::DEFAULT_GRACE_SECONDS;
use crate::accounts::tokens::{create_token as mint, rotate_token as rotate, update_token as change};
use crate::accounts::view::{show_one_client, show_one_token};
use crate::auth::scope::{AnyToken, Role, Scope, TokensOffice};
use crate::clock;
use crate::db::Lane;
use crate::documents::contract::Contracts;
use crate::documents::entry::KindEntry;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, OpenCall};
use serde::Serialize;
use utoipa::ToSchema;

/// `GET /clients`.
pub(super) async fn list_clients(call: Call<TokensOffice>) -> Result<Answer> {
    list_page_of_clients(&call).await
}

/// `POST /clients`.
pub(super) async fn create_client(kinds: &[KindEntry], call: Call<TokensOffice>) -> Result<Answer> {
    let new = call.request.typed::<NewClientBody>().await?.read()?;
    let own_records = OwnRecords::new(kinds, &*call.request.share::<Contracts>()?)?;
    manage_once(&call, move |writing, _| {
        create(writing, &own_records, new)?.try_map(|client| {
            let location = format!("/api/v1/clients/{}", client.id);
            Ok(answer_client(201, &client)?.header("Location", location))
        })
    })
    .await
}

/// `GET /clients/{id}`.
pub(super) async fn get_client(call: Call<TokensOffice>) -> Result<Answer> {
    let id = read_id(&call.request, "cli")?;
    call.auth
        .read(Lane::Quick, move |reading| {
            let row = find_client(reading.conn, reading.caller, &id)?;
            answer_client(200, &show_one_client(reading.conn, row, clock::now())?)
        })
        .await
}

/// `PATCH /clients/{id}`.
pub(super) async fn update_client(kinds: &[KindEntry], call: Call<TokensOffice>) -> Result<Answer> {
    let (id, expected) = (read_id(&call.request, "cli")?, read_condition(&call.request)?);
    let edit = call.request.typed::<ClientEditBody>().await?.read()?;
    let overrides = read_overrides(&call.request)?;
    let own_records = OwnRecords::new(kinds, &*call.request.share::<Contracts>()?)?;
    manage_version(&call, move |writing| {
        update(writing, &id, expected, edit, overrides, Some(&own_records))?
            .try_map(|client| answer_client(200, &client))
    })
    .await
}

/// `GET /clients/{id}/tokens`.
pub(super) async fn list_client_tokens(call: Call<TokensOffice>) -> Result<Answer> {
    let id = read_id(&call.request, "cli")?;
    list_page_of_tokens(&call, Some(id)).await
}

/// `POST /clients/{id}/tokens`.
pub(super) async fn create_token(call: Call<TokensOffice>) -> Result<Answer> {
    let id = read_id(&call.request, "cli")?;
    let body = call.request.typed::<NewTokenBody>().await?;
    let life = body.life()?;
    manage_once(&call, move |writing, dry_run| {
        mint(writing, &id, body.name, life)?.try_map(|minted| answer_minted(&minted, dry_run))
    })
    .await
}

/// `GET /tokens`.
pub(super) async fn list_tokens(call: Call<TokensOffice>) -> Result<Answer> {
    list_page_of_tokens(&call, None).await
}

/// `GET /tokens/{id}`.
pub(super) async fn get_token(call: Call<TokensOffice>) -> Result<Answer> {
    let name = TokenName::Id(read_id(&call.request, "tok")?);
    call.auth
        .read(Lane::Quick, move |reading| {
            let (token, client) = find_token(reading.conn, reading.caller, &name)?;
            answer_token(&show_one_token(reading.conn, token, client, clock::now())?)
        })
        .await
}

/// `PATCH /tokens/{id}`.
pub(super) async fn update_token(call: Call<TokensOffice>) -> Result<Answer> {
    let (id, expected) = (read_id(&call.request, "tok")?, read_condition(&call.request)?);
    let edit = call.request.typed::<TokenEditBody>().await?.read()?;
    let overrides = read_overrides(&call.request)?;
    manage_version(&call, move |writing| {
        change(writing, &id, expected, edit, overrides)?.try_map(|token| answer_token(&token))
    })
    .await
}

/// `POST /tokens/{id}/rotate`.
pub(super) async fn rotate_token(call: Call<TokensOffice>) -> Result<Answer> {
    let id = read_id(&call.request, "tok")?;
    let body = call.request.typed::<RotationBody>().await?;
    let (life, grace) = (body.life()?, body.grace_seconds.unwrap_or(DEFAULT_GRACE_SECONDS));
    manage_once(&call, move |writing, dry_run| {
        rotate(writing, &id, grace, life)?.try_map(|minted| answer_minted(&minted, dry_run))
    })
    .await
}

/// `POST /tokens/{id}/revoke`.
pub(super) async fn revoke_token_by_id(call: Call<TokensOffice>) -> Result<Answer> {
    let token = TokenName::Id(read_id(&call.request, "tok")?);
    let body = call.request.typed::<RevocationBody>().await?;
    let ending = Ending {
        token,
        reason: body.reason,
        cascade: body.cascade.unwrap_or(false),
    };
    manage_once(&call, |writing, _| {
        answer_ended(end_token(writing, ending, <_>::default())?)
    })
    .await
}

/// `POST /tokens/revoke`.
pub(super) async fn revoke_token_by_secret(call: Call<TokensOffice>) -> Result<Answer> {
    let body = call.request.typed::<PastedRevocationBody>().await?;
    let ending = Ending {
        token: TokenName::read(&body.token),
        reason: body.reason,
        cascade: body.cascade.unwrap_or(false),
    };
    manage_once(&call, |writing, _| {
        answer_ended(end_token(writing, ending, <_>::default())?)
    })
    .await
}

/// `GET /tokens/current`.
pub(super) async fn get_current_token(call: Call<AnyToken>) -> Result<Answer> {
    call.auth
        .read(Lane::Quick, |reading| {
            let id = reading.caller.token_id.clone().ok_or_else(Error::record_not_found)?;
            let (token, client) = find_token(reading.conn, reading.caller, &TokenName::Id(id))?;
            answer_token(&show_one_token(reading.conn, token, client, clock::now())?)
        })
        .await
}

/// `POST /tokens/current/revoke`.
pub(super) async fn revoke_current_token(call: Call<AnyToken>) -> Result<Answer> {
    let body = call.request.typed::<OwnRevocationBody>().await?;
    write_once(&call, |writing, _| {
        end_own_token(writing, body.reason)?.try_map(|ended| match ended {
            Some(ended) => Answer::of(&ended),
            None => Ok(Answer::no_content()),
        })
    })
    .await
}

/// `GET /tokens/{id}/usage`.
pub(super) async fn get_token_usage(call: Call<TokensOffice>) -> Result<Answer> {
    let id = read_id(&call.request, "tok")?;
    page_usage(&call, id).await
}

/// `GET /rights`.
pub(super) async fn list_rights(_call: OpenCall) -> Result<Answer> {
    let scopes = Scope::ALL.iter().map(|scope| ScopeMeaning {
        scope: scope.as_str(),
        meaning: scope.meaning(),
    });
    let roles = Role::ALL.iter().map(|role| RoleMeaning {
        role: role.as_str(),
        meaning: role.meaning(),
        scopes: role.scopes().to_list(),
    });
    Answer::of(&Rights {
        scopes: scopes.collect(),
        roles: roles.collect(),
    })
}

/// What tokens can be allowed.
#[derive(Serialize, ToSchema)]
pub(super) struct Rights {
    scopes: Vec<ScopeMeaning>,
    roles: Vec<RoleMeaning>,
}

/// One right.
#[derive(Serialize, ToSchema)]
struct ScopeMeaning {
    #[schema(value_type = Scope)]
    scope: &'static str,
    meaning: &'static str,
}

/// A name for scopes.
#[derive(Serialize, ToSchema)]
struct RoleMeaning {
    #[schema(value_type = Role)]
    role: &'static str,
    meaning: &'static str,
    #[schema(value_type = Vec<Scope>)]
    scopes: Vec<&'static str>,
}
