//! The operation of all actions of a kind.

use crate::bounds::BODY_LIMIT;
use crate::documents::actions::action::AllowedActor;
use crate::documents::actions::acts::Acts;
use crate::documents::api::perform_action;
use crate::documents::endpoints::{JSON, dry_run, idempotency_key, if_match, path_id};
use crate::error::Code;
use crate::http::Endpoint;
use actix_web::http::Method;

/// `POST /{kind}/{id}/actions`; `one` is the path of a record, `single` the kind's name in capitals.
pub fn endpoint<K: Acts>(one: &str, single: &str) -> Endpoint {
    let listed: Vec<String> = K::actions()
        .map(|action| {
            let scope = action.scope.map(|scope| format!(" Needs the scope `{scope}`."));
            let actor = match action.actor {
                AllowedActor::Concerned => "",
                AllowedActor::Registry => " Only for the registry's own administrators.",
            };
            format!(
                "- `{}`: {}{}{actor}",
                action.name,
                action.description,
                scope.unwrap_or_default()
            )
        })
        .collect();
    Endpoint::guarded(
        Method::POST,
        &format!("{one}/actions"),
        &format!("perform{single}Action"),
        perform_action::<K>,
    )
    .describe(
        K::TAG,
        &format!("Perform an action on {}", K::LABEL),
        &format!(
            "Changes that are not made by writing the document; `action` names one.\n\n{}",
            listed.join("\n")
        ),
    )
    .parameters([path_id::<K>(), if_match(), idempotency_key(), dry_run()])
    .body_of(&format!("{}Action", K::SCHEMA), JSON, BODY_LIMIT)
    .answers_of(200, "The record as it is now.", K::SCHEMA)
    .answers_of(
        202,
        "Nothing has changed yet: the receiver of a transfer was asked, and `Location` names the offer. The record as it is.",
        K::SCHEMA,
    )
    .problems(&[
        Code::VersionConflict,
        Code::PreconditionRequired,
        Code::IdempotencyKeyReused,
        Code::RegistryOnly,
    ])
}
