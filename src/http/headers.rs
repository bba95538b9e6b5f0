//! Reading request headers: a header on several lines is one list (RFC 9110 §5.3), and one that an operation declares is
//! never taken for absent because it cannot be read.

use crate::error::{Code, Error, Result};
use crate::texts;
use actix_web::http::header::HeaderMap;
use std::borrow::Cow;

/// The value of a header, its lines joined by commas; lines that are no visible ASCII are left out.
pub fn find_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    let mut lines = headers.get_all(name).filter_map(|value| value.to_str().ok());
    let first = lines.next()?;
    Some(lines.fold(Cow::Borrowed(first), |list, line| Cow::Owned(format!("{list}, {line}"))))
}

/// Refuses a header that cannot be read, and one that stands on several lines: each of these takes one value.
///
/// # Errors
/// 400 `invalid-header`.
pub fn check_headers(headers: &HeaderMap, declared: &[String]) -> Result<()> {
    for name in declared {
        let mut lines = headers.get_all(name.as_str());
        let Some(first) = lines.next() else {
            continue;
        };
        if first.to_str().is_err() {
            return Err(Error::new(
                Code::InvalidHeader,
                texts::requests::header_unreadable(name),
            ));
        }
        if lines.next().is_some() {
            return Err(Error::new(Code::InvalidHeader, texts::requests::header_twice(name)));
        }
    }
    Ok(())
}
