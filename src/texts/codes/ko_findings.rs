//! Codes of wrong places in Korean.

super::finding::finding_texts! {
    CannotBeRedacted
        "문서를 깨뜨리지 않고는 값을 지울 수 없습니다."
        "값이 들어 있는 항목을 지우거나 먼저 문서를 바꾸세요.";
    CountNegative
        "수가 0보다 작습니다."
        "0 이상을 보내세요.";
    CountValueMissing
        "qualifier가 값을 요구하는데 수에 값이 없습니다."
        "값을 보내거나 qualifier를 `unknown`으로 보내세요.";
    CountValueNotNull
        "qualifier가 값을 허용하지 않는데 수에 값이 있습니다."
        "값을 null로 보내거나 다른 qualifier를 보내세요.";
    CountryMissing
        "국가 없이 행정구역이 주어졌습니다."
        "`country`를 보내세요.";
    Cycle
        "참조가 순환하게 됩니다."
        "이 레코드의 위나 아래가 아닌 레코드를 참조하세요.";
    Duplicate
        "같은 레코드가 두 번 있습니다."
        "둘 중 하나만 남기세요. 그렇지 않으면 나중 것이 적용됩니다.";
    DuplicateItem
        "목록에 같은 값이 두 번 있습니다."
        "각 값을 한 번만 보내세요.";
    DuplicateMember
        "객체에 같은 항목이 두 번 있습니다."
        "각 항목을 한 번만 보내세요.";
    Empty
        "값이 비어 있으면 안 됩니다."
        "값을 보내거나 항목을 빼세요.";
    EvergreenWithEnd
        "종료가 없는 협약에 종료일이 있습니다."
        "종료일을 빼거나 다른 기간 유형을 고르세요.";
    ExactlyOne
        "여러 항목 중 정확히 하나를 주어야 합니다."
        "`detail`에 있는 것 중 하나를 보내세요.";
    FixedWithoutEnd
        "정해진 기간의 협약에 종료일이 없습니다."
        "기간의 종료일을 보내세요.";
    GivenTwice
        "한 번만 줄 수 있는 것이 두 번 주어졌습니다."
        "한 번만 보내세요.";
    InFuture
        "미래일 수 없는 날짜가 미래입니다."
        "날짜를 고치세요.";
    Invalid
        "값이 여기서 허용되는 어떤 형식에도 맞지 않습니다."
        "`/docs`에서 이 항목의 스키마를 확인하세요.";
    InvalidAddress
        "텍스트가 IP 주소가 아닙니다."
        "192.0.2.1이나 2001:db8::1처럼 쓰세요.";
    InvalidCountry
        "텍스트가 ISO 3166-1 국가 코드가 아닙니다."
        "대문자 두 글자로 쓰세요(예: KR).";
    InvalidCurrency
        "텍스트가 ISO 4217 통화 코드가 아닙니다."
        "KRW처럼 쓰세요.";
    InvalidDate
        "텍스트가 날짜가 아닙니다."
        "2022-04-16처럼 쓰세요.";
    InvalidDateTime
        "텍스트가 UTC 시각이 아닙니다."
        "2022-04-16T09:30:00Z처럼 쓰세요.";
    InvalidDecimal
        "텍스트가 십진수가 아닙니다."
        "부호나 구분자 없이 \"1200.00\"처럼 쓰세요.";
    InvalidFormat
        "텍스트가 정해진 형식이 아닙니다."
        "`detail`에 적힌 대로 쓰세요.";
    InvalidId
        "텍스트가 요구되는 종류의 id가 아닙니다."
        "그 종류의 id나 `ext:{system}:{key}`를 보내세요.";
    InvalidInstant
        "텍스트가 시각이 아닙니다."
        "2022-04-16T09:30:00Z처럼 쓰세요.";
    InvalidLanguage
        "텍스트가 언어 태그(BCP 47)가 아닙니다."
        "ko, mn, en, zh-Hant처럼 쓰세요.";
    InvalidName
        "이름이 요구되는 형식이 아닙니다."
        "`detail`에 적힌 대로 쓰세요.";
    InvalidNetwork
        "텍스트가 네트워크가 아닙니다."
        "10.0.0.0/8처럼 쓰세요.";
    InvalidPartialDate
        "텍스트가 연, 월 또는 일이 아닙니다."
        "2022, 2022-04, 2022-04-16처럼 쓰세요.";
    InvalidPosition
        "텍스트가 피드의 위치가 아닙니다."
        "`begin`, `now`, 또는 마지막 `next`를 보내세요.";
    InvalidSha256
        "텍스트가 SHA-256 다이제스트가 아닙니다."
        "소문자 16진수 64자로 쓰세요.";
    InvalidSubdivision
        "텍스트가 ISO 3166-2 행정구역 코드가 아닙니다."
        "KR-47처럼 쓰세요.";
    InvalidText
        "텍스트에 U+0000, 짝 없는 서로게이트, 또는 UTF-8이 아닌 바이트가 있습니다."
        "그 문자를 제거하세요.";
    InvalidTimeZone
        "텍스트가 IANA 데이터베이스의 시간대가 아닙니다."
        "Asia/Seoul처럼 쓰세요.";
    InvalidUri
        "텍스트가 절대 웹 주소가 아닙니다."
        "https:// 또는 http://로 시작하세요.";
    Length
        "텍스트의 길이가 허용되지 않습니다."
        "줄이거나 채우세요.";
    LevelOrder
        "노드의 단계가 위 노드의 단계와 맞지 않습니다."
        "단계나 상위 노드를 고치세요.";
    NeedsSource
        "작성자의 진술이 아닐 때는 출처가 필요합니다."
        "`source`에 `sources`의 키를 주세요.";
    NotAllowed
        "여기서는 이 항목을 줄 수 없습니다."
        "요청에서 빼세요.";
    NotApplicable
        "다른 항목과 함께는 이 항목이 의미가 없습니다."
        "이 항목을 빼거나 다른 항목을 고치세요.";
    NotPositive
        "수는 0보다 커야 합니다."
        "양수를 보내세요.";
    NotUnique
        "살아 있는 다른 레코드가 이 값을 갖고 있습니다."
        "값을 고치거나 그 레코드를 쓰세요.";
    NotYourPart
        "이 항목을 바꿀 수 없습니다."
        "있던 대로 두세요. 소유 기관이 바꿀 수 있습니다.";
    NothingGiven
        "여러 항목 중 아무것도 주어지지 않았습니다."
        "`detail`에 있는 것 중 적어도 하나를 보내세요.";
    Order
        "두 수의 순서가 잘못되었습니다."
        "서로 바꾸거나 고치세요.";
    OutOfRange
        "수가 허용 범위를 벗어납니다."
        "범위 안의 수를 보내세요.";
    OutsidePeriod
        "날짜가 속한 기간을 벗어납니다."
        "날짜나 기간을 고치세요.";
    OutsideScale
        "등급이 척도를 벗어납니다."
        "등급이나 척도를 고치세요.";
    Pattern
        "텍스트가 이 항목의 패턴과 일치하지 않습니다."
        "`detail`에 적힌 대로 쓰세요.";
    PeriodOpenWithEnd
        "열린 기간으로 표시되었는데 끝이 있습니다."
        "`to`를 빼거나 `open`을 false로 하세요.";
    PeriodReversed
        "기간이 시작보다 먼저 끝납니다."
        "날짜를 서로 바꾸거나 고치세요.";
    RangeOrder
        "범위의 하한이 상한보다 큽니다."
        "서로 바꾸세요.";
    ReadOnly
        "서비스가 관리하는 항목입니다."
        "빼거나 읽은 그대로 보내세요.";
    Required
        "항목이나 매개변수가 없습니다."
        "API 문서에 적힌 대로 보내세요.";
    RequiredWith
        "다른 항목이 요구하는 항목이 없습니다."
        "둘 다 보내거나 다른 것을 빼세요.";
    SameHouse
        "두 서명 기관 중 하나가 다른 기관의 하위 기관입니다."
        "서로 다른 두 기관을 서명 기관으로 주세요.";
    SameOffice
        "두 항목이 같은 기관을 가리킵니다."
        "서로 다른 두 기관을 주세요.";
    SelfReference
        "레코드가 자기 자신을 참조합니다."
        "다른 레코드를 참조하세요.";
    StageByAction
        "단계는 문서를 써서 바꾸지 않습니다."
        "`allowed` 중 하나를 쓰세요. 이후 단계는 동작에 따릅니다.";
    StageTransition
        "앞 단계 다음에 올 수 없는 단계입니다."
        "`detail`에 있는 단계 중 하나를 쓰세요.";
    SubdivisionOfOtherCountry
        "행정구역이 다른 국가에 속합니다."
        "둘 중 하나를 고치세요.";
    TooDeep
        "값의 중첩이 너무 깊습니다."
        "`/docs`에 적힌 대로 문서를 보내세요.";
    TooFew
        "개수가 너무 적습니다."
        "`params`에 있는 수 이상 보내세요.";
    TooFewSignatories
        "협약의 서명 기관이 너무 적습니다."
        "`signatory` 역할의 당사자를 적어도 둘 주세요.";
    TooLong
        "텍스트가 너무 깁니다."
        "`params`에 있는 글자 수까지만 보내세요.";
    TooMany
        "개수가 너무 많습니다."
        "`params`에 있는 수까지만 보내세요.";
    TooShort
        "텍스트가 너무 짧습니다."
        "`params`에 있는 글자 수 이상 보내세요.";
    UnknownCode
        "코드 목록에 없는 값입니다."
        "`allowed` 중 하나를 쓰거나 `/api/v1/codes`에서 찾으세요.";
    UnknownKey
        "이 키의 항목이 없습니다."
        "있는 항목의 키나 `allowed` 중 하나를 쓰세요.";
    UnknownMember
        "이 위치에 그런 항목이 없습니다."
        "이름을 고치세요. 있는 항목은 `allowed`에 있습니다.";
    UnknownParameter
        "이 연산에 그런 매개변수가 없습니다."
        "이름을 고치세요. 있는 매개변수는 `allowed`에 있습니다.";
    UnknownPointer
        "레코드의 어떤 버전에도 이 포인터에 값이 없습니다."
        "포인터를 고치세요.";
    UnknownReference
        "참조할 수 있는 그런 레코드가 없습니다."
        "id를 고치거나 먼저 레코드를 만드세요.";
    UnknownSource
        "키가 `sources`의 항목을 가리키지 않습니다."
        "`sources`에 출처를 추가하거나 키를 고치세요.";
    WrongFormat
        "텍스트가 요구되는 형식이 아닙니다."
        "`detail`에 적힌 대로 쓰세요.";
    WrongType
        "값의 JSON 유형이 다릅니다."
        "`detail`에 있는 유형으로 보내세요.";
}
