//! What an answer is chosen by: its form by `Accept`, its language by `Accept-Language` (RFC 9110 §12.5).

use crate::texts::Language;

/// More ranges than this are not looked at, so that a long header costs no more than a short one.
const MOST_RANGES: usize = 32;

/// The media type of `offered` (with at least one) that `accept` prefers: by its quality, between equals the one that is
/// offered first. Without a header, and where nothing fits, it is the first, which RFC 9110 allows in place of 406.
pub fn choose_media_type(accept: Option<&str>, offered: &[&'static str]) -> &'static str {
    let first = offered.first().copied().unwrap_or_default();
    let Some(accept) = accept else {
        return first;
    };
    let mut chosen = (0, first);
    for media_type in offered {
        let quality = quality_of(accept, media_type);
        if quality > chosen.0 {
            chosen = (quality, media_type);
        }
    }
    chosen.1
}

/// The quality in thousandths that the most specific range gives to a media type; 0 where none matches.
fn quality_of(accept: &str, media_type: &str) -> u16 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let mut found = (0, 0);
    for range in accept.split(',').take(MOST_RANGES) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let specificity = match name.split_once('/') {
            Some(_) if name.eq_ignore_ascii_case(media_type) => 3,
            Some((of, "*")) if of.eq_ignore_ascii_case(kind) => 2,
            Some(("*", "*")) => 1,
            _ => continue,
        };
        let quality = find_quality(&mut parts);
        if specificity > found.0 {
            found = (specificity, quality);
        }
    }
    found.1
}

/// The language that `accept_language` prefers (RFC 4647 §3.4, lookup): by quality, between equals the one that is named
/// first. English without the header, for `*`, and where nothing fits.
pub fn choose_language(accept_language: Option<&str>) -> Language {
    let mut chosen = (0, Language::default());
    for range in accept_language.unwrap_or_default().split(',').take(MOST_RANGES) {
        let mut parts = range.split(';').map(str::trim);
        let primary = parts.next().unwrap_or_default().split('-').next().unwrap_or_default();
        let language = match primary {
            "*" => Some(Language::default()),
            tag => Language::ALL
                .iter()
                .copied()
                .find(|language| language.tag().eq_ignore_ascii_case(tag)),
        };
        let quality = find_quality(&mut parts);
        if let Some(language) = language
            && quality > chosen.0
        {
            chosen = (quality, language);
        }
    }
    chosen.1
}

/// The quality among the parameters of a range; 1000 where none is given, 0 for what is no quality value.
fn find_quality<'a>(parts: &mut impl Iterator<Item = &'a str>) -> u16 {
    parts
        .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
        .map_or(Some(1000), parse_quality)
        .unwrap_or(0)
}

/// `0.5` as 500; none for what is no quality value (RFC 9110 §12.4.2).
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_form_is_chosen() {
        let offered = ["text/html", "text/markdown"];
        for (accept, expected) in [
            ("", "text/html"),
            ("*/*", "text/html"),
            ("text/*", "text/html"),
            ("application/json", "text/html"),
            ("text/markdown", "text/markdown"),
            ("TEXT/Markdown", "text/markdown"),
            ("text/markdown, text/html;q=0.9", "text/markdown"),
            ("text/html;q=0.5,text/markdown;q=0.501", "text/markdown"),
            ("text/*;q=0.4, text/html;q=0.3", "text/markdown"),
            ("text/markdown;charset=utf-8;q=0.9, */*;q=0.1", "text/markdown"),
            ("text/html;q=0, */*;q=0.1", "text/markdown"),
            ("text/markdown;q=2, text/html;q=0.1", "text/html"),
            ("text/markdown;q=0.5000", "text/html"),
            ("text/html, text/markdown", "text/html"),
            (",;/,text/markdown;;", "text/markdown"),
        ] {
            assert_eq!(choose_media_type(Some(accept), &offered), expected, "{accept}");
        }
        assert_eq!(choose_media_type(None, &offered), "text/html");
    }

    #[test]
    fn the_preferred_language_is_chosen() {
        for (header, expected) in [
            ("", "en"),
            ("ko", "ko"),
            ("KO-kr", "ko"),
            ("mn-Cyrl-MN, ko;q=0.9", "mn"),
            ("fr, ko;q=0.3, mn;q=0.4", "mn"),
            ("fr-FR, de;q=0.8", "en"),
            ("ko, mn", "ko"),
            ("ko;q=0, mn;q=0.1", "mn"),
            ("ko;q=2", "en"),
            ("*, ko;q=0.5", "en"),
            ("en;q=0.2, ko;q=0.3", "ko"),
            (",;,ko;;", "ko"),
        ] {
            assert_eq!(choose_language(Some(header)).tag(), expected, "{header}");
        }
        assert_eq!(choose_language(None).tag(), "en");
        let beyond = format!("{}ko", "fr,".repeat(MOST_RANGES));
        assert_eq!(choose_language(Some(&beyond)).tag(), "en");
    }

    #[test]
    fn a_long_header_is_read_to_a_limit() {
        let beyond = format!("{}text/markdown", "a/b,".repeat(MOST_RANGES));
        assert_eq!(
            choose_media_type(Some(&beyond), &["text/html", "text/markdown"]),
            "text/html"
        );
        let within = format!("{}text/markdown", "a/b,".repeat(MOST_RANGES - 1));
        assert_eq!(
            choose_media_type(Some(&within), &["text/html", "text/markdown"]),
            "text/markdown"
        );
    }
}
