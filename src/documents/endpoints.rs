//! The operations of a kind: declared once, registered for each.

use crate::bounds::DOCUMENT_LIMIT;
use crate::documents::actions::acts::Acts;
use crate::documents::kind::Kind;
use crate::documents::read::history;
use crate::documents::write::submit::Restore;
use crate::documents::{actions, api};
use crate::error::Code;
use crate::http::{Endpoint, Parameter};
use crate::list::filter::{COMMON_FILTERS, FilterForm, FilterSpec};
use crate::list::spec::{DEFAULT_LIMIT, ListSpec, MAX_LIMIT};
use actix_web::http::Method;
use serde_json::{Value, json};

/// Media types of a document.
pub const JSON: &[&str] = &["application/json"];
/// Media types of a merge patch.
pub const MERGE_PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

/// All operations of `K`.
pub fn endpoints<K: Acts>() -> Vec<Endpoint> {
    let list = format!("/api/v1/{}", K::PLURAL);
    let one = format!("{list}/{{id}}");
    let many = upper(K::PLURAL);
    let single = upper(K::NAME);
    vec![
        list_endpoint::<K>(&list, &many),
        Endpoint::guarded(Method::POST, &list, &format!("create{single}"), api::create_record::<K>)
            .describe(
                K::TAG,
                &format!("Create {}", K::LABEL),
                "The service gives the id. Empty members may be left out.",
            )
            .parameters([idempotency_key(), confirm_distinct(), dry_run()])
            .body_of(&format!("{}Create", K::SCHEMA), JSON, DOCUMENT_LIMIT)
            .answers_of(201, "Created; `Location` and `ETag` name it.", K::SCHEMA)
            .problems(&[
                Code::PossibleDuplicate,
                Code::IdempotencyKeyReused,
                Code::RecordNotFound,
                Code::RecordDeleted,
            ]),
        get_endpoint::<K>(&one, &single),
        Endpoint::guarded(Method::PUT, &one, &format!("replace{single}"), api::replace_record::<K>)
            .describe(
                K::TAG,
                &format!("Replace {}", K::LABEL),
                "What GET returns may be edited and sent back. Every writable member must be there: nothing is wiped by leaving it out.",
            )
            .parameters([path_id::<K>(), if_match(), confirm_distinct(), dry_run()])
            .body_of(&format!("{}Replace", K::SCHEMA), JSON, DOCUMENT_LIMIT)
            .answers_of(200, "The record as it is now; an equal document makes no new version.", K::SCHEMA)
            .problems(&[Code::PossibleDuplicate, Code::VersionConflict, Code::PreconditionRequired])
            .problems(K::CHANGE_PROBLEMS),
        Endpoint::guarded(Method::PATCH, &one, &format!("update{single}"), api::update_record::<K>)
            .describe(
                K::TAG,
                &format!("Change members of {}", K::LABEL),
                "A merge patch (RFC 7396): members sent are set, `null` empties a member or removes an item of a map.",
            )
            .parameters([path_id::<K>(), if_match(), confirm_distinct(), dry_run()])
            .body_of(&format!("{}Patch", K::SCHEMA), MERGE_PATCH, DOCUMENT_LIMIT)
            .answers_of(200, "The record as it is now; a patch that changes nothing makes no new version.", K::SCHEMA)
            .problems(&[Code::PossibleDuplicate, Code::VersionConflict, Code::PreconditionRequired])
            .problems(K::CHANGE_PROBLEMS),
        Endpoint::guarded(Method::DELETE, &one, &format!("delete{single}"), api::delete_record::<K>)
            .describe(
                K::TAG,
                &format!("Delete {}", K::LABEL),
                "Leaves a tombstone: the id answers 410 from then on, revisions stay readable. Refused while other records refer to it.",
            )
            .parameters([path_id::<K>(), if_match(), dry_run()])
            .answers_with(204, "Deleted.", None)
            .problems(&[
                Code::VersionConflict,
                Code::PreconditionRequired,
                Code::Referenced,
                Code::Reindexing,
            ])
            .problems(K::CHANGE_PROBLEMS),
        Endpoint::guarded(Method::GET, &format!("{one}/revisions"), &format!("list{single}Revisions"), history::list_revisions::<K>)
            .describe(K::TAG, &format!("List the revisions of {}", K::LABEL), "Newest first; also of deleted records.")
            .parameters([path_id::<K>(), limit(), cursor()])
            .answers_page::<history::Revision>("A page of revisions."),
        Endpoint::guarded(Method::GET, &format!("{one}/revisions/{{version}}"), &format!("get{single}Revision"), history::get_revision::<K>)
            .describe(K::TAG, &format!("Read one revision of {}", K::LABEL), "The document as it was, in the form of today: members that came later are empty.")
            .parameters([path_id::<K>(), path_version()])
            .answers_of(200, "The record at that version.", K::SCHEMA),
        Endpoint::guarded(Method::GET, &format!("{one}/diff"), &format!("diff{single}"), history::diff_record::<K>)
            .describe(
                K::TAG,
                &format!("Compare two revisions of {}", K::LABEL),
                "Changes with their pointers, and the same as a merge patch. Without `to` the current version, without `from` the one before.",
            )
            .parameters([path_id::<K>(), version_query("from", "The earlier version."), version_query("to", "The later version.")])
            .answers::<history::Diff>(200, "What differs."),
        Endpoint::guarded(Method::POST, &format!("{one}/restore"), &format!("restore{single}"), api::restore_record::<K>)
            .describe(
                K::TAG,
                &format!("Restore an earlier revision of {}", K::LABEL),
                "The writable members of that revision become an ordinary new version, with all rules.",
            )
            .parameters([path_id::<K>(), if_match(), idempotency_key(), confirm_distinct(), dry_run()])
            .body::<Restore>(JSON)
            .answers_of(200, "The record as it is now.", K::SCHEMA)
            .problems(&[
                Code::PossibleDuplicate,
                Code::VersionConflict,
                Code::PreconditionRequired,
                Code::IdempotencyKeyReused,
            ])
            .problems(K::CHANGE_PROBLEMS),
        actions::endpoint::<K>(&one, &single),
    ]
}

