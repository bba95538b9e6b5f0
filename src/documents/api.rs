//! The handlers that every kind has. Thin: each reads its request, asks [`select`](crate::documents::read::select) or
//! [`submit`](crate::documents::write::submit), and answers.

use crate::db::Lane;
use crate::documents::actions::acts::{Acts, Performing};
use crate::documents::actions::submit_action;
use crate::documents::contract::Contracts;
use crate::documents::derivation::Completeness;
use crate::documents::kind::Kind;
use crate::documents::read::address::{read_address, resolve_address};
use crate::documents::read::select::{lane_of, lead_on, select_list, select_record};
use crate::documents::write::revise::Revision;
use crate::documents::write::submit::{Restore, read_document, submit_creation, submit_deletion, submit_revision};
use crate::error::Result;
use crate::http::tag::{Precondition, read_if_match};
use crate::http::{Answer, Call};
use crate::list::read_list_request;
use crate::list::request::{read_expand, read_language};

/// `GET /{kind}`.
pub async fn list_records<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    let list = read_list_request(&call.request.query, K::LIST)?;
    let (contracts, rows) = (
        call.request.share::<Contracts>()?,
        call.request.share::<Completeness>()?,
    );
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    call.auth
        .read(lane_of(&list), move |reading| {
            rows.require(reading.conn)?;
            select_list::<K>(reading, &contracts, &list, &path, &query)
        })
        .await
}

/// `GET /{kind}/{id}`.
pub async fn get_record<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    let address = read_address::<K>(&call.request.path("id"))?;
    let language = read_language(&call.request.query)?;
    let expand = read_expand(&call.request.query, K::LIST.expands)?;
    let (contracts, query) = (call.request.share::<Contracts>()?, call.request.query.clone());
    let rows = call.request.share::<Completeness>()?;
    call.auth
        .read(Lane::Quick, move |reading| {
            rows.require_for(reading.conn, &expand)?;
            let id = resolve_address(reading, K::NAME, &address)?;
            select_record::<K>(reading, &contracts, &id, &expand, language.as_deref())
                .or_else(|error| lead_on::<K>(error, &query))
        })
        .await
}

/// `POST /{kind}`.
pub async fn create_record<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let body = read_document(&call, &contract).await?;
    submit_creation::<K>(&call, contract, body, None).await
}

/// `PUT /{kind}/{id}`.
pub async fn replace_record<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let body = read_document(&call, &contract).await?;
    submit_revision::<K>(&call, contract, Revision::Replace(body)).await
}

/// `PATCH /{kind}/{id}`.
pub async fn update_record<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let body = read_document(&call, &contract).await?;
    submit_revision::<K>(&call, contract, Revision::Merge(body)).await
}

/// `POST /{kind}/{id}/restore`.
pub async fn restore_record<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let version = call.request.typed::<Restore>().await?.revision;
    submit_revision::<K>(&call, contract, Revision::Restore(version)).await
}

/// `POST /{kind}/{id}/actions`.
pub async fn perform_action<K: Acts>(call: Call<Performing<K>>) -> Result<Answer> {
    submit_action::<K>(&call).await
}

/// `DELETE /{kind}/{id}`.
pub async fn delete_record<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let version = match read_if_match(call.request.header("If-Match"))? {
        Precondition::Any => None,
        Precondition::Version(version) => Some(version),
    };
    let address = read_address::<K>(&call.request.path("id"))?;
    submit_deletion::<K>(&call, address, version).await
}
