//! The handlers of partners' own ids, for every kind.

use crate::db::Lane;
use crate::documents::contract::Contracts;
use crate::documents::external::submit::{
    read_own_id, select_own_ids, submit_by_external, submit_own_id, submit_removal,
};
use crate::documents::kind::Kind;
use crate::documents::read::address::{Address, resolve_address};
use crate::documents::read::select::select_record;
use crate::documents::write::revise::Revision;
use crate::documents::write::submit::read_document;
use crate::error::Result;
use crate::http::tag::read_if_match;
use crate::http::{Answer, Call};
use crate::list::request::{read_expand, read_language};

/// `GET /{kind}/{id}/external-ids`.
pub async fn list_external_ids<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    select_own_ids::<K>(&call).await
}

/// `PUT /{kind}/{id}/external-ids/{system}/{key}`.
pub async fn set_external_id<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let own_id = read_own_id(&call.request)?;
    submit_own_id::<K>(&call, own_id).await
}

/// `DELETE /{kind}/{id}/external-ids/{system}/{key}`.
pub async fn remove_external_id<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let own_id = read_own_id(&call.request)?;
    submit_removal::<K>(&call, own_id).await
}

/// `GET /{kind}/by-external/{system}/{key}`.
pub async fn get_by_external<K: Kind>(call: Call<K::Read>) -> Result<Answer> {
    let address = Address::External(read_own_id(&call.request)?);
    let language = read_language(&call.request.query)?;
    let expand = read_expand(&call.request.query, K::LIST.expands)?;
    let contracts = call.request.share::<Contracts>()?;
    call.auth
        .read(Lane::Quick, move |reading| {
            let id = resolve_address(reading, K::NAME, &address)?;
            select_record::<K>(reading, &contracts, &id, &expand, language.as_deref())
        })
        .await
}

/// `PUT /{kind}/by-external/{system}/{key}`.
pub async fn put_by_external<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let own_id = read_own_id(&call.request)?;
    let condition = call.request.header("If-Match").map(|tag| read_if_match(Some(tag)));
    let condition = condition.transpose()?;
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let body = read_document(&call, &contract).await?;
    let revision = match condition {
        Some(_) => Revision::Replace(body),
        None => Revision::Confirm(body),
    };
    submit_by_external::<K>(&call, own_id, condition, revision).await
}

/// `PATCH /{kind}/by-external/{system}/{key}`.
pub async fn patch_by_external<K: Kind>(call: Call<K::Write>) -> Result<Answer> {
    let own_id = read_own_id(&call.request)?;
    let condition = call.request.header("If-Match").map(|tag| read_if_match(Some(tag)));
    let contract = call.request.share::<Contracts>()?.of::<K>()?;
    let body = read_document(&call, &contract).await?;
    submit_by_external::<K>(&call, own_id, condition.transpose()?, Revision::Merge(body)).await
}