fn list_endpoint<K: Kind>(path: &str, many: &str) -> Endpoint {
    let spec = K::LIST;
    Endpoint::guarded(Method::GET, path, &format!("list{many}"), api::list_records::<K>)
        .describe(K::TAG, &format!("List {}", K::LABEL_PLURAL), K::MEANING)
        .parameters([limit(), cursor(), sort(spec), include_total(), language()])
        .parameters(expand(spec))
        .parameters(COMMON_FILTERS.iter().chain(spec.filters).map(filter_parameter))
        .parameters(date_match(spec))
        .answers_of(200, "A page.", &format!("{}Page", K::SCHEMA))
        .problems(&[Code::InvalidCursor, Code::Reindexing])
}

fn get_endpoint<K: Kind>(path: &str, single: &str) -> Endpoint {
    let endpoint = Endpoint::guarded(Method::GET, path, &format!("get{single}"), api::get_record::<K>)
        .describe(K::TAG, &format!("Read {}", K::LABEL), K::MEANING)
        .parameters([path_id::<K>(), language()])
        .parameters(expand(K::LIST))
        .answers_of(200, "The record.", K::SCHEMA)
        .problems(&[Code::RecordDeleted, Code::Reindexing]);
    if K::MAY_BE_MERGED {
        endpoint.answers_with(308, "It was merged into another record: `Location` leads there.", None)
    } else {
        endpoint
    }
}

