//! The operations.

use super::api;
use super::rules::IdentityLink;
use super::store::IDENTITIES;
use super::store::Identity;
use crate::documents::endpoints::{JSON, dry_run, list_parameters};
use crate::error::Code;
use crate::http::Endpoint;
use crate::http::endpoint::{Tag, path_id};
use actix_web::http::Method;

/// Access tokens, and the linked subjects of other issuers.
pub const OAUTH: Tag = Tag {
    name: "OAuth",
    description: "Access tokens in JWT form, for callers that want to hand on less than their secret; what others need to check them.",
};

/// All operations of this slice.
pub fn endpoints() -> Vec<Endpoint> {
    let of_client = "/api/v1/clients/{id}/identities";
    vec![
        Endpoint::guarded(Method::GET, of_client, "listClientIdentities", api::list_identities)
            .describe(
                OAUTH,
                "List the linked subjects of a client",
                "Who else may act as this client: subjects of external issuers, in the order in which they were linked. For the registry's own administrators.",
            )
            .parameter(path_id("cli", "The client."))
            .parameters(list_parameters(&IDENTITIES))
            .answers_page::<Identity>("A page.")
            .problems(&[Code::RegistryOnly, Code::InvalidCursor]),
        Endpoint::guarded(Method::POST, of_client, "linkClientIdentity", api::link_identity)
            .describe(
                OAUTH,
                "Link a subject to a client",
                "From then on a token of this issuer for this subject does what the client may do; nothing that the issuer says of rights is read. The issuer must be named in EDUACCORD_ISSUERS_FILE. For the registry's own administrators, who give no scope that they do not hold, and to a client within their own networks.",
            )
            .parameters([path_id("cli", "The client."), dry_run()])
            .body::<IdentityLink>(JSON)
            .answers::<Identity>(201, "The subject is linked.")
            .answers::<Identity>(200, "It was linked to this client already.")
            .problems(&[
                Code::RegistryOnly,
                Code::SecretRequired,
                Code::NotGrantable,
                Code::IdentityTaken,
            ]),
        Endpoint::guarded(Method::DELETE, "/api/v1/identities/{id}", "unlinkIdentity", api::unlink_identity)
            .describe(
                OAUTH,
                "Unlink a subject",
                "The very next request with a token of that subject is refused, although its issuer still vouches for it. For the registry's own administrators.",
            )
            .parameters([path_id("idn", "The link."), dry_run()])
            .answers_with(204, "The link is cut.", None)
            .problems(&[Code::RegistryOnly, Code::SecretRequired]),
    ]
}
