//! Languages (BCP 47), time zones (IANA), currencies (ISO 4217), decimal amounts.

use chrono::{DateTime, NaiveDate, Utc};

/// Every two-letter language code of ISO 639-1, in alphabetical order.
const LANGUAGES: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv \
    cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr \
    ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw \
    ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv \
    ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr \
    ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi \
    yo za zh zu";

/// The currency codes of ISO 4217, in alphabetical order: those in use, funds, and some that were replaced
/// lately and that older records name. Without metals, test codes and "no currency".
const CURRENCIES: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD \
    BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP \
    DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS \
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD \
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR \
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS \
    SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW \
    UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG ZWL";

/// Whether the text is a language tag that the registry takes: BCP 47 (RFC 5646), with a known two-letter or any
/// three-letter language, optional script, region and variants, in the usual case (`ko`, `zh-Hant`, `pt-BR`).
/// Only one way to write a tag is taken, so that a language is never twice in one map.
/// Extensions and private use are not taken: they say nothing about a text's language.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-').peekable();
    let language = parts.next().unwrap_or_default();
    let known = match language.len() {
        2 => LANGUAGES.split(' ').any(|code| code == language),
        3 => all(language, |byte| byte.is_ascii_lowercase()),
        _ => false,
    };
    parts.next_if(|part| is_script(part));
    parts.next_if(|part| is_region(part));
    let mut variants: Vec<&str> = Vec::new();
    for variant in parts {
        if !is_variant(variant) || variants.contains(&variant) {
            return false;
        }
        variants.push(variant);
    }
    known
}

/// `Hant`, `Cyrl`: four letters, the first a capital (ISO 15924).
fn is_script(part: &str) -> bool {
    part.len() == 4
        && part.starts_with(|first: char| first.is_ascii_uppercase())
        && part.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
}

/// `KR` (ISO 3166-1) or `419` (UN M.49).
fn is_region(part: &str) -> bool {
    super::geo::is_country(part) || (part.len() == 3 && all(part, |byte| byte.is_ascii_digit()))
}

/// Five to eight letters or digits, or four beginning with a digit.
fn is_variant(part: &str) -> bool {
    let long_enough = match part.len() {
        4 => part.starts_with(|first: char| first.is_ascii_digit()),
        5..=8 => true,
        _ => false,
    };
    long_enough && all(part, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Whether every byte passes the test.
fn all(text: &str, test: fn(&u8) -> bool) -> bool {
    text.as_bytes().iter().all(test)
}

/// Whether the text names a time zone of the IANA database (`Asia/Seoul`, `Asia/Ulaanbaatar`).
pub fn is_time_zone(text: &str) -> bool {
    text.parse::<chrono_tz::Tz>().is_ok()
}

/// The civil date at an instant in a time zone of the IANA database: an office's "today".
/// UTC where the office has no zone (or one that a later edition of the database dropped).
pub fn day_in_zone(instant: DateTime<Utc>, zone: Option<&str>) -> NaiveDate {
    match zone.map(str::parse::<chrono_tz::Tz>) {
        Some(Ok(zone)) => instant.with_timezone(&zone).date_naive(),
        _ => instant.date_naive(),
    }
}

/// Whether the text is a currency code of ISO 4217 (`KRW`, `MNT`).
pub fn is_currency(text: &str) -> bool {
    CURRENCIES.split(' ').any(|code| code == text)
}

/// Whether the text is a decimal amount: digits without sign, separators or leading zeros, at most 18 of them,
/// and after a point one to six more (`1200`, `1200.00`, `0.5`).
pub fn is_decimal_amount(text: &str) -> bool {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    (1..=18).contains(&whole.len())
        && all(whole, |byte| byte.is_ascii_digit())
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(|digits| (1..=6).contains(&digits.len()) && all(digits, |byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_in_order() {
        assert!(LANGUAGES.split(' ').is_sorted() && LANGUAGES.split(' ').all(|code| code.len() == 2));
        assert!(CURRENCIES.split(' ').is_sorted() && CURRENCIES.split(' ').all(|code| code.len() == 3));
    }

    #[test]
    fn takes_languages_written_the_usual_way() {
        for text in [
            "ko",
            "mn",
            "en",
            "zh-Hant",
            "mn-Cyrl-MN",
            "pt-BR",
            "es-419",
            "de-1996",
            "sl-rozaj-biske",
            "bxr",
        ] {
            assert!(is_language(text), "{text}");
        }
        for text in [
            "",
            "k",
            "jp",
            "KO",
            "korean",
            "zh-hant",
            "pt-br",
            "ko-",
            "ko--KR",
            "ko_KR",
            "ko-KR-KR",
            "x-own",
            "en-a-bbb",
            "de-1996-1996",
            "ko KR",
            "en-XX",
        ] {
            assert!(!is_language(text), "{text}");
        }
    }

    #[test]
    fn knows_zones_and_their_day() {
        assert!(is_time_zone("Asia/Seoul") && is_time_zone("Asia/Ulaanbaatar") && is_time_zone("UTC"));
        assert!(!is_time_zone("Asia/Pohang") && !is_time_zone("") && !is_time_zone("KST"));
        let instant = "2023-12-31T16:30:00Z".parse().unwrap();
        assert_eq!(day_in_zone(instant, Some("Asia/Seoul")).to_string(), "2024-01-01");
        assert_eq!(day_in_zone(instant, Some("Nowhere")).to_string(), "2023-12-31");
        assert_eq!(day_in_zone(instant, None).to_string(), "2023-12-31");
    }

    #[test]
    fn knows_currencies_and_amounts() {
        assert!(is_currency("KRW") && is_currency("MNT") && !is_currency("krw") && !is_currency("XXX"));
        for text in ["0", "0.5", "1200", "1200.00", "999999999999999999.999999"] {
            assert!(is_decimal_amount(text), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "01",
            "1,200",
            "1e3",
            "1.2.3",
            "1.0000000",
            "٣",
        ] {
            assert!(!is_decimal_amount(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,20}|[a-zA-Z]{1,5}(-[a-zA-Z0-9]{0,9}){0,4}|[0-9.]{0,30}") {
            let _ = (is_language(&text), is_time_zone(&text), is_currency(&text), is_decimal_amount(&text));
        }
    }
}
