//! Reading the audit log over HTTP: who did what, what was refused to whom, and who was shown what is not for everybody.
//!
//! The registry's own administrators see all of it. An office sees what its own clients (and those of its units) did, and
//! what anybody did with records that it owns and to its clients, their tokens and linked subjects; of a stranger it
//! learns the client and its office, not the token or the address, by no filter either. Nothing here tells an office
//! whether a record that it may not see exists: refusals are logged alike for hidden and absent ids.
//!
//! - [`list`]: what can be asked for · [`store`]: the queries · [`event`]: a row as a caller gets it · [`api`]: handlers

pub mod api;
pub mod event;
pub mod list;
pub mod store;

use crate::documents::endpoints::list_parameters;
use crate::error::Code;
use crate::http::endpoint::Tag;
use crate::http::{Endpoint, Parameter};
use actix_web::http::Method;
use event::AuditEvent;
use serde_json::json;

const TAG: Tag = Tag {
    name: "Audit",
    description: "Who did what, who was refused, and who was shown what: append only and chained by hashes.",
};

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::guarded(Method::GET, "/api/v1/audit-events", "listAuditEvents", api::list_audit_events)
            .describe(
                TAG,
                "List audit events",
                "Changes (`done`), refusals (`refused`) and reads (`read`) of known clients, newest first. Everything that this process saw before the request is in the answer. The first refusal of a minute is there at once, those like it that follow are told by one event when the minute is over; reads by one event per token, operation and hour, those of records that not everybody may see by one each, which names them in `disclosed`.",
            )
            .parameters(list_parameters(&list::AUDIT_EVENTS))
            .answers_page::<AuditEvent>("A page.")
            .problems(&[Code::InvalidCursor]),
        Endpoint::guarded(Method::GET, "/api/v1/audit-events/{seq}", "getAuditEvent", api::get_audit_event)
            .describe(TAG, "Read an audit event", "By its place in the chain.")
            .parameter(Parameter::path("seq", json!({"type": "integer", "minimum": 1}), "The place in the chain."))
            .answers::<AuditEvent>(200, "The event."),
    ]
}
