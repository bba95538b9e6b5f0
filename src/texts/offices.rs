//! The rules of offices.

super::texts! {
    given_with(missing, given)
        "`{missing}` must be given with `{given}`."
        "`{missing}`은(는) `{given}`과(와) 함께 주어야 합니다."
        "`{missing}`-ийг `{given}`-тай хамт өгөх ёстой.";
    contact_needs_a_way
        "A contact needs at least one of `email`, `telephone`, `website`."
        "연락처에는 `email`, `telephone`, `website` 중 적어도 하나가 필요합니다."
        "Холбоо барихад `email`, `telephone`, `website`-ийн дор хаяж нэг нь хэрэгтэй.";
    holder_with_term
        "`holder` must be given with `term`."
        "`holder`는 `term`과 함께 주어야 합니다."
        "`holder`-ийг `term`-тэй хамт өгөх ёстой.";
    identifier_length(most)
        "An identifier has 1 to {most} characters."
        "식별자는 1~{most}자입니다."
        "Таних тэмдэг 1-{most} тэмдэгттэй.";
    relation_exactly_one
        "A relation needs exactly one of `office_id`, `place`."
        "관계에는 `office_id`와 `place` 중 정확히 하나가 필요합니다."
        "Харилцаанд `office_id`, `place`-ийн яг нэг нь хэрэгтэй.";
    own_partner
        "An office cannot be its own partner."
        "기관은 자기 자신의 협력 기관일 수 없습니다."
        "Байгууллага өөрийнхөө түнш байж болохгүй.";
    grade_outside_scale(grade, min, max)
        "{grade} is not between {min} and {max}."
        "{grade}은(는) {min}와 {max} 사이가 아닙니다."
        "{grade} нь {min} ба {max}-ийн хооронд биш.";
    max_above_min
        "`max` must be greater than `min`."
        "`max`는 `min`보다 커야 합니다."
        "`max` нь `min`-ээс их байх ёстой.";
    best_is_an_end
        "`best` must be one end of the scale."
        "`best`는 척도의 한쪽 끝이어야 합니다."
        "`best` нь хуваарийн нэг төгсгөл байх ёстой.";
    merge_into_itself
        "An office cannot be merged into itself."
        "기관을 자기 자신에게 병합할 수 없습니다."
        "Байгууллагыг өөрт нь нэгтгэх боломжгүй.";
    survivor_is_unit
        "The survivor is a unit of this office; move it out first, or merge it into this office."
        "남을 기관이 이 기관의 하위 기관입니다. 먼저 밖으로 옮기거나 이 기관에 병합하세요."
        "Үлдэх байгууллага энэ байгууллагын харьяа нэгж байна; эхлээд гаргах, эсвэл энэ байгууллагад нэгтгэнэ үү.";
    own_ids_conflict(count)
        "Both offices know different records by {count} ids of their own."
        "두 기관이 자체 id {count}개로 서로 다른 레코드를 알고 있습니다."
        "Хоёр байгууллага {count} өөрийн id-аар өөр өөр бичлэг мэддэг.";
    fulfilled_needs_source
        "Only the office that issued a recommendation sets it to `fulfilled` without naming the `source` of that."
        "`source`를 밝히지 않고 `fulfilled`로 바꾸는 것은 권고를 낸 기관만 할 수 있습니다."
        "Зөвлөмжийг `source`-ийг нь заалгүй `fulfilled` болгохыг зөвхөн гаргасан байгууллага нь хийнэ.";
    in_use(number)
        "Clients act for this office ({number}); suspend them, or end their tokens, first."
        "{number}개 클라이언트가 이 기관을 대리합니다. 먼저 정지하거나 토큰을 폐기하세요."
        "{number} клиент энэ байгууллагыг төлөөлж байна. Эхлээд тэдгээрийг түдгэлзүүлэх эсвэл токеныг нь цуцална уу.";
    own_unit
        "An office cannot be its own unit."
        "기관은 자기 자신의 하위 기관일 수 없습니다."
        "Байгууллага өөрийнхөө харьяа нэгж байж болохгүй.";
    own_successor
        "An office cannot be its own successor."
        "기관은 자기 자신의 후속 기관일 수 없습니다."
        "Байгууллага өөрийнхөө залгамжлагч байж болохгүй.";
    above_its_parent
        "This office is above the one that shall be its parent."
        "이 기관은 상위 기관이 될 기관보다 위에 있습니다."
        "Энэ байгууллага толгой нь болох байгууллагаас дээр байна.";
}
