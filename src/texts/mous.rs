//! The rules of MOUs.

super::texts! {
    party_needs_role
        "A party needs at least one role."
        "당사자에게는 적어도 하나의 역할이 필요합니다."
        "Талд дор хаяж нэг үүрэг хэрэгтэй.";
    same_office_twice
        "`from_office_id` and `to_office_id` name the same office."
        "`from_office_id`와 `to_office_id`가 같은 기관을 가리킵니다."
        "`from_office_id` ба `to_office_id` ижил байгууллагыг нэрлэсэн байна.";
    day_after_today(day, today)
        "{day} is after {today}."
        "{day}은(는) {today} 이후입니다."
        "{day} нь {today}-ээс хойш байна.";
    evergreen_has_no_end
        "An `evergreen` memorandum has no end."
        "`evergreen` 협약에는 종료일이 없습니다."
        "`evergreen` санамж бичиг дуусах хугацаагүй.";
    fixed_needs_end
        "A memorandum for a `fixed` term needs an end."
        "`fixed` 기간 협약에는 종료일이 필요합니다."
        "`fixed` хугацаатай санамж бичигт дуусах хугацаа хэрэгтэй.";
    renewal_months_needed
        "`renewal_months` must be given with `auto_renew`."
        "`auto_renew`에는 `renewal_months`를 함께 주어야 합니다."
        "`auto_renew`-тэй хамт `renewal_months` өгөх ёстой.";
    stage_by_action
        "A memorandum is created as `draft` or `recorded`; afterwards its stage is moved by actions, not by an edit."
        "협약은 `draft` 또는 `recorded`로 만들며, 이후 단계는 수정이 아니라 동작으로 옮깁니다."
        "Санамж бичгийг `draft` эсвэл `recorded`-оор үүсгэнэ; дараа нь үе шатыг засвараар биш үйлдлээр шилжүүлнэ.";
    signatories_needed(least)
        "A memorandum needs {least} offices with the role `signatory`."
        "협약에는 `signatory` 역할의 기관이 {least}곳 필요합니다."
        "Санамж бичигт `signatory` үүрэгтэй {least} байгууллага хэрэгтэй.";
    own_reference
        "A memorandum cannot refer to itself here."
        "여기서 협약은 자기 자신을 참조할 수 없습니다."
        "Энд санамж бичиг өөрийгөө лавлаж болохгүй.";
    only_programs_have_sessions
        "Only programs have sessions."
        "회차는 프로그램에만 있습니다."
        "Зөвхөн хөтөлбөр хуралдаантай.";
    signatories_of_one_house
        "One of the two signatories is a unit of the other; an MOU needs two distinct ones."
        "두 서명 기관 중 하나가 다른 기관의 하위 기관입니다. 협약에는 서로 다른 두 기관이 필요합니다."
        "Гарын үсэг зурах хоёр байгууллагын нэг нь нөгөөгийнхөө харьяа нэгж; санамж бичигт ялгаатай хоёр хэрэгтэй.";
    same_mou_exists
        "An MOU with the same signatories, kind, signing day and title exists."
        "서명 기관, 종류, 서명일, 제목이 같은 업무협약이 있습니다."
        "Гарын үсэг зурагчид, төрөл, огноо, нэр нь ижил санамж бичиг байна.";
}
