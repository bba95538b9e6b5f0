//! On which line of a JSON text a pointer's place stands, so that an error can be shown where a person will look.

/// The line (from 1) of the deepest part of `pointer` that the text has; none when it has nothing of it.
pub(super) fn line_of_pointer(text: &str, pointer: &str) -> Option<usize> {
    let wanted: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect();
    let mut scanner = Scanner { text, at: 0 };
    let mut found = None;
    for segment in &wanted {
        match scanner.enter(segment) {
            Some(at) => found = Some(at),
            None => break,
        }
    }
    let at = found?;
    Some(text.get(..at)?.matches('\n').count() + 1)
}

/// Goes through well-formed JSON without building it.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
    /// Steps into a member or an element of the value at hand; where it begins.
    fn enter(&mut self, segment: &str) -> Option<usize> {
        self.skip_space();
        let open = self.next()?;
        let mut index = 0_usize;
        loop {
            self.skip_space();
            let begin = self.at;
            let is_wanted = match open {
                b'{' => {
                    let key = self.string()?;
                    self.skip_space();
                    self.next().filter(|byte| *byte == b':')?;
                    key == segment
                }
                b'[' => segment.parse() == Ok(index),
                _ => return None,
            };
            if is_wanted {
                return Some(begin);
            }
            self.skip_value()?;
            self.skip_space();
            self.next().filter(|byte| *byte == b',')?;
            index += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<String> {
        let begin = self.at;
        self.skip_string()?;
        serde_json::from_str(self.text.get(begin..self.at)?).ok()
    }

    fn skip_string(&mut self) -> Option<()> {
        self.next().filter(|byte| *byte == b'"')?;
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => {
                    self.next()?;
                }
                _ => {}
            }
        }
    }

    fn skip_value(&mut self) -> Option<()> {
        self.skip_space();
        match self.peek()? {
            b'"' => self.skip_string(),
            b'{' | b'[' => {
                let mut depth = 0_usize;
                loop {
                    match self.peek()? {
                        b'"' => self.skip_string()?,
                        b'{' | b'[' => {
                            depth += 1;
                            self.at += 1;
                        }
                        b'}' | b']' => {
                            depth -= 1;
                            self.at += 1;
                            if depth == 0 {
                                return Some(());
                            }
                        }
                        _ => self.at += 1,
                    }
                }
            }
            _ => {
                while self.peek().is_some_and(|byte| !b",]}".contains(&byte)) {
                    self.at += 1;
                }
                Some(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::line_of_pointer;
    use proptest::prelude::*;

    const TEXT: &str = "{\n  \"a\": {\"x\": \"}\\\"\"},\n  \"b\": [1,\n    {\"c/d\": 2}\n  ]\n}";

    #[test]
    fn places_have_lines() {
        assert_eq!(line_of_pointer(TEXT, "/a"), Some(2));
        assert_eq!(line_of_pointer(TEXT, "/b"), Some(3));
        assert_eq!(line_of_pointer(TEXT, "/b/1/c~1d"), Some(4));
        assert_eq!(line_of_pointer(TEXT, "/b/1/missing"), Some(4));
        assert_eq!(line_of_pointer(TEXT, "/missing"), None);
        assert_eq!(line_of_pointer("", "/a"), None);
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,60}", pointer in "(/[a-c~0-1]{0,3}){0,3}") {
            let _ignored = line_of_pointer(&text, &pointer);
        }
    }
}
