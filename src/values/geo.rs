//! Countries (ISO 3166-1) and their subdivisions (ISO 3166-2).

/// Every officially assigned alpha-2 code of ISO 3166-1, in alphabetical order.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM \
    DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS \
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN \
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ \
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV \
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI \
    VN VU WF WS YE YT ZA ZM ZW";

/// Whether the text is a country code of ISO 3166-1 alpha-2 (`KR`, `MN`, `CA`).
pub fn is_country(text: &str) -> bool {
    countries().any(|code| code == text)
}

/// Every country code, in alphabetical order.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.split(' ')
}

/// Whether the text has the form of a subdivision code of ISO 3166-2 (`KR-47`, `CA-BC`, `MN-1`): a country,
/// `-`, and one to three capital letters or digits. The codes behind the country are not checked, because
/// they change with every reform of a country's provinces and old records keep the old ones.
pub fn is_subdivision_code(text: &str) -> bool {
    text.split_once('-').is_some_and(|(country, rest)| {
        is_country(country)
            && (1..=3).contains(&rest.len())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

/// Whether the text is a subdivision code of this country.
pub fn is_subdivision(text: &str, country: &str) -> bool {
    is_subdivision_code(text) && text.split('-').next() == Some(country)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn knows_the_countries() {
        assert_eq!(countries().count(), 249);
        assert!(countries().is_sorted() && countries().all(|code| code.len() == 2));
        assert!(["KR", "MN", "CA", "RU", "CN", "SE", "JP"].into_iter().all(is_country));
        assert!(
            ["", "kr", "KOR", "XK", "UK", " KR", "KR MN"]
                .into_iter()
                .all(|text| !is_country(text))
        );
    }

    #[test]
    fn subdivisions_begin_with_their_country() {
        assert!(
            ["KR-47", "MN-1", "CA-BC", "RU-MOW", "CN-BJ"]
                .into_iter()
                .all(is_subdivision_code)
        );
        for text in ["KR", "KR-", "KR-kr", "KR-1111", "XX-1", "KR47", "KR-4-7", "KR-서울"] {
            assert!(!is_subdivision_code(text), "{text}");
        }
        assert!(is_subdivision("CA-BC", "CA") && !is_subdivision("CA-BC", "KR"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = is_subdivision(&text, &text);
        }
    }
}
