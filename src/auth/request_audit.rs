//! The audit of one request: the caller, the operation, the restricted records that the answer shows, the outcome.
//!
//! A request has one from the moment its caller is authenticated. Restricted records are noted in it where they are
//! rendered; at the end of the request it hands its notes to the [`AuditRecorder`]. A change has an audit row of its own, so
//! that its answer is not recorded again.

use crate::audit::chain::Actor;
use crate::audit::recorder::AuditRecorder;
use crate::audit::refusals::Refusal;
use crate::audit::usage::{Counts, UsageKey};
use crate::auth::caller::Caller;
use crate::auth::request_context::RequestContext;
use crate::error::Result;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// See the module.
pub struct RequestAudit {
    recorder: Arc<AuditRecorder>,
    caller: Arc<Caller>,
    operation: String,
    request_id: String,
    address: IpAddr,
    is_reading: bool,
    story: Mutex<Story>,
}

#[derive(Debug, Default)]
struct Story {
    disclosed: BTreeSet<String>,
    is_recorded: bool,
    ended: Option<Ending>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Answered,
    Refused,
}

impl RequestAudit {
    /// Of a request by this caller.
    pub fn new(recorder: Arc<AuditRecorder>, caller: Arc<Caller>, context: RequestContext) -> Self {
        Self {
            recorder,
            caller,
            operation: context.operation,
            request_id: context.request_id,
            address: context.address,
            is_reading: !context.is_strict,
            story: Mutex::default(),
        }
    }

    /// The authenticated caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The address of the request.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Returns when everything that this process noted before is in the log.
    pub async fn flush(&self) -> Result<()> {
        self.recorder.flush().await
    }

    /// As the log keeps a caller; `caller` is what the database says of them now.
    pub fn actor(&self, caller: &Caller) -> Actor {
        Actor {
            client_id: caller.client_id.clone(),
            token_id: caller.token_id.clone(),
            office_id: caller.office_id.clone(),
            request_id: self.request_id.clone(),
            address: Some(self.address),
        }
    }

    /// Notes that the answer shows this record, which is not public.
    pub fn record_read(&self, record_id: &str) {
        let mut story = self.story();
        if !story.disclosed.contains(record_id) {
            story.disclosed.insert(record_id.to_owned());
        }
    }

    /// The request left a row in the log.
    pub fn set_recorded(&self) {
        self.story().is_recorded = true;
    }

    /// True if the request left a row in the log: it changed something.
    pub fn is_recorded(&self) -> bool {
        self.story().is_recorded
    }

    /// The request is over. An error in place of the result where it cannot be logged.
    pub async fn conclude<T>(&self, result: Result<T>) -> Result<T> {
        let disclosed = {
            let mut story = self.story();
            story.ended = match &result {
                Ok(_) => Some(Ending::Answered),
                Err(error) => error.is_refusal().then_some(Ending::Refused),
            };
            std::mem::take(&mut story.disclosed)
        };
        if let Err(error) = &result
            && error.is_refusal()
        {
            let refusal = Refusal {
                actor: self.actor(&self.caller),
                operation: self.operation.clone(),
                target_id: error.subject().map(str::to_owned),
                code: error.code().as_str(),
            };
            self.recorder.note_refusal(refusal).await?;
        }
        if !disclosed.is_empty() && !self.story().is_recorded {
            let actor = self.actor(&self.caller);
            self.recorder
                .note_disclosure(actor, self.operation.clone(), disclosed)
                .await?;
        }
        result
    }

    fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the request, also where the client disconnected before the end.
impl Drop for RequestAudit {
    fn drop(&mut self) {
        let ended = self.story().ended;
        let key = UsageKey {
            token_id: self.caller.token_id.as_deref().unwrap_or(&self.caller.client_id),
            client_id: &self.caller.client_id,
            office_id: self.caller.office_id.as_deref(),
            operation: &self.operation,
            address: self.address,
        };
        let counts = Counts {
            requests: 1,
            reads: i64::from(self.is_reading && ended == Some(Ending::Answered)),
            refused: i64::from(ended == Some(Ending::Refused)),
        };
        self.recorder.usage().note(key, counts);
    }
}
