//! From whose place a request looks at records, and how near that is to one of them.

use super::audience::Audience;
use crate::auth::switches::{Guard, is_on};

/// How a viewer stands to one record, from far to near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A stranger.
    Other,
    /// Named in the record by a member that gives sight, or related to such an office in the tree.
    Partner,
    /// A unit of the owner.
    UnitOfOwner,
    /// Acts for the owner, or for the registry.
    Owner,
}

impl Standing {
    /// True if a caller of this standing may see something with this audience.
    pub fn sees(self, audience: Audience) -> bool {
        match audience {
            Audience::Everyone => true,
            Audience::Partners => self >= Self::Partner,
            Audience::OwnerAndUnits => self >= Self::UnitOfOwner,
            Audience::Owner => self == Self::Owner,
        }
    }
}

/// From whose place a request looks at records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer<'a> {
    /// A caller without a token, where the operator turned public reading on: sees what everyone may see.
    Nobody,
    /// A client of this office.
    Office(&'a str),
    /// A client of the registry itself: sees everything.
    Registry,
}

impl<'a> Viewer<'a> {
    /// The office to whose sight this guard limits a query, empty for anonymous sight; none where all rows are visible.
    pub fn limited_by(self, guard: Guard) -> Option<&'a str> {
        match self {
            Self::Registry => None,
            Self::Office(office) => is_on(guard).then_some(office),
            Self::Nobody => is_on(guard).then_some(""),
        }
    }

    /// True if the viewer sees every record, whatever its audience.
    pub fn is_registry(self) -> bool {
        self == Self::Registry
    }
}
