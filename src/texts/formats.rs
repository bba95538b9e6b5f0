//! What to write, by format; completes `schema::must_be_form`.

super::texts! {
    partial_date
        "a year, month or day such as 2022, 2022-04 or 2022-04-16"
        "2022, 2022-04, 2022-04-16 같은 연, 월 또는 일"
        "2022, 2022-04, 2022-04-16 зэрэг он, сар эсвэл өдөр";
    date
        "a day such as 2022-04-16"
        "2022-04-16 같은 날짜"
        "2022-04-16 зэрэг өдөр";
    date_time
        "an instant in UTC such as 2022-04-16T09:30:00Z (RFC 3339)"
        "2022-04-16T09:30:00Z 같은 UTC 시각(RFC 3339)"
        "2022-04-16T09:30:00Z зэрэг UTC агшин (RFC 3339)";
    country
        "a country code of ISO 3166-1 such as KR, MN or CA"
        "KR, MN, CA 같은 ISO 3166-1 국가 코드"
        "KR, MN, CA зэрэг ISO 3166-1 улсын код";
    subdivision
        "a subdivision code of ISO 3166-2 such as KR-47, MN-1 or CA-BC"
        "KR-47, MN-1, CA-BC 같은 ISO 3166-2 행정구역 코드"
        "KR-47, MN-1, CA-BC зэрэг ISO 3166-2 нэгжийн код";
    language
        "a language tag (BCP 47) such as ko, mn, en or zh-Hant"
        "ko, mn, en, zh-Hant 같은 언어 태그(BCP 47)"
        "ko, mn, en, zh-Hant зэрэг хэлний таг (BCP 47)";
    time_zone
        "a time zone of the IANA database such as Asia/Seoul or Asia/Ulaanbaatar"
        "Asia/Seoul, Asia/Ulaanbaatar 같은 IANA 시간대"
        "Asia/Seoul, Asia/Ulaanbaatar зэрэг IANA цагийн бүс";
    currency
        "a currency code of ISO 4217 such as KRW or MNT"
        "KRW, MNT 같은 ISO 4217 통화 코드"
        "KRW, MNT зэрэг ISO 4217 валютын код";
    decimal
        "a decimal number in text such as \"1200.00\", without sign or separators"
        "부호나 구분자가 없는 \"1200.00\" 같은 텍스트 십진수"
        "\"1200.00\" зэрэг тэмдэг, тусгаарлагчгүй текстэн аравтын тоо";
    uri
        "an absolute address that begins with https:// or http://"
        "https:// 또는 http://로 시작하는 절대 주소"
        "https:// эсвэл http://-ээр эхэлсэн бүрэн хаяг";
    sha256
        "64 hexadecimal digits in lower case"
        "소문자 16진수 64자"
        "64 жижиг үсэгтэй арван зургаатын орон";
}
