//! The operations on partners' own ids, registered for each kind.
//!
//! `/by-external/{system}/{key}` has as many parameters as `/{id}/revisions/{version}`. Paths with equally many are
//! registered in the order of their text, in which a literal segment comes before `{`: it is never taken for an id.

use super::OwnId;
use crate::bounds::DOCUMENT_LIMIT;
use crate::documents::endpoints::{
    JSON, MERGE_PATCH, confirm_distinct, cursor, dry_run, expand, language, limit, path_id, upper,
};
use crate::documents::external::api;
use crate::documents::kind::Kind;
use crate::error::Code;
use crate::http::{Endpoint, Parameter};
use actix_web::http::Method;
use serde_json::json;

/// All operations of `K`.
pub fn endpoints<K: Kind>() -> Vec<Endpoint> {
    let ids = format!("/api/v1/{}/{{id}}/external-ids", K::PLURAL);
    let one = format!("{ids}/{{system}}/{{key}}");
    let single = upper(K::NAME);
    let mut endpoints = vec![
        Endpoint::guarded(Method::GET, &ids, &format!("list{single}ExternalIds"), api::list_external_ids::<K>)
            .describe(
                K::TAG,
                &format!("List your own ids of {}", K::LABEL),
                "By which systems and keys your office knows the record, in their order; those of other offices are not shown. Also of deleted records.",
            )
            .parameters([path_id::<K>(), limit(), cursor()])
            .answers_page::<OwnId>("A page of ids.")
            .problems(&[Code::InvalidCursor]),
        Endpoint::guarded(Method::PUT, &one, &format!("set{single}ExternalId"), api::set_external_id::<K>)
            .describe(
                K::TAG,
                &format!("Give {} an id of your own", K::LABEL),
                "For any record that you may read. It makes no new version and nothing in the feed. From then on `ext:{system}:{key}` stands for the record wherever an id is accepted, for your office only; a record may have several.",
            )
            .parameters([path_id::<K>()])
            .parameters(path_own_id())
            .parameters([dry_run()])
            .answers::<OwnId>(201, "Your office knows the record by this id now.")
            .answers::<OwnId>(200, "It did already.")
            .problems(&[Code::ExternalIdTaken]),
        Endpoint::guarded(Method::DELETE, &one, &format!("remove{single}ExternalId"), api::remove_external_id::<K>)
            .describe(
                K::TAG,
                &format!("Remove an id of your own from {}", K::LABEL),
                "The record itself stays as it is. Also for deleted records, so that the key can be used again.",
            )
            .parameters([path_id::<K>()])
            .parameters(path_own_id())
            .parameters([dry_run()])
            .answers_with(204, "Your office does not know the record by this id any more.", None),
    ];
    endpoints.extend(by_external::<K>(&single));
    endpoints
}

fn by_external<K: Kind>(single: &str) -> Vec<Endpoint> {
    let path = format!("/api/v1/{}/by-external/{{system}}/{{key}}", K::PLURAL);
    let written = |endpoint: Endpoint| {
        endpoint
            .parameters(path_own_id())
            .parameters([if_match(), confirm_distinct(), dry_run()])
            .answers_of(201, "Created under this id; `Location` and `ETag` name it.", K::SCHEMA)
            .problems(&[Code::PossibleDuplicate, Code::VersionConflict, Code::ExternalIdTaken])
            .problems(K::CHANGE_PROBLEMS)
    };
    vec![
        Endpoint::guarded(Method::GET, &path, &format!("get{single}ByExternalId"), api::get_by_external::<K>)
            .describe(
                K::TAG,
                &format!("Read {} by an id of your own", K::LABEL),
                "The same as by its id. 410 when the record was deleted.",
            )
            .parameters(path_own_id())
            .parameters([language()])
            .parameters(expand(K::LIST))
            .answers_of(200, "The record.", K::SCHEMA),
        written(
            Endpoint::guarded(Method::PUT, &path, &format!("put{single}ByExternalId"), api::put_by_external::<K>)
                .describe(
                    K::TAG,
                    &format!("Create or replace {} by an id of your own", K::LABEL),
                    "For a nightly push. Creates the record when your office knows none by this id. A document equal to the record is 200 and changes nothing, whatever empty members it leaves out. Another document needs `If-Match` (the ETag, or `*` for whatever is there) and every writable member; without `If-Match` it is 412, with what differs in `overlaps`. `If-Match` where there is no record is 412. A deleted record is 410 and is not created again: take the id from it first (`DELETE …/ext:{system}:{key}/external-ids/{system}/{key}`).",
                ),
        )
        .body_of(&format!("{}CreateOrReplace", K::SCHEMA), JSON, DOCUMENT_LIMIT)
        .answers_of(200, "The record as it is now; an equal document makes no new version.", K::SCHEMA),
        written(
            Endpoint::guarded(Method::PATCH, &path, &format!("patch{single}ByExternalId"), api::patch_by_external::<K>)
                .describe(
                    K::TAG,
                    &format!("Create or change {} by an id of your own", K::LABEL),
                    "Creates the record from the members sent when your office knows none by this id; otherwise a merge patch (RFC 7396), without `If-Match` for whatever version is there. Members that are not sent stay. `If-Match` where there is no record is 412. A deleted record is 410 and is not created again.",
                ),
        )
        .body_of(&format!("{}Patch", K::SCHEMA), MERGE_PATCH, DOCUMENT_LIMIT)
        .answers_of(200, "The record as it is now; a patch that changes nothing makes no new version.", K::SCHEMA),
    ]
}

fn path_own_id() -> [Parameter; 2] {
    [
        Parameter::path(
            "system",
            json!({"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,62}$", "examples": ["neis"]}),
            "Your system.",
        ),
        Parameter::path(
            "key",
            json!({"type": "string", "minLength": 1, "maxLength": 200, "examples": ["2026-00017"]}),
            "The record's key in it, percent-encoded.",
        ),
    ]
}

fn if_match() -> Parameter {
    Parameter::header(
        "If-Match",
        false,
        "The ETag of the version that the change is meant for, or `*`. Without a record it is never met.",
    )
}
