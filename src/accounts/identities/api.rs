//! The handlers.

use super::rules::{IdentityLink, check_link};
use super::store::{IDENTITIES, link, require_manager, require_registry, select_identities, unlink};
use crate::accounts::http::submit::read_id;
use crate::auth::scope::Admin;
use crate::documents::read::select::lane_of;
use crate::documents::write::submit::mark_dry_run;
use crate::error::{Error, Result};
use crate::http::{Answer, Call};
use crate::list::answer::answer_items;
use crate::list::read_plain_list_request;

/// `GET /clients/{id}/identities`
pub(super) async fn list_identities(call: Call<Admin>) -> Result<Answer> {
    let client = read_id(&call.request, "cli")?;
    let list = read_plain_list_request(&call.request.query, &IDENTITIES)?;
    let (path, query) = (call.request.path_text().to_owned(), call.request.query.clone());
    call.auth
        .read(lane_of(&list), move |reading| {
            require_registry(reading.caller)?;
            let (items, total) = select_identities(reading, &client, &list)?;
            answer_items(&path, &query, &list, items, total)
        })
        .await
}

/// `POST /clients/{id}/identities`
pub(super) async fn link_identity(call: Call<Admin>) -> Result<Answer> {
    let client = read_id(&call.request, "cli")?;
    let new = call.request.typed_with::<IdentityLink>(check_link).await?;
    let dry_run = call.request.query.flag("dry_run")?;
    let answer = call.auth.write(dry_run, move |writing| {
        require_manager(writing.caller)?;
        link(writing, &client, &new)?.try_map(|(identity, is_new)| {
            let body = serde_json::to_string(&identity).map_err(Error::internal)?;
            Ok(Answer::json(if is_new { 201 } else { 200 }, body))
        })
    });
    Ok(mark_dry_run(answer.await?, dry_run))
}

/// `DELETE /identities/{id}`
pub(super) async fn unlink_identity(call: Call<Admin>) -> Result<Answer> {
    let id = read_id(&call.request, "idn")?;
    let dry_run = call.request.query.flag("dry_run")?;
    let answer = call.auth.write(dry_run, move |writing| {
        require_manager(writing.caller)?;
        unlink(writing, &id)?.try_map(|()| Ok(Answer::no_content()))
    });
    Ok(mark_dry_run(answer.await?, dry_run))
}
