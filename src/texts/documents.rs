//! What holds for documents of every kind, their actions, own ids and import.

super::texts! {
    body_must_be_object
        "The body must be an object."
        "본문은 객체여야 합니다."
        "Бие нь объект байх ёстой.";
    name_the_action
        "Name the action as a text."
        "동작 이름을 텍스트로 주세요."
        "Үйлдлийн нэрийг текстээр өгнө үү.";
    no_such_action(name, kinds)
        "'{name}' is not an action of one of the {kinds}."
        "'{name}'은(는) {kinds}에 대한 동작이 아닙니다."
        "'{name}' нь {kinds}-ийн үйлдэл биш.";
    registry_action(action)
        "Only the registry's own administrators may perform the action {action}."
        "{action} 동작은 등록부 관리자만 할 수 있습니다."
        "{action} үйлдлийг зөвхөн бүртгэлийн админууд хийж болно.";
    owner_gives
        "Only the owner may give a record away."
        "레코드를 넘기는 것은 소유 기관만 할 수 있습니다."
        "Бичлэгийг зөвхөн эзэмшигч нь шилжүүлж болно.";
    receiver_answers
        "Only who acts for the office that is asked may answer an offer."
        "제안에는 제안을 받은 기관을 대리하는 사람만 답할 수 있습니다."
        "Саналд зөвхөн санал хүлээн авсан байгууллагыг төлөөлөгч хариулж болно.";
    offer_outdated(version)
        "The record has changed since version {version} was offered. Ask its owner to offer it again."
        "버전 {version}이(가) 제안된 뒤 레코드가 바뀌었습니다. 소유 기관에 다시 제안해 달라고 요청하세요."
        "{version}-р хувилбарыг санал болгосноос хойш бичлэг өөрчлөгдсөн. Эзэмшигчээс дахин санал болгохыг хүснэ үү.";
    offer_is_over(state)
        "The offer is over: {state}."
        "이 제안은 끝났습니다: {state}."
        "Энэ санал дууссан: {state}.";
    owner_deletes
        "Only the owner may delete a record."
        "레코드 삭제는 소유 기관만 할 수 있습니다."
        "Бичлэгийг зөвхөн эзэмшигч нь устгаж болно.";
    name_a_place
        "Name a place in the record."
        "레코드 안의 위치를 지정하세요."
        "Бичлэг доторх байрлалыг заана уу.";
    no_value_in_any_version
        "No version of the record has a value there."
        "이 레코드의 어떤 버전에도 그 위치에 값이 없습니다."
        "Бичлэгийн аль ч хувилбарт тэнд утга алга.";
    cannot_be_redacted(mark, reasons)
        "Neither `{mark}` nor null can stand there: {reasons}"
        "그 위치에는 `{mark}`도 null도 올 수 없습니다: {reasons}"
        "Тэнд `{mark}` ч, null ч байж болохгүй: {reasons}";
    not_personal
        "What the service keeps and references to records are no personal values."
        "서비스가 관리하는 항목과 레코드 참조는 개인 정보가 아닙니다."
        "Үйлчилгээний хадгалдаг зүйл болон бичлэгийн лавлагаа нь хувийн утга биш.";
    key_means_same_record
        "This key means a record that another key of the map means, too."
        "이 키는 맵의 다른 키와 같은 레코드를 가리킵니다."
        "Энэ түлхүүр нь өөр түлхүүрийн адил нэг бичлэгийг заана.";
    kept_by_service(name)
        "`{name}` is kept by the service; leave it out or send it as it is."
        "`{name}`은(는) 서비스가 관리합니다. 빼거나 있는 그대로 보내세요."
        "`{name}`-ийг үйлчилгээ хөтөлдөг; орхих эсвэл хэвээр нь илгээнэ үү.";
    owner_must_be_id
        "The owner must be the id of an office."
        "소유자는 기관의 id여야 합니다."
        "Эзэмшигч нь байгууллагын id байх ёстой.";
    name_the_owner
        "A registry administrator must name the office that owns the record."
        "등록부 관리자는 레코드를 소유할 기관을 지정해야 합니다."
        "Бүртгэлийн админ бичлэгийг эзэмших байгууллагыг заах ёстой.";
    put_needs_member(name)
        "PUT replaces the whole record, so `{name}` must be sent, null or empty if need be."
        "PUT은 레코드 전체를 바꾸므로 `{name}`을(를) 보내야 합니다. 필요하면 null이나 빈 값으로 보내세요."
        "PUT бичлэгийг бүхэлд нь солих тул `{name}`-ийг илгээх ёстой, шаардлагатай бол null эсвэл хоосон.";
    at_version_by_now(current)
        "The record is at version {current} by now."
        "레코드는 지금 버전 {current}입니다."
        "Бичлэг одоо {current}-р хувилбартай байна.";
    not_your_member
        "Your office may not change this member."
        "귀 기관은 이 항목을 바꿀 수 없습니다."
        "Танай байгууллага энэ талбарыг өөрчилж болохгүй.";
    name_your_own_too
        "You act for none of the offices named here. Name your own office too, as organizer for instance, or leave all of them out."
        "여기에 적힌 기관 가운데 귀하가 대리하는 기관이 없습니다. 예를 들어 주최 기관으로 귀 기관도 함께 적거나, 모두 빼세요."
        "Энд нэрлэсэн байгууллагуудын аль нэгийг нь та төлөөлдөггүй. Өөрийн байгууллагаа, жишээ нь зохион байгуулагчаар, нэмж нэрлэ, эсвэл бүгдийг нь орхи.";
    changed_where_you_did
        "The record has changed, and some of it where you changed it: see overlaps."
        "레코드가 바뀌었고 일부는 당신이 바꾼 곳과 겹칩니다. overlaps를 보세요."
        "Бичлэг өөрчлөгдсөн бөгөөд зарим нь таны өөрчилсөн газартай давхцаж байна: overlaps-ийг үзнэ үү.";
    too_large_to_show(what, address)
        "{what} Both are too large to be shown here: read the record at {address}."
        "{what} 여기에 보이기에는 너무 큽니다. {address}에서 레코드를 읽으세요."
        "{what} Энд харуулахад хэт том байна: бичлэгийг {address} хаягаас уншина уу.";
    changed_elsewhere
        "The record has changed, but elsewhere: send `merged` with the current ETag to keep both changes."
        "레코드가 바뀌었지만 다른 곳입니다. 두 변경을 모두 유지하려면 현재 ETag로 `merged`를 보내세요."
        "Бичлэг өөрчлөгдсөн ч өөр газарт: хоёр өөрчлөлтийг хоёуланг нь үлдээхийн тулд одоогийн ETag-тай `merged`-ийг илгээнэ үү.";
    changed_since_unreadable
        "The record has changed since the version that If-Match names, which you cannot read: see overlaps for every place that differs from the current record."
        "If-Match가 가리키는 버전(읽을 수 없음) 이후 레코드가 바뀌었습니다. 현재 레코드와 다른 모든 곳은 overlaps에 있습니다."
        "If-Match-ийн заасан, таны уншиж чадахгүй хувилбараас хойш бичлэг өөрчлөгдсөн: одоогийн бичлэгээс ялгаатай бүх газрыг overlaps-оос үзнэ үү.";
    other_than_sent
        "The record that your office knows by this id is another than the one sent: see overlaps. Send If-Match with its ETag to change it, or `*` to change whatever is there."
        "귀 기관이 이 id로 아는 레코드가 보낸 것과 다릅니다. overlaps를 보세요. 바꾸려면 그 ETag로 If-Match를 보내거나, 무엇이 있든 바꾸려면 `*`를 보내세요."
        "Танай байгууллагын энэ id-аар мэдэх бичлэг илгээснээс өөр байна: overlaps-ийг үзнэ үү. Өөрчлөхийн тулд түүний ETag-тай If-Match, эсвэл юу ч байсан өөрчлөх бол `*` илгээнэ үү.";
    nothing_to_match
        "Your office knows no record by this id, so no version of it can match. Without If-Match, one is created."
        "귀 기관은 이 id로 아는 레코드가 없으므로 일치할 버전이 없습니다. If-Match 없이 보내면 새로 만듭니다."
        "Танай байгууллага энэ id-аар бичлэг мэдэхгүй тул таарах хувилбар алга. If-Match-гүй бол шинээр үүсгэнэ.";
    value_is_taken
        "Another record has this value, which only one may have."
        "하나만 가질 수 있는 이 값을 다른 레코드가 갖고 있습니다."
        "Зөвхөн нэг бичлэгт байж болох энэ утга өөр бичлэгт байна.";
    older_record_has_value
        "Another, older record has this value, which only one may have."
        "하나만 가질 수 있는 이 값을 더 오래된 다른 레코드가 갖고 있습니다."
        "Зөвхөн нэг бичлэгт байж болох энэ утга өөр, хуучин бичлэгт байна.";
    references_exist(total)
        "{total} references to this record exist; change those records first."
        "이 레코드를 참조하는 곳이 {total}곳 있습니다. 그 레코드들을 먼저 바꾸세요."
        "Энэ бичлэгт {total} лавлагаа байна; эхлээд тэдгээр бичлэгийг өөрчилнө үү.";
    record_has_no_key(map, record, key)
        "`{map}` of {record} has no key \"{key}\"."
        "{record}의 `{map}`에 \"{key}\" 키가 없습니다."
        "{record}-ийн `{map}`-д \"{key}\" түлхүүр алга.";
    no_readable_version(version)
        "The record has no readable version {version}."
        "레코드에 읽을 수 있는 버전 {version}이 없습니다."
        "Бичлэгт уншиж болох {version}-р хувилбар алга.";
    not_id_of_kind(text, kinds, prefix)
        "'{text}' is not the id of one of the {kinds}: {prefix}_ and 26 characters, or ext:{system}:{key}."
        "'{text}'은(는) {kinds}의 id가 아닙니다: {prefix}_와 26자, 또는 ext:{system}:{key}."
        "'{text}' нь {kinds}-ийн id биш: {prefix}_ ба 26 тэмдэгт, эсвэл ext:{system}:{key}.";
    no_record_to_refer_to(target)
        "There is no record '{target}' that you may refer to."
        "참조할 수 있는 '{target}' 레코드가 없습니다."
        "Таны лавлаж болох '{target}' бичлэг алга.";
    deleted_at(deleted_at)
        "The record was deleted at {deleted_at}."
        "레코드가 {deleted_at}에 삭제되었습니다."
        "Бичлэг {deleted_at}-д устсан.";
    no_own_id(kind, value)
        "Your office has no {kind} with the id '{value}'."
        "귀 기관에는 id가 '{value}'인 {kind}이(가) 없습니다."
        "Танай байгууллагад '{value}' id-тай {kind} алга.";
    own_id_means_other(external)
        "Your office knows another record by {external}."
        "귀 기관은 {external}(으)로 다른 레코드를 알고 있습니다."
        "Танай байгууллага {external}-ээр өөр бичлэг мэддэг.";
    own_id_unknown_here(external)
        "Your office does not know this record by {external}."
        "귀 기관은 이 레코드를 {external}(으)로 알지 못합니다."
        "Танай байгууллага энэ бичлэгийг {external}-ээр мэдэхгүй.";
    merged_into(survivor)
        "The record was merged into {survivor}; change that one."
        "레코드가 {survivor}에 병합되었습니다. 그 레코드를 바꾸세요."
        "Бичлэг {survivor}-т нэгтгэгдсэн; тэр бичлэгийг өөрчилнө үү.";
    source_unknown(named)
        "`sources` of this record has no key \"{named}\"."
        "이 레코드의 `sources`에 \"{named}\" 키가 없습니다."
        "Энэ бичлэгийн `sources`-д \"{named}\" түлхүүр алга.";
    language_needed
        "At least one language must be given."
        "적어도 한 언어로 주어야 합니다."
        "Дор хаяж нэг хэлээр өгөх ёстой.";
    map_has_no_key(map, key)
        "`{map}` of this record has no key \"{key}\"."
        "이 레코드의 `{map}`에 \"{key}\" 키가 없습니다."
        "Энэ бичлэгийн `{map}`-д \"{key}\" түлхүүр алга.";
    name_own_id
        "Name the record's own id: {\"system\": …, \"key\": …}."
        "레코드 자신의 id를 주세요: {\"system\": …, \"key\": …}."
        "Бичлэгийн өөрийн id-г өгнө үү: {\"system\": …, \"key\": …}.";
    references_in_a_ring(references)
        "This record and others refer to each other in a ring ({references}). Import them without one of these references first, then again with it."
        "이 레코드와 다른 레코드들이 고리처럼 서로를 참조합니다({references}). 먼저 그중 하나의 참조 없이 가져온 뒤, 참조를 넣어 다시 가져오세요."
        "Энэ болон бусад бичлэг бие биедээ тойрог болон лавлаж байна ({references}). Эхлээд эдгээр лавлагааны нэгийг хасаж оруулаад, дараа нь түүнтэй дахин оруулна уу.";
    imported_twice(own_id, kind)
        "{own_id} of the kind {kind} stands twice in what is imported; the later one counts."
        "{kind} 종류의 {own_id}이(가) 가져오는 자료에 두 번 있습니다. 나중 것이 적용됩니다."
        "{kind} төрлийн {own_id} оруулж буй зүйлд хоёр удаа байна; сүүлийнх нь тооцогдоно.";
    file_unreadable(file, error)
        "{file} cannot be read: {error}"
        "{file}을(를) 읽을 수 없습니다: {error}"
        "{file}-ийг унших боломжгүй: {error}";
    file_not_utf8
        "The file is not UTF-8."
        "파일이 UTF-8이 아닙니다."
        "Файл UTF-8 биш байна.";
    line_not_json(line, error)
        "Line {line}: {error}"
        "{line}행: {error}"
        "{line}-р мөр: {error}";
}
