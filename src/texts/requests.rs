//! What is wrong with a request itself: its path, headers, query, form or body.

super::texts! {
    nothing_here
        "There is nothing at this path; /docs shows what there is."
        "이 경로에는 아무것도 없습니다. 어떤 경로가 있는지는 /docs에서 확인하세요."
        "Энэ замд юу ч алга. Ямар зам байгааг /docs-оос харна уу.";
    body_too_slow
        "The body did not arrive within 10 seconds."
        "본문이 10초 안에 도착하지 않았습니다."
        "Бие 10 секундын дотор ирсэнгүй.";
    body_encoded(encoding)
        "The body is encoded as '{encoding}'; send it plain."
        "본문이 '{encoding}'(으)로 인코딩되어 있습니다. 인코딩하지 않고 보내세요."
        "Бие '{encoding}'-ээр кодлогдсон байна; кодлолгүйгээр илгээнэ үү.";
    wrong_media_type(sent, accepted)
        "The Content-Type '{sent}' is not taken here; send {accepted}."
        "여기서는 Content-Type '{sent}'을(를) 받지 않습니다. {accepted}(으)로 보내세요."
        "Энд '{sent}' Content-Type-ийг хүлээж авахгүй; {accepted} илгээнэ үү.";
    body_broke_off(error)
        "The body broke off: {error}."
        "본문이 중간에 끊겼습니다: {error}."
        "Бие дундаа тасарсан: {error}.";
    body_too_large(limit)
        "The body is larger than {limit} bytes."
        "본문이 {limit}바이트보다 큽니다."
        "Бие {limit} байтаас том байна.";
    not_json_at(line, column, detail)
        "The body is not JSON at line {line}, column {column}: {detail}."
        "본문이 {line}행 {column}열에서 JSON이 아닙니다: {detail}."
        "Биеийн {line}-р мөр, {column}-р багана дээр JSON биш байна: {detail}.";
    not_utf8
        "The body is not UTF-8."
        "본문이 UTF-8이 아닙니다."
        "Бие UTF-8 биш байна.";
    too_deep(most)
        "More than {most} levels of nesting."
        "중첩이 {most}단계를 넘습니다."
        "Давхарлал {most} түвшнээс олон байна.";
    too_many_members(most)
        "An object or array of the body has more than {most} members or items."
        "본문의 객체나 배열에 항목이 {most}개를 넘습니다."
        "Биеийн объект эсвэл массивт {most}-аас олон гишүүн байна.";
    too_many_values(most)
        "The body has more than {most} members and items in all."
        "본문의 항목을 모두 합치면 {most}개를 넘습니다."
        "Бие нийтдээ {most}-аас олон гишүүнтэй байна.";
    name_too_long(most)
        "The name of a member has more than {most} characters."
        "항목의 이름이 {most}자를 넘습니다."
        "Талбарын нэр {most} тэмдэгтээс урт байна.";
    too_many_large_bodies
        "Too many large bodies are being checked. Send the request again in a moment."
        "큰 본문을 너무 많이 검사하고 있습니다. 잠시 뒤에 요청을 다시 보내세요."
        "Хэт олон том биеийг шалгаж байна. Хүсэлтээ хэсэг хугацааны дараа дахин илгээнэ үү.";
    member_given_twice
        "This member is given twice."
        "이 항목이 두 번 주어졌습니다."
        "Энэ талбарыг хоёр удаа өгсөн байна.";
    uri_too_long
        "The path and query are longer than 8 KiB."
        "경로와 쿼리가 8 KiB보다 깁니다."
        "Зам ба асуулга 8 KiB-ээс урт байна.";
    headers_too_large
        "The headers are larger than 32 KiB."
        "헤더가 32 KiB보다 큽니다."
        "Толгой 32 KiB-ээс том байна.";
    path_takes(allow)
        "This path takes {allow}."
        "이 경로는 {allow}만 받습니다."
        "Энэ зам зөвхөн {allow}-г авна.";
    form_not_text
        "A field is not text in UTF-8 without U+0000."
        "U+0000이 없는 UTF-8 텍스트가 아닌 필드가 있습니다."
        "Нэг талбар U+0000-гүй UTF-8 текст биш байна.";
    form_field_twice
        "A field is given twice."
        "같은 필드가 두 번 주어졌습니다."
        "Нэг талбарыг хоёр удаа өгсөн байна.";
    form_field_missing(name)
        "The field {name} is missing."
        "{name} 필드가 없습니다."
        "{name} талбар алга.";
    idempotency_key_form
        "Idempotency-Key must be 1 to 255 visible ASCII characters, a UUID for instance."
        "Idempotency-Key는 보이는 ASCII 문자 1~255자여야 합니다(예: UUID)."
        "Idempotency-Key нь 1-255 харагдах ASCII тэмдэгт байх ёстой (жишээ нь UUID).";
    idempotency_key_reused
        "This Idempotency-Key was sent before with another body. Use a new key."
        "이 Idempotency-Key는 다른 본문과 함께 이미 보낸 적이 있습니다. 새 키를 사용하세요."
        "Энэ Idempotency-Key-г өмнө нь өөр биетэй илгээсэн байна. Шинэ түлхүүр хэрэглэнэ үү.";
    secret_shown_before(token)
        "The first answer to this Idempotency-Key showed the secret of {token}; it cannot be shown again."
        "이 Idempotency-Key에 대한 첫 응답이 {token}의 비밀값을 보여 주었으며, 다시 보여 줄 수 없습니다."
        "Энэ Idempotency-Key-ийн эхний хариу {token}-ий нууц утгыг харуулсан; дахин харуулах боломжгүй.";
    too_many_parameters(most)
        "The query has more than {most} parameters."
        "쿼리 매개변수가 {most}개를 넘습니다."
        "Асуулга {most}-аас олон параметртэй байна.";
    unknown_parameter(name)
        "There is no parameter '{name}' here."
        "여기에는 '{name}' 매개변수가 없습니다."
        "Энд '{name}' гэсэн параметр байхгүй.";
    parameter_not_text
        "The value is not text in UTF-8 without U+0000."
        "값이 U+0000이 없는 UTF-8 텍스트가 아닙니다."
        "Утга нь U+0000-гүй UTF-8 текст биш байна.";
    parameter_once
        "This parameter may be given once only."
        "이 매개변수는 한 번만 줄 수 있습니다."
        "Энэ параметрийг зөвхөн нэг удаа өгч болно.";
    true_or_false
        "The value must be true or false."
        "값은 true 또는 false여야 합니다."
        "Утга true эсвэл false байх ёстой.";
    number_between(lowest, highest)
        "The value must be a whole number from {lowest} to {highest}."
        "값은 {lowest}에서 {highest} 사이의 정수여야 합니다."
        "Утга {lowest}-аас {highest} хүртэлх бүхэл тоо байх ёстой.";
    if_match_needed
        "Send If-Match with the ETag of the version that you read, or If-Match: *."
        "읽은 버전의 ETag로 If-Match를 보내거나 If-Match: *를 보내세요."
        "Уншсан хувилбарынхаа ETag-тай If-Match, эсвэл If-Match: * илгээнэ үү.";
    if_match_form
        "If-Match must be one ETag of this record, \"v12\" for instance, or *."
        "If-Match는 이 레코드의 ETag 하나(예: \"v12\")이거나 *여야 합니다."
        "If-Match нь энэ бичлэгийн нэг ETag (жишээ нь \"v12\") эсвэл * байх ёстой.";
    cursor_damaged
        "The cursor is damaged. Start again without it."
        "커서가 손상되었습니다. 커서 없이 다시 시작하세요."
        "Курсор гэмтсэн байна. Курсоргүйгээр дахин эхлүүлнэ үү.";
    cursor_of_other_list
        "The cursor was made for other filters or another order. Keep them, or start again without it."
        "이 커서는 다른 필터나 다른 정렬용으로 만들어졌습니다. 그대로 유지하거나 커서 없이 다시 시작하세요."
        "Энэ курсор өөр шүүлтүүр эсвэл өөр эрэмбэд зориулагдсан. Тэдгээрийг хэвээр үлдээх, эсвэл курсоргүйгээр дахин эхлүүлнэ үү.";
    language_tag
        "The value must be a language tag (BCP 47), ko for instance."
        "값은 언어 태그(BCP 47)여야 합니다(예: ko)."
        "Утга хэлний таг (BCP 47) байх ёстой, жишээ нь ko.";
    not_a_value_of(sent, name)
        "'{sent}' is not a value of {name}."
        "'{sent}'은(는) {name}의 값이 아닙니다."
        "'{sent}' нь {name}-ийн утга биш.";
    at_most_values(most)
        "At most {most} values."
        "값은 최대 {most}개입니다."
        "Дээд тал нь {most} утга.";
    at_most_words(most)
        "At most {most} different words."
        "서로 다른 단어는 최대 {most}개입니다."
        "Дээд тал нь {most} өөр үг.";
    nothing_between_commas
        "There is nothing between the commas."
        "쉼표 사이에 값이 없습니다."
        "Таслалуудын хооронд юу ч алга.";
    one_value_only
        "One value only."
        "값은 하나만 줄 수 있습니다."
        "Зөвхөн нэг утга өгнө.";
    not_a_code_of(value, list)
        "'{value}' is not a code of {list}."
        "'{value}'은(는) {list}의 코드가 아닙니다."
        "'{value}' нь {list}-ийн код биш.";
    not_a_country(value)
        "'{value}' is not a country code (ISO 3166-1 alpha-2, capitals)."
        "'{value}'은(는) 국가 코드(ISO 3166-1 alpha-2, 대문자)가 아닙니다."
        "'{value}' нь улсын код (ISO 3166-1 alpha-2, том үсгээр) биш.";
    not_a_subdivision(value)
        "'{value}' is not a subdivision code (ISO 3166-2, KR-11 for instance)."
        "'{value}'은(는) 행정구역 코드(ISO 3166-2, 예: KR-11)가 아닙니다."
        "'{value}' нь засаг захиргааны нэгжийн код (ISO 3166-2, жишээ нь KR-11) биш.";
    not_an_id_or_own(value, prefix)
        "'{value}' is not an id with the prefix {prefix}_ and not ext:{system}:{key}."
        "'{value}'은(는) 접두사가 {prefix}_인 id도 ext:{system}:{key}도 아닙니다."
        "'{value}' нь {prefix}_ угтвартай id ч, ext:{system}:{key} ч биш.";
    not_a_full_date(value)
        "'{value}' is not a full date, 2023-05-15 for instance."
        "'{value}'은(는) 완전한 날짜(예: 2023-05-15)가 아닙니다."
        "'{value}' нь бүтэн огноо (жишээ нь 2023-05-15) биш.";
    not_a_whole_number(value)
        "'{value}' is not a whole number."
        "'{value}'은(는) 정수가 아닙니다."
        "'{value}' нь бүхэл тоо биш.";
    not_a_year(value)
        "'{value}' is not a year, 2023 for instance."
        "'{value}'은(는) 연도(예: 2023)가 아닙니다."
        "'{value}' нь он (жишээ нь 2023) биш.";
    no_kind(kind)
        "There is no kind '{kind}'."
        "'{kind}'라는 종류는 없습니다."
        "'{kind}' гэсэн төрөл байхгүй.";
    feed_position_form
        "Send `begin`, `now`, or `next` of an earlier answer."
        "`begin`, `now`, 또는 이전 응답의 `next`를 보내세요."
        "`begin`, `now`, эсвэл өмнөх хариуны `next`-ийг илгээнэ үү.";
    feed_position_old
        "This position was given out more than 180 days ago. Take a new one with since=now, then read the lists in full."
        "이 위치는 180일보다 전에 발급되었습니다. since=now로 새 위치를 받은 뒤 목록을 모두 읽으세요."
        "Энэ байрлалыг 180-аас дээш хоногийн өмнө олгосон. since=now-оор шинийг аваад дараа нь жагсаалтуудыг бүтнээр уншина уу.";
    feed_position_ahead
        "This position lies ahead of the registry: it is another one's, or this one was restored from an older copy. Take a new one with since=now, then read the lists in full."
        "이 위치는 등록부보다 앞서 있습니다. 다른 등록부의 것이거나, 이 등록부가 더 오래된 사본에서 복구되었습니다. since=now로 새 위치를 받은 뒤 목록을 모두 읽으세요."
        "Энэ байрлал бүртгэлээс түрүүлсэн байна: өөр бүртгэлийнх, эсвэл энэ бүртгэлийг хуучин хуулбараас сэргээсэн. since=now-оор шинийг аваад дараа нь жагсаалтуудыг бүтнээр уншина уу.";
    own_id_form(system, key)
        "'{system}/{key}' is not a system (^[a-z][a-z0-9_-]{0,62}$) and a key of 1 to 200 characters without white space at its ends."
        "'{system}/{key}'은(는) 시스템(^[a-z][a-z0-9_-]{0,62}$)과 양끝에 공백이 없는 1~200자의 키가 아닙니다."
        "'{system}/{key}' нь систем (^[a-z][a-z0-9_-]{0,62}$) болон төгсгөлдөө зайгүй 1-200 тэмдэгтийн түлхүүр биш.";
    no_problem_page
        "There is no problem with this code; /problems lists all."
        "이 코드의 문제는 없습니다. 전체 목록은 /problems에 있습니다."
        "Ийм кодтой асуудал байхгүй; бүгдийг /problems жагсаана.";
    not_an_ip_address(value)
        "'{value}' is not an IP address."
        "'{value}'은(는) IP 주소가 아닙니다."
        "'{value}' нь IP хаяг биш.";
    not_an_id_here(value)
        "'{value}' is not an id that this parameter takes."
        "'{value}'은(는) 이 매개변수가 받는 id가 아닙니다."
        "'{value}' нь энэ параметрийн авдаг id биш.";
    operation_name
        "The value must be an operationId, or a kind and what was done to it (`office.create`)."
        "값은 operationId이거나, 종류와 수행한 일(`office.create`)이어야 합니다."
        "Утга нь operationId, эсвэл төрөл ба хийсэн үйлдэл (`office.create`) байх ёстой.";
    not_an_instant(value)
        "'{value}' is not an instant (RFC 3339), 2026-11-22T05:00:00Z for instance."
        "'{value}'은(는) 시각(RFC 3339, 예: 2026-11-22T05:00:00Z)이 아닙니다."
        "'{value}' нь агшин (RFC 3339, жишээ нь 2026-11-22T05:00:00Z) биш.";
    registry_has_no_office
        "`me` is the caller's office; the registry itself has none. Name an office."
        "`me`는 호출자의 기관이며, 등록부 자체에는 기관이 없습니다. 기관을 지정하세요."
        "`me` нь дуудагчийн байгууллага бөгөөд бүртгэлд өөрт нь байгууллага байхгүй. Байгууллага заана уу.";
    no_own_office(external)
        "Your office has no office with the id '{external}'."
        "귀 기관에는 id가 '{external}'인 기관이 없습니다."
        "Танай байгууллагад '{external}' id-тай байгууллага алга.";
    places_are_wrong(count)
        "{count} places are wrong; see `errors`."
        "{count}곳이 잘못되었습니다. `errors`를 보세요."
        "{count} газар буруу байна; `errors`-ийг үзнэ үү.";
    more_places_are_wrong(count)
        "More than {count} places are wrong; `errors` has the first of them."
        "잘못된 곳이 {count}곳을 넘습니다. `errors`에는 처음 것들이 있습니다."
        "{count}-аас олон газар буруу байна; `errors`-т эхнийх нь байна.";
    fault_is_logged
        "The fault is logged."
        "오류가 기록되었습니다."
        "Алдааг тэмдэглэв.";
    no_such_guide
        "There is no guide with this name; /guide lists all."
        "이 이름의 안내서는 없습니다. 전체 목록은 /guide에 있습니다."
        "Ийм нэртэй гарын авлага байхгүй; бүгдийг /guide жагсаана.";
    header_unreadable(name)
        "The header {name} has characters other than visible ASCII. Send it without them."
        "{name} 헤더에 보이는 ASCII가 아닌 문자가 있습니다. 그 문자 없이 보내세요."
        "{name} толгойд харагдах ASCII биш тэмдэгт байна. Тэдгээргүйгээр илгээнэ үү.";
    header_twice(name)
        "The header {name} is given on several lines. Send it once, with one value."
        "{name} 헤더가 여러 줄에 있습니다. 값 하나로 한 번만 보내세요."
        "{name} толгойг хэд хэдэн мөрөөр өгсөн байна. Нэг утгатайгаар нэг удаа илгээнэ үү.";
}
