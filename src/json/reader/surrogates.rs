//! Halves of surrogate pairs in JSON text.

use std::borrow::Cow;

/// Writes `\u0000` over every escape that is half a surrogate pair. `serde_json` would stop at such an escape without
/// saying where in the tree it stands; as U+0000 it is reported at its place like all others. Lengths do not change, so
/// lines and columns stay true. Escapes outside strings are malformed either way.
pub(super) fn mask_lone_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut lone = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'\\' {
            at += 1;
            continue;
        }
        let step = match (escaped_unit(bytes, at), escaped_unit(bytes, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                lone.push(at);
                6
            }
            // Any other escape: over the escaped character, which may itself be a backslash.
            _ => 2,
        };
        at += step;
    }
    if lone.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = text.to_owned();
    for start in lone {
        masked.replace_range(start..start + 6, "\\u0000");
    }
    Cow::Owned(masked)
}

/// The UTF-16 code unit of the escape `\uXXXX` that starts at `at`.
fn escaped_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(6)?)?.strip_prefix(b"\\u")?;
    digits
        .iter()
        .try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}
