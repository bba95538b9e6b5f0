//! Findings on the way: made of every error, completed where they are told.

use std::rc::Rc;

use crate::values::finding::Finding;

/// A finding whose accepted values are still to be looked for, which is work that few are worth.
pub(super) struct DraftFinding {
    pub(super) finding: Finding,
    pub(super) allowed: Option<Allowed>,
}

/// What would have been accepted instead of what was sent.
pub(super) struct Allowed {
    pub(super) options: Rc<Vec<String>>,
    pub(super) sent: String,
}

impl DraftFinding {
    /// The finding without the accepted values.
    pub(super) fn finding(&self) -> &Finding {
        &self.finding
    }

    /// The whole finding.
    pub(super) fn complete(self) -> Finding {
        match self.allowed {
            Some(allowed) => self.finding.with_allowed(allowed.options.iter(), &allowed.sent),
            None => self.finding,
        }
    }
}

impl From<Finding> for DraftFinding {
    fn from(finding: Finding) -> Self {
        Self { finding, allowed: None }
    }
}
