//! On which line of a JSON text each place stands, so that an error can be shown where a person will look.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Read;
use std::rc::Rc;

use serde::de::DeserializeSeed;

use super::notes::LineNotes;
use super::surrogates::mask_lone_surrogates;
use super::{Limits, Reading};

/// The line (from 1) of every member and array item of a text, by JSON pointer (RFC 6901).
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<String, usize>);

impl Lines {
    /// Reads a text with the strict reader. What stands before a syntax error has its line, too; of a repeated member the
    /// first counts; what is nested deeper than the limit is left out.
    pub fn of(text: &str, limits: Limits) -> Self {
        let text = mask_lone_surrogates(text);
        let line = Rc::new(Cell::new(1));
        let notes = LineNotes {
            line: line.clone(),
            by_pointer: RefCell::default(),
        };
        let reading = Reading::new(limits, Some(notes));
        let counted = CountedText {
            rest: text.as_bytes(),
            line,
        };
        // Faults are the business of `parse_strict`.
        let _ignored = reading
            .root()
            .deserialize(&mut serde_json::Deserializer::from_reader(counted));
        Self(reading.lines.unwrap_or_default().by_pointer.into_inner())
    }

    /// The line of the deepest part of `pointer` that the text has; none when it has nothing of it.
    pub fn find(&self, pointer: &str) -> Option<usize> {
        let mut part = pointer;
        while !part.is_empty() {
            if let Some(line) = self.0.get(part) {
                return Some(*line);
            }
            part = part.rsplit_once('/')?.0;
        }
        None
    }
}

/// A text that is handed out byte by byte, so that the line is always that of the last byte that the reader asked for.
struct CountedText<'a> {
    rest: &'a [u8],
    line: Rc<Cell<usize>>,
}

impl Read for CountedText<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let (Some((byte, rest)), Some(place)) = (self.rest.split_first(), buffer.first_mut()) else {
            return Ok(0);
        };
        if *byte == b'\n' {
            self.line.set(self.line.get() + 1);
        }
        *place = *byte;
        self.rest = rest;
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::arbitrary;
    use super::*;

    const TEXT: &str = "{\n  \"a\": {\"x\": \"}\\\"\"},\n  \"b\": [1,\n    {\"c/d\": 2}\n  ]\n}";

    fn line_of_pointer(text: &str, pointer: &str) -> Option<usize> {
        Lines::of(text, Limits::default()).find(pointer)
    }

    #[test]
    fn places_have_lines() {
        assert_eq!(line_of_pointer(TEXT, "/a"), Some(2));
        assert_eq!(line_of_pointer(TEXT, "/b"), Some(3));
        assert_eq!(line_of_pointer(TEXT, "/b/1/c~1d"), Some(4));
        assert_eq!(line_of_pointer(TEXT, "/b/1/missing"), Some(4));
        assert_eq!(line_of_pointer(TEXT, "/missing"), None);
        assert_eq!(line_of_pointer("", "/a"), None);
    }

    #[test]
    fn a_member_is_where_its_name_is() {
        let text = "{\"a\"\n:\n[\n\n1\n,\n\"\\ud800\"],\n\"a\": 2,\n\"b\": x";
        for (pointer, line) in [("/a", 1), ("/a/0", 5), ("/a/1", 7), ("/b", 9)] {
            assert_eq!(line_of_pointer(text, pointer), Some(line), "{pointer}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}", pointer in "(/[a-c~0-1]{0,3}){0,3}") {
            let _ignored = line_of_pointer(&text, &pointer);
        }

        /// Written with one member or item a line, every place begins where its line says.
        #[test]
        fn every_place_has_its_line(value in arbitrary::json()) {
            let text = format!("{value:#}");
            let rows: Vec<&str> = text.lines().map(str::trim_start).collect();
            for (pointer, line) in Lines::of(&text, Limits::default()).0 {
                let row = rows.get(line - 1).copied().unwrap_or_default();
                let last = crate::json::pointer::segments(&pointer).pop().unwrap_or_default();
                let found = value.pointer(&pointer).map(|found| format!("{found:#}")).unwrap_or_default();
                let begin = found.lines().next().unwrap_or_default();
                let is_there = row.starts_with(begin) || row.starts_with(&format!("\"{last}\": {begin}"));
                prop_assert!(is_there, "{} on {}: {}", pointer, line, text);
            }
        }
    }
}