/// `office` → `Office`.
pub fn upper(name: &str) -> String {
    let mut characters = name.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// `{id}` of paths.
pub fn path_id<K: Kind>() -> Parameter {
    Parameter::path(
        "id",
        json!({"type": "string", "pattern": format!("^({}_[0-7][0-9abcdefghjkmnpqrstvwxyz]{{25}}|ext:[a-z][a-z0-9_-]{{0,62}}:.+)$", K::PREFIX)}),
        "The record's id, or your own for it as `ext:{system}:{key}`.",
    )
}

fn path_version() -> Parameter {
    Parameter::path("version", json!({"type": "integer", "minimum": 1}), "The version.")
}

fn version_query(name: &str, description: &str) -> Parameter {
    Parameter::query(name, json!({"type": "integer", "minimum": 1}), description)
}

/// `limit` of lists.
pub fn limit() -> Parameter {
    Parameter::query(
        "limit",
        json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
        "Items of a page. More than the maximum is refused.",
    )
}

/// `cursor` of lists.
pub fn cursor() -> Parameter {
    Parameter::query(
        "cursor",
        json!({"type": "string"}),
        "`next_cursor` or `prev_cursor` of a page. Keep all other parameters as they were.",
    )
}

/// `sort` of lists.
pub fn sort(spec: &ListSpec) -> Parameter {
    let default = spec.sorts.first().map(|sort| match sort.is_newest_first {
        true => format!("-{}", sort.name),
        false => sort.name.to_owned(),
    });
    let names: Vec<String> = spec
        .sort_names()
        .flat_map(|key| [key.to_owned(), format!("-{key}")])
        .collect();
    Parameter::query(
        "sort",
        json!({"type": "string", "enum": names, "default": default}),
        "One key; `-` for the other direction. The id breaks ties; records without the value come last.",
    )
}

/// `include_total` of lists.
pub fn include_total() -> Parameter {
    Parameter::query(
        "include_total",
        json!({"type": "boolean", "default": false}),
        "Counts all matching records into `page.total`.",
    )
}

/// `lang` of reads.
pub fn language() -> Parameter {
    Parameter::query(
        "lang",
        json!({"type": "string"}),
        "A language (BCP 47). Adds the flat `name`, `title` or `label` beside each set of languages, and `language`: the one served.",
    )
}

/// `expand` of reads; none where there is nothing to embed.
pub fn expand(spec: &ListSpec) -> Option<Parameter> {
    if spec.expands.is_empty() {
        return None;
    }
    let names: Vec<&str> = spec.expands.iter().map(|expand| expand.name).collect();
    Some(Parameter::query(
        "expand",
        json!({"type": "array", "items": {"type": "string", "enum": names}}),
        "Embeds referred records in the top-level map `expanded`, by id: those that you see and whose scope you hold. Comma-separated.",
    ))
}

fn date_match(spec: &ListSpec) -> Option<Parameter> {
    spec.filters
        .iter()
        .any(|filter| matches!(filter.form, FilterForm::Day | FilterForm::Year))
        .then(|| {
        Parameter::query(
            "date_match",
            json!({"type": "string", "enum": ["possible", "certain"], "default": "possible"}),
            "A date such as `2009` is a range of days. `possible`: some day of it matches; `certain`: all of them do.",
        )
    })
}

/// The parameters of a list of something else than records.
pub fn list_parameters(spec: &'static ListSpec) -> impl Iterator<Item = Parameter> {
    let page = [limit(), cursor(), sort(spec), include_total()];
    page.into_iter().chain(spec.filters.iter().map(filter_parameter))
}

/// One filter of a list.
pub fn filter_parameter(filter: &FilterSpec) -> Parameter {
    let list_of = |items: Value| json!({"type": "array", "items": items});
    let text = json!({"type": "string"});
    let schema = match filter.form {
        FilterForm::Codes(list) => {
            let codes: Vec<&str> = crate::values::codes::code_list_named(list)
                .map(|list| list.codes.iter().map(|code| code.code).collect())
                .unwrap_or_default();
            list_of(json!({"type": "string", "enum": codes}))
        }
        FilterForm::OneOf(words) => list_of(json!({"type": "string", "enum": words})),
        FilterForm::Countries | FilterForm::Subdivisions | FilterForm::Ids(_) | FilterForm::Words => list_of(text),
        FilterForm::Text => text,
        FilterForm::Day => json!({"type": "string", "format": "date"}),
        FilterForm::Number => json!({"type": "integer"}),
        FilterForm::Year => json!({"type": "integer", "minimum": 1000, "maximum": 9999}),
        FilterForm::Flag => json!({"type": "boolean"}),
        FilterForm::Own(own) => (own.schema)(),
    };
    let mut description = filter.description.to_owned();
    if matches!(schema.get("type").and_then(Value::as_str), Some("array")) {
        description.push_str(" Comma = any of.");
    }
    if filter.form.repeats() {
        description.push_str(" Given several times, all must match.");
    }
    Parameter::query(filter.name, schema, &description)
}

/// `If-Match` of changes.
pub fn if_match() -> Parameter {
    Parameter::header(
        "If-Match",
        true,
        "The ETag of the version that the change is meant for, or `*`.",
    )
}

/// `Idempotency-Key` of changes by POST.
pub fn idempotency_key() -> Parameter {
    Parameter::header(
        "Idempotency-Key",
        false,
        "Makes a repeat safe for 72 hours: the first answer comes again, with `Idempotent-Replayed: true`. It is checked again whether you may see what it shows: 404 or 410 as for a read.",
    )
}

/// `confirm_distinct` of writes.
pub fn confirm_distinct() -> Parameter {
    Parameter::query(
        "confirm_distinct",
        json!({"type": "boolean", "default": false}),
        "Writes the record although one exists that seems to be the same.",
    )
}

/// `dry_run` of writes.
pub fn dry_run() -> Parameter {
    Parameter::query(
        "dry_run",
        json!({"type": "boolean", "default": false}),
        "Checks and answers as always, with `Dry-Run: true`, and keeps nothing.",
    )
}
