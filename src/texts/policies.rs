//! The rules of policies.

super::texts! {
    link_policy_or_office
        "A link refers either to a policy or to an office's evaluation or recommendation."
        "연결은 정책이나 기관의 평가·권고 중 하나를 가리킵니다."
        "Холбоос нь бодлого, эсвэл байгууллагын үнэлгээ, зөвлөмжийн аль нэгийг заана.";
    link_needs_target
        "Name the policy, or the office with its evaluation or recommendation."
        "정책을 주거나, 기관과 그 평가 또는 권고를 주세요."
        "Бодлогыг, эсвэл байгууллагыг үнэлгээ, зөвлөмжтэй нь өгнө үү.";
    recommendation_of_office
        "A recommendation is kept with an office: give `office_id`."
        "권고는 기관에 있습니다. `office_id`를 주세요."
        "Зөвлөмж байгууллагад хадгалагддаг: `office_id` өгнө үү.";
    evaluation_of_office
        "An evaluation is kept with an office: give `office_id`."
        "평가는 기관에 있습니다. `office_id`를 주세요."
        "Үнэлгээ байгууллагад хадгалагддаг: `office_id` өгнө үү.";
    node_of_policy
        "A node is part of a policy: give `policy_id`."
        "노드는 정책의 일부입니다. `policy_id`를 주세요."
        "Зангилаа бодлогын нэг хэсэг: `policy_id` өгнө үү.";
    one_item_of_office
        "Name one recommendation or one evaluation of the office."
        "기관의 권고 하나 또는 평가 하나를 주세요."
        "Байгууллагын нэг зөвлөмж эсвэл нэг үнэлгээг өгнө үү.";
    own_reference
        "A policy does not refer to itself."
        "정책은 자기 자신을 참조하지 않습니다."
        "Бодлого өөрийгөө лавлахгүй.";
    stage_goes_not_back(from, to)
        "A {from} policy does not become {to} again; withdraw it instead."
        "{from} 상태의 정책은 다시 {to}이(가) 될 수 없습니다. 대신 철회하세요."
        "{from} бодлого дахин {to} болохгүй; оронд нь татан авна уу.";
    neither_level_nor_measure(what)
        "\"{what}\" is neither a level of this policy nor a code of the list `measure`."
        "\"{what}\"은(는) 이 정책의 단계도, `measure` 목록의 코드도 아닙니다."
        "\"{what}\" нь энэ бодлогын түвшин ч, `measure` жагсаалтын код ч биш.";
    progress_has_come
        "Progress is told of a day that has come."
        "진척은 이미 지난 날에 대해서만 적습니다."
        "Явцыг аль хэдийн болсон өдрөөр мэдээлнэ.";
    node_own_ancestor
        "The node is its own ancestor."
        "노드가 자기 자신의 상위입니다."
        "Зангилаа өөрөө өөрийнхөө дээд зангилаа байна.";
    level_order(parent, above, level, below)
        "The parent's level \"{parent}\" (order {above}) does not come before \"{level}\" (order {below})."
        "상위 노드의 단계 \"{parent}\"(순서 {above})이(가) \"{level}\"(순서 {below})보다 앞서지 않습니다."
        "Дээд зангилааны түвшин \"{parent}\" (дараалал {above}) нь \"{level}\" (дараалал {below})-ээс өмнө биш байна.";
}
