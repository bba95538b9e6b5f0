//! Lists of the memorandum and of what parties decide about it.

use super::list::code_list;

code_list! {
    /// What sort of document binds the parties.
    MouKind = "mou_kind" {
        Mou = "mou", "업무협약(MOU)", "Харилцан ойлголцлын санамж бичиг", "Memorandum of understanding or cooperation";
        Agreement = "agreement", "협정·계약", "Гэрээ, хэлэлцээр", "Agreement";
        Arrangement = "arrangement", "시행 약정", "Хэрэгжүүлэх тохиролцоо", "Implementing arrangement";
        LetterOfIntent = "letter_of_intent", "의향서", "Хүсэл зоригийн бичиг", "Letter of intent";
    }
}

code_list! {
    /// What an office is in a memorandum.
    PartyRole = "party_role" {
        Signatory = "signatory", "서명 당사자", "Гарын үсэг зурагч", "Signatory";
        Witness = "witness", "입회 기관", "Гэрч", "Witness";
        Beneficiary = "beneficiary", "수혜 기관", "Үр шим хүртэгч", "Beneficiary";
        Implementer = "implementer", "이행 기관", "Хэрэгжүүлэгч", "Implementer";
    }
}

code_list! {
    /// How the term of a memorandum ends.
    TermType = "term_type", default Unknown {
        Fixed = "fixed", "확정 기간", "Тогтсон хугацаатай", "Ends on a fixed day";
        AutoRenew = "auto_renew", "자동 갱신", "Автоматаар сунгагддаг", "Renews itself unless notice is given";
        Evergreen = "evergreen", "무기한", "Хугацаагүй", "Has no end";
        UntilCompletion = "until_completion", "사업 완료 시까지", "Ажил дуустал", "Ends when its work is done";
        Unknown = "unknown", "미상", "Тодорхойгүй", "Not stated";
    }
}

code_list! {
    /// What people have decided about a memorandum. Its status on a day is derived from this and its dates.
    MouStage = "mou_stage", default Draft {
        Draft = "draft", "초안", "Төсөл", "Draft, seen by its owner only";
        Proposed = "proposed", "제안", "Санал болгосон", "Proposed to the other parties";
        Negotiating = "negotiating", "협의 중", "Хэлэлцэж буй", "Changes were asked for";
        Agreed = "agreed", "합의", "Тохиролцсон", "Endorsed by every signatory, to be signed";
        Concluded = "concluded", "체결", "Байгуулсан", "Signed by every signatory";
        Recorded = "recorded", "기록", "Бүртгэсэн", "Concluded elsewhere and recorded here";
        Suspended = "suspended", "정지", "Түдгэлзүүлсэн", "Suspended";
        Terminating = "terminating", "종료 통보", "Дуусгавар болгох мэдэгдсэн", "Notice was given";
        Terminated = "terminated", "종료", "Дуусгавар болсон", "Terminated";
        Declined = "declined", "거절", "Татгалзсан", "Declined by a party";
        Withdrawn = "withdrawn", "철회", "Эргүүлэн татсан", "Withdrawn by who proposed it";
        Void = "void", "무효", "Хүчингүй", "Entered in error";
    }
}

code_list! {
    /// What a memorandum is on a day; derived, never written.
    MouStatus = "mou_status" {
        Draft = "draft", "초안", "Төсөл", "Draft";
        InNegotiation = "in_negotiation", "협의 중", "Хэлэлцэж буй", "In negotiation";
        AwaitingSignature = "awaiting_signature", "서명 대기", "Гарын үсэг хүлээж буй", "Awaiting signature";
        NotYetEffective = "not_yet_effective", "발효 전", "Хүчин төгөлдөр болоогүй", "Not yet effective";
        InForce = "in_force", "발효 중", "Хүчин төгөлдөр", "In force";
        Terminating = "terminating", "종료 예정", "Дуусгавар болж буй", "In force, notice given";
        Suspended = "suspended", "정지", "Түдгэлзсэн", "Suspended";
        Expired = "expired", "만료", "Хугацаа дууссан", "Expired";
        Terminated = "terminated", "종료", "Дуусгавар болсон", "Terminated";
        Superseded = "superseded", "대체됨", "Орлогдсон", "Superseded by a later one";
        Withdrawn = "withdrawn", "철회", "Эргүүлэн татсан", "Withdrawn";
        Declined = "declined", "거절", "Татгалзсан", "Declined";
        Void = "void", "무효", "Хүчингүй", "Void";
        Unknown = "unknown", "판단 불가", "Тодорхойгүй", "Cannot be decided from what is stated";
    }
}

