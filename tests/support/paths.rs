//! Paths of the collections.

pub(crate) const CHANGES: &str = "/api/v1/changes";
pub(crate) const CLIENTS: &str = "/api/v1/clients";
pub(crate) const EVENTS: &str = "/api/v1/audit-events";
pub(crate) const MOUS: &str = "/api/v1/mous";
pub(crate) const OFFICES: &str = "/api/v1/offices";
pub(crate) const POLICIES: &str = "/api/v1/policies";
pub(crate) const PROGRAMS: &str = "/api/v1/programs";
pub(crate) const TRANSFERS: &str = "/api/v1/transfers";
pub(crate) const TOKENS: &str = "/api/v1/tokens";
