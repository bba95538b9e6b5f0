//! Headings and links of the pages of problems.

super::texts! {
    guides
        "Guides"
        "안내서"
        "Гарын авлага";
    api
        "API"
        "API 문서"
        "API баримт";
    problems
        "Problems"
        "문제"
        "Асуудлууд";
    all_problems
        "All problems"
        "모든 문제"
        "Бүх асуудал";
    status
        "Status"
        "상태"
        "Төлөв";
    code
        "Code"
        "코드"
        "Код";
    title
        "Title"
        "제목"
        "Гарчиг";
    meaning
        "Meaning"
        "뜻"
        "Утга";
    cause
        "Cause"
        "원인"
        "Шалтгаан";
    example
        "Example"
        "예"
        "Жишээ";
    fix
        "Fix"
        "해결 방법"
        "Засах арга";
    codes_of_places
        "Codes of one wrong place"
        "잘못된 위치의 코드"
        "Буруу байрлалын кодууд";
    as_place
        "As the code of one wrong place"
        "잘못된 위치의 코드로서"
        "Буруу байрлалын код болох нь";
}
