//! The rules of programs.

super::texts! {
    role_needed
        "At least one role must be given."
        "적어도 하나의 역할을 주어야 합니다."
        "Дор хаяж нэг үүрэг өгөх ёстой.";
    ages_reversed(to, from)
        "The oldest age ({to}) is below the youngest ({from})."
        "최고 연령({to})이 최저 연령({from})보다 낮습니다."
        "Дээд нас ({to}) доод наснаас ({from}) бага байна.";
    credit_says_how_much
        "A recognition of kind credit says how much credit."
        "credit 종류의 인정에는 학점이 얼마인지 있어야 합니다."
        "credit төрлийн хүлээн зөвшөөрөлт нь хэдэн кредит болохыг заана.";
    only_credit_has_credits
        "Only a recognition of kind credit has credits."
        "학점은 credit 종류의 인정에만 있습니다."
        "Кредит зөвхөн credit төрлийн хүлээн зөвшөөрөлтөд байна.";
    credit_above_zero
        "An amount of credit is more than zero."
        "학점은 0보다 커야 합니다."
        "Кредитийн хэмжээ тэгээс их байна.";
    carried_by_another
        "A commitment is carried out by another program."
        "약속은 다른 프로그램이 이행합니다."
        "Амлалтыг өөр хөтөлбөр хэрэгжүүлнэ.";
    actual_dates_of_held
        "Actual dates belong to a session that was held; use `planned` before."
        "실제 날짜는 열린 회차에만 있습니다. 그 전에는 `planned`를 쓰세요."
        "Бодит огноо зөвхөн болсон хуралдаанд байна; түүнээс өмнө `planned` хэрэглэнэ үү.";
    held_session_began
        "A session that was held began on a day that has come."
        "열린 회차는 이미 지난 날에 시작했어야 합니다."
        "Болсон хуралдаан аль хэдийн болсон өдөр эхэлсэн байна.";
    session_outside_period
        "The session lies outside the period of the program."
        "회차가 프로그램 기간을 벗어납니다."
        "Хуралдаан хөтөлбөрийн хугацаанаас гадуур байна.";
    agenda_item_needs_subject
        "Give a title, or the policy or program that was shared."
        "제목이나 공유한 정책 또는 프로그램을 주세요."
        "Гарчиг, эсвэл хуваалцсан бодлого, хөтөлбөрийг өгнө үү.";
    agenda_of_another_program
        "An agenda shares another program, not the one that it belongs to."
        "의제는 자신이 속한 프로그램이 아니라 다른 프로그램을 공유합니다."
        "Хэлэлцэх асуудал өөрийнхөө биш, өөр хөтөлбөрийг хуваалцана.";
}
