//! What diff and merge need to know about a place of a document: whether its absence is the same as an empty object.
//!
//! The normal form drops empty members. So a map that gets its first item, or loses its last one, appears or disappears
//! as a whole; seen without the schema that is indistinguishable from an item that appears or disappears. The schema
//! knows (`SchemaWalk::shape`): a member that is an object or map may always be descended, an item of a map exists or not.

/// A place of the document, going down with the algorithm.
pub trait Shape: Copy {
    /// The place of a member or map item of this object.
    #[must_use]
    fn child(self, name: &str) -> Self;

    /// Whether absence here means the empty object.
    fn fills(self) -> bool;
}

/// Knows nothing: an object that is absent on one side is added or removed as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

impl Shape for Unknown {
    fn child(self, _name: &str) -> Self {
        self
    }

    fn fills(self) -> bool {
        false
    }
}
