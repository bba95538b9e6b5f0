//! Form bodies (`application/x-www-form-urlencoded`), which OAuth has where all else has JSON.

use crate::error::{Code, Error, Result};
use crate::texts::{self, Message};
use std::collections::HashSet;

/// The media types of an operation that takes a form.
pub const FORM: &[&str] = &["application/x-www-form-urlencoded"];

/// The fields of a form. An empty field counts as not sent, and an unknown one is ignored (RFC 6749
/// §3.2): clients send extensions along.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `a=b&c=d`.
    ///
    /// # Errors
    /// 400 `invalid-token-request` for bytes that are not UTF-8, and for a field that is given twice (RFC 6749 §3.2).
    pub fn parse(body: &[u8]) -> Result<Self> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let mut names = HashSet::with_capacity(fields.len());
        for (name, value) in &fields {
            if [name, value]
                .iter()
                .any(|text| text.contains(['\0', char::REPLACEMENT_CHARACTER]))
            {
                return Err(invalid(texts::requests::form_not_text()));
            }
            if !names.insert(name) {
                return Err(invalid(texts::requests::form_field_twice()));
            }
        }
        Ok(Self(fields))
    }

    /// A field that may be left out.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub fn get(&self, name: &str) -> Result<&str> {
        self.find(name)
            .ok_or_else(|| invalid(texts::requests::form_field_missing(name)))
    }
}

fn invalid(detail: Message) -> Error {
    Error::new(Code::InvalidTokenRequest, detail)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_once_each() {
        let form = Form::parse(b"a=1+2&b=%EA%B5%90&empty=&unknown=x").unwrap();
        assert_eq!(form.get("a").unwrap(), "1 2");
        assert_eq!(form.find("b"), Some("교"));
        assert_eq!(form.find("empty"), None);
        for wrong in [&b"a=1&a=1"[..], b"a=%FF", b"a=%00"] {
            let error = Form::parse(wrong).err().unwrap();
            assert_eq!(error.code(), Code::InvalidTokenRequest);
        }
        let missing = Form::parse(b"").unwrap();
        assert!(
            missing
                .get("a")
                .unwrap_err()
                .detail()
                .in_english()
                .contains("field a is")
        );
    }
}
