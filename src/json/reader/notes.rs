//! The lines that the reader notes where they are wanted.

use crate::json::pointer::Pointer;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The lines found so far.
#[derive(Default)]
pub(super) struct LineNotes {
    /// How far the text was read.
    pub(super) line: Rc<Cell<usize>>,
    /// The line of each place, by its pointer.
    pub(super) by_pointer: RefCell<BTreeMap<String, usize>>,
}

impl LineNotes {
    /// The reader is at this place. Of a repeated member the first line counts.
    pub(super) fn note(&self, place: &Pointer) {
        let mut lines = self.by_pointer.borrow_mut();
        if !lines.contains_key(place.as_str()) {
            lines.insert(place.as_str().to_owned(), self.line.get());
        }
    }
}
