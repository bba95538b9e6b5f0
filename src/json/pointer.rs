//! A JSON pointer (RFC 6901) that grows and shrinks while a tree is walked, so that a walk allocates nothing per place.

/// The pointer of the place where a walk is.
#[derive(Debug, Clone, Default)]
pub struct Pointer(String);

/// The length to come back to; made by [`Pointer::push`].
#[derive(Debug, Clone, Copy)]
#[must_use = "the walk must come back to where it was"]
pub struct Mark(usize);

impl Pointer {
    /// Goes down to a member or map item, whose name is escaped as RFC 6901 §3 says.
    pub fn push(&mut self, segment: &str) -> Mark {
        let mark = Mark(self.0.len());
        self.0.push('/');
        // In place: a copy for every name with such a character would make a long way down costly.
        for part in segment.split_inclusive(['~', '/']) {
            match (part.strip_suffix('~'), part.strip_suffix('/')) {
                (Some(before), _) => self.0.extend([before, "~0"]),
                (_, Some(before)) => self.0.extend([before, "~1"]),
                _ => self.0.push_str(part),
            }
        }
        mark
    }

    /// Goes down to an array item.
    pub fn push_index(&mut self, index: usize) -> Mark {
        self.push(&index.to_string())
    }

    /// Comes back up.
    pub fn back_to(&mut self, mark: Mark) {
        self.0.truncate(mark.0);
    }

    /// The pointer as text; `""` is the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The segments of a JSON pointer, unescaped.
pub fn segments(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn gives_its_segments_back(names in proptest::collection::vec("[a~/01]{0,4}", 0..4)) {
            let mut pointer = Pointer::default();
            for name in &names {
                let _ = pointer.push(name);
            }
            prop_assert_eq!(segments(pointer.as_str()), names);
        }

        #[test]
        fn comes_back(base in "[a~/]{0,4}", name in "[a~/]{0,4}") {
            let mut pointer = Pointer::default();
            let _ = pointer.push(&base);
            let before = pointer.as_str().to_owned();
            let mark = pointer.push(&name);
            pointer.back_to(mark);
            prop_assert_eq!(pointer.as_str(), before);
        }
    }
}