code_list! {
    /// Whether a memorandum is lived; derived from what is recorded under it.
    MouHealth = "mou_health" {
        Active = "active", "활발", "Идэвхтэй", "Something was done in the last 12 months";
        Quiet = "quiet", "저조", "Идэвх султай", "Last done 12 to 24 months ago";
        Dormant = "dormant", "휴면", "Идэвхгүй", "Last done more than 24 months ago";
        NothingRecorded = "nothing_recorded", "기록 없음", "Бүртгэлгүй", "Nothing is recorded, which does not say that nothing was done";
        NotApplicable = "not_applicable", "해당 없음", "Хамаарахгүй", "It is not in force";
    }
}

code_list! {
    /// Whether the signatories stand by a memorandum that was recorded after the fact.
    Confirmation = "confirmation", default Unconfirmed {
        Unconfirmed = "unconfirmed", "미확인", "Баталгаажаагүй", "Unconfirmed";
        PartlyConfirmed = "partly_confirmed", "일부 확인", "Хэсэгчлэн баталгаажсан", "Confirmed by some signatories";
        Confirmed = "confirmed", "확인", "Баталгаажсан", "Confirmed by every signatory";
        Disputed = "disputed", "이견 있음", "Маргаантай", "Disputed by a signatory";
    }
}

code_list! {
    /// What a party decided about one exact version of a memorandum.
    PositionDecision = "position_decision" {
        Proposed = "proposed", "제안", "Санал болгосон", "Proposed it";
        Endorsed = "endorsed", "동의", "Дэмжсэн", "Endorsed it";
        EndorsementRevoked = "endorsement_revoked", "동의 철회", "Дэмжлэгээ татсан", "Revoked its endorsement";
        ChangesRequested = "changes_requested", "수정 요청", "Өөрчлөлт хүссэн", "Asked for changes";
        Declined = "declined", "거절", "Татгалзсан", "Declined it";
        Signed = "signed", "서명", "Гарын үсэг зурсан", "Signed it";
        Confirmed = "confirmed", "확인", "Баталгаажуулсан", "Confirmed what was recorded";
        Disputed = "disputed", "이의 제기", "Маргасан", "Disputed what was recorded";
        NoticeGiven = "notice_given", "종료 통보", "Дуусгахаа мэдэгдсэн", "Gave notice";
        Left = "left", "탈퇴", "Гарсан", "Left it";
    }
}

code_list! {
    /// What form a contribution has.
    ContributionKind = "contribution_kind" {
        Money = "money", "재정 지원", "Мөнгөн", "Money";
        InKind = "in_kind", "현물", "Эд зүйл", "Goods";
        Service = "service", "용역·지원", "Үйлчилгээ", "Services";
    }
}

code_list! {
    /// Which way an agreed activity goes.
    ConditionDirection = "condition_direction" {
        OneWay = "one_way", "일방", "Нэг талын", "From one party to another";
        Mutual = "mutual", "상호", "Харилцан", "Both ways";
        Joint = "joint", "공동", "Хамтарсан", "Done together";
    }
}

code_list! {
    /// The span for which an agreed quantity counts.
    ConditionPer = "condition_per" {
        Term = "term", "협약 기간 전체", "Нийт хугацаанд", "The whole term";
        Year = "year", "연", "Жил", "Year";
        SchoolYear = "school_year", "학년도", "Хичээлийн жил", "School year";
        Semester = "semester", "학기", "Улирал", "Semester";
        Month = "month", "월", "Сар", "Month";
        Session = "session", "회", "Удаа", "Session";
    }
}
